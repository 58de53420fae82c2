package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"rstlab/cases/explore"
)

// orderingsFlags are the flags of orderings.
type orderingsFlags struct {
	set, stack    []string
	seed          uint64
	workers       int
	drops, dups   int
	depth, runs   int
	inOrder, json bool
	out           string
}

func newOrderingsCommand() *cobra.Command {
	var f orderingsFlags
	cmd := &cobra.Command{
		Use:   "orderings NAME|FILE [--drops K] [--dups K] [--in-order]",
		Short: "run a scenario in every order in which its events can happen",
		Long: `Orderings sets time aside: the durations of links and sleeps do not count, and
at any time any packet in flight may arrive and any program may do its next
step. It runs every order, and prints each outcome with how many orders have it
and the shortest of them as a ladder.

Timers of TCP expire when nothing else can happen. With --drops K up to K
packets are lost, with --dups K up to K arrive twice; with --in-order no packet
overtakes another of its direction.

Events at different hosts do not touch each other: of the orders that differ
only in how such events are interleaved one is run, and others are pruned as
soon as that is clear. The search is "exhaustive within these bounds" when it
ended before --runs, and no run was longer than --depth.

-o DIR writes a file for each outcome, which rstlab replay shows again.`,
		Example: `  rstlab orderings reply-503/read-request-first --in-order
  rstlab orderings close-unread/echo-two-bytes --drops 1 -o found
  rstlab replay found/1.json --svg race.svg`,
		Args:              oneScenario("orderings"),
		ValidArgsFunction: completeScenarios,
		RunE:              func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&f.set, "set", nil, "give a parameter its value; `PARAM=VALUE`, again for each parameter")
	defineStack(cmd, &f.stack)
	flags.Uint64Var(&f.seed, "seed", 0, "where everything random begins; `N` is a whole number from 0 to 2^64-1")
	flags.IntVar(&f.workers, "workers", 0, "do `N` runs at a time; 0 is one a core, and results are the same with any")
	flags.IntVar(&f.drops, "drops", 0, "lose up to `K` packets")
	flags.IntVar(&f.dups, "dups", 0, "let up to `K` packets arrive twice")
	flags.BoolVar(&f.inOrder, "in-order", false, "let no packet overtake another of its direction")
	flags.IntVar(&f.depth, "depth", explore.DefaultDepth, "branch only in the first `N` events of a run")
	flags.IntVar(&f.runs, "runs", explore.DefaultRuns, "end after `N` runs")
	flags.BoolVar(&f.json, "json", false, "print one JSON object")
	flags.StringVarP(&f.out, "output", "o", "", "write a file for each outcome to the directory `DIR`, for rstlab replay")
	check(cmd.RegisterFlagCompletionFunc("set", completeSettings))
	for _, name := range []string{"seed", "workers", "drops", "dups", "depth", "runs"} {
		check(cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions))
	}
	check(cmd.MarkFlagDirname("output"))
	return cmd
}

// plan is the search that the flags ask for.
func (f *orderingsFlags) plan(cmd *cobra.Command, arg string) (*explore.Orderings, error) {
	var errs []error
	for _, n := range []struct {
		flag         string
		value, least int
	}{{"workers", f.workers, 0}, {"drops", f.drops, 0}, {"dups", f.dups, 0}, {"depth", f.depth, 1}, {"runs", f.runs, 1}} {
		if n.value < n.least {
			errs = append(errs, wrong(fmt.Sprintf("write at least %d", n.least), "--%s %d is too few", n.flag, n.value))
		}
	}
	set, err := settings(f.set)
	if err := errors.Join(append(errs, err)...); err != nil {
		return nil, err
	}
	space, err := loadSpace(cmd, arg, set, f.stack, f.seed)
	if err != nil {
		return nil, err
	}
	return &explore.Orderings{
		Space: space,
		Drops: f.drops, Duplicates: f.dups, InOrder: f.inOrder, Depth: f.depth, Runs: f.runs,
	}, nil
}

func (f *orderingsFlags) run(cmd *cobra.Command, arg string) error {
	plan, err := f.plan(cmd, arg)
	if err != nil {
		return err
	}
	if f.out != "" {
		if err := os.MkdirAll(f.out, 0o777); err != nil {
			return wrong("choose another directory", "%q cannot be made: %v", f.out, cause(err))
		}
	}
	bar := newProgress(cmd.ErrOrStderr(), "orderings")
	found, ended := plan.Run(cmd.Context(), explore.Options{Workers: f.workers, Progress: bar.show})
	bar.end()
	if found == nil {
		return ended
	}
	ended = stopped(cmd, ended, plural(found.Runs, "run is", "runs are")+" done")
	if ended != nil && !errors.Is(ended, errStopped) {
		return ended
	}
	records, err := recordAll(plan, found)
	if err != nil {
		return err
	}
	for i, r := range records {
		if f.out == "" {
			break
		}
		if err := writeReplay(filepath.Join(f.out, fmt.Sprintf("%d.json", i+1)), r); err != nil {
			return err
		}
	}
	if f.json {
		err = writeJSON(cmd.OutOrStdout(), orderingsJSON(plan, found, records), indented)
	} else {
		err = f.text(cmd.OutOrStdout(), plan, found, records)
	}
	return errors.Join(err, ended)
}

