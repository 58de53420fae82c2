package netsim_test

import (
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/engine"
	"rstlab/netsim/link"
	"rstlab/netsim/middlebox"
	"rstlab/netsim/trace"
	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
)

// behind is a duo with a middlebox between: 2 ms from the client, 8 ms from the
// server.
func behind(t *testing.T, add func(*netsim.Network) *netsim.Middlebox) (*duo, *netsim.Middlebox) {
	t.Helper()
	d := &duo{Network: netsim.New(netsim.Config{}), tb: t}
	t.Cleanup(d.Close)
	d.client, d.server = d.Host("client", netsim.HostConfig{}), d.Host("server", netsim.HostConfig{})
	box := add(d.Network)
	d.link = d.Link(d.client, box, netsim.Symmetric(link.Config{Delay: 2 * ms}))
	d.Link(box, d.server, netsim.Symmetric(link.Config{Delay: 8 * ms}))
	require.NoError(t, d.Err())
	return d, box
}

func firewall(cfg middlebox.FirewallConfig) func(*netsim.Network) *netsim.Middlebox {
	return func(n *netsim.Network) *netsim.Middlebox { return n.Firewall("box", cfg, "server") }
}

func nat(cfg middlebox.NATConfig) func(*netsim.Network) *netsim.Middlebox {
	return func(n *netsim.Network) *netsim.Middlebox { return n.NAT("box", cfg, "server") }
}

func observer(triggers ...middlebox.Trigger) func(*netsim.Network) *netsim.Middlebox {
	return func(n *netsim.Network) *netsim.Middlebox {
		return n.Observer("box", middlebox.ObserverConfig{Triggers: triggers})
	}
}

// greets has the client send a line and read the answer through the middlebox.
func greets(t *testing.T, d *duo) {
	d.connected(func(_ *netsim.Proc, s *netsim.Socket) {
		sends(t, s, "hello")
		recvs(t, s, "world")
		require.Zero(t, s.Close())
	}, func(_ *netsim.Proc, s *netsim.Socket) {
		recvs(t, s, "hello")
		sends(t, s, "world")
		recvs(t, s, "")
		require.Zero(t, s.Close())
	})
}

func TestProgramsTalkThroughMiddleboxes(t *testing.T) {
	for name, add := range map[string]func(*netsim.Network) *netsim.Middlebox{
		"firewall": firewall(middlebox.FirewallConfig{}),
		"nat":      nat(middlebox.NATConfig{}),
		"observer": observer(),
	} {
		t.Run(name, func(t *testing.T) {
			d, box := behind(t, add)
			greets(t, d)
			d.run()
			require.Equal(t, "box", box.Name())
			require.NotNil(t, box.Box())
			require.Empty(t, d.drops())
		})
	}
}

// TestATranslatedPacketIsShownAsWhatItIs: one number from end to end, and what was
// rewritten where it was.
func TestATranslatedPacketIsShownAsWhatItIs(t *testing.T) {
	d, _ := behind(t, nat(middlebox.NATConfig{Address: netip.MustParseAddr("192.0.2.7")}))
	greets(t, d)
	d.run()
	var b strings.Builder
	require.NoError(t, trace.Ladder(&b, d.Trace(), trace.LadderOptions{Width: 180}))
	require.Contains(t, b.String(), "nat 192.0.2.7:1024 is 10.0.0.1:")
	for _, e := range d.Trace().Events {
		if e.Kind == trace.Delivered && e.Host == "server" {
			require.Equal(t, "192.0.2.7", e.Packet.Src.String())
		}
		if e.Kind == trace.Forwarded {
			require.Regexp(t, `^nat [0-9.:]+ (as|is) [0-9.:]+$`, e.Reason)
			require.Equal(t, uint8(63), e.Packet.TTL)
		}
	}
	b.Reset()
	require.NoError(t, trace.WriteText(&b, d.Trace()))
	again, err := trace.ParseText(strings.NewReader(b.String()))
	require.NoError(t, err)
	require.Equal(t, d.Hash(), again.Hash(), "the text is lossless")
}

func TestAFirewallThatRefusesIsSeenByConnect(t *testing.T) {
	for action, want := range map[middlebox.Action]syscall.Errno{
		middlebox.Reject: syscall.ECONNREFUSED,
		middlebox.Drop:   syscall.ETIMEDOUT,
	} {
		d, _ := behind(t, firewall(middlebox.FirewallConfig{Rules: []middlebox.FirewallRule{{Name: "web", DstPort: 80, Action: action}}}))
		d.client.Go("", func(p *netsim.Proc) {
			s, errno := p.Socket(engine.IPv4)
			require.Zero(t, errno)
			require.Equal(t, engine.ErrnoName(want), engine.ErrnoName(s.Connect(d.serverPort(80))))
			if want == syscall.ECONNREFUSED {
				require.Equal(t, vtime.Time(4*ms), vtime.FromDate(p.Now()), "one round trip to the firewall")
			}
		})
		d.run()
		require.NotZero(t, d.drops()["firewall rule web"])
	}
}

