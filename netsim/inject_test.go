package netsim_test

import (
	"net/netip"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/trace"
	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
)

// connectionOf is the host's end of its latest connection.
func (d *duo) connectionOf(h *netsim.Host) (netsim.Flow, wire.Segment) {
	d.tb.Helper()
	flow, end, ok := h.Endpoint(netsim.Flow{})
	require.True(d.tb, ok)
	return flow, wire.Segment{Seq: end.RcvNxt(), Ack: end.SndNxt()}
}

func TestAForgedResetAtTheReceiverActsAtOnce(t *testing.T) {
	d := newDuo(t)
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		recvFails(t, s, syscall.ECONNRESET)
		require.Equal(t, vtime.Time(100*ms), vtime.FromDate(p.Now()))
	}, idle)
	d.At(vtime.Time(100*ms), func() {
		d.link.Down()
		flow, exact := d.connectionOf(d.client)
		exact.Flags = wire.RST
		require.NoError(t, d.Inject(d.client, netsim.NewSegment(flow.Remote, flow.Local, exact)))
	})
	d.run()
	require.Equal(t, uint64(1), d.Recorder().Counts().Injected)
	var b strings.Builder
	require.NoError(t, trace.Ladder(&b, d.Trace(), trace.LadderOptions{}))
	require.Regexp(t, `forged \[R\] seq 1 *│`, b.String(), "a note beside the client's lane: it crosses no link")
}

func TestAForgedSegmentTravelsFromWhereItEnters(t *testing.T) {
	d := newDuo(t)
	r, mallory := d.Router("r"), d.Host("mallory", netsim.HostConfig{})
	d.Link(mallory, r, netsim.LinkConfig{RTT: 30 * ms})
	d.Link(r, d.client, netsim.LinkConfig{RTT: 10 * ms})
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		recvFails(t, s, syscall.ECONNRESET)
		require.Equal(t, vtime.Time(120*ms), vtime.FromDate(p.Now()))
	}, idle)
	d.At(vtime.Time(100*ms), func() {
		flow, exact := d.connectionOf(d.client)
		exact.Flags = wire.RST
		packet := netsim.NewSegment(flow.Remote, flow.Local, exact)
		packet.TTL = 0
		require.NoError(t, d.Inject(mallory, packet))
	})
	d.run()
	require.Equal(t, "mallory injected ttl 64, r forwarded ttl 63, client delivered ttl 63", forgedHops(d.Network))
}

// forgedHops is as hops, of the first forged packet.
func forgedHops(n *netsim.Network) string {
	for _, e := range n.Trace().Events {
		if e.Kind == trace.Injected {
			return hopsOf(n, e.Number)
		}
	}
	return ""
}

func TestInjectSaysWhatIsWrong(t *testing.T) {
	d, other := newDuo(t), newDuo(t)
	good := netsim.NewSegment(d.serverPort(1), d.serverPort(80), wire.Segment{Flags: wire.SYN})
	require.ErrorContains(t, d.Inject(nil, good), "want a node of this network")
	require.ErrorContains(t, d.Inject(other.client, good), "want a node of this network")
	bad := good
	bad.Dst = netip.MustParseAddr("fd00::1")
	require.ErrorContains(t, d.Inject(d.client, bad), `node "client": inject: wire: Dst`)
	require.Zero(t, d.Recorder().Counts().Injected)
	nowhere := good
	nowhere.Dst = netip.MustParseAddr("10.9.9.9")
	require.NoError(t, d.Inject(d.client, nowhere))
	require.Equal(t, map[string]int{"no such address": 1}, d.drops())
}

func TestAHostDoesNotRememberConnectionsForEver(t *testing.T) {
	d := newDuo(t)
	const conns = 1000
	d.server.Go("", func(p *netsim.Proc) {
		l, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		for range conns {
			c, err := l.AcceptTCP()
			require.NoError(t, err)
			require.NoError(t, c.SetLinger(0))
			require.NoError(t, c.Close())
		}
	})
	var first, last netsim.Flow
	d.client.Go("", func(p *netsim.Proc) {
		for i := range conns {
			c, err := p.Dial("tcp", "server:80")
			require.NoError(t, err)
			require.Error(t, readError(c))
			last, _ = d.connectionOf(d.client)
			if i == 0 {
				first = last
			}
			require.NoError(t, c.Close())
		}
	})
	d.run()
	flow, end, ok := d.client.Endpoint(netsim.Flow{Remote: d.serverPort(80)})
	require.True(t, ok)
	require.Equal(t, last, flow, "the last one is remembered")
	require.True(t, end.Seen() && end.Synced())
	_, _, ok = d.client.Endpoint(first)
	require.False(t, ok, "the first one is not")
	_, _, ok = d.client.Endpoint(netsim.Flow{Remote: d.serverPort(81)})
	require.False(t, ok)
}
