package trace

import (
	"math"
	"net/netip"
	"strconv"
	"time"

	"rstlab/netsim/wire"
)

// closeRaceHash is the hash of [closeRace]. It has been the same on every machine.
const closeRaceHash = "82e81ab9624e8ffd17224d277cdce4080f2779c298b657996e4e5c7d4f0ba183"

// Addresses of the hosts in handmade traces.
var (
	clientAddr = netip.MustParseAddr("10.0.0.1")
	serverAddr = netip.MustParseAddr("10.0.0.2")
)

// script builds a trace by hand: each method records what its name says.
type script struct {
	r      *Recorder
	number uint64
	sent   map[uint64]Event
}

func newScript(scenario string) *script {
	s := &script{r: NewRecorder(true), sent: make(map[uint64]Event)}
	s.r.Header.Scenario = scenario
	s.r.Header.Seed = 42
	s.r.Header.Hosts = []Host{
		{Name: "client", Addrs: []netip.Addr{clientAddr}, Engine: "netstack"},
		{Name: "server", Addrs: []netip.Addr{serverAddr}, Engine: "netstack"},
	}
	return s
}

func (s *script) at(ms float64, e Event) {
	e.At = time.Duration(math.Round(ms * float64(time.Millisecond)))
	s.r.Record(&e)
}

// The initial sequence numbers of both hosts in scripts: the client's wraps
// after a few bytes.
const (
	clientISN = 0xffffffff - 20
	serverISN = 305419896
)

// tcp is a segment from the client, or from the server, with relative numbers.
func tcp(fromClient bool, flags string, seq, ack uint32, payload string) wire.Packet {
	p := wire.Packet{Src: clientAddr, Dst: serverAddr, TTL: 64, DF: true}
	p.TCP = wire.Segment{SrcPort: 49152, DstPort: 80, Seq: clientISN + seq, Window: 512, Payload: bytesOf(payload)}
	back := uint32(serverISN)
	if !fromClient {
		p.Src, p.Dst = p.Dst, p.Src
		p.TCP.SrcPort, p.TCP.DstPort = p.TCP.DstPort, p.TCP.SrcPort
		p.TCP.Seq = serverISN + seq
		back = clientISN
	}
	p.TCP.Flags, _ = wire.ParseFlags(flags)
	if p.TCP.Flags.Has(wire.ACK) {
		p.TCP.Ack = back + ack
	}
	if p.TCP.Flags.Has(wire.RST) {
		p.TCP.Window = 0
	}
	if p.TCP.Flags.Has(wire.SYN) {
		p.TCP.Window = 64240
		p.TCP.Options = wire.Options{2, 4, 5, 180, 1, 3, 3, 7}
	}
	return p
}

// send records a packet that leaves its host, and gives its number.
func (s *script) send(ms float64, flags string, fromClient bool, seq, ack uint32, payload string) uint64 {
	s.number++
	e := Event{Kind: Sent, Host: "server", Peer: "client", Number: s.number}
	if fromClient {
		e.Host, e.Peer = "client", "server"
	}
	e.Packet = tcp(fromClient, flags, seq, ack, payload)
	s.sent[s.number] = e
	s.at(ms, e)
	return s.number
}

func (s *script) client(ms float64, flags string, seq, ack uint32, payload string) uint64 {
	return s.send(ms, flags, true, seq, ack, payload)
}

func (s *script) server(ms float64, flags string, seq, ack uint32, payload string) uint64 {
	return s.send(ms, flags, false, seq, ack, payload)
}

func (s *script) deliver(ms float64, number uint64) {
	e := s.sent[number]
	e.Kind, e.Host, e.Peer = Delivered, e.Peer, e.Host
	s.at(ms, e)
}

func (s *script) drop(ms float64, number uint64, reason string) {
	e := s.sent[number]
	e.Kind, e.Reason = Dropped, reason
	s.at(ms, e)
}

func (s *script) call(ms float64, host string, fd int, op, args string) {
	s.at(ms, Event{Kind: Call, Host: host, Proc: "main", FD: fd, Op: op, Args: args})
}

