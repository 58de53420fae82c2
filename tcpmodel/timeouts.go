package tcpmodel

import (
	"syscall"
	"time"

	"rstlab/netsim/wire"
)

// expire is RFC 9293 section 3.10.8: a timer has gone off.
func (e *Endpoint) expire(which timer) {
	switch which {
	case tRetransmit:
		e.retransmitExpired()
	case tLossProbe:
		e.lossProbeExpired()
	case tReorder:
		e.reorderExpired()
	case tPersist:
		e.persistExpired()
	case tDelAck:
		e.delAckExpired()
	case tKeepAlive:
		e.keepAliveExpired()
	case tTimeWait:
		e.cite(TimeWaitOver)
		e.end(0)
	}
}

// retransmitExpired is RFC 6298 section 5.
func (e *Endpoint) retransmitExpired() {
	if len(e.rtx) == 0 {
		return
	}
	switch e.state {
	case wire.SynSent, wire.SynReceived:
		e.synExpired()
		return
	case wire.Established, wire.FinWait1, wire.FinWait2, wire.CloseWait, wire.Closing, wire.LastAck:
	case wire.Closed, wire.Listen, wire.TimeWait:
		return
	}
	if e.p.UserTimeoutKept && e.retransStamp == 0 {
		e.retransStamp = e.rtx[0].at
	}
	if e.outOfTime(e.retries(), durationOf(e.opt[UserTimeout])) {
		e.cite(TimeoutR2)
		e.giveUp()
		return
	}
	e.loseAll()
	if e.counts() {
		e.resendCounted()
		return
	}
	e.cite(TimeoutRetransmit)
	e.retransmits++
	e.retransmit(0)
	if e.retransStamp == 0 {
		e.retransStamp = e.now
		if !e.p.TimeRetries && len(e.rtx) > 0 {
			e.retransStamp = e.rtx[0].first
		}
	}
	if e.state != wire.Closed {
		e.backOff()
		e.arm(tRetransmit, e.clampRTO(e.rto))
	}
}

// loseAll takes everything in flight for lost (RFC 5681 section 3.1: "cwnd MUST be set
// to no more than the loss window, LW, which equals 1 full-sized segment").
func (e *Endpoint) loseAll() {
	begins := !e.lossRecovery || e.p.FlightHalved
	if e.p.ProportionalReduction { // Linux net/ipv4/tcp_input.c, tcp_enter_loss: new_recovery
		begins = !e.recovering && (begins || e.retransmits == 0) || wire.SeqLessEq(e.high, e.una)
	}
	if begins {
		e.undo.begin(e.cwnd, e.earnedSlowEnd())
		e.halve()
	}
	e.beginForward(begins)
	if e.recovering || !e.counts() {
		e.dupAcks = 0
	}
	e.high = e.nxt // RFC 6582 section 3.2 step 4: "record the highest sequence number transmitted in the variable recover"
	e.lossRecovery, e.recovering, e.tlpOut = true, false, false
	e.pipe.out, e.pipe.behind, e.pipe.lingers = 0, len(e.rtx), false
	for i := range e.rtx {
		x := &e.rtx[i]
		x.sacked = x.sacked && !e.p.TimeoutForgetsSack
		if x.sacked || e.counts() || i > 0 && e.p.Rack && e.sackOK && x.at+e.rack.rtt > e.now {
			continue // too young to be lost: RFC 8985 section 6.3, Linux tcp_timeout_mark_lost
		}
		e.lose(x)
	}
	e.cwnd = 1
	if e.p.ProportionalReduction {
		e.cwnd += e.inFlight() // Linux net/ipv4/tcp_input.c, tcp_enter_loss
	}
}

// resendCounted is a time-out after which all that is in flight is behind it. While the
// window is closed before that it is probed, from the second on (netstack snd.go,
// retransmitTimerExpired).
func (e *Endpoint) resendCounted() {
	e.backOff()
	if !e.shut {
		e.cite(TimeoutRetransmit)
		e.retransmits++
		e.push(0)
		return
	}
	if e.probes >= e.retries() {
		e.cite(PersistOver)
		e.end(e.timedOut())
		return
	}
	e.cite(PersistProbe)
	e.emit(e.una-1, wire.ACK, e.probeText())
	e.probes++
	e.arm(tRetransmit, e.clampRTO(e.rto))
}

