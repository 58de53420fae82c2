package tcpmodel

import (
	"time"

	"rstlab/netsim/wire"
)

// arriveSynchronized is RFC 9293 section 3.10.7.4: SYN-RECEIVED and the states
// after it but TIME-WAIT.
func (e *Endpoint) arriveSynchronized(s *Segment) {
	if e.bare() {
		e.arriveBareFinWait2(s)
		return
	}
	if e.state == wire.SynReceived && e.passive && e.p.SynAckAgain && e.repeatedSyn(s) {
		return
	}
	all := e.state == wire.SynReceived && e.p.SynReceivedAnswersAll
	if !s.Flags.Has(wire.ACK) && !s.Flags.Has(wire.RST) && !s.Flags.Has(wire.SYN) && !all {
		e.cite(AckOff)
		return
	}
	if e.state == wire.SynReceived && e.p.SynReceivedStrict && e.passive && e.failsHandshake(s) {
		e.cite(SynReceivedBadAck)
		e.refuseHandshake(s)
		return
	}
	if e.state == wire.SynReceived && e.p.SynReceivedAckFirst && (e.passive || !e.p.SynReceivedAnyAck) && s.Flags&(wire.ACK|wire.RST) == wire.ACK && s.Ack != e.iss+1 {
		e.cite(SynReceivedBadAck)
		e.refuse(s)
		return
	}
	if !e.checkSeq(s) || !e.checkReset(s) || !e.checkSyn(s) {
		return
	}
	if e.p.BehindFinDropped && e.behindFin(s) {
		e.cite(TextAfterFin)
		return
	}
	e.rcvd = e.now
	if !s.Flags.Has(wire.ACK) {
		e.cite(AckOff)
		return
	}
	if !e.checkAck(s) {
		return
	}
	e.arriveText(s)
	if e.state == wire.Closed {
		return
	}
	e.recoverCounted(s)
	e.push(0)
	e.spaceFreed()
	e.ackCheck()
}

// behindFin reports whether a segment begins behind the peer's FIN, or in CLOSE-WAIT
// has text there and a good acknowledgment.
func (e *Endpoint) behindFin(s *Segment) bool {
	return e.finRcvd && (wire.SeqLess(e.rcvNxt, s.Seq) ||
		e.state == wire.CloseWait && e.hasText(s) && wire.SeqLessEq(s.Ack, e.nxt))
}

// failsHandshake reports whether an ACK in SYN-RECEIVED is not the one that
// completes the handshake: FreeBSD then forgets the connection (tcp_syncache.c,
// syncache_expand; tcp_input.c, syncache_badack for a SYN-ACK). One with an old
// timestamp is left to PAWS.
func (e *Endpoint) failsHandshake(s *Segment) bool {
	if s.Flags&(wire.ACK|wire.RST) != wire.ACK {
		return false
	}
	if s.Flags.Has(wire.SYN) {
		return true
	}
	inWindow := wire.InWindow(s.Seq, e.irs+1, e.rcvWnd)
	return !e.oldTimestamp(s) && (s.Ack != e.iss+1 || !inWindow)
}

// refuseHandshake answers with a RST and returns to LISTEN.
func (e *Endpoint) refuseHandshake(s *Segment) {
	e.refuse(s)
	e.backToListen()
}

// repeatedSyn answers the SYN of the connection that came again: the SYN-ACK may
// have been lost.
func (e *Endpoint) repeatedSyn(s *Segment) bool {
	if s.Flags&(wire.SYN|wire.ACK|wire.RST) != wire.SYN || s.Seq != e.irs {
		return false
	}
	e.cite(SynAckAgain)
	if e.limitAnswer(nil) {
		return true
	}
	e.sendSyn(true)
	return true
}

