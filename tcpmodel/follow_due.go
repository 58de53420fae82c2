package tcpmodel

import (
	"cmp"
	"fmt"
	"syscall"
	"time"

	"rstlab/netsim/wire"
)

// Missed is what the followed TCP must have done by the end of the instant now,
// and did not; nil when there is no such thing.
func (f *Follower) Missed(now time.Duration) *Refusal {
	e := f.ep
	if len(f.owed) > 0 {
		o := f.owed[0]
		return refuse(o.clause, "nothing was sent", "%s at once", showSegment(&o.segment))
	}
	if f.untold {
		return refuse(SwsReceiver, "no ACK", "a window update at once: reading has made room")
	}
	if f.ackDue != 0 && now > f.ackDue {
		return refuse(AckDelayedSent, "no ACK", "ACK %d by %v", e.rcvNxt, f.ackDue)
	}
	if e.armed(tTimeWait) && now > e.timers.at[tTimeWait] {
		return refuse(TimeWaitOver, fmt.Sprintf("still in %v", e.state), "CLOSED at %v", e.timers.at[tTimeWait])
	}
	if at, ok := f.synDue(); ok && now > at {
		return f.synMissed(at)
	}
	if at, ok := f.keepDue(); ok && now > at {
		return f.keepMissed(at)
	}
	if at, ok := f.userDue(); ok && now > at {
		return refuse(TimeoutR2, "still in "+f.State().String(), "CLOSED by %v: the user time-out is over", at)
	}
	if !e.synchronized() {
		return nil
	}
	idle := !f.outstanding() && !f.unsure && !f.cut
	if room := wire.SeqDiff(e.windowEnd(), e.nxt); idle && e.unsent() > 0 && room > 0 && int(room) >= min(e.unsent(), e.mss) {
		return refuse(SendText, "nothing was sent", "%d octets wait, nothing is in flight, and the window is open: text at once", e.unsent()).in(f.stalledBy())
	}
	if idle && e.finQueued && !e.finSent && e.unsent() == 0 && wire.SeqLess(e.nxt, e.windowEnd()) {
		return refuse(CloseEstablished, "nothing was sent", "FIN at once: all text before it is acknowledged")
	}
	if limit, quiet := f.longest(), now-f.quietSince(); f.waits() && quiet > limit {
		return f.tooQuiet(quiet, limit)
	}
	return nil
}

// stalledBy is why nothing at all is sent any more: a congestion window without a number.
func (f *Follower) stalledBy() string {
	if f.ep.p.Cubic && f.cwnd.reduced && f.trip.known.none {
		return CaseNoRoundTrip
	}
	return ""
}

// waits reports whether something must be sent in the end: what is not acknowledged
// once more, what a window holds that is too small, or a probe of one that is closed.
func (f *Follower) waits() bool {
	return f.outstanding() || f.ep.hasUnsent() && (f.shut >= 0 || !f.unsure && !f.cut)
}

// tooQuiet is that nothing was sent for too long.
func (f *Follower) tooQuiet(quiet, limit time.Duration) *Refusal {
	e := f.ep
	did := fmt.Sprintf("nothing for %v", quiet)
	if !f.outstanding() {
		return refuse(PersistProbe, did, "a probe of the window, which is closed: the time-out is at most %v", limit)
	}
	r := refuse(TimeoutRetransmit, did, "octets from %d on again: the time-out is at most %v", e.una, limit)
	switch {
	case wire.SeqLess(e.windowEnd(), e.nxt):
		r.Case = CaseShrunkWindow
	case f.mayMiscount():
		r.Case = CaseMiscount
	}
	return r
}

// Due is the next time at which [Follower.Missed] may have news although nothing
// happens; ok is false when there is none.
func (f *Follower) Due() (at time.Duration, ok bool) {
	if f.ackDue != 0 {
		at, ok = f.ackDue, true
	}
	if e := f.ep; e.armed(tTimeWait) && (!ok || e.timers.at[tTimeWait] < at) {
		at, ok = e.timers.at[tTimeWait], true
	}
	for _, due := range []func() (time.Duration, bool){f.synDue, f.keepDue, f.userDue} {
		if d, set := due(); set && (!ok || d < at) {
			at, ok = d, true
		}
	}
	if f.waits() && f.ep.synchronized() {
		if d := f.quietSince() + f.longest(); !ok || d < at {
			at, ok = d, true
		}
	}
	return at, ok
}

