package tcpmodel_test

import (
	"container/heap"
	"net/netip"
	"syscall"
	"time"

	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
)

// world is two stacks joined by a channel that may lose, repeat and reorder.
type world struct {
	now    time.Duration
	stacks [2]*tcpmodel.Stack
	flying flights
	seq    int
	// fate says what becomes of a packet: how long each copy of it takes; none is
	// a loss.
	fate    func(p *wire.Packet) []time.Duration
	packets []wire.Packet // all that were sent
	changes []tcpmodel.StackChange
}

type flightTo struct {
	at     time.Duration
	seq    int
	to     int
	packet wire.Packet
}

type flights []flightTo

func (f flights) Len() int { return len(f) }
func (f flights) Less(i, j int) bool {
	if f[i].at != f[j].at {
		return f[i].at < f[j].at
	}
	return f[i].seq < f[j].seq
}
func (f flights) Swap(i, j int) { f[i], f[j] = f[j], f[i] }
func (f *flights) Push(x any)   { *f = append(*f, x.(flightTo)) }
func (f *flights) Pop() any {
	old := *f
	x := old[len(old)-1]
	*f = old[:len(old)-1]
	return x
}

var worldAddrs = [2]netip.Addr{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2")}

func newWorld(client, server *tcpmodel.Profile) *world {
	w := &world{fate: func(*wire.Packet) []time.Duration { return []time.Duration{10 * time.Millisecond} }}
	for i, p := range []*tcpmodel.Profile{client, server} {
		w.stacks[i] = tcpmodel.NewStack(tcpmodel.StackConfig{Profile: p, Addrs: worldAddrs[i : i+1], Seed: uint64(i + 1)})
	}
	return w
}

// take puts what a stack sends on the channel.
func (w *world) take(from int, o *tcpmodel.StackOutput) {
	w.changes = append(w.changes, o.Changes...)
	for i := range o.Packets {
		p := o.Packets[i]
		w.packets = append(w.packets, p)
		for _, d := range w.fate(&p) {
			w.seq++
			heap.Push(&w.flying, flightTo{w.now + d, w.seq, 1 - from, p})
		}
	}
}

// step does the next thing; false when there is none before the limit.
func (w *world) step(limit time.Duration) bool {
	next, who := limit+1, -1
	for i, s := range w.stacks {
		if at, _, ok := s.NextDeadline(); ok && at < next {
			next, who = at, i
		}
	}
	if len(w.flying) > 0 && w.flying[0].at <= next && w.flying[0].at <= limit {
		f := heap.Pop(&w.flying).(flightTo)
		w.now = max(w.now, f.at)
		w.take(f.to, w.stacks[f.to].Arrive(w.now, &f.packet))
		return true
	}
	if who < 0 {
		return false
	}
	w.now = max(w.now, next)
	w.take(who, w.stacks[who].Expire(w.now))
	return true
}

func (w *world) run(d time.Duration) {
	limit := w.now + d
	for w.step(limit) {
	}
	w.now = limit
}

func (w *world) call(i int, k *tcpmodel.Socket, c tcpmodel.Call) tcpmodel.Result {
	r, o := w.stacks[i].Call(w.now, k, c)
	w.take(i, o)
	return r
}

func (w *world) listen(i int, port uint16, backlog int) *tcpmodel.Socket {
	k, errno := w.stacks[i].Open(false)
	must(errno)
	must(w.stacks[i].Bind(k, netip.AddrPortFrom(netip.IPv4Unspecified(), port)))
	errno, o := w.stacks[i].Listen(w.now, k, backlog)
	must(errno)
	w.take(i, o)
	return k
}

func (w *world) connect(i int, port uint16) *tcpmodel.Socket {
	k, errno := w.stacks[i].Open(false)
	must(errno)
	errno, o := w.stacks[i].Connect(w.now, k, netip.AddrPortFrom(worldAddrs[1-i], port))
	if errno != syscall.EINPROGRESS {
		panic(errno)
	}
	w.take(i, o)
	return k
}

func (w *world) accept(i int, l *tcpmodel.Socket) *tcpmodel.Socket {
	k, errno := w.stacks[i].Accept(l)
	must(errno)
	return k
}

// deliver hands a stack a packet that nobody sent.
func (w *world) deliver(to int, p wire.Packet) {
	w.take(to, w.stacks[to].Arrive(w.now, &p))
}

func (w *world) clauses() tcpmodel.ClauseSet {
	return w.stacks[0].Clauses().Union(w.stacks[1].Clauses())
}

func must(errno syscall.Errno) {
	if errno != 0 {
		panic(errno)
	}
}
