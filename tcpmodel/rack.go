package tcpmodel

import (
	"time"

	"rstlab/netsim/wire"
)

// rack is the state of RACK loss detection (RFC 8985 section 5.2): of the segments
// that were delivered, the one that was sent last.
type rack struct {
	last    uint64        // its number among all transmissions, in place of RACK.xmit_ts and RACK.end_seq
	at      time.Duration // RACK.xmit_ts and RACK.end_seq themselves: see [Profile.RackTies]
	end     uint32
	rtt     time.Duration // RACK.rtt
	minRTT  time.Duration // RACK.min_RTT, of its own measurements: see [Profile.RackEcho]
	fack    uint32        // RACK.fack: see [Profile.FackKept]
	window  time.Duration // RACK.reo_wnd, where the timer has that of the last ACK
	advance bool          // there was news since the last look
	reorder bool          // RACK.reordering_seen
}

// racks reports whether losses are found by time: not where another's segments are followed.
func (e *Endpoint) racks() bool { return e.p.Rack && !e.follows }

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
	overtaken := wire.SeqLess(x.seq, highest)
	if e.p.FackKept {
		end := e.textEnd(x)
		overtaken = wire.SeqLess(end, e.rack.fack)
		if wire.SeqLess(e.rack.fack, end) {
			e.rack.fack = end
		}
	}
	if e.sackOK && x.retrans == 0 && overtaken {
		e.rack.reorder = true
	}
}

// rackDelivered is RFC 8985 section 6.2, steps 1 and 2, for a segment that the peer
// has, as s says.
func (e *Endpoint) rackDelivered(s *Segment, x *sent) {
	x.heard = true
	if !e.racks() || !e.sackOK && e.p.RackEcho {
		return
	}
	r := &e.rack
	rtt := e.now - x.at
	if x.retrans > 0 && (rtt < e.rackTrip() || e.echoesEarlier(s, x)) {
		return // the ACK is of an earlier transmission
	}
	r.advance, r.rtt = true, rtt
	r.last = max(r.last, x.nth)
	if r.minRTT == 0 || rtt < r.minRTT {
		r.minRTT = rtt
	}
	if end := e.textEnd(x); r.at < x.at || r.at == x.at && wire.SeqLess(r.end, end) {
		r.at, r.end = x.at, end
	}
}

// rackTrip is RACK.min_RTT.
func (e *Endpoint) rackTrip() time.Duration {
	if e.p.RackEcho {
		return e.rack.minRTT
	}
	return e.minRTT
}

// echoesEarlier reports whether an ACK is of an earlier transmission by its timestamp: RFC
// 8985 section 6.2 step 2, "ACK.ts_option.echo_reply < Segment.xmit_ts".
func (e *Endpoint) echoesEarlier(s *Segment, x *sent) bool {
	o := &s.Options
	return e.p.RackEcho && o.HasTimestamps && o.TSEcr != 0 && o.TSEcr < e.tsOffset+uint32(x.at/time.Millisecond)
}

// reorderWindow is RFC 8985 section 6.2, step 4: "if RACK.reordering_seen is FALSE
// and (in loss recovery or RACK.segs_sacked >= RACK.dupthresh) return 0", else
// "min(RACK.reo_wnd_mult * RACK.min_RTT / 4, SRTT)".
func (e *Endpoint) reorderWindow() time.Duration {
	if !e.rack.reorder && (e.recovering || e.lossRecovery || e.pipe.lingers || e.sackedOut() >= dupThresh) {
		return 0
	}
	return min(e.rackTrip()/4, e.srtt/8)
}

// sackedOut is RACK.segs_sacked.
func (e *Endpoint) sackedOut() (n int) {
	if e.counts() {
		return e.pipe.sacked
	}
	for i := range e.rtx {
		if e.rtx[i].sacked {
			n++
		}
	}
	return n
}

// rackDetect is RFC 8985 section 6.2, step 5, with RACK.reo_wnd: it marks what is lost,
// and gives how many segments are, and the time until more would be; 0 when nothing waits.
func (e *Endpoint) rackDetect(window time.Duration) (lost int, wait time.Duration) {
	for i := range e.rtx {
		x := &e.rtx[i]
		switch {
		case x.sacked:
			continue
		case x.lost && !x.resent && (x.retrans == 0 || !e.p.RackTies):
			lost++
			continue
		case e.sentBehind(x):
			continue
		}
		if left := x.at + e.rack.rtt + window - e.now; left > 0 {
			wait = max(wait, left)
			continue
		}
		e.cite(RackLost)
		e.lose(x)
		lost++
	}
	return lost, wait
}

// sentBehind is RACK_sent_after of RFC 8985 section 6.1 for what was delivered, and the
// opposite within one instant where that is how a stack has it.
func (e *Endpoint) sentBehind(x *sent) bool {
	r := &e.rack
	if !e.p.RackTies {
		return x.nth > r.last
	}
	return !(x.at < r.at || x.at == r.at && wire.SeqLess(r.end, e.textEnd(x)))
}

// rackMark looks for losses after news, and reports whether it waits for more.
func (e *Endpoint) rackMark() bool {
	if !e.rack.advance {
		return false
	}
	e.rack.advance = false
	_, wait := e.rackDetect(e.reorderWindow())
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
	if e.counts() {
		if e.lookForLoss(false) {
			e.afterSend(true)
		}
		return
	}
	e.reduction.newly, e.reduction.lost = 0, 0
	e.rackDetect(e.reorderWindow())
	if !e.recovering {
		e.reduction.newly = 1
	}
	e.recoverLost(false)
	if !e.armed(tRetransmit) {
		e.rearmRTO()
	}
}
