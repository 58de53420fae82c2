package main

import (
	"fmt"
	"time"

	"rstlab/cases"
	"rstlab/cases/audit"
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
	diff     string         // of the outcome and the one that is expected; "" when they agree

	found *audit.Found // with --check; else nil
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
	return r.diff == "" && (r.found == nil || len(r.found.Unknown()) == 0)
}

// checks says what the run did that it must not; nothing without --check.
func (r *report) checks(on screen) []string {
	if r.found == nil {
		return nil
	}
	const title, indent = "check    ", "         "
	broken := r.broken()
	lines := []string{title + on.paint(green, "every invariant holds")}
	if len(broken) > 0 {
		lines[0] = title + fmt.Sprintf("%d broken, %d of them by known deviations", len(broken), len(broken)-len(r.found.Unknown()))
	}
	for _, b := range broken {
		text := b.text
		if !b.known {
			text = on.paint(red, text)
		}
		lines = append(lines, indent+text)
	}
	if r.found.Followed.Connections > 0 {
		lines = append(lines, indent+r.found.Followed.String())
	}
	return lines
}

// breach is something that a run must not do, on one line.
type breach struct {
	text  string
	known bool // a known deviation explains it
}

// broken is what --check found: first the invariants, then what the model of netstack does
// not follow.
func (r *report) broken() []breach {
	if r.found == nil {
		return nil
	}
	var all []breach
	for _, v := range r.found.Violations {
		all = append(all, breach{v.Error(), v.Known != nil})
	}
	for _, d := range r.found.Disagreements {
		all = append(all, breach{d.Error(), d.Known != nil})
	}
	return all
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
