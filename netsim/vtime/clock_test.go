package vtime_test

import (
	"fmt"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"gvisor.dev/gvisor/pkg/tcpip"
	"pgregory.net/rapid"

	"rstlab/netsim/vtime"
)

// run runs everything in the agenda.
func run(a *vtime.Agenda) {
	for e := a.Next(); e != nil; e = a.Next() {
		e.Run()
	}
}

func TestAClockShowsTheAgendasTime(t *testing.T) {
	var a vtime.Agenda
	c := vtime.NewClock(&a, nil)
	begin := c.NowMonotonic()
	require.Equal(t, vtime.Epoch, c.Now())
	require.NotEqual(t, tcpip.MonotonicTime{}, begin, "netstack takes the zero reading for never")
	a.Advance(vtime.Time(time.Hour))
	require.Equal(t, vtime.Epoch.Add(time.Hour), c.Now())
	require.Equal(t, time.Hour, c.NowMonotonic().Sub(begin))
}

func TestTimersFireOnceInOrder(t *testing.T) {
	var a vtime.Agenda
	c := vtime.NewClock(&a, nil)
	var got []string
	for _, d := range []time.Duration{3, 1, 2, 1, 0, -5} {
		n := len(got)
		c.AfterFunc(d, func() { got = append(got, fmt.Sprintf("%d at %d", d, a.Now())) })
		require.Len(t, got, n, "it never fires at once")
	}
	run(&a)
	require.Equal(t, []string{"0 at 0", "-5 at 0", "1 at 1", "1 at 1", "2 at 2", "3 at 3"}, got)
}

func TestAClockSettlesItsHostAfterEachTimer(t *testing.T) {
	var a vtime.Agenda
	var log []string
	c := vtime.NewClock(&a, func() { log = append(log, "settle") })
	c.AfterFunc(1, func() { log = append(log, "first") })
	c.AfterFunc(1, func() { log = append(log, "second") })
	run(&a)
	require.Equal(t, []string{"first", "settle", "second", "settle"}, log)
}

func TestATimerCanBeResetInItsFunction(t *testing.T) {
	var a vtime.Agenda
	c := vtime.NewClock(&a, nil)
	var fired []vtime.Time
	var timer tcpip.Timer
	timer = c.AfterFunc(10, func() {
		fired = append(fired, a.Now())
		if len(fired) < 4 {
			timer.Reset(time.Duration(len(fired)))
		}
	})
	run(&a)
	require.Equal(t, []vtime.Time{10, 11, 13, 16}, fired)
	require.False(t, timer.Stop())
}

func TestATimerSetForTheEndOfTime(t *testing.T) {
	var a vtime.Agenda
	c := vtime.NewClock(&a, nil)
	fired := false
	c.AfterFunc(math.MaxInt64, func() { fired = true })
	a.Advance(100)
	timer := c.AfterFunc(math.MaxInt64, func() { require.True(t, fired) })
	require.Equal(t, 2, a.Len())
	at, _ := a.Peek()
	require.Equal(t, vtime.MaxTime, at)
	run(&a)
	require.True(t, fired)
	require.Equal(t, vtime.MaxTime, a.Now())
	timer.Reset(time.Second)
	at, _ = a.Peek()
	require.Equal(t, vtime.MaxTime, at, "time saturates")
}

func TestClosingAClockSilencesItsTimersOnly(t *testing.T) {
	var a vtime.Agenda
	var got []string
	ours, others := vtime.NewClock(&a, nil), vtime.NewClock(&a, nil)
	var kept tcpip.Timer
	for i := range 50 {
		timer := ours.AfterFunc(time.Duration(i%7), func() { t.Error("it must not fire") })
		if i == 20 {
			kept = timer
		}
		others.AfterFunc(time.Duration(i%5), func() { got = append(got, fmt.Sprint(a.Now())) })
		a.Schedule(vtime.Time(i%3), vtime.NewEvent(func() { got = append(got, fmt.Sprint(a.Now())) }))
	}
	ours.Close()
	require.Equal(t, 100, a.Len())
	require.False(t, kept.Stop())
	kept.Reset(1)
	ours.AfterFunc(1, func() { t.Error("it must not fire") })
	require.Equal(t, 100, a.Len(), "timers set later never fire")
	run(&a)
	require.Len(t, got, 100)
	require.IsNonDecreasing(t, got, "the rest is in order still")
}

func TestTimersAllocateNothingInTheSteadyState(t *testing.T) {
	var a vtime.Agenda
	c := vtime.NewClock(&a, func() {})
	timers := make([]tcpip.Timer, 100)
	for i := range timers {
		timers[i] = c.AfterFunc(time.Duration(i), func() {})
	}
	i := 0
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		i++
		timer := timers[i%len(timers)]
		timer.Reset(time.Second)
		timer.Reset(time.Millisecond)
		timer.Stop()
		timer.Reset(time.Duration(i%3) * time.Second)
		a.Next().Run()
	}))
}

