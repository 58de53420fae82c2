package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"rstlab/cases/explore"
)

// sweepFlags are the flags of sweep.
type sweepFlags struct {
	searchFlags
	over []string
	csv  fileFlag
}

func newSweepCommand() *cobra.Command {
	var f sweepFlags
	cmd := &cobra.Command{
		Use:   "sweep NAME|FILE --over PARAM=VALUES...",
		Short: "run a scenario at every point of a grid and count the outcomes",
		Long: `Sweep runs a scenario once for each combination of values of the parameters that
vary, and prints how often each outcome came out and where first. A run that
comes to no end is an outcome too.

--over says what varies, again for each parameter, the last one fastest:

  rtt=0s..2s/50     from 0s to 2s in 50 steps: 51 values, both ends among them
  rtt=0s..2s        in 10 steps
  rtt/50            the range of the parameter in 50 steps
  rtt=1ms,20ms,1s   these values
  order             the range or the choices of the parameter

--csv and --ndjson write every point in the order of the grid, and - is standard
output in place of the table. With Ctrl-C the files have the points that were
done, and --resume goes on from there: the file that comes out is the same.`,
		Example: `  rstlab sweep reply-503/close-before-request --over rtt=1ms..1s/50 --over pause
  rstlab sweep reset/linger-zero --over linger=0s,1s --over rtt --csv linger.csv
  rstlab sweep reset/linger-zero --over rtt/1000 --ndjson all.ndjson --resume
  rstlab sweep reset/linger-zero --over rtt/1000 --ndjson 1.ndjson --shard 1/2`,
		Args:              oneScenario("sweep"),
		ValidArgsFunction: completeScenarios,
		RunE: func(cmd *cobra.Command, args []string) error {
			defer f.close()
			return f.run(cmd, args[0])
		},
	}
	f.define(cmd)
	cmd.Flags().StringArrayVar(&f.over, "over", nil, "a parameter that varies and its values; `PARAM=VALUES`, again for each")
	f.csv.flag = "csv"
	cmd.Flags().Var(&f.csv, f.csv.flag, "write the points to `FILE` as comma-separated values")
	check(cmd.RegisterFlagCompletionFunc("over", completeSettings))
	check(cmd.MarkFlagFilename("csv", "csv"))
	return cmd
}

