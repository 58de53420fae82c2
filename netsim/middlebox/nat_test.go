package middlebox_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/middlebox"
	"rstlab/netsim/wire"
)

func newNAT(t *testing.T, cfg middlebox.NATConfig) (*lab, *middlebox.NAT) {
	t.Helper()
	cfg.Address = external
	n, err := middlebox.NewNAT(cfg)
	require.NoError(t, err)
	return &lab{t: t, box: n}, n
}

// mapped is a port of the NAT.
func mapped(port uint16) netip.AddrPort { return netip.AddrPortFrom(external, port) }

func from(p wire.Packet) netip.AddrPort { return p.Source() }
func to(p wire.Packet) netip.AddrPort   { return p.Destination() }

func TestANATTranslatesBothWays(t *testing.T) {
	l, n := newNAT(t, middlebox.NATConfig{})
	out := tcp(client, server, seg("S", 100, 0, ""))
	r := l.passes(inside, out)
	require.Equal(t, tcp(mapped(1024), server, seg("S", 100, 0, "")), r.Packet, "the source, and nothing else")
	require.Equal(t, "nat 10.0.0.1:40000 as 192.0.2.1:1024", r.Note)
	r = l.passes(outside, tcp(server, mapped(1024), seg("S.", 500, 101, "")))
	require.Equal(t, tcp(server, client, seg("S.", 500, 101, "")), r.Packet)
	require.Equal(t, "nat 192.0.2.1:1024 is 10.0.0.1:40000", r.Note)
	at, ok := n.External(l.now, client)
	require.True(t, ok)
	require.Equal(t, mapped(1024), at)
	l.drops(outside, tcp(server, client, seg(".", 501, 101, "")), "nat not its address")
}

// TestMappingIsEndpointIndependent is RFC 5382 section 4.1, REQ-1: "A NAT MUST
// have an 'Endpoint-Independent Mapping' behavior for TCP."
func TestMappingIsEndpointIndependent(t *testing.T) {
	l, _ := newNAT(t, middlebox.NATConfig{})
	require.Equal(t, mapped(1024), from(l.handshake(client, server).Packet))
	require.Equal(t, mapped(1024), from(l.handshake(client, stranger).Packet))
	require.Equal(t, mapped(1025), from(l.handshake(client2, server).Packet))
}

// TestSimultaneousOpenWorks is section 4.2, REQ-2 (a): "A NAT MUST handle the TCP
// simultaneous-open mode of connection initiation."
func TestSimultaneousOpenWorks(t *testing.T) {
	l, n := newNAT(t, middlebox.NATConfig{Filtering: middlebox.AddressPortDependent})
	l.passes(inside, tcp(client, server, seg("S", 100, 0, "")))
	l.passes(outside, tcp(server, mapped(1024), seg("S", 500, 0, "")))
	l.passes(inside, tcp(client, server, seg("S.", 100, 501, "")))
	l.passes(outside, tcp(server, mapped(1024), seg("S.", 500, 101, "")))
	l.passes(inside, tcp(client, server, seg(".", 101, 501, "")))
	l.now = middlebox.DefaultEstablished - 1
	require.Equal(t, 1, n.Flows(l.now), "it is established")
}

// TestFilteringOfInboundConnections is section 4.3, REQ-3.
func TestFilteringOfInboundConnections(t *testing.T) {
	neighbour := netip.AddrPortFrom(server.Addr(), 4444)
	for filtering, lets := range map[middlebox.Filtering][2]bool{
		middlebox.EndpointIndependent:  {true, true},
		middlebox.AddressDependent:     {true, false},
		middlebox.AddressPortDependent: {false, false},
	} {
		for i, caller := range []netip.AddrPort{neighbour, stranger} {
			l, _ := newNAT(t, middlebox.NATConfig{Filtering: filtering})
			l.handshake(client, server)
			syn := tcp(caller, mapped(1024), seg("S", 1, 0, ""))
			if lets[i] {
				require.Equal(t, client, to(l.passes(outside, syn).Packet))
			} else {
				l.drops(outside, syn, "nat unsolicited SYN")
			}
		}
	}
}

