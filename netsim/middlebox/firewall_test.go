package middlebox_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/middlebox"
	"rstlab/netsim/wire"
)

const (
	inside  = middlebox.Inside
	outside = middlebox.Outside
)

func newFirewall(t *testing.T, cfg middlebox.FirewallConfig, addrs ...netip.Addr) (*lab, *middlebox.Firewall) {
	t.Helper()
	f, err := middlebox.NewFirewall(cfg, addrs...)
	require.NoError(t, err)
	return &lab{t: t, box: f}, f
}

func TestAFirewallLetsOutAndDropsWhatComesIn(t *testing.T) {
	l, f := newFirewall(t, middlebox.FirewallConfig{})
	r := l.drops(outside, tcp(server, client, seg("S", 1, 0, "")), "firewall default")
	require.Empty(t, r.Send, "without a word")
	l.handshake(client, server)
	require.Equal(t, 1, f.Flows(l.now))
	p := tcp(server, client, seg("P.", 501, 101, "data"))
	require.Equal(t, p, l.passes(outside, p).Packet, "nothing is changed")
	l.drops(outside, tcp(stranger, client, seg(".", 501, 101, "")), "firewall no such flow")
	l.drops(inside, tcp(client, stranger, seg(".", 501, 101, "")), "firewall no such flow")
}

func TestFirewallRulesAreAskedInOrder(t *testing.T) {
	l, _ := newFirewall(t, middlebox.FirewallConfig{
		Default: middlebox.Reject,
		Rules: []middlebox.FirewallRule{
			{Name: "enemy", From: outside, Src: netip.MustParsePrefix("198.51.100.9/32"), Action: middlebox.Drop},
			{From: outside, DstPort: 22, Action: middlebox.Accept},
			{Name: "web", From: inside, DstPort: 80, Dst: netip.MustParsePrefix("198.51.100.0/24"), Action: middlebox.Prohibit},
			{Name: "low", From: inside, SrcPort: 40000, Action: middlebox.Reject},
		},
	})
	ssh := netip.MustParseAddrPort("10.0.0.1:22")
	l.passes(outside, tcp(server, ssh, seg("S", 1, 0, "")))
	require.Empty(t, l.drops(outside, tcp(stranger, ssh, seg("S", 1, 0, "")), "firewall rule enemy").Send)
	l.drops(outside, tcp(server, client, seg("S", 1, 0, "")), "firewall default")
	l.drops(inside, tcp(client, server, seg("S", 1, 0, "")), "firewall rule web")
	l.drops(inside, tcp(client, netip.MustParseAddrPort("203.0.113.1:80"), seg("S", 1, 0, "")), "firewall rule low")
	l.passes(inside, tcp(ssh, netip.MustParseAddrPort("203.0.113.1:80"), seg("S", 1, 0, "")))
}

// TestARejectedSegmentIsAnsweredAsByAHostWithoutTheConnection is RFC 9293 section
// 3.5.2, group 1.
func TestARejectedSegmentIsAnsweredAsByAHostWithoutTheConnection(t *testing.T) {
	l, _ := newFirewall(t, middlebox.FirewallConfig{Default: middlebox.Reject, Stray: middlebox.Reject})
	r := l.drops(outside, tcp(server, client, seg("S", 7, 0, "")), "firewall default")
	require.Equal(t, tcp(client, server, wire.Segment{Flags: wire.RST | wire.ACK, Ack: 8}), one(t, r.Send))
	r = l.drops(outside, tcp(server, client, seg("P.", 7, 55, "abc")), "firewall no such flow")
	require.Equal(t, tcp(client, server, wire.Segment{Flags: wire.RST, Seq: 55}), one(t, r.Send))
	r = l.drops(outside, tcp(server, client, seg("P", 7, 0, "abc")), "firewall no such flow")
	require.Equal(t, tcp(client, server, wire.Segment{Flags: wire.RST | wire.ACK, Ack: 10}), one(t, r.Send))
	require.Empty(t, l.drops(outside, tcp(server, client, seg("R.", 7, 55, "")), "firewall no such flow").Send, "never a RST for a RST")
}

