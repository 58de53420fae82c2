package audit

import (
	"rstlab/cases"
	"rstlab/netsim/trace"
	"rstlab/tcpmodel/invariant"
	"rstlab/tcpmodel/oracle"
)

// Audit checks one run while it goes on. The zero value is not ready: see [New].
type Audit struct {
	invariants *invariant.Checker
	oracle     *oracle.Checker
	cutShort   bool // the run ends when no program can notice anything any more
}

// New is an audit of one run of the scenario, which is done so.
func New(b cases.Bound, cfg cases.RunConfig) *Audit {
	chosen := cfg.Choosing.Chooser != nil
	profiles := b.Profiles(cfg.Stacks)
	for _, p := range profiles {
		if p != nil && chosen && cfg.Choosing.NoRACK {
			p.Rack, p.TailLossProbe = false, false // netsim.HostConfig.NoRACK: neither has netstack then
		}
	}
	cubic := map[string]bool{}
	for name, p := range profiles {
		cubic[name] = p != nil && p.Cubic
	}
	return &Audit{
		invariants: invariant.New(invariant.Config{Engines: b.Engines(cfg.Stacks), Cubic: cubic}),
		oracle:     oracle.New(oracle.Config{Profiles: profiles, Timeless: chosen}),
		cutShort:   chosen && !cfg.Choosing.Whole,
	}
}

// Sinks are what must see the trace of the run: they go into [cases.RunConfig.Sinks].
func (a *Audit) Sinks() []trace.Sink { return []trace.Sink{a.invariants, a.oracle} }

// Finish ends the audit with the result of the run.
func (a *Audit) Finish(r *cases.Result) Found {
	end := invariant.End{At: r.Stats.Time.Since(), Idle: !r.Limited && !a.cutShort}
	return Found{
		Violations:    a.invariants.Finish(end),
		Disagreements: a.oracle.Finish(oracle.End(end)),
		Followed:      a.oracle.Stats(),
	}
}

// Found is what a run did that it must not.
type Found struct {
	Violations    []invariant.Violation // of the invariants, those by known deviations too
	Disagreements []oracle.Disagreement // of hosts with netstack, with its model; likewise
	Followed      oracle.Stats          // what the model has followed of them
}

// Unknown is what no known deviation explains: first the invariants, each in the order of
// the run. It is empty for a good run.
func (f Found) Unknown() []error {
	var all []error
	for _, v := range invariant.Unknown(f.Violations) {
		all = append(all, v)
	}
	for _, d := range oracle.Unknown(f.Disagreements) {
		all = append(all, &d)
	}
	return all
}