// synExpired sends the SYN or SYN-ACK again. RFC 9293 section 3.8.3: "In
// particular, R2 for a SYN segment MUST be set large enough to provide
// retransmission of the segment for at least 3 minutes"; stacks give up sooner.
func (e *Endpoint) synExpired() {
	if e.synOver() {
		e.cite(TimeoutSyn)
		if e.passive {
			e.backToListen()
			return
		}
		e.end(e.timedOut())
		return
	}
	e.cite(TimeoutSynAgain)
	e.backOffSyn()
	e.sendSyn(true)
	if e.p.SynKept {
		e.out.Segments[len(e.out.Segments)-1].Options = e.synOptions
	}
}

// synTries is how often a SYN or SYN-ACK is sent again, and how many times more without a
// longer time-out.
func (e *Endpoint) synTries() (limit, linear int) {
	switch {
	case e.crossed():
		return int(e.opt[SynCount]), 0
	case e.state != wire.SynSent:
		return e.p.SynAckRetries, 0
	case e.p.SynCountHeeded:
		return int(e.opt[SynCount]), e.p.SynLinear
	}
	return e.p.SynRetries, e.p.SynLinear
}

// crossed reports whether what is sent again is the SYN of a simultaneous open, with ACK
// (Linux net/ipv4/tcp_timer.c, tcp_write_timeout).
func (e *Endpoint) crossed() bool {
	return e.state == wire.SynReceived && !e.passive && e.p.CrossedSynAck == CrossedEndsAnswered
}

// synOver reports whether a SYN or SYN-ACK is not sent again any more.
func (e *Endpoint) synOver() bool {
	limit, linear := e.synTries()
	return e.timeouts >= limit+linear || e.synOutOfTime(limit) ||
		e.p.ConnectTime > 0 && !e.passive && e.now-e.rtx[0].first >= e.p.ConnectTime
}

// backOffSyn counts a time-out of a SYN, and doubles the next.
func (e *Endpoint) backOffSyn() {
	e.timeouts++
	if _, linear := e.synTries(); linear == 0 || e.timeouts > linear {
		e.backOff()
	}
}

// synOutOfTime reports whether an active OPEN has taken as long as the application
// asked for, or as the retries would without those of SynLinear (Linux
// net/ipv4/tcp_timer.c, tcp_write_timeout).
func (e *Endpoint) synOutOfTime(retries int) bool {
	if e.state != wire.SynSent && !e.crossed() || !e.p.SynCountHeeded || e.timeouts == 0 {
		return false
	}
	limit := durationOf(e.opt[UserTimeout])
	if limit == 0 && e.p.TimeRetries {
		limit = e.timeFor(retries, e.p.InitialRTO)
	}
	return limit > 0 && e.now-e.retransStamp >= limit
}

// timeFor is how long so many retransmissions take, from a time-out on, and the
// wait after the last.
func (e *Endpoint) timeFor(retries int, d time.Duration) (total time.Duration) {
	for range retries + 1 {
		total += d
		d = min(d*2, e.p.MaxRTO)
	}
	return total
}

// retries is R2 of the connection.
func (e *Endpoint) retries() int {
	if e.orphan && e.p.OrphanRetries > 0 {
		return e.p.OrphanRetries
	}
	return e.p.Retries
}

// outOfTime reports whether retransmission has gone on for long enough. RFC 9293
// section 3.8.3: "Close the connection" at R2, which "might be measured in time
// units or as a count of retransmissions".
func (e *Endpoint) outOfTime(retries int, user time.Duration) bool {
	if e.p.SegmentRetries {
		return !e.shut && int(e.rtx[0].retrans) >= retries || user > 0 && e.now-e.retransStamp >= user
	}
	if e.retransmits == 0 {
		return false
	}
	if user > 0 {
		return e.now-e.retransStamp >= user
	}
	if !e.p.TimeRetries {
		return e.retransmits >= retries
	}
	return e.now-e.retransStamp >= e.timeFor(retries, e.p.MinRTO)
}

