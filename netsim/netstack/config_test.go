package netstack_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/netstack"
	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
)

// newOnly is an engine with one address, closed at the end of the test.
func (p *pair) newOnly(t *testing.T, addr netip.Addr) *netstack.Engine {
	e, err := netstack.New(netstack.Config{Addrs: []netip.Addr{addr}, Agenda: &p.agenda, Fired: func() {}})
	require.NoError(t, err)
	t.Cleanup(e.Close)
	return e
}

func TestConfigMistakesAreErrors(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(*netstack.Config)
		want string
	}{
		"no address":         {func(c *netstack.Config) { c.Addrs = nil }, "Config.Addrs is empty"},
		"an address twice":   {func(c *netstack.Config) { c.Addrs = append(c.Addrs, c.Addrs[0]) }, "Config.Addrs: 10.0.0.1"},
		"congestion control": {func(c *netstack.Config) { c.Congestion = "bbr" }, "bbr"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := netstack.Config{
				Addrs:  []netip.Addr{netip.MustParseAddr("10.0.0.1")},
				Agenda: new(vtime.Agenda), Fired: func() {},
			}
			c.edit(&cfg)
			_, err := netstack.New(cfg)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestTimeWaitLastsAsLongAsConfigured(t *testing.T) {
	p := newPair(t, func(c *netstack.Config) { c.TimeWait = 7 * time.Second })
	a, b, _ := p.established(0)
	p.a.close(a)
	p.run(delay)
	p.b.close(b)
	p.run(delay)
	begin := p.agenda.Now()
	require.Equal(t, "TIME-WAIT", a.State().String())
	p.run(7*time.Second - 1)
	require.Equal(t, "TIME-WAIT", a.State().String())
	p.run(1)
	require.Equal(t, "CLOSED", a.State().String(), "TIME-WAIT began at %v", begin)
}

func TestCongestionControls(t *testing.T) {
	for _, name := range []string{"reno", "cubic"} {
		p := newPair(t, func(c *netstack.Config) { c.Congestion = name })
		a, b, _ := p.established(0)
		p.a.send(a, "x")
		p.run(delay)
		p.b.received(b, "x")
	}
}

func TestSACKIsOfferedUnlessItIsOff(t *testing.T) {
	for _, off := range []bool{false, true} {
		p := newPair(t, func(c *netstack.Config) { c.NoSACK = off })
		p.established(0)
		require.Equal(t, !off, strings.Contains(p.a.sent[0].TCP.Options.String(), "sackOK"), "the SYN, with NoSACK %v", off)
	}
}

func TestRetriesAreAsConfigured(t *testing.T) {
	sent := map[int]int{}
	for _, retries := range []int{1, 3} {
		p := newPair(t, func(c *netstack.Config) { c.Retries = retries })
		a, _, _ := p.established(0)
		p.lose = func(*side, *wire.Packet) bool { return true }
		before := len(p.a.sent)
		p.a.send(a, "x")
		p.run(time.Minute)
		require.Equal(t, "CLOSED", a.State().String())
		sent[retries] = len(p.a.sent) - before
	}
	require.Equal(t, 2, sent[3]-sent[1], "one more for each")
}

func TestFinWait2LastsAsLongAsConfigured(t *testing.T) {
	p := newPair(t, func(c *netstack.Config) { c.FinTimeout = 7 * time.Second })
	a, _, _ := p.established(0)
	p.a.close(a)
	p.run(7 * time.Second)
	require.Equal(t, "FIN-WAIT-2", a.State().String())
	p.run(2 * delay)
	require.Equal(t, "CLOSED", a.State().String())
}
