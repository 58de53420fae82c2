package modelstack_test

import (
	"bytes"
	"io"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/engine"
	"rstlab/netsim/link"
	"rstlab/netsim/modelstack"
	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
)

// running is a host configuration with a profile; nil is netstack.
func running(p *tcpmodel.Profile) netsim.HostConfig {
	if p == nil {
		return netsim.HostConfig{}
	}
	return netsim.HostConfig{EngineName: "tcpmodel/" + p.Name, Engine: func(cfg netsim.EngineConfig) (netsim.Engine, error) {
		return modelstack.New(modelstack.Config{
			Profile: p, Addrs: cfg.Addrs, MTU: cfg.MTU, Agenda: cfg.Agenda, Fired: cfg.Fired, Seed: cfg.Seed,
		})
	}}
}

// pairs are netstack with each profile at either end.
func pairs() (all [][2]*tcpmodel.Profile) {
	for _, p := range tcpmodel.Profiles() {
		all = append(all, [2]*tcpmodel.Profile{p, nil}, [2]*tcpmodel.Profile{nil, p}, [2]*tcpmodel.Profile{p, p})
	}
	return all
}

func name(p *tcpmodel.Profile) string {
	if p == nil {
		return "engine"
	}
	return p.Name
}

// echo has the client send text over a bad link and read it back.
func echo(t *testing.T, pair [2]*tcpmodel.Profile, text []byte, lc netsim.LinkConfig) (back []byte, n *netsim.Network) {
	n = netsim.New(netsim.Config{Seed: 7, TimeLimit: vtime.Time(time.Hour)})
	t.Cleanup(n.Close)
	client, server := n.Host("client", running(pair[0])), n.Host("server", running(pair[1]))
	n.Link(client, server, lc)
	server.Go("server", func(p *netsim.Proc) {
		l, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		c, err := l.AcceptTCP()
		require.NoError(t, err)
		_, err = io.Copy(c, c)
		require.NoError(t, err)
		require.NoError(t, c.Close())
		require.NoError(t, l.Close())
	})
	client.Go("writer", func(p *netsim.Proc) {
		c, err := p.Dial("tcp", "server:80")
		require.NoError(t, err)
		client.Go("reader", func(*netsim.Proc) {
			back, err = io.ReadAll(c)
			require.NoError(t, err)
			require.NoError(t, c.Close())
		})
		_, err = c.Write(text)
		require.NoError(t, err)
		require.NoError(t, c.CloseWrite())
	})
	require.NoError(t, n.Run())
	return back, n
}

func TestEveryPairOfStacksEchoesOverABadLink(t *testing.T) {
	text := bytes.Repeat([]byte("0123456789abcdef"), 20000)
	for _, pair := range pairs() {
		t.Run(name(pair[0])+" and "+name(pair[1]), func(t *testing.T) {
			bad := link.Config{Delay: 10 * time.Millisecond, Loss: link.Percent, Jitter: 2 * time.Millisecond}
			back, n := echo(t, pair, text, netsim.Symmetric(bad))
			require.True(t, bytes.Equal(text, back), "%d of %d bytes", len(back), len(text))
			_, again := echo(t, pair, text, netsim.Symmetric(bad))
			require.Equal(t, n.Hash(), again.Hash(), "two runs are the same")
		})
	}
}

func newEngine(t *testing.T, agenda *vtime.Agenda) *modelstack.Engine {
	e, err := modelstack.New(modelstack.Config{
		Profile: &tcpmodel.Linux, Addrs: []netip.Addr{netip.MustParseAddr("10.0.0.1")}, Agenda: agenda,
	})
	require.NoError(t, err)
	return e
}

func TestAConfigThatLacksSomethingIsRefused(t *testing.T) {
	_, err := modelstack.New(modelstack.Config{})
	require.ErrorContains(t, err, "Config.Profile")
	_, err = modelstack.New(modelstack.Config{Profile: &tcpmodel.Linux})
	require.ErrorContains(t, err, "Config.Addrs")
	_, err = modelstack.New(modelstack.Config{Profile: &tcpmodel.Linux, Addrs: []netip.Addr{netip.MustParseAddr("10.0.0.1")}})
	require.ErrorContains(t, err, "Config.Agenda")
}