// TestAnUnsolicitedSYNIsAnsweredAfterSixSeconds is section 4.3, REQ-4: "A NAT MUST
// NOT respond to an unsolicited inbound SYN packet for at least 6 seconds after
// the packet is received. [...] Otherwise, the NAT SHOULD send an ICMP Port
// Unreachable error (Type 3, Code 3) for the original SYN".
func TestAnUnsolicitedSYNIsAnsweredAfterSixSeconds(t *testing.T) {
	l, _ := newNAT(t, middlebox.NATConfig{})
	l.now = time.Second
	require.Empty(t, l.drops(outside, tcp(stranger, mapped(5000), seg("S", 77, 0, "")), "nat unsolicited SYN").Send)
	at, ok := l.box.Deadline()
	require.True(t, ok)
	require.Equal(t, 7*time.Second, at)
	require.Empty(t, l.box.Expire(at-1))
	answer := one(t, l.box.Expire(at))
	require.Equal(t, wire.PortUnreachable, answer.ICMPKind())
	require.Equal(t, uint8(3), answer.ICMP.Type)
	require.Equal(t, uint8(3), answer.ICMP.Code)
	require.Equal(t, stranger.Addr(), answer.Dst)
	quote, ok := answer.ICMP.Quoted()
	require.True(t, ok)
	require.Equal(t, uint32(77), quote.Seq)
	_, ok = l.box.Deadline()
	require.False(t, ok)
}

// TestAnOutboundSYNAnswersForAnUnsolicitedOne is section 4.3, REQ-4: "If during
// this interval the NAT receives and translates an outbound SYN for the
// connection the NAT MUST silently drop the original unsolicited inbound SYN
// packet."
func TestAnOutboundSYNAnswersForAnUnsolicitedOne(t *testing.T) {
	l, _ := newNAT(t, middlebox.NATConfig{})
	l.drops(outside, tcp(server, mapped(1024), seg("S", 77, 0, "")), "nat unsolicited SYN")
	l.drops(outside, tcp(stranger, mapped(1024), seg("S", 78, 0, "")), "nat unsolicited SYN")
	l.now = 5 * time.Second
	l.passes(inside, tcp(client, server, seg("S", 100, 0, "")))
	answer := one(t, l.box.Expire(6*time.Second))
	require.Equal(t, stranger.Addr(), answer.Dst, "only the other one is answered")
}

// TestASilentNATAnswersNoSYN is section 4.3, REQ-4 (a).
func TestASilentNATAnswersNoSYN(t *testing.T) {
	l, _ := newNAT(t, middlebox.NATConfig{SilentSYN: true})
	l.drops(outside, tcp(stranger, mapped(5000), seg("S", 77, 0, "")), "nat unsolicited SYN")
	_, ok := l.box.Deadline()
	require.False(t, ok)
}

// TestNATTimeoutsAreThoseOfRFC5382 is section 5, REQ-5.
func TestNATTimeoutsAreThoseOfRFC5382(t *testing.T) {
	l, n := newNAT(t, middlebox.NATConfig{})
	l.handshake(client, server)
	l.passes(inside, tcp(client2, server, seg("S", 100, 0, "")))
	require.Equal(t, 2, n.Flows(4*time.Minute-1))
	require.Equal(t, 1, n.Flows(4*time.Minute))
	require.Equal(t, 1, n.Flows(2*time.Hour+4*time.Minute-1))
	require.Equal(t, 0, n.Flows(2*time.Hour+4*time.Minute))
	_, ok := n.External(2*time.Hour+4*time.Minute, client)
	require.False(t, ok, "with its last flow the mapping is gone")
}

