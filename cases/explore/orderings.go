package explore

import (
	"cmp"
	"context"
	"errors"
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
	// DefaultStates is the number of states that a search of orderings remembers.
	// Each takes some 90 bytes.
	DefaultStates = 2_000_000
)

// Orderings is a search of all orders in which the things of a run can happen,
// time set aside as in [netsim.Choosing]: the arrivals of packets in flight and
// the steps of programs.
//
// It is systematic, with two reductions that lose no outcome. Things at different
// hosts do not touch each other, so of the orders that differ only in how such
// things are interleaved one is run: what has been tried before is asleep until
// something happens at its host. The end of a deadline stays asleep at its own
// host too while nothing looks at the deadline. And what comes of a state
// does not depend on the order that led there: a run that comes to a state
// ([netsim.StateSum]) in which another has been ends there, unless something was asleep
// then that is not now. The method is P. Godefroid, "Partial-Order Methods for the
// Verification of Concurrent Systems" (1996), chapter 5 with its combination of sleep
// sets and state-space caching. When the last program has ended the outcome is
// known, and a run branches no more.
//
// A run ends at once where more was sent again than Retransmits allows. With the
// reductions this is the same as without: how much was sent again is part of the state
// and never becomes less, so of two orders that differ only in how things at different
// hosts are interleaved both are within the bound, or neither is.
type Orderings struct {
	Space             // without axes
	Drops, Duplicates int
	Overtaking        int      // how many overtake a packet at most; 0 is any number
	Retransmits       int      // how many segments are sent again at most; 0 is any number, less is none
	NoRACK            bool     // netstack detects no loss by time
	InOrder           bool     // packets of one direction do not overtake
	Whole             bool     // without the reductions of [netsim.Choosing]
	Depth             int      // 0 is DefaultDepth
	Runs              int      // 0 is DefaultRuns
	States            int      // how many are remembered; 0 is DefaultStates, less is none
	Resume            *Ordered // what to go on from: of [Orderings.Load]; nil is the beginning
	Shard             Shard    // a part of the search, to be put together by [MergeOrderings]
	// Keep is given what was found by now after each batch of runs, for [Orderings.Save];
	// an error ends the search. nil keeps nothing.
	Keep func(*Ordered) error

	dealtEach int // for tests; 0 is dealtEach
}

// Ordering is an outcome, and a short run that has it.
type Ordering struct {
	Outcome string
	Runs    int // how many runs of the search ended with it
	Length  int // how many things happen in the example until the outcome is known
	Choices []int
}

// Ordered is what a search of orderings found.
type Ordered struct {
	Outcomes []Ordering // the most frequent first
	Runs     int        // that were begun
	Pruned   int        // of these, that ended because an equivalent order is done
	Matched  int        // of these, that ended in a state where another run has been
	States   int        // that are remembered
	Forgot   int        // states that were met when there was no room for more
	Longest  int        // the most things that happened in a run until its outcome was known
	Cut      int        // of these, that ended where more segments were sent again than may be
	TooDeep  int        // runs that were longer than the depth bound
	Open     int        // branches that were not taken, because of the bound on runs or an interrupt
	// Shortest says that no order at all that has an outcome is shorter than its
	// example. Otherwise no run of the search was.
	Shortest bool
	// Blind is why some states could not be compared with others; "" when all
	// could. The search is as exhaustive without that, but longer.
	Blind string
	Shard Shard // of which this was found

	search *orderingSearch // from which it can go on
}

// Exhaustive reports whether every order was seen, but for equivalent ones. A shard by
// itself has not seen them.
func (o *Ordered) Exhaustive() bool { return o.Done() && o.TooDeep == 0 && o.Shard.N <= 1 }

// Done reports whether nothing is left to be run of the search, or of its shard.
func (o *Ordered) Done() bool { return o.Open == 0 }

// batch is how many branches are run before what they found is sorted in: until
// then each sees what was known at the beginning of the batch. It must not
// depend on the number of workers.
const batch = 64

// Run searches. When it ends early, with the error of ctx, the result is what
// was found by then.
func (o *Orderings) Run(ctx context.Context, opt Options) (*Ordered, error) {
	bound, err := o.Bind(nil)
	if err != nil {
		return nil, err
	}
	s := newOrderingSearch(cmp.Or(o.States, DefaultStates))
	if o.Resume != nil {
		s = o.Resume.search
		s.states.limit = cmp.Or(o.States, DefaultStates)
	}
	s.shard, s.dealtEach = o.Shard, cmp.Or(o.dealtEach, dealtEach)
	limit := cmp.Or(o.Runs, DefaultRuns)
	for err == nil && s.goesOn() && s.found.Runs < limit {
		if err = o.some(ctx, bound, opt, s, limit-s.found.Runs); err == nil && o.Keep != nil {
			err = o.Keep(s.result())
		}
	}
	found := s.result()
	o.shorten(bound, s, found)
	return found, err
}

// some makes the next runs, at most so many.
func (o *Orderings) some(ctx context.Context, bound cases.Bound, opt Options, s *orderingSearch, most int) error {
	next := s.next(most)
	done := make([]*walker, 0, len(next))
	err := inOrder(ctx, &opt, slices.Values(next), func(b branch) *walker { return o.follow(bound, s, b) }, func(w *walker) error {
		done = append(done, w)
		return nil
	})
	for _, b := range slices.Backward(next[len(done):]) {
		s.stack = append(s.stack, b)
	}
	for _, w := range done {
		s.take(w)
	}
	opt.progress(int64(s.found.Runs), int64(s.found.Runs+len(s.stack)))
	return err
}

// choosing is how the runs of the search choose.
func (o *Orderings) choosing(c Chooser) netsim.Choosing {
	return netsim.Choosing{
		Chooser: c, Drops: o.Drops, Duplicates: o.Duplicates, Overtaking: o.Overtaking, Retransmits: o.Retransmits,
		NoRACK: o.NoRACK, InOrder: o.InOrder, Whole: o.Whole,
	}
}

// follow makes the run of a branch.
func (o *Orderings) follow(bound cases.Bound, s *orderingSearch, b branch) *walker {
	w := &walker{branch: b, depth: cmp.Or(o.Depth, DefaultDepth), known: &s.states}
	r, err := bound.Run(cases.RunConfig{Seed: o.Seed, Choosing: o.choosing(w)})
	switch {
	case w.stopped:
	case errors.Is(err, netsim.ErrRetransmits):
		w.cut = true
	case err != nil:
		w.outcome = errorOutcome(err)
	default:
		w.outcome = r.Outcome.String()
	}
	return w
}
