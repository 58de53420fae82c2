package netstack_test

import (
	"net/netip"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/engine"
	"rstlab/netsim/wire"
)

// bothFamilies runs f over IPv4 and over IPv6.
func bothFamilies(t *testing.T, f func(*testing.T, engine.Family)) {
	t.Run("IPv4", func(t *testing.T) { f(t, engine.IPv4) })
	t.Run("IPv6", func(t *testing.T) { f(t, engine.IPv6) })
}

func TestHandshakeTakesThreeSegments(t *testing.T) {
	bothFamilies(t, func(t *testing.T, f engine.Family) {
		p := newPair(t, nil)
		listener := p.b.listen(f, 80, 10)
		require.False(t, listener.Acceptable(), "nobody has called yet")
		a := p.a.connect(f, 80)
		require.Equal(t, wire.SynSent, a.State())
		require.False(t, a.Writable(), "nothing can be sent before the handshake is over")
		p.run(5 * delay)

		require.Equal(t, "S .", p.a.flags())
		require.Equal(t, "S.", p.b.flags())
		require.True(t, a.Writable())
		require.True(t, listener.Acceptable())
		require.Equal(t, netip.AddrPortFrom(p.b.ip(f), 80), a.RemoteAddr())
		b := p.b.accept(listener)
		require.Equal(t, a.LocalAddr(), b.RemoteAddr(), "both ends must agree on the address")
		require.Equal(t, a.RemoteAddr(), b.LocalAddr(), "both ends must agree on the address")
		require.Greater(t, b.ID(), listener.ID(), "sockets are numbered in order of creation")
		require.Equal(t, wire.Established, b.State())
		_, errno := listener.Accept()
		require.Equal(t, syscall.EAGAIN, errno, "there was one connection only")
	})
}

func TestDataArrivesBothWays(t *testing.T) {
	bothFamilies(t, func(t *testing.T, f engine.Family) {
		p := newPair(t, nil)
		a, b, _ := p.established(f)
		_, errno := p.a.recv(a)
		require.Equal(t, syscall.EAGAIN, errno, "nothing was sent yet")
		p.a.send(a, "ping")
		p.run(delay)
		require.Equal(t, 4, b.Unread())
		require.True(t, b.Readable())
		peek := make([]byte, 2)
		n, errno := b.Recv(peek, true)
		require.Zero(t, errno)
		require.Equal(t, "pi", string(peek[:n]), "a peek must not take the data")
		p.b.received(b, "ping")
		require.Zero(t, b.Unread())
		p.b.send(b, "pong")
		p.run(delay)
		p.a.received(a, "pong")
	})
}

func TestRecvOfNothingTakesNothing(t *testing.T) {
	p := newPair(t, nil)
	a, b, _ := p.established(engine.IPv4)
	p.a.send(a, "x")
	p.run(delay)
	n, errno := b.Recv(nil, false)
	require.Zero(t, n)
	require.Zero(t, errno)
	p.b.received(b, "x")
}

func TestFINIsTheEndOfTheStream(t *testing.T) {
	bothFamilies(t, func(t *testing.T, f engine.Family) {
		p := newPair(t, nil)
		a, b, _ := p.established(f)
		p.a.send(a, "last words")
		p.a.shutdown(a, false, true)
		p.run(delay)
		p.b.received(b, "last words")
		p.b.received(b, "")
		p.b.send(b, "the other direction is open still")
		p.run(delay)
		p.a.received(a, "the other direction is open still")
		n, errno := a.Send([]byte("x"))
		require.Zero(t, n)
		require.Equal(t, syscall.EPIPE, errno)
	})
}

func TestRSTEndsTheConnectionAtBothEnds(t *testing.T) {
	bothFamilies(t, func(t *testing.T, f engine.Family) {
		p := newPair(t, nil)
		a, b, _ := p.established(f)
		p.a.send(a, "readable after the reset")
		p.run(delay)
		p.a.set(a, engine.Linger, 0)
		p.a.close(a)
		last := p.a.sent[len(p.a.sent)-1].TCP
		require.True(t, last.Flags.Has(wire.RST), "close with linger 0 is an ABORT")
		p.run(delay)
		require.Equal(t, wire.Closed, b.State())
		require.Equal(t, len("readable after the reset"), b.Unread(), "what was received before the RST stays readable")
		p.b.received(b, "readable after the reset")
		require.Equal(t, syscall.ECONNRESET, b.TakeFailure())
		require.Zero(t, b.TakeFailure(), "a failure is given once")
	})
}

