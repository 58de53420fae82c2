package explore

import (
	"bytes"
	"context"
	_ "embed" // the page's template
	"encoding/base64"
	"html/template"
	"io"
	"slices"
	"strings"

	"rstlab/cases"
	"rstlab/netsim/trace"
)

//go:embed report.html.tmpl
var reportText string

var reportTemplate = template.Must(template.New("report").Parse(reportText))

const (
	reportParts    = 32  // into which the range of each parameter is divided
	reportGrid     = 128 // steps of a diagram
	reportDiagrams = 3   // at most
	reportLadders  = 3   // boundaries of a parameter that are shown with their runs
	reportWidth    = 100 // columns of a ladder
)

// Report is everything there is to say about a scenario, on one page: its claim,
// sources and parameters, a run, the boundaries along each parameter, diagrams
// over those parameters that have boundaries, and what the stacks make of it.
type Report struct {
	Space // without axes
}

// reportPage is what the template shows.
type reportPage struct {
	Name       string
	Claim      []string // paragraphs
	Source     []cases.Cite
	RFC        []cases.Cite
	Params     []reportParam
	Outcome    string
	Ladder     template.URL
	Boundaries []reportBoundary
	Diagrams   []template.URL
	Rows       []reportRow
	Differ     bool // some stacks do
}

// reportParam is a row of the table of parameters.
type reportParam struct{ Name, Value, Range, Doc string }

// reportBoundary is a parameter with the outcomes along its range.
type reportBoundary struct {
	Param  string
	Ranges []Range
	Always string // what all outcomes share
	Runs   int
	Sides  []reportSide
}

// reportSide is the two runs beside a boundary.
type reportSide struct{ Below, At, BelowText, AtText string }

// reportRow is what the stacks make of the parameters of an example.
type reportRow struct {
	Params   string
	Outcomes []reportOutcome // in the order of the stacks that first have them
}

// reportOutcome is an outcome, and which stacks have it.
type reportOutcome struct{ Outcome, Stacks string }

// Write makes all runs and writes the page, which needs nothing else.
func (r *Report) Write(ctx context.Context, opt Options, w io.Writer) error {
	s := r.Scenario
	page := &reportPage{Name: s.Name, Claim: strings.Split(s.Claim, "\n\n"), Source: s.Source, RFC: s.RFC}
	bound, err := r.Bind(nil)
	if err != nil {
		return err
	}
	for i, set := range bound.Params {
		p := &s.Params[i]
		page.Params = append(page.Params, reportParam{set.Name, set.Value.String(), p.Range(), p.Doc()})
	}
	point, t := r.Trace(0)
	page.Outcome = point.Outcome
	if t != nil {
		if page.Ladder, err = picture64(func(w io.Writer) error { return trace.SVG(w, t, trace.SVGOptions{NoTitle: true}) }); err != nil {
			return err
		}
	}
	ranges, err := r.boundaries(ctx, opt, page)
	if err != nil {
		return err
	}
	if err := r.diagrams(ctx, opt, page, ranges); err != nil {
		return err
	}
	if err := r.stacks(ctx, page); err != nil {
		return err
	}
	return reportTemplate.Execute(w, page)
}

// picture64 is a picture as the address of itself.
func picture64(draw func(io.Writer) error) (template.URL, error) {
	var svg bytes.Buffer
	if err := draw(&svg); err != nil {
		return "", err
	}
	return template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(svg.Bytes())), nil //nolint:gosec // drawn above
}

// reportRange is a parameter with a range, and whether it changes the outcome.
type reportRange struct {
	axis    Axis
	changes bool
}

// boundaries bisects along each parameter that has a range and is not set. It
// gives these parameters, those that change the outcome first.
func (r *Report) boundaries(ctx context.Context, opt Options, page *reportPage) ([]reportRange, error) {
	var changing, others []reportRange
	for _, p := range r.Scenario.Params {
		if _, set := r.Set[p.Name]; set || !p.Min.IsSet() || !p.Max.IsSet() || p.Min.Num == p.Max.Num {
			continue
		}
		axis, err := ParseRange(r.Scenario, p.Name, reportGrid)
		if err != nil {
			return nil, err
		}
		b := &Bisection{Space: r.Space, Parts: reportParts}
		b.Axes = []Axis{axis}
		found, err := b.Run(ctx, opt)
		if err != nil {
			return nil, err
		}
		entry, err := r.boundary(b, found)
		if err != nil {
			return nil, err
		}
		page.Boundaries = append(page.Boundaries, entry)
		if len(found.Boundaries) > 0 {
			changing = append(changing, reportRange{axis, true})
		} else {
			others = append(others, reportRange{axis, false})
		}
	}
	return append(changing, others...), nil
}

