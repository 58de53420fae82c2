package tcpmodel

import "time"

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

const never = time.Duration(1<<63 - 1)

// timers are deadlines. The zero value has none set.
type timers struct {
	at   [numTimers]time.Duration
	on   uint8         // bit per timer
	next time.Duration // the earliest; valid while on is not 0
}

func (t *timers) set(which timer, at time.Duration) {
	t.at[which] = at
	t.on |= 1 << which
	t.recount()
}

func (t *timers) stop(which timer) {
	if t.on&(1<<which) != 0 {
		t.on &^= 1 << which
		t.recount()
	}
}

func (t *timers) armed(which timer) bool { return t.on&(1<<which) != 0 }

func (t *timers) stopAll() { t.on = 0 }

func (t *timers) recount() {
	t.next = never
	for i := timer(0); i < numTimers; i++ {
		if t.on&(1<<i) != 0 && t.at[i] < t.next {
			t.next = t.at[i]
		}
	}
}

// arm sets a timer to go off after d.
func (e *Endpoint) arm(which timer, d time.Duration) { e.timers.set(which, e.now+d) }

// due takes the timer that is due; ok is false when none is. Of several the
// first in the order of their declaration comes first.
func (t *timers) due(now time.Duration) (which timer, ok bool) {
	if t.on == 0 || t.next > now {
		return 0, false
	}
	best := never
	for i := timer(0); i < numTimers; i++ {
		if t.on&(1<<i) != 0 && t.at[i] < best {
			which, best = i, t.at[i]
		}
	}
	t.stop(which)
	return which, true
}