func TestAProhibitedSegmentIsAnsweredWithICMP(t *testing.T) {
	for _, own := range [][]netip.Addr{nil, {external}} {
		l, _ := newFirewall(t, middlebox.FirewallConfig{Default: middlebox.Prohibit}, own...)
		answer := one(t, l.drops(outside, tcp(server, client, seg("S", 7, 0, "")), "firewall default").Send)
		require.Equal(t, wire.AdminProhibited, answer.ICMPKind())
		require.Equal(t, server.Addr(), answer.Dst)
		if own == nil {
			require.Equal(t, client.Addr(), answer.Src, "in the name of the destination")
		} else {
			require.Equal(t, external, answer.Src)
		}
		quote, ok := answer.ICMP.Quoted()
		require.True(t, ok)
		require.Equal(t, uint32(7), quote.Seq)
	}
}

// TestIdleTimeoutsAreThoseOfRFC5382 is section 5, REQ-5.
func TestIdleTimeoutsAreThoseOfRFC5382(t *testing.T) {
	const established, transitory = 2*time.Hour + 4*time.Minute, 4 * time.Minute
	data := tcp(server, client, seg("P.", 501, 101, "data"))
	for name, c := range map[string]struct {
		steps func(*lab)
		idle  time.Duration
	}{
		"established": {func(l *lab) { l.handshake(client, server) }, established},
		"SYN only":    {func(l *lab) { l.passes(inside, tcp(client, server, seg("S", 100, 0, ""))) }, transitory},
		"one FIN": {func(l *lab) {
			l.handshake(client, server)
			l.passes(inside, tcp(client, server, seg("F.", 101, 501, "")))
		}, established},
		"both FINs": {func(l *lab) {
			l.handshake(client, server)
			l.passes(inside, tcp(client, server, seg("F.", 101, 501, "")))
			l.passes(outside, tcp(server, client, seg("F.", 501, 102, "")))
		}, transitory},
		"RST": {func(l *lab) {
			l.handshake(client, server)
			l.passes(inside, tcp(client, server, seg("R", 101, 0, "")))
		}, transitory},
		"a RST that nobody believed": {func(l *lab) {
			l.handshake(client, server)
			l.passes(inside, tcp(client, server, seg("R", 1, 0, "")))
			l.passes(inside, tcp(client, server, seg(".", 101, 501, "")))
		}, established},
	} {
		t.Run(name, func(t *testing.T) {
			l, _ := newFirewall(t, middlebox.FirewallConfig{})
			c.steps(l)
			l.now += c.idle - 1
			l.passes(outside, data)
			_, waits := l.box.Deadline()
			require.False(t, waits, "that a flow is forgotten is no event")

			l, _ = newFirewall(t, middlebox.FirewallConfig{})
			c.steps(l)
			l.now += c.idle
			l.drops(outside, data, "firewall no such flow")
		})
	}
}

func TestASegmentInEitherDirectionKeepsAFlow(t *testing.T) {
	l, _ := newFirewall(t, middlebox.FirewallConfig{Timeouts: middlebox.Timeouts{Established: 10 * time.Second}})
	l.handshake(client, server)
	for range 3 {
		l.now += 9 * time.Second
		l.passes(outside, tcp(server, client, seg(".", 501, 101, "")))
		l.now += 9 * time.Second
		l.passes(inside, tcp(client, server, seg(".", 101, 501, "")))
	}
	l.now += 10 * time.Second
	l.drops(inside, tcp(client, server, seg(".", 101, 501, "")), "firewall no such flow")
}

func TestAFirewallCanTellBothEndsOfATimeout(t *testing.T) {
	l, _ := newFirewall(t, middlebox.FirewallConfig{ResetIdle: true, Timeouts: middlebox.Timeouts{Established: 10 * time.Second}})
	l.handshake(client, server)
	l.now = 4 * time.Second
	l.passes(inside, tcp(client, server, seg("P.", 101, 501, "hello")))
	at, ok := l.box.Deadline()
	require.True(t, ok)
	require.Equal(t, 10*time.Second, at)
	require.Empty(t, l.box.Expire(at), "the flow was not idle since")
	at, ok = l.box.Deadline()
	require.True(t, ok)
	require.Equal(t, 14*time.Second, at)
	require.Equal(t, []wire.Packet{
		tcp(server, client, wire.Segment{Flags: wire.RST | wire.ACK, Seq: 501, Ack: 106}),
		tcp(client, server, wire.Segment{Flags: wire.RST | wire.ACK, Seq: 106, Ack: 501}),
	}, l.box.Expire(at), "each end gets the number that it expects")
	_, ok = l.box.Deadline()
	require.False(t, ok)
}

