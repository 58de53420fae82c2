package middlebox_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/middlebox"
	"rstlab/netsim/wire"
)

var (
	client   = netip.MustParseAddrPort("10.0.0.1:40000")
	client2  = netip.MustParseAddrPort("10.0.0.2:40000")
	server   = netip.MustParseAddrPort("198.51.100.1:80")
	stranger = netip.MustParseAddrPort("198.51.100.9:9999")
	external = netip.MustParseAddr("192.0.2.1")
)

// tcp is a packet with a segment between these ends.
func tcp(src, dst netip.AddrPort, s wire.Segment) wire.Packet {
	s.SrcPort, s.DstPort = src.Port(), dst.Port()
	return wire.Packet{Src: src.Addr(), Dst: dst.Addr(), TTL: 64, DF: true, TCP: s}
}

// seg is a segment: flags as tcpdump prints them, numbers, data.
func seg(flags string, seq, ack uint32, data string) wire.Segment {
	f, ok := wire.ParseFlags(flags)
	if !ok {
		panic("flags " + flags)
	}
	return wire.Segment{Flags: f, Seq: seq, Ack: ack, Window: 1000, Payload: []byte(data)}
}

// lab is a box and the time.
type lab struct {
	t   *testing.T
	box middlebox.Box
	now time.Duration
}

// passes requires that the box lets the packet pass, and gives what became of it.
func (l *lab) passes(from middlebox.Side, p wire.Packet) middlebox.Result {
	l.t.Helper()
	r := l.box.Handle(l.now, from, &p)
	require.Empty(l.t, r.Drop)
	return r
}

// drops requires that the box loses the packet for this reason.
func (l *lab) drops(from middlebox.Side, p wire.Packet, why string) middlebox.Result {
	l.t.Helper()
	r := l.box.Handle(l.now, from, &p)
	require.Equal(l.t, why, r.Drop)
	return r
}

// handshake opens a connection between two ends that begins inside. The client's
// ISN is 100, the server's 500.
func (l *lab) handshake(inside, outside netip.AddrPort) middlebox.Result {
	l.t.Helper()
	syn := l.passes(middlebox.Inside, tcp(inside, outside, seg("S", 100, 0, "")))
	seen := syn.Packet.Source()
	l.passes(middlebox.Outside, tcp(outside, seen, seg("S.", 500, 101, "")))
	return l.passes(middlebox.Inside, tcp(inside, outside, seg(".", 101, 501, "")))
}

// one is the one packet.
func one(t *testing.T, packets []wire.Packet) wire.Packet {
	t.Helper()
	require.Len(t, packets, 1)
	return packets[0]
}
