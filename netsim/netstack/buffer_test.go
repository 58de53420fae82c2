package netstack_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/engine"
)

// socket(7): "The kernel doubles this value (to allow space for bookkeeping
// overhead) when it is set using setsockopt(2), and this doubled value is
// returned by getsockopt(2)."
func TestBufferSizesAreDoubledAndLimited(t *testing.T) {
	for _, o := range []engine.Option{engine.ReceiveBuffer, engine.SendBuffer} {
		p := newPair(t, nil)
		s := p.a.open(engine.IPv4)
		for _, c := range []struct{ set, want int64 }{
			{8192, 16384}, {1, 4096}, {0, 4096}, {-5, 4096}, {1 << 40, 8 << 20},
		} {
			p.a.set(s, o, c.set)
			got, errno := s.Option(o)
			require.Zero(t, errno)
			require.Equal(t, c.want, got, "%v set to %d", o, c.set)
		}
	}
}

func TestTheReceiveWindowIsWhatTheApplicationAskedFor(t *testing.T) {
	p := newPair(t, nil)
	l := p.b.open(engine.IPv4)
	p.b.set(l, engine.ReceiveBuffer, 8192)
	require.Zero(t, l.Bind(p.b.addrPort(engine.IPv4, 80)))
	require.Zero(t, l.Listen(10))
	p.a.connect(engine.IPv4, 80)
	p.run(5 * delay)
	require.Equal(t, 8192, int(p.b.sent[0].TCP.Window), "SYN+ACK: half of the doubled buffer")
}

func TestASlowReaderClosesTheWindowAndOpensItAgain(t *testing.T) {
	p := newPair(t, nil)
	l := p.b.open(engine.IPv4)
	p.b.set(l, engine.ReceiveBuffer, 8192)
	require.Zero(t, l.Bind(p.b.addrPort(engine.IPv4, 80)))
	require.Zero(t, l.Listen(10))
	a := p.a.connect(engine.IPv4, 80)
	p.run(5 * delay)
	b := p.b.accept(l)
	text := strings.Repeat("0123456789abcdef", 4096)
	p.a.send(a, text)
	p.run(100 * delay)
	require.LessOrEqual(t, b.Unread(), 2*8192, "the sender must stop at the window")
	var got strings.Builder
	for range 1000 {
		part, _ := p.b.recv(b)
		got.WriteString(part)
		p.run(delay)
	}
	require.Equal(t, len(text), got.Len())
	require.Equal(t, text, got.String())
}

func TestSendTakesWhatFitsAndThenSaysEAGAIN(t *testing.T) {
	p := newPair(t, nil)
	a, b, _ := p.established(engine.IPv4)
	p.a.set(a, engine.SendBuffer, 10_000)
	chunk := make([]byte, 1<<16)
	n, errno := a.Send(chunk)
	require.Zero(t, errno)
	require.Equal(t, 20_000, n)
	p.a.settle()
	_, errno = a.Send(chunk)
	require.Equal(t, "EAGAIN", engine.ErrnoName(errno))
	require.False(t, a.Writable())
	p.a.ready = nil
	p.run(2 * delay)
	require.Contains(t, p.a.ready, a, "an acknowledgment makes room, which must be signalled")
	require.True(t, a.Writable())
	require.Positive(t, b.Unread())
}
