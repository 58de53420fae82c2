package netstack_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"gvisor.dev/gvisor/pkg/tcpip"

	"rstlab/netsim/engine"
	"rstlab/netsim/wire"
)

// tearDowns are states in which engines are closed.
var tearDowns = map[string]func(*testing.T, *pair){
	"idle": func(*testing.T, *pair) {},
	"sockets never connected": func(t *testing.T, p *pair) {
		p.a.open(engine.IPv4)
		p.a.open(engine.IPv6)
		bound := p.a.open(engine.IPv4)
		require.Zero(t, bound.Bind(p.a.addrPort(engine.IPv4, 99)))
		closed := p.a.open(engine.IPv4)
		p.a.close(closed)
	},
	"listener": func(_ *testing.T, p *pair) { p.b.listen(engine.IPv4, 80, 10) },
	"listener with connections not accepted": func(t *testing.T, p *pair) {
		l := p.b.listen(engine.IPv4, 80, 10)
		for range 5 {
			p.a.connect(engine.IPv4, 80)
		}
		p.run(5 * delay)
		require.True(t, l.Acceptable())
	},
	"SYN-SENT": func(t *testing.T, p *pair) {
		p.lose = func(*side, *wire.Packet) bool { return true }
		a := p.a.connect(engine.IPv4, 80)
		require.Equal(t, wire.SynSent, a.State())
	},
	"SYN-SENT, closed": func(_ *testing.T, p *pair) {
		p.lose = func(*side, *wire.Packet) bool { return true }
		p.a.close(p.a.connect(engine.IPv4, 80))
	},
	"half-open": func(t *testing.T, p *pair) {
		p.b.listen(engine.IPv4, 80, 10)
		p.lose = func(from *side, _ *wire.Packet) bool { return from == p.b }
		p.a.connect(engine.IPv4, 80)
		p.run(2 * delay)
		require.Equal(t, "LISTEN > SYN-RECEIVED", p.b.life())
	},
	"refused": func(_ *testing.T, p *pair) {
		p.a.connect(engine.IPv4, 81)
		p.run(2 * delay)
	},
	"established": func(_ *testing.T, p *pair) { p.established(engine.IPv6) },
	"established with data unread and unsent": func(t *testing.T, p *pair) {
		a, b, _ := p.established(engine.IPv4)
		_, errno := a.Send(make([]byte, 1<<20))
		require.Zero(t, errno)
		p.a.settle()
		p.run(2 * delay)
		require.Positive(t, b.Unread())
	},
	"retransmitting": func(_ *testing.T, p *pair) {
		a, _, _ := p.established(engine.IPv4)
		p.lose = func(*side, *wire.Packet) bool { return true }
		p.a.send(a, "lost")
		p.run(1000 * ms)
	},
	"FIN-WAIT-1, closed": func(t *testing.T, p *pair) {
		a, _, _ := p.established(engine.IPv4)
		p.lose = func(*side, *wire.Packet) bool { return true }
		p.a.close(a)
		require.Equal(t, wire.FinWait1, a.State())
	},
	"FIN-WAIT-2, closed": func(t *testing.T, p *pair) {
		a, _, _ := p.established(engine.IPv4)
		p.a.close(a)
		p.run(2 * delay)
		require.Equal(t, wire.FinWait2, a.State())
	},
	"FIN-WAIT-2, open": func(t *testing.T, p *pair) {
		a, _, _ := p.established(engine.IPv4)
		p.a.shutdown(a, false, true)
		p.run(2 * delay)
		require.Equal(t, wire.FinWait2, a.State())
	},
	"TIME-WAIT": func(t *testing.T, p *pair) {
		a, b, _ := p.established(engine.IPv4)
		p.a.close(a)
		p.run(2 * delay)
		p.b.close(b)
		p.run(2 * delay)
		require.Equal(t, wire.TimeWait, a.State())
	},
	"LAST-ACK": func(t *testing.T, p *pair) {
		a, b, _ := p.established(engine.IPv4)
		p.a.close(a)
		p.run(2 * delay)
		p.lose = func(*side, *wire.Packet) bool { return true }
		p.b.close(b)
		require.Equal(t, wire.LastAck, b.State())
	},
	"reset, not closed": func(_ *testing.T, p *pair) {
		a, _, _ := p.established(engine.IPv4)
		p.a.set(a, engine.Linger, 0)
		p.a.close(a)
		p.run(2 * delay)
	},
}

func TestCloseLeavesNothingBehind(t *testing.T) {
	for name, prepare := range tearDowns {
		t.Run(name, func(t *testing.T) {
			before := goleak.IgnoreCurrent()
			p := newPair(t, nil)
			prepare(t, p)
			p.close()
			goleak.VerifyNone(t, before)
			require.Empty(t, tcpip.GetDanglingEndpoints(), "gVisor's global list of closed endpoints must be empty")
			sentBefore := len(p.a.sent) + len(p.b.sent)
			p.finish()
			require.Equal(t, sentBefore, len(p.a.sent)+len(p.b.sent), "a closed engine is silent")
		})
	}
}

func TestCloseTakesTheEnginesTimersOutOfTheAgenda(t *testing.T) {
	p := newPair(t, nil)
	a, _, _ := p.established(engine.IPv4)
	p.a.close(a)
	p.finish()
	a2 := p.a.connect(engine.IPv4, 80)
	p.run(5 * delay)
	p.a.set(a2, engine.KeepAlive, 1)
	require.Positive(t, p.agenda.Len())
	p.close()
	require.Zero(t, p.agenda.Len())
}

// netstack's processors are what a host costs in goroutines.
func TestAnEngineHasOneGoroutineForEachProcessor(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	before := runtime.NumGoroutine()
	p := newPair(t, nil)
	require.Equal(t, before+2*3, runtime.NumGoroutine())
	p.close()
	for range 1000 { // until goroutines that have returned are gone
		if runtime.NumGoroutine() == before {
			break
		}
		runtime.Gosched()
	}
	require.Equal(t, before, runtime.NumGoroutine(), "Close must wait for them")
}
