package main

import (
	"context"
	"io"
	"time"

	"github.com/spf13/cobra"

	"rstlab/cases"
	"rstlab/cases/audit"
)

func newRunCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run NAME|FILE [--set PARAM=VALUE]... | run --all [NAME|GLOB|FILE]...",
		Short: "run a scenario and show what each program saw, or check all examples",
		Long: `Run runs a scenario of the catalogue, or one in a file ("-" is standard input),
and prints its claim, the parameters, the packets and calls as a ladder, what
each program saw call by call, the outcome, and the hash of the trace.

A run is a function of the scenario, its parameters and the seed: the hash is
the same on every machine, and where this may not hold rstlab begins with a note
on how to build it. When an example of the scenario has exactly the parameters
of the run, the outcome must be the one that it expects: exit status 0 if it is,
and 1 if not. Without such an example the status is 0, and 2 is for wrong input.
With --check the run must also keep the invariants that hold of every run, and
on netstack do what its model can follow; known deviations of the engine are
shown, and are no failure.

FILE is an argument with .txt in it, or the path of a file that exists; all
others are names of the catalogue. VALUE is written as in a scenario: 100ms, 3,
64KiB, 1%, 10mbit, a word; a text may lack its quotes.

Hosts run gVisor's netstack unless the scenario says otherwise. With --stack
they run another TCP, all or in a mixed pair; rstlab profiles tells them apart.

The flags --pcap, --svg and --trace write a file; the suffix tells the format of
the trace, .ndjson (an object a line) or .trace (text). For "-" the file goes to
standard output in place of the report. A capture has each packet twice, where
it left and where it arrived, on an interface for each end of a link; with
--pcap-host it is what tcpdump on that host would see.

With --all every example runs, of the whole catalogue or of the scenarios named
(a glob such as 'reset/*' is for names of the catalogue), on all cores. There is
a line for each, in the order of the catalogue: PASS or FAIL, the scenario, the
parameters, the stack, the outcome, and below a FAIL what was expected; then a
summary. With --quiet only what failed and the summary. With --check every run
is checked so too: one that breaks an invariant by no known deviation is a FAIL,
with what it broke below, and the summary counts the known deviations. The
status is 1 when an example failed. Ctrl-C prints what is done.`,
		Example: `  rstlab run reply-503/close-before-request
  rstlab run reply-503/close-before-request --set rtt=20ms --set pause=0s
  rstlab run reset/linger-zero --pcap linger.pcapng --svg linger.svg
  rstlab run reset/linger-zero --pcap - --pcap-host client | tshark -r -
  rstlab run reset/linger-zero --json | jq -r .outcome
  rstlab run reply-503/close-before-request --stack client=windows
  rstlab run mine.txt --seed 7 --quiet
  rstlab run --all --check
  rstlab run --all 'close-unread/*' mine.txt --quiet`,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case f.all:
				return nil
			case len(args) == 0:
				return wrong("write rstlab run NAME with a name that rstlab list shows, or rstlab run FILE", "no scenario")
			case len(args) > 1:
				return wrong("run one at a time, and write parameters as --set PARAM=VALUE", "unexpected argument %q after the scenario", args[1])
			}
			return nil
		},
		ValidArgsFunction: completeScenarios,
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.all {
				return f.runAll(cmd, args)
			}
			return f.run(cmd, args[0])
		},
	}
	f.define(cmd)
	return cmd
}

// run runs the scenario that arg names and reports.
func (f *runFlags) run(cmd *cobra.Command, arg string) error {
	stdout := cmd.OutOrStdout()
	set, err := f.check(arg, screenOf(stdout).terminal)
	if err != nil {
		return err
	}
	scenario, err := loadScenario(arg, cmd.InOrStdin())
	if err != nil {
		return err
	}
	bound, err := scenario.Bind(set)
	if err != nil {
		return setErrors(err)
	}
	if err := f.checkHost(scenario); err != nil {
		return err
	}
	stacks, err := hostStacks(f.stacks, scenario)
	if err != nil {
		return err
	}
	outputs, err := f.create(stdout)
	if err != nil {
		return err
	}
	defer outputs.discard()
	report := report{arg: arg, scenario: scenario, bound: &bound, stack: soleStack(stacks)}
	cfg := cases.RunConfig{Seed: f.seed, KeepTrace: f.needsTrace(), Stacks: stacks}
	if err := report.run(cmd.Context(), cfg, f.checks); err != nil {
		return err
	}
	report.judge()
	if err := outputs.write(report.result.Trace); err != nil {
		return err
	}
	if err := f.report(stdout, cmd.ErrOrStderr(), &report); err != nil {
		return err
	}
	if !report.ok() {
		return errDiffers
	}
	return nil
}

// report prints what is asked for. Where the report has no place for it, that
// the outcome is not the expected one goes to stderr.
func (f *runFlags) report(stdout, stderr io.Writer, r *report) error {
	switch {
	case f.toStdout() != "":
	case f.json && f.quiet:
		return writeJSON(stdout, r.object(), oneLine)
	case f.json:
		return writeJSON(stdout, r.object(), indented)
	case f.quiet:
		if err := writeLines(stdout, r.short()); err != nil {
			return err
		}
	default:
		return r.text(stdout, screenOf(stdout))
	}
	if r.ok() {
		return nil
	}
	on := screenOf(stderr)
	return writeLines(stderr, append(r.verdict(on), r.checks(on)...))
}

// run runs the bound scenario, and with checks looks whether it did what it must not.
func (r *report) run(ctx context.Context, cfg cases.RunConfig, checks bool) error {
	var a *audit.Audit
	if checks {
		a = audit.New(*r.bound, cfg)
		cfg.Sinks = append(cfg.Sinks, a.Sinks()...)
	}
	var err error
	if r.result, r.wall, err = simulate(ctx, *r.bound, cfg); err != nil {
		return err
	}
	if checks {
		found := a.Finish(r.result)
		r.found = &found
	}
	return nil
}

// simulate runs a scenario, and gives up waiting for it when ctx is done.
func simulate(ctx context.Context, bound cases.Bound, cfg cases.RunConfig) (*cases.Result, time.Duration, error) {
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	type end struct {
		result *cases.Result
		wall   time.Duration
		err    error
	}
	done := make(chan end, 1)
	go func() {
		begin := time.Now()
		result, err := bound.Run(cfg)
		done <- end{result, time.Since(begin), err}
	}()
	select {
	case e := <-done:
		return e.result, e.wall, e.err
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
}