// boundary is what the page says of one parameter.
func (r *Report) boundary(b *Bisection, found *Bisected) (reportBoundary, error) {
	entry := reportBoundary{Param: b.Axes[0].Param, Ranges: found.Ranges(), Runs: len(found.Points)}
	var outcomes []string
	for _, x := range entry.Ranges {
		outcomes = append(outcomes, x.Outcome)
	}
	always, short := Common(outcomes)
	entry.Always = always
	for i := range entry.Ranges {
		entry.Ranges[i].Outcome = short[i]
	}
	for i := range min(len(found.Boundaries), reportLadders) {
		at := &found.Boundaries[i]
		below, above, err := b.Traces(at)
		if err != nil || below == nil || above == nil {
			return entry, err
		}
		if part := Part(below, above); part != nil {
			below, above = Marked(below, part.A, partHere), Marked(above, part.B, partHere)
		}
		side := reportSide{Below: SettingsText(at.Below.Set) + "  " + at.Below.Outcome, At: SettingsText(at.At.Set) + "  " + at.At.Outcome}
		left, err := ladderLines(below, "", reportWidth)
		if err != nil {
			return entry, err
		}
		right, err := ladderLines(above, "", reportWidth)
		if err != nil {
			return entry, err
		}
		left, right = level(left, right)
		side.BelowText, side.AtText = strings.Join(left[2:], "\n"), strings.Join(right[2:], "\n")
		entry.Sides = append(entry.Sides, side)
	}
	return entry, nil
}

// diagrams draws the outcomes over pairs of parameters of which one changes
// them. A diagram that shows no more than the boundaries of one is left out.
func (r *Report) diagrams(ctx context.Context, opt Options, page *reportPage, ranges []reportRange) error {
	tries := 0
	for i, x := range ranges {
		for _, y := range ranges[i+1:] {
			if !x.changes && !y.changes || len(page.Diagrams) == reportDiagrams || tries == 2*reportDiagrams {
				continue
			}
			tries++
			d, err := (&Phase{Space: r.Space, X: x.axis, Y: y.axis}).Run(ctx, opt)
			if err != nil {
				return err
			}
			if !d.Plane() {
				continue
			}
			picture, err := picture64(d.WriteSVG)
			if err != nil {
				return err
			}
			page.Diagrams = append(page.Diagrams, picture)
		}
	}
	return nil
}

// stacks runs the parameters of each example on each stack.
func (r *Report) stacks(ctx context.Context, page *reportPage) error {
	seen := map[string]bool{}
	for _, e := range r.Scenario.Examples {
		bound, err := r.Scenario.BindExample(e)
		if err != nil {
			return err
		}
		params := SettingsText(bound.Params)
		if seen[params] {
			continue
		}
		seen[params] = true
		row := reportRow{Params: params}
		for _, stack := range cases.Stacks() {
			if err := ctx.Err(); err != nil {
				return err
			}
			space := Space{Scenario: r.Scenario, Set: bound.Set(), Seed: r.Seed, Stacks: map[string]string{"": stack}}
			row.add(space.Run(0).Outcome, stack)
		}
		page.Differ = page.Differ || len(row.Outcomes) > 1
		page.Rows = append(page.Rows, row)
	}
	return nil
}

// add notes the outcome of a stack.
func (r *reportRow) add(outcome, stack string) {
	i := slices.IndexFunc(r.Outcomes, func(o reportOutcome) bool { return o.Outcome == outcome })
	if i < 0 {
		r.Outcomes = append(r.Outcomes, reportOutcome{outcome, stack})
		return
	}
	r.Outcomes[i].Stacks += ", " + stack
}
