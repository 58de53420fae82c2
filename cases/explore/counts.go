package explore

import (
	"slices"
	"strings"
)

// Counts says how many points have which outcome.
type Counts struct {
	all   []Count
	index map[string]int
}

// Count is an outcome, how many points have it, and the first of them.
type Count struct {
	Outcome string
	N       int64
	First   Point
}

// Add counts a point.
func (c *Counts) Add(p Point) {
	i, ok := c.index[p.Outcome]
	if !ok {
		if c.index == nil {
			c.index = map[string]int{}
		}
		i = len(c.all)
		c.index[p.Outcome] = i
		c.all = append(c.all, Count{Outcome: p.Outcome, First: p})
	}
	c.all[i].N++
	if p.Index < c.all[i].First.Index {
		c.all[i].First = p
	}
}

// Points is the number of points counted.
func (c *Counts) Points() int64 {
	n := int64(0)
	for i := range c.all {
		n += c.all[i].N
	}
	return n
}

// All are the counts, the most frequent outcome first; of equal ones that which
// has the lower point.
func (c *Counts) All() []Count {
	all := slices.Clone(c.all)
	slices.SortFunc(all, func(a, b Count) int {
		switch {
		case a.N != b.N:
			return int(min(1, max(-1, b.N-a.N)))
		case a.First.Index < b.First.Index:
			return -1
		}
		return 1
	})
	return all
}

// Common are the parts of outcomes that all of them share, as "server: ok", and
// the outcomes without these. Outcomes that have nothing else keep it.
func Common(outcomes []string) (shared string, rest []string) {
	const sep = " | "
	if len(outcomes) < 2 {
		return "", slices.Clone(outcomes)
	}
	var parts, same []string
	for _, part := range strings.Split(outcomes[0], sep) {
		everywhere := !slices.ContainsFunc(outcomes, func(o string) bool { return !slices.Contains(strings.Split(o, sep), part) })
		if everywhere {
			same = append(same, part)
		}
	}
	for _, o := range outcomes {
		left := slices.DeleteFunc(strings.Split(o, sep), func(part string) bool { return slices.Contains(same, part) })
		if len(left) == 0 {
			return "", slices.Clone(outcomes)
		}
		parts = append(parts, strings.Join(left, sep))
	}
	return strings.Join(same, sep), parts
}
