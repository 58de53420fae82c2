package netstack_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gvisor.dev/gvisor/pkg/tcpip"
	"pgregory.net/rapid"

	"rstlab/netsim/engine"
	"rstlab/netsim/wire"
)

// world is a pair and the sockets that a random program has made in it.
type world struct {
	*pair
	t         *rapid.T
	listeners map[*side]engine.Socket
	sockets   map[*side][]engine.Socket
}

// step does one random thing.
func (w *world) step() {
	s := rapid.SampledFrom([]*side{w.a, w.b}).Draw(w.t, "side")
	l := w.listeners[s]
	socks := w.sockets[s]
	switch op := rapid.IntRange(0, 9).Draw(w.t, "op"); op {
	case 0, 1:
		f := rapid.SampledFrom([]engine.Family{engine.IPv4, engine.IPv6}).Draw(w.t, "family")
		w.sockets[s] = append(socks, s.connect(f, 80))
		return
	case 2:
		w.run(time.Duration(rapid.SampledFrom([]int{1, 10, 11, 35, 500, 61_000}).Draw(w.t, "ms")) * ms)
		return
	case 3:
		if got, errno := l.Accept(); errno == 0 {
			s.settle()
			w.sockets[s] = append(socks, got)
		}
		return
	case 4:
		w.listeners[s].Close()
		s.settle()
		w.listeners[s] = s.listenAny()
		return
	default:
		if len(socks) > 0 {
			w.use(s, rapid.IntRange(0, len(socks)-1).Draw(w.t, "socket"), op)
		}
	}
}

// use does something with a socket of the side.
func (w *world) use(s *side, i, op int) {
	sock := w.sockets[s][i]
	switch op {
	case 5, 6:
		if sock.State() == wire.Established || sock.State() == wire.CloseWait {
			sock.Send(make([]byte, rapid.IntRange(1, 40_000).Draw(w.t, "bytes")))
			s.settle()
		}
	case 7:
		s.recv(sock)
	case 8:
		sock.Shutdown(false, true)
		s.settle()
	default:
		if rapid.Bool().Draw(w.t, "abort") {
			s.set(sock, engine.Linger, 0)
		}
		s.close(sock)
		w.sockets[s] = append(w.sockets[s][:i:i], w.sockets[s][i+1:]...)
	}
}

func (s *side) listenAny() engine.Socket {
	l := s.open(engine.IPv6)
	s.set(l, engine.ReuseAddress, 1)
	require.Zero(s.pair.tb, l.Bind(netip.AddrPortFrom(netip.IPv6Unspecified(), 80)))
	require.Zero(s.pair.tb, l.Listen(3))
	s.settle()
	return l
}

// legal are the transitions that can be reported, those of RFC 9293 figure 5
// and what several of them within one step amount to.
var legal = map[wire.State][]wire.State{
	wire.Closed:      {wire.SynSent},
	wire.Listen:      {wire.SynReceived, wire.Established, wire.CloseWait, wire.Closed},
	wire.SynSent:     {wire.SynReceived, wire.Established, wire.Closed},
	wire.SynReceived: {wire.Established, wire.CloseWait, wire.Closed},
	wire.Established: {wire.FinWait1, wire.CloseWait, wire.Closed},
	wire.FinWait1:    {wire.FinWait2, wire.Closing, wire.TimeWait, wire.Closed},
	wire.FinWait2:    {wire.TimeWait, wire.Closed},
	wire.Closing:     {wire.TimeWait, wire.Closed},
	wire.CloseWait:   {wire.LastAck, wire.Closed},
	wire.LastAck:     {wire.Closed},
	wire.TimeWait:    {wire.Closed},
}

// chains requires that the transitions of each connection follow from one
// another and are those of TCP, and that each has come to its end.
func (s *side) chains() {
	type key struct{ local, remote netip.AddrPort }
	last := map[key]wire.State{}
	for _, c := range s.change {
		k := key{c.Local, c.Remote}
		if before, ok := last[k]; ok && before != wire.Closed {
			require.Equal(s.pair.tb, before, c.From, "%v goes on where it was", k)
		} else {
			require.Contains(s.pair.tb, []wire.State{wire.Closed, wire.Listen}, c.From, "%v begins at the beginning", k)
		}
		require.Contains(s.pair.tb, legal[c.From], c.To, "%v from %v", k, c.From)
		last[k] = c.To
	}
	for k, state := range last {
		require.Equal(s.pair.tb, wire.Closed, state, "%v must end, and its end be reported", k)
	}
}

func TestTransitionsAreThoseOfTCPWhateverHappens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := newPair(t, nil)
		defer p.close()
		w := &world{pair: p, t: rt, listeners: map[*side]engine.Socket{}, sockets: map[*side][]engine.Socket{}}
		loss := rapid.IntRange(0, 30).Draw(rt, "percent lost")
		dice := uint32(rapid.IntRange(1, 1000).Draw(rt, "dice"))
		p.lose = func(*side, *wire.Packet) bool {
			dice = dice*1664525 + 1013904223
			return dice>>8%100 < uint32(loss)
		}
		for _, s := range []*side{p.a, p.b} {
			w.listeners[s] = s.listenAny()
		}
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			w.step()
		}
		for _, s := range []*side{p.a, p.b} {
			for _, sock := range w.sockets[s] {
				s.close(sock)
			}
			s.close(w.listeners[s])
		}
		p.finish()
		p.a.chains()
		p.b.chains()
		p.close()
		require.Empty(t, tcpip.GetDanglingEndpoints())
	})
}
