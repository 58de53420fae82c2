package explore

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Sizes of a picture. A point is a pixel of an SVG at its own size, which is
// the width of a README.
const (
	pictureWidth = 760 * vg.Length(1)
	plotHeight   = 440 * vg.Length(1)
	pictureRim   = 16 * vg.Length(1)
	textSize     = 14
	titleSize    = 17
	smallSize    = 12
	lineHeight   = 20 * vg.Length(1)
	swatch       = 15 * vg.Length(1)
	labelGap     = 6 * vg.Length(1) // between the numbers along an axis and its title
	pngDPI       = 144
)

// picture is a diagram being drawn.
type picture struct {
	d      *Diagram
	plot   *plot.Plot
	title  []string
	legend []legendLine
	foot   []string
	height vg.Length
}

// legendLine is a line below the plot: of an outcome, the first has its color.
type legendLine struct {
	outcome int // -1 for a line that goes on
	text    string
}

// textStyle is the style of a text of a size.
func textStyle(size font.Length) draw.TextStyle {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
	return draw.TextStyle{Color: colorInk, Font: f, Handler: plot.DefaultTextHandler}
}

func newPicture(d *Diagram) *picture {
	p := &picture{d: d, plot: plot.New()}
	p.plot.BackgroundColor = colorPaper
	for _, a := range []struct {
		axis *plot.Axis
		of   Axis
	}{{&p.plot.X, d.Phase.X}, {&p.plot.Y, d.Phase.Y}} {
		unit := scaleOf(a.of).size
		a.axis.Min, a.axis.Max = float64(a.of.from)/unit, float64(a.of.to)/unit
		a.axis.Label.Text = axisTitle(a.of)
		rotation, align := a.axis.Label.TextStyle.Rotation, a.axis.Label.TextStyle
		a.axis.Label.TextStyle = textStyle(textSize)
		a.axis.Label.TextStyle.Rotation, a.axis.Label.TextStyle.XAlign, a.axis.Label.TextStyle.YAlign = rotation, align.XAlign, align.YAlign
		label := a.axis.Tick.Label
		a.axis.Tick.Label = textStyle(smallSize)
		a.axis.Tick.Label.XAlign, a.axis.Tick.Label.YAlign = label.XAlign, label.YAlign
		a.axis.Tick.Marker = ticks{}
		a.axis.Padding = 0
		a.axis.Label.Padding = labelGap
		a.axis.LineStyle.Width, a.axis.Tick.LineStyle.Width = vg.Points(1), vg.Points(1)
		a.axis.LineStyle.Color, a.axis.Tick.LineStyle.Color = colorInk, colorInk
	}
	p.plot.Add(&regions{d})
	p.texts()
	lines := len(p.title) + len(p.legend) + len(p.foot) + 1
	p.height = 2*pictureRim + plotHeight + vg.Length(lineHeight*vg.Length(lines))
	return p
}

// texts says what stands above and below the plot.
func (p *picture) texts() {
	d := p.d
	width := pictureWidth - 2*pictureRim
	p.title = wrapText(textStyle(titleSize), width, d.Phase.Scenario.Name)
	var fixed []string
	if bound, err := d.Phase.grid().Bind(d.Phase.grid().At(0)); err == nil {
		for _, set := range bound.Params {
			if set.Name != d.Phase.X.Param && set.Name != d.Phase.Y.Param {
				fixed = append(fixed, set.String())
			}
		}
	}
	for _, host := range slices.Sorted(maps.Keys(d.Phase.Stacks)) {
		fixed = append(fixed, strings.TrimPrefix(host+" on ", " ")+d.Phase.Stacks[host])
	}
	if d.Phase.Seed != 0 {
		fixed = append(fixed, fmt.Sprintf("seed=%d", d.Phase.Seed))
	}
	shared, short := Common(d.Outcomes)
	if shared != "" {
		fixed = append(fixed, "always "+shared)
	}
	if len(fixed) > 0 {
		p.title = append(p.title, wrapText(textStyle(smallSize), width, strings.Join(fixed, ", "))...)
	}
	total := int64(0)
	for _, n := range d.Counts {
		total += n
	}
	for i, outcome := range short {
		if i == maxLegend {
			p.legend = append(p.legend, legendLine{-1, fmt.Sprintf("and %d more outcomes", len(short)-i)})
			break
		}
		lines := wrapText(textStyle(textSize), width-2*swatch, fmt.Sprintf("%s – %s", outcome, percent(d.Counts[i], total)))
		for k, line := range lines {
			l := legendLine{-1, line}
			if k == 0 {
				l.outcome = i
			}
			p.legend = append(p.legend, l)
		}
	}
	p.foot = []string{fmt.Sprintf("%d runs for %d points of the grid: %s", len(d.Points), d.nx*d.ny, percent(int64(len(d.Points)), d.nx*d.ny))}
}

