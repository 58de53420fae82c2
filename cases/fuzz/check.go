package fuzz

import (
	"errors"
	"fmt"
	"runtime/debug"

	"rstlab/cases"
	"rstlab/cases/audit"
	"rstlab/netsim"
	"rstlab/tcpmodel/invariant"
	"rstlab/tcpmodel/oracle"
)

// The kinds of failure that are no invariant.
const (
	// KindInvalid is a scenario that the generator should not have made.
	KindInvalid = "invalid"
	// KindText is a scenario whose text is not read back as the same scenario.
	KindText = "text"
	// KindPanic is a run that panicked.
	KindPanic = "panic"
	// KindError is a run that could not be done.
	KindError = "error"
	// KindEndless is a run that took more steps than it may: see [StepLimit].
	KindEndless = "endless"
	// KindHash is a run that went another way the second time.
	KindHash = "hash"
	// KindAgree is a scenario in which netstack and its model give programs different
	// results; behind a colon come call and results. See [Agree].
	KindAgree = "agree"
	// KindOracle is a host with netstack that does what its model does not follow;
	// behind a colon comes the clause.
	KindOracle = "oracle"
	// KindHang is a run that did not come to an end in real time.
	KindHang = "hang"
)

// Failure is a property that does not hold of a scenario.
type Failure struct {
	// Kind is one of the kinds above, or the name of an invariant, with the case
	// behind a colon where there is one.
	Kind    string
	Message string
	// Violation is the broken invariant, or nil.
	Violation *invariant.Violation
}

// Error is kind and message.
func (f *Failure) Error() string { return f.Kind + ": " + f.Message }

// Seen is what came of checking a scenario.
type Seen struct {
	Failures []Failure     // at most one of a kind
	Known    []Met         // what a deviation explains
	Result   *cases.Result // nil when the run did not end
	Compared bool          // netstack and its model were compared, and agree
}

// Check runs a scenario twice and says which properties do not hold. Package
// tcpmodel/oracle follows every host that runs netstack, and of a scenario that is
// [Comparable] netstack and its model must agree. The coverage, which may be nil,
// counts what the run reached.
func Check(s *cases.Scenario, seed uint64, cov *Coverage) Seen {
	var seen Seen
	bound, err := s.Bind(nil)
	if err = errors.Join(s.Validate(), err); err != nil {
		seen.fail(KindInvalid, err.Error())
		return seen
	}
	if text := cases.Print(s); !readBack(s, text) {
		seen.fail(KindText, "the text is not read back as the scenario:\n"+text)
	}
	checks := audit.New(bound, cases.RunConfig{Seed: seed})
	sinks := checks.Sinks()
	if cov != nil {
		sinks = append(sinks, cov)
	}
	first, failure := run(bound, cases.RunConfig{Seed: seed, Sinks: sinks, StepLimit: stepLimit(bound.Scenario)})
	if failure != nil {
		seen.Failures = append(seen.Failures, *failure)
		return seen
	}
	seen.Result = first
	found := checks.Finish(first)
	seen.judge(found.Violations)
	seen.follow(found.Disagreements)
	if cov != nil {
		cov.ran(s, first)
		cov.Followed.Add(&found.Followed)
	}
	second, failure := run(bound, cases.RunConfig{Seed: seed, StepLimit: stepLimit(bound.Scenario)})
	switch {
	case failure != nil:
		seen.Failures = append(seen.Failures, *failure)
	case second.Hash != first.Hash:
		seen.fail(KindHash, fmt.Sprintf("one run has hash %s, the next %s", first.Hash.Short(), second.Hash.Short()))
	}
	seen.agree(s, seed)
	return seen
}

func (s *Seen) fail(kind, message string) {
	s.Failures = append(s.Failures, Failure{Kind: kind, Message: message})
}

// judge takes the violations of the invariants, the first of each kind.
func (s *Seen) judge(found []invariant.Violation) {
	kinds := map[string]bool{}
	for _, v := range found {
		if v.Known != nil {
			s.Known = append(s.Known, Met{ofInvariant(v.Known), v.Error()})
			continue
		}
		kind := v.Invariant.Name
		if v.Case != "" {
			kind += ":" + v.Case
		}
		if !kinds[kind] {
			kinds[kind] = true
			s.Failures = append(s.Failures, Failure{Kind: kind, Message: v.Error(), Violation: &v})
		}
	}
}

// follow takes what the model of netstack cannot follow, the first of each clause.
func (s *Seen) follow(found []oracle.Disagreement) {
	kinds := map[string]bool{}
	for i := range found {
		d := &found[i]
		if d.Known != nil {
			s.Known = append(s.Known, Met{ofOracle(d.Known), d.Error()})
			continue
		}
		if kind := KindOracle + ":" + d.Clause.ID(); !kinds[kind] {
			kinds[kind] = true
			s.Failures = append(s.Failures, Failure{Kind: kind, Message: d.Error()})
		}
	}
}

// agree takes what netstack and its model do not agree on.
func (s *Seen) agree(scenario *cases.Scenario, seed uint64) {
	switch d, ok, failure := Agree(scenario, seed); {
	case failure != nil:
		s.Failures = append(s.Failures, *failure)
	case d != nil:
		s.fail(KindAgree+":"+d.Kind(), fmt.Sprintf("on netstack and on %s: %v", modelOfNetstack, d))
	default:
		s.Compared = ok
	}
}

// has reports whether there is a failure of the kind, and gives it.
func (s *Seen) has(kind string) (Failure, bool) {
	for _, f := range s.Failures {
		if f.Kind == kind {
			return f, true
		}
	}
	return Failure{}, false
}

func readBack(s *cases.Scenario, text string) bool {
	again, err := cases.Parse("generated.txt", []byte(text))
	return err == nil && cases.Equal(s, again) && cases.Print(again) == text
}

// run runs a scenario; a panic and an error are failures.
func run(b cases.Bound, cfg cases.RunConfig) (r *cases.Result, failure *Failure) {
	defer func() {
		if p := recover(); p != nil {
			r, failure = nil, &Failure{Kind: KindPanic, Message: fmt.Sprintf("%v\n%s", p, debug.Stack())}
		}
	}()
	r, err := b.Run(cfg)
	var endless *netsim.StepLimitError
	switch {
	case errors.As(err, &endless):
		return nil, &Failure{Kind: KindEndless, Message: err.Error()}
	case err != nil:
		return nil, &Failure{Kind: KindError, Message: err.Error()}
	}
	return r, nil
}
