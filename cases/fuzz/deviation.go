package fuzz

import (
	"rstlab/tcpmodel/invariant"
	"rstlab/tcpmodel/oracle"
)

// Deviation is a way in which a stack is known to break a property: of package
// tcpmodel/invariant, or that the model of the stack follows it.
type Deviation struct {
	Engine string // "netstack"
	// Property is the name of an invariant, or [KindOracle] with the clause behind a
	// colon.
	Property string
	Case     string // which of the ways to break it, or ""
	Rule     string // what should hold: a sentence of Source
	Source   string // "RFC9293-3.10.7.1"
	Where    string // the place in the engine's source, with its version
	What     string // it does there
}

// Deviations are the known ones: those of the invariants, then those of the oracle.
func Deviations() []Deviation {
	var all []Deviation
	for _, d := range invariant.Deviations() {
		all = append(all, ofInvariant(&d))
	}
	for _, d := range oracle.Deviations() {
		all = append(all, ofOracle(&d))
	}
	return all
}

func ofInvariant(d *invariant.Deviation) Deviation {
	k := Deviation{Engine: d.Engine, Property: d.Invariant, Case: d.Case, Where: d.Where, What: d.What}
	for _, i := range invariant.All() {
		if i.Name == d.Invariant {
			k.Rule, k.Source = i.Quote, i.Source
		}
	}
	return k
}

func ofOracle(d *oracle.Deviation) Deviation {
	return Deviation{
		Engine: d.Engine, Property: KindOracle + ":" + d.Clause.ID(), Case: d.Case,
		Rule: d.Clause.Text(), Source: d.Clause.ID(), Where: d.Where, What: d.What,
	}
}

// Met is a known deviation that a run has shown.
type Met struct {
	Deviation Deviation
	Message   string
}