// lossProbeExpired is RFC 8985 section 7.3: it sends new text or the last segment
// again, and leaves the time-out to the retransmission timer.
func (e *Endpoint) lossProbeExpired() {
	e.cite(LossProbe)
	if len(e.rtx) == 0 {
		return
	}
	if e.p.TailProbeRestarts {
		e.probeTail()
		return
	}
	e.tlpHigh, e.tlpOut = e.nxt, true
	before := len(e.rtx)
	if e.unsent() > 0 && e.wnd > 0 {
		cwnd := e.cwnd
		e.cwnd = e.inFlight() + 1
		e.pushOne(pushNow)
		e.cwnd = cwnd
		e.tlpHigh = e.nxt
	}
	isNew := len(e.rtx) > before
	if !isNew {
		e.retransmit(before - 1)
		e.rtx[before-1].resent = false
	}
	d := max(e.rtx[0].at+e.rto-e.now, 1)
	if isNew && e.p.ProbeBeforeRTO {
		d = e.rto // of the new text (Linux net/ipv4/tcp_output.c, tcp_send_loss_probe)
	}
	e.arm(tRetransmit, e.clampRTO(d))
}

// probeTail is a tail loss probe with which the time-out begins anew (netstack rack.go,
// probeTimerExpired).
func (e *Endpoint) probeTail() {
	last := len(e.rtx) - 1
	if !e.tlpOut && e.fits(&e.rtx[last]) {
		e.tlpHigh, e.tlpOut = e.nxt, true
		e.retransmit(last)
	}
	e.afterSend(false)
}

// giveUp ends a connection whose peer is gone.
func (e *Endpoint) giveUp() {
	if e.p.TimeoutReset {
		e.activeReset()
	}
	e.end(e.timedOut())
}

// timedOut is the error of a connection that is given up.
func (e *Endpoint) timedOut() syscall.Errno {
	if e.soft != 0 {
		return e.soft
	}
	return syscall.ETIMEDOUT
}

// persistExpired probes a zero window. RFC 9293 section 3.8.6.1: "The sending TCP
// peer must regularly transmit at least one octet of new data (if available), or
// retransmit to the receiving TCP peer even if the send window is zero".
func (e *Endpoint) persistExpired() {
	if (e.orphan || e.p.ProbesCounted) && e.probes >= e.retries() {
		e.cite(PersistOver)
		e.giveUp()
		return
	}
	if e.probedEnough() {
		e.cite(PersistOver)
		e.giveUp()
		return
	}
	e.cite(PersistProbe)
	room := int(wire.SeqDiff(e.windowEnd(), e.nxt))
	if n := min(e.unsent(), room, e.segmentSize()); n > 0 {
		// What fits goes out although it is short: override of SWS avoidance.
		e.pushProbe(e.nxt + uint32(n))
		e.sendText(n, false)
		e.rearmRTO()
		return
	}
	e.emit(e.una-1, wire.ACK, e.probeText())
	e.probes++
	if e.p.ProbeTimesOut {
		e.loseAll()
		e.backOff()
	} else if !e.p.ProbesCounted || int(e.persistBackoff) < e.p.Retries {
		e.persistBackoff++
	}
	e.arm(tPersist, e.persistTime())
}

// probedEnough reports whether a closed window was probed for as long as the
// application, or nobody, cares.
func (e *Endpoint) probedEnough() bool {
	user := durationOf(e.opt[UserTimeout])
	if e.p.UserTimeoutKept {
		return user > 0 && e.now-e.retransStamp >= user
	}
	if !e.p.ProbesTimed {
		return user > 0 && e.probes > 0 && e.now-e.rcvd >= user
	}
	if e.retransStamp == 0 {
		e.retransStamp = e.now // of the first probe
		return false
	}
	return user > 0 && e.now-e.retransStamp >= user || e.orphan && e.persistTime() >= e.p.MaxRTO
}

// probeText is the text of a zero-window probe: the last octet that was
// acknowledged, or none.
func (e *Endpoint) probeText() []byte {
	if e.p.ProbeByte && e.hasLast {
		return []byte{e.lastByte}
	}
	return nil
}

// delAckExpired sends the delayed ACK.
func (e *Endpoint) delAckExpired() {
	e.cite(AckDelayedSent)
	if !e.ackPending {
		return
	}
	if !e.pingpong {
		e.ato = min(e.ato*2, e.rto)
	} else {
		e.pingpong = false
		e.ato = e.p.DelAck
	}
	e.sendAck()
}
