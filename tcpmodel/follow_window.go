package tcpmodel

import (
	"time"

	"rstlab/netsim/wire"
)

// reads is what was read, and what of that the peer is told.
type reads struct {
	taken   int  // octets that were read
	reading int  // octets that a RECEIVE under way may take
	first   int  // the window of the own SYN
	untold  bool // reading has opened the window, and the peer was not told

	resized    time.Duration // when SO_RCVBUF may have opened the window, and an ACK tells of it
	hasResized bool
	fullest    fullest
}

// room is what there is in the receive buffer at a moment.
type room struct {
	unread, charged, queued int // octets; memory of all; memory of what can be read
}

// roomNow is what there is now; nothing is known where memory does not count.
func (f *Follower) roomNow() room {
	if !f.ep.countsMemory() {
		return room{}
	}
	r := room{unread: f.ep.unread, charged: f.ep.charged}
	for i := range f.ep.chunks {
		r.queued += f.ep.chunks[i].charge
	}
	return r
}

// fullest is the least room that there was in an instant in which segments arrived. While one
// is processed, and those that came with it wait, they take memory, kept or not; and what a
// FIN has thrown away is thrown away behind its ACK (netstack segment_queue.go, enqueue;
// rcv.go, consumeSegment).
type fullest struct {
	at              time.Duration
	unread, charged int // octets; memory of what is kept
	passing         int // and of what is not
}

// fills takes note of a segment that has arrived, and of the room before and after it.
func (f *Follower) fills(now time.Duration, s *Segment, before, after room) {
	x := &f.fullest
	if !f.ep.countsMemory() {
		return
	}
	if x.at != now {
		*x = fullest{at: now}
	}
	x.unread, x.charged = max(x.unread, before.unread, after.unread), max(x.charged, before.charged, after.charged)
	if n := f.ep.memoryOf(s); len(s.Payload) == 0 || after.charged != before.charged+n {
		x.passing += n
	}
}

// leastWindow is the least window that an ACK has, where there is more room than was offered:
// netstack offers half of what is free, unless little has arrived since the last segment and
// more is unread than was (rcv.go, getSendParams). 0 is where nothing is known, and where the
// window is as it was.
func (f *Follower) leastWindow(ack uint32) int {
	e, m := f.ep, &f.ep.memory
	w, room := f.leastRoom()
	grows := int(wire.SeqDiff(ack, e.rcvWup)) >= e.p.SegmentMemory+ipv4MaxHeader || room.unread <= m.usedBefore
	closed := e.rcvWnd == 0 && w < e.ackThreshold(f.mostBuffer(room.unread))
	if m.asOffered || !grows || closed || w < int(wire.SeqDiff(f.offered, ack))+1<<e.rcvScale {
		return 0
	}
	return min(w, 65535<<e.rcvScale)
}

// Reading says how many octets the RECEIVEs that are under way may take: they may have
// taken them before they return.
func (f *Follower) Reading(n int) { f.reading = n }

// leastRoom is the least window that there is room for now, and the room.
func (f *Follower) leastRoom() (int, room) {
	e, r := f.ep, f.roomNow()
	if x := &f.fullest; x.at == e.now {
		r.unread, r.charged = max(r.unread, x.unread), max(r.charged, x.charged)+x.passing
	}
	size := int(e.opt[ReceiveBuffer])
	return min((size-r.charged)/2, size/2-r.unread), r
}

// mostRoom is the greatest window that there may be room for in a segment.
func (f *Follower) mostRoom(ack uint32) int {
	most := f.mostWindow(f.roomNow())
	for _, m := range f.moments {
		if m.at == f.ep.now && m.rcvNxt == ack {
			most = max(most, f.mostWindow(m.room))
		}
	}
	return most
}

// offers takes over the window that a segment has, and what is known of the part of it that is
// less than a unit of the window scale: it is what was left of the window before, or what there
// is room for.
func (f *Follower) offers(s *Segment) {
	e, m := f.ep, &f.ep.memory
	unit := uint32(1) << e.rcvScale
	if e.state == wire.SynReceived {
		unit = 1
	}
	w, left := int(s.Window)*int(unit), int(wire.SeqDiff(e.rcvWup+e.rcvWnd, s.Ack))
	least, most := w, w+int(unit)-1
	if e.countsMemory() && s.Window < 65535 {
		leftMost := max(left+int(m.restMost), 0)
		least = max(least, left+int(m.restLeast))
		if room, _ := f.leastRoom(); w > leftMost {
			least = max(least, room)
		}
		if most = min(most, max(leftMost, f.mostRoom(s.Ack))); most < least {
			least, most = w, w+int(unit)-1
		}
	}
	e.rcvWnd, e.rcvWup = uint32(w), s.Ack
	m.restLeast, m.restMost = uint32(least-w), uint32(most-w)
}