// plan is the sweep that the flags ask for.
func (f *sweepFlags) plan(cmd *cobra.Command, arg string) (*explore.Sweep, error) {
	space, shard, err := f.space(cmd, arg)
	if err != nil {
		return nil, err
	}
	if len(f.over) == 0 {
		return nil, wrong("add --over PARAM=A..B/STEPS", "nothing varies")
	}
	var errs []error
	for _, text := range f.over {
		a, err := explore.ParseAxis(space.Scenario, text)
		errs = append(errs, inFlag("over", err))
		space.Axes = append(space.Axes, a)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if f.csv.name == stdoutName && f.ndjson.name == stdoutName {
		return nil, wrong("name a file", "--csv - and --ndjson - both want standard output")
	}
	if f.csv.given && f.ndjson.given && samePath(f.csv.name) == samePath(f.ndjson.name) {
		return nil, wrong("choose another file", "--csv %s: this is the file of --ndjson", f.csv.name)
	}
	sweep := &explore.Sweep{Space: space, Shard: shard, Resume: f.opener()}
	return sweep, sweep.Check()
}

// pointWriter is a file that takes points.
type pointWriter interface {
	Write(explore.Point) error
	Flush() error
}

// sweepOutputs are the files of a sweep, which take its points as they come.
type sweepOutputs struct {
	writers []pointWriter
	files   []*newFile
}

// outputs begins the files that the flags ask for.
func (f *sweepFlags) outputs(stdout io.Writer, sweep *explore.Sweep) (*sweepOutputs, error) {
	out := &sweepOutputs{}
	for _, flag := range []*fileFlag{&f.ndjson, &f.csv} {
		to, file, err := flag.create(stdout)
		if file != nil {
			out.files = append(out.files, file)
		}
		var w pointWriter
		switch {
		case err != nil || to == nil:
		case flag == &f.csv:
			w, err = explore.NewCSVWriter(to, &sweep.Space)
		default:
			w, err = explore.NewWriter(to, sweep.Header())
		}
		if err != nil {
			out.discard()
			return nil, err
		}
		if w != nil {
			out.writers = append(out.writers, w)
		}
	}
	return out, nil
}

func (o *sweepOutputs) write(p explore.Point) error {
	for _, w := range o.writers {
		if err := w.Write(p); err != nil {
			return err
		}
	}
	return nil
}

// commit gives the files their names.
func (o *sweepOutputs) commit() error {
	for _, w := range o.writers {
		if err := w.Flush(); err != nil {
			return err
		}
	}
	for _, file := range o.files {
		if err := file.commit(); err != nil {
			return err
		}
	}
	return nil
}

// discard removes what was begun and not completed.
func (o *sweepOutputs) discard() {
	for _, file := range o.files {
		file.discard()
	}
}

func (f *sweepFlags) run(cmd *cobra.Command, arg string) error {
	sweep, err := f.plan(cmd, arg)
	if err != nil {
		return err
	}
	stdout := cmd.OutOrStdout()
	out, err := f.outputs(stdout, sweep)
	if err != nil {
		return err
	}
	defer out.discard()
	var counts explore.Counts
	bar := newProgress(cmd.ErrOrStderr(), "sweep")
	ended := sweep.Run(cmd.Context(), explore.Options{Workers: f.workers, Progress: bar.show}, func(p explore.Point) error {
		counts.Add(p)
		return out.write(p)
	})
	bar.end()
	done := fmt.Sprintf("%d of %d points are done", counts.Points(), sweep.Shard.Count(sweep.Len()))
	ended = stopped(cmd, ended, done)
	if ended != nil && !errors.Is(ended, errStopped) {
		return ended
	}
	if err := out.commit(); err != nil {
		return err
	}
	if f.csv.name != stdoutName && f.ndjson.name != stdoutName {
		if err := sweepText(stdout, sweep, &counts); err != nil {
			return err
		}
	}
	return ended
}

// sweepText writes the table of outcomes.
func sweepText(w io.Writer, sweep *explore.Sweep, counts *explore.Counts) error {
	out := &section{on: screenOf(w)}
	out.add(out.on.paint(bold, sweep.Scenario.Name))
	var axes columns
	for _, a := range sweep.Axes {
		axes = append(axes, []string{a.String(), fmt.Sprintf("%d values", a.Len())})
	}
	out.begin("")
	out.add(axes.lines("  ")...)
	if shard := sweep.Shard.String(); shard != "" {
		out.add("  shard " + shard)
	}
	out.begin("")
	countTable(out, counts)
	_, err := io.WriteString(w, out.b.String())
	return err
}

// countTable lists outcomes with their numbers.
func countTable(out *section, counts *explore.Counts) {
	all := counts.All()
	outcomes := make([]string, len(all))
	for i, c := range all {
		outcomes[i] = c.Outcome
	}
	shared, short := explore.Common(outcomes)
	total := counts.Points()
	rows := columns{{"points", "share", "first at", "outcome"}}
	for i, c := range all {
		rows = append(rows, []string{
			fmt.Sprintf("%6d", c.N), fmt.Sprintf("%5.1f%%", 100*float64(c.N)/float64(total)),
			explore.SettingsText(c.First.Set), short[i],
		})
	}
	lines := rows.lines("  ")
	out.add(out.on.paint(dim, lines[0]))
	out.add(lines[1:]...)
	out.add(fmt.Sprintf("  %6d points in all", total))
	if shared != "" {
		out.add("  always " + shared)
	}
}
