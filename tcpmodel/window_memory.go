package tcpmodel

import (
	"time"

	"rstlab/netsim/wire"
)

// windowMemory is the receive buffer of a stack that counts the memory of segments
// and offers half of it as window (netstack; see [Profile.SegmentMemory]).
type windowMemory struct {
	atListen   int64 // size of the buffer at LISTEN
	usedBefore int   // text not read when the window was last announced
	fixed      bool  // SO_RCVBUF was set: no tuning
	asOffered  bool  // the next segment has the window of the SYN
	crossed    bool  // what was read has made room that is worth telling of
	arriving   int   // memory of the segment that is being processed, and was not kept

	// Tuning: what was read in a round trip (endpoint.go, ModerateRecvBuf).
	copied, copiedBefore int
	measured             time.Duration
	trip                 time.Duration // shortest; 0 before there is one
	timed                bool          // a measurement of it has begun,
	tripFrom             time.Duration // then,
	tripEnd              uint32        // and this number ends it,
	tripBlur             uint32        // or one that is more by up to this,
	vague                bool          // and whether it has ended is not known: see [Follower]

	// What rcvWnd leaves out of the window that was offered last, at least and at most: to a
	// Follower it is what stood in the header, in whole units of the window scale.
	restLeast, restMost uint32
}

// countsMemory reports whether the buffer is of this kind.
func (e *Endpoint) countsMemory() bool { return e.p.SegmentMemory > 0 }

// memoryOf is what a segment takes of the buffer: its datagram, and what the stack
// keeps of it (netstack segment.go, segMemSize).
func (e *Endpoint) memoryOf(s *Segment) int {
	n := e.p.SegmentMemory + 40 + s.optionsSize() + len(s.Payload)
	if e.ipv6 {
		n += 20
	}
	return n
}

// crowdedOut reports whether a segment is dropped before anybody looks at it: it
// has text, and more memory than there is was given away (netstack
// segment_queue.go, enqueue).
func (e *Endpoint) crowdedOut(s *Segment) bool {
	return e.crowdedOutOf(s, int(e.opt[ReceiveBuffer]))
}

// crowdedOutOf is the same for a buffer of a size.
func (e *Endpoint) crowdedOutOf(s *Segment, size int) bool {
	return e.countsMemory() && len(s.Payload) > 0 && e.charged > size
}

// asideFull reports whether text out of order is not kept: it may take three
// quarters of the buffer (netstack rcv.go, handleRcvdSegment).
func (e *Endpoint) asideFull(s *Segment) bool {
	return e.asideFullOf(s, int(e.opt[ReceiveBuffer]))
}

// asideFullOf is the same for a buffer of a size.
func (e *Endpoint) asideFullOf(s *Segment, size int) bool {
	if !e.countsMemory() {
		return false
	}
	used := len(s.Payload)
	for i := range e.later {
		used += e.later[i].charge
	}
	return used >= size-size/4
}

// holdArriving counts a segment's memory while it is processed (netstack
// segment_queue.go, enqueue; connect.go, handleSegmentsLocked, DecRef).
func (e *Endpoint) holdArriving(s *Segment) {
	if e.countsMemory() {
		e.memory.arriving = e.memoryOf(s)
	}
}

// chargeTwice counts the memory of a segment with text or FIN that ends a handshake once
// more, and for good: netstack enqueues it a second time, which adds its memory again, and
// takes that off once (connect.go, synRcvdState; segment.go, setOwner and DecRef). Of the ACK of
// a SYN cookie it is the listener's memory that is counted for good: it was enqueued there first
// (accept.go, handleListenSegment).
func (e *Endpoint) chargeTwice(s *Segment) {
	if !e.ofCookie {
		e.charged += e.twice(s)
	}
}

// twice is the memory of a segment with text or FIN that is enqueued twice; 0 of any other.
func (e *Endpoint) twice(s *Segment) int {
	if !e.countsMemory() || len(s.Payload) == 0 && !s.Flags.Has(wire.FIN) {
		return 0
	}
	return e.memoryOf(s)
}

// memoryWindow is the window that a buffer of a size would allow (netstack
// endpoint.go, selectWindowLocked).
func (e *Endpoint) memoryWindow(size int) int {
	return max(min(max(size-e.charged-e.memory.arriving, 0)/2, size/2-e.unread), 0)
}

// announceMemory is the window to announce now, which never shrinks (netstack
// rcv.go, getSendParams).
func (e *Endpoint) announceMemory() uint32 {
	m := &e.memory
	if m.asOffered {
		m.asOffered = false
		return e.rcvWnd
	}
	size := int(e.opt[ReceiveBuffer])
	now, w := int(e.receiveWindow()), e.memoryWindow(size)
	grows := int(e.rcvNxt-e.rcvWup) >= e.p.SegmentMemory+ipv4MaxHeader || e.unread <= m.usedBefore
	if w <= now || !grows {
		w = now
	}
	if e.rcvWnd == 0 && w != 0 {
		if crossed, _ := e.crossesThreshold(w, size); !crossed {
			w = 0
		}
	}
	if most := 65535 << e.rcvScale; w > most {
		w = most
	}
	e.rcvWnd, e.rcvWup, m.usedBefore = uint32(w), e.rcvNxt, e.unread
	return e.rcvWnd
}

// ipv4MaxHeader is the largest IPv4 header in bytes, which netstack counts for each
// segment (segment.go, SegOverheadSize).
const ipv4MaxHeader = 60

