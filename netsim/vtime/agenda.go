package vtime

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Event is something that can be put into an [Agenda]. It is there at most
// once at a time and can be scheduled again after it ran or was cancelled, so
// that an object that embeds an Event costs no allocation when it reuses it.
type Event struct {
	at    Time
	seq   uint64
	place int // index in the heap plus one; 0 when not scheduled
	run   func()
	owner any
	clock *Clock // whose timer it is; nil for other events
}

// NewEvent returns an event that calls run, on the loop's goroutine.
func NewEvent(run func()) *Event { return &Event{run: run} }

// Init sets what e calls; for an Event embedded in another object.
func (e *Event) Init(run func()) { e.run = run }

// SetOwner notes which object e belongs to, for [Event.Owner].
func (e *Event) SetOwner(owner any) { e.owner = owner }

// Owner is what [Event.SetOwner] noted, or nil.
func (e *Event) Owner() any { return e.owner }

// At is the instant at which e is or was last scheduled.
func (e *Event) At() Time { return e.at }

// Run calls what the event was made for. The loop calls it for each event that
// [Agenda.Next] gives.
func (e *Event) Run() { e.run() }

// Agenda is the ordered list of everything that will happen: first by time,
// then by the order in which it was scheduled, or its place was kept. The zero
// Agenda is empty and at time 0.
//
// One goroutine, the loop, takes from it. A stack's own goroutines may set and
// stop timers while the loop waits for them to settle, therefore the lock.
type Agenda struct {
	mu   sync.Mutex
	time atomic.Int64 // read without the lock
	seq  uint64
	heap []*Event
}

// Now is the current virtual time.
func (a *Agenda) Now() Time { return Time(a.time.Load()) }

// Schedule puts e into the agenda at the instant at, behind everything already
// scheduled for that instant. An instant in the past means now. An event that
// is already scheduled is moved.
func (a *Agenda) Schedule(at Time, e *Event) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.schedule(at, e)
}

func (a *Agenda) schedule(at Time, e *Event) {
	a.seq++
	a.insert(at, a.seq, e)
}

func (a *Agenda) insert(at Time, seq uint64, e *Event) {
	e.at, e.seq = max(at, a.Now()), seq
	if e.place == 0 {
		a.heap = append(a.heap, e)
		e.place = len(a.heap)
		a.up(e.place - 1)
		return
	}
	a.fix(e.place - 1)
}

// Place keeps a place behind everything already scheduled, for [Agenda.ScheduleIn].
func (a *Agenda) Place() uint64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seq++
	return a.seq
}

// ScheduleIn is Schedule, at a place that [Agenda.Place] has kept: of one instant e comes
// before what was scheduled since then. A place is used by one event at a time.
func (a *Agenda) ScheduleIn(at Time, place uint64, e *Event) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.insert(at, place, e)
}

// Cancel takes e out of the agenda and reports whether it was in it.
func (a *Agenda) Cancel(e *Event) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.cancel(e)
}

func (a *Agenda) cancel(e *Event) bool {
	if e.place == 0 {
		return false
	}
	i := e.place - 1
	last := a.pop()
	if i < len(a.heap) {
		a.set(i, last)
		a.fix(i)
	}
	e.place = 0
	return true
}

// Next takes the first event out of the agenda, moves the time to it and
// returns it; nil when the agenda is empty.
func (a *Agenda) Next() *Event { return a.next(MaxTime) }

// Due is Next for the events of the current instant only: nil when there are
// none, and the time does not move.
func (a *Agenda) Due() *Event { return a.next(a.Now()) }

func (a *Agenda) next(until Time) *Event {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.heap) == 0 || a.heap[0].at > until {
		return nil
	}
	first := a.heap[0]
	last := a.pop()
	if len(a.heap) > 0 {
		a.set(0, last)
		a.down(0)
	}
	first.place = 0
	a.time.Store(max(int64(first.at), a.time.Load())) // less after Skip
	return first
}

// Peek returns the instant of the first event; ok is false when the agenda is
// empty.
func (a *Agenda) Peek() (at Time, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.heap) == 0 {
		return 0, false
	}
	return a.heap[0].at, true
}

// Advance moves the time to at without running anything. It panics when an
// event stands before at or at lies in the past: only a loop's bug does that.
func (a *Agenda) Advance(at Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if at < a.Now() || len(a.heap) > 0 && a.heap[0].at < at {
		panic("vtime: Advance over an event or into the past")
	}
	a.time.Store(int64(at))
}

// Skip moves the time to at, and leaves the events before it where they are:
// [Agenda.Pending] shows them, and they stay first. It is for a loop that takes
// events in an order of its own, with [Agenda.Cancel].
func (a *Agenda) Skip(at Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.time.Store(int64(max(at, a.Now())))
}

// Pending appends every event of the agenda to events, in order.
func (a *Agenda) Pending(events []*Event) []*Event {
	a.mu.Lock()
	defer a.mu.Unlock()
	begin := len(events)
	events = append(events, a.heap...)
	slices.SortFunc(events[begin:], func(x, y *Event) int {
		if before(x, y) {
			return -1
		}
		return 1
	})
	return events
}

// Len is the number of scheduled events.
func (a *Agenda) Len() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.heap)
}

// Clear takes everything out of the agenda. The time does not move.
func (a *Agenda) Clear() { a.drop(func(*Event) bool { return true }) }

// drop takes out every event for which gone is true. It is linear in the size
// of the agenda.
func (a *Agenda) drop(gone func(*Event) bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	kept := a.heap[:0]
	for _, e := range a.heap {
		if gone(e) {
			e.place = 0
			continue
		}
		kept = append(kept, e)
	}
	clear(a.heap[len(kept):])
	a.heap = kept
	for i := range a.heap {
		a.heap[i].place = i + 1
	}
	for i := len(a.heap)/arity + 1; i >= 0; i-- {
		if i < len(a.heap) {
			a.down(i)
		}
	}
}
