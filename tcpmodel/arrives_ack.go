package tcpmodel

import (
	"slices"
	"time"

	"rstlab/netsim/wire"
)

// checkAck is the fifth check: the ACK field. It reports whether to go on.
func (e *Endpoint) checkAck(s *Segment) bool {
	if e.state == wire.SynReceived {
		return e.ackInSynReceived(s)
	}
	if !e.ack(s) {
		return false
	}
	finAcked := e.finAcked() && (!e.p.AckInOrderOnly || s.Ack == e.nxt && e.nextInOrder(s))
	switch e.state {
	case wire.FinWait1:
		if finAcked {
			e.cite(AckFinWait1)
			return e.enterFinWait2(s)
		}
		e.cite(AckEstablished)
	case wire.Closing:
		if finAcked {
			e.cite(AckClosing)
			e.enterTimeWait()
			return false
		}
		e.cite(AckEstablished)
	case wire.LastAck:
		if finAcked {
			e.cite(AckLastAck)
			e.end(0)
			return false
		}
		e.cite(AckEstablished)
	case wire.Established, wire.CloseWait, wire.FinWait2:
		e.cite(AckEstablished)
	case wire.Closed, wire.Listen, wire.SynSent, wire.SynReceived, wire.TimeWait:
		e.impossible()
	}
	return true
}

// nextInOrder reports whether a segment begins at RCV.NXT, or has text there.
func (e *Endpoint) nextInOrder(s *Segment) bool {
	if e.finRcvd && (s.Flags.Has(wire.FIN) || e.hasText(s)) {
		return false // behind the peer's FIN there is nothing in order
	}
	if len(s.Payload) == 0 {
		return s.Seq == e.rcvNxt
	}
	return wire.SeqLessEq(s.Seq, e.rcvNxt) && e.hasText(s)
}

// ackInSynReceived: "If SND.UNA < SEG.ACK =< SND.NXT, then enter ESTABLISHED
// state [...] If the segment acknowledgment is not acceptable, form a reset
// segment <SEQ=SEG.ACK><CTL=RST> and send it."
func (e *Endpoint) ackInSynReceived(s *Segment) bool {
	if s.Ack != e.iss+1 && (e.passive || !e.p.SynReceivedAnyAck) {
		e.cite(SynReceivedBadAck)
		e.refuse(s)
		return false
	}
	if e.p.SynReceivedTimestamp && e.tsOK && !s.Options.HasTimestamps {
		e.cite(TimestampMissing)
		return false
	}
	if e.crowded {
		e.overflow(s)
		return false
	}
	e.cite(SynReceivedAck)
	if e.p.LateTimestamp {
		e.takeTimestamp(s)
	}
	e.chargeTwice(s)
	e.ackSyn(s)
	e.become(wire.Established)
	e.established(s)
	if e.passive && e.p.HandshakeApart {
		e.answered = 0
	}
	e.wnd = uint32(s.Window) << e.sndScale
	if s.Flags.Has(wire.SYN) {
		e.wnd = uint32(s.Window)
	}
	e.maxWnd = max(e.maxWnd, e.wnd)
	if e.finQueued {
		e.cite(CloseSynReceived)
		e.become(wire.FinWait1)
		e.push(pushFin)
	}
	if s.Flags.Has(wire.SYN) && e.p.CrossedSynAck == CrossedEndsAnswered {
		e.oweQuick()
		e.sendAck()
	}
	return true
}

// enterFinWait2 is the acknowledgment of our FIN in FIN-WAIT-1. It reports
// whether to go on with the text of the segment.
func (e *Endpoint) enterFinWait2(s *Segment) bool {
	e.become(wire.FinWait2)
	if !e.orphan {
		return true
	}
	if e.hasText(s) {
		e.refuseText(s, e.p.ResetErrno)
		return false
	}
	e.orphanFinWait2()
	return e.state == wire.FinWait2
}

