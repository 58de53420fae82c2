package tcpmodel

import (
	"container/heap"
	"slices"

	"rstlab/netsim/wire"
)

// asideQueue is text that waits until what precedes it arrives. It is sorted by its
// number, or with [Profile.AsideHeap] a heap; either way the first is the least.
type asideQueue []late

// putAside keeps text that is out of order. RFC 9293 section 3.10.7.4: "Segments
// with higher beginning sequence numbers SHOULD be held for later processing".
func (e *Endpoint) putAside(s *Segment) {
	bare := len(s.Payload) == 0
	if e.p.LateFinDropped && bare && !e.p.AsideHeap || e.asideFull(s) {
		return
	}
	x := late{
		seq: s.Seq, end: s.Seq + uint32(len(s.Payload)), data: s.Payload, ack: s.Ack,
		fin: s.Flags.Has(wire.FIN) && !(bare && e.p.LateFinDropped), charge: e.chargeFor(s),
		room: e.tailRoom(s),
	}
	e.measureAside(s, x.charge)
	if e.p.AsideHeap {
		heap.Push(&e.later, x)
		e.charged += x.charge
		e.memory.arriving = 0
		e.noteSack(x.seq, x.end) // without a FIN: netstack rcv.go, handleRcvdSegment
		return
	}
	at := len(e.later)
	for at > 0 && wire.SeqLess(x.seq, e.later[at-1].seq) {
		at--
	}
	if at > 0 && wire.SeqLessEq(x.end, e.later[at-1].end) && !x.fin {
		e.noteSack(x.seq, x.edge())
		return
	}
	if at > 0 && e.later[at-1].takes(&x) {
		e.noteSack(x.seq, x.edge())
		return
	}
	e.later = slices.Insert(e.later, at, x)
	e.charged += x.charge
	e.noteSack(x.seq, x.edge())
}

// takes puts x, which follows, into the memory of l where there is room, and reports
// whether it did (Linux net/ipv4/tcp_input.c, tcp_ooo_try_coalesce).
func (l *late) takes(x *late) bool {
	n := len(x.data)
	if l.fin || n == 0 || x.seq != l.end || n > l.room {
		return false
	}
	l.data = append(l.data[:len(l.data):len(l.data)], x.data...)
	l.end, l.fin, l.room = x.end, x.fin, l.room-n
	return true
}

// takeAside takes the first away, when nothing before it is missing.
func (e *Endpoint) takeAside() (x late, ok bool) {
	if len(e.later) == 0 || wire.SeqLess(e.rcvNxt, e.later[0].seq) {
		return late{}, false
	}
	x = e.later[0]
	if e.p.AsideHeap {
		heap.Pop(&e.later)
	} else {
		e.later = slices.Delete(e.later, 0, 1)
	}
	e.charged -= x.charge
	return x, true
}

// Len, Less, Swap, Push and Pop implement [heap.Interface].
func (q *asideQueue) Len() int           { return len(*q) }
func (q *asideQueue) Less(i, j int) bool { return wire.SeqLess((*q)[i].seq, (*q)[j].seq) }
func (q *asideQueue) Swap(i, j int)      { (*q)[i], (*q)[j] = (*q)[j], (*q)[i] }
func (q *asideQueue) Push(x any)         { *q = append(*q, x.(late)) }

func (q *asideQueue) Pop() any {
	n := len(*q) - 1
	x := (*q)[n]
	*q = (*q)[:n]
	return x
}