func TestAConnectSendsASynAndArmsATimer(t *testing.T) {
	var agenda vtime.Agenda
	e := newEngine(t, &agenda)
	s, errno := e.Open(engine.IPv4)
	require.Zero(t, errno)
	require.Equal(t, syscall.EINPROGRESS, s.Connect(netip.MustParseAddrPort("10.0.0.2:80")))
	out := e.Settle()
	require.Len(t, out.Packets, 1)
	p, err := wire.Parse(out.Packets[0])
	require.NoError(t, err)
	require.Equal(t, wire.SYN, p.TCP.Flags)
	require.Equal(t, []engine.Change{{Socket: s, Local: s.LocalAddr(), Remote: s.RemoteAddr(), From: wire.Closed, To: wire.SynSent}}, out.Changes)
	require.Empty(t, e.Settle().Packets, "once")
	at, ok := agenda.Peek()
	require.True(t, ok)
	require.Equal(t, vtime.Time(time.Second), at)
	e.Close()
	require.Zero(t, agenda.Len(), "nothing of it stays behind")
}

func TestADamagedPacketIsDropped(t *testing.T) {
	var agenda vtime.Agenda
	e := newEngine(t, &agenda)
	raw, err := wire.Build(wire.Packet{
		Src: netip.MustParseAddr("10.0.0.2"), Dst: netip.MustParseAddr("10.0.0.1"), TTL: 64,
		TCP: wire.Segment{SrcPort: 1, DstPort: 2, Flags: wire.SYN},
	})
	require.NoError(t, err)
	e.Deliver(raw)
	require.Len(t, e.Settle().Packets, 1, "a RST")
	raw[25] ^= 1
	e.Deliver(raw)
	require.Empty(t, e.Settle().Packets)
}

func TestOptionsAreReadBack(t *testing.T) {
	var agenda vtime.Agenda
	e := newEngine(t, &agenda)
	s, _ := e.Open(engine.IPv4)
	for _, o := range engine.Options() {
		if o == engine.MaxSegment {
			continue // it says what is in use
		}
		require.Zero(t, s.SetOption(o, 1), "%v", o)
		v, errno := s.Option(o)
		require.Zero(t, errno, "%v", o)
		require.NotZero(t, v, "%v", o)
	}
	require.Equal(t, syscall.ENOPROTOOPT, s.SetOption(engine.Option(200), 1))
	_, errno := s.Option(engine.Option(200))
	require.Equal(t, syscall.ENOPROTOOPT, errno)
}

func TestAWindowsClientLosesWhatItHasNotReadToAReset(t *testing.T) {
	got := map[string]syscall.Errno{}
	for _, p := range []*tcpmodel.Profile{&tcpmodel.Linux, &tcpmodel.Windows} {
		n := netsim.New(netsim.Config{})
		client, server := n.Host("client", running(p)), n.Host("server", netsim.HostConfig{})
		n.Link(client, server, netsim.LinkConfig{RTT: 20 * time.Millisecond})
		server.Go("server", func(p *netsim.Proc) {
			s, _ := p.Socket(engine.IPv4)
			s.Bind(netip.MustParseAddrPort("0.0.0.0:80"))
			s.Listen(1)
			c, _ := s.Accept()
			c.Send([]byte("reply"))
			p.Sleep(100 * time.Millisecond)
			c.SetOption(engine.Linger, 0)
			c.Close()
		})
		client.Go("client", func(proc *netsim.Proc) {
			s, _ := proc.Socket(engine.IPv4)
			s.Connect(netip.MustParseAddrPort("10.0.0.2:80"))
			proc.Sleep(time.Second)
			_, got[p.Name] = s.Recv(make([]byte, 10))
		})
		require.NoError(t, n.Run())
		n.Close()
	}
	require.Equal(t, map[string]syscall.Errno{"linux": 0, "windows": syscall.ECONNRESET}, got)
}
