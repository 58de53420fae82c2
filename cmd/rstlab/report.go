package main

import (
	"fmt"
	"time"

	"rstlab/cases"
	"rstlab/tcpmodel/invariant"
	"rstlab/tcpmodel/oracle"
)

// report is what there is to say about a run.
type report struct {
	arg      string // the scenario as the user named it
	scenario *cases.Scenario
	bound    *cases.Bound
	result   *cases.Result
	wall     time.Duration
	replayed bool // from a file with its choices: nobody expects an outcome of it

	stack string // of all hosts; "" when they differ

	// What judge finds out.
	expected *cases.Example // nil when nobody expects anything of these parameters
	checked  bool           // with --check
	diff     string         // of the outcome and the one that is expected; "" when they agree

	violations    []invariant.Violation // of the invariants
	disagreements []oracle.Disagreement // of hosts with netstack, with its model
	followed      oracle.Stats          // what the model has followed of them
}

// judge compares the outcome with the one that is expected.
func (r *report) judge() {
	r.expected = expectation(r.scenario, r.bound.Params, r.stack)
	if r.expected != nil {
		r.diff = r.result.Outcome.Diff(r.expected.Want)
	}
}

// ok reports whether the run met its expectation, or has none, broke no
// invariant that was checked, and did nothing that the model does not follow.
func (r *report) ok() bool {
	return r.diff == "" && len(invariant.Unknown(r.violations)) == 0 && len(oracle.Unknown(r.disagreements)) == 0
}

// invariants says which invariants the run broke; nothing without --check.
func (r *report) invariants(on screen) []string {
	if !r.checked {
		return nil
	}
	const title, indent = "check    ", "         "
	var lines []string
	if len(r.violations) == 0 {
		lines = append(lines, title+on.paint(green, "every invariant holds"))
	} else {
		lines = append(lines, title+fmt.Sprintf("%d broken, %d of them by known deviations", len(r.violations), len(r.violations)-len(invariant.Unknown(r.violations))))
	}
	for i := range r.violations {
		v := &r.violations[i]
		text := v.Error()
		if v.Known == nil {
			text = on.paint(red, text)
		}
		lines = append(lines, indent+text)
	}
	for i := range r.disagreements {
		d := &r.disagreements[i]
		text := d.Error()
		if d.Known == nil {
			text = on.paint(red, text)
		}
		lines = append(lines, indent+text)
	}
	if r.followed.Connections > 0 {
		lines = append(lines, indent+r.followed.String())
	}
	return lines
}

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
