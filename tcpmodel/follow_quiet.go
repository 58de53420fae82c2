package tcpmodel

import (
	"time"

	"rstlab/netsim/wire"
)

// quietSince is when a timer was started last that has something sent again, or a window
// probed: a call that ends up sending nothing may start the time anew, see [CasePutOff], and
// so does TCP_NODELAY (netstack endpoint.go, OnDelayOptionSet).
func (f *Follower) quietSince() time.Duration {
	if f.shut >= 0 || f.ep.p.TailLossProbe && f.ep.sackOK {
		return max(f.sends, f.heard, f.called, f.set)
	}
	return max(f.sends, f.heard)
}

// longest is how long it is quiet at most while something is not acknowledged, or the window
// closed.
func (f *Follower) longest() time.Duration {
	if !f.ep.p.WeighedRTT {
		return f.ceiling()
	}
	return f.longestOf(&f.trip.known)
}

// longestOf is the same for an estimate of the round-trip time: a time-out as it was measured
// and backed off; or, in its place, a tail loss probe, of two round trips. Behind one of these
// that nothing has answered, what is sent anew schedules another in place of the time-out,
// and when it is due none is sent. RFC 8985 section 7.3: "the sender MUST skip sending a loss
// probe and MUST proceed to re-arm the RTO timer" (netstack rack.go, schedulePTO and
// probeTimerExpired). So a whole time-out follows, and also where the window takes nothing;
// there the first time-out, too, does nothing but have it be probed.
func (f *Follower) longestOf(x *estimate) time.Duration {
	e := f.ep
	wait, probe := x.rto.most, f.probeOf(x).most
	blocked := wire.SeqLess(e.windowEnd(), e.nxt)
	spent := f.tail && wire.SeqLess(e.una, f.tailEnd)
	switch {
	case f.probeRuns():
		wait = probe
	case !f.outstanding() || !e.p.TailLossProbe || !e.sackOK:
	case blocked || spent && max(f.fresh, f.heard, f.called, f.set) >= f.again:
		wait += probe
	case !spent:
		wait = max(wait, probe)
	}
	if blocked {
		wait += min(2*x.rto.most, e.p.MaxRTO)
	}
	return wait + e.p.Tick
}

// ceiling is how long it should be quiet at most, whatever was measured: RFC 6298 (2.5): "A
// maximum value MAY be placed on RTO", but not on one that was measured.
func (f *Follower) ceiling() time.Duration {
	most := max(f.ep.p.MaxRTO, 3*f.ep.maxRTT) + time.Second
	if e := f.ep; e.p.TailLossProbe && e.sackOK && f.resent == 1 && wire.SeqLess(e.una, f.lost) && wire.SeqLess(f.lost, e.nxt) {
		most += e.p.MaxRTO // a time-out behind a spent probe
	}
	return most
}

// putOff reports whether what is sent now comes later than any time-out should.
func (f *Follower) putOff(now time.Duration) bool { return now-max(f.sends, f.heard) > f.ceiling() }

// putOffBy is why: by a call in between, or because what was measured is no round trip.
func (f *Follower) putOffBy(now time.Duration) string {
	switch quiet := now - max(f.sends, f.heard); {
	case max(f.called, f.set) > max(f.sends, f.heard) && max(f.called, f.set) < now:
		return CasePutOff
	case quiet > f.longestOf(&f.trip.plain):
		return CaseFutureAck
	}
	return CaseLateProbe
}
