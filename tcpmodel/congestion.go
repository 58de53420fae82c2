package tcpmodel

import (
	"slices"
	"time"

	"rstlab/netsim/wire"
)

// congestion is the congestion window (RFC 5681) and loss recovery (RFC 6582
// without SACK, RFC 6675 with), in segments.
type congestion struct {
	cwnd, slowEnd int // slowEnd is ssthresh of RFC 5681
	pace          int // so many segments are sent in a millisecond
	credit        int
	recovering    bool
	lossRecovery  bool // after a time-out
	dupAcks       int
	mostOut       int // the most segments in flight since the last full window
	mostSeq       uint32
	limited       bool
	tlpHigh       uint32 // SND.NXT at the loss probe
	tlpOut        bool
	pipe          pipe
	reduction     reduction
	undo          undo
}

// dupThresh is DupThresh of RFC 6675 and the three duplicate ACKs of RFC 5681
// section 3.2.
const dupThresh = 3

// inFlight is pipe of RFC 6675: what is believed to be in the network.
func (e *Endpoint) inFlight() int {
	if e.counts() {
		return e.pipe.out
	}
	n, lost := 0, 0
	limited := e.recovering || !e.p.PipeCounted
	for i := range e.rtx {
		x := &e.rtx[i]
		if x.lost {
			lost++
		}
		if x.sacked && limited || x.lost && !x.resent {
			continue
		}
		n++
	}
	switch {
	case e.sackOK:
	case e.p.ProportionalReduction:
		n -= max(min(e.dupAcks, len(e.rtx)-max(lost, 1)), 0) // Linux tcp_limit_reno_sacked
	case limited:
		n -= min(e.dupAcks, max(n-1, 0))
	}
	return max(n, 0)
}

// sentNew is done for each segment with new numbers.
func (e *Endpoint) sentNew() {
	e.pipe.out++
	out := len(e.rtx)
	if out > e.mostOut || wire.SeqLess(e.mostSeq, e.una) {
		e.mostOut, e.mostSeq = out, e.nxt
	}
	e.limited = e.cwnd <= e.inFlight()
	if e.recovering {
		e.reduction.out++
	}
}

// acked grows the window by n acknowledged segments. RFC 5681 section 3.1: slow
// start, then congestion avoidance; neither while the window is not used (RFC
// 7661).
func (e *Endpoint) acked(n int) {
	slow := e.cwnd < e.slowEnd
	if !e.limited && !(slow && e.cwnd < 2*e.mostOut) && !e.p.UnusedWindowGrows {
		return
	}
	if slow {
		e.cite(SlowStart)
		grow := min(n, e.slowEnd-e.cwnd)
		e.cwnd += grow
		n -= grow
		if e.p.CreditKept && e.cwnd == e.slowEnd {
			e.credit = 0
		}
	}
	if n <= 0 && (slow || !e.p.CreditKept) {
		return
	}
	e.cite(CongestionAvoidance)
	e.credit += n
	switch {
	case e.credit < e.cwnd:
	case e.p.CreditKept: // netstack reno.go, updateCongestionAvoidance
		e.cwnd += e.credit / e.cwnd
		e.credit %= e.cwnd
	default:
		e.credit -= e.cwnd
		e.cwnd++
	}
}

// restartIdle is RFC 5681 section 4.1: "a TCP SHOULD set cwnd to no more than RW
// before beginning transmission if the TCP has not sent data in an interval
// exceeding the retransmission timeout".
func (e *Endpoint) restartIdle() {
	idle, busy := e.now-e.sentData, len(e.rtx) > 0 || e.sentData == 0
	if e.p.AckEndsPause {
		idle, busy = e.now-e.sentAt, e.recovering || e.lossRecovery
	}
	if busy || idle <= e.rto {
		return
	}
	if e.cwnd > e.p.InitialWindow {
		e.cite(RestartIdle)
	}
	if !e.p.IdleHalves {
		e.cwnd = min(e.cwnd, e.p.InitialWindow)
		return
	}
	e.slowEnd = e.earnedSlowEnd()
	for idle -= e.rto; idle > 0 && e.cwnd > e.p.InitialWindow; idle -= e.rto {
		e.cwnd = max(e.cwnd/2, e.p.InitialWindow)
	}
}

