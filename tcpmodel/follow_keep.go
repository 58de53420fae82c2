package tcpmodel

import "time"

// keeping is what is known of the keepalive timer.
type keeping struct {
	// vague says that a SEND may have started it anew, or not: that takes nothing when the
	// buffer is full, or its deadline over.
	vague bool
	// The clock below netstack's timer goes on to its time when the timer is stopped, and is
	// not set anew where it runs (timer.go, enable). When it goes off while SO_KEEPALIVE is
	// off nobody notes that (connect.go, keepaliveTimerExpired): the timer counts on it for ever.
	clock      time.Duration
	runs, dead bool
}

// wind follows the clock below the keepalive timer up to now.
func (f *Follower) wind(now time.Duration) {
	e := f.ep
	at, armed := e.timers.at[tKeepAlive], e.armed(tKeepAlive)
	if armed && !f.dead && (!f.runs || at < f.clock) {
		f.clock, f.runs = at, true
	}
	if !f.runs || f.clock >= now {
		return
	}
	switch {
	case e.opt[KeepAlive] == 0:
		f.runs, f.dead = false, true
	case armed && at > f.clock:
		f.clock = at
	default:
		f.runs = false
	}
}

// keepDue is when the keepalive timer goes off, where each start of it is known: it begins
// anew with everything that arrives.
func (f *Follower) keepDue() (at time.Duration, ok bool) {
	return f.ep.timers.at[tKeepAlive], f.ep.p.KeepRestarts && f.ep.armed(tKeepAlive) && !f.vague
}

// keepsAlive is a keepalive probe of a connection that is idle for long enough.
func (f *Follower) keepsAlive(now time.Duration, s *Segment) *Refusal {
	e := f.ep
	switch at, ok := f.keepDue(); {
	case !e.p.KeepRestarts, f.vague:
	case !ok:
		return refuse(KeepAliveProbe, showSegment(s), "no keepalive probe: its timer is not set")
	case now != at:
		return refuse(KeepAliveProbe, showSegment(s), "a keepalive probe at %v", at)
	case e.unheard():
		return refuse(KeepAliveOver, showSegment(s), "CLOSED: %d probes are not answered", e.unanswered)
	}
	f.probed++
	f.keptAt, f.vague = now, false
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
	r := refuse(KeepAliveProbe, "nothing was sent", "a keepalive probe at %v", at)
	if f.wind(at); f.dead {
		r.Case = CaseDeadTimer
	}
	return r
}

// unheard reports whether keepalive gives up now: one interval after the last probe that
// may be sent, or when its timer goes off behind one and the user time-out is over
// (netstack connect.go, keepaliveTimerExpired).
func (f *Follower) unheard(now time.Duration) bool {
	e := f.ep
	if at, ok := f.keepDue(); ok {
		return now == at && e.unheard()
	}
	return (f.vague || !e.p.KeepRestarts) && e.opt[KeepAlive] != 0 && f.probed >= int(e.opt[KeepCount]) && now-f.keptAt >= durationOf(e.opt[KeepInterval])
}
