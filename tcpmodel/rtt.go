package tcpmodel

import (
	"time"

	"rstlab/netsim/wire"
)

// rtt is the estimate of the round-trip time and the time-out made of it (RFC
// 6298 section 2). srtt is scaled by 8 and mdev by 4, so that no precision is
// lost.
type rtt struct {
	srtt, mdev      time.Duration
	rttvar, mdevMax time.Duration
	rttSeq          uint32
	rto             time.Duration // with back-off
	minRTT, maxRTT  time.Duration
}

// sample takes one measurement.
func (e *Endpoint) sample(r time.Duration) {
	r = e.noteTrip(r)
	if e.srtt == 0 {
		e.srtt, e.mdev = max(r, e.leastTrip())*8, r*2
		e.rttvar = max(e.mdev, e.floor())
		e.mdevMax = e.rttvar
		e.rttSeq = e.nxt
	} else {
		d := r - e.srtt/8
		e.srtt += d
		if d < 0 {
			d = -d
		}
		e.mdev += d - e.mdev/4
		if !e.p.FloorOnVariance {
			e.rttvar = e.mdev
		} else {
			e.smoothVariance()
		}
	}
	e.setRTO()
	e.setPace()
}

// noteTrip remembers the shortest and the longest round trip, and gives one that is not 0.
func (e *Endpoint) noteTrip(r time.Duration) time.Duration {
	r = max(r, 1)
	e.cite(RttSample)
	if e.minRTT == 0 || r < e.minRTT {
		e.minRTT = r
	}
	e.maxRTT = max(e.maxRTT, r)
	return r
}

// tripOf is the round trip that an echoed timestamp tells.
func (e *Endpoint) tripOf(s *Segment) time.Duration {
	return time.Duration(e.tsval()-s.Options.TSEcr) * time.Millisecond
}

// weigh takes one of the measurements of a round trip in which out segments are in
// flight. RFC 7323 appendix G: "alpha' = alpha / ExpectedSamples", and beta alike, where
// two segments make one sample. The arithmetic is that of netstack (snd.go, updateRTO);
// each product is rounded by itself, whatever the machine.
func (e *Endpoint) weigh(r time.Duration, out int) {
	r = e.noteTrip(r)
	switch {
	case e.srtt == 0:
		e.sample(r)
		return
	case out == 0:
		return
	}
	samples := float64((out + 1) / 2)
	blend := func(old, sample time.Duration, gain float64) time.Duration {
		sum := float64((1-gain/samples)*old.Seconds()) + float64(gain/samples*sample.Seconds())
		return time.Duration(sum * float64(time.Second))
	}
	srtt := e.srtt / 8
	e.mdev = 4 * blend(e.mdev/4, (srtt-r).Abs(), 0.25)
	e.srtt = 8 * max(blend(srtt, r, 0.125), e.leastTrip())
	e.rttvar = e.mdev
	e.setRTO()
}

// smoothVariance lets the variance grow at once and shrink once a round trip
// (Linux net/ipv4/tcp_input.c, tcp_rtt_estimator).
func (e *Endpoint) smoothVariance() {
	if e.mdev > e.mdevMax {
		e.mdevMax = e.mdev
		e.rttvar = max(e.rttvar, e.mdevMax)
	}
	if wire.SeqLess(e.rttSeq, e.una) {
		if e.mdevMax < e.rttvar {
			e.rttvar -= (e.rttvar - e.mdevMax) / 4
		}
		e.rttSeq, e.mdevMax = e.nxt, e.floor()
	}
}

// leastTrip is the least SRTT (netstack snd.go, MinSRTT).
func (e *Endpoint) leastTrip() time.Duration {
	if e.p.WeighedRTT {
		return e.p.Tick
	}
	return 0
}

// floor is the least that the variance adds to a time-out.
func (e *Endpoint) floor() time.Duration {
	switch {
	case e.p.FloorOnVariance:
		return e.p.MinRTO
	case e.p.WeighedRTT:
		return 0
	}
	return e.p.Tick
}

// setRTO is the time-out without back-off. RFC 6298: "RTO <- SRTT + max (G,
// K*RTTVAR)".
func (e *Endpoint) setRTO() {
	if e.srtt == 0 {
		e.rto = e.p.InitialRTO
		return
	}
	rto := e.srtt/8 + max(e.rttvar, e.floor())
	e.rto = min(max(rto, e.p.MinRTO)+e.p.SlopRTO, e.p.MaxRTO)
	if e.p.FloorOnVariance {
		e.rto = (e.rto + e.p.Tick - 1) / e.p.Tick * e.p.Tick // Linux __tcp_set_rto: usecs_to_jiffies
	}
}

// backOff doubles the time-out. RFC 6298 (5.5): "The host MUST set RTO <- RTO *
// 2 ("back off the timer")."
// What a stack adds to each time-out is not doubled (FreeBSD tcp_timer.h,
// TCPT_RANGESET).
func (e *Endpoint) backOff() {
	base := e.rto
	if e.srtt != 0 || e.rto != e.p.InitialRTO {
		base -= e.p.SlopRTO
	}
	e.rto = min(base*2+e.p.SlopRTO, e.p.MaxRTO)
	if left, limited := e.userTimeLeft(); limited && e.p.UserTimeoutKept {
		e.rto = min(e.rto, left) // netstack snd.go, retransmitTimerExpired: and nowhere else
	}
}

// rearmRTO starts the retransmission timer anew; after a loss probe what is
// left of it.
func (e *Endpoint) rearmRTO() {
	probe := e.armed(tLossProbe)
	e.timers.stop(tLossProbe)
	if !e.p.RackTimerKept {
		e.timers.stop(tReorder)
	}
	if len(e.rtx) == 0 {
		e.timers.stop(tRetransmit)
		return
	}
	d := e.rto
	if probe {
		d = max(e.rtx[0].at+e.rto-e.now, 1)
	}
	e.arm(tRetransmit, e.clampRTO(d))
}

// clampRTO shortens a time-out so that a user time-out is kept (RFC 5482 section
// 3.1). With UserTimeoutKept [Endpoint.backOff] does that.
func (e *Endpoint) clampRTO(d time.Duration) time.Duration {
	left, limited := e.userTimeLeft()
	if !limited || e.p.UserTimeoutKept {
		return d
	}
	return max(min(d, left), e.p.Tick)
}

// userTimeLeft is what is left of the user time-out while it counts.
func (e *Endpoint) userTimeLeft() (left time.Duration, limited bool) {
	limit := durationOf(e.opt[UserTimeout])
	if limit == 0 || e.retransStamp == 0 || !e.synchronized() && !e.p.SynCountHeeded {
		return 0, false
	}
	return limit - (e.now - e.retransStamp), true
}

// tick rounds a time up to the granularity of timers.
func (e *Endpoint) tick(d time.Duration) time.Duration { return max(d, e.p.Tick) }

// durationOf is the value of an option that is a time.
func durationOf(v int64) time.Duration { return time.Duration(v) }
