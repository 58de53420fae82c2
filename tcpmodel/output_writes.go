package tcpmodel

import "rstlab/netsim/wire"

// write is the text of a SEND, or of several that were joined, where a stack keeps
// them apart (netstack snd.go, writeList; see [Profile.WritesApart]).
type write struct {
	end   uint32
	begun bool // a part of it was sent, or tried: it is not joined or held back any more
}

// noteWrite remembers where the text of a SEND ends.
func (e *Endpoint) noteWrite() {
	if e.p.WritesApart {
		e.writes = append(e.writes, write{end: e.finSeq()})
	}
}

// pushWrite sends the next segment and reports whether it did (netstack snd.go,
// maybeSendSegment).
func (e *Endpoint) pushWrite(mode pushMode) bool {
	if e.cwnd <= e.inFlight() {
		return false
	}
	if e.nextBehind() {
		return e.sendBehind()
	}
	if e.unsent() == 0 {
		if e.finQueued && !e.finSent {
			e.sendFin()
			return true
		}
		return false
	}
	end := e.windowEnd()
	for len(e.writes) > 0 && wire.SeqLessEq(e.writes[0].end, e.nxt) {
		e.writes = e.writes[1:]
	}
	if !e.joinWrites(min(int(end-e.nxt), e.mss), mode) {
		e.cite(NagleHold)
		return false
	}
	n := int(wire.SeqDiff(end, e.nxt))
	if n <= 0 {
		return false
	}
	size := int(wire.SeqDiff(e.writes[0].end, e.nxt))
	if e.una != e.nxt && n < size && n < e.mss {
		e.cite(SwsSender)
		return false
	}
	e.sendText(min(n, size, e.mss), false)
	return true
}

// joinWrites joins the texts that follow to the first where all of it fits room, and
// reports whether it may be sent: the Nagle algorithm holds it back when it is short
// and nothing follows that was too large to join.
func (e *Endpoint) joinWrites(room int, mode pushMode) bool {
	first := &e.writes[0]
	if first.begun {
		return true
	}
	tooBig := false
	for len(e.writes) > 1 {
		if int(wire.SeqDiff(e.writes[1].end, e.nxt)) > room {
			tooBig = true
			break
		}
		e.writes = e.writes[1:]
		first = &e.writes[0]
	}
	if !tooBig && int(wire.SeqDiff(first.end, e.nxt)) < room && mode&pushNow == 0 && e.nagleHolds() {
		return false
	}
	first.begun = true
	return true
}

// halfFree tells a sender that had to wait that half of the buffer is free again,
// which grows with the congestion window (netstack endpoint.go,
// updateSndBufferUsage and computeTCPSendBufferSize). n octets were acknowledged.
func (e *Endpoint) halfFree(n int) {
	if !e.p.WritesApart {
		return
	}
	before, size := len(e.buf)+n, e.opt[SendBuffer]
	grown := size
	if !e.sndLocked {
		grown = max(size, min(int64(2*max(e.cwnd, e.p.InitialWindow)*e.mss), int64(e.p.MaxSendBuffer)))
	}
	if int64(before) >= size/2 && int64(len(e.buf)) < grown/2 {
		e.opt[SendBuffer] = grown
		e.blocked = false
		e.out.Ready = true
	}
}
