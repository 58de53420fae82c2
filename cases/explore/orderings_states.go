package explore

import (
	"slices"

	"rstlab/netsim"
)

// stateID and moveID are numbers of states and choices in a search; noState is a
// state that is not remembered.
type (
	stateID uint32
	moveID  uint32
)

const noState = ^stateID(0)

// states are those that a search remembers, with what was asleep whenever a run
// was there, and how one leads to another.
type states struct {
	limit    int
	index    map[netsim.StateSum]stateID
	sleeping []span // by state: of sleepers
	sleepers []moveID
	moves    map[netsim.Choice]moveID
	names    []netsim.Choice // by move
	edges    []edge
}

// span is a part of a list.
type span struct{ begin, end uint32 }

// edge is a choice that leads from one state to another.
type edge struct {
	from, to stateID
	via      moveID
}

func newStates(limit int) states {
	return states{limit: limit, index: map[netsim.StateSum]stateID{}, moves: map[netsim.Choice]moveID{}}
}

// on reports whether any are remembered.
func (s *states) on() bool { return s.limit > 0 }

// asleep is what was asleep whenever a run was in the state; ok is false when none
// was.
func (s *states) asleep(sum netsim.StateSum) (choices []netsim.Choice, ok bool) {
	id, ok := s.index[sum]
	if !ok {
		return nil, false
	}
	at := s.sleeping[id]
	for _, m := range s.sleepers[at.begin:at.end] {
		choices = append(choices, s.names[m])
	}
	return choices, true
}

// add remembers a state; ok is false when there is no room.
func (s *states) add(sum netsim.StateSum, sleep []netsim.Choice) (id stateID, ok bool) {
	if len(s.index) >= s.limit {
		return noState, false
	}
	id = stateID(len(s.sleeping))
	s.index[sum] = id
	begin := uint32(len(s.sleepers))
	for i := range sleep {
		s.sleepers = append(s.sleepers, s.move(&sleep[i]))
	}
	s.sleeping = append(s.sleeping, span{begin, uint32(len(s.sleepers))})
	return id, true
}

// keep makes these, which are among them, the ones that were always asleep.
func (s *states) keep(id stateID, sleep []netsim.Choice) {
	at := &s.sleeping[id]
	at.end = at.begin + uint32(len(slices.DeleteFunc(s.sleepers[at.begin:at.end:at.end], func(m moveID) bool {
		return !slices.Contains(sleep, s.names[m])
	})))
}

// move is the number of a choice.
func (s *states) move(c *netsim.Choice) moveID {
	m, ok := s.moves[*c]
	if !ok {
		m = moveID(len(s.names))
		s.moves[*c] = m
		s.names = append(s.names, *c)
	}
	return m
}

// join notes that a choice leads from one state to another.
func (s *states) join(from stateID, via moveID, to stateID) {
	if from != noState && to != noState {
		s.edges = append(s.edges, edge{from, to, via})
	}
}
