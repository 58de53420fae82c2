package tcpmodel

import (
	"time"

	"rstlab/netsim/wire"
)

// Sent takes a segment that the followed TCP sends. The refusal is nil when the
// model allows it now, and then its numbers are taken over.
func (f *Follower) Sent(now time.Duration, s *Segment) *Refusal {
	f.ep.now = now
	f.hidden(now)
	f.wind(now)
	switch {
	case s.Flags.Has(wire.RST):
		return f.sentReset(s)
	case s.Flags.Has(wire.SYN):
		return f.sentSyn(now, s)
	}
	if r := f.header(s); r != nil {
		return r
	}
	var r *Refusal
	if len(s.Payload) > 0 || s.Flags.Has(wire.FIN) {
		r = f.sentText(now, s)
	} else {
		r = f.sentAck(now, s)
	}
	if r != nil {
		return r
	}
	f.payAck(s)
	f.sends = now
	f.trip.sent(now, s)
	f.offers(s)
	f.ep.memory.usedBefore, f.ep.memory.asOffered = max(f.ep.unread-f.reading, 0), false
	if edge := s.Ack + f.ep.rcvWnd; wire.SeqLess(f.offered, edge) {
		f.offered = edge
	}
	return nil
}

// sentReset must be one that is owed.
func (f *Follower) sentReset(s *Segment) *Refusal {
	for i, o := range f.owed {
		if !o.segment.Flags.Has(wire.RST) {
			continue
		}
		if s.Flags != o.segment.Flags || s.Seq != o.segment.Seq && !f.inShrunkWindow(s, &o.segment) || s.Flags.Has(wire.ACK) && s.Ack != o.segment.Ack || len(s.Payload) > 0 {
			return refuse(o.clause, showSegment(s), "%s", showSegment(&o.segment))
		}
		f.owed = append(f.owed[:i], f.owed[i+1:]...)
		return nil
	}
	if f.State() == wire.SynReceived && f.arriving() && f.arrival.otherSyn {
		return refuse(SynChallenged, showSegment(s), "no RST, and a challenge ACK").in(CaseSecondSyn)
	}
	return refuse(ClosedSegment, showSegment(s), "no RST in %v: nothing that calls for it was received or called", f.State())
}

// inShrunkWindow reports whether a RST has the right edge of the peer's window
// instead of SND.NXT, which is not in it: "the window being shrunk" (Linux
// net/ipv4/tcp_output.c, tcp_acceptable_seq; netstack connect.go,
// resetConnectionLocked). The window may be that from before the segment which the RST
// answers.
func (f *Follower) inShrunkWindow(s, owed *Segment) bool {
	shrunk := func(end uint32) bool { return s.Seq == end && wire.SeqLess(end, f.ep.nxt) }
	return owed.Seq == f.ep.nxt && (shrunk(f.ep.windowEnd()) || f.arriving() && shrunk(f.arrival.edge))
}

// sentSyn is a SYN or SYN-ACK sent again.
func (f *Follower) sentSyn(now time.Duration, s *Segment) *Refusal {
	e := f.ep
	flags := wire.SYN
	switch e.state {
	case wire.SynSent:
	case wire.SynReceived:
		flags |= wire.ACK
	default:
		return refuse(SynChallenged, showSegment(s), "no SYN in %v", f.State())
	}
	if s.Flags != flags || s.Seq != e.iss || flags.Has(wire.ACK) && s.Ack != e.rcvNxt || len(s.Payload) > 0 {
		return refuse(TimeoutSynAgain, showSegment(s), "flags %v SEQ %d ACK %d", flags, e.iss, e.rcvNxt)
	}
	for i, o := range f.owed {
		if o.segment.Flags.Has(wire.SYN) {
			f.sends = now // the timer is that of the SYN before
			f.owed = append(f.owed[:i], f.owed[i+1:]...)
			f.takeScale(s)
			f.synWindow(s)
			return nil
		}
	}
	if r := f.synAgain(now, s); r != nil {
		return r
	}
	e.tsLast = s.Options.TSVal
	if len(e.rtx) > 0 {
		e.rtx[0].retrans++
	}
	f.synWindow(s)
	return nil
}

func (f *Follower) synWindow(s *Segment) {
	f.ep.rcvWnd, f.ep.rcvWup = uint32(s.Window), f.ep.rcvNxt
}