// burstSize is how many segments a stack with segmentation offload hands down
// together: about what it would send in a millisecond, two at least.
func (e *Endpoint) burstSize() int {
	if !e.p.PushPairs {
		return 1 << 20
	}
	return max(e.pace, 2)
}

// defers reports whether a burst waits for more window: what was sent last went out at
// this time, too, and the ACK of what is in flight is due within a millisecond (Linux
// net/ipv4/tcp_output.c, tcp_tso_should_defer). size is that of the packet, behind which
// more waits; room and quota are what the windows take, in octets and segments.
func (e *Endpoint) defers(size, quota, room int, last, fin bool) bool {
	if !e.p.DefersBursts || e.recovering || e.lossRecovery || len(e.rtx) == 0 || e.now-e.sentAt > time.Millisecond {
		return false
	}
	mss := e.segmentSize()
	congestion := quota * mss
	limit := min(room, congestion)
	switch {
	case limit >= e.burstSize()*mss, !last && limit >= size,
		limit >= min(int(e.wnd), e.cwnd*mss)/3,
		e.rtx[0].at+e.srtt/8-e.now > min(e.srtt/16, time.Millisecond):
		return false
	}
	return limit <= size || !fin
}

// setPace notes how many segments are sent in a millisecond, as of now: with each ACK of
// something new (Linux net/ipv4/tcp_input.c, tcp_update_pacing_rate).
func (e *Endpoint) setPace() {
	if e.srtt == 0 {
		return
	}
	percent := int64(200)
	if e.cwnd >= e.slowEnd/2 {
		percent = 120
	}
	most := int64(max(e.cwnd, len(e.rtx)))
	e.pace = int(most * percent * int64(time.Second) / (100 * 1024) / int64(max(e.srtt/8, 1)))
}

// earnedSlowEnd is ssthresh, or three quarters of the congestion window where that has
// grown beyond it (Linux include/net/tcp.h, tcp_current_ssthresh).
func (e *Endpoint) earnedSlowEnd() int { return max(e.slowEnd, e.cwnd/2+e.cwnd/4) }

// halve is RFC 5681 section 3.1 equation 4: "ssthresh = max (FlightSize / 2,
// 2*SMSS)".
func (e *Endpoint) halve() {
	flight := e.cwnd
	if e.p.FlightHalved {
		flight = e.inFlight()
	}
	e.slowEnd = max(flight/2, 2)
}

// onDuplicate is a duplicate ACK (RFC 5681 section 2) or an ACK with news of
// selective acknowledgments.
func (e *Endpoint) onDuplicate() {
	e.dupAcks++
	if e.sackOK && e.racks() {
		e.rackMark()
	} else if e.sackOK {
		e.markLost()
	} else if e.dupAcks >= dupThresh && len(e.rtx) > 0 && !e.recovering && !e.rtx[0].lost {
		e.lose(&e.rtx[0])
	}
	if !e.sackOK {
		e.reduction.newly++
	}
	if e.forward(false, true) {
		return
	}
	e.recoverLost(false)
}

// recoverLost begins recovery when something is lost, and sends it again.
func (e *Endpoint) recoverLost(advanced bool) {
	if !e.recovering && !e.lossRecovery && e.anyLost() {
		e.cite(FastRetransmit)
		e.recovering = true
		e.high = e.nxt
		e.reduction.begin(e.cwnd)
		e.undo.begin(e.cwnd, e.earnedSlowEnd())
		e.halve()
		if !e.p.ProportionalReduction {
			e.cwnd = e.slowEnd
		}
		e.timers.stop(tLossProbe)
	}
	e.reduce(advanced)
	e.resendLost()
	if len(e.rtx) > 0 && !e.armed(tRetransmit) && !e.armed(tLossProbe) && !e.armed(tReorder) {
		e.rearmRTO() // nothing could be sent that would have done so
	}
}

// disordered reports whether the peer has text beyond a gap.
func (e *Endpoint) disordered() bool {
	return slices.ContainsFunc(e.rtx, func(x sent) bool { return x.sacked })
}

func (e *Endpoint) anyLost() bool {
	for i := range e.rtx {
		if e.rtx[i].lost && !e.rtx[i].resent {
			return true
		}
	}
	return false
}

