package explore

import (
	"math/rand/v2"

	"rstlab/netsim"
)

// Chooser decides wherever a run could go on in several ways: it gives a number
// from 0 to n-1, n being at least 1. A negative one ends the run.
type Chooser = netsim.Chooser

// Canonical takes the first of everything: what would come first in a run with
// times.
type Canonical struct{}

// Choose implements [Chooser].
func (Canonical) Choose(string, int) int { return 0 }

// Random takes each with the same probability.
type Random struct{ source *rand.Rand }

// NewRandom makes a chooser whose choices follow from the seed.
func NewRandom(seed uint64) *Random {
	return &Random{rand.New(rand.NewPCG(seed, 0))} //nolint:gosec // it must repeat
}

// Choose implements [Chooser].
func (r *Random) Choose(_ string, n int) int { return r.source.IntN(n) }

// Recorder notes what another chooser chooses, where there was a choice.
type Recorder struct {
	Chooser
	Choices []int
}

// Choose implements [Chooser].
func (r *Recorder) Choose(label string, n int) int {
	i := r.Chooser.Choose(label, n)
	if n > 1 && i >= 0 {
		r.Choices = append(r.Choices, i)
	}
	return i
}

// Offer implements [netsim.Offered].
func (r *Recorder) Offer(choices []netsim.Choice) {
	if told, ok := r.Chooser.(netsim.Offered); ok {
		told.Offer(choices)
	}
}

// Replay takes the choices of a list, where there is a choice, and the first
// thing after its end. A choice that is not there ends the run; then Wrong says
// which.
type Replay struct {
	Choices []int
	Wrong   string
	next    int
}

// Choose implements [Chooser].
func (r *Replay) Choose(label string, n int) int {
	if n == 1 || r.next == len(r.Choices) {
		return 0
	}
	i := r.Choices[r.next]
	if i < 0 || i >= n {
		r.Wrong = mistake("record it again", "choice %d is %d, but for %q there are %d things", r.next+1, i, label, n).Problem
		return -1
	}
	r.next++
	return i
}

// Left is how many choices of the list were not asked for.
func (r *Replay) Left() int { return len(r.Choices) - r.next }

// Exhaustive takes every sequence of choices there is, one a run, without any
// reduction: for small cases.
//
//	for all := (&Exhaustive{}); all.Next(); {
//		run(all)
//	}
type Exhaustive struct {
	Depth int // choices after this many are the first of each; 0 is no bound
	path  []int
	width []int
	at    int
	begun bool
}

// Next begins the next sequence and reports whether there is one.
func (e *Exhaustive) Next() bool {
	e.at = 0
	if !e.begun {
		e.begun = true
		return true
	}
	for last := len(e.path) - 1; last >= 0; last-- {
		if e.path[last]+1 < e.width[last] {
			e.path[last]++
			return true
		}
		e.path, e.width = e.path[:last], e.width[:last]
	}
	return false
}

// Choose implements [Chooser].
func (e *Exhaustive) Choose(_ string, n int) int {
	if n == 1 || e.Depth > 0 && e.at >= e.Depth {
		return 0
	}
	if e.at == len(e.path) {
		e.path, e.width = append(e.path, 0), append(e.width, n)
	}
	e.at++
	return e.path[e.at-1]
}
