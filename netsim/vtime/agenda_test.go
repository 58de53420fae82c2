package vtime_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim/vtime"
)

func TestEventsComeInOrderOfTimeThenOfScheduling(t *testing.T) {
	var a vtime.Agenda
	var got []string
	for _, e := range []struct {
		at   vtime.Time
		name string
	}{{5, "5 first"}, {3, "3"}, {5, "5 second"}, {0, "0"}, {5, "5 third"}, {4, "4"}} {
		a.Schedule(e.at, vtime.NewEvent(func() { got = append(got, e.name) }))
	}
	require.Equal(t, 6, a.Len())
	for e := a.Next(); e != nil; e = a.Next() {
		require.Equal(t, e.At(), a.Now(), "the time is the event's")
		e.Run()
	}
	require.Equal(t, []string{"0", "3", "4", "5 first", "5 second", "5 third"}, got)
	require.Zero(t, a.Len())
}

func TestAMovedEventStandsBehindThoseOfItsInstant(t *testing.T) {
	var a vtime.Agenda
	first, second := vtime.NewEvent(nil), vtime.NewEvent(nil)
	a.Schedule(5, first)
	a.Schedule(5, second)
	a.Schedule(5, first)
	require.Equal(t, 2, a.Len(), "an event is there once")
	require.Same(t, second, a.Next())
	require.Same(t, first, a.Next())
	require.Nil(t, a.Next())
}

func TestAnInstantInThePastIsNow(t *testing.T) {
	var a vtime.Agenda
	a.Advance(10)
	e := vtime.NewEvent(nil)
	a.Schedule(3, e)
	require.Equal(t, vtime.Time(10), e.At())
	require.Same(t, e, a.Due())
	require.Equal(t, vtime.Time(10), a.Now(), "the time does not go back")
	a.Schedule(-1, e)
	require.Equal(t, vtime.Time(10), e.At())
}

func TestDueTakesWhatIsDueAndLetsTheTimeStand(t *testing.T) {
	var a vtime.Agenda
	now, later := vtime.NewEvent(nil), vtime.NewEvent(nil)
	a.Schedule(1, later)
	a.Schedule(0, now)
	require.Same(t, now, a.Due())
	require.Nil(t, a.Due())
	require.Zero(t, a.Now())
	require.Same(t, later, a.Next())
	require.Equal(t, vtime.Time(1), a.Now())
}

func TestCancel(t *testing.T) {
	var a vtime.Agenda
	e := vtime.NewEvent(nil)
	require.False(t, a.Cancel(e), "it was never scheduled")
	a.Schedule(1, e)
	require.True(t, a.Cancel(e))
	require.False(t, a.Cancel(e), "it is out already")
	a.Schedule(2, e)
	require.Same(t, e, a.Next(), "it can be scheduled again")
	require.False(t, a.Cancel(e), "it has been taken")
}

func TestAdvanceOverAnEventOrIntoThePastIsABug(t *testing.T) {
	var a vtime.Agenda
	a.Advance(10)
	a.Advance(10)
	require.Panics(t, func() { a.Advance(9) })
	a.Schedule(20, vtime.NewEvent(nil))
	a.Advance(20)
	require.Panics(t, func() { a.Advance(21) })
	require.Equal(t, vtime.Time(20), a.Now())
}

func TestClearLeavesNothing(t *testing.T) {
	var a vtime.Agenda
	events := make([]*vtime.Event, 20)
	for i := range events {
		events[i] = vtime.NewEvent(nil)
		a.Schedule(vtime.Time(i), events[i])
	}
	a.Clear()
	require.Zero(t, a.Len())
	require.Zero(t, a.Now())
	_, ok := a.Peek()
	require.False(t, ok)
	require.False(t, a.Cancel(events[3]))
	a.Schedule(7, events[3])
	require.Same(t, events[3], a.Next())
}

func TestOwnerIsWhatWasNoted(t *testing.T) {
	e := vtime.NewEvent(nil)
	require.Nil(t, e.Owner())
	e.SetOwner("me")
	require.Equal(t, "me", e.Owner())
}

// model is an agenda as a sorted slice.
type model struct {
	now    vtime.Time
	seq    int
	events []entry
}

type entry struct {
	at  vtime.Time
	seq int
	id  int
}

func (m *model) schedule(at vtime.Time, id int) {
	m.cancel(id)
	m.seq++
	m.events = append(m.events, entry{max(at, m.now), m.seq, id})
	slices.SortFunc(m.events, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.seq, b.seq))
	})
}