// ret records a result: an int, an errno, or the bytes of a recv.
func (s *script) ret(ms float64, host string, fd int, op string, result any) {
	e := Event{Kind: Return, Host: host, Proc: "main", FD: fd, Op: op}
	switch r := result.(type) {
	case int:
		e.N = r
	case string:
		e.N, e.Errno = -1, r
	case []byte:
		e.N, e.Data = len(r), r
	}
	s.at(ms, e)
}

func (s *script) do(ms float64, host string, fd int, op, args string, result any) {
	s.call(ms, host, fd, op, args)
	s.ret(ms, host, fd, op, result)
}

func (s *script) state(ms float64, host string, fd int, from, to wire.State) {
	e := Event{Kind: StateChange, Host: host, FD: fd, From: from, To: to}
	e.Local, e.Remote = netip.AddrPortFrom(clientAddr, 49152), netip.AddrPortFrom(serverAddr, 80)
	if host == "server" {
		e.Local, e.Remote = e.Remote, e.Local
	}
	s.at(ms, e)
}

// handshake opens a connection over a path of 10 ms each way.
func (s *script) handshake() {
	s.do(0, "server", 3, "listen", "10.0.0.2.80", 0)
	s.call(0, "server", 3, "accept", "")
	s.call(10, "client", 3, "connect", "10.0.0.2.80")
	s.state(10, "client", 3, wire.Closed, wire.SynSent)
	syn := s.client(10, "S", 0, 0, "")
	s.deliver(20, syn)
	s.state(20, "server", 0, wire.Listen, wire.SynReceived)
	synAck := s.server(20, "S.", 0, 1, "")
	s.deliver(30, synAck)
	s.state(30, "client", 3, wire.SynSent, wire.Established)
	ack := s.client(30, ".", 1, 1, "")
	s.ret(30, "client", 3, "connect", 0)
	s.deliver(40, ack)
	s.state(40, "server", 0, wire.SynReceived, wire.Established)
	s.at(40, Event{Kind: Return, Host: "server", Proc: "main", FD: 3, Op: "accept", N: 4, Note: "10.0.0.1.49152"})
}

// closeRace is a handmade run of the situation that the project is about: the
// server says 503 and closes while the request is on its way; its reset
// overtakes the reply, which takes a slow path, and the reply is lost.
func closeRace() *Trace {
	s := newScript("reply-503/rst-overtakes-reply")
	s.handshake()
	request := "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
	reply := "HTTP/1.1 503 Service Unavailable\r\n\r\n"
	s.call(100, "client", 3, "send", strconv.Quote(request)+", "+strconv.Itoa(len(request)))
	get := s.client(100, "P.", 1, 1, request)
	s.ret(100, "client", 3, "send", len(request))
	s.call(100, "client", 3, "recv", "4096")
	s.call(105, "server", 4, "send", strconv.Quote(reply)+", "+strconv.Itoa(len(reply)))
	five := s.server(105, "P.", 1, 1, reply)
	s.ret(105, "server", 4, "send", len(reply))
	s.call(105, "server", 4, "close", "")
	s.state(105, "server", 0, wire.Established, wire.FinWait1)
	fin := s.server(105, "F.", 37, 1, "")
	s.ret(105, "server", 4, "close", 0)
	s.drop(105, fin, `rule 2 "lose the FIN"`)
	s.deliver(110, get)
	s.state(110, "server", 0, wire.FinWait1, wire.Closed)
	rst := s.server(110, "R", 1, 0, "")
	s.deliver(120, rst)
	s.state(120, "client", 3, wire.Established, wire.Closed)
	s.ret(120, "client", 3, "recv", "ECONNRESET")
	s.do(120, "client", 3, "recv", "4096", 0)
	s.deliver(130.0005, five)
	s.deliver(140.0005, s.client(130.0005, "R", 1, 0, ""))
	s.do(200, "client", 3, "close", "", 0)
	return s.r.Trace()
}
