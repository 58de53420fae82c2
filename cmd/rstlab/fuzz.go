package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rstlab/cases"
	"rstlab/cases/fuzz"
	"rstlab/cases/gen"
)

// fuzzFlags are the flags of fuzz.
type fuzzFlags struct {
	seed    uint64
	from    int
	runs    int
	last    time.Duration
	workers int
	dir     string
	stacks  []string
	json    bool
}

// defaultFuzzTime is how long fuzz begins new runs when nothing else limits it.
const defaultFuzzTime = 30 * time.Second

func newFuzzCommand() *cobra.Command {
	var f fuzzFlags
	cmd := &cobra.Command{
		Use:   "fuzz [--for TIME] [--runs N] [--seed N] [--from N] [--stack STACK]... [-o DIR]",
		Short: "run generated scenarios and look for what must not be",
		Long: `Fuzz makes scenarios, runs each of them twice, on all cores, and checks that
what must hold of every run does: the octets that a program reads are those
that the other one wrote, ECONNRESET comes only after a RST, state changes are
those of RFC 9293, the model of netstack follows each host that runs it, both
runs have the same hash, and so on. In one run of eight all hosts run netstack
over links that lose nothing: there its model must give the programs the same
results.

Two hosts of three run netstack, the others a model of another TCP; with --stack
each host runs one of those that are named.

Of everything that does not hold it takes the first run and writes its scenario
to a file in DIR, which rstlab run --check replays: at once as it is, and in the
end made small. The report numbers all runs that show it; --from N --runs 1 does
number N alone. Deviations of a stack that are known are counted, not reported.

What is found is a function of the seed and the number of runs, whatever the
number of cores. Without --runs new runs are begun for 30 seconds, or for TIME;
the report says how many there were. Ctrl-C ends it with a report of what there
is. The exit status is 1 when something was found.`,
		Example: `  rstlab fuzz
  rstlab fuzz --for 10m --seed 7 -o found
  rstlab fuzz --seed 7 --from 4711 --runs 1 -o found
  rstlab fuzz --runs 1000 --stack linux --stack netstack
  rstlab fuzz --for 1h --json > report.json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },

		ValidArgsFunction: cobra.NoFileCompletions,
	}
	flags := cmd.Flags()
	flags.DurationVar(&f.last, "for", 0, "begin new runs for this `TIME`, such as 30s or 10m")
	flags.IntVar(&f.runs, "runs", 0, "end after `N` runs")
	flags.IntVar(&f.from, "from", 0, "begin with run number `N`")
	flags.Uint64Var(&f.seed, "seed", 0, "where the scenarios begin; `N` is a whole number from 0 to 2^64-1")
	flags.IntVar(&f.workers, "workers", 0, "run `N` at a time; 0 is one a core")
	flags.StringArrayVar(&f.stacks, "stack", nil, "draw the TCP of each host from these `STACK`s; again for each")
	flags.StringVarP(&f.dir, "output", "o", ".", "write scenarios that show something to `DIR`")
	flags.BoolVar(&f.json, "json", false, "print one JSON object")
	for _, name := range []string{"for", "from", "runs", "seed", "workers"} {
		check(cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions))
	}
	check(cmd.RegisterFlagCompletionFunc("stack", completeStacks))
	check(cmd.MarkFlagDirname("output"))
	return cmd
}

// check reports flags that make no sense.
func (f *fuzzFlags) check() error {
	var errs []error
	if f.runs < 0 {
		errs = append(errs, wrong("write a number from 1 on, or leave it out", "--runs %d", f.runs))
	}
	if f.from < 0 {
		errs = append(errs, wrong("write a number from 0 on, or leave it out", "--from %d", f.from))
	}
	if f.last < 0 {
		errs = append(errs, wrong("write a time such as 30s, or leave it out", "--for %v", f.last))
	}
	if f.workers < 0 {
		errs = append(errs, wrong("write a number from 1 on, or leave it out", "--workers %d", f.workers))
	}
	for _, stack := range f.stacks {
		if !slices.Contains(cases.Stacks(), stack) {
			errs = append(errs, wrong("write one of "+strings.Join(cases.Stacks(), ", "), "--stack %s: no stack %q", stack, stack))
		}
	}
	if info, err := os.Stat(f.dir); err != nil || !info.IsDir() {
		errs = append(errs, wrong("create it first", "there is no directory %q", f.dir))
	}
	return errors.Join(errs...)
}

func (f *fuzzFlags) run(cmd *cobra.Command) error {
	if err := f.check(); err != nil {
		return err
	}
	if f.runs == 0 && f.last == 0 {
		f.last = defaultFuzzTime
	}
	stderr := cmd.ErrOrStderr()
	campaign := fuzz.Campaign{Seed: f.seed, From: f.from, Runs: f.runs, For: f.last, Workers: f.workers, Scenarios: gen.Config{Stacks: f.stacks}}
	bar := newProgress(stderr, "fuzz")
	campaign.Progress = func(now fuzz.Progress) { f.show(bar, now) }
	found := foundFiles{flags: f}
	campaign.Found = found.add
	report := campaign.Run(cmd.Context())
	bar.end()
	files, err := found.end(report)
	switch printErr := f.print(cmd.OutOrStdout(), report, files); {
	case printErr != nil:
		return printErr
	case err != nil:
		return err
	case len(report.Findings) > 0:
		return errDiffers
	case report.Interrupted && errors.Is(cmd.Context().Err(), context.Canceled):
		cmd.PrintErrln(cmd.CommandPath() + ": interrupted")
		return errStopped
	}
	return nil
}

// print prints the report.
func (f *fuzzFlags) print(w io.Writer, r *fuzz.Report, files []string) error {
	if f.json {
		return writeJSON(w, f.object(r, files), indented)
	}
	return writeLines(w, f.lines(r, files, screenOf(w)))
}

// show says how far a campaign has come.
func (f *fuzzFlags) show(bar *progress, now fuzz.Progress) {
	if now.Shrinking != "" {
		bar.describe("making " + now.Shrinking + " smaller")
		bar.show(int64(now.Tries), noTotal)
		return
	}
	bar.describe(fmt.Sprintf("fuzz, %d found", now.Findings))
	total := int64(noTotal)
	if f.runs > 0 {
		total = int64(f.runs)
	}
	bar.show(int64(now.Runs), total)
}
