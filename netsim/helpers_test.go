package netsim_test

import (
	"net/netip"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/engine"
	"rstlab/netsim/link"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel/invariant"
)

const ms = time.Millisecond

// rtt is the round-trip time of a duo's link, unless it is given another.
const rtt = 20 * ms

// duo is a client and a server joined by a link.
type duo struct {
	*netsim.Network
	tb             testing.TB
	client, server *netsim.Host
	link           *netsim.Link
}

func newDuo(tb testing.TB) *duo {
	return newDuoWith(tb, netsim.Config{}, netsim.LinkConfig{RTT: rtt})
}

// newNetwork is a network that is closed at the end of a test, and has kept the
// invariants by then. A benchmark does without these.
func newNetwork(tb testing.TB, cfg netsim.Config) *netsim.Network {
	if _, ok := tb.(*testing.B); ok {
		n := netsim.New(cfg)
		tb.Cleanup(n.Close)
		return n
	}
	c := invariant.New(invariant.Config{})
	cfg.Sinks = append(slices.Clone(cfg.Sinks), c)
	n := netsim.New(cfg)
	tb.Cleanup(func() {
		n.Close()
		found := invariant.Unknown(c.Finish(invariant.End{At: n.Now().Since()}))
		require.Empty(tb, found, "whatever a test does, this holds")
	})
	return n
}

func newDuoWith(tb testing.TB, cfg netsim.Config, lc netsim.LinkConfig) *duo {
	d := &duo{Network: newNetwork(tb, cfg), tb: tb}
	d.client, d.server = d.Host("client", netsim.HostConfig{}), d.Host("server", netsim.HostConfig{})
	d.link = d.Link(d.client, d.server, lc)
	return d
}

// run runs to the end, which must be a good one.
func (d *duo) run() { require.NoError(d.tb, d.Run()) }

// serve has the server accept one connection on port 80.
func (d *duo) serve(f func(p *netsim.Proc, c *netsim.Conn)) {
	d.server.Go("", func(p *netsim.Proc) {
		l, err := p.Listen("tcp", ":80")
		require.NoError(d.tb, err)
		c, err := l.AcceptTCP()
		require.NoError(d.tb, err)
		f(p, c)
	})
}

// dial has the client open a connection to port 80 of the server.
func (d *duo) dial(f func(p *netsim.Proc, c *netsim.Conn)) {
	d.client.Go("", func(p *netsim.Proc) {
		c, err := p.Dial("tcp", "server:80")
		require.NoError(d.tb, err)
		f(p, c)
	})
}

// connected has both ends of one connection as sockets: what a proc of the
// server and one of the client do with them, from the instant the connection is
// established at both ends. The Nagle algorithm is on, as on Linux.
func (d *duo) connected(client, server func(p *netsim.Proc, s *netsim.Socket)) {
	d.server.Go("", func(p *netsim.Proc) {
		l := socket(d.tb, p)
		require.Zero(d.tb, l.Bind(netip.AddrPortFrom(netip.IPv4Unspecified(), 80)))
		require.Zero(d.tb, l.Listen(10))
		s, errno := l.Accept()
		require.Zero(d.tb, errno)
		require.Zero(d.tb, l.Close())
		server(p, s)
	})
	d.client.Go("", func(p *netsim.Proc) {
		s := socket(d.tb, p)
		require.Zero(d.tb, s.Connect(d.serverPort(80)))
		p.Sleep(rtt / 2)
		client(p, s)
	})
}

func (d *duo) serverPort(port uint16) netip.AddrPort {
	return netip.AddrPortFrom(d.server.Addrs()[0], port)
}

func socket(tb testing.TB, p *netsim.Proc) *netsim.Socket {
	s, errno := p.Socket(engine.IPv4)
	require.Zero(tb, errno)
	return s
}

// idle is a proc that does nothing with its end of the connection.
func idle(*netsim.Proc, *netsim.Socket) {}

// sends requires that all of the text is taken.
func sends(tb testing.TB, s *netsim.Socket, text string) {
	tb.Helper()
	n, errno := s.Send([]byte(text))
	require.Equal(tb, "", engine.ErrnoName(errno))
	require.Equal(tb, len(text), n)
}

// sendFails requires that nothing is taken, for this reason.
func sendFails(tb testing.TB, s *netsim.Socket, want syscall.Errno) {
	tb.Helper()
	n, errno := s.Send([]byte("x"))
	require.Equal(tb, engine.ErrnoName(want), engine.ErrnoName(errno))
	require.Zero(tb, n)
}

// recvs requires that one recv gives exactly this; "" is the end of the stream.
func recvs(tb testing.TB, s *netsim.Socket, want string) {
	tb.Helper()
	b := make([]byte, 1000)
	n, errno := s.Recv(b)
	require.Equal(tb, "", engine.ErrnoName(errno))
	require.Equal(tb, want, string(b[:n]))
}

// recvFails requires that recv gives this error.
func recvFails(tb testing.TB, s *netsim.Socket, want syscall.Errno) {
	tb.Helper()
	_, errno := s.Recv(make([]byte, 1000))
	require.Equal(tb, engine.ErrnoName(want), engine.ErrnoName(errno))
}

// rule adds a rule to what host sends over the duo's link.
func (d *duo) rule(host *netsim.Host, match string, from, to int, v link.Verdict) {
	require.NoError(d.tb, d.link.From(host).AddMatchRule(link.MatchRule{
		Match: link.MustMatch(match), From: from, To: to, Verdict: v,
	}))
}

// bothFamiliesOf are an IPv4 and an IPv6 address with this last byte.
func bothFamiliesOf(last byte) []netip.Addr {
	return []netip.Addr{
		netip.AddrFrom4([4]byte{10, 0, 0, last}),
		netip.AddrFrom16([16]byte{0: 0xfd, 15: last}),
	}
}

// dataSegments are the payload lengths of the segments with data that a host has
// sent, in order.
func (d *duo) dataSegments(host string) []int {
	var lengths []int
	for _, e := range d.Trace().Events {
		if e.Kind == trace.Sent && e.Host == host && len(e.Packet.TCP.Payload) > 0 {
			lengths = append(lengths, len(e.Packet.TCP.Payload))
		}
	}
	return lengths
}

// resets are the segments with RST that a host has sent.
func (d *duo) resets(host string) []wire.Segment {
	var found []wire.Segment
	for _, e := range d.Trace().Events {
		if e.Kind == trace.Sent && e.Host == host && e.Packet.TCP.Flags.Has(wire.RST) {
			found = append(found, e.Packet.TCP)
		}
	}
	return found
}

// clientPort is the port of the client's first connection.
func (d *duo) clientPort() string {
	for _, e := range d.Trace().Events {
		if e.Kind == trace.Sent && e.Host == "client" {
			return strconv.Itoa(int(e.Packet.TCP.SrcPort))
		}
	}
	return ""
}

func addrPort(a netip.Addr, port uint16) netip.AddrPort { return netip.AddrPortFrom(a, port) }

// times is how often a test repeats what it does: less in short mode, for the
// race detector.
func times(usually, short int) int {
	if testing.Short() {
		return short
	}
	return usually
}