// header checks what all segments of a connection have alike.
func (f *Follower) header(s *Segment) *Refusal {
	e := f.ep
	switch e.state {
	case wire.Closed, wire.Listen, wire.SynSent:
		return refuse(ClosedSegment, showSegment(s), "nothing but RST or SYN in %v", f.State())
	default:
	}
	switch {
	case !s.Flags.Has(wire.ACK):
		return refuse(AckOff, showSegment(s), "ACK is always set once a connection is established")
	case s.Ack != e.rcvNxt && !(f.arriving() && wire.SeqLessEq(f.arrival.rcvNxt, s.Ack) && wire.SeqLess(s.Ack, e.rcvNxt)):
		return refuse(TextInOrder, showSegment(s), "ACK=RCV.NXT, %d", e.rcvNxt)
	}
	if r := f.options(s); r != nil {
		return r
	}
	return f.window(s)
}

// arriving reports whether a segment arrived in this instant.
func (f *Follower) arriving() bool { return f.arrival.any && f.arrival.at == f.ep.now }

// payAck takes away the ACKs that are owed: one acknowledges all.
// A SYN that came again is answered with an ACK or with the SYN-ACK.
func (f *Follower) payAck(s *Segment) {
	if s.Ack != f.ep.rcvNxt {
		return
	}
	paid := false
	left := f.owed[:0]
	for _, o := range f.owed {
		if !paid && !o.segment.Flags.Has(wire.RST) {
			paid = true
			continue
		}
		left = append(left, o)
	}
	f.owed = left
	f.ackDue = 0
	f.ep.ackSent()
}

// owesAck reports whether an ACK is due, now or later.
func (f *Follower) owesAck() bool {
	if f.ep.ackPending {
		return true
	}
	for _, o := range f.owed {
		if !o.segment.Flags.Has(wire.RST) {
			return true
		}
	}
	return false
}

// sentAck is a segment without text and FIN.
func (f *Follower) sentAck(now time.Duration, s *Segment) *Refusal {
	e := f.ep
	switch {
	case s.Seq == e.nxt && f.owesAck():
		return nil
	case s.Seq == e.nxt && wire.SeqLess(f.offered, s.Ack+uint32(s.Window)<<e.rcvScale):
		return nil // a window update
	case s.Seq == e.nxt && (f.hasRead && f.read == now || f.hasResized && f.resized == now):
		return nil // the same, and rounded to the window that was offered before
	case s.Seq == e.una-1:
		return f.sentProbe(now, s)
	case s.Seq != e.nxt:
		return refuse(AckAtOnce, showSegment(s), "SEQ=SND.NXT, %d", e.nxt)
	}
	return refuse(AckDelayed, showSegment(s), "no ACK: nothing is to be acknowledged, and the window is as it was")
}

// sentProbe is a segment at SND.UNA-1: of an idle connection, or for a window. RFC
// 9293 section 3.8.6.1: "The transmitting host SHOULD send the first zero-window probe
// when a zero window has existed for the retransmission timeout period (SHLD-29)". The
// window that is too small for what waits is probed as well.
func (f *Follower) sentProbe(now time.Duration, s *Segment) *Refusal {
	e := f.ep
	quiet, wait := now-f.idleSince(), durationOf(e.opt[KeepIdle])
	if f.probed > 0 {
		wait = min(wait, durationOf(e.opt[KeepInterval])) // setting an option begins the idle time anew
	}
	idle := e.opt[KeepAlive] != 0 && !f.outstanding() && quiet >= wait
	window := !(idle && e.p.ProbeByte && len(s.Payload) == 0) // a probe of the window has an octet
	switch {
	case window && f.shut >= 0 && f.putOff(now):
		return refuse(PersistProbe, showSegment(s), "a probe sooner: the window is closed, and nothing was sent for %v", now-max(f.sends, f.heard)).in(f.putOffBy(now))
	case window && (f.shut >= 0 && now-max(f.shut, f.askedAt) >= e.p.MinRTO || e.unsent() > 0 && now-f.sends >= e.p.MinRTO):
		if r := f.asks(now, s); r != nil {
			return r
		}
		f.asked++
		f.backOff(now, false)
		e.probes++
		f.askedAt = now
		return nil
	case idle:
		return f.keepsAlive(now, s)
	case e.opt[KeepAlive] != 0:
		r := refuse(KeepAliveProbe, showSegment(s), "no keepalive probe %v after the last segment", quiet)
		if e.state == wire.TimeWait {
			r.Case = CaseTimeWait
		}
		return r
	}
	return refuse(KeepAliveProbe, showSegment(s), "no probe: keepalive is off, and the window is open")
}

// idleSince is since when a connection is idle, as keepalive counts it. What is sent does
// not end that, a probe of the window or a window update. RFC 9293 section 3.8.4:
// "Keep-alive packets MUST only be sent when no sent data is outstanding, and no data or
// acknowledgment packets have been received for the connection within an interval
// (MUST-26)".
func (f *Follower) idleSince() time.Duration { return max(f.heard, f.keptAt) }
