package main

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/spf13/cobra"

	"rstlab/cases"
)

// exampleCheck is an example of a scenario, and what came of running it.
type exampleCheck struct {
	report
	err  error // the run could not be done, or came to no end
	done bool  // it ran: there is a result or an error
}

// passed reports whether the run met its expectation, and did nothing that it must not.
func (c *exampleCheck) passed() bool { return c.err == nil && c.ok() }

// runAll runs every example of the scenarios that args name, or of the whole
// catalogue.
func (f *runFlags) runAll(cmd *cobra.Command, args []string) error {
	if err := f.checkAll(); err != nil {
		return err
	}
	scenarios, err := selected(args, cmd.InOrStdin())
	if err != nil {
		return err
	}
	checks, err := examplesOf(scenarios)
	if err != nil {
		return err
	}
	out := newAllReport(f, checks, cmd.OutOrStdout(), cmd.ErrOrStderr())
	if err := f.runChecks(cmd.Context(), checks, out.add); err != nil {
		return err
	}
	if err := out.end(); err != nil {
		return err
	}
	return statusOf(checks)
}

// statusOf is the error that says what came of all checks together.
func statusOf(checks []exampleCheck) error {
	switch {
	case slices.ContainsFunc(checks, func(c exampleCheck) bool { return !c.done }):
		return errStopped
	case slices.ContainsFunc(checks, func(c exampleCheck) bool { return !c.passed() }):
		return errDiffers
	}
	return nil
}

// examplesOf are all examples of the scenarios, in order.
func examplesOf(scenarios []*cases.Scenario) ([]exampleCheck, error) {
	var checks []exampleCheck
	for _, s := range scenarios {
		for i := range s.Examples {
			e := &s.Examples[i]
			bound, err := s.BindExample(*e)
			if err != nil {
				return nil, err
			}
			checks = append(checks, exampleCheck{
				report: report{arg: s.Name, scenario: s, bound: &bound, expected: e, stack: e.Stack.Name},
			})
		}
	}
	if len(checks) == 0 {
		return nil, wrong("add lines such as: example netstack PROC: OP=RESULT", "there is no example to run")
	}
	return checks, nil
}

// runChecks runs all checks, as many at a time as there are cores, and calls
// add for each in order. When ctx is done, add gets the others that are done.
func (f *runFlags) runChecks(ctx context.Context, checks []exampleCheck, add func(*exampleCheck) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var workers sync.WaitGroup
	defer workers.Wait()
	defer cancel()
	ran := make([]chan struct{}, len(checks))
	for i := range ran {
		ran[i] = make(chan struct{})
	}
	var next atomic.Int64
	for range min(runtime.GOMAXPROCS(0), len(checks)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(checks)) && ctx.Err() == nil; i = next.Add(1) - 1 {
				checks[i].run(ctx, f.seed, f.checks)
				close(ran[i])
			}
		})
	}
	for i := range checks {
		select {
		case <-ran[i]:
		case <-ctx.Done():
			workers.Wait()
		}
		if !checks[i].done {
			continue
		}
		if err := add(&checks[i]); err != nil {
			return err
		}
	}
	return nil
}

// run runs the example and compares; with audited it looks whether the run did what it
// must not.
func (c *exampleCheck) run(ctx context.Context, seed uint64, audited bool) {
	c.err = c.report.run(ctx, cases.RunConfig{Seed: seed, Stacks: c.scenario.ExampleStacks(*c.expected)}, audited)
	if errors.Is(c.err, context.Canceled) {
		return
	}
	if c.err == nil {
		c.diff = c.result.Outcome.Diff(c.expected.Want)
	}
	c.done = true
}