// recordAll makes the replay files of all outcomes that come of a run.
func recordAll(plan *explore.Orderings, found *explore.Ordered) ([]*explore.ReplayFile, error) {
	var all []*explore.ReplayFile
	for _, o := range found.Outcomes {
		r, err := plan.Record(o)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

func writeReplay(name string, r *explore.ReplayFile) error {
	file, err := createFile(name)
	if err != nil {
		return err
	}
	defer file.discard()
	if err := r.Write(file); err != nil {
		return err
	}
	return file.commit()
}

// orderingsObject is what orderings --json prints. Fields are added in later
// versions, but none is renamed or removed.
type orderingsObject struct {
	Scenario   string                `json:"scenario"`
	Exhaustive bool                  `json:"exhaustive"` // within the bounds
	Depth      int                   `json:"depth"`
	MaxRuns    int                   `json:"max_runs"`
	Runs       int                   `json:"runs"`
	Pruned     int                   `json:"pruned"`
	Longest    int                   `json:"longest"`
	TooDeep    int                   `json:"too_deep"`
	Open       int                   `json:"open"`
	Outcomes   []orderingOutcomeJSON `json:"outcomes"`
}

// orderingOutcomeJSON is an outcome with its shortest example.
type orderingOutcomeJSON struct {
	Outcome string              `json:"outcome"`
	Orders  int                 `json:"orders"`
	Length  int                 `json:"length"`
	Example *explore.ReplayFile `json:"example"`
}

func orderingsJSON(plan *explore.Orderings, found *explore.Ordered, records []*explore.ReplayFile) orderingsObject {
	o := orderingsObject{
		Scenario: plan.Scenario.Name, Exhaustive: found.Exhaustive(), Depth: plan.Depth, MaxRuns: plan.Runs,
		Runs: found.Runs, Pruned: found.Pruned, Longest: found.Longest, TooDeep: found.TooDeep, Open: found.Open,
		Outcomes: []orderingOutcomeJSON{},
	}
	for i, x := range found.Outcomes {
		o.Outcomes = append(o.Outcomes, orderingOutcomeJSON{x.Outcome, x.Orders, x.Length, records[i]})
	}
	return o
}

func (f *orderingsFlags) text(w io.Writer, plan *explore.Orderings, found *explore.Ordered, records []*explore.ReplayFile) error {
	out := &section{on: screenOf(w)}
	out.add(out.on.paint(bold, plan.Scenario.Name))
	out.begin("")
	out.add(fmt.Sprintf("bounds     at most %d packets lost and %d duplicated, %s; %d events deep, %d runs",
		f.drops, f.dups, overtaking(f.inOrder), f.depth, f.runs))
	out.add(fmt.Sprintf("executions %d run, %d of them pruned; the longest has %d events", found.Runs, found.Pruned, found.Longest))
	out.add("result     " + completeness(found))
	out.begin("")
	rows := columns{{"", "orders", "outcome"}}
	for i, o := range found.Outcomes {
		rows = append(rows, []string{fmt.Sprint(i + 1), fmt.Sprintf("%6d", o.Orders), o.Outcome})
	}
	lines := rows.lines("  ")
	out.add(out.on.paint(dim, lines[0]))
	out.add(lines[1:]...)
	for i, r := range records {
		out.begin(fmt.Sprintf("%d: the shortest, of %d events", i+1, found.Outcomes[i].Length))
		out.add("   "+r.Outcome, "")
		_, result, err := r.Run()
		if err != nil {
			return err
		}
		if err := explore.Untimed(&out.b, result.Trace, out.on.width, out.on.color); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, out.b.String())
	return err
}

func overtaking(inOrder bool) string {
	if inOrder {
		return "none overtakes another"
	}
	return "in any order"
}

// completeness says whether all orders were seen, and if not why.
func completeness(found *explore.Ordered) string {
	switch {
	case found.Exhaustive():
		return "exhaustive within these bounds"
	case found.Open > 0 && found.TooDeep > 0:
		return fmt.Sprintf("NOT exhaustive: %d branches were not taken, and %d runs were deeper than the bound", found.Open, found.TooDeep)
	case found.Open > 0:
		return fmt.Sprintf("NOT exhaustive: %d branches were not taken", found.Open)
	}
	return fmt.Sprintf("NOT exhaustive: %d runs were deeper than the bound", found.TooDeep)
}