// crossesThreshold reports whether the window, which was less by delta, has come
// from below a segment or half of the buffer to above it, or the other way (netstack
// endpoint.go, windowCrossedACKThresholdLocked).
func (e *Endpoint) crossesThreshold(delta, size int) (crossed, above bool) {
	w := e.memoryWindow(size)
	before, threshold := max(w-delta, 0), e.ackThreshold(size)
	return before < threshold != (w < threshold), w >= threshold
}

// ackThreshold is the window that is worth telling of: a segment, or half of the greatest.
func (e *Endpoint) ackThreshold(size int) int { return min(e.announced, size/2/2) }

// memoryFreed tells the peer of room when text of a segment was read.
func (e *Endpoint) memoryFreed(charge int) {
	if crossed, above := e.crossesThreshold(charge, int(e.opt[ReceiveBuffer])); crossed && above {
		e.updateWindow()
	}
}

// updateWindow sends an ACK for the window in it.
func (e *Endpoint) updateWindow() {
	e.memory.crossed = true
	if (e.synchronized() || e.state == wire.TimeWait) && !e.follows {
		e.cite(SwsReceiver)
		e.sendAck()
	}
}

// resizeMemory is SO_RCVBUF (netstack endpoint.go, OnSetReceiveBufferSize).
func (e *Endpoint) resizeMemory(size int64) int64 {
	size = max(size, 1<<e.rcvScale)
	before := int(e.opt[ReceiveBuffer])
	e.memory.fixed = true
	e.opt[ReceiveBuffer] = size
	if e.resizeOpens(before, int(size)) {
		e.updateWindow()
	}
	return size
}

// resizeOpens reports whether another size of the buffer makes the window worth telling of.
func (e *Endpoint) resizeOpens(before, size int) bool {
	delta := max(size-e.charged, 0)/2 - max(before-e.charged, 0)/2
	crossed, above := e.crossesThreshold(delta, size)
	return crossed && above
}

// prepareMemory is what such a buffer begins with (netstack endpoint.go,
// rcvWndScaleForHandshake).
func (e *Endpoint) prepareMemory() {
	size := int64(e.p.MaxReceiveBuffer)
	if e.memory.fixed {
		size = e.opt[ReceiveBuffer]
	}
	e.rcvScale = 0
	for most := int64(65535); size > most && e.rcvScale < 14; most <<= 1 {
		e.rcvScale++
	}
}

// openMemory is the window of the first segment: whole units of the window scale, though the
// peer may know none (netstack endpoint.go, initialReceiveWindow).
func (e *Endpoint) openMemory() {
	w := min(int(e.opt[ReceiveBuffer])/2, 65535, 2*e.p.InitialWindow*e.announced)
	scale := max(e.rcvScale, e.scaleOf(e.windowOf(int(e.opt[ReceiveBuffer]))))
	w = max(w>>scale<<scale, 1)
	e.rcvWnd, e.rcvWup = uint32(w), e.rcvNxt
	e.memory.copiedBefore = w
}

// measureTrip learns the round trip from how long a window of text takes (netstack
// rcv.go, updateRTT).
func (e *Endpoint) measureTrip() {
	m := &e.memory
	if !e.countsMemory() {
		return
	}
	if m.timed && wire.SeqLess(e.rcvNxt, m.tripEnd) {
		return
	}
	m.vague = m.vague || m.timed && wire.SeqLess(e.rcvNxt, m.tripEnd+m.tripBlur)
	if m.timed {
		if trip := e.now - m.tripFrom; m.trip == 0 || trip < m.trip {
			m.trip = trip
		}
	}
	m.timed, m.tripFrom, m.tripEnd = true, e.now, e.rcvNxt+e.rcvWnd+m.restLeast
	m.tripBlur = m.restMost - m.restLeast
}

// tune enlarges the buffer when more is read in a round trip than in the one before
// (netstack endpoint.go, ModerateRecvBuf).
func (e *Endpoint) tune(n int) {
	m := &e.memory
	if !e.tunes() {
		return
	}
	if !e.tripOver() {
		m.copied += n
		return
	}
	if copied := m.copied + n; copied > m.copiedBefore {
		before, size := int(e.opt[ReceiveBuffer]), e.tunedSize(copied, m.copiedBefore)
		if size > before {
			delta := max(size-e.charged, 0)/2 - max(before-e.charged, 0)/2
			e.opt[ReceiveBuffer] = int64(size)
			if crossed, above := e.crossesThreshold(delta, before); crossed && above {
				defer e.updateWindow()
			}
		}
		m.copiedBefore = copied
	}
	m.measured, m.copied = e.now, 0
}

// tunes reports whether the size of the buffer can change by itself, and how is known.
func (e *Endpoint) tunes() bool { return e.countsMemory() && !e.memory.fixed && !e.memory.vague }

// tripOver reports whether what was read since the buffer was tuned last was read in a round
// trip.
func (e *Endpoint) tripOver() bool {
	return e.memory.trip != 0 && e.now-e.memory.measured >= e.memory.trip
}

// tunedSize is the size that the buffer should have when so much was read in a round trip, and
// so much in the one before.
func (e *Endpoint) tunedSize(copied, before int) int {
	size := copied*2 + 16*e.announced
	size += size * (copied - before) / before * 2
	return min(max(size, 2*e.p.InitialWindow*e.announced), e.p.MaxReceiveBuffer)
}
