package main

import (
	"unicode/utf8"

	"rstlab/cases"
	"rstlab/netsim/trace"
)

// runObject is what run --json prints. Fields are added in later versions, but
// none is renamed or removed. Times are in nanoseconds of virtual time since the
// run began, unless the name says wall.
type runObject struct {
	Scenario string            `json:"scenario"`
	Seed     uint64            `json:"seed"`
	Params   map[string]string `json:"params"` // all of them, in the notation of --set
	Outcome  string            `json:"outcome"`
	Hash     trace.Hash        `json:"hash"`
	OK       bool              `json:"ok"`       // as expected, or nothing is expected
	Expected *expectedObject   `json:"expected"` // null when no example has these parameters

	brokenObject

	Observations []observationObject `json:"observations"` // in the order in which the calls began
	Unread       []cases.Unread      `json:"unread"`       // what had arrived and was never read
	Stats        statsObject         `json:"stats"`
}

// brokenObject is what --check found, a line each; what known deviations explain too.
type brokenObject struct {
	// Violations are the broken invariants.
	Violations []string `json:"violations,omitempty"`
	// Disagreements are events that the model of netstack does not follow.
	Disagreements []string `json:"disagreements,omitempty"`
}

// brokenObject is what --check found, for programs.
func (r *report) brokenObject() brokenObject {
	var o brokenObject
	if r.found == nil {
		return o
	}
	for _, v := range r.found.Violations {
		o.Violations = append(o.Violations, v.Error())
	}
	for _, d := range r.found.Disagreements {
		o.Disagreements = append(o.Disagreements, d.Error())
	}
	return o
}

// expectedObject is the example with the parameters of the run.
type expectedObject struct {
	Place   string `json:"place"` // file:line:col
	Outcome string `json:"outcome"`
	Diff    string `json:"diff"` // for people; "" when the outcome is the expected one
}

// observationObject is a call that a program made. Result is as in outcomes:
// ok, EOF, an errno, a quoted text, … Data is what was read, when it is no more
// than an outcome shows and UTF-8.
type observationObject struct {
	Proc    string `json:"proc"`
	Step    int    `json:"step"` // index of the step in the proc
	Call    string `json:"call"` // the step as it is written
	Op      string `json:"op"`
	BeginNS int64  `json:"begin_ns"`
	EndNS   *int64 `json:"end_ns"` // null when the call did not return
	Result  string `json:"result"`
	Errno   string `json:"errno,omitempty"`
	Bytes   int    `json:"bytes"` // sent or read
	Data    string `json:"data,omitempty"`
	Value   string `json:"value,omitempty"` // of state and get
	Killed  bool   `json:"killed,omitempty"`
}

// statsObject says how much was done.
type statsObject struct {
	Events    uint64 `json:"events"`  // of the trace
	Packets   uint64 `json:"packets"` // that were sent
	Steps     uint64 `json:"steps"`   // of the simulation's loop
	VirtualNS int64  `json:"virtual_ns"`
	WallNS    int64  `json:"wall_ns"`
}

// object is the report for programs.
func (r *report) object() runObject {
	res := r.result
	o := runObject{
		Scenario: res.Scenario, Seed: res.Seed, Params: r.bound.Set(),
		Outcome: res.Outcome.String(), Hash: res.Hash, OK: r.ok(), brokenObject: r.brokenObject(),
		Observations: make([]observationObject, len(res.Observations)),
		Unread:       append([]cases.Unread{}, res.Unread...),
		Stats: statsObject{
			Events: res.Stats.Events, Packets: res.Stats.Packets, Steps: res.Stats.Steps,
			VirtualNS: int64(res.Stats.Time), WallNS: r.wall.Nanoseconds(),
		},
	}
	if e := r.expected; e != nil {
		o.Expected = &expectedObject{Place: e.Pos.String(), Outcome: e.Want.String(), Diff: r.diff}
	}
	for i := range res.Observations {
		o.Observations[i] = r.observation(&res.Observations[i])
	}
	return o
}

func (r *report) observation(o *cases.Observation) observationObject {
	object := observationObject{
		Proc: o.Proc, Step: o.Step, Call: r.call(o), Op: o.Op,
		BeginNS: o.Begin.Nanoseconds(), Result: o.Seen().Result,
		Errno: o.Errno, Bytes: o.N, Value: o.Value, Killed: o.Killed,
	}
	if o.Done {
		end := o.At.Nanoseconds()
		object.EndNS = &end
	}
	if len(o.Data) == o.N && utf8.Valid(o.Data) {
		object.Data = string(o.Data)
	}
	return object
}
