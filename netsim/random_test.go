package netsim_test

import (
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim"
	"rstlab/netsim/engine"
	"rstlab/netsim/link"
	"rstlab/netsim/trace"
	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel/invariant"
)

// plan is a random program: what each proc does, as numbers.
type plan struct {
	seed  uint64
	link  link.Config
	procs [][]act
}

// act is one thing that a proc does.
type act struct{ op, arg, pause int }

func drawPlan(t *rapid.T) *plan {
	p := &plan{seed: rapid.Uint64().Draw(t, "seed")}
	// Not 0: with a loss, netstack can then answer each ACK with retransmissions, at
	// one instant and without end.
	p.link = link.Config{
		Delay:  time.Duration(rapid.IntRange(1, 30).Draw(t, "delay")) * ms,
		Jitter: time.Duration(rapid.IntRange(0, 30).Draw(t, "jitter")) * ms, Reorder: true,
		Loss: link.Probability(rapid.IntRange(0, 200_000).Draw(t, "loss")),
	}
	p.procs = make([][]act, rapid.IntRange(2, 6).Draw(t, "procs"))
	for i := range p.procs {
		p.procs[i] = make([]act, rapid.IntRange(1, 15).Draw(t, "acts"))
		for j := range p.procs[i] {
			p.procs[i][j] = act{
				op: rapid.IntRange(0, 24).Draw(t, "op"), arg: rapid.IntRange(0, 100_000).Draw(t, "arg"),
				pause: rapid.SampledFrom([]int{0, 0, 1, 10, 35, 400}).Draw(t, "pause"),
			}
		}
	}
	return p
}

// troupe is a plan being run.
type troupe struct {
	net     *netsim.Network
	hosts   []*netsim.Host
	link    *netsim.Link
	procs   []*netsim.Proc
	sockets map[*netsim.Host][]*netsim.Socket
}

// ending is what came of a run.
type ending struct {
	hash  trace.Hash
	trace *trace.Trace
	err   error
}

func (x *plan) run() ending {
	n := netsim.New(netsim.Config{Seed: x.seed, TimeLimit: vtime.Time(time.Hour), StepLimit: 2_000_000})
	defer n.Close()
	w := &troupe{net: n, sockets: map[*netsim.Host][]*netsim.Socket{}}
	for i, name := range []string{"a", "b"} {
		h := n.Host(name, netsim.HostConfig{Addrs: bothFamiliesOf(byte(i + 1)), GRO: i == 1})
		w.hosts = append(w.hosts, h)
		h.Go("listener", func(p *netsim.Proc) { w.listen(p) })
	}
	w.link = n.Link(w.hosts[0], w.hosts[1], netsim.Symmetric(x.link))
	for i, acts := range x.procs {
		w.procs = append(w.procs, w.hosts[i%2].Go(fmt.Sprint("p", i), func(p *netsim.Proc) {
			for _, a := range acts {
				w.act(p, a)
				if a.pause > 0 {
					p.Sleep(time.Duration(a.pause) * ms)
				}
			}
		}))
	}
	err := n.Run()
	return ending{n.Hash(), n.Trace(), err}
}

func (w *troupe) listen(p *netsim.Proc) {
	p.Daemon()
	s, errno := p.Socket(engine.IPv6)
	if errno != 0 || s.Bind(netip.AddrPortFrom(netip.IPv6Unspecified(), 80)) != 0 {
		return // the host is off, or another listens
	}
	s.Listen(4)
	for {
		got, errno := s.Accept()
		if errno != 0 {
			return
		}
		w.sockets[p.Host()] = append(w.sockets[p.Host()], got)
	}
}

// act does one thing; most need a socket of the host.
func (w *troupe) act(p *netsim.Proc, a act) {
	h := p.Host()
	other := w.hosts[0]
	if h == other {
		other = w.hosts[1]
	}
	socks := w.sockets[h]
	switch {
	case a.op <= 3:
		s, errno := p.Socket(engine.Family(a.arg % 2))
		if errno == 0 {
			w.sockets[h] = append(w.sockets[h], s)
			s.SetDeadline(p.Now().Add(5 * time.Second))
			s.Connect(addrPort(other.Addrs()[a.arg%2], 80))
		}
	case a.op == 4:
		w.link.Down()
		w.net.After(time.Duration(a.arg/100)*ms, w.link.Up)
	case a.op == 5 && a.arg%5 == 0:
		other.Reboot()
		other.Go("listener", func(p *netsim.Proc) { w.listen(p) })
	case a.op == 6 && a.arg%4 == 0:
		w.procs[a.arg%len(w.procs)].Kill()
	case a.op == 7 && a.arg%10 == 0:
		other.PowerOff()
	case len(socks) > 0:
		use(p, socks[a.arg%len(socks)], a)
	}
}

// use makes a call on a socket.
func use(p *netsim.Proc, s *netsim.Socket, a act) {
	if s.State() == wire.Closed && a.op != 20 {
		return
	}
	s.SetDeadline(p.Now().Add(time.Duration(a.arg%3000) * ms))
	switch a.op {
	case 8, 9, 10, 11:
		s.Send(make([]byte, a.arg))
	case 12, 13, 14:
		s.Recv(make([]byte, 1+a.arg))
	case 15:
		s.Peek(make([]byte, 10))
	case 16:
		s.TryRecv(make([]byte, 1000))
	case 17:
		s.Shutdown(a.arg%3 != 1, a.arg%3 > 0)
	case 18:
		s.SetOption(engine.Linger, []int64{-1, 0, int64(time.Second)}[a.arg%3])
	case 19:
		s.SetOption(engine.NoDelay, int64(a.arg%2))
	case 20, 21:
		s.Close()
	case 22:
		s.SocketError()
	case 23:
		s.SetOption(engine.ReceiveBuffer, int64(a.arg))
	}
}

// Whatever programs do, a run ends in one of the ways that are documented, and a
// second time in the same way.
func TestAnyProgramRunsTwiceTheSameWay(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := drawPlan(rt)
		first := x.run()
		require.Empty(rt, invariant.Unknown(invariant.Check(first.trace, invariant.Config{})))
		var dead *netsim.DeadlockError
		var late *netsim.TimeLimitError
		require.True(rt, first.err == nil || errors.As(first.err, &dead) || errors.As(first.err, &late), "%v", first.err)
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
		again := x.run()
		require.Nil(rt, trace.Diff(first.trace, again.trace))
		require.Equal(rt, first.hash, again.hash)
		require.Equal(rt, fmt.Sprint(first.err), fmt.Sprint(again.err))
	})
}
