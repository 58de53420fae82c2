package netstack_test

import (
	"bytes"
	"runtime"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/engine"
	"rstlab/netsim/netstack"
	"rstlab/netsim/wire"
)

// closeCrowdedListener is what b sends when a listener with pending
// connections is closed, a third of them half-open.
func closeCrowdedListener(t *testing.T, pending int) [][]byte {
	p := newPair(t, nil)
	defer p.close()
	l := p.b.listen(engine.IPv4, 80, 2*pending)
	p.lose = func(from *side, packet *wire.Packet) bool {
		return from == p.a && packet.TCP.Flags == wire.ACK && packet.TCP.SrcPort%3 == 0
	}
	for range pending {
		p.a.connect(engine.IPv4, 80)
	}
	p.run(5 * delay)
	before := len(p.b.raw)
	p.b.close(l)
	return p.b.raw[before:]
}

func TestPacketsOfAClosedListenerHaveOneOrder(t *testing.T) {
	const pending, runs = 50, 50
	want := closeCrowdedListener(t, pending)
	require.Greater(t, len(want), pending/2, "every established connection is reset; half-open ones end in silence")
	for i := range runs {
		require.Equal(t, want, closeCrowdedListener(t, pending), "run %d", i)
	}
}

func TestPacketsOfOneFlowKeepTheirOrder(t *testing.T) {
	p := newPair(t, nil)
	a, b, _ := p.established(engine.IPv4)
	before := len(p.a.sent)
	n, errno := a.Send(make([]byte, 10_000))
	require.Zero(t, errno)
	require.Equal(t, 10_000, n)
	p.a.settle()
	for i := before + 1; i < len(p.a.sent); i++ {
		require.True(t, wire.SeqLess(p.a.sent[i-1].TCP.Seq, p.a.sent[i].TCP.Seq), "segments leave in the order of their bytes")
	}
	p.run(2 * delay)
	require.Equal(t, 10_000, b.Unread())
}

// busyDay is everything that two engines send in a day with most kinds of
// events, of IPv4 and IPv6 both.
func busyDay(t *testing.T, seed uint64) [][]byte {
	p := newPair(t, func(c *netstack.Config) { c.Seed += seed })
	defer p.close()
	for _, f := range []engine.Family{engine.IPv4, engine.IPv6} {
		p.a.connect(f, 81)
		a, b, l := p.established(f)
		for range 5 {
			p.a.connect(f, 80)
		}
		lost := 0
		p.lose = func(*side, *wire.Packet) bool { lost++; return lost%7 == 0 }
		n, errno := a.Send(make([]byte, 50_000))
		require.Zero(t, errno)
		require.Positive(t, n)
		p.a.settle()
		p.run(1000 * ms)
		p.b.close(l)
		p.a.shutdown(a, false, true)
		p.run(500 * ms)
		p.b.set(b, engine.Linger, 0)
		p.b.close(b)
		p.lose = nil
	}
	p.finish()
	require.Greater(t, len(p.a.raw)+len(p.b.raw), 150)
	return append(p.a.raw, p.b.raw...)
}

// Two kinds of RST have no Don't Fragment in netstack, those for no connection
// and those of a listener; TestOneSeedOneRun sees to it that their
// identification follows from the seed.
func TestEveryPacketOfAConnectionHasDontFragmentAndNoIdentification(t *testing.T) {
	resets := 0
	for _, raw := range busyDay(t, 0) {
		p, err := wire.Parse(raw)
		require.NoError(t, err)
		if p.TCP.Flags.Has(wire.RST) {
			resets++
		}
		if p.Src.Is4() && p.DF {
			// RFC 6864 section 4.1: "the IPv4 ID field value has no meaning".
			require.Zero(t, p.ID, "%v", p)
		} else if p.Src.Is4() {
			require.True(t, p.TCP.Flags.Has(wire.RST) && p.TCP.Window == 0 && len(p.TCP.Options) == 0, "%v", p)
		}
	}
	require.Greater(t, resets, 10)
}

func TestOneSeedOneRun(t *testing.T) {
	want := busyDay(t, 1)
	for _, procs := range []int{1, 2, 8} {
		func() {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			for range 3 {
				require.Equal(t, want, busyDay(t, 1), "GOMAXPROCS %d", procs)
			}
		}()
	}
}

