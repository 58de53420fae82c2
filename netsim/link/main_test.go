package link

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rstlab/netsim/wire"
)

// Under GOOS=js the runtime keeps a goroutine of its own for Node's events.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}

const ms = time.Millisecond

var (
	clientIP = netip.MustParseAddr("10.9.0.1")
	serverIP = netip.MustParseAddr("10.9.0.2")
)

// segment is a segment from client to server with flags in the letters of
// tcpdump. Its port is 80, its datagram has DF set, its Seq is 1.
func segment(t testing.TB, flags, payload string) *wire.Packet {
	t.Helper()
	f, ok := wire.ParseFlags(flags)
	require.True(t, ok, "flags %q", flags)
	return &wire.Packet{
		Src: clientIP, Dst: serverIP, TTL: 64, DF: true,
		TCP: wire.Segment{SrcPort: 40000, DstPort: 80, Seq: 1, Ack: 1, Flags: f, Window: 1000, Payload: []byte(payload)},
	}
}

func direction(t require.TestingT, cfg Config) *Direction {
	d, err := New("client>server", cfg, 1)
	require.NoError(t, err)
	return d
}

// sent is the only delivery of a packet that is sent and must not be dropped.
func sent(t require.TestingT, d *Direction, now time.Duration, p *wire.Packet, size int) Delivery {
	o := d.Send(now, p, size)
	require.Empty(t, o.Dropped)
	require.Len(t, o.Deliveries(), 1)
	return o.Deliveries()[0]
}

// arrivals are the times of the deliveries.
func arrivals(o Outcome) []time.Duration {
	var at []time.Duration
	for _, f := range o.Deliveries() {
		at = append(at, f.At)
	}
	return at
}

// addRule adds a match rule.
func addRule(t require.TestingT, d *Direction, name, match string, from, to int, v Verdict) {
	require.NoError(t, d.AddMatchRule(MatchRule{Name: name, Match: MustMatch(match), From: from, To: to, Verdict: v}))
}

func v6addr(last byte) netip.Addr {
	return netip.AddrFrom16([16]byte{0: 0x20, 1: 0x01, 2: 0x0d, 3: 0xb8, 15: last})
}