// maxLegend is how many outcomes a legend names.
const maxLegend = 12

// wrapText breaks a text into lines of at most that width.
func wrapText(style draw.TextStyle, width vg.Length, text string) []string {
	var lines []string
	line := ""
	for _, word := range strings.Split(text, " ") {
		longer := strings.TrimPrefix(line+" "+word, " ")
		if line != "" && style.Width(longer) > width {
			lines = append(lines, line)
			longer = word
		}
		line = longer
	}
	return append(lines, line)
}

// draw draws the picture and tells where the data area is, in points from the
// lower left corner.
func (p *picture) draw(c vg.CanvasSizer) vg.Rectangle {
	canvas := draw.New(c)
	canvas.SetColor(colorPaper)
	canvas.Fill(rectangle(canvas.Min.X, canvas.Min.Y, canvas.Max.X, canvas.Max.Y))
	y := canvas.Max.Y - pictureRim
	for i, line := range p.title {
		style := textStyle(smallSize)
		style.Color = colorFaint
		if i == 0 {
			style = textStyle(titleSize)
		}
		canvas.FillText(style, vg.Point{X: pictureRim, Y: y - lineHeight*3/4}, line)
		y -= lineHeight
	}
	area := draw.Crop(canvas, pictureRim, -pictureRim, 0, 0)
	area.Max.Y, area.Min.Y = y, y-plotHeight
	p.plot.Draw(area)
	data := p.plot.DataCanvas(area)
	y = area.Min.Y - lineHeight/2
	for _, line := range p.legend {
		base := y - lineHeight*3/4
		if line.outcome >= 0 {
			p.swatch(canvas, pictureRim, base-2, line.outcome)
		}
		canvas.FillText(textStyle(textSize), vg.Point{X: pictureRim + 2*swatch, Y: base}, line.text)
		y -= lineHeight
	}
	style := textStyle(smallSize)
	style.Color = colorFaint
	for _, line := range p.foot {
		canvas.FillText(style, vg.Point{X: pictureRim, Y: y - lineHeight*3/4}, line)
		y -= lineHeight
	}
	return data.Rectangle
}

// swatch is the color and the letter of an outcome.
func (p *picture) swatch(c draw.Canvas, x, y vg.Length, outcome int) {
	c.SetColor(colorOf(outcome))
	c.Fill(rectangle(x, y, x+swatch*4/3, y+swatch))
	style := textStyle(smallSize)
	style.Color = inkOn(colorOf(outcome))
	style.XAlign, style.YAlign = draw.XCenter, draw.YCenter
	c.FillText(style, vg.Point{X: x + swatch*2/3, Y: y + swatch/2 + 1}, letterOf(outcome))
}

// WriteSVG draws the diagram as SVG. It has a white background of its own, so
// that it is legible on a dark page too.
func (d *Diagram) WriteSVG(w io.Writer) error {
	svg, _, err := d.svg()
	if err == nil {
		_, err = w.Write(svg)
	}
	return err
}

// svg is the picture, and where its data area is.
func (d *Diagram) svg() ([]byte, vg.Rectangle, error) {
	p := newPicture(d)
	c := vgsvg.New(pictureWidth, p.height)
	area := p.draw(c)
	var buf bytes.Buffer
	if _, err := c.WriteTo(&buf); err != nil {
		return nil, area, err
	}
	// Liberation Sans is there on few machines, and Arial and Helvetica have its
	// widths. Edges between areas must not be blurred.
	text := strings.ReplaceAll(buf.String(), "font-family:Liberation Sans;", "font-family:'Liberation Sans',Arial,Helvetica,sans-serif;")
	size := fmt.Sprintf(`width="%[1]gpt" height="%[2]gpt"`, pictureWidth.Points(), p.height.Points())
	text = strings.Replace(text, size, strings.ReplaceAll(size, "pt", ""), 1) // pixels, as READMEs count
	text = strings.Replace(text, "<svg ", `<svg shape-rendering="crispEdges" `, 1)
	return []byte(text), area, nil
}

// WritePNG draws the diagram as PNG, at twice the size for fine screens.
func (d *Diagram) WritePNG(w io.Writer) error {
	p := newPicture(d)
	c := vgimg.NewWith(vgimg.UseWH(pictureWidth, p.height), vgimg.UseDPI(pngDPI))
	p.draw(c)
	_, err := vgimg.PngCanvas{Canvas: c}.WriteTo(w)
	return err
}
