package explore

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"rstlab/cases"
	"rstlab/netsim/trace"
)

// Space is the runs that a search chooses from: a scenario of which some
// parameters have one value and others vary. Its points have numbers from 0 to
// Len-1; the last axis varies fastest.
type Space struct {
	Scenario *cases.Scenario
	Set      map[string]string // as [cases.Scenario.Bind] takes it: parameters with one value
	Axes     []Axis
	Seed     uint64
	// Stacks are the TCP implementations of hosts, by name, in place of those that
	// the scenario gives them; "" is every host that is not named. See
	// [ParseStacks].
	Stacks map[string]string
}

// Check reports what is wrong with the space before anything runs: a parameter
// that is set and varies, one that is not there, a value that does not fit
// where it is used.
func (s *Space) Check() error {
	seen := map[string]bool{}
	size := float64(1)
	for _, a := range s.Axes {
		_, set := s.Set[a.Param]
		switch {
		case seen[a.Param]:
			return mistake("leave one out", "parameter %s varies twice", a.Param)
		case set:
			return mistake("leave one out", "parameter %s has a value and varies", a.Param)
		}
		seen[a.Param] = true
		size = float64(size * float64(a.Len()))
	}
	if size > math.MaxInt64/2 {
		return mistake("use fewer values", "there are more than 2^62 points")
	}
	for _, i := range []int64{0, s.Len() - 1} {
		if _, err := s.Bind(s.At(i)); err != nil {
			return err
		}
	}
	return nil
}

// Len is the number of points.
func (s *Space) Len() int64 {
	n := int64(1)
	for _, a := range s.Axes {
		n *= a.Len()
	}
	return n
}

// At are the parameters that vary, with their values at point i, in the order
// of the axes.
func (s *Space) At(i int64) []cases.Setting {
	set := make([]cases.Setting, len(s.Axes))
	for k := len(s.Axes) - 1; k >= 0; k-- {
		a := s.Axes[k]
		set[k] = cases.Setting{Name: a.Param, Value: a.Value(i % a.Len())}
		i /= a.Len()
	}
	return set
}

// Bind is the scenario with the space's parameters and these.
func (s *Space) Bind(vary []cases.Setting) (cases.Bound, error) {
	set := maps.Clone(s.Set)
	if set == nil {
		set = map[string]string{}
	}
	for _, v := range vary {
		set[v.Name] = v.Value.String()
	}
	b, err := s.Scenario.Bind(set)
	if err == nil {
		s.setStacks(b.Scenario)
	}
	return b, err
}

// setStacks gives the hosts their stacks.
func (s *Space) setStacks(in *cases.Scenario) {
	for i := range in.Hosts {
		h := &in.Hosts[i]
		if stack := cmp.Or(s.Stacks[h.Name], s.Stacks[""]); stack != "" {
			h.Stack = cases.WordValue(stack)
		}
	}
}

// ParseStacks reads stacks of hosts: "linux" is that of every host, and
// "client=linux" that of one.
func ParseStacks(s *cases.Scenario, texts []string) (map[string]string, error) {
	stacks := map[string]string{}
	for _, text := range texts {
		host, stack, one := strings.Cut(text, "=")
		if !one {
			host, stack = "", text
		}
		_, twice := stacks[host]
		named := func(h cases.Host) bool { return h.Name == host }
		switch {
		case !slices.Contains(cases.Stacks(), stack):
			return nil, mistake("write one of "+strings.Join(cases.Stacks(), ", "), "%s: there is no stack %q", text, stack)
		case one && !slices.ContainsFunc(s.Hosts, named):
			return nil, mistake("write the name of a host of the scenario", "%s: there is no host %q", text, host)
		case twice:
			return nil, mistake("leave one out", "%s: a second stack for the same", text)
		}
		stacks[host] = stack
	}
	return stacks, nil
}

// Point is a run of a space and what came of it.
type Point struct {
	Index   int64
	Set     []cases.Setting // the parameters that vary
	Outcome string          // [cases.Outcome], or "error: …": that no run came about is an outcome too
	Hash    string          // of the trace; "" without a run
}

// Run runs point i.
func (s *Space) Run(i int64) Point { return s.runner().run(i) }

// Trace runs point i and keeps its trace, which is nil when no run came about.
func (s *Space) Trace(i int64) (Point, *trace.Trace) { return s.runner().trace(i) }

// SettingsText is the settings as --set takes them: "rtt=10ms think=0s".
func SettingsText(set []cases.Setting) string {
	words := make([]string, len(set))
	for i, v := range set {
		words[i] = v.String()
	}
	return strings.Join(words, " ")
}
