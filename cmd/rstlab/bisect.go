package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"rstlab/cases/explore"
)

// bisectFlags are the flags of bisect.
type bisectFlags struct {
	searchFlags
	param, between string
	parts          int64
	json           bool
}

func newBisectCommand() *cobra.Command {
	var f bisectFlags
	cmd := &cobra.Command{
		Use:   "bisect NAME|FILE --param PARAM [--between A..B]",
		Short: "find the values of a parameter at which the outcome changes",
		Long: `Bisect finds every value of a parameter at which the outcome changes, to one
unit: a nanosecond, a byte, a part per million. It prints the outcome of each
range of values, and for each boundary the ladders of the last run below and the
first above it side by side, with a line where the two part: the first event
that one of the hosts saw otherwise. (Below 203 columns they stand one above
the other.)

The range is first divided into --parts; parts whose ends have different
outcomes are bisected. What changes and changes back within a part whose ends
are alike is not seen: raise --parts.`,
		Example: `  rstlab bisect reply-503/close-before-request --param pause
  rstlab bisect reply-503/close-after-request --param think --between 0s..1s
  rstlab bisect reply-503/close-before-request --param pause --json`,
		Args:              oneScenario("bisect"),
		ValidArgsFunction: completeScenarios,
		RunE: func(cmd *cobra.Command, args []string) error {
			defer f.close()
			return f.run(cmd, args[0])
		},
	}
	f.define(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.param, "param", "", "the `PARAM` that varies")
	flags.StringVar(&f.between, "between", "", "its values, `A..B`; its own range without")
	flags.Int64Var(&f.parts, "parts", explore.DefaultParts, "divide the range into `N` parts at first")
	flags.BoolVar(&f.json, "json", false, "print one JSON object")
	check(cmd.RegisterFlagCompletionFunc("param", completeParams))
	check(cmd.RegisterFlagCompletionFunc("between", cobra.NoFileCompletions))
	check(cmd.RegisterFlagCompletionFunc("parts", cobra.NoFileCompletions))
	return cmd
}

// plan is the bisection that the flags ask for.
func (f *bisectFlags) plan(cmd *cobra.Command, arg string) (*explore.Bisection, error) {
	space, shard, err := f.space(cmd, arg)
	if err != nil {
		return nil, err
	}
	text := f.param
	if f.between != "" {
		text += "=" + f.between
	}
	switch {
	case f.param == "":
		return nil, wrong("add --param PARAM", "nothing varies")
	case f.parts < 1:
		return nil, wrong("write at least 1", "--parts %d is too few", f.parts)
	case f.json && f.ndjson.name == stdoutName:
		return nil, wrong("name a file: --ndjson FILE", "--json and --ndjson - both want standard output")
	}
	axis, err := explore.ParseRange(space.Scenario, text, 1)
	if err != nil {
		return nil, inFlag("param", err)
	}
	space.Axes = []explore.Axis{axis}
	return &explore.Bisection{Space: space, Parts: f.parts, Shard: shard, Resume: f.opener()}, space.Check()
}

func (f *bisectFlags) run(cmd *cobra.Command, arg string) error {
	plan, err := f.plan(cmd, arg)
	if err != nil {
		return err
	}
	points, err := f.points(cmd.OutOrStdout())
	if err != nil {
		return err
	}
	defer points.discard()
	bar := newProgress(cmd.ErrOrStderr(), "bisect")
	found, ended := plan.Run(cmd.Context(), explore.Options{Workers: f.workers, Progress: bar.show})
	bar.end()
	if found == nil {
		return ended
	}
	ended = stopped(cmd, ended, fmt.Sprintf("%d points are done", len(found.Points)))
	if ended != nil && !errors.Is(ended, errStopped) {
		return ended
	}
	if err := points.write(plan.Header(), found.Points); err != nil {
		return err
	}
	switch {
	case f.ndjson.name == stdoutName:
	case f.json:
		err = writeJSON(cmd.OutOrStdout(), bisectJSON(plan, found), indented)
	default:
		err = bisectText(cmd.OutOrStdout(), plan, found)
	}
	return errors.Join(err, ended)
}