// markLost is IsLost of RFC 6675 section 4: three segments above it have
// arrived.
func (e *Endpoint) markLost() {
	above := 0
	for i := len(e.rtx) - 1; i >= 0; i-- {
		x := &e.rtx[i]
		if x.sacked {
			above++
		} else if above >= dupThresh && !x.lost {
			e.lose(x)
		}
	}
}

// resendLost retransmits what is lost as far as the window allows; the first
// segment always.
func (e *Endpoint) resendLost() {
	for i := 0; i < len(e.rtx); i++ { // what is sent again may take others with it
		x := &e.rtx[i]
		if !x.lost || x.resent || x.sacked {
			continue
		}
		if (i > 0 || e.p.ProportionalReduction) && e.inFlight() >= e.cwnd {
			return
		}
		e.retransmit(i)
		if !e.armed(tRetransmit) || i == 0 {
			e.rearmRTO()
		}
	}
}

// fits reports whether the window takes a segment that was sent before: all of it, or as
// much as the MSS (netstack snd.go, maybeSendSegment).
func (e *Endpoint) fits(x *sent) bool {
	size := wire.SeqDiff(e.textEnd(x), x.seq)
	return size == 0 || wire.SeqDiff(e.windowEnd(), x.seq) >= min(size, int32(e.mss))
}

// progress ends recovery, or goes on with it, when SND.UNA has advanced (RFC
// 6582 section 3.2). It reports whether what is lost may be sent again now.
func (e *Endpoint) progress(n int) bool {
	defer e.setPace()
	e.forgetDuplicates(n)
	switch {
	case e.recovering || e.lossRecovery:
		if wire.SeqLessEq(e.high, e.una) {
			e.cite(RecoveryOver)
			if e.recovering && e.p.ProportionalReduction {
				e.cwnd = e.slowEnd
			}
			e.recovering, e.lossRecovery = false, false
			if !e.p.UnusedWindowGrows {
				n = 0
			}
			e.acked(n)
			return true
		}
		e.cite(RecoveryPartial)
		if e.lossRecovery {
			e.limited = true
			e.acked(n)
			if e.forward(true, e.reduction.newly > n) {
				return false
			}
		} else if !e.sackOK && len(e.rtx) > 0 && !e.rtx[0].lost {
			e.lose(&e.rtx[0])
		}
		if e.lossRecovery || !e.p.ProportionalReduction {
			e.resendLost() // else in recoverLost
		}
	default:
		e.acked(n)
	}
	return true
}

// restartLossProbe sets the probe anew, no later than the time-out: with whatever may send
// or does (netstack snd.go, postXmit; rack.go, schedulePTO).
func (e *Endpoint) restartLossProbe() bool {
	limit, limited := e.timers.at[tRetransmit]-e.now, e.armed(tRetransmit)
	if !e.scheduleLossProbe() {
		return false
	}
	if limited {
		e.arm(tLossProbe, min(e.timers.at[tLossProbe]-e.now, limit))
	}
	return true
}

// mayProbe reports whether a tail loss probe may be sent: not in a recovery.
func (e *Endpoint) mayProbe() bool {
	return e.p.TailLossProbe && e.sackOK && !e.recovering && !e.lossRecovery && !e.pipe.lingers &&
		(!e.tlpOut || e.p.TailProbeRestarts) && e.synchronized() && !e.disordered()
}

// scheduleLossProbe sets the probe of RFC 8985 section 7.2 in place of the
// time-out.
func (e *Endpoint) scheduleLossProbe() bool {
	if len(e.rtx) == 0 || !e.mayProbe() {
		return false
	}
	d := e.p.InitialRTO
	if e.srtt > 0 {
		d = e.srtt / 4
		if len(e.rtx) == 1 && !e.counts() || e.counts() && e.pipe.out == 1 {
			d += e.p.TailProbeSlack
		} else {
			d += e.p.TailProbeMargin
		}
	}
	d = e.ticks(d)
	if e.p.ProbeBeforeRTO {
		d = min(d, max(e.rtx[0].at+e.rto-e.now, 1))
	}
	e.timers.stop(tRetransmit)
	if !e.p.RackTimerKept {
		e.timers.stop(tReorder)
	}
	e.arm(tLossProbe, d)
	return true
}
