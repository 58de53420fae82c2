package netstack_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/engine"
	"rstlab/netsim/wire"
)

// optionValues has every option with what it is before it was set, and values
// that can be set; back is what is read then, if it is not the same.
var optionValues = map[engine.Option]struct {
	initial int64
	values  []int64
	back    map[int64]int64
}{
	engine.NoDelay:           {initial: 0, values: []int64{1, 0}},
	engine.KeepAlive:         {initial: 0, values: []int64{1, 0}},
	engine.KeepAliveIdle:     {initial: int64(2 * time.Hour), values: []int64{int64(time.Second), int64(90 * time.Second)}},
	engine.KeepAliveInterval: {initial: int64(75 * time.Second), values: []int64{int64(time.Second), int64(time.Minute)}},
	engine.KeepAliveCount:    {initial: 9, values: []int64{1, 3, 127}},
	engine.ReceiveBuffer:     {initial: 1 << 20, values: []int64{8192, 200_000}, back: map[int64]int64{8192: 16384, 200_000: 400_000}},
	engine.SendBuffer:        {initial: 1 << 20, values: []int64{8192, 200_000}, back: map[int64]int64{8192: 16384, 200_000: 400_000}},
	engine.UserTimeout:       {initial: 0, values: []int64{int64(3 * time.Second), 0}},
	engine.SynCount:          {initial: 6, values: []int64{1, 3, 127}},
	engine.Linger:            {initial: -1, values: []int64{0, int64(time.Second), -1}},
	engine.MaxSegment:        {initial: 536, values: []int64{536, 1000}},
	engine.FinWait2Timeout:   {initial: int64(time.Minute), values: []int64{int64(time.Second), int64(30 * time.Second)}},
	engine.ReuseAddress:      {initial: 0, values: []int64{1, 0}},
	engine.IPv6Only:          {initial: 0, values: []int64{1, 0}},
	engine.QuickAck:          {initial: 1, values: []int64{0, 1}},
}

func TestEveryOptionCanBeSetAndReadBack(t *testing.T) {
	require.Len(t, optionValues, len(engine.Options()), "the table must have every option")
	for _, o := range engine.Options() {
		t.Run(o.String(), func(t *testing.T) {
			p := newPair(t, nil)
			s := p.a.open(engine.IPv6)
			c := optionValues[o]
			got, errno := s.Option(o)
			require.Zero(t, errno)
			require.Equal(t, c.initial, got, "before it was set")
			for _, v := range c.values {
				require.Zero(t, s.SetOption(o, v), "set %d", v)
				want := v
				if back, ok := c.back[v]; ok {
					want = back
				}
				got, errno := s.Option(o)
				require.Zero(t, errno)
				require.Equal(t, want, got, "set to %d", v)
			}
		})
	}
}

func TestOptionsOutOfRangeAreInvalid(t *testing.T) {
	p := newPair(t, nil)
	s := p.a.open(engine.IPv4)
	for _, c := range []struct {
		option engine.Option
		value  int64
	}{
		{engine.SynCount, 0},
		{engine.SynCount, 256},
		{engine.MaxSegment, 1},
		{engine.MaxSegment, 1 << 16},
	} {
		require.Equal(t, syscall.EINVAL, s.SetOption(c.option, c.value), "%v = %d", c.option, c.value)
	}
}

func TestUnknownOptions(t *testing.T) {
	p := newPair(t, nil)
	s := p.a.open(engine.IPv4)
	unknown := engine.Option(200)
	require.Equal(t, syscall.ENOPROTOOPT, s.SetOption(unknown, 1))
	_, errno := s.Option(unknown)
	require.Equal(t, syscall.ENOPROTOOPT, errno)
}

func TestAcceptedConnectionsInheritTheListenersOptions(t *testing.T) {
	p := newPair(t, nil)
	l := p.b.listen(engine.IPv4, 80, 10)
	p.b.set(l, engine.UserTimeout, int64(5*time.Second))
	p.a.connect(engine.IPv4, 80)
	p.run(5 * delay)
	got, errno := p.b.accept(l).Option(engine.UserTimeout)
	require.Zero(t, errno)
	require.Equal(t, int64(5*time.Second), got)
}

func TestNagleHoldsASmallSegmentWhileOneIsUnacknowledged(t *testing.T) {
	for _, noDelay := range []int64{0, 1} {
		p := newPair(t, nil)
		a, _, _ := p.established(engine.IPv4)
		p.a.set(a, engine.NoDelay, noDelay)
		before := len(p.a.sent)
		p.a.send(a, "one")
		p.a.send(a, "two")
		require.Equal(t, int(1+noDelay), len(p.a.sent)-before, "RFC 9293 section 3.7.4, TCP_NODELAY %d", noDelay)
		p.run(2 * delay)
		require.Equal(t, 2, len(p.a.sent)-before)
	}
}

func TestMaximumSegmentSizeIsOffered(t *testing.T) {
	p := newPair(t, nil)
	p.b.listen(engine.IPv4, 80, 10)
	s := p.a.open(engine.IPv4)
	p.a.set(s, engine.MaxSegment, 600)
	require.Equal(t, syscall.EINPROGRESS, s.Connect(p.b.addrPort(engine.IPv4, 80)))
	p.a.settle()
	require.Contains(t, p.a.sent[0].String(), "mss 600")
}

func TestKeepAliveFindsADeadPeer(t *testing.T) {
	p := newPair(t, nil)
	a, _, _ := p.established(engine.IPv4)
	p.a.set(a, engine.KeepAlive, 1)
	p.a.set(a, engine.KeepAliveIdle, int64(time.Second))
	p.a.set(a, engine.KeepAliveInterval, int64(time.Second))
	p.a.set(a, engine.KeepAliveCount, 3)
	p.lose = func(*side, *wire.Packet) bool { return true }
	p.run(4*time.Second - ms)
	require.Equal(t, wire.Established, a.State(), "idle 1 s, then three probes, one second each")
	p.run(2 * ms)
	require.Equal(t, wire.Closed, a.State())
	require.Equal(t, syscall.ETIMEDOUT, a.TakeFailure())
}

func TestUserTimeoutGivesUpUnacknowledgedData(t *testing.T) {
	p := newPair(t, nil)
	a, _, _ := p.established(engine.IPv4)
	p.a.set(a, engine.UserTimeout, int64(3*time.Second))
	p.lose = func(*side, *wire.Packet) bool { return true }
	p.a.send(a, "into the void")
	p.run(2 * time.Second)
	require.Equal(t, wire.Established, a.State())
	p.run(5 * time.Second)
	require.Equal(t, wire.Closed, a.State())
	require.Equal(t, syscall.ETIMEDOUT, a.TakeFailure())
}

func TestOrphanInFinWait2EndsAfterItsTimeout(t *testing.T) {
	p := newPair(t, nil)
	a, _, _ := p.established(engine.IPv4)
	p.a.set(a, engine.FinWait2Timeout, int64(5*time.Second))
	p.a.close(a)
	p.run(2 * delay)
	require.Equal(t, wire.FinWait2, a.State())
	p.run(5*time.Second - 2*delay)
	require.Equal(t, wire.FinWait2, a.State())
	p.run(3 * delay)
	require.Equal(t, wire.Closed, a.State())
	require.Equal(t, wire.Closed, p.a.change[len(p.a.change)-1].To, "the transition must be reported")
}
