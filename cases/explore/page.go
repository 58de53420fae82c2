package explore

import (
	"bytes"
	"compress/gzip"
	"context"
	_ "embed" // the page's template
	"encoding/base64"
	"encoding/json"
	"html/template"
	"io"
	"slices"
	"strings"

	"rstlab/netsim/trace"
)

//go:embed page.html.tmpl
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// maxLadders is how many ladders a page holds, so that it stays small enough to
// send to somebody. Of more runs every so-manieth has one.
const maxLadders = 2000

// pageData is what the script of a page works on.
type pageData struct {
	X        []string   `json:"x"` // the values along the axes
	Y        []string   `json:"y"`
	XName    string     `json:"xName"`
	YName    string     `json:"yName"`
	Outcomes []string   `json:"outcomes"`
	Letters  []string   `json:"letters"`
	Rows     [][]int    `json:"rows"` // for each y: outcome, length, outcome, length, …
	Area     [4]float64 `json:"area"` // of the plot in the picture: left, top, right, bottom
}

// pointPage is a run that can be shown.
type pointPage struct {
	X      int64  `json:"x"`
	Y      int64  `json:"y"`
	Ladder string `json:"ladder"`
}

// WriteHTML writes a page that needs nothing else: pointing at the diagram shows
// the outcome, a click the ladder of the nearest run. It runs the points again
// for their ladders; ctx ends that.
func (d *Diagram) WriteHTML(ctx context.Context, opt Options, w io.Writer) error {
	svg, area, err := d.svg()
	if err != nil {
		return err
	}
	height := newPicture(d).height
	data := pageData{
		X: valuesOf(d.Phase.X), Y: valuesOf(d.Phase.Y), XName: d.Phase.X.Param, YName: d.Phase.Y.Param, Outcomes: d.Outcomes,
		Area: [4]float64{area.Min.X.Points(), (height - area.Max.Y).Points(), area.Max.X.Points(), (height - area.Min.Y).Points()},
	}
	for i := range d.Outcomes {
		data.Letters = append(data.Letters, letterOf(i))
	}
	for y := range d.ny {
		data.Rows = append(data.Rows, d.row(y))
	}
	ladders, err := d.ladders(ctx, opt)
	if err != nil {
		return err
	}
	packed, err := pack(data)
	if err != nil {
		return err
	}
	packedLadders, err := pack(ladders)
	if err != nil {
		return err
	}
	_, drawing, _ := strings.Cut(string(svg), "-->\n") // without the declaration of XML, which HTML does not have
	return pageTemplate.Execute(w, struct {
		Name, Claim   string
		SVG           template.HTML
		Data, Ladders string
	}{d.Phase.Scenario.Name, d.Phase.Scenario.Headline(), template.HTML(drawing), packed, packedLadders}) //nolint:gosec // drawn above, its texts are escaped
}

func valuesOf(a Axis) []string {
	var all []string
	for i := range a.Len() {
		all = append(all, a.Value(i).String())
	}
	return all
}

// row is a row of the diagram as pairs of an outcome and how often it stands
// there.
func (d *Diagram) row(y int64) []int {
	var runs []int
	for x := range d.nx {
		o := d.Outcome(x, y)
		if n := len(runs); n > 0 && runs[n-2] == o {
			runs[n-1]++
			continue
		}
		runs = append(runs, o, 1)
	}
	return runs
}

// ladders are the ladders of the runs that were made.
func (d *Diagram) ladders(ctx context.Context, opt Options) ([]pointPage, error) {
	points := d.Points
	if skip := (len(points) + maxLadders - 1) / maxLadders; skip > 1 {
		points = nil
		for i := 0; i < len(d.Points); i += skip {
			points = append(points, d.Points[i])
		}
	}
	grid := d.Phase.grid().runner()
	all := []pointPage{}
	err := inOrder(ctx, &opt, slices.Values(points), func(p Point) pointPage {
		_, t := grid.trace(p.Index)
		return pointPage{p.Index % d.nx, p.Index / d.nx, ladderText(t)}
	}, func(p pointPage) error {
		all = append(all, p)
		opt.progress(int64(len(all)), int64(len(points)))
		return nil
	})
	return all, err
}

// maxLadderEvents is how many events of a run a page shows.
const maxLadderEvents = 400

// ladderText is a run as text; of a long one its beginning.
func ladderText(t *trace.Trace) string {
	if t == nil {
		return "There is no run."
	}
	short := *t
	short.Header.Scenario = ""
	more := ""
	if len(short.Events) > maxLadderEvents {
		short.Events, more = short.Events[:maxLadderEvents], "…\n"
	}
	var b strings.Builder
	if err := trace.Ladder(&b, &short, trace.LadderOptions{NoLegend: true}); err != nil {
		panic("explore: unreachable: a string takes everything: " + err.Error())
	}
	return b.String() + more
}

// pack is JSON, compressed and in the base64 that HTML and scripts leave alone.
func pack(v any) (string, error) {
	var buf bytes.Buffer
	z, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return "", err
	}
	enc := json.NewEncoder(z)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(buf.Bytes()), nil
}