// Ended is the end of the connection by a timer of the followed TCP.
func (f *Follower) Ended(now time.Duration) *Refusal {
	e := f.ep
	e.begin(now)
	did := fmt.Sprintf("%v -> CLOSED", e.state)
	user := durationOf(e.opt[UserTimeout])
	silent := now - f.heard
	if len(e.rtx) > 0 {
		// RFC 5482, abstract: "how long transmitted data may remain
		// unacknowledged".
		silent = max(silent, now-e.rtx[0].first)
	}
	if f.shut >= 0 {
		silent = max(silent, now-f.shut)
	}
	switch {
	case e.armed(tTimeWait) && now != e.timers.at[tTimeWait] && e.p.KeepRestarts && f.unheard(now):
		// In TIME-WAIT, and in FIN-WAIT-2 without a socket, the timer of keepalive runs
		// beside that of the state.
		e.cite(KeepAliveOver)
		e.end(cmp.Or(f.soft, syscall.ETIMEDOUT))
	case e.armed(tTimeWait):
		if at := e.timers.at[tTimeWait]; now != at {
			return refuse(TimeWaitOver, did, "CLOSED at %v", at)
		}
		e.cite(TimeWaitOver)
		e.end(0)
	case e.state == wire.SynSent || e.state == wire.SynReceived:
		if at, ok := f.synDue(); !ok || now != at || !e.synOver() {
			return refuse(TimeoutSyn, did, "%v until the SYN was sent again as often as may be, and the time-out at %v", e.state, at)
		}
		e.cite(TimeoutSyn)
		if e.passive {
			e.end(0)
		} else {
			e.end(syscall.ETIMEDOUT)
		}
	case user > 0 && silent >= user && f.waits():
		e.cite(TimeoutR2)
		e.end(cmp.Or(f.soft, syscall.ETIMEDOUT))
	case f.outstanding() && f.transmissions() > e.retries(), e.p.ProbesCounted && e.probes >= e.retries():
		e.cite(TimeoutR2)
		e.end(cmp.Or(f.soft, syscall.ETIMEDOUT))
	case f.unheard(now):
		e.cite(KeepAliveOver)
		e.end(cmp.Or(f.soft, syscall.ETIMEDOUT))
	default:
		r := refuse(TimeoutR2, did, "%v: the timers that end a connection are not over: sent again %d times of %d, %d probes, silence for %v",
			e.state, f.resent, e.retries(), f.probed+f.asked, silent)
		if user > 0 && f.recovery && now-f.since >= user {
			r.Case = CaseUserTime
		}
		return r
	}
	f.collect(&e.out)
	return nil
}

// transmissions is how often the earliest segment that is not acknowledged was sent:
// RFC 9293 section 3.8.3, "the number of transmissions of the same segment".
func (f *Follower) transmissions() int {
	if len(f.ep.rtx) == 0 {
		return 0
	}
	again := int(f.ep.rtx[0].retrans)
	if f.piece != 0 {
		again = max(again, f.resent) // those of its pieces
	}
	return 1 + again
}

// Disconnect is shutdown() on a connection that is not established (Linux
// net/ipv4/af_inet.c, inet_shutdown: "case TCP_SYN_SENT: err =
// sk->sk_prot->disconnect").
func (f *Follower) Disconnect(now time.Duration) {
	f.ep.begin(now)
	f.ep.cite(CloseUnopened)
	f.ep.end(syscall.ECONNRESET)
	f.collect(&f.ep.out)
}

// Drop is the end of a connection whose listener is closed before the handshake
// is complete.
func (f *Follower) Drop() {
	f.ep.end(0)
	f.owed = f.owed[:0]
}