// deed is a step of a program that uses a few timers.
type deed struct {
	op    string // "set", "stop", "reset", "wait"
	timer int
	d     time.Duration
	inner time.Duration // of set: what its function resets it to, once; 0 is nothing
}

// clock is what a program of deeds runs on.
type clock interface {
	AfterFunc(time.Duration, func()) timer
	Wait(time.Duration)
	Elapsed() time.Duration
}

type timer interface {
	Stop() bool
	Reset(time.Duration)
}

// do runs the program and says what it saw. Functions of timers run while it
// waits: package time calls them on goroutines of their own.
func do(c clock, program []deed) (log []string) {
	var mu sync.Mutex
	mu.Lock()
	defer mu.Unlock()
	wait := func(d time.Duration) {
		mu.Unlock()
		c.Wait(d)
		mu.Lock()
	}
	timers := make([]timer, 4)
	for i, x := range program {
		switch {
		case x.op == "wait":
			wait(x.d)
		case x.op == "set":
			again := x.inner
			timers[x.timer] = c.AfterFunc(x.d, func() {
				mu.Lock()
				defer mu.Unlock()
				log = append(log, fmt.Sprintf("timer set by deed %d fires at %v", i, c.Elapsed()))
				if again != 0 {
					again = 0
					timers[x.timer].Reset(x.inner)
				}
			})
		case timers[x.timer] == nil:
		case x.op == "stop":
			log = append(log, fmt.Sprintf("deed %d: stop %v", i, timers[x.timer].Stop()))
		case x.op == "reset":
			timers[x.timer].Reset(x.d)
		}
	}
	wait(time.Hour)
	return log
}

// realClock is the clock of a synctest bubble.
type realClock struct{ begin time.Time }

type realTimer struct{ *time.Timer }

func (t realTimer) Reset(d time.Duration) { t.Timer.Reset(d) }

func (c realClock) AfterFunc(d time.Duration, f func()) timer {
	return realTimer{time.AfterFunc(d, f)}
}

// Wait lets timers that are due at its end fire before it returns, as
// virtualClock does.
func (c realClock) Wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (c realClock) Elapsed() time.Duration { return time.Since(c.begin) }

// virtualClock is a vtime.Clock and its loop.
type virtualClock struct {
	agenda *vtime.Agenda
	*vtime.Clock
}

func (c virtualClock) AfterFunc(d time.Duration, f func()) timer { return c.Clock.AfterFunc(d, f) }

func (c virtualClock) Wait(d time.Duration) {
	until := c.agenda.Now().Add(d)
	for {
		at, ok := c.agenda.Peek()
		if !ok || at > until {
			break
		}
		c.agenda.Next().Run()
	}
	c.agenda.Advance(until)
}

func (c virtualClock) Elapsed() time.Duration { return c.agenda.Now().Since() }

// Timers do what those of package time do. Programs are such that no two timers
// are due at one instant: the real ones then fire on two goroutines.
func TestTimersBehaveAsThoseOfPackageTime(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		spans := 0
		span := func(label string) time.Duration {
			spans++
			whole := rapid.IntRange(-2, 8).Draw(rt, label)
			if whole <= 0 {
				return time.Duration(whole) * time.Second
			}
			return time.Duration(whole)*time.Second + time.Duration(1<<min(spans, 25))
		}
		program := make([]deed, rapid.IntRange(1, 12).Draw(rt, "deeds"))
		for i := range program {
			x := deed{op: rapid.SampledFrom([]string{"set", "set", "stop", "reset", "wait"}).Draw(rt, "op"), timer: rapid.IntRange(0, 3).Draw(rt, "timer")}
			x.d = span("span")
			if x.op == "wait" {
				x.d = max(x.d, 0)
			} else if x.d <= 0 {
				// What is due at once fires before anything else is done.
				program[i] = x
				continue
			}
			if x.op == "set" && rapid.Bool().Draw(rt, "again") {
				x.inner = max(span("inner"), 1)
			}
			program[i] = x
		}
		var whole []deed
		for _, x := range program {
			whole = append(whole, x)
			if x.op != "wait" && x.d <= 0 {
				whole = append(whole, deed{op: "wait"})
			}
		}
		var want []string
		synctest.Test(t, func(*testing.T) { want = do(realClock{time.Now()}, whole) })
		var a vtime.Agenda
		got := do(virtualClock{&a, vtime.NewClock(&a, nil)}, whole)
		require.Equal(rt, want, got)
	})
}
