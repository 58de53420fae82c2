package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"rstlab/cases/explore"
)

// phaseFlags are the flags of phase.
type phaseFlags struct {
	searchFlags
	x, y string
	base int64
	out  fileFlag
}

// The suffixes of diagrams.
const (
	svgExt  = ".svg"
	pngExt  = ".png"
	htmlExt = ".html"
)

func newPhaseCommand() *cobra.Command {
	var f phaseFlags
	cmd := &cobra.Command{
		Use:   "phase NAME|FILE --x PARAM=A..B --y PARAM=A..B [-o FILE]",
		Short: "draw which outcome a scenario has over two parameters",
		Long: `Phase draws a diagram of the outcomes of a scenario over two parameters. It runs
the corners of 16 by 16 cells and divides those on whose edge it sees two
outcomes, down to 1/256 of each range, or to the steps given as A..B/STEPS: a
small part of the grid, and the table says how many points. What lies within a
cell whose edge has one outcome is not seen: raise --base.

-o names the picture: .svg and .png are for documents, .html is a page that
needs nothing else, on which pointing at the diagram shows the outcome and a
click the ladder of the nearest run. Without -o there is the table only.

With Ctrl-C the picture is of what was run by then, and --resume with --ndjson
goes on.`,
		Example: `  rstlab phase reply-503/close-before-request --x rtt/50 --y pause/50 -o x.svg
  rstlab phase reply-503/close-after-request --x think --y work -o race.html`,
		Args:              oneScenario("phase"),
		ValidArgsFunction: completeScenarios,
		RunE: func(cmd *cobra.Command, args []string) error {
			defer f.close()
			return f.run(cmd, args[0])
		},
	}
	f.define(cmd)
	flags := cmd.Flags()
	f.out.flag = "output"
	flags.StringVar(&f.x, "x", "", "the parameter along the horizontal axis, `PARAM[=A..B][/STEPS]`")
	flags.StringVar(&f.y, "y", "", "the parameter along the vertical axis, `PARAM[=A..B][/STEPS]`")
	flags.Int64Var(&f.base, "base", explore.DefaultBase, "begin with `N` by N cells")
	flags.VarP(&f.out, f.out.flag, "o", "draw the diagram to `FILE`.svg, .png or .html")
	check(cmd.RegisterFlagCompletionFunc("x", completeParams))
	check(cmd.RegisterFlagCompletionFunc("y", completeParams))
	check(cmd.RegisterFlagCompletionFunc("base", cobra.NoFileCompletions))
	check(cmd.MarkFlagFilename("output", "svg", "png", "html"))
	return cmd
}

// plan is the search that the flags ask for.
func (f *phaseFlags) plan(cmd *cobra.Command, arg string) (*explore.Phase, error) {
	space, shard, err := f.space(cmd, arg)
	if err != nil {
		return nil, err
	}
	p := &explore.Phase{Space: space, Base: f.base, Shard: shard, Resume: f.opener()}
	var errs []error
	for _, a := range []struct {
		flag, text string
		to         *explore.Axis
	}{{"x", f.x, &p.X}, {"y", f.y, &p.Y}} {
		if a.text == "" {
			errs = append(errs, wrong("add --"+a.flag+" PARAM=A..B", "there is no --%s", a.flag))
			continue
		}
		*a.to, err = explore.ParseRange(space.Scenario, a.text, explore.DefaultGrid)
		errs = append(errs, inFlag(a.flag, err))
	}
	if f.base < 1 {
		errs = append(errs, wrong("write at least 1", "--base %d is too few", f.base))
	}
	errs = append(errs, f.checkOutput())
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return p, p.Check()
}

func (f *phaseFlags) checkOutput() error {
	if !f.out.given {
		return nil
	}
	switch filepath.Ext(f.out.name) {
	case svgExt, pngExt, htmlExt:
	default:
		return wrong("end the name in .svg, .png or .html", "-o %s: the suffix says no format", f.out.name)
	}
	if f.ndjson.given && samePath(f.out.name) == samePath(f.ndjson.name) {
		return wrong("choose another file", "-o %s: this is the file of --ndjson", f.out.name)
	}
	return nil
}

func (f *phaseFlags) run(cmd *cobra.Command, arg string) error {
	plan, err := f.plan(cmd, arg)
	if err != nil {
		return err
	}
	points, err := f.points(cmd.OutOrStdout())
	if err != nil {
		return err
	}
	defer points.discard()
	to, file, err := f.out.create(cmd.OutOrStdout())
	if err != nil {
		return err
	}
	if file != nil {
		defer file.discard()
	}
	bar := newProgress(cmd.ErrOrStderr(), "phase")
	d, ended := plan.Run(cmd.Context(), explore.Options{Workers: f.workers, Progress: bar.show})
	bar.end()
	if d == nil {
		return ended
	}
	ended = stopped(cmd, ended, fmt.Sprintf("%d points are done", len(d.Points)))
	if ended != nil && !errors.Is(ended, errStopped) {
		return ended
	}
	if err := points.write(plan.Header(), d.Points); err != nil {
		return err
	}
	if file != nil {
		if err := f.draw(cmd, d, to); err != nil {
			return err
		}
		if err := file.commit(); err != nil {
			return err
		}
	}
	if f.ndjson.name != stdoutName {
		err = phaseText(cmd.OutOrStdout(), plan, d)
	}
	return errors.Join(err, ended)
}

// draw writes the picture.
func (f *phaseFlags) draw(cmd *cobra.Command, d *explore.Diagram, w io.Writer) error {
	buf := bufio.NewWriter(w)
	var err error
	switch filepath.Ext(f.out.name) {
	case svgExt:
		err = d.WriteSVG(buf)
	case pngExt:
		err = d.WritePNG(buf)
	case htmlExt:
		bar := newProgress(cmd.ErrOrStderr(), "ladders")
		defer bar.end()
		err = d.WriteHTML(context.WithoutCancel(cmd.Context()), explore.Options{Workers: f.workers, Progress: bar.show}, buf)
	}
	return errors.Join(err, buf.Flush())
}

// phaseText is the diagram as a table.
func phaseText(w io.Writer, plan *explore.Phase, d *explore.Diagram) error {
	out := &section{on: screenOf(w)}
	out.add(out.on.paint(bold, plan.Scenario.Name))
	out.begin("")
	out.add(columns{{"x", plan.X.String()}, {"y", plan.Y.String()}}.lines("  ")...)
	if shard := plan.Shard.String(); shard != "" {
		out.add("  shard " + shard)
	}
	out.begin("")
	nx, ny := d.Size()
	shared, short := explore.Common(d.Outcomes)
	rows := columns{{"points", "share", "outcome"}}
	for i, outcome := range short {
		rows = append(rows, []string{
			fmt.Sprintf("%6d", d.Counts[i]), fmt.Sprintf("%5.1f%%", 100*float64(d.Counts[i])/float64(nx*ny)), outcome,
		})
	}
	lines := rows.lines("  ")
	out.add(out.on.paint(dim, lines[0]))
	out.add(lines[1:]...)
	if shared != "" {
		out.add("  always " + shared)
	}
	out.add(fmt.Sprintf("  %d points of the grid, %d of them were run: %.1f%%", nx*ny, len(d.Points), 100*float64(len(d.Points))/float64(nx*ny)))
	_, err := io.WriteString(w, out.b.String())
	return err
}
