package explore

import (
	"math"
	"slices"

	"rstlab/netsim"
)

// MergeOrderings puts the files of all shards of a search together. What comes of it is
// the file of a search that is not sharded: it has all their outcomes, states and open
// branches, and can go on ([Orderings.Resume]); when no shard has left anything it only
// says what was found. Files of different searches are refused, and so are files of which
// one is missing.
func MergeOrderings(files []*OrderingsFile) (*OrderingsFile, error) {
	if err := together(files); err != nil {
		return nil, err
	}
	whole := files[0].body.search()
	whole.states.limit = math.MaxInt
	for _, f := range files[1:] {
		whole.absorb(f.body.search())
	}
	whole.dealt = ""
	merged := &OrderingsFile{header: files[0].header, body: *whole.saved()}
	merged.header.Shard = ""
	return merged, nil
}

// together reports why files cannot be merged.
func together(files []*OrderingsFile) error {
	const again = "give rstlab merge the files of all shards of one search, each once"
	first := files[0]
	shard, err := ParseShard(first.header.Shard)
	if err != nil {
		return mistake(again, "%s: this is no shard", first.name)
	}
	names := make([]string, shard.N)
	for _, f := range files {
		if wrong := first.header.same(&f.header); wrong != nil {
			return mistake(wrong.Remedy, "%s: %s", f.name, wrong.Problem)
		}
		this, err := ParseShard(f.header.Shard)
		switch {
		case err != nil || this.N != shard.N:
			return mistake(again, "%s: the shard is %q, and that of %s is %s", f.name, f.header.Shard, first.name, shard)
		case names[this.I-1] != "":
			return mistake(again, "%s and %s are both shard %s", names[this.I-1], f.name, this)
		case f.body.Dealt == "":
			return mistake("go on with it, with --resume", "%s: shard %s has not come to its own part", f.name, this)
		case f.body.Dealt != first.body.Dealt:
			return mistake("search again, each shard with the same --states", "%s and %s were dealt different parts", first.name, f.name)
		}
		names[this.I-1] = f.name
	}
	if missing := slices.Index(names, ""); missing >= 0 {
		return mistake(again, "shard %s is missing", Shard{int64(missing) + 1, shard.N})
	}
	return nil
}

// absorb adds what another shard of the search has found.
func (s *orderingSearch) absorb(other *orderingSearch) {
	id, move := s.absorbStates(&other.states)
	for _, b := range other.stack {
		b.from, b.via = id(b.from), move(b.via)
		s.stack = append(s.stack, b)
	}
	known := map[string]uint32{}
	for i, o := range s.outcomes {
		known[o.Outcome] = uint32(i)
	}
	for _, o := range other.outcomes {
		i, ok := known[o.Outcome]
		if !ok {
			known[o.Outcome] = uint32(len(s.outcomes))
			s.outcomes = append(s.outcomes, o)
			continue
		}
		e := &s.outcomes[i]
		e.Runs += o.Runs
		e.shorter(o.Length, o.Choices)
	}
	for _, e := range other.ends {
		s.ends = append(s.ends, end{id(e.from), move(e.via), known[other.outcomes[e.outcome].Outcome]})
	}
	s.found.add(&other.found)
}

// absorbStates adds the states of another shard, and gives what its numbers are here. Of
// a state that both have been in, what was asleep in both always was.
func (s *orderingSearch) absorbStates(other *states) (func(stateID) stateID, func(moveID) moveID) {
	moves := make([]moveID, len(other.names))
	for i := range other.names {
		moves[i] = s.states.move(&other.names[i])
	}
	move := func(m moveID) moveID { return moves[m] }
	sums := other.sums()
	ids := make([]stateID, len(sums))
	for i, sum := range sums {
		asleep, _ := other.asleep(sum)
		if here, ok := s.states.index[sum]; ok {
			ids[i] = here
			s.states.keep(here, asleep)
		} else {
			ids[i], _ = s.states.add(sum, asleep)
		}
	}
	id := func(at stateID) stateID {
		if at == noState {
			return at
		}
		return ids[at]
	}
	known := map[edge]bool{}
	for _, e := range s.states.edges {
		known[e] = true
	}
	for _, e := range other.edges {
		if e = (edge{id(e.from), id(e.to), move(e.via)}); !known[e] {
			s.states.edges = append(s.states.edges, e)
		}
	}
	return id, move
}

// sums are the states by their numbers.
func (s *states) sums() []netsim.StateSum {
	sums := make([]netsim.StateSum, len(s.index))
	for sum, id := range s.index {
		sums[id] = sum
	}
	return sums
}

// add adds the counts of another shard.
func (o *Ordered) add(other *Ordered) {
	o.Runs += other.Runs
	o.Pruned += other.Pruned
	o.Matched += other.Matched
	o.Cut += other.Cut
	o.Forgot += other.Forgot
	o.TooDeep += other.TooDeep
	o.Longest = max(o.Longest, other.Longest)
	if o.Blind == "" {
		o.Blind = other.Blind
	}
}
