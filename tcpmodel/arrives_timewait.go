package tcpmodel

import "rstlab/netsim/wire"

// arriveTimeWait is a segment in TIME-WAIT (RFC 9293 section 3.10.7.4, RFC 1337,
// RFC 6191). That a SYN opens a new connection is the [Stack]'s to do: see
// [Endpoint.Reusable].
func (e *Endpoint) arriveTimeWait(s *Segment) {
	switch {
	case !s.Flags.Has(wire.RST) && !e.p.TimeWaitFinOnly && e.oldTimestamp(s):
		e.cite(Paws)
		e.answerTimeWait(s)
	case s.Flags.Has(wire.RST):
		if !e.p.Assassination || s.Seq != e.rcvNxt {
			e.cite(TimeWaitKept)
			return
		}
		e.cite(TimeWaitAssassinated)
		e.end(0)
	case e.p.TimeWaitFinOnly:
		e.arriveTimeWaitFinOnly(s)
	case s.Seq == e.rcvNxt && s.Len() == 0:
		e.cite(TimeWaitBareAck)
		e.arm(tTimeWait, e.p.TimeWait)
	default:
		// "The only thing that can arrive in this state is a retransmission of
		// the remote FIN. Acknowledge it, and restart the 2 MSL timeout."
		e.cite(TimeWaitFin)
		e.answerTimeWait(s)
	}
}

// arriveTimeWaitFinOnly restarts TIME-WAIT for the peer's FIN alone (netstack
// rcv.go, handleTimeWaitSegment; FreeBSD tcp_timewait.c, tcp_twcheck).
func (e *Endpoint) arriveTimeWaitFinOnly(s *Segment) {
	e.cite(TimeWaitFin)
	newer := s.Flags.Has(wire.SYN) && wire.SeqLess(e.rcvNxt, s.Seq) // for a listener, if there is one
	if !s.Flags.Has(wire.ACK) || newer {
		return
	}
	e.takeTimestamp(s)
	if s.Seq == e.rcvNxt && len(s.Payload) == 0 {
		return
	}
	if s.Seq+1 == e.rcvNxt && s.Flags.Has(wire.FIN) {
		e.arm(tTimeWait, e.p.TimeWait)
	}
	e.cite(AnswerAck)
	e.sendAck()
}

func (e *Endpoint) answerTimeWait(s *Segment) {
	if s.Flags.Has(wire.ACK) {
		e.arm(tTimeWait, e.p.TimeWait)
	}
	if e.limitAnswer(s) {
		e.cite(AnswerLimited)
		return
	}
	e.cite(AnswerAck)
	e.sendAck()
}

// Reusable reports whether a SYN may open a new connection in place of this one
// in TIME-WAIT, and the initial sequence number it should then have. RFC 9293
// section 3.6.1: an implementation "MAY accept a new SYN from the remote TCP
// endpoint to reopen the connection directly from TIME-WAIT state (MAY-2), if it:
// (1) assigns its initial sequence number for the new connection to be larger
// than the largest sequence number it used on the previous connection
// incarnation, and (2) returns to TIME-WAIT state if the SYN turns out to be an
// old duplicate."
func (e *Endpoint) Reusable(s *Segment) (isn uint32, ok bool) {
	if e.state == wire.TimeWait && e.p.TimeWaitAnySyn {
		return e.nxt + 65535 + 2, s.Flags&(wire.SYN|wire.RST) == wire.SYN && wire.SeqLess(e.rcvNxt, s.Seq)
	}
	if e.state != wire.TimeWait || !e.p.TimeWaitReuse ||
		s.Flags&(wire.SYN|wire.ACK|wire.RST) != wire.SYN || !e.p.TimeWaitReuseSeq && e.oldTimestamp(s) {
		return 0, false
	}
	newer := !e.p.TimeWaitReuseSeq && e.tsOK && s.Options.HasTimestamps && wire.SeqLess(e.tsRecent, s.Options.TSVal)
	if !wire.SeqLess(e.rcvNxt, s.Seq) && !newer {
		return 0, false
	}
	return e.nxt + 65535 + 2, true
}

// bare reports whether only the numbers of a closed socket in FIN-WAIT-2 are kept.
func (e *Endpoint) bare() bool {
	return e.state == wire.FinWait2 && e.orphan && e.p.FinWait2Bare
}

// arriveBareFinWait2 is a segment for a closed socket in FIN-WAIT-2 of which only
// the numbers are kept (Linux net/ipv4/tcp_minisocks.c,
// tcp_timewait_state_process).
func (e *Endpoint) arriveBareFinWait2(s *Segment) {
	end := s.Seq + s.Len()
	switch {
	case !s.Flags.Has(wire.RST) && e.oldTimestamp(s), !e.inBareWindow(s.Seq, end):
		e.cite(SeqUnacceptable)
		if !s.Flags.Has(wire.RST) {
			e.answerUnacceptable(s)
		}
	case s.Flags.Has(wire.RST):
		e.cite(ResetSynchronized)
		e.end(e.p.ResetErrno)
	case s.Flags.Has(wire.SYN) && !wire.SeqLess(s.Seq, e.rcvNxt):
		// The RST ends it (net/ipv4/tcp_ipv4.c, tcp_v4_rcv, case TCP_TW_RST).
		e.refuseText(s, e.p.ResetErrno)
	case !s.Flags.Has(wire.ACK) || !wire.SeqLess(e.rcvNxt, end) || end == s.Seq:
		e.cite(AckEstablished)
	case !s.Flags.Has(wire.FIN) || end != e.rcvNxt+1:
		e.cite(TextRefused)
		e.refuseText(s, e.p.ResetErrno)
	default:
		e.cite(FinFinWait2)
		e.takeTimestamp(s)
		e.rcvNxt = end
		e.finRcvd = true
		e.sendAck()
		e.enterTimeWait()
	}
}

func (e *Endpoint) inBareWindow(seq, end uint32) bool {
	window := e.receiveWindow()
	if seq == e.rcvNxt {
		return true
	}
	if wire.SeqLess(e.rcvNxt, end) && wire.SeqLess(seq, e.rcvNxt+window) {
		return true
	}
	return seq == e.rcvNxt+window && seq == end
}
