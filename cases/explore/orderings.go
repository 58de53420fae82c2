package explore

import (
	"cmp"
	"context"
	"slices"

	"rstlab/cases"
	"rstlab/netsim"
)

const (
	// DefaultDepth is the number of things that happen in a run after which an
	// ordering no longer branches.
	DefaultDepth = 500
	// DefaultRuns is the number of runs after which a search of orderings ends.
	DefaultRuns = 1_000_000
)

// Orderings is a search of all orders in which the things of a run can happen,
// time set aside as in [netsim.Choosing]: the arrivals of packets in flight and
// the steps of programs.
//
// It is systematic with partial-order reduction: things at different hosts do
// not touch each other, so of the orders that differ only in how such things
// are interleaved one is run to its end. The method is that of sleep sets: P. Godefroid,
// "Partial-Order Methods for the Verification of Concurrent Systems" (1996),
// chapter 5. What has been tried before is asleep until something happens at
// its host, and a run in which all that can happen is asleep is pruned. The end of a
// deadline stays asleep at its own host too while nothing looks at the deadline.
// When the last program has ended the outcome is known, and a run branches no
// more.
type Orderings struct {
	Space             // without axes
	Drops, Duplicates int
	InOrder           bool // packets of one direction do not overtake
	Depth             int  // 0 is DefaultDepth
	Runs              int  // 0 is DefaultRuns
}

// Ordering is an outcome, and the shortest run that has it.
type Ordering struct {
	Outcome string
	Orders  int // how many inequivalent orders, up to the end of the last program, have it
	Length  int // how many things happen in the example
	Choices []int
}

// Ordered is what a search of orderings found.
type Ordered struct {
	Outcomes []Ordering // the most frequent first
	Runs     int        // that were begun
	Pruned   int        // of these, that were ended because an equivalent one is done
	Longest  int        // the most things that happened in a run
	TooDeep  int        // runs that were longer than the depth bound
	Open     int        // branches that were not taken, because of the bound on runs or an interrupt
}

// Exhaustive reports whether every order was seen, but for equivalent ones.
func (o *Ordered) Exhaustive() bool { return o.Open == 0 && o.TooDeep == 0 }

// branch is a run to be made: choices to begin with, all of them, and what was
// asleep or had been tried before the last of these.
type branch struct {
	path  []uint16
	sleep []netsim.Choice
}

// branchRun is what came of it.
type branchRun struct {
	outcome string // "" when it was pruned
	length  int
	choices []int
	more    []branch
	tooDeep bool
}

// batch is how many branches are run before those that they open are sorted in.
// It must not depend on the number of workers: with a bound on runs the result
// does depend on it.
const batch = 256

// Run searches. When it ends early, with the error of ctx, the result is what
// was found by then.
func (o *Orderings) Run(ctx context.Context, opt Options) (*Ordered, error) {
	bound, err := o.Bind(nil)
	if err != nil {
		return nil, err
	}
	limit := cmp.Or(o.Runs, DefaultRuns)
	found := &Ordered{}
	examples := map[string]*Ordering{}
	stack := []branch{{}}
	for len(stack) > 0 && found.Runs < limit && err == nil {
		n := min(batch, len(stack), limit-found.Runs)
		next := slices.Clone(stack[len(stack)-n:])
		stack = stack[:len(stack)-n]
		done := 0
		err = inOrder(ctx, &opt, slices.Values(next), func(b branch) branchRun { return o.follow(bound, b) }, func(r branchRun) error {
			done++
			found.count(&r, examples)
			stack = append(stack, r.more...)
			opt.progress(int64(found.Runs), int64(found.Runs+len(stack)+n-done))
			return nil
		})
		stack = append(stack, next[done:]...)
	}
	found.Open = len(stack)
	for _, e := range examples {
		found.Outcomes = append(found.Outcomes, *e)
	}
	slices.SortFunc(found.Outcomes, func(a, b Ordering) int {
		return cmp.Or(cmp.Compare(b.Orders, a.Orders), cmp.Compare(a.Outcome, b.Outcome))
	})
	return found, err
}

// count takes a run in.
func (o *Ordered) count(r *branchRun, examples map[string]*Ordering) {
	o.Runs++
	o.Longest = max(o.Longest, r.length)
	if r.outcome == "" {
		o.Pruned++
		return
	}
	if r.tooDeep {
		o.TooDeep++
	}
	e := examples[r.outcome]
	if e == nil {
		e = &Ordering{Outcome: r.outcome, Length: r.length, Choices: r.choices}
		examples[r.outcome] = e
	}
	e.Orders++
	if r.length < e.Length || r.length == e.Length && slices.Compare(r.choices, e.Choices) < 0 {
		e.Length, e.Choices = r.length, r.choices
	}
}

// choosing is how the runs of the search choose.
func (o *Orderings) choosing(c Chooser) netsim.Choosing {
	return netsim.Choosing{Chooser: c, Drops: o.Drops, Duplicates: o.Duplicates, InOrder: o.InOrder}
}

