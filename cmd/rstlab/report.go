package main

import (
	"time"

	"rstlab/cases"
)

// report is what there is to say about a run.
type report struct {
	arg      string // the scenario as the user named it
	scenario *cases.Scenario
	bound    *cases.Bound
	result   *cases.Result
	wall     time.Duration

	stack string // of all hosts; "" when they differ

	// What judge finds out.
	expected *cases.Example // nil when nobody expects anything of these parameters
	diff     string         // of the outcome and the one that is expected; "" when they agree
}

// judge compares the outcome with the one that is expected.
func (r *report) judge() {
	r.expected = expectation(r.scenario, r.bound.Params, r.stack)
	if r.expected != nil {
		r.diff = r.result.Outcome.Diff(r.expected.Want)
	}
}

// ok reports whether the run met its expectation, or has none.
func (r *report) ok() bool { return r.diff == "" }

// short is the report in two lines, the outcome and the hash in full.
func (r *report) short() []string {
	return columns{
		{"outcome", r.result.Outcome.String()},
		{"hash", r.result.Hash.String()},
	}.lines("")
}

// call is a step of a program as it was written, with the values of parameters
// in their places.
func (r *report) call(o *cases.Observation) string {
	for i := range r.bound.Scenario.Procs {
		p := &r.bound.Scenario.Procs[i]
		if p.Name == o.Proc {
			return p.Steps[o.Step].String()
		}
	}
	return o.Op
}