// checkSeq is the first check: "Segments are processed in sequence. Initial tests
// on arrival are used to discard old duplicates". It reports whether to go on.
func (e *Endpoint) checkSeq(s *Segment) bool {
	if !s.Flags.Has(wire.RST) && e.oldTimestamp(s) {
		e.cite(Paws)
		oldAck := s.Len() == 0 && s.Flags.Has(wire.ACK) && wire.SeqLess(s.Seq, e.rcvNxt)
		if (!e.p.PawsTextOnly || len(s.Payload) > 0) && !(e.p.PawsAckSilent && oldAck) {
			e.answerUnacceptable(s)
		}
		return false
	}
	if e.state == wire.SynReceived && e.p.EcrCheck && e.passive && e.strangeSynEcho(s) {
		e.cite(SynReceivedEcho)
		e.answerUnacceptable(s)
		return false
	}
	if e.acceptable(s) || e.answersSyn(s) {
		e.cite(SeqAcceptable)
		if !e.p.LateTimestamp {
			e.takeTimestamp(s)
		}
		return true
	}
	if s.Flags.Has(wire.RST) {
		if e.finEdge(s) {
			e.cite(FinEdgeResetRule)
			e.reset()
			return false
		}
		e.cite(SeqUnacceptableReset)
		return false
	}
	e.cite(SeqUnacceptable)
	if e.p.OldAckTaken && e.oldText(s) {
		e.ackPending, e.ackNow = true, true
		return true
	}
	e.answerUnacceptable(s)
	return false
}

// oldText reports whether the ACK of a segment that is not acceptable counts
// (FreeBSD tcp_input.c, tcp_do_segment: "keep on processing for RST or ACK").
func (e *Endpoint) oldText(s *Segment) bool {
	if s.Flags&(wire.ACK|wire.SYN) != wire.ACK {
		return false
	}
	return wire.SeqLess(s.Seq, e.rcvNxt) && wire.SeqLessEq(s.Seq+s.Len(), e.rcvNxt) ||
		s.Seq == e.rcvNxt && e.receiveWindow() == 0
}

// acceptable is the test of RFC 9293 section 3.4 table 6, with the edges that the
// profile takes.
func (e *Endpoint) acceptable(s *Segment) bool {
	left := e.rcvNxt
	if e.p.LeftEdgeLastAck {
		left = e.rcvWup
	}
	window := e.receiveWindow()
	if e.p.ResetLastAck && s.Flags.Has(wire.RST) {
		return s.Seq == e.rcvWup || wire.InWindow(s.Seq, e.rcvWup, window)
	}
	n := s.Len()
	end := s.Seq + n
	right := e.rcvNxt + window
	if e.p.RightEdgeOpen {
		// Linux net/ipv4/tcp_input.c, tcp_sequence.
		return !wire.SeqLess(end, left) && !wire.SeqLess(right, s.Seq)
	}
	if e.p.TextWindow {
		return e.textAcceptable(s)
	}
	switch {
	case n == 0 && window == 0:
		return s.Seq == e.rcvNxt
	case n == 0:
		return wire.InWindow(s.Seq, e.rcvNxt, window)
	case window == 0:
		// "If the RCV.WND is zero, no segments will be acceptable, but special
		// allowance should be made to accept valid ACKs, URGs, and RSTs."
		return false
	default:
		return wire.InWindow(s.Seq, e.rcvNxt, window) || wire.InWindow(end-1, e.rcvNxt, window)
	}
}

// textAcceptable is the test as netstack has it (rcv.go, acceptable, and
// header/tcp.go, Acceptable): the window is that of the last segment sent, in units of
// the window scale.
func (e *Endpoint) textAcceptable(s *Segment) bool {
	n, window := uint32(len(s.Payload)), e.rcvWnd>>e.rcvScale<<e.rcvScale
	if s.Flags.Has(wire.RST) {
		n = 0
	}
	switch {
	case e.state == wire.SynReceived: // connect.go, synRcvdState
		return wire.InWindow(s.Seq, e.rcvNxt, e.rcvWnd)
	case window == 0:
		return n == 0 && s.Seq == e.rcvNxt
	case n == 0:
		return wire.InWindow(s.Seq, e.rcvNxt, window+1)
	default:
		return wire.SeqLess(e.rcvNxt, s.Seq+n) && wire.SeqLessEq(s.Seq, e.rcvNxt+window)
	}
}

// answersSyn reports whether a segment is the peer's SYN,ACK of a simultaneous
// open. Its SYN was received before, so that it does not lie in the window; RFC
// 9293 section 3.5 figure 8 has it lead to ESTABLISHED.
func (e *Endpoint) answersSyn(s *Segment) bool {
	return e.p.CrossedSynAck != CrossedUnacceptable && e.state == wire.SynReceived && s.Flags&(wire.SYN|wire.ACK|wire.RST) == wire.SYN|wire.ACK &&
		s.Seq == e.irs && s.Ack == e.nxt
}

