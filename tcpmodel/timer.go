package tcpmodel

import (
	"math/bits"
	"time"
)

// timer is one of an endpoint's timers.
type timer uint8

const (
	tRetransmit timer = iota // RFC 6298
	tLossProbe               // RFC 8985 section 7
	tReorder                 // RFC 8985 section 6.3
	tPersist                 // zero-window probe, RFC 9293 section 3.8.6.1
	tDelAck                  // RFC 9293 section 3.8.6.3
	tKeepAlive               // RFC 9293 section 3.8.4
	tTimeWait                // TIME-WAIT and FIN-WAIT-2 without a socket
	numTimers
)

// timers are deadlines. The zero value has none set.
type timers struct {
	at     [numTimers]time.Duration
	on     uint8 // bit per timer
	clocks [numTimers]clock
	runs   uint8 // bit per clock
	next   timer // whose clock comes first; valid while runs is not 0
	lazy   bool  // see Profile.LazyTimers
	places func() uint64
	placed uint64 // the last place where places is nil
}

// clock is what wakes the host for a timer: at its deadline, or before it where timers are
// lazy. Of what is due at one instant that has the lower place comes first.
type clock struct {
	at    time.Duration
	place uint64
}

func (t *timers) set(which timer, at time.Duration) {
	t.at[which] = at
	t.on |= 1 << which
	t.wind(t.clockOf(which), at)
}

// wind has a clock go off at a time, or before where timers are lazy.
func (t *timers) wind(c timer, at time.Duration) {
	if t.runs&(1<<c) != 0 && (t.clocks[c].at == at || t.isLazy(c) && t.clocks[c].at < at) {
		return
	}
	if t.runs == 0 {
		t.next = c
	}
	t.clocks[c] = clock{at, t.place()}
	t.runs |= 1 << c
	switch {
	case t.next == c:
		t.recount()
	case t.clocks[c].before(t.clocks[t.next]):
		t.next = c
	}
}

func (t *timers) stop(which timer) {
	t.on &^= 1 << which
	if c := t.clockOf(which); !t.isLazy(c) {
		t.halt(c)
	}
}

func (t *timers) halt(c timer) {
	t.runs &^= 1 << c
	if t.next == c {
		t.recount()
	}
}

func (t *timers) armed(which timer) bool { return t.on&(1<<which) != 0 }

func (t *timers) stopAll() { t.stopOthers(0) }

// stopOthers stops all timers, with their clocks, but those whose bit is set.
func (t *timers) stopOthers(kept uint8) {
	t.on &= kept
	t.runs &= kept
	t.recount()
}

// clockOf is the timer whose clock one uses: netstack probes a closed window with the
// retransmission timer (snd.go, enableZeroWindowProbing).
func (t *timers) clockOf(which timer) timer {
	if t.lazy && which == tPersist {
		return tRetransmit
	}
	return which
}

func (t *timers) isLazy(c timer) bool { return t.lazy && c != tTimeWait }

// place is the place of a clock that is set now.
func (t *timers) place() uint64 {
	if t.places != nil {
		return t.places()
	}
	t.placed++
	return t.placed
}

// recount finds the clock that comes first.
func (t *timers) recount() {
	first := clock{never, 0}
	for left := t.runs; left != 0; left &= left - 1 {
		c := timer(bits.TrailingZeros8(left))
		if x := t.clocks[c]; x.before(first) {
			t.next, first = c, x
		}
	}
}

const never = time.Duration(1<<63 - 1)

func (c clock) before(d clock) bool {
	return c.at < d.at || c.at == d.at && c.place < d.place
}

// first is the clock that goes off first; ok is false when none runs.
func (t *timers) first() (c clock, ok bool) {
	if t.runs == 0 {
		return clock{}, false
	}
	return t.clocks[t.next], true
}

// arm sets a timer to go off after d.
func (e *Endpoint) arm(which timer, d time.Duration) { e.timers.set(which, e.now+d) }

// due takes the timer for which the first clock goes off. ok is false when that is not due
// yet, or goes off for a timer that was stopped or set to a later time.
func (t *timers) due(now time.Duration) (which timer, ok bool) {
	if t.runs == 0 || t.clocks[t.next].at > now {
		return 0, false
	}
	c := t.next
	t.halt(c)
	for i := timer(0); i < numTimers; i++ {
		switch {
		case !t.armed(i) || t.clockOf(i) != c:
		case t.at[i] <= now && !ok:
			t.on &^= 1 << i
			which, ok = i, true
		default:
			t.wind(c, t.at[i])
		}
	}
	return which, ok
}
