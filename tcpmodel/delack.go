package tcpmodel

import (
	"time"

	"rstlab/netsim/wire"
)

// ackState is when to acknowledge.
type ackState struct {
	ackPending  bool // an ACK is owed
	ackNow      bool // and must not wait
	pushedIn    bool // a short segment arrived since the last ACK
	pushedTwice bool
	quick       int  // ACKs that are not delayed
	pingpong    bool // the application answers what it receives: delay
	ato         time.Duration
	rcvData     time.Duration // when text last arrived
	dups        int           // duplicate ACKs sent at dupNxt
	dupNxt      uint32
}

// enterQuick has the next ACKs sent at once (Linux net/ipv4/tcp_input.c,
// tcp_incr_quickack).
func (e *Endpoint) enterQuick() {
	n := int(e.rcvWnd) / (2 * max(e.rcvMSS, 1))
	if n == 0 {
		n = 2
	}
	n = min(n, e.p.QuickAcks)
	e.quick = max(e.quick, n)
}

// dataArrived is done for each segment with new text (Linux
// net/ipv4/tcp_input.c, tcp_event_data_recv).
func (e *Endpoint) dataArrived(n, charge int, psh bool) {
	e.ackPending = true
	e.measure(n, charge, psh)
	if e.ato == 0 {
		e.enterQuick()
		e.ato = e.p.DelAck
	} else {
		gap := e.now - e.rcvData
		switch {
		case gap <= e.p.DelAck/2:
			e.ato = e.ato/2 + e.p.DelAck/2
		case gap < e.ato:
			e.ato = min(e.ato/2+gap, e.rto)
		case gap > e.rto:
			e.enterQuick()
		}
	}
	e.rcvData = e.now
	if n >= 128 {
		e.growWindow(n, charge)
	}
}

// sentText is done when text was sent.
func (e *Endpoint) sentText() {
	e.sentData = e.now
	if e.ato > 0 && e.now-e.rcvData < e.ato {
		e.pingpong = true
	}
}

// ackSent is done with every segment that acknowledges.
func (e *Endpoint) ackSent() {
	if e.quick > 0 && e.ackPending {
		e.quick--
		if e.quick == 0 {
			e.ato = e.p.DelAck
		}
	}
	e.ackPending, e.ackNow, e.pushedIn, e.pushedTwice = false, false, false, false
	e.timers.stop(tDelAck)
}

// ackCheck sends the ACK that is owed, or delays it. RFC 9293 section 3.8.6.3:
// "An ACK SHOULD be generated for at least every second full-sized segment".
func (e *Endpoint) ackCheck() {
	if !e.ackPending || e.state == wire.Closed || e.state == wire.TimeWait {
		return
	}
	if e.follows {
		if e.ackNow || len(e.later) > 0 {
			e.cite(AckAtOnce)
			e.sendAck()
		}
		return
	}
	second := int(e.rcvNxt-e.rcvWup) > e.rcvMSS && e.newWindow() >= int(e.rcvWnd)
	if !e.p.ChargeOverhead {
		second = int(e.rcvNxt-e.rcvWup) > e.rcvMSS
	}
	switch {
	case second:
		e.cite(AckSecond)
		e.sendAck()
	case e.p.DelAck == 0 || e.ackNow || e.quick > 0 && !e.pingpong || len(e.later) > 0 && !e.compresses():
		e.cite(AckAtOnce)
		e.sendAck()
	case len(e.later) > 0:
		e.cite(AckCompressed)
		if !e.armed(tDelAck) {
			e.arm(tDelAck, min(time.Millisecond, max(e.srtt/160, 1)))
		}
	case !e.armed(tDelAck):
		e.cite(AckDelayed)
		d := e.ackDelay() + e.delAckLate()
		e.arm(tDelAck, d)
	case e.p.AdaptiveDelAck:
		e.delayAgain()
	}
}

// delayAgain is another segment while an ACK is delayed: it may shorten the delay, and
// ends it when three quarters of it would be over (Linux net/ipv4/tcp_output.c,
// tcp_send_delayed_ack).
func (e *Endpoint) delayAgain() {
	left, d := e.timers.at[tDelAck]-e.delAckLate()-e.now, e.ackDelay()
	switch {
	case left <= d/4:
		e.cite(AckAtOnce)
		e.sendAck()
	case d < left:
		e.cite(AckDelayed)
		e.arm(tDelAck, d+e.delAckLate())
	}
}

// delAckLate is how much later than asked for its timer goes off, on average: timers of
// less than 64 ticks do so with the next tick (Linux kernel/time/timer.c, calc_index).
func (e *Endpoint) delAckLate() time.Duration {
	if !e.p.LateTimers {
		return 0
	}
	return e.p.Tick / 2
}

// ackDelay is for how long an ACK is delayed: no longer than a round trip where
// that was measured (Linux net/ipv4/tcp_output.c, tcp_send_delayed_ack).
func (e *Endpoint) ackDelay() time.Duration {
	d := e.p.DelAck
	if !e.p.AdaptiveDelAck {
		return d
	}
	most := 5 * d
	if e.srtt != 0 {
		most = min(most, max(e.srtt/8, d))
	}
	// A timer of no time goes off at the next tick, which may come at once.
	return max(min(e.ato, most), e.p.Tick/4)
}

// compresses counts a duplicate ACK and reports whether it is held back (Linux
// net/ipv4/tcp_input.c, __tcp_ack_snd_check).
func (e *Endpoint) compresses() bool {
	if !e.p.CompressAcks || !e.sackOK {
		return false
	}
	if e.dupNxt != e.rcvNxt {
		e.dupNxt, e.dups = e.rcvNxt, 0
	}
	e.dups++
	return e.dups > dupThresh
}

// quickAckCall is TCP_QUICKACK.
func (e *Endpoint) quickAckCall(on bool) {
	e.pingpong = !on
	if on && e.ackPending && e.synchronized() {
		e.sendAck()
	}
}
