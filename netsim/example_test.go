package netsim_test

import (
	"fmt"
	"os"
	"time"

	"rstlab/netsim"
	"rstlab/netsim/trace"
)

// A server replies and closes before it has read the request. The client has
// the reply and the end of the stream; the request draws a RST.
func Example() {
	n := netsim.New(netsim.Config{})
	defer n.Close()
	client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
	n.Link(client, server, netsim.LinkConfig{RTT: 100 * time.Millisecond})
	server.Go("", func(p *netsim.Proc) {
		l, _ := p.Listen("tcp", ":80")
		c, _ := l.Accept()
		c.Write([]byte("503 busy"))
		c.Close()
	})
	client.Go("", func(p *netsim.Proc) {
		c, _ := p.Dial("tcp", "server:80")
		p.Sleep(10 * time.Millisecond)
		c.Write([]byte("GET /"))
		b := make([]byte, 100)
		k, err := c.Read(b)
		fmt.Printf("read %q, %v\n", b[:k], err)
		k, err = c.Read(b)
		fmt.Printf("read %q, %v\n", b[:k], err)
	})
	fmt.Println("end:", n.Run(), n.Hash().Short())
	trace.Ladder(os.Stdout, n.Trace(), trace.LadderOptions{NoLegend: true})
	// Output:
	// read "503 busy", <nil>
	// read "", EOF
	// end: <nil> 0c113ecc873d0fac
	//                                      client                                             server
	//                                     10.0.0.1                                           10.0.0.2
	//   0.000ms                               │                                                  │ bind(0.0.0.0:80) = 0
	//                                         │                                                  │ listen(4096) = 0
	//           connect(10.0.0.2:80) … blocks │                                                  │ accept() … blocks
	//                              [SYN-SENT] ├─ #1 [S] seq 0 ─────────────────────── 50.000ms ─▶│
	//  50.000ms                               │◀─ 100.000ms ─────────────── #2 [S.] seq 0 ack 1 ─┤ [SYN-RECEIVED]
	// 100.000ms                 [ESTABLISHED] ├─ #3 [.] seq 1 ack 1 ──────────────── 150.000ms ─▶│
	//                connect(10.0.0.2:80) = 0 │                                                  │
	// 110.000ms          send("GET /", 5) = 5 ├─ #4 [P.] seq 1:6 ack 1 "GET /" ┄┄┄┄┄┄ 160.000ms ┄│
	//                      recv(100) … blocks │                                                  │
	// 150.000ms                               │                                                  │ [ESTABLISHED]  accept() = 4
	//                                         │◀─ 200.000ms ── #5 [P.] seq 1:9 ack 1 "503 busy" ─┤ send("503 busy", 8) = 8
	//                                         │┄ 200.000ms ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ #6 [F.] seq 9 ack 1 ─┤ close() = 0  [FIN-WAIT-1]
	// 160.000ms                               │┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ #4 [P.] seq 1:6 ack 1 "GET /" ──▶│
	//                                         │┄ 210.000ms ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ #7 [R.] seq 10 ack 1 ─┤ [CLOSED]
	// 200.000ms                               ├─ #8 [.] seq 6 ack 9 ──────────────── 250.000ms ─▶│
	//                                         │◀── #6 [F.] seq 9 ack 1 ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄│
	//                            [CLOSE-WAIT] ├─ #9 [.] seq 6 ack 10 ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ 250.000ms ┄│
	//                recv(100) = 8 "503 busy" │                                                  │
	//                     recv(100) = 0 (EOF) │                                                  │
	// 210.000ms                      [CLOSED] │◀── #7 [R.] seq 10 ack 1 ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄│
	// 250.000ms                               │◀─ 300.000ms ───────────────────── #10 [R] seq 9 ─┤
	//                                         │┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ #9 [.] seq 6 ack 10 ──▶│
	//                                         │◀─ 300.000ms ──────────────────── #11 [R] seq 10 ─┤
}
