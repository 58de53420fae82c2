package tcpmodel

import "time"

// keepDue is when the keepalive timer goes off, where each start of it is known: it begins
// anew with everything that arrives.
func (f *Follower) keepDue() (at time.Duration, ok bool) {
	return f.ep.timers.at[tKeepAlive], f.ep.p.KeepRestarts && f.ep.armed(tKeepAlive)
}

// keepsAlive is a keepalive probe of a connection that is idle for long enough.
func (f *Follower) keepsAlive(now time.Duration, s *Segment) *Refusal {
	e := f.ep
	switch at, ok := f.keepDue(); {
	case !e.p.KeepRestarts:
	case !ok:
		return refuse(KeepAliveProbe, showSegment(s), "no keepalive probe: its timer is not set")
	case now != at:
		return refuse(KeepAliveProbe, showSegment(s), "a keepalive probe at %v", at)
	case e.unheard():
		return refuse(KeepAliveOver, showSegment(s), "CLOSED: %d probes are not answered", e.unanswered)
	}
	f.probed++
	f.keptAt = now
	e.unanswered++
	e.restartKeepAlive(false)
	return nil
}

// keepMissed is that the keepalive timer has gone off at a time, and nothing was done.
func (f *Follower) keepMissed(at time.Duration) *Refusal {
	e := f.ep
	if e.now = at; e.unheard() {
		return refuse(KeepAliveOver, "still in "+f.State().String(), "CLOSED at %v: %d keepalive probes are not answered", at, e.unanswered)
	}
	return refuse(KeepAliveProbe, "nothing was sent", "a keepalive probe at %v", at)
}

// unheard reports whether keepalive gives up now: one interval after the last probe that
// may be sent, or when its timer goes off behind one and the user time-out is over
// (netstack connect.go, keepaliveTimerExpired).
func (f *Follower) unheard(now time.Duration) bool {
	e := f.ep
	if at, ok := f.keepDue(); ok {
		return now == at && e.unheard()
	}
	return !e.p.KeepRestarts && e.opt[KeepAlive] != 0 && f.probed >= int(e.opt[KeepCount]) && now-f.keptAt >= durationOf(e.opt[KeepInterval])
}
