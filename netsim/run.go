package netsim

import (
	"errors"
	"fmt"

	"rstlab/netsim/vtime"
)

// Run runs until nothing is left to happen. It returns nil when every proc has
// ended, a [*DeadlockError] when procs wait for something that will never
// come, a [*TimeLimitError] or [*StepLimitError] when the run does not come to
// an end, [ErrStopped] when a chooser has ended it, and the mistakes of
// [Network.Err] when the network is not well built.
func (n *Network) Run() error {
	limit := n.cfg.TimeLimit
	if limit == 0 {
		limit = vtime.MaxTime
	}
	run := n.advance
	if n.choose != nil {
		run = n.runChosen
	}
	if err := run(limit); err != nil {
		return err
	}
	waits := n.waits()
	if n.agenda.Len() > 0 {
		return &TimeLimitError{Limit: limit, Waits: waits}
	}
	if len(waits) > 0 {
		return &DeadlockError{At: n.Now(), Waits: waits}
	}
	return n.rec.Err()
}

// RunUntil runs to the virtual time t, with everything before and at t done.
// Procs that wait at t are no error: the run can go on.
func (n *Network) RunUntil(t vtime.Time) error {
	if n.choose != nil {
		return errors.New("netsim: RunUntil: time is set aside by Config.Choosing; use Run")
	}
	if err := n.advance(t); err != nil {
		return err
	}
	if t > n.Now() {
		n.agenda.Advance(t)
	}
	return n.rec.Err()
}

// advance does everything up to the virtual time t.
func (n *Network) advance(t vtime.Time) error {
	if err := n.Err(); err != nil {
		return err
	}
	for n.runnable(t) {
		if n.steps >= n.cfg.StepLimit {
			return &StepLimitError{Seed: n.cfg.Seed, Steps: n.steps, At: n.Now(), Waits: n.waits()}
		}
		n.Step()
	}
	return nil
}

func (n *Network) runnable(until vtime.Time) bool {
	at, ok := n.Next()
	return ok && at <= until
}

// Step does the next thing and reports whether there was one. At one instant
// the network comes first and applications last, as in a kernel that handles
// all packets of an interrupt before it lets a process run:
//
//  1. what the agenda has for the current instant, in order: packets arrive,
//     timers fire;
//  2. a socket that became ready: its blocked calls are tried again;
//  3. a proc that can go on: it runs until it blocks or ends;
//  4. the first event of the agenda: the time moves to it.
//
// With [Config.Choosing] a chooser decides instead.
func (n *Network) Step() bool {
	if n.closed {
		return false
	}
	if n.choose != nil {
		return n.stepChosen()
	}
	if e := n.agenda.Due(); e != nil {
		if n.gro.host != nil && !n.gro.takes(e) {
			n.gro.flush()
		}
		e.Run()
	} else if n.gro.host != nil {
		n.gro.flush()
	} else if !n.awake.empty() {
		n.awake.pop().retry()
	} else if !n.ready.empty() {
		n.ready.pop().resume()
	} else if e := n.agenda.Next(); e != nil {
		e.Run()
	} else {
		return false
	}
	n.steps++
	return true
}

// StepLimitError says that a run did not come to an end within
// [Config.StepLimit] steps.
type StepLimitError struct {
	Seed  uint64
	Steps uint64
	At    vtime.Time
	Waits []Wait
}

func (e *StepLimitError) Error() string {
	return fmt.Sprintf("netsim: no end after %d steps, at %v of virtual time (seed %d): a live-lock, or raise Config.StepLimit%s",
		e.Steps, e.At, e.Seed, listWaits(e.Waits))
}

// TimeLimitError says that something was left to happen after
// [Config.TimeLimit].
type TimeLimitError struct {
	Limit vtime.Time
	Waits []Wait
}

func (e *TimeLimitError) Error() string {
	return fmt.Sprintf("netsim: not at an end at the time limit of %v: raise Config.TimeLimit%s", e.Limit, listWaits(e.Waits))
}

// Next is the virtual time of the next thing to happen; ok is false when there
// is nothing, as after [Network.Close].
func (n *Network) Next() (at vtime.Time, ok bool) {
	if n.closed {
		return 0, false
	}
	if n.choose != nil && n.agenda.Len() > 0 || n.gro.host != nil || !n.awake.empty() || !n.ready.empty() {
		return n.Now(), true
	}
	return n.agenda.Peek()
}
