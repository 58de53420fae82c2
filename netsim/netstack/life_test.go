package netstack_test

import (
	"net/netip"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/engine"
	"rstlab/netsim/wire"
)

// lives requires the states that both sides' connections went through.
func (p *pair) lives(a, b string) {
	p.tb.Helper()
	require.Equal(p.tb, a, p.a.life(), "the states of a, which opens")
	require.Equal(p.tb, b, p.b.life(), "the states of b, which listens")
}

func TestLifeWithTheActiveSideClosingFirst(t *testing.T) {
	bothFamilies(t, func(t *testing.T, f engine.Family) {
		p := newPair(t, nil)
		a, b, _ := p.established(f)
		p.a.close(a)
		p.run(2 * delay)
		p.lives("CLOSED > SYN-SENT > ESTABLISHED > FIN-WAIT-1 > FIN-WAIT-2", "LISTEN > SYN-RECEIVED > ESTABLISHED > CLOSE-WAIT")
		p.b.close(b)
		p.run(2 * delay)
		p.lives("CLOSED > SYN-SENT > ESTABLISHED > FIN-WAIT-1 > FIN-WAIT-2 > TIME-WAIT",
			"LISTEN > SYN-RECEIVED > ESTABLISHED > CLOSE-WAIT > LAST-ACK > CLOSED")
		begin := p.agenda.Now()
		p.finish()
		p.lives("CLOSED > SYN-SENT > ESTABLISHED > FIN-WAIT-1 > FIN-WAIT-2 > TIME-WAIT > CLOSED",
			"LISTEN > SYN-RECEIVED > ESTABLISHED > CLOSE-WAIT > LAST-ACK > CLOSED")
		require.InDelta(t, time.Minute, p.agenda.Now().Sub(begin), float64(2*delay), "TIME-WAIT lasts 60 s")
	})
}

func TestLifeWithThePassiveSideClosingFirst(t *testing.T) {
	p := newPair(t, nil)
	a, b, _ := p.established(engine.IPv4)
	p.b.close(b)
	p.run(2 * delay)
	p.a.close(a)
	p.finish()
	p.lives("CLOSED > SYN-SENT > ESTABLISHED > CLOSE-WAIT > LAST-ACK > CLOSED",
		"LISTEN > SYN-RECEIVED > ESTABLISHED > FIN-WAIT-1 > FIN-WAIT-2 > TIME-WAIT > CLOSED")
}

func TestLifeWithBothSidesClosingAtOnce(t *testing.T) {
	p := newPair(t, nil)
	a, b, _ := p.established(engine.IPv4)
	p.a.close(a)
	p.b.close(b)
	p.finish()
	p.lives("CLOSED > SYN-SENT > ESTABLISHED > FIN-WAIT-1 > CLOSING > TIME-WAIT > CLOSED",
		"LISTEN > SYN-RECEIVED > ESTABLISHED > FIN-WAIT-1 > CLOSING > TIME-WAIT > CLOSED")
}

func TestLifeWithAHalfClosedConnection(t *testing.T) {
	p := newPair(t, nil)
	a, b, _ := p.established(engine.IPv4)
	p.a.shutdown(a, false, true)
	p.run(delay)
	p.b.send(b, "more")
	p.b.shutdown(b, false, true)
	p.run(5 * delay)
	p.a.received(a, "more")
	p.lives("CLOSED > SYN-SENT > ESTABLISHED > FIN-WAIT-1 > FIN-WAIT-2 > TIME-WAIT",
		"LISTEN > SYN-RECEIVED > ESTABLISHED > CLOSE-WAIT > LAST-ACK > CLOSED")
}

func TestLifeEndedByAReset(t *testing.T) {
	p := newPair(t, nil)
	a, _, _ := p.established(engine.IPv4)
	p.a.set(a, engine.Linger, 0)
	p.a.close(a)
	p.run(5 * delay)
	p.lives("CLOSED > SYN-SENT > ESTABLISHED > CLOSED", "LISTEN > SYN-RECEIVED > ESTABLISHED > CLOSED")
	_, pending := p.agenda.Peek()
	require.False(t, pending, "a reset leaves nothing to wait for")
}

func TestLifeOfASimultaneousOpen(t *testing.T) {
	p := newPair(t, nil)
	open := func(s *side) engine.Socket {
		sock := s.open(engine.IPv4)
		require.Zero(t, sock.Bind(s.addrPort(engine.IPv4, 5000)))
		require.Equal(t, syscall.EINPROGRESS, sock.Connect(s.peer.addrPort(engine.IPv4, 5000)))
		return sock
	}
	a, b := open(p.a), open(p.b)
	p.a.settle()
	p.b.settle()
	p.run(5 * delay)
	p.lives("CLOSED > SYN-SENT > SYN-RECEIVED > ESTABLISHED", "CLOSED > SYN-SENT > SYN-RECEIVED > ESTABLISHED")
	p.a.send(a, "hello")
	p.run(delay)
	p.b.received(b, "hello")
}

