package fuzz

import (
	"slices"

	"rstlab/cases"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
	"rstlab/tcpmodel/oracle"
)

// Coverage counts what runs have reached. It is a [trace.Sink]. The zero value has
// counted nothing.
type Coverage struct {
	Runs   uint64
	Events uint64
	// Transitions are changes of state, from the first index to the second.
	Transitions [wire.NumStates][wire.NumStates]uint64
	// Clauses are the runs in which a model followed each rule.
	Clauses [tcpmodel.NumClauses]uint64
	// Steps are the steps that were begun, by verb.
	Steps map[cases.Verb]uint64
	// Results are what came of steps: "recv=EOF", "send=EPIPE"; data is left out.
	Results map[string]uint64
	// Followed is what package tcpmodel/oracle has followed.
	Followed oracle.Stats
}

var _ trace.Sink = (*Coverage)(nil)

// Event takes note of an event. It always returns nil.
func (c *Coverage) Event(e *trace.Event) error {
	c.Events++
	if e.Kind == trace.StateChange {
		c.Transitions[e.From][e.To]++
	}
	return nil
}

// ran takes note of what a run's programs saw.
func (c *Coverage) ran(s *cases.Scenario, r *cases.Result) {
	if c.Steps == nil {
		c.Steps, c.Results = map[cases.Verb]uint64{}, map[string]uint64{}
	}
	c.Runs++
	for clause := range c.Clauses {
		if r.Clauses.Has(tcpmodel.Clause(clause)) {
			c.Clauses[clause]++
		}
	}
	verbs := map[string][]cases.Step{}
	for i := range s.Procs {
		verbs[s.Procs[i].Name] = s.Procs[i].Steps
	}
	for _, o := range r.Observations {
		c.Steps[verbs[o.Proc][o.Step].Verb]++
		result := o.Errno
		switch {
		case o.Killed:
			result = "killed"
		case !o.Done:
			result = "blocked"
		case o.Errno == "" && o.N == 0 && slices.Contains([]string{"recv", "peek", "recvloop"}, o.Op):
			result = "EOF"
		case o.Errno == "":
			result = "ok"
		}
		c.Results[o.Op+"="+result]++
	}
}

// Add adds what another has counted.
func (c *Coverage) Add(other *Coverage) {
	if c.Steps == nil {
		c.Steps, c.Results = map[cases.Verb]uint64{}, map[string]uint64{}
	}
	c.Runs += other.Runs
	c.Events += other.Events
	c.Followed.Add(&other.Followed)
	for from := range c.Transitions {
		for to := range c.Transitions[from] {
			c.Transitions[from][to] += other.Transitions[from][to]
		}
	}
	for clause, n := range other.Clauses {
		c.Clauses[clause] += n
	}
	for verb, n := range other.Steps {
		c.Steps[verb] += n
	}
	for result, n := range other.Results {
		c.Results[result] += n
	}
}

// States are how often each state was entered.
func (c *Coverage) States() (entered [wire.NumStates]uint64) {
	for from := range c.Transitions {
		for to, n := range c.Transitions[from] {
			entered[to] += n
		}
	}
	return entered
}
