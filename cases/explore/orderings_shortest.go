package explore

import (
	"slices"

	"rstlab/cases"
	"rstlab/netsim"
)

// shorten puts shorter examples in place of those that the search happened to
// run. All orders are ways through the states that are remembered: of those that
// lead to an outcome the shortest is run.
func (o *Orderings) shorten(bound cases.Bound, s *orderingSearch, found *Ordered) {
	found.Shortest = found.Exhaustive() && s.states.on() && found.Forgot == 0 && found.Blind == ""
	if found.Blind != "" {
		return // the beginning may not be remembered
	}
	ways := s.states.ways()
	for i := range found.Outcomes {
		e := &found.Outcomes[i]
		last := s.nearest(ways, e.Outcome)
		if last == nil || int(ways[last.from].steps)+1 >= e.Length {
			continue
		}
		run := &named{moves: append(s.states.way(ways, last.from), last.via), names: s.states.names}
		r, err := bound.Run(cases.RunConfig{Seed: o.Seed, Choosing: o.choosing(run)})
		if err != nil || run.lost || r.Outcome.String() != e.Outcome {
			found.Shortest = false // a timer had another number
			continue
		}
		e.Length, e.Choices = len(run.moves), run.choices
	}
}

// nearest is the choice after which an outcome is known that comes first of all;
// nil when none is remembered.
func (s *orderingSearch) nearest(ways []way, outcome string) (first *end) {
	for i := range s.ends {
		e := &s.ends[i]
		if s.outcomes[e.outcome].Outcome == outcome && (first == nil || ways[e.from].steps < ways[first.from].steps) {
			first = e
		}
	}
	return first
}

// way is the shortest from the beginning to a state: its last step.
type way struct {
	steps uint32
	from  stateID
	via   moveID
}

// ways are the shortest ways to all states, of which the first is the beginning:
// breadth first.
func (s *states) ways() []way {
	next := slices.Clone(s.edges)
	slices.SortStableFunc(next, func(a, b edge) int { return int(a.from) - int(b.from) })
	begin := make([]int, len(s.sleeping)+1)
	for _, e := range next {
		begin[e.from+1]++
	}
	for i := range s.sleeping {
		begin[i+1] += begin[i]
	}
	ways := make([]way, len(s.sleeping))
	for i := range ways {
		ways[i] = way{steps: ^uint32(0), from: noState}
	}
	if len(ways) == 0 {
		return ways
	}
	ways[0].steps = 0
	for frontier := []stateID{0}; len(frontier) > 0; frontier = frontier[1:] {
		at := frontier[0]
		for _, e := range next[begin[at]:begin[at+1]] {
			if ways[e.to].steps == ^uint32(0) {
				ways[e.to] = way{ways[at].steps + 1, at, e.via}
				frontier = append(frontier, e.to)
			}
		}
	}
	return ways
}

// way are the steps to a state.
func (s *states) way(ways []way, to stateID) []moveID {
	var moves []moveID
	for at := ways[to]; at.from != noState; at = ways[at.from] {
		moves = append(moves, at.via)
	}
	slices.Reverse(moves)
	return moves
}

// named is a chooser that takes choices by what they are.
type named struct {
	moves   []moveID
	names   []netsim.Choice
	at      int
	offered []netsim.Choice
	choices []int
	lost    bool // one of the choices was not offered
}

// Offer implements [netsim.Offered].
func (c *named) Offer(choices []netsim.Choice) { c.offered = choices }

// Choose implements [Chooser].
func (c *named) Choose(_ string, n int) int {
	i := 0
	if c.at < len(c.moves) {
		if i = slices.Index(c.offered, c.names[c.moves[c.at]]); i < 0 {
			c.lost = true
			return i
		}
	}
	c.at++
	if n > 1 {
		c.choices = append(c.choices, i)
	}
	return i
}
