package gen

import "math/rand/v2"

// Chooser makes choices. The same choices give the same scenario.
type Chooser interface {
	// Choose returns one of 0, 1, …, n-1. n is at least 1. The label says what is
	// chosen.
	Choose(label string, n int) int
}

// Random is a chooser that draws from a seed; each of the n is as likely as the
// others.
func Random(seed uint64) Chooser {
	return random{rand.New(rand.NewPCG(seed, 0x72_73_74_6c_61_62))} // "rstlab"
}

type random struct{ r *rand.Rand }

func (c random) Choose(_ string, n int) int { return c.r.IntN(n) }

// choices are what a generator asks of its chooser.
type choices struct{ from Chooser }

// oneIn is true in one of n cases; 0 chooses false.
func (c choices) oneIn(n int, label string) bool { return c.from.Choose(label, n) == n-1 }

// upTo is a number from 0 to most.
func (c choices) upTo(most int, label string) int { return c.from.Choose(label, most+1) }

// pick is one of the values; 0 chooses the first.
func pick[T any](c choices, label string, values ...T) T {
	return values[c.from.Choose(label, len(values))]
}
