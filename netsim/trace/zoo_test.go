package trace

import (
	"net/netip"

	"rstlab/netsim/wire"
)

// zoo is a handmade trace with everything that ladders draw: a router, a packet
// that is duplicated, one that is damaged, losses here and there, ICMP, forged
// segments, a fault, two connections, two procs, a host that talks to itself, and
// a packet that is on its way when the run ends.
func zoo() *Trace {
	s := newScript("zoo")
	s.r.Header.Hosts = append(s.r.Header.Hosts, Host{Name: "r1"})
	s.zooRouted()
	s.zooOdd()
	s.zooCut()
	return s.r.Trace()
}

// via records what happens to a packet behind its first link.
func (s *script) via(ms float64, kind Kind, host, peer string, number uint64, change func(*Event)) {
	e := s.sent[number]
	e.Kind, e.Host, e.Peer = kind, host, peer
	e.Packet.TTL--
	if change != nil {
		change(&e)
	}
	s.at(ms, e)
}

// toRouter records a packet that leaves its host for the router.
func (s *script) toRouter(ms float64, fromClient bool, flags string, seq, ack uint32, payload string) uint64 {
	s.number++
	e := Event{Kind: Sent, Host: "server", Peer: "r1", Number: s.number}
	if fromClient {
		e.Host = "client"
	}
	e.Packet = tcp(fromClient, flags, seq, ack, payload)
	s.sent[s.number] = e
	s.at(ms, e)
	return s.number
}

// zooRouted has packets that go through the router, and one that does not.
func (s *script) zooRouted() {
	s.call(0, "client", 3, "connect", "10.0.0.2.80")
	syn := s.toRouter(0, true, "S", 0, 0, "")
	s.via(5, Forwarded, "r1", "server", syn, nil)
	s.via(10, Delivered, "server", "r1", syn, nil)
	synAck := s.toRouter(10, false, "S.", 0, 1, "")
	s.via(15, Forwarded, "r1", "client", synAck, nil)
	s.via(20, Delivered, "client", "r1", synAck, nil)
	s.ret(20, "client", 3, "connect", 0)
	s.at(20, Event{Kind: Call, Host: "client", Proc: "other", FD: 5, Op: "recv", Args: "100"})

	twice := s.toRouter(30, true, "P.", 1, 1, "twice")
	s.via(35, Forwarded, "r1", "server", twice, nil)
	s.via(40, Delivered, "server", "r1", twice, nil)
	s.via(41, Delivered, "server", "r1", twice, func(e *Event) { e.Copy = 1; e.Reason = "duplicate" })
	damaged := s.toRouter(50, true, "P.", 6, 1, "\x00\xffbytes \u00e9")
	s.via(55, Forwarded, "r1", "server", damaged, nil)
	s.via(60, Delivered, "server", "r1", damaged, func(e *Event) { e.Flip = 330 })
	big := s.toRouter(70, true, ".", 6, 1, "a segment too large for the next link, which the router says")
	s.via(75, Dropped, "r1", "", big, func(e *Event) {
		e.Reason = "larger than the MTU of the link between r1 and server, and must not be fragmented"
	})
	icmp := Event{Kind: Sent, Host: "r1", Peer: "client", Number: 90}
	icmp.Packet = wire.Packet{Src: netip.MustParseAddr("10.0.0.254"), Dst: clientAddr, TTL: 64, DF: true, Proto: wire.ICMP}
	icmp.Packet.ICMP = wire.Message{Type: 3, Code: 4, Rest: 576, Body: []byte("E...")}
	s.at(75, icmp)
	icmp.Kind, icmp.Host, icmp.Peer = Delivered, "client", "r1"
	s.at(80, icmp)
}

// zooOdd has forged packets, and packets on no link.
func (s *script) zooOdd() {
	forged := Event{Kind: Injected, Host: "r1", Peer: "client", Number: 91, Packet: tcp(false, "R", 1000, 0, "")}
	s.at(85, forged)
	forged.Kind, forged.Host, forged.Peer = Delivered, "client", "r1"
	s.at(90, forged)
	fromNowhere := Event{Kind: Injected, Number: 92, Packet: tcp(true, "F.", 6, 1, "")}
	s.at(91, fromNowhere)
	fromNowhere.Kind, fromNowhere.Host = Delivered, "server"
	s.at(92, fromNowhere)
	self := Event{Kind: Sent, Host: "server", Number: 93, Packet: tcp(false, "S", 0, 0, "")}
	self.Packet.Dst, self.Packet.TCP.SrcPort = serverAddr, 50000
	s.at(95, self)
	self.Kind = Delivered
	s.at(95, self)
	s.at(96, Event{Kind: Sent, Host: "server", Number: 94, Packet: tcp(false, ".", 1, 6, "nobody there")})
	s.at(96, Event{Kind: Dropped, Host: "server", Number: 94, Packet: tcp(false, ".", 1, 6, "nobody there"), Reason: "no route"})
}

// zooCut has faults, and packets that they meet.
func (s *script) zooCut() {
	cut := s.toRouter(100, true, "F.", 6, 1, "")
	s.at(102, Event{Kind: Fault, Fault: "link client-r1 down"})
	s.at(103, Event{Kind: Fault, Host: "r1", Fault: "power off"})
	s.via(105, Dropped, "client", "r1", cut, func(e *Event) { e.Reason = "link down" })
	s.at(200, Event{Kind: Return, Host: "client", Proc: "other", FD: 5, Op: "recv", N: 12, Data: []byte("line one\r\n\tX")})
	s.toRouter(3600000, true, "F.", 6, 1, "")
}