// finEdge reports whether a RST lies at the number of the peer's FIN.
func (e *Endpoint) finEdge(s *Segment) bool {
	if !e.p.FinEdgeReset || s.Seq != e.rcvNxt-1 {
		return false
	}
	return e.state == wire.CloseWait || e.state == wire.LastAck || e.state == wire.Closing
}

// answerUnacceptable sends the ACK for a segment that is not acceptable.
func (e *Endpoint) answerUnacceptable(s *Segment) {
	if e.limitAnswer(s) {
		e.cite(AnswerLimited)
		return
	}
	e.cite(AnswerAck)
	e.oweQuick()
	e.sendAck()
}

// oweQuick has what follows acknowledged at once.
func (e *Endpoint) oweQuick() {
	if e.state != wire.SynReceived && e.p.QuickAcks > 0 {
		e.enterQuick()
		e.pingpong = false
		if e.ato == 0 {
			e.ato = e.p.DelAck
		}
	}
}

// limitAnswer reports whether the answer to s, or a challenge ACK for nil, must
// be left out: it would be too soon after the last. Text is always answered.
func (e *Endpoint) limitAnswer(s *Segment) bool {
	all := e.state == wire.SynReceived && e.p.SynReceivedAnswersAll
	if s != nil && e.p.FinAnswered && s.Flags&(wire.SYN|wire.FIN) == wire.FIN {
		return false
	}
	if s != nil && len(s.Payload) > 0 && !s.Flags.Has(wire.SYN) && !all {
		return false
	}
	if e.answered == 0 || e.now-e.answeredAt >= e.p.ChallengeInterval {
		e.answeredAt, e.answered = e.now, 0
	}
	if e.answered >= e.p.ChallengeCount {
		return true
	}
	e.answered++
	return false
}

// challenge sends a challenge ACK. RFC 5961 section 7: implementations "SHOULD
// include an ACK throttling mechanism"; without it two ends that each find the
// other's segments unacceptable acknowledge each other on and on.
func (e *Endpoint) challenge(s *Segment) {
	if !(e.p.ChallengeText && len(s.Payload) > 0) && e.limitAnswer(nil) {
		e.cite(AnswerLimited)
		return
	}
	e.cite(ChallengeAck)
	e.sendAck()
}

// pawsIdle is how long a timestamp is good. RFC 7323 section 5.5: "24 days".
const pawsIdle = 24 * 24 * time.Hour

// oldTimestamp is PAWS (RFC 7323 section 5.3 R1).
func (e *Endpoint) oldTimestamp(s *Segment) bool {
	return e.p.Paws && e.tsOK && s.Options.HasTimestamps &&
		wire.SeqLess(s.Options.TSVal, e.tsRecent) && e.now-e.tsRecentAt < pawsIdle
}

// takeTimestamp is RFC 7323 section 4.3 (2): "If: SEG.TSval >= TS.Recent and
// SEG.SEQ <= Last.ACK.sent then SEG.TSval is copied to TS.Recent; otherwise, it is
// ignored."
func (e *Endpoint) takeTimestamp(s *Segment) {
	if e.tsOK && s.Options.HasTimestamps && !s.Flags.Has(wire.RST) && wire.SeqLessEq(s.Seq, e.rcvWup) &&
		wire.SeqLessEq(e.tsRecent, s.Options.TSVal) {
		e.tsRecent, e.tsRecentAt = s.Options.TSVal, e.now
	}
}

// takeLateTimestamp is the same where it is done behind the check of the ACK.
func (e *Endpoint) takeLateTimestamp(s *Segment) {
	if e.p.LateTimestamp && !(e.finRcvd && e.hasText(s)) {
		e.takeTimestamp(s)
	}
}

// strangeSynEcho reports whether a segment echoes a timestamp that no SYN-ACK
// carried.
func (e *Endpoint) strangeSynEcho(s *Segment) bool {
	o := &s.Options
	return e.tsOK && o.HasTimestamps && o.TSEcr != 0 &&
		(wire.SeqLess(o.TSEcr, e.tsFirst) || wire.SeqLess(e.tsLast, o.TSEcr))
}
