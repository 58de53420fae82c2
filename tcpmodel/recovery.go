package tcpmodel

import "rstlab/netsim/wire"

// beginCounted begins a recovery: RFC 5681 section 3.2 step 3, "cwnd MUST be set to
// ssthresh plus 3*SMSS" (netstack snd.go, enterRecovery).
func (e *Endpoint) beginCounted() {
	e.cite(FastRetransmit)
	e.halve()
	e.recovering, e.lossRecovery, e.pipe.lingers = true, false, false
	e.cwnd = e.slowEnd + dupThresh
	e.dupAcks, e.pipe.sacked = 0, 0
	e.high, e.pipe.highRxt = e.nxt, e.una
	e.pipe.first, e.pipe.maxCwnd = e.una, e.cwnd+e.pipe.out
	e.tlpOut = false
}

// leaveCounted ends it.
func (e *Endpoint) leaveCounted() {
	e.cite(RecoveryOver)
	e.recovering, e.dupAcks, e.pipe.lingers = false, 0, true
	e.cwnd = e.slowEnd
}

// heedAck looks whether an ACK ends a recovery or is the third duplicate, with which one
// begins. news is whether it has news of SACK (netstack snd.go, detectLoss; rack.go,
// detectTLPRecovery).
func (e *Endpoint) heedAck(s *Segment, news bool) {
	e.setPipe()
	duplicate := e.duplicate(s, news)
	switch {
	case e.recovering:
		if wire.SeqLess(e.una, s.Ack) && wire.SeqLessEq(e.high, s.Ack) {
			e.leaveCounted()
		}
	case e.sackOK && e.rack.reorder:
	case !duplicate:
		e.dupAcks = 0
	case e.dupAcks+1 < dupThresh:
		e.dupAcks++
		e.lossRecovery, e.pipe.lingers = false, false
	case wire.SeqLess(e.high, s.Ack):
		e.beginCounted()
		e.pipe.begun = true
	default:
		e.dupAcks = 0
	}
	if e.tlpOut && wire.SeqLessEq(e.tlpHigh, s.Ack) {
		// What the probe had was lost, or it: DSACK would tell that it was not, and no
		// profile sends that.
		e.cite(TailProbeLost)
		e.beginCounted()
		e.leaveCounted()
	}
}

// duplicate is the definition of RFC 5681 section 2; with SACK such an ACK has news of it,
// too (netstack snd.go, isDupAck).
func (e *Endpoint) duplicate(s *Segment, news bool) bool {
	return len(e.rtx) > 0 && (news || !e.sackOK) && s.Len() == 0 && s.Ack == e.una && uint32(s.Window)<<e.sndScale == e.wnd
}

// progressCounted grows the congestion window, and looks whether all is acknowledged that
// was in flight when a recovery began. before is what was in flight before the ACK.
func (e *Endpoint) progressCounted(before int) {
	e.dupAcks = 0
	if !e.recovering {
		e.acked(before - e.pipe.out)
		if wire.SeqLessEq(e.high, e.una) {
			e.lossRecovery, e.pipe.lingers = false, false
			e.timers.stop(tReorder)
		}
	}
	e.pipe.out = max(e.pipe.out, 0)
	e.pipe.behind = min(e.pipe.behind, len(e.rtx))
	e.setPipe()
	if len(e.rtx) == 0 {
		e.pipe.out = 0
		e.timers.stop(tRetransmit)
		e.timers.stop(tLossProbe)
	}
}

// recoverCounted looks for losses by time where there is SACK, and in a recovery sends
// again what is lost, when a segment was processed.
func (e *Endpoint) recoverCounted(s *Segment) {
	begun := e.pipe.begun
	e.pipe.begun = false
	switch {
	case !e.counts() || e.probeAnswered:
	case e.sackOK:
		e.rack.window = e.reorderWindow()
		e.lookForLoss(begun)
	case e.recovering && len(e.rtx) > 0 && s.Len() == 0 && wire.SeqLessEq(e.una, s.Ack) && wire.SeqLessEq(s.Ack, e.nxt):
		e.recoverPartial(s, begun)
	}
}

// recoverPartial is a recovery without SACK: RFC 6582 section 3.2, "retransmit the first
// unacknowledged segment", and RFC 5681 section 3.2 step 4, "For each additional duplicate
// ACK received [...] cwnd MUST be incremented by SMSS" (netstack reno_recovery.go,
// DoRecovery).
func (e *Endpoint) recoverPartial(s *Segment, begun bool) {
	if !begun && s.Ack == e.pipe.first {
		if e.cwnd < e.pipe.maxCwnd {
			e.cwnd++
		}
		return
	}
	e.cite(RecoveryPartial)
	e.pipe.first, e.dupAcks = s.Ack, 0
	e.retransmit(0)
}

// lookForLoss does so with the reordering window of the last ACK.
func (e *Endpoint) lookForLoss(begun bool) (lost bool) {
	n, wait := e.rackDetect(e.rack.window)
	if wait > 0 && !e.armed(tReorder) {
		e.arm(tReorder, wait)
	}
	if n > 0 && !e.recovering {
		e.beginCounted()
		begun = true
	}
	if e.recovering {
		e.sendLost(begun)
	}
	return n > 0
}

// sendLost sends the first segment again when recovery has begun, and what is lost of those
// that are not sent again anyway as far as the congestion window allows (netstack rack.go,
// DoRecovery).
func (e *Endpoint) sendLost(begun bool) {
	if begun && len(e.rtx) > 0 {
		e.retransmit(0)
		e.pipe.highRxt = e.textEnd(&e.rtx[0]) - 1
		e.setPipe()
	}
	for i := range len(e.rtx) - e.pipe.behind {
		x := &e.rtx[i]
		if !x.lost || x.resent {
			continue
		}
		if x.sacked {
			x.lost = false
			continue
		}
		if e.pipe.out >= e.cwnd || !e.fits(x) {
			return
		}
		e.retransmit(i)
		e.pipe.out++
	}
}

// afterSend looks after the timers when all was sent that may be, or nothing. While more is
// to be sent than the window takes, which has closed before what is in flight, that is
// probed with the next time-out (netstack snd.go, postXmit).
func (e *Endpoint) afterSend(probe bool) {
	if len(e.rtx) == 0 || e.probeAnswered {
		return
	}
	if e.armed(tPersist) {
		// It was an old ACK that opened the window: that is probed all the same.
		e.shut = true
		e.timers.set(tRetransmit, e.timers.at[tPersist])
		e.timers.stop(tPersist)
	}
	if e.wnd == 0 && (e.hasUnsent() || e.pipe.behind > 0) && e.synchronized() {
		e.shut = true
		if e.retransStamp == 0 {
			e.retransStamp = e.now
		}
		e.arm(tRetransmit, e.clampRTO(e.rto))
	}
	switch {
	case probe && e.restartLossProbe():
	case !e.armed(tRetransmit):
		e.timers.stop(tLossProbe)
		if e.pipe.out > 0 {
			e.arm(tRetransmit, e.clampRTO(e.rto))
		}
	}
}
