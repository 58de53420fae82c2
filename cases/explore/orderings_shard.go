package explore

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// A search of orderings in shards begins in each of them in the same way, one run after
// the other, whatever interrupts it. Then the branches that are open are dealt out, and
// each shard goes on with its own and forgets the others.
//
// That is sound because nothing in a search depends on when an open branch is run, and
// as a state that is not remembered is only searched again. What is asleep in a branch,
// or is not tried again in a state that was met before the deal, was run before it or is
// an open branch of one of the shards; a state that was met since is known to its own
// shard alone. So shards do twice what several of them come to, but together leave
// nothing out.

const (
	// dealtEach is how many branches there are for each shard, when there are enough.
	dealtEach = 256
	// dealtRuns is the number of runs after which what there is is dealt.
	dealtRuns = 4096
)

// common reports whether the search is at what all shards do.
func (s *orderingSearch) common() bool { return s.shard.N > 0 && s.dealt == "" }

// goesOn reports whether there are runs to be made; it deals when it is time.
func (s *orderingSearch) goesOn() bool {
	if s.common() && (len(s.stack) == 0 || len(s.stack) >= s.dealtEach*int(s.shard.N) || s.found.Runs >= dealtRuns) {
		s.deal()
	}
	return len(s.stack) > 0
}

// shallowest takes the branch that comes first of all from the stack: near the beginning
// orders have the least in common.
func (s *orderingSearch) shallowest() []branch {
	b := slices.MinFunc(s.stack, func(a, b branch) int {
		return cmp.Or(cmp.Compare(len(a.path), len(b.path)), slices.Compare(a.path, b.path))
	})
	at := slices.IndexFunc(s.stack, func(x branch) bool { return slices.Equal(x.path, b.path) })
	s.stack = slices.Delete(s.stack, at, at+1)
	return []branch{b}
}

// deal leaves only the branches of the shard. What was found until then counts for the
// first one.
func (s *orderingSearch) deal() {
	slices.SortFunc(s.stack, func(a, b branch) int { return slices.Compare(a.path, b.path) })
	sum := sha256.New()
	fmt.Fprintln(sum, len(s.states.index)) // a search that forgets some has others open
	mine := s.stack[:0:0]
	for i, b := range s.stack {
		fmt.Fprintln(sum, b.path, b.sleep)
		if s.shard.has(int64(i)) {
			mine = append(mine, b)
		}
	}
	s.stack, s.dealt = mine, hex.EncodeToString(sum.Sum(nil))
	if s.shard.I > 1 {
		s.found = Ordered{Blind: s.found.Blind}
		s.outcomes, s.ends = nil, nil
	}
}
