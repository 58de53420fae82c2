package trace_test

import (
	"fmt"
	"net/netip"
	"os"
	"strings"
	"time"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// record is a run of two packets: a segment, and the reset in answer.
func record() *trace.Recorder {
	r := trace.NewRecorder(true)
	r.Header.Scenario = "data-after-close"
	r.Header.Hosts = []trace.Host{{Name: "client"}, {Name: "server"}}
	client, server := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2")
	syn := wire.Packet{
		Src: client, Dst: server, TTL: 64, DF: true,
		TCP: wire.Segment{SrcPort: 49152, DstPort: 80, Seq: 1000, Flags: wire.SYN, Window: 512},
	}
	rst := wire.Packet{
		Src: server, Dst: client, TTL: 64, DF: true,
		TCP: wire.Segment{SrcPort: 80, DstPort: 49152, Ack: 1001, Flags: wire.RST | wire.ACK},
	}
	const ms = time.Millisecond
	for _, e := range []trace.Event{
		{At: 0, Kind: trace.Call, Host: "client", FD: 3, Op: "connect", Args: "10.0.0.2.80"},
		{At: 0, Kind: trace.Sent, Host: "client", Peer: "server", Number: 1, Packet: syn},
		{At: 10 * ms, Kind: trace.Delivered, Host: "server", Peer: "client", Number: 1, Packet: syn},
		{At: 10 * ms, Kind: trace.Sent, Host: "server", Peer: "client", Number: 2, Packet: rst},
		{At: 20 * ms, Kind: trace.Delivered, Host: "client", Peer: "server", Number: 2, Packet: rst},
		{At: 20 * ms, Kind: trace.Return, Host: "client", FD: 3, Op: "connect", Errno: "ECONNREFUSED"},
	} {
		r.Record(&e)
	}
	return r
}

func ExampleWriteText() {
	if err := trace.WriteText(os.Stdout, record().Trace()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// # rstlab trace 1
	// # scenario data-after-close
	// # seed 0
	// # start 2000-01-01T00:00:00Z
	// # host client
	// # host server
	// 0.000000000 client: connect(3, 10.0.0.2.80) ...
	// 0.000000000 client >  server #1 10.0.0.1.49152 > 10.0.0.2.80: Flags [S], seq 0 (isn 1000), win 512, length 0
	// 0.010000000 server <  client #1 10.0.0.1.49152 > 10.0.0.2.80: Flags [S], seq 0 (isn 1000), win 512, length 0
	// 0.010000000 server >  client #2 10.0.0.2.80 > 10.0.0.1.49152: Flags [R.], seq 0, ack 1, win 0, length 0
	// 0.020000000 client <  server #2 10.0.0.2.80 > 10.0.0.1.49152: Flags [R.], seq 0, ack 1, win 0, length 0
	// 0.020000000 client: connect(3) = ECONNREFUSED
}

func ExampleLadder() {
	if err := trace.Ladder(os.Stdout, record().Trace(), trace.LadderOptions{Width: 100, NoLegend: true}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// data-after-close, seed 0
	//
	//                                            client                                          server
	//   0.000ms       connect(10.0.0.2.80) … blocks ├─ #1 [S] seq 0 ──────────────────── 10.000ms ─▶│
	//  10.000ms                                     │◀─ 20.000ms ───────────── #2 [R.] seq 0 ack 1 ─┤
	//  20.000ms connect(10.0.0.2.80) = ECONNREFUSED │                                               │
}

func ExampleRecorder() {
	r := record()
	fmt.Println(r.Counts().Sent, "packets sent,", r.Counts().Delivered, "delivered; run", r.Hash().Short())
	// Output: 2 packets sent, 2 delivered; run c51298c487dadddc
}

func ExampleParseText() {
	_, err := trace.ParseText(strings.NewReader("# rstlab trace 1\n0.1 client: [3] OPEN -> CLOSED, *.0 > *.0\n"))
	fmt.Println(err)
	// Output: trace: line 2, column 17: "OPEN" is not a TCP state; states are written as in RFC 9293: ESTABLISHED, FIN-WAIT-1
}

func ExampleDiff() {
	a, b := record().Trace(), record().Trace()
	b.Events[5].Errno = "ETIMEDOUT"
	fmt.Print(trace.Diff(a, b))
	// Output:
	// traces differ at event 6 of 6 and 6:
	//   0.010000000 server <  client #1 10.0.0.1.49152 > 10.0.0.2.80: Flags [S], seq 0 (isn 1000), win 512, length 0
	//   0.010000000 server >  client #2 10.0.0.2.80 > 10.0.0.1.49152: Flags [R.], seq 0, ack 1, win 0, length 0
	//   0.020000000 client <  server #2 10.0.0.2.80 > 10.0.0.1.49152: Flags [R.], seq 0, ack 1, win 0, length 0
	// - 0.020000000 client: connect(3) = ECONNREFUSED
	// + 0.020000000 client: connect(3) = ETIMEDOUT
}

func ExampleWriteNDJSON() {
	t := record().Trace()
	t.Events = t.Events[:1]
	if err := trace.WriteNDJSON(os.Stdout, t); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {"format":"rstlab-trace","version":1,"scenario":"data-after-close","seed":0,"start":"2000-01-01T00:00:00Z","hosts":[{"name":"client"},{"name":"server"}]}
	// {"seq":1,"at":0,"kind":"call","host":"client","op":"connect","fd":3,"args":"10.0.0.2.80"}
}