func TestLifeOfAHandshakeThatIsNeverCompleted(t *testing.T) {
	p := newPair(t, nil)
	l := p.b.listen(engine.IPv4, 80, 10)
	p.lose = func(from *side, _ *wire.Packet) bool { return from == p.b }
	a := p.a.connect(engine.IPv4, 80)
	p.finish()
	require.Equal(t, "CLOSED > SYN-SENT > CLOSED", p.a.life())
	require.Equal(t, syscall.ETIMEDOUT, a.TakeFailure())
	require.Contains(t, p.b.life(), "LISTEN > SYN-RECEIVED > CLOSED", "the half-open connection must be given up, and that be reported")
	require.False(t, l.Acceptable())
}

func TestLifeOfAConnectionResetInTheAcceptQueue(t *testing.T) {
	p := newPair(t, nil)
	l := p.b.listen(engine.IPv4, 80, 10)
	a := p.a.connect(engine.IPv4, 80)
	p.run(5 * delay)
	p.a.send(a, "still readable")
	p.run(delay)
	p.a.set(a, engine.Linger, 0)
	p.a.close(a)
	p.run(delay)
	require.Equal(t, "LISTEN > SYN-RECEIVED > ESTABLISHED > CLOSED", p.b.life())
	for _, c := range p.b.change {
		require.Nil(t, c.Socket, "no descriptor refers to it yet")
	}
	require.True(t, l.Acceptable(), "accept hands out connections that are already reset")
	b := p.b.accept(l)
	require.Equal(t, wire.Closed, b.State())
	require.Equal(t, a.LocalAddr(), b.RemoteAddr())
	p.b.received(b, "still readable")
	require.Equal(t, syscall.ECONNRESET, b.TakeFailure())
	require.Equal(t, "LISTEN > SYN-RECEIVED > ESTABLISHED > CLOSED", p.b.life(), "nothing is reported twice")
}

func TestLifeOfConnectionsWhoseListenerIsClosed(t *testing.T) {
	p := newPair(t, nil)
	l := p.b.listen(engine.IPv4, 80, 10)
	p.a.connect(engine.IPv4, 80)
	p.run(5 * delay)
	p.lose = func(from *side, p *wire.Packet) bool { return p.TCP.Flags == wire.ACK }
	p.a.connect(engine.IPv4, 80)
	p.run(3 * delay)
	require.Equal(t, "LISTEN > SYN-RECEIVED > ESTABLISHED | LISTEN > SYN-RECEIVED", p.b.life())
	p.b.change = nil
	p.b.close(l)
	require.Equal(t, "ESTABLISHED > CLOSED | SYN-RECEIVED > CLOSED", p.b.life(), "both end with the listener, and at once")
}

func TestLifeOfConnectionsWhoseListenerIsShutDown(t *testing.T) {
	p := newPair(t, nil)
	l := p.b.listen(engine.IPv4, 80, 10)
	p.a.connect(engine.IPv4, 80)
	p.run(5 * delay)
	p.b.change = nil
	p.b.shutdown(l, true, true)
	require.Equal(t, "ESTABLISHED > CLOSED", p.b.life())
}

func TestLifeEndedByAnICMPErrorBeforeAccept(t *testing.T) {
	p := newPair(t, nil)
	p.b.listen(engine.IPv4, 80, 10)
	p.lose = func(from *side, p *wire.Packet) bool { return p.TCP.Flags == wire.ACK }
	p.a.connect(engine.IPv4, 80)
	p.run(2*delay + ms)
	require.Equal(t, "LISTEN > SYN-RECEIVED", p.b.life())
	unreachable, err := wire.NewICMPError(wire.HostUnreachable, netip.MustParseAddr("10.0.0.9"), p.b.raw[0])
	require.NoError(t, err)
	p.b.forge(unreachable)
	require.Equal(t, "LISTEN > SYN-RECEIVED > CLOSED", p.b.life())
}

func TestLifeOfAConnectMetByAnICMPError(t *testing.T) {
	p := newPair(t, nil)
	p.lose = func(*side, *wire.Packet) bool { return true }
	a := p.a.connect(engine.IPv4, 80)
	unreachable, err := wire.NewICMPError(wire.HostUnreachable, netip.MustParseAddr("10.0.0.9"), p.a.raw[0])
	require.NoError(t, err)
	p.a.forge(unreachable)
	require.Equal(t, "CLOSED > SYN-SENT > CLOSED", p.a.life())
	require.Equal(t, syscall.EHOSTUNREACH, a.TakeFailure())
}

func TestTransitionsNameTheirSocketAndAddresses(t *testing.T) {
	p := newPair(t, nil)
	a, b, _ := p.established(engine.IPv6)
	p.a.close(a)
	p.run(delay)
	p.b.close(b)
	p.finish()
	for _, c := range p.a.change {
		require.Equal(t, a.LocalAddr(), c.Local)
		require.Equal(t, a.RemoteAddr(), c.Remote)
		if c.To == wire.SynSent || c.To == wire.Established || c.To == wire.FinWait1 {
			require.Equal(t, a, c.Socket, "to %v: the descriptor is open, or is just being closed", c.To)
		} else {
			require.Nil(t, c.Socket, "to %v: the descriptor is gone", c.To)
		}
	}
	for _, c := range p.b.change {
		require.Equal(t, b.LocalAddr(), c.Local)
		require.Equal(t, b.RemoteAddr(), c.Remote)
		if c.To == wire.CloseWait || c.To == wire.LastAck {
			require.Equal(t, b, c.Socket, "to %v", c.To)
		} else {
			require.Nil(t, c.Socket, "to %v", c.To)
		}
	}
}