// ack is the acknowledgment as in ESTABLISHED. It reports whether to go on.
func (e *Endpoint) ack(s *Segment) bool {
	if wire.SeqLess(e.nxt, s.Ack) {
		return e.ackFuture(s)
	}
	if (e.state == wire.FinWait1 || e.state == wire.FinWait2) && e.p.RefusedFirst && e.refusesText(s) {
		e.cite(TextRefused)
		e.refuseText(s, e.p.ResetErrno)
		return false
	}
	e.takeLateTimestamp(s)
	if wire.SeqLess(s.Ack, e.una) {
		return e.ackOld(s)
	}
	e.reduction.newly, e.reduction.lost, e.undo.original = 0, 0, false
	news := e.takeSack(s)
	if e.counts() {
		e.heedAck(s, news)
	}
	opened := e.takeWindow(s)
	if e.p.ProbeTimesOut && e.wnd == 0 {
		if s.Ack == e.una && e.probes > 0 {
			e.probes--
			e.probeAnswered = true
		}
	} else {
		e.probes = 0
	}
	if e.p.UserTimeoutKept && e.wnd > 0 && (e.shut || e.armed(tPersist)) {
		e.retransStamp = 0 // netstack snd.go, disableZeroWindowProbing
	}
	if e.shut && e.wnd > 0 {
		e.shut = false
		e.timers.stop(tRetransmit)
	}
	if s.Ack != e.una {
		e.cite(AckNew)
		e.advance(s)
	} else {
		e.duplicateAck(s, news, opened)
	}
	return true
}

// duplicateAck is an ACK that moves nothing.
func (e *Endpoint) duplicateAck(s *Segment, news, opened bool) {
	e.cite(AckDuplicate)
	if len(e.rtx) > 0 && (news || !opened && s.Len() == 0) && !e.counts() {
		e.onDuplicate()
	}
	if opened && len(e.rtx) == 0 {
		e.cite(WindowOpened)
		e.persistBackoff = 0
		e.timers.stop(tPersist)
	}
	if e.armed(tPersist) && e.p.ProbeAckRestarts {
		e.arm(tPersist, e.persistTime())
	}
}

// ackFuture: "If the ACK acks something not yet sent (SEG.ACK > SND.NXT), then
// send an ACK, drop the segment, and return."
func (e *Endpoint) ackFuture(s *Segment) bool {
	e.cite(AckFuture)
	if e.state == wire.Established && e.p.FutureAckText {
		e.takeLateTimestamp(s)
		if e.p.OldWindows {
			e.takeWindow(s)
		}
		return true
	}
	if e.state != wire.Established || !e.p.FutureAckSilent {
		e.challenge(s)
	}
	return false
}

// ackOld is an acknowledgment below SND.UNA.
func (e *Endpoint) ackOld(s *Segment) bool {
	oldest, first := e.una-e.maxWnd, e.iss+1
	if e.p.AckOfISS && !e.passive {
		first-- // what was acknowledged is counted from the SYN on
	}
	if e.p.AckFromISS && wire.SeqLess(oldest, first) {
		oldest = first
	}
	if e.p.AckRange && wire.SeqLess(s.Ack, oldest) {
		e.cite(AckTooOld)
		e.challenge(s)
		return false
	}
	e.cite(AckOld)
	news := e.takeSack(s)
	if e.counts() {
		e.heedAck(s, news)
	}
	if e.p.OldWindows {
		e.takeWindow(s)
	}
	return true
}

// takeWindow: "If SND.WL1 < SEG.SEQ or (SND.WL1 = SEG.SEQ and SND.WL2 =<
// SEG.ACK), set SND.WND <- SEG.WND, set SND.WL1 <- SEG.SEQ, and set SND.WL2 <-
// SEG.ACK." It reports whether the window has changed.
func (e *Endpoint) takeWindow(s *Segment) bool {
	w := uint32(s.Window) << e.sndScale
	if !e.p.OldWindows && !wire.SeqLess(e.wl1, s.Seq) && !(e.wl1 == s.Seq && wire.SeqLessEq(e.wl2, s.Ack)) && s.Ack == e.una {
		e.cite(WindowOld)
		return false
	}
	e.cite(WindowTaken)
	changed := w != e.wnd
	e.wnd, e.wl1, e.wl2 = w, s.Seq, s.Ack
	e.maxWnd = max(e.maxWnd, w)
	if changed && e.p.IdleHalves && e.unsent() > 0 {
		e.restartIdle() // Linux net/ipv4/tcp_input.c, tcp_ack_update_window
	}
	return changed
}