// TestAForgerWinsByItsDistance: the forged RST is in time when the observer is
// nearer than the reply.
func TestAForgerWinsByItsDistance(t *testing.T) {
	for delay, want := range map[time.Duration]string{1 * ms: "", 20 * ms: "world"} {
		d, _ := behind(t, observer(middlebox.Trigger{
			Match: func(p *wire.Packet) bool { return string(p.TCP.Payload) == "hello" },
			Forge: []middlebox.Forgery{{To: middlebox.ToSender, Flags: wire.RST, After: delay}},
		}))
		d.connected(func(_ *netsim.Proc, s *netsim.Socket) {
			sends(t, s, "hello")
			if want != "" {
				recvs(t, s, want)
				return
			}
			recvFails(t, s, syscall.ECONNRESET)
		}, func(_ *netsim.Proc, s *netsim.Socket) {
			recvs(t, s, "hello")
			s.Send([]byte("world"))
		})
		d.run()
		require.Equal(t, uint64(1), d.Recorder().Counts().Injected)
	}
}

func TestWhatAFirewallSendsInItsOwnNameIsNotForged(t *testing.T) {
	d, _ := behind(t, firewall(middlebox.FirewallConfig{Rules: []middlebox.FirewallRule{{DstPort: 80, Action: middlebox.Prohibit}}}))
	d.client.Go("", func(p *netsim.Proc) {
		s, errno := p.Socket(engine.IPv4)
		require.Zero(t, errno)
		s.SetDeadline(p.Now().Add(time.Second))
		require.NotZero(t, s.Connect(d.serverPort(80)))
	})
	d.run()
	require.Zero(t, d.Recorder().Counts().Injected)
	sent := 0
	for _, e := range d.Trace().Events {
		if e.Kind == trace.Sent && e.Host == "box" {
			require.Equal(t, wire.AdminProhibited, e.Packet.ICMPKind())
			sent++
		}
	}
	require.NotZero(t, sent)
}

// TestAnIdleFlowKeepsNoRunGoing: a box that has nothing to say ends with the
// procs.
func TestAnIdleFlowKeepsNoRunGoing(t *testing.T) {
	d, _ := behind(t, nat(middlebox.NATConfig{}))
	greets(t, d)
	d.run()
	require.Less(t, d.Stats().Time, vtime.Time(2*time.Minute))
}

func TestABoxThatHasSomethingToSayDoesSoInTime(t *testing.T) {
	d, _ := behind(t, firewall(middlebox.FirewallConfig{
		ResetIdle: true, Timeouts: middlebox.Timeouts{Established: 5 * time.Second},
	}))
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		recvFails(t, s, syscall.ECONNRESET)
		require.Equal(t, vtime.Time(5*time.Second+24*ms), vtime.FromDate(p.Now()),
			"the ACK of the handshake passes at 22 ms, the RST needs 2 ms")
	}, func(_ *netsim.Proc, s *netsim.Socket) { recvFails(t, s, syscall.ECONNRESET) })
	d.run()
}

func TestADamagedSegmentGetsNoFurtherThanTheFirstThatLooksAtItsChecksum(t *testing.T) {
	for name, c := range map[string]struct {
		add  func(*netsim.Network) *netsim.Middlebox
		lost int
	}{
		"firewall": {firewall(middlebox.FirewallConfig{}), 1},
		"nat":      {nat(middlebox.NATConfig{}), 1},
		"observer": {observer(middlebox.Trigger{Match: func(p *wire.Packet) bool { return len(p.TCP.Payload) > 0 }, Last: 1}), 0},
	} {
		t.Run(name, func(t *testing.T) {
			d, _ := behind(t, c.add)
			d.rule(d.client, "data", 1, 1, link.Verdict{Action: link.Corrupt, Bit: -1})
			greets(t, d)
			d.run()
			require.Equal(t, c.lost, d.drops()["damaged segment"])
		})
	}
}

func TestTheMistakesOfMiddleboxesAreReported(t *testing.T) {
	n := netsim.New(netsim.Config{})
	defer n.Close()
	n.Firewall("fw", middlebox.FirewallConfig{MaxFlows: -1})
	n.NAT("nat", middlebox.NATConfig{MaxFlows: -2})
	n.Observer("obs", middlebox.ObserverConfig{Triggers: []middlebox.Trigger{{First: -3}}})
	n.Middlebox("fw", nil, nil)
	for _, want := range []string{`"fw": middlebox: firewall: MaxFlows: -1`, `"nat": middlebox: nat: MaxFlows: -2`, `"obs": middlebox: observer`, `name "fw" is used twice`} {
		require.ErrorContains(t, n.Err(), want)
	}
}

// TestRunsWithMiddleboxesAreDeterministic: the same network has the same trace.
func TestRunsWithMiddleboxesAreDeterministic(t *testing.T) {
	hash := func() trace.Hash {
		d, _ := behind(t, nat(middlebox.NATConfig{Unknown: middlebox.ResetSender, Timeouts: middlebox.Timeouts{Established: time.Second}}))
		d.connected(func(p *netsim.Proc, s *netsim.Socket) {
			sends(t, s, "hello")
			p.Sleep(3 * time.Second)
			sends(t, s, "too late")
			recvFails(t, s, syscall.ECONNRESET)
		}, idle)
		d.run()
		return d.Hash()
	}
	first := hash()
	for range times(50, 5) {
		require.Equal(t, first, hash())
	}
}