// TestWhatANATForgotIsUpToItsPolicy: RFC 5382 leaves it open.
func TestWhatANATForgotIsUpToItsPolicy(t *testing.T) {
	short := middlebox.Timeouts{Established: time.Minute}
	data := seg("P.", 101, 501, "late")
	for name, c := range map[string]struct {
		unknown   middlebox.Unknown
		fromIn    *wire.Segment // of the RST to the client
		fromOut   *wire.Segment
		translate bool
	}{
		"silence": {middlebox.Silence, nil, nil, false},
		"reset":   {middlebox.ResetSender, &wire.Segment{Flags: wire.RST, Seq: 501}, &wire.Segment{Flags: wire.RST, Seq: 101}, false},
		"remap":   {middlebox.Remap, nil, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			l, _ := newNAT(t, middlebox.NATConfig{Timeouts: short, Unknown: c.unknown})
			l.handshake(client, server)
			l.now = time.Minute
			r := l.drops(outside, tcp(server, mapped(1024), seg("P.", 501, 101, "late")), "nat no such flow")
			if c.fromOut != nil {
				require.Equal(t, tcp(mapped(1024), server, *c.fromOut), one(t, r.Send))
			} else {
				require.Empty(t, r.Send)
			}
			if c.translate {
				r := l.passes(inside, tcp(client, server, data))
				require.Equal(t, mapped(1025), from(r.Packet), "by a port that the server does not know")
				l.drops(inside, tcp(client2, server, seg("R", 1, 0, "")), "nat no such flow")
				return
			}
			r = l.drops(inside, tcp(client, server, data), "nat no such flow")
			if c.fromIn != nil {
				require.Equal(t, tcp(server, client, *c.fromIn), one(t, r.Send), "in the name of the server")
			} else {
				require.Empty(t, r.Send)
			}
			require.Empty(t, l.drops(inside, tcp(client, server, seg("R", 101, 0, "")), "nat no such flow").Send)
		})
	}
}

func TestWhatAFullNATDoes(t *testing.T) {
	syn := tcp(client2, server, seg("S", 9, 0, ""))
	for full, check := range map[middlebox.Full]func(*lab, *middlebox.NAT){
		middlebox.FullSilence: func(l *lab, _ *middlebox.NAT) { require.Empty(t, l.drops(inside, syn, "nat table full").Send) },
		middlebox.FullReset: func(l *lab, _ *middlebox.NAT) {
			r := l.drops(inside, syn, "nat table full")
			require.Equal(t, tcp(server, client2, wire.Segment{Flags: wire.RST | wire.ACK, Ack: 10}), one(t, r.Send))
		},
		middlebox.FullEvict: func(l *lab, n *middlebox.NAT) {
			require.Equal(t, mapped(1025), from(l.passes(inside, syn).Packet))
			require.Equal(t, 2, n.Flows(l.now))
			l.drops(inside, tcp(client, server, seg(".", 101, 501, "")), "nat no such flow")
			l.passes(inside, tcp(client, stranger, seg(".", 101, 501, "")))
		},
	} {
		l, n := newNAT(t, middlebox.NATConfig{MaxFlows: 2, Full: full})
		l.handshake(client, server)
		l.now = time.Second
		l.handshake(client, stranger)
		check(l, n)
		l.now = middlebox.DefaultEstablished + time.Second
		l.passes(inside, syn)
		require.Equal(t, 1, n.Flows(l.now), "what is idle makes room")
	}
}

// TestPortsAreNotOverloaded is section 7.1, REQ-7: "A NAT MUST NOT have a 'Port
// assignment' behavior of 'Port overloading' for TCP."
func TestPortsAreNotOverloaded(t *testing.T) {
	l, _ := newNAT(t, middlebox.NATConfig{FirstPort: 2000, LastPort: 2001})
	client3 := netip.MustParseAddrPort("10.0.0.3:40000")
	require.Equal(t, mapped(2000), from(l.handshake(client, server).Packet))
	l.now = time.Minute
	require.Equal(t, mapped(2001), from(l.handshake(client2, server).Packet))
	l.drops(inside, tcp(client3, server, seg("S", 1, 0, "")), "nat table full")
	l.now = middlebox.DefaultEstablished
	require.Equal(t, mapped(2000), from(l.passes(inside, tcp(client3, server, seg("S", 1, 0, ""))).Packet), "one that is free again")
}

