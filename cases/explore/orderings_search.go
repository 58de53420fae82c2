package explore

import (
	"cmp"
	"slices"

	"rstlab/netsim"
)

// orderingSearch is a search of orderings under way.
type orderingSearch struct {
	stack    []branch // runs to be made, the last first
	states   states
	found    Ordered
	outcomes []Ordering
	ends     []end
	shard    Shard
	// dealt identifies what was dealt to the shards, "" before that, and dealtEach is how
	// many branches each is to be dealt.
	dealt     string
	dealtEach int
}

// end is a choice after which an outcome is known.
type end struct {
	from    stateID
	via     moveID
	outcome uint32 // in orderingSearch.outcomes
}

// newOrderingSearch begins a search that remembers so many states.
func newOrderingSearch(states int) *orderingSearch {
	return &orderingSearch{stack: []branch{{from: noState}}, states: newStates(states)}
}

// next takes the next branches from the stack, the top first, at most so many.
func (s *orderingSearch) next(most int) []branch {
	if s.common() {
		return s.shallowest()
	}
	n := len(s.stack) - min(batch, len(s.stack), most)
	next := slices.Clone(s.stack[n:])
	slices.Reverse(next)
	s.stack = s.stack[:n]
	return next
}

// take sorts in what a run has found. The run saw less than is known now: where that
// matters, what it went on to do is left out, and done again.
func (s *orderingSearch) take(w *walker) {
	s.found.Runs++
	s.found.Longest = max(s.found.Longest, w.length)
	from, via := w.from, w.via
	var more []branch
	for i := range w.visits {
		v := &w.visits[i]
		id, try, asleep, visited := s.enter(v)
		s.states.join(from, via, id)
		goesOn := v.chosen >= 0 && slices.Contains(try, v.offered[v.chosen]) && same(asleep, v.asleep)
		tried := slices.Clone(asleep)
		if goesOn {
			tried = append(tried, v.offered[v.chosen])
		}
		for _, c := range try {
			switch {
			case goesOn && c == v.offered[v.chosen]:
			case v.deep:
				s.tooDeep(w)
			default:
				at := slices.Index(v.offered, c)
				more = append(more, branch{w.pathTo(i, at), slices.Clone(tried), id, s.states.move(&c)})
				tried = append(tried, c)
			}
		}
		if !goesOn {
			s.count(v, try, visited)
			s.push(more)
			return
		}
		from, via = id, s.states.move(&v.offered[v.chosen])
	}
	s.push(more)
	switch {
	case w.cut:
		s.found.Cut++
	case w.outcome != "":
		s.end(w, from, via)
	}
}

// push puts branches on the stack so that those of the last state come first.
func (s *orderingSearch) push(more []branch) { s.stack = append(s.stack, more...) }

func (s *orderingSearch) tooDeep(w *walker) {
	if !w.tooDeep {
		w.tooDeep = true
		s.found.TooDeep++
	}
}

// count notes why a run ended in a state.
func (s *orderingSearch) count(v *visit, try []netsim.Choice, visited bool) {
	if visited {
		s.found.Matched++
	} else if len(try) == 0 {
		s.found.Pruned++
	}
}

// enter notes that a run was in a state, and says what is to be tried there now.
func (s *orderingSearch) enter(v *visit) (id stateID, try, asleep []netsim.Choice, visited bool) {
	if v.blind != nil && s.found.Blind == "" {
		s.found.Blind = v.blind.Error()
	}
	var then []netsim.Choice
	id = noState
	if s.states.on() && v.blind == nil {
		if then, visited = s.states.asleep(v.sum); visited {
			id = s.states.index[v.sum]
		} else if id, visited = s.states.add(v.sum, v.sleep); !visited {
			s.found.Forgot++
		} else {
			visited = false
		}
	}
	try, asleep = plan(v.offered, v.sleep, visited, then)
	if visited {
		s.states.keep(id, asleep)
	}
	return id, try, asleep, visited
}

// same reports whether two lists have the same members.
func same(a, b []netsim.Choice) bool {
	return len(a) == len(b) && len(common(a, b)) == len(a)
}

// end notes the outcome of a run.
func (s *orderingSearch) end(w *walker, from stateID, via moveID) {
	i := slices.IndexFunc(s.outcomes, func(o Ordering) bool { return o.Outcome == w.outcome })
	if i < 0 {
		i = len(s.outcomes)
		s.outcomes = append(s.outcomes, Ordering{Outcome: w.outcome, Length: w.length, Choices: w.choices})
	}
	e := &s.outcomes[i]
	e.Runs++
	e.shorter(w.length, w.choices)
	if from != noState {
		s.ends = append(s.ends, end{from, via, uint32(i)})
	}
}

// shorter takes another run with the outcome as the example if it is shorter, or comes
// first of those as long.
func (o *Ordering) shorter(length int, choices []int) {
	if length < o.Length || length == o.Length && slices.Compare(choices, o.Choices) < 0 {
		o.Length, o.Choices = length, choices
	}
}

// result is what was found by now.
func (s *orderingSearch) result() *Ordered {
	found := s.found
	found.search, found.Shard = s, s.shard
	found.States, found.Open = len(s.states.index), len(s.stack)
	found.Outcomes = slices.Clone(s.outcomes)
	slices.SortFunc(found.Outcomes, func(a, b Ordering) int {
		return cmp.Or(cmp.Compare(b.Runs, a.Runs), cmp.Compare(a.Outcome, b.Outcome))
	})
	return &found
}
