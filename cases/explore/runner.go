package explore

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"rstlab/cases"
	"rstlab/netsim"
	"rstlab/netsim/trace"
)

// runner runs points of a space, several at a time, and keeps what runs can
// use again.
type runner struct {
	space   *Space
	binders sync.Pool // of *cases.Binder: as many as runs go on at once
}

func (s *Space) runner() *runner { return &runner{space: s} }

// run runs a point.
func (r *runner) run(i int64) Point {
	p, _ := r.do(i, cases.RunConfig{})
	return p
}

// trace runs a point and keeps its trace, which is nil when no run came about.
func (r *runner) trace(i int64) (Point, *trace.Trace) {
	p, result := r.do(i, cases.RunConfig{KeepTrace: true})
	if result == nil {
		return p, nil
	}
	return p, result.Trace
}

func (r *runner) do(i int64, cfg cases.RunConfig) (Point, *cases.Result) {
	p := Point{Index: i, Set: r.space.At(i)}
	cfg.Seed = r.space.Seed
	result, err := r.bindAndRun(p.Set, cfg)
	if err != nil {
		p.Outcome = errorOutcome(err)
		return p, nil
	}
	p.Outcome, p.Hash = result.Outcome.String(), result.Hash.String()
	return p, result
}

func (r *runner) bindAndRun(vary []cases.Setting, cfg cases.RunConfig) (*cases.Result, error) {
	binder, _ := r.binders.Get().(*cases.Binder)
	if binder == nil {
		var err error
		if binder, err = r.space.Scenario.Binder(r.space.Set); err != nil {
			return nil, err
		}
	}
	defer r.binders.Put(binder)
	bound, err := binder.Bind(vary)
	if err != nil {
		return nil, err
	}
	r.space.setStacks(bound.Scenario)
	return bound.Run(cfg)
}

// errorPrefix begins the outcomes of points at which no run came about.
const errorPrefix = "error: "

// errorOutcome is an error as an outcome: without what differs between two
// runs that fail alike.
func errorOutcome(err error) string {
	var steps *netsim.StepLimitError
	if errors.As(err, &steps) {
		return fmt.Sprintf("%sno end after %d steps", errorPrefix, steps.Steps)
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return errorPrefix + line
}
