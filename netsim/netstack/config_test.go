package netstack_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/netstack"
	"rstlab/netsim/vtime"
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
