package tcpmodel

import (
	"time"

	"rstlab/netsim/wire"
)

// synDue is when the time-out of the SYN or SYN-ACK is, which leaves no choice: it begins
// with the first, and each that is sent again doubles it. RFC 6298 section 2: "Until a
// round-trip time (RTT) measurement has been made for a segment sent between the sender
// and receiver, the sender SHOULD set RTO <- 1 second".
func (f *Follower) synDue() (at time.Duration, ok bool) {
	e := f.ep
	if e.state != wire.SynSent && e.state != wire.SynReceived || !e.armed(tRetransmit) {
		return 0, false
	}
	return e.timers.at[tRetransmit], true
}

// synMissed is that the time-out was at a time, and nothing was done.
func (f *Follower) synMissed(at time.Duration) *Refusal {
	if f.ep.synOver() {
		return refuse(TimeoutSyn, "still in "+f.State().String(), "CLOSED at %v: the SYN was sent again as often as may be", at)
	}
	return refuse(TimeoutSynAgain, "nothing was sent", "the SYN again at %v", at)
}

// synAgain is a SYN or SYN-ACK that no segment has asked for: that of the time-out.
func (f *Follower) synAgain(now time.Duration, s *Segment) *Refusal {
	e := f.ep
	if e.synOver() {
		return refuse(TimeoutSyn, showSegment(s), "no SYN any more: it was sent again as often as may be")
	}
	if at, ok := f.synDue(); !ok || now != at {
		return refuse(TimeoutSynAgain, showSegment(s), "the SYN again at %v: the time-out is %v", at, e.rto)
	}
	e.backOffSyn()
	e.arm(tRetransmit, e.clampRTO(e.rto))
	f.sends = now
	f.resent++
	return nil
}
