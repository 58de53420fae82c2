package tcpmodel

import (
	"time"

	"rstlab/netsim/wire"
)

// rack is the state of RACK loss detection (RFC 8985 section 5.2): of the segments
// that were delivered, the one that was sent last.
type rack struct {
	last    uint64        // its number among all transmissions, in place of RACK.xmit_ts and RACK.end_seq
	rtt     time.Duration // RACK.rtt
	advance bool          // there was news since the last look
	reorder bool          // RACK.reordering_seen
}

// highestSacked is the number of the highest segment that the peer has out of order; SND.UNA
// when there is none.
func (e *Endpoint) highestSacked() uint32 {
	for i := len(e.rtx) - 1; i >= 0; i-- {
		if e.rtx[i].sacked {
			return e.rtx[i].seq
		}
	}
	return e.una
}

// noteReordering is RFC 8985 section 6.2, step 3, for a segment that the peer has now and
// had nothing of when the highest had arrived: one that was never sent again was overtaken.
func (e *Endpoint) noteReordering(x *sent, highest uint32) {
	if e.sackOK && x.retrans == 0 && wire.SeqLess(x.seq, highest) {
		e.rack.reorder = true
	}
}

// rackDelivered is RFC 8985 section 6.2, steps 1 and 2, for a segment that the peer
// has.
func (e *Endpoint) rackDelivered(x *sent) {
	if !e.p.Rack {
		return
	}
	rtt := e.now - x.at
	if x.retrans > 0 && rtt < e.minRTT {
		return // the ACK is of an earlier transmission
	}
	r := &e.rack
	r.advance, r.rtt = true, rtt
	r.last = max(r.last, x.nth)
}

// reorderWindow is RFC 8985 section 6.2, step 4: "if RACK.reordering_seen is FALSE
// and (in loss recovery or RACK.segs_sacked >= RACK.dupthresh) return 0", else
// "min(RACK.reo_wnd_mult * RACK.min_RTT / 4, SRTT)".
func (e *Endpoint) reorderWindow() time.Duration {
	sacked := 0
	for i := range e.rtx {
		if e.rtx[i].sacked {
			sacked++
		}
	}
	if !e.rack.reorder && (e.recovering || e.lossRecovery || sacked >= dupThresh) {
		return 0
	}
	return min(e.minRTT/4, e.srtt/8)
}

// rackDetect is RFC 8985 section 6.2, step 5: it marks what is lost, and gives
// the time until more would be; 0 when nothing waits.
func (e *Endpoint) rackDetect() (wait time.Duration) {
	window := e.reorderWindow()
	for i := range e.rtx {
		x := &e.rtx[i]
		if x.sacked || x.lost && !x.resent || x.nth > e.rack.last {
			continue
		}
		if left := x.at + e.rack.rtt + window - e.now; left > 0 {
			wait = max(wait, left)
			continue
		}
		e.lose(x)
	}
	return wait
}

// rackMark looks for losses after news, and reports whether it waits for more.
func (e *Endpoint) rackMark() bool {
	if !e.rack.advance {
		return false
	}
	e.rack.advance = false
	wait := e.rackDetect()
	if wait == 0 {
		return false
	}
	// The timer takes the place of the other two (Linux net/ipv4/tcp_recovery.c,
	// tcp_rack_mark_lost).
	e.timers.stop(tRetransmit)
	e.timers.stop(tLossProbe)
	e.arm(tReorder, e.ticks(wait+leastTimeout))
	return true
}

// leastTimeout is what is added to a short time-out (Linux include/net/tcp.h,
// TCP_TIMEOUT_MIN_US).
const leastTimeout = 2 * time.Millisecond

// ticks is a time-out as its timer takes it: where timers are late in whole ticks, and
// half of one more on average (Linux kernel/time/timer.c, calc_index).
func (e *Endpoint) ticks(d time.Duration) time.Duration {
	if !e.p.LateTimers {
		return d
	}
	return (d+e.p.Tick-1)/e.p.Tick*e.p.Tick + e.p.Tick/2
}

// reorderExpired is RFC 8985 section 6.3: the reordering window is over.
func (e *Endpoint) reorderExpired() {
	e.cite(RackTimer)
	e.reduction.newly, e.reduction.lost = 0, 0
	e.rackDetect()
	if !e.recovering {
		e.reduction.newly = 1
	}
	e.recoverLost(false)
	if !e.armed(tRetransmit) {
		e.rearmRTO()
	}
}