// bisectObject is what bisect --json prints. Fields are added in later
// versions, but none is renamed or removed.
type bisectObject struct {
	Scenario   string            `json:"scenario"`
	Seed       uint64            `json:"seed"`
	Set        map[string]string `json:"set"`
	Param      string            `json:"param"`
	From       string            `json:"from"`
	To         string            `json:"to"`
	Runs       int               `json:"runs"`
	Truncated  bool              `json:"truncated"` // there were too many boundaries
	Boundaries []boundaryObject  `json:"boundaries"`
}

// boundaryObject is two values, one unit apart, with different outcomes.
type boundaryObject struct {
	Below        string `json:"below"`
	BelowOutcome string `json:"below_outcome"`
	At           string `json:"at"`
	AtOutcome    string `json:"at_outcome"`
}

func bisectJSON(plan *explore.Bisection, found *explore.Bisected) bisectObject {
	axis := plan.Axes[0]
	o := bisectObject{
		Scenario: plan.Scenario.Name, Seed: plan.Seed, Set: plan.Set, Param: axis.Param,
		From: axis.Value(0).String(), To: axis.Value(axis.Len() - 1).String(),
		Runs: len(found.Points), Truncated: found.Truncated, Boundaries: []boundaryObject{},
	}
	for _, b := range found.Boundaries {
		o.Boundaries = append(o.Boundaries, boundaryObject{
			b.Below.Value().String(), b.Below.Outcome, b.At.Value().String(), b.At.Outcome,
		})
	}
	return o
}

// maxShownBoundaries is how many boundaries are shown with their ladders.
const maxShownBoundaries = 8

func bisectText(w io.Writer, plan *explore.Bisection, found *explore.Bisected) error {
	out := &section{on: screenOf(w)}
	axis := plan.Axes[0]
	out.add(out.on.paint(bold, plan.Scenario.Name))
	if shard := plan.Shard.String(); shard == "" {
		rangeTable(out, axis, found)
	} else {
		out.begin("shard " + shard + " of " + axis.String())
	}
	out.add("  " + plural(len(found.Boundaries), "boundary", "boundaries") + ", " + plural(len(found.Points), "run", "runs"))
	if found.Truncated {
		out.add(fmt.Sprintf("  … and more above: only %d boundaries are followed; is it chance?", explore.MaxBoundaries))
	}
	for i, b := range found.Boundaries {
		if i == maxShownBoundaries {
			out.add("", fmt.Sprintf("… and %d more boundaries", len(found.Boundaries)-i))
			break
		}
		if err := boundaryText(out, plan, &b); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, out.b.String())
	return err
}

// rangeTable lists the outcomes along the axis.
func rangeTable(out *section, axis explore.Axis, found *explore.Bisected) {
	out.begin("")
	rows := columns{{axis.Param + " from", "to", "outcome"}}
	var outcomes []string
	for _, r := range found.Ranges() {
		rows = append(rows, []string{r.From.String(), r.To.String(), r.Outcome})
		outcomes = append(outcomes, r.Outcome)
	}
	shared, short := explore.Common(outcomes)
	for i := range short {
		rows[i+1][2] = short[i]
	}
	lines := rows.lines("  ")
	out.add(out.on.paint(dim, lines[0]))
	out.add(lines[1:]...)
	if shared != "" {
		out.add("  always " + shared)
	}
}

// plural is a number with its noun.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// boundaryText shows the two runs at a boundary.
func boundaryText(out *section, plan *explore.Bisection, b *explore.Boundary) error {
	out.begin(fmt.Sprintf("between %s and %s", explore.SettingsText(b.Below.Set), explore.SettingsText(b.At.Set)))
	below, at, err := plan.Traces(b)
	if err != nil {
		return err
	}
	if below == nil || at == nil {
		out.add("  "+b.Below.Outcome, "  "+b.At.Outcome)
		return nil
	}
	width := out.on.width
	if width == 0 {
		width = explore.MinLadders
	}
	title := func(p *explore.Point) string { return explore.SettingsText(p.Set) + "  " + p.Outcome }
	return explore.Ladders(&out.b, below, at, title(&b.Below), title(&b.At), width)
}
