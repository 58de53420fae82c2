package tcpmodel

import (
	"syscall"

	"rstlab/netsim/wire"
)

// arriveText is the seventh step: the segment text, and the eighth, the FIN.
func (e *Endpoint) arriveText(s *Segment) {
	switch e.state {
	case wire.FinWait1, wire.FinWait2:
		if e.refusesText(s) {
			e.cite(TextRefused)
			e.refuseText(s, e.p.ResetErrno)
			return
		}
		e.takeText(s)
	case wire.Established:
		e.takeText(s)
	case wire.CloseWait, wire.Closing, wire.LastAck:
		// "This should not occur since a FIN has been received from the remote
		// side. Ignore the segment text."
		e.textAfterFin(s)
	case wire.Closed, wire.Listen, wire.SynSent, wire.SynReceived, wire.TimeWait:
		e.impossible()
	}
}

// refusesText reports whether a segment in FIN-WAIT-1 or FIN-WAIT-2 has text that nobody
// will receive.
func (e *Endpoint) refusesText(s *Segment) bool {
	ahead := e.p.AheadRefused && wire.SeqLess(e.rcvNxt, s.Seq+uint32(len(s.Payload)))
	return e.rcvShut && (e.hasText(s) || ahead) && (e.orphan || e.p.AbortAfterShutdown)
}

// textAfterFin is text or FIN in a state in which the peer's FIN was received.
func (e *Endpoint) textAfterFin(s *Segment) {
	e.cite(TextAfterFin)
	if e.p.SecondFin && s.Flags.Has(wire.FIN) && len(s.Payload) == 0 && s.Seq == e.rcvNxt {
		e.rcvNxt++
		e.sendAck()
		return
	}
	if e.p.TextAfterFinResets && e.state != wire.CloseWait && e.hasText(s) {
		e.cite(TextRefused)
		e.refuseText(s, syscall.ECONNABORTED)
		return
	}
	if e.p.TextOverFinResets && wire.SeqLess(s.Seq, e.rcvNxt) && e.hasText(s) {
		e.cite(TextRefused)
		e.refuse(s)
		e.reset()
		return
	}
	if s.Len() > 0 && wire.SeqLess(s.Seq, e.rcvNxt) {
		e.answerOld()
	}
}

// takeText puts text where it belongs: in the queue, or aside until what
// precedes it arrives.
func (e *Endpoint) takeText(s *Segment) {
	n := s.Len()
	if s.Flags.Has(wire.SYN) {
		n-- // it was checked, and has no text with it
	}
	if n == 0 {
		return
	}
	end := s.Seq + s.Len()
	window := e.receiveWindow()
	switch {
	case wire.SeqLessEq(end, e.rcvNxt):
		e.cite(TextOld)
		e.answerOld()
	case window == 0 && len(s.Payload) > 0 && !e.countsMemory():
		e.cite(TextNoRoom)
		e.oweQuick()
		e.ackPending, e.ackNow = true, true
	case wire.SeqLessEq(s.Seq, e.rcvNxt):
		e.cite(TextInOrder)
		e.takeInOrder(s)
	default:
		e.cite(TextAside)
		e.putAside(s)
		e.ackPending = true
		e.ackNow = e.ackNow || e.follows && e.p.AsideAcked
		if e.p.AsideAcked && !e.follows {
			e.sendAck()
		}
	}
}

// answerOld acknowledges a duplicate at once: the ACK was lost.
func (e *Endpoint) answerOld() {
	e.oweQuick()
	e.ackPending, e.ackNow = true, true
}

// takeInOrder queues text that begins at or before RCV.NXT, and what it was that
// later text waited for.
func (e *Endpoint) takeInOrder(s *Segment) {
	text := s.Payload[min(int(e.rcvNxt-s.Seq), len(s.Payload)):]
	e.deliver(chunk{text, e.chargeFor(s), e.tailRoom(s)}, s.Seq == e.rcvNxt)
	if len(text) > 0 {
		e.memory.arriving = 0
		e.dataArrived(len(text), e.chargeFor(s), s.Flags.Has(wire.PSH))
		e.measureTrip()
	}
	fin := s.Flags.Has(wire.FIN)
	for !fin {
		x, ok := e.takeAside()
		if !ok {
			break
		}
		if wire.SeqLess(e.rcvNxt, x.end) || x.fin && x.end == e.rcvNxt && !e.p.LateFinDropped {
			e.cite(TextJoined)
			skip := min(int(e.rcvNxt-x.seq), len(x.data))
			e.deliver(chunk{x.data[skip:], x.charge, x.room}, skip == 0)
			fin = x.fin
			e.lateFinAck(x.ack)
		}
		e.ackNow = true
	}
	if fin {
		e.arriveFin()
	}
}

// lateFinAck is the acknowledgment in a segment that had to wait, where it counts
// only now.
func (e *Endpoint) lateFinAck(ack uint32) {
	if !e.p.AckInOrderOnly || e.state != wire.FinWait1 || !e.finAcked() || ack != e.nxt {
		return
	}
	e.cite(AckFinWait1)
	e.become(wire.FinWait2)
	if e.orphan {
		e.orphanFinWait2()
	}
}

// deliver appends text to the receive queue: whole to the last chunk where there is room
// behind it (Linux net/ipv4/tcp_input.c, tcp_try_coalesce).
func (e *Endpoint) deliver(c chunk, whole bool) {
	n := len(c.data)
	if n == 0 {
		return
	}
	e.rcvNxt += uint32(n)
	e.unread += n
	e.out.Ready = true
	if last := len(e.chunks) - 1; last >= 0 && whole && n <= e.chunks[last].room {
		x := &e.chunks[last]
		x.data = append(x.data[:len(x.data):len(x.data)], c.data...)
		x.room -= n
		return
	}
	e.chunks = append(e.chunks, c)
	e.charged += c.charge
}
