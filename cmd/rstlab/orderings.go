package main

import (
	"errors"
	"fmt"
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
	overtaking    int
	retransmits   int
	depth, runs   int
	states        int
	inOrder, json bool
	noRACK        bool
	out           string
	keep          string // the file with the search
	resume        bool
	shard         string
}

func newOrderingsCommand() *cobra.Command {
	var f orderingsFlags
	cmd := &cobra.Command{
		Use:   "orderings NAME|FILE [--drops K] [--dups K] [--in-order]",
		Short: "run a scenario in every order in which its events can happen",
		Long: `Orderings sets time aside: the durations of links and sleeps do not count, and
at any time any packet in flight may arrive and any program may do its next
step. It runs every order, and prints each outcome with how many runs ended with
it and the shortest order as a ladder.

Timers of TCP expire when nothing else can happen. With --drops K up to K
packets are lost, with --dups K up to K arrive twice; with --in-order no packet
overtakes another of its direction, with --overtaking K at most K overtake one.

Where time stands still, netstack takes whatever is late for lost: its RACK (RFC
8985) tells by time, and sends the same again and again. With --no-rack it tells
by acknowledgements alone. With --retransmits K a run ends where the hosts have
sent more than K segments again.

Events at different hosts do not touch each other: of the orders that differ
only in how such events are interleaved one is run, and others are pruned as
soon as that is clear. A run that comes to a state in which another has been
ends there: what comes of it is known. Up to --states N are remembered, of some
90 bytes each; more are searched all the same, but longer. The search is
"exhaustive within these bounds" when it ended before --runs, and no run was
longer than --depth.

With --state FILE the search is kept in a file, every few seconds and when it
ends, and --resume goes on from there, also with more --runs or --states.

--shard 1/2 searches one of two parts, and --shard 2/2 the other; rstlab merge
puts their files of --state together, and --resume shows what they found. Each
does again what both parts come to: each of two shards makes two thirds to three
quarters of the runs of one search.

-o DIR writes a file for each outcome, which rstlab replay shows again.`,
		Example: `  rstlab orderings reply-503/read-request-first --in-order
  rstlab orderings close-unread/echo-two-bytes --drops 1 -o found
  rstlab orderings reply-503/lingering-close --set bytes=9 --in-order --no-rack
  rstlab orderings reply-503/read-request-first --state half.orderings
  rstlab orderings reply-503/read-request-first --state 1.orderings --shard 1/2
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
	flags.IntVar(&f.overtaking, "overtaking", 0, "let at most `K` packets of its direction overtake a packet; 0 is any number")
	flags.IntVar(&f.retransmits, "retransmits", 0, "let at most `K` segments be sent again; without the flag any number")
	flags.BoolVar(&f.noRACK, "no-rack", false, "let netstack tell what is lost by acknowledgements alone, not by time")
	flags.BoolVar(&f.inOrder, "in-order", false, "let no packet overtake another of its direction")
	flags.IntVar(&f.depth, "depth", explore.DefaultDepth, "branch only in the first `N` events of a run")
	flags.IntVar(&f.runs, "runs", explore.DefaultRuns, "end after `N` runs")
	flags.IntVar(&f.states, "states", explore.DefaultStates, "remember up to `N` states; 0 is none")
	flags.StringVar(&f.keep, "state", "", "keep the search in `FILE`, every few seconds and when it ends")
	flags.BoolVar(&f.resume, "resume", false, "go on with the search in the file of --state")
	flags.StringVar(&f.shard, "shard", "", "do only the `I/N`-th part, 1/2 or 2/2; rstlab merge puts the files of --state together")
	flags.BoolVar(&f.json, "json", false, "print one JSON object")
	flags.StringVarP(&f.out, "output", "o", "", "write a file for each outcome to the directory `DIR`, for rstlab replay")
	check(cmd.RegisterFlagCompletionFunc("set", completeSettings))
	for _, name := range []string{"seed", "workers", "drops", "dups", "overtaking", "retransmits", "depth", "runs", "states", "shard"} {
		check(cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions))
	}
	check(cmd.MarkFlagDirname("output"))
	check(cmd.MarkFlagFilename("state"))
	return cmd
}

// plan is the search that the flags ask for.
func (f *orderingsFlags) plan(cmd *cobra.Command, arg string) (*explore.Orderings, error) {
	var errs []error
	for _, n := range []struct {
		flag         string
		value, least int
	}{{"workers", f.workers, 0}, {"drops", f.drops, 0}, {"dups", f.dups, 0}, {"overtaking", f.overtaking, 0}, {"retransmits", f.retransmits, 0}, {"depth", f.depth, 1}, {"runs", f.runs, 1}, {"states", f.states, 0}} {
		if n.value < n.least {
			errs = append(errs, wrong(fmt.Sprintf("write at least %d", n.least), "--%s %d is too few", n.flag, n.value))
		}
	}
	if f.resume && f.keep == "" {
		errs = append(errs, wrong("add --state FILE with the search that there is", "--resume without a file"))
	}
	var shard explore.Shard
	if f.shard != "" {
		var err error
		shard, err = explore.ParseShard(f.shard)
		errs = append(errs, inFlag("shard", err))
		if f.keep == "" {
			errs = append(errs, wrong("add --state FILE", "--shard %s without a file for its part", f.shard))
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
	plan := &explore.Orderings{
		Space: space,
		Drops: f.drops, Duplicates: f.dups, Overtaking: f.overtaking, Retransmits: f.retransmits, NoRACK: f.noRACK, InOrder: f.inOrder, Depth: f.depth, Runs: f.runs, States: f.states, Shard: shard,
	}
	if f.states == 0 {
		plan.States = -1
	}
	if f.retransmits == 0 && cmd.Flags().Changed("retransmits") {
		plan.Retransmits = -1
	}
	if f.resume {
		plan.Resume, err = loadOrderings(plan, f.keep)
	}
	return plan, err
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
	if f.keep != "" {
		plan.Keep = keepOrderings(plan, f.keep)
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
	if f.keep != "" {
		if err := saveOrderings(plan, f.keep, found); err != nil {
			return err
		}
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