func (m *model) cancel(id int) bool {
	i := slices.IndexFunc(m.events, func(e entry) bool { return e.id == id })
	if i >= 0 {
		m.events = slices.Delete(m.events, i, i+1)
	}
	return i >= 0
}

// take is the first event not later than limit, or -1.
func (m *model) take(limit vtime.Time) int {
	if len(m.events) == 0 || m.events[0].at > limit {
		return -1
	}
	first := m.events[0]
	m.events = m.events[1:]
	m.now = first.at
	return first.id
}

func TestTheAgendaIsASortedList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var a vtime.Agenda
		var m model
		events := make([]*vtime.Event, rapid.IntRange(1, 100).Draw(t, "events"))
		ids := map[*vtime.Event]int{nil: -1}
		for i := range events {
			events[i] = vtime.NewEvent(nil)
			ids[events[i]] = i
		}
		some := func() int { return rapid.IntRange(0, len(events)-1).Draw(t, "event") }
		span := rapid.SampledFrom([]vtime.Time{1, 5, 1000, vtime.MaxTime / 2}).Draw(t, "span")
		for i := range events {
			at := vtime.Time(rapid.Int64Range(0, int64(span)).Draw(t, "at"))
			a.Schedule(at, events[i])
			m.schedule(at, i)
		}
		t.Repeat(map[string]func(*rapid.T){
			"schedule": func(t *rapid.T) {
				i, at := some(), a.Now()+vtime.Time(rapid.Int64Range(-2, int64(span)).Draw(t, "in"))
				if at < -2 {
					at = vtime.MaxTime // the sum overflowed
				}
				a.Schedule(at, events[i])
				m.schedule(at, i)
			},
			"cancel": func(t *rapid.T) {
				i := some()
				require.Equal(t, m.cancel(i), a.Cancel(events[i]))
			},
			"next": func(t *rapid.T) { require.Equal(t, m.take(vtime.MaxTime), ids[a.Next()]) },
			"due":  func(t *rapid.T) { require.Equal(t, m.take(m.now), ids[a.Due()]) },
			"advance": func(t *rapid.T) {
				if at, ok := a.Peek(); ok && at > a.Now() {
					to := a.Now() + vtime.Time(rapid.Int64Range(0, int64(at-a.Now())).Draw(t, "by"))
					a.Advance(to)
					m.now = to
				}
			},
			"": func(t *rapid.T) {
				require.Equal(t, m.now, a.Now())
				require.Equal(t, len(m.events), a.Len())
				at, ok := a.Peek()
				require.Equal(t, len(m.events) > 0, ok)
				if ok {
					require.Equal(t, m.events[0].at, at)
				}
			},
		})
		for len(m.events) > 0 {
			require.Equal(t, m.take(vtime.MaxTime), ids[a.Next()], "to the end")
		}
		require.Nil(t, a.Next())
	})
}

// After the first time, an event costs no memory.
func TestTheSteadyStateAllocatesNothing(t *testing.T) {
	var a vtime.Agenda
	for range 1000 {
		a.Schedule(a.Now().Add(time.Hour), vtime.NewEvent(func() {}))
	}
	e, other := vtime.NewEvent(func() {}), vtime.NewEvent(func() {})
	a.Schedule(0, vtime.NewEvent(func() {}))
	a.Schedule(0, vtime.NewEvent(func() {}))
	a.Due()
	a.Due()
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		a.Schedule(a.Now().Add(time.Second), e)
		a.Schedule(a.Now().Add(time.Second), other)
		a.Schedule(a.Now().Add(time.Millisecond), e)
		a.Cancel(other)
		a.Next().Run()
		a.Due()
		a.Peek()
	}))
}

func TestAKeptPlaceComesBeforeWhatWasScheduledSince(t *testing.T) {
	var a vtime.Agenda
	var order []string
	event := func(name string) *vtime.Event { return vtime.NewEvent(func() { order = append(order, name) }) }
	at := vtime.Time(time.Second)
	a.Schedule(at, event("first"))
	place := a.Place()
	a.Schedule(at, event("third"))
	second := event("second")
	a.ScheduleIn(at.Add(time.Second), place, second)
	a.ScheduleIn(at, place, second) // it is moved
	for e := a.Next(); e != nil; e = a.Next() {
		e.Run()
	}
	require.Equal(t, []string{"first", "second", "third"}, order)
}