// TestHairpinning is section 7.2, REQ-8: "A NAT MUST support 'hairpinning' for
// TCP", with the external address as source (REQ-8 a).
func TestHairpinning(t *testing.T) {
	l, _ := newNAT(t, middlebox.NATConfig{})
	l.handshake(client, server)
	r := l.passes(inside, tcp(client2, mapped(1024), seg("S", 1, 0, "")))
	require.Equal(t, mapped(1025), from(r.Packet))
	require.Equal(t, client, to(r.Packet))
	r = l.passes(inside, tcp(client, mapped(1025), seg("S.", 5, 2, "")))
	require.Equal(t, mapped(1024), from(r.Packet))
	require.Equal(t, client2, to(r.Packet))
}

// TestICMPErrorsAreTranslated is section 7.3, REQ-9 and REQ-10: "Receipt of any
// sort of ICMP message MUST NOT terminate the NAT mapping or TCP connection for
// which the ICMP was generated."
func TestICMPErrorsAreTranslated(t *testing.T) {
	l, n := newNAT(t, middlebox.NATConfig{})
	sent := l.handshake(client, server).Packet
	raw, err := wire.Build(sent)
	require.NoError(t, err)
	router := netip.MustParseAddr("198.51.100.254")
	report, err := wire.NewICMPError(wire.HostUnreachable, router, raw)
	require.NoError(t, err)
	r := l.passes(outside, report)
	require.Equal(t, client.Addr(), r.Packet.Dst)
	quote, ok := r.Packet.ICMP.Quoted()
	require.True(t, ok)
	require.Equal(t, client, quote.Source())
	require.Equal(t, server, quote.Destination())
	require.Zero(t, wire.Checksum(r.Packet.ICMP.Body[:20]), "the quoted header is whole")
	require.Equal(t, 1, n.Flows(l.now))

	raw, err = wire.Build(tcp(server, client, seg(".", 501, 101, "")))
	require.NoError(t, err)
	report, err = wire.NewICMPError(wire.PortUnreachable, client.Addr(), raw)
	require.NoError(t, err)
	r = l.passes(inside, report)
	require.Equal(t, external, r.Packet.Src)
	quote, _ = r.Packet.ICMP.Quoted()
	require.Equal(t, mapped(1024), quote.Destination())

	l.drops(outside, wire.Packet{Src: router, Dst: external, TTL: 1, Proto: wire.ICMP, ICMP: wire.Message{Type: 8}}, "nat ICMP of no flow")
}

func TestMistakesOfANATAreReported(t *testing.T) {
	_, err := middlebox.NewNAT(middlebox.NATConfig{
		Address: netip.MustParseAddr("fd00::1"), FirstPort: 9, LastPort: 8, Filtering: 9, Unknown: 9, Full: 9, MaxFlows: -1,
		Timeouts: middlebox.Timeouts{Transitory: -1},
	})
	for _, want := range []string{
		"middlebox: nat:", "Address: fd00::1", "FirstPort, LastPort: 9, 8", "Filtering: 9", "Unknown: 9", "Full: 9", "MaxFlows: -1", "Timeouts: 0s, -1ns",
	} {
		require.ErrorContains(t, err, want)
	}
	l, _ := newNAT(t, middlebox.NATConfig{})
	l.drops(inside, tcp(netip.MustParseAddrPort("[fd00::1]:1"), netip.MustParseAddrPort("[fd00::2]:1"), seg("S", 1, 0, "")), "nat not IPv4")
}