// mostWindow is the greatest window that a receive buffer is worth (netstack endpoint.go,
// selectWindowLocked): half of what is free, and half of all less what is not read.
func (f *Follower) mostWindow(r room) int {
	size := f.mostBuffer(min(f.reading, r.unread))
	if f.reading > 0 && r.unread > 0 {
		r.charged -= r.queued
		r.unread = max(r.unread-f.reading, 0)
	}
	return max(min((size-r.charged)/2, size/2-r.unread), 0)
}

// mostBuffer is the greatest size that the buffer can have when n octets of it are being read:
// what was set, or what tuning has made of it, and makes of these. Where it is not known which
// octets were read in which round trip, they are taken as if they were of one.
func (f *Follower) mostBuffer(n int) int {
	e, m := f.ep, &f.ep.memory
	size, copied, before := int(e.opt[ReceiveBuffer]), m.copied+n, m.copiedBefore
	if m.vague {
		copied, before = f.taken+n, f.first
	}
	if !e.countsMemory() || m.fixed || copied <= before || !m.vague && (n == 0 || !e.tripOver()) {
		return size
	}
	return max(size, e.tunedSize(copied, before))
}

// window checks the window of a segment. Its right edge does not move left, and moves
// right no farther than there is room.
func (f *Follower) window(s *Segment) *Refusal {
	e := f.ep
	if e.state == wire.SynReceived {
		return nil
	}
	unit := uint32(1) << e.rcvScale
	edge := s.Ack + uint32(s.Window)<<e.rcvScale
	if wire.SeqLess(edge+unit-1, f.offered) {
		return refuse(SwsReceiver, showSegment(s), "a right edge of the window of at least %d, not %d: RFC 9293 section 3.8.6 (SHLD-14)", f.offered, edge+unit-1)
	}
	if !e.countsMemory() {
		return nil
	}
	if least := f.leastWindow(s.Ack); int(s.Window) < least>>e.rcvScale {
		return refuse(SwsReceiver, showSegment(s), "a window of at least %d octets, not %d: there is room", least, wire.SeqDiff(edge, s.Ack))
	}
	if wire.SeqLess(edge, f.offered+unit) {
		return nil
	}
	if e.memory.asOffered {
		return refuse(SwsReceiver, showSegment(s), "the window of the SYN, up to %d, not %d", f.offered, edge)
	}
	if most := f.mostRoom(s.Ack); int(wire.SeqDiff(edge, s.Ack)) > most {
		return refuse(SwsReceiver, showSegment(s), "a window of at most %d octets, not %d: there is no more room in a buffer of %d", most, wire.SeqDiff(edge, s.Ack), f.mostBuffer(f.reading))
	}
	return nil
}

// opens takes note of what was read. Where that has made the window worth telling of, it
// was told before the RECEIVE returned (netstack endpoint.go, Read and
// windowCrossedACKThresholdLocked), and is not closed any more. RFC 9293 section
// 3.8.6.2.2: "avoid advancing the right window edge RCV.NXT+RCV.WND in small increments",
// until "RCV.BUFF - RCV.USER - RCV.WND >= min ( Fr * RCV.BUFF, Eff.snd.MSS )". Where it is not
// known what tuning has made of the buffer, neither is when that is.
func (f *Follower) opens(now time.Duration, n int) {
	e, m := f.ep, &f.ep.memory
	f.taken += n
	size := int(e.opt[ReceiveBuffer])
	if m.crossed && e.synchronized() && f.mostBuffer(0) == size {
		grows := e.unread <= m.usedBefore && e.ackThreshold(size)>>e.rcvScale > 0 // netstack rcv.go, getSendParams
		f.untold = f.sends < now || grows && !wire.SeqLess(e.rcvNxt, f.offered)
	}
	m.crossed = false
}