// takeAcked is: "Any segments on the retransmission queue that are thereby entirely
// acknowledged are removed." It gives how many these are, and the round trip of the first that
// tells it; less than 0 is none.
func (e *Endpoint) takeAcked(s *Segment) (n int, measured time.Duration) {
	measured = -1
	highest := e.highestSacked()
	for n < len(e.rtx) && wire.SeqLessEq(e.rtx[n].end, s.Ack) {
		x := &e.rtx[n]
		if !x.heard {
			e.rackDelivered(s, x)
			e.noteReordering(x, highest)
		}
		if !x.sacked {
			if x.retrans == 0 && measured < 0 {
				measured = e.now - x.first
			}
			e.reduction.newly++
			e.noteOriginal(x)
		}
		if e.counts() {
			e.leftPipe(x)
		}
		n++
	}
	if !e.sackOK && slices.ContainsFunc(e.rtx[:n], func(x sent) bool { return x.retrans > 0 }) {
		e.undo.original = false // which of them has arrived first nobody knows
	}
	if n > 0 && e.rtx[n-1].retrans != 0 {
		measured = -1
	}
	e.rtx = dropSent(e.rtx, n)
	if len(e.rtx) > 0 && wire.SeqLess(e.rtx[0].seq, s.Ack) {
		e.rtx[0].seq = s.Ack
	}
	return n, measured
}

// freeText takes what is acknowledged out of the send buffer, and gives its length.
func (e *Endpoint) freeText(ack uint32) int {
	text := min(int(wire.SeqDiff(ack, e.base)), len(e.buf))
	if text > 0 {
		e.lastByte, e.hasLast = e.buf[text-1], true
	}
	e.buf = e.buf[text:]
	e.base += uint32(text)
	return text
}

// measureAck takes the round trip that an ACK tells: by its echo, or by the time that its
// segments, n of them, took. out is what was in flight before.
func (e *Endpoint) measureAck(s *Segment, n int, measured time.Duration, out int) {
	echo := e.tsOK && s.Options.HasTimestamps && s.Options.TSEcr != 0
	switch {
	case echo && e.p.WeighedRTT:
		e.cite(RttTimestamp)
		e.weigh(e.tripOf(s), out)
	case measured >= 0:
		e.cite(RttKarn)
		e.sample(measured)
	case echo && n > 0:
		e.cite(RttTimestamp)
		e.sample(e.tripOf(s))
	default:
		e.cite(RtoUnchanged)
		if !e.p.WeighedRTT {
			e.setRTO()
		}
	}
}

// advance moves SND.UNA.
func (e *Endpoint) advance(s *Segment) {
	out, probes := e.inFlight(), e.mayProbe()
	n, measured := e.takeAcked(s)
	text := e.freeText(s.Ack)
	e.una = s.Ack
	if !e.p.SoftErrorKept {
		e.soft = 0
	}
	if e.tlpOut && !e.counts() && wire.SeqLessEq(e.tlpHigh, s.Ack) {
		e.tlpOut = false
	}
	e.retransmits, e.persistBackoff = 0, 0
	if !e.p.UserTimeoutKept || s.Ack == e.nxt {
		e.retransStamp = 0
	}
	e.measureAck(s, n, measured, out)
	if e.counts() {
		if e.timers.stop(tRetransmit); !probes {
			e.timers.stop(tLossProbe)
			e.arm(tRetransmit, e.clampRTO(e.rto))
		}
		e.progressCounted(out)
		e.halfFree(text)
		return
	}
	e.timers.stop(tLossProbe)
	waits := false
	if e.undoOrHold(s) {
		e.dupAcks = 0
		e.reduce(true)
		e.setPace()
	} else {
		waits = e.sackOK && (e.recovering || e.disordered()) && e.racks() && e.rackMark()
		if e.progress(n) && e.racks() {
			e.recoverLost(true)
		}
	}
	e.halfFree(text)
	if len(e.rtx) == 0 {
		e.cite(RtoOff)
		e.timers.stop(tRetransmit)
		e.timers.stop(tReorder)
	} else if !waits && !e.scheduleLossProbe() {
		e.cite(RtoRestart)
		e.rearmRTO()
	}
}

// dropSent removes the first n, and keeps the memory when nothing is left.
func dropSent(all []sent, n int) []sent {
	if n == len(all) {
		return all[:0]
	}
	return all[n:]
}

// spaceFreed tells a sender that had to wait that there is room again.
func (e *Endpoint) spaceFreed() {
	if e.p.WritesApart {
		return // see halfFree
	}
	if e.blocked && !e.sndLocked && e.p.ChargeOverhead && e.inFlight() < e.cwnd {
		// Linux net/ipv4/tcp_input.c, tcp_should_expand_sndbuf and
		// tcp_sndbuf_expand.
		e.opt[SendBuffer] = max(e.opt[SendBuffer], min(int64(2*max(e.cwnd, 10)*2304), int64(e.p.MaxSendBuffer)))
	}
	if e.blocked && int(e.opt[SendBuffer])-e.queuedMemory() >= e.queuedMemory()/2 {
		e.blocked = false
		e.out.Ready = true
	}
}
