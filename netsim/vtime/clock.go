package vtime

import (
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
)

// monotonicStart is what a clock's monotonic reading is at time 0. netstack
// takes a reading of zero for "never" in places, so it must not be one.
const monotonicStart = time.Hour

// Clock is a host's view of an [Agenda]: a [tcpip.Clock] whose timers are
// events of the agenda.
type Clock struct {
	agenda *Agenda
	fired  func()
	closed bool
}

var _ tcpip.Clock = (*Clock)(nil)

// NewClock returns a clock on agenda. After each timer's function has run, the
// clock calls fired (if not nil), which lets a host settle.
func NewClock(agenda *Agenda, fired func()) *Clock {
	return &Clock{agenda: agenda, fired: fired}
}

// Now implements [tcpip.Clock]: the virtual date.
func (c *Clock) Now() time.Time { return c.agenda.Now().Date() }

// NowMonotonic implements [tcpip.Clock].
func (c *Clock) NowMonotonic() tcpip.MonotonicTime {
	return tcpip.MonotonicTime{}.Add(monotonicStart + c.agenda.Now().Since())
}

// AfterFunc implements [tcpip.Clock]: f runs on the loop's goroutine when d has
// passed; after everything already due when d is zero or less.
func (c *Clock) AfterFunc(d time.Duration, f func()) tcpip.Timer {
	t := &timer{clock: c, f: f}
	t.event.Init(t.fire)
	t.Reset(d)
	return t
}

// Close takes every timer of the clock out of the agenda; timers set later
// never fire. It is for a host that has crashed or ended.
func (c *Clock) Close() {
	c.agenda.mu.Lock()
	c.closed = true
	c.agenda.mu.Unlock()
	c.agenda.drop(func(e *Event) bool { return e.clock == c })
}

// timer implements [tcpip.Timer] with the semantics of a [time.Timer] made by
// [time.AfterFunc].
type timer struct {
	clock *Clock
	event Event
	f     func()
}

func (t *timer) fire() {
	t.f()
	if t.clock.fired != nil {
		t.clock.fired()
	}
}

// Stop implements [tcpip.Timer]: it reports whether it kept the timer from
// firing, and is false when the timer has fired or was stopped before.
func (t *timer) Stop() bool { return t.clock.agenda.Cancel(&t.event) }

// Reset implements [tcpip.Timer]: the timer fires when d has passed from now,
// whether it was running, stopped or has fired.
func (t *timer) Reset(d time.Duration) {
	a := t.clock.agenda
	a.mu.Lock()
	defer a.mu.Unlock()
	if t.clock.closed {
		return
	}
	t.event.clock = t.clock
	a.schedule(a.Now().Add(max(d, 0)), &t.event)
}