func TestSeedsGiveSequenceNumbersPortsAndTimestamps(t *testing.T) {
	first := func(seed uint64) wire.Packet {
		p := newPair(t, func(c *netstack.Config) { c.Seed = seed })
		p.a.connect(engine.IPv4, 80)
		return p.a.sent[0]
	}
	x, again, y := first(1), first(1), first(2)
	require.Equal(t, x, again)
	require.NotEqual(t, x.TCP.Seq, y.TCP.Seq, "initial sequence numbers")
	require.NotEqual(t, x.TCP.SrcPort, y.TCP.SrcPort, "ephemeral ports")
	require.False(t, bytes.Equal(x.TCP.Options, y.TCP.Options), "timestamps have a secret offset (RFC 7323 section 5.4)")
}

// A SYN may take the place of a connection in TIME-WAIT (RFC 9293 section
// 3.6.1). netstack hands it from the processor of the old connection to that of
// the listener: one barrier must wait for both.
func TestASYNMayReuseTimeWaitUnderAnyGOMAXPROCS(t *testing.T) {
	for _, procs := range []int{1, 2, 3, 8} {
		func() {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			for seed := range uint64(8) {
				p := newPair(t, func(c *netstack.Config) { c.Seed += seed })
				l := p.b.listen(engine.IPv4, 80, 10)
				connect := func() engine.Socket {
					s := p.a.open(engine.IPv4)
					p.a.set(s, engine.ReuseAddress, 1)
					require.Zero(t, s.Bind(p.a.addrPort(engine.IPv4, 5000)))
					require.Equal(t, syscall.EINPROGRESS, s.Connect(p.b.addrPort(engine.IPv4, 80)))
					p.a.settle()
					return s
				}
				a := connect()
				p.run(5 * delay)
				b := p.b.accept(l)
				p.b.close(b)
				p.run(2 * delay)
				p.a.close(a)
				p.run(2000 * ms)
				require.Equal(t, wire.TimeWait, b.State())
				p.b.change = nil
				connect()
				p.run(3 * delay)
				require.Equal(t, "TIME-WAIT > CLOSED | LISTEN > SYN-RECEIVED > ESTABLISHED", p.b.life(), "GOMAXPROCS %d, seed %d", procs, seed)
				require.True(t, l.Acceptable())
				p.close()
			}
		}()
	}
}

// With a backlog of 1 netstack answers with SYN cookies: the connection comes
// into being with the ACK.
func TestSYNCookiesWorkUnderAnyGOMAXPROCS(t *testing.T) {
	for _, procs := range []int{1, 2, 3, 8} {
		func() {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			for seed := range uint64(8) {
				p := newPair(t, func(c *netstack.Config) { c.Seed += seed })
				l := p.b.listen(engine.IPv4, 80, 1)
				acks := 0
				p.lose = func(from *side, packet *wire.Packet) bool {
					if from == p.a && packet.TCP.Flags == wire.ACK && len(packet.TCP.Payload) == 0 {
						acks++
						return acks == 1
					}
					return false
				}
				a := p.a.connect(engine.IPv4, 80)
				p.run(2 * delay)
				require.Empty(t, p.b.life(), "a SYN cookie keeps no state")
				p.a.send(a, "hello")
				p.run(delay)
				require.True(t, l.Acceptable())
				b := p.b.accept(l)
				p.b.received(b, "hello")
				require.Equal(t, "LISTEN > ESTABLISHED", p.b.life(), "GOMAXPROCS %d, seed %d", procs, seed)
				p.close()
			}
		}()
	}
}

// Segments may be delivered together. Those behind a RST are handed on to the
// listener, which may be another processor's: the answer must come in the same
// step.
func TestSegmentsBehindARSTAreAnsweredUnderAnyGOMAXPROCS(t *testing.T) {
	for _, procs := range []int{1, 2, 3, 8} {
		func() {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			for seed := range uint64(8) {
				p := newPair(t, func(c *netstack.Config) { c.Seed += seed })
				a, b, _ := p.established(engine.IPv4)
				p.lose = func(*side, *wire.Packet) bool { return true }
				p.a.send(a, "late")
				p.a.set(a, engine.Linger, 0)
				data := p.a.raw[len(p.a.raw)-1]
				rst := p.a.sent[len(p.a.sent)-1]
				rst.TCP.Flags, rst.TCP.Payload = wire.RST, nil
				first, err := wire.Build(rst)
				require.NoError(t, err)
				before := len(p.b.sent)
				p.b.eng.Deliver(first)
				p.b.eng.Deliver(data)
				p.b.settle()
				require.Equal(t, wire.Closed, b.State())
				require.Len(t, p.b.sent[before:], 1, "GOMAXPROCS %d, seed %d: data for no connection draws RST", procs, seed)
				require.True(t, p.b.sent[before].TCP.Flags.Has(wire.RST))
				p.close()
			}
		}()
	}
}