// follow makes the run of a branch.
func (o *Orderings) follow(bound cases.Bound, b branch) branchRun {
	w := &walker{branch: b, depth: cmp.Or(o.Depth, DefaultDepth)}
	r, err := bound.Run(cases.RunConfig{Seed: o.Seed, Choosing: o.choosing(w)})
	run := branchRun{length: w.at, choices: w.choices, more: w.more, tooDeep: w.tooDeep}
	switch {
	case w.pruned:
	case err != nil:
		run.outcome = errorOutcome(err)
	default:
		run.outcome = r.Outcome.String()
	}
	return run
}

// walker is the chooser of a branch: it follows the path, then takes the first
// thing that is not asleep, and notes the others as branches.
type walker struct {
	branch
	depth   int
	at      int
	offered []netsim.Choice
	last    netsim.Choice   // what has just happened, unless at is 0
	looked  []netsim.Choice // the deadlines at which that looked
	ended   bool            // no program is left, so that no branch has another outcome
	taken   []uint16        // after the path
	choices []int           // where there was a choice
	more    []branch
	pruned  bool
	tooDeep bool
}

// Offer implements [netsim.Offered].
func (w *walker) Offer(choices []netsim.Choice) { w.offered = choices }

// Looked implements [netsim.Watching].
func (w *walker) Looked(at []netsim.Choice) { w.looked = at }

// Ended implements [netsim.Watching].
func (w *walker) Ended() { w.ended = true }

// Choose implements [Chooser].
func (w *walker) Choose(_ string, n int) int {
	i := w.choose()
	if i < 0 {
		w.pruned = true
		return i
	}
	w.at++
	w.last = w.offered[i]
	if n > 1 {
		w.choices = append(w.choices, i)
	}
	return i
}

func (w *walker) choose() int {
	if w.at < len(w.path) {
		return int(w.path[w.at])
	}
	if w.at > 0 {
		w.sleep = awake(w.sleep, &w.last, w.looked)
	}
	if w.ended {
		return w.finish()
	}
	first := -1
	tried := slices.Clone(w.sleep)
	for i, c := range w.offered {
		switch {
		case slices.Contains(w.sleep, c):
			continue
		case first < 0:
			first = i
		case w.at >= w.depth:
			w.tooDeep = true
			continue
		default:
			w.more = append(w.more, branch{w.pathTo(i), slices.Clone(tried)})
		}
		tried = append(tried, c)
	}
	if first >= 0 {
		w.taken = append(w.taken, uint16(first))
	}
	return first
}

// finish chooses when no program is left. The outcome is known, whatever comes. If
// something is asleep a run in which that comes next is done, with this outcome.
func (w *walker) finish() int {
	if slices.ContainsFunc(w.offered, func(c netsim.Choice) bool { return slices.Contains(w.sleep, c) }) {
		return -1
	}
	w.sleep = nil
	return 0
}

// pathTo is the way to here, and then i.
func (w *walker) pathTo(i int) []uint16 {
	path := make([]uint16, 0, len(w.path)+len(w.taken)+1)
	path = append(path, w.path...)
	path = append(path, w.taken...)
	return append(path, uint16(i))
}

// awake are the choices that are still asleep when c has happened, and has looked
// at these deadlines.
func awake(sleep []netsim.Choice, c *netsim.Choice, looked []netsim.Choice) []netsim.Choice {
	var still []netsim.Choice
	for i := range sleep {
		if independent(&sleep[i], c) || unseen(&sleep[i], c, looked) {
			still = append(still, sleep[i])
		}
	}
	return still
}

// independent reports whether two things can happen in either order with the
// same end: they are at different hosts, and do not both spend what there is of
// drops and duplicates.
func independent(a, b *netsim.Choice) bool {
	return a.Host != "" && b.Host != "" && a.Host != b.Host && !(a.Spends() && b.Spends())
}

// unseen reports whether one of a and c, at the same host, is the end of a
// deadline at which the other does not look. c has happened and has looked at
// these; a packet that arrives looks at none. What a program does in a step of its
// own can be anything.
func unseen(a, c *netsim.Choice, looked []netsim.Choice) bool {
	if a.Host == "" || c.Host == "" {
		return false
	}
	switch c.Kind {
	case netsim.ChooseDeadline:
		return a.Kind == netsim.ChooseDeadline || packet(a)
	case netsim.ChooseDeliver, netsim.ChooseDrop, netsim.ChooseDuplicate, netsim.ChooseRetry:
		return a.Kind == netsim.ChooseDeadline && !slices.Contains(looked, *a)
	}
	return false
}

func packet(c *netsim.Choice) bool {
	return c.Kind == netsim.ChooseDeliver || c.Kind == netsim.ChooseDrop || c.Kind == netsim.ChooseDuplicate
}
