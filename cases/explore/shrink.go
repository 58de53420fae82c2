package explore

import (
	"context"

	"rstlab/cases"
	"rstlab/cases/shrink"
)

// Shrink makes a scenario as small as [shrink.Scenario] can while its outcome is
// what is wanted. tried is called after each run; nil is none. The error is that
// of ctx; then the scenario is the smallest by then.
func Shrink(ctx context.Context, bound cases.Bound, seed uint64, want cases.Outcome, tried func()) (*cases.Scenario, error) {
	shows := func(s *cases.Scenario) bool {
		if tried != nil {
			defer tried()
		}
		b, err := s.Bind(nil)
		if err != nil {
			return false
		}
		r, err := b.Run(cases.RunConfig{Seed: seed})
		return err == nil && r.Outcome.Matches(want)
	}
	bare := bound.Scenario.Clone()
	bare.Params, bare.Examples = nil, nil // it refers to none any more
	small, _ := shrink.Scenario(bare, shows, shrink.Config{Stop: func() bool { return ctx.Err() != nil }})
	return small, ctx.Err()
}
