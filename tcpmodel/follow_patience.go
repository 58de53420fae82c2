package tcpmodel

import "time"

// patience is when a connection is given up on which nothing is acknowledged.
type patience struct {
	alone int           // how often something was sent again, each time in its instant, since anything arrived
	timed time.Duration // when a time-out certainly was, last
	stamp time.Duration // from when on the user time-out counts, or before; negative when that is not known
	set   time.Duration // when an option was set last
}

// hears takes note that something has arrived. The user time-out counts until nothing is in
// flight or the window opens ([Profile].UserTimeoutKept).
func (f *Follower) hears(news, shut bool) {
	f.alone = 0
	f.vague = f.vague && !f.ep.synchronized()
	if news && !f.outstanding() || shut && f.shut < 0 || !f.ep.p.UserTimeoutKept {
		f.stamp = -1
	}
}

// otherTimers is how often something is sent again by other timers than that of the
// time-out, when nothing arrives: a tail loss probe, and what RACK finds lost, whose timer
// can go off twice (netstack rack.go, detectLoss, which does not set it where it is set).
func (f *Follower) otherTimers() int {
	if f.ep.sackOK && (f.ep.p.TailLossProbe || f.ep.p.Rack) {
		return 3
	}
	return 0
}

// timesOut is that something is sent again. A time-out does that only as long as the
// connection is not to be given up: RFC 9293 section 3.8.3.
func (f *Follower) timesOut(now time.Duration, s *Segment) *Refusal {
	e := f.ep
	if now == f.heard || now == f.called || now == f.set {
		return nil
	}
	if f.alone == 0 || f.again != now {
		f.alone++
	}
	if f.alone <= f.otherTimers() {
		return nil
	}
	front := &e.rtx[0]
	if r := f.timeOut(now, front.at, s); r != nil {
		return r
	}
	if !e.p.TimeRetries && f.piece == 0 && s.Seq == front.seq && int(front.retrans) >= e.retries() {
		return refuse(TimeoutR2, showSegment(s), "CLOSED: it was sent again %d times", front.retrans)
	}
	return nil
}

// asks is a probe of a closed window, which comes with a time-out, too.
func (f *Follower) asks(now time.Duration, s *Segment) *Refusal {
	e := f.ep
	if f.shut < 0 {
		return nil
	}
	if r := f.timeOut(now, now, s); r != nil {
		return r
	}
	if e.p.ProbesCounted && e.probes >= e.retries() {
		return refuse(TimeoutR2, showSegment(s), "CLOSED: %d probes of the window are not answered", e.probes)
	}
	return nil
}

// timeOut is a time-out for sure, for which s is sent: the user time-out must not be over,
// which counts from since on when it did not count yet.
func (f *Follower) timeOut(now, since time.Duration, s *Segment) *Refusal {
	f.timed = now
	if f.stamp < 0 {
		f.stamp = since
	}
	if user := durationOf(f.ep.opt[UserTimeout]); user > 0 && now-f.stamp >= user {
		return refuse(TimeoutR2, showSegment(s), "CLOSED: the user time-out is over, which counts from %v or before", f.stamp)
	}
	return nil
}

// userDue is by when the user time-out ends the connection: behind a time-out the next
// comes no later (netstack snd.go, retransmitTimerExpired: "Cap RTO to remaining time").
func (f *Follower) userDue() (at time.Duration, ok bool) {
	user := durationOf(f.ep.opt[UserTimeout])
	if user == 0 || f.stamp < 0 || !f.ep.synchronized() || !f.ep.p.UserTimeoutKept || !f.waits() || max(f.heard, f.called, f.set) >= f.timed {
		return 0, false
	}
	return f.stamp + user, true
}
