package tcpmodel

import (
	"slices"

	"rstlab/netsim/wire"
)

// sendChunks are the packets of many segments that text waits in (Linux
// net/ipv4/tcp.c, tcp_sendmsg_locked).
type sendChunks struct {
	waiting []waiting // with text that was not sent, in order
	bursts  uint64    // so many packets were sent
}

// waiting is one that ends at a number.
type waiting struct {
	end  uint32
	push bool // its last segment has PSH
}

// Of the packets, the size of the largest, and what each takes besides its text
// (Linux include/linux/skbuff.h, SKB_TRUESIZE).
const (
	largestChunk  = 65215
	chunkOverhead = 832
)

// chunkSize is how much text a packet takes (tcp_xmit_size_goal): whole segments, at
// most half of the largest window.
func (e *Endpoint) chunkSize() int {
	size := largestChunk
	if half := int(e.maxWnd / 2); half > 0 {
		size = min(size, half)
	}
	mss := e.segmentSize()
	return max(size/mss, 1) * mss
}

// queueChunks queues as much of p as there is room for: packets are filled and a
// new one is begun as long as the buffer is not full. What fills a packet is
// sent as far as the windows allow, which makes room in it again.
func (e *Endpoint) queueChunks(p []byte) int {
	taken := 0
	for taken < len(p) {
		e.dropChunks()
		room := e.chunkRoom()
		if room <= 0 {
			if e.queuedMemory() >= int(e.opt[SendBuffer]) {
				e.blocked = true
				break
			}
			if e.p.IdleHalves {
				e.restartIdle()
			}
			e.waiting, room = append(e.waiting, waiting{}), e.chunkSize()
		}
		last := &e.waiting[len(e.waiting)-1]
		n := min(room, len(p)-taken)
		e.buf = append(e.buf, p[taken:taken+n]...)
		last.push = last.push && taken > 0
		last.end = e.finSeq()
		if taken += n; n == room {
			e.chunkFull(last)
		}
	}
	if last := len(e.waiting) - 1; last >= 0 && taken > 0 {
		e.markPush(&e.waiting[last])
	}
	return taken
}

// chunkRoom is how much the last packet that waits takes yet.
func (e *Endpoint) chunkRoom() int {
	last := len(e.waiting) - 1
	if last < 0 {
		return 0
	}
	from := e.nxt
	if last > 0 && wire.SeqLess(from, e.waiting[last-1].end) {
		from = e.waiting[last-1].end
	}
	return e.chunkSize() - int(wire.SeqDiff(e.waiting[last].end, from))
}

// chunkFull sends what it can: all when more than half of the largest window waits
// behind the last PSH (forced_push), else a burst of the first packet
// (tcp_push_one).
func (e *Endpoint) chunkFull(last *waiting) {
	if !e.synchronized() {
		return
	}
	pushed := e.pushed
	if !e.hasPushed {
		pushed = e.iss + 1
	}
	switch {
	case wire.SeqDiff(e.finSeq(), pushed) > int32(e.maxWnd/2):
		e.markPush(last)
		e.push(pushNow)
	case len(e.waiting) == 1:
		e.push(pushNow | pushBurst)
	}
}

// markPush is tcp_mark_push.
func (e *Endpoint) markPush(last *waiting) {
	last.push = true
	e.pushed, e.hasPushed = e.finSeq(), true
}

// dropChunks forgets the packets that were sent.
func (e *Endpoint) dropChunks() {
	n := 0
	for n < len(e.waiting) && wire.SeqLessEq(e.waiting[n].end, e.nxt) {
		n++
	}
	e.waiting = e.waiting[n:]
}

// headChunk is how much of what is unsent goes into the next packet: that which waits
// first, on which what follows in the next is put as far as it may become most (Linux
// net/ipv4/tcp_output.c, tcp_grow_skb, whether or not the window takes it).
func (e *Endpoint) headChunk(unsent, most int) int {
	if !e.p.SendChunks {
		return unsent
	}
	e.dropChunks()
	head := &e.waiting[0]
	size := int(wire.SeqDiff(head.end, e.nxt))
	if len(e.waiting) == 1 || size >= most {
		return size
	}
	next := &e.waiting[1]
	size += min(most-size, int(wire.SeqDiff(next.end, head.end)))
	if head.end = e.nxt + uint32(size); head.end == next.end {
		head.push = head.push || next.push
		e.waiting = slices.Delete(e.waiting, 1, 2)
	}
	return size
}

// pushProbe splits the first packet that waits where a probe of the window ends, and has
// both parts end with PSH (Linux net/ipv4/tcp_output.c, tcp_write_wakeup).
func (e *Endpoint) pushProbe(end uint32) {
	if !e.p.SendChunks {
		return
	}
	e.dropChunks()
	head := &e.waiting[0]
	head.push = true
	if !e.hasPushed || wire.SeqLess(e.pushed, head.end) {
		e.pushed, e.hasPushed = head.end, true
	}
	if head.end != end {
		e.waiting = slices.Insert(e.waiting, 0, waiting{end: end, push: true})
	}
}

// packets is how many packets the send buffer holds.
func (e *Endpoint) packets() int {
	e.dropChunks()
	n := len(e.waiting)
	for i := range e.rtx {
		if i == 0 || e.rtx[i].burst != e.rtx[i-1].burst {
			n++
		}
	}
	return n
}

// pushesAt reports whether the segment that ends at a number has PSH since the
// application pushed there.
func (e *Endpoint) pushesAt(end uint32) bool {
	switch {
	case e.p.WritesApart && !e.follows: // netstack snd.go, splitSeg: all but what is split at the MSS
		return len(e.writes) > 0 && int(wire.SeqDiff(e.writes[0].end, e.nxt)) <= e.mss
	case !e.p.SendChunks:
		return e.hasPushed && end == e.pushed
	}
	for _, w := range e.waiting {
		if w.end == end {
			return w.push
		}
	}
	return false
}
