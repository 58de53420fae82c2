package main

import (
	"fmt"

	"rstlab/cases/fuzz"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
	"rstlab/tcpmodel/oracle"
)

// fuzzObject is what fuzz --json prints. Fields are added in later versions, but none is
// renamed or removed.
type fuzzObject struct {
	Seed        uint64          `json:"seed"`
	From        int             `json:"from"`   // the number of the first run
	Stacks      []string        `json:"stacks"` // those of --stack
	Runs        int             `json:"runs"`
	Events      uint64          `json:"events"`
	Compared    int             `json:"compared"` // runs in which netstack and its model give programs the same
	Interrupted bool            `json:"interrupted"`
	Coverage    coverageObject  `json:"coverage"`
	Known       []knownObject   `json:"known"`    // deviations that were met
	Findings    []findingObject `json:"findings"` // what breaks a property and is not known
}

// coverageObject says what runs have reached, and how often.
type coverageObject struct {
	States      map[string]uint64            `json:"states"`
	Transitions map[string]map[string]uint64 `json:"transitions"` // from, to
	Clauses     map[string]uint64            `json:"clauses"`     // runs in which a model followed each, 0 too
	Steps       map[string]uint64            `json:"steps"`
	Results     map[string]uint64            `json:"results"`
	Followed    followedObject               `json:"followed"`
}

// followedObject says what the model of netstack has followed.
type followedObject struct {
	Connections int            `json:"connections"` // ends of them
	Segments    int            `json:"segments"`
	Results     int            `json:"results"`
	Unfollowed  map[string]int `json:"unfollowed"` // ends that were not, or no further, by reason
}

// knownObject is a deviation of a stack that is known.
type knownObject struct {
	Engine   string `json:"engine"`
	Property string `json:"property"`
	Case     string `json:"case"`
	Where    string `json:"where"`
	Runs     int    `json:"runs"`
	First    int    `json:"first"` // the number of the first run
}

// findingObject is a property that does not hold.
type findingObject struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
	Runs    int    `json:"runs"`
	First   int    `json:"first"`   // the number of the first run
	Numbers []int  `json:"numbers"` // of all runs that break it
	File    string `json:"file"`    // with the scenario, made small
	Seed    uint64 `json:"seed"`    // with which it shows it
}

// object is the report of a campaign for programs. files are those of the findings.
func (f *fuzzFlags) object(r *fuzz.Report, files []string) fuzzObject {
	o := fuzzObject{
		Seed: f.seed, From: f.from, Stacks: append([]string{}, f.stacks...), Runs: r.Runs, Events: r.Coverage.Events, Compared: r.Compared,
		Interrupted: r.Interrupted, Coverage: coverageOf(&r.Coverage), Known: []knownObject{}, Findings: []findingObject{},
	}
	for _, k := range r.Known {
		d := k.Deviation
		o.Known = append(o.Known, knownObject{d.Engine, d.Property, d.Case, d.Where, k.Count, k.Run})
	}
	for i, found := range r.Findings {
		o.Findings = append(o.Findings, findingObject{found.Kind, found.Message, len(found.Runs), found.Run, found.Runs, files[i], found.SmallSeed})
	}
	return o
}

func coverageOf(c *fuzz.Coverage) coverageObject {
	o := coverageObject{
		States: map[string]uint64{}, Transitions: map[string]map[string]uint64{}, Clauses: map[string]uint64{},
		Steps: map[string]uint64{}, Results: map[string]uint64{},
		Followed: followedObject{c.Followed.Connections, c.Followed.Segments, c.Followed.Results, map[string]int{}},
	}
	for s, n := range c.States() {
		o.States[wire.State(s).String()] = n
	}
	for from := range c.Transitions {
		to := map[string]uint64{}
		for s, n := range c.Transitions[from] {
			if n > 0 {
				to[wire.State(s).String()] = n
			}
		}
		if len(to) > 0 {
			o.Transitions[wire.State(from).String()] = to
		}
	}
	for clause, n := range c.Clauses {
		o.Clauses[tcpmodel.Clause(clause).String()] = n
	}
	for verb, n := range c.Steps {
		o.Steps[fmt.Sprint(verb)] = n
	}
	for result, n := range c.Results {
		o.Results[result] = n
	}
	for reason, n := range c.Followed.Unfollowed {
		o.Followed.Unfollowed[oracle.Reason(reason).String()] = n
	}
	return o
}