func TestDualStackListenerTakesBothFamilies(t *testing.T) {
	p := newPair(t, nil)
	l := p.b.open(engine.IPv6)
	require.Zero(t, l.Bind(netip.AddrPortFrom(netip.IPv6Unspecified(), 80)))
	require.Zero(t, l.Listen(10))
	p.b.settle()
	require.Equal(t, "[::]:80", l.LocalAddr().String())
	bothFamilies(t, func(t *testing.T, f engine.Family) {
		a := p.a.connect(f, 80)
		p.run(5 * delay)
		b := p.b.accept(l)
		require.Equal(t, a.LocalAddr(), b.RemoteAddr(), "an IPv4 peer must not show as 4-in-6")
		require.Equal(t, netip.AddrPortFrom(p.b.ip(f), 80), b.LocalAddr())
		p.a.send(a, "hello")
		p.run(delay)
		p.b.received(b, "hello")
		p.a.close(a)
		p.run(delay)
		require.Equal(t, wire.CloseWait, b.State())
		require.Equal(t, wire.CloseWait, p.b.change[len(p.b.change)-1].To, "the transition must be reported")
		p.b.close(b)
		p.run(5 * delay)
	})
}

func TestConnectionRefused(t *testing.T) {
	bothFamilies(t, func(t *testing.T, f engine.Family) {
		p := newPair(t, nil)
		a := p.a.connect(f, 81)
		p.run(5 * delay)
		require.Equal(t, "R.", p.b.flags(), "RFC 9293 section 3.5.2: a SYN to a closed port draws RST")
		require.Equal(t, wire.Closed, a.State())
		require.Equal(t, "CLOSED > SYN-SENT > CLOSED", p.a.life())
		require.Equal(t, syscall.ECONNREFUSED, a.TakeFailure())
		require.Zero(t, a.TakeFailure(), "a failure is given once")
	})
}

func TestRSTInCloseWaitIsEPIPE(t *testing.T) {
	p := newPair(t, nil)
	a, b, _ := p.established(engine.IPv4)
	p.b.shutdown(b, false, true)
	p.run(delay)
	require.Equal(t, wire.CloseWait, a.State())
	p.b.set(b, engine.Linger, 0)
	p.b.close(b)
	p.run(delay)
	require.Equal(t, wire.Closed, a.State())
	require.Equal(t, syscall.EPIPE, a.TakeFailure(), "Linux tcp_reset: in CLOSE_WAIT the error is EPIPE")
	require.Zero(t, a.TakeFailure(), "a failure is given once")
}

func TestAnOrderlyEndIsNoFailure(t *testing.T) {
	p := newPair(t, nil)
	a, b, _ := p.established(engine.IPv4)
	p.a.shutdown(a, false, true)
	p.run(delay)
	p.b.shutdown(b, false, true)
	p.finish()
	require.Equal(t, wire.Closed, a.State())
	require.Equal(t, wire.Closed, b.State())
	require.Zero(t, a.TakeFailure())
	require.Zero(t, b.TakeFailure())
}

func TestFamiliesThatTheHostHasNot(t *testing.T) {
	p := newPair(t, nil)
	only4 := p.newOnly(t, p.a.ip4)
	_, errno := only4.Open(engine.IPv6)
	require.Equal(t, syscall.EAFNOSUPPORT, errno)
	only6 := p.newOnly(t, p.a.ip6)
	_, errno = only6.Open(engine.IPv4)
	require.Equal(t, syscall.EAFNOSUPPORT, errno)
}

func TestBindErrors(t *testing.T) {
	p := newPair(t, nil)
	p.a.listen(engine.IPv4, 80, 1)
	taken := p.a.open(engine.IPv4)
	require.Equal(t, syscall.EADDRINUSE, taken.Bind(netip.AddrPortFrom(p.a.ip4, 80)))
	require.Equal(t, syscall.EADDRNOTAVAIL, taken.Bind(netip.AddrPortFrom(p.b.ip4, 80)), "an address of another host")
	require.Zero(t, taken.Bind(netip.AddrPortFrom(p.a.ip4, 0)))
	require.NotZero(t, taken.LocalAddr().Port(), "port 0 is any free one")
	require.Equal(t, syscall.EINVAL, taken.Bind(netip.AddrPortFrom(p.a.ip4, 81)), "it is bound already")
}