func TestAFirewallKillsFlows(t *testing.T) {
	for name, c := range map[string]struct {
		reset middlebox.Ends
		to    []netip.AddrPort
	}{
		"in silence": {0, nil},
		"one side":   {middlebox.InsideEnd, []netip.AddrPort{client}},
		"the other":  {middlebox.OutsideEnd, []netip.AddrPort{server}},
		"both":       {middlebox.BothEnds, []netip.AddrPort{client, server}},
	} {
		t.Run(name, func(t *testing.T) {
			var to []netip.AddrPort
			l, _ := newFirewall(t, middlebox.FirewallConfig{Kill: &middlebox.Kill{Reset: c.reset}})
			for _, p := range l.handshake(client, server).Send {
				to = append(to, p.Destination())
			}
			require.Equal(t, c.to, to, "behind the ACK that ends the handshake")
			l.drops(inside, tcp(client, server, seg("P.", 101, 501, "x")), "firewall no such flow")

			l, f := newFirewall(t, middlebox.FirewallConfig{Kill: &middlebox.Kill{Reset: c.reset, After: time.Second}})
			require.Empty(t, l.handshake(client, server).Send)
			at, ok := l.box.Deadline()
			require.True(t, ok)
			require.Equal(t, time.Second, at)
			require.Len(t, l.box.Expire(at), len(c.to))
			require.Zero(t, f.Flows(at))
		})
	}
}

func TestAFirewallDoesNotKillWhatIsOver(t *testing.T) {
	l, _ := newFirewall(t, middlebox.FirewallConfig{Kill: &middlebox.Kill{Reset: middlebox.BothEnds, After: time.Second}})
	l.handshake(client, server)
	l.passes(inside, tcp(client, server, seg("F.", 101, 501, "")))
	l.passes(outside, tcp(server, client, seg("F.", 501, 102, "")))
	require.Empty(t, l.box.Expire(time.Second))
}

func TestAFullFirewallRefusesNewFlows(t *testing.T) {
	l, f := newFirewall(t, middlebox.FirewallConfig{MaxFlows: 1, Full: middlebox.Reject})
	l.passes(inside, tcp(client, server, seg("S", 1, 0, "")))
	l.passes(inside, tcp(client, server, seg("S", 1, 0, "")))
	require.Len(t, l.drops(inside, tcp(client2, server, seg("S", 1, 0, "")), "firewall table full").Send, 1)
	l.now = middlebox.DefaultTransitory
	l.passes(inside, tcp(client2, server, seg("S", 1, 0, "")))
	require.Equal(t, 1, f.Flows(l.now), "the first was forgotten")
}

func TestAFirewallThatAcceptsStraysPicksUpFlowsInTheMiddle(t *testing.T) {
	l, _ := newFirewall(t, middlebox.FirewallConfig{Stray: middlebox.Accept})
	l.passes(outside, tcp(server, client, seg("P.", 501, 101, "data")))
	l.now = middlebox.DefaultTransitory
	l.passes(outside, tcp(server, client, seg("P.", 501, 101, "data")))
	l.drops(outside, tcp(stranger, client, seg("S", 1, 0, "")), "firewall default")
}

func TestANewConnectionOnAnOldFlowIsJudgedAnew(t *testing.T) {
	l, _ := newFirewall(t, middlebox.FirewallConfig{})
	l.handshake(client, server)
	l.passes(outside, tcp(server, client, seg("R", 501, 0, "")))
	l.drops(outside, tcp(server, client, seg("S", 900, 0, "")), "firewall default")
	l.passes(inside, tcp(client, server, seg("S", 900, 0, "")))
}

func TestMistakesOfAFirewallAreReported(t *testing.T) {
	_, err := middlebox.NewFirewall(middlebox.FirewallConfig{
		Rules:   []middlebox.FirewallRule{{Action: 9, From: 7}},
		Default: 8, Stray: 7, Full: middlebox.Accept, MaxFlows: -1,
		Kill: &middlebox.Kill{After: -1, Reset: 8}, Timeouts: middlebox.Timeouts{Established: -1},
	})
	for _, want := range []string{
		"middlebox: firewall:", "Rules[0].Action: action 9", "Rules[0].From: 7", "Default: action 8", "Stray: action 7",
		"Full: accept", "MaxFlows: -1", "Kill.Reset: 8", "Kill.After: -1ns", "Timeouts: -1ns",
	} {
		require.ErrorContains(t, err, want)
	}
}
