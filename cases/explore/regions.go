package explore

import (
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// regions draws the outcomes of a diagram as areas of color with a letter in
// the widest area of each.
type regions struct{ d *Diagram }

// letterSizes are the sizes of letters, the preferred one first.
var letterSizes = []font.Length{titleSize, smallSize}

// Plot implements plot.Plotter. Each point of the grid is a rectangle around
// it; those on the rim are half as large.
func (r *regions) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	x, y := r.d.edges()
	px := func(i int64) vg.Length { return tx(x[i]) }
	py := func(i int64) vg.Length { return ty(y[i]) }
	areas := make([]vg.Path, len(r.d.Outcomes)+1) // the last one is unknown
	for _, box := range r.d.boxes() {
		area := &areas[len(r.d.Outcomes)]
		if box.outcome >= 0 {
			area = &areas[box.outcome]
		}
		*area = append(*area, rectangle(px(box.x0), py(box.y0), px(box.x1), py(box.y1))...)
	}
	for i, area := range areas {
		if i == len(r.d.Outcomes) {
			i = unknown
		}
		if len(area) > 0 {
			c.SetColor(colorOf(i))
			c.Fill(area)
		}
	}
	var outlines vg.Path
	for _, l := range r.d.outlines() {
		outlines.Move(vg.Point{X: px(l.x0), Y: py(l.y0)})
		outlines.Line(vg.Point{X: px(l.x1), Y: py(l.y1)})
	}
	if len(outlines) > 0 {
		c.SetLineStyle(draw.LineStyle{Color: colorInk, Width: vg.Points(1)})
		c.Stroke(outlines)
	}
	width, height := float64(tx(x[len(x)-1])-tx(x[0])), float64(ty(y[len(y)-1])-ty(y[0]))
	for i := range min(len(r.d.Outcomes), maxLegend) {
		at, room := r.d.middle(i, width, height)
		// A letter is 0.7 of its size high and at most 0.8 wide.
		size := slices.IndexFunc(letterSizes, func(s font.Length) bool { return room >= 0.6*float64(s) })
		if size < 0 {
			continue // no room for a letter
		}
		style := textStyle(letterSizes[size])
		style.Color = inkOn(colorOf(i))
		style.XAlign, style.YAlign = draw.XCenter, draw.YCenter
		c.FillText(style, vg.Point{X: (px(at.x0) + px(at.x1)) / 2, Y: (py(at.y0) + py(at.y1)) / 2}, letterOf(i))
	}
}

func rectangle(x0, y0, x1, y1 vg.Length) vg.Path {
	var path vg.Path
	path.Move(vg.Point{X: x0, Y: y0})
	path.Line(vg.Point{X: x1, Y: y0})
	path.Line(vg.Point{X: x1, Y: y1})
	path.Line(vg.Point{X: x0, Y: y1})
	path.Close()
	return path
}

// edges are the borders between the points of the grid, in the units of the
// axes: one more than there are points.
func (d *Diagram) edges() (x, y []float64) { return edgesOf(d.Phase.X), edgesOf(d.Phase.Y) }

func edgesOf(a Axis) []float64 {
	n := a.Len()
	unit := scaleOf(a).size
	at := func(i int64) float64 { return float64(a.Value(i).Num) / unit }
	edges := []float64{at(0)}
	for i := range n - 1 {
		edges = append(edges, (at(i)+at(i+1))/2)
	}
	return append(edges, at(n-1))
}

// box is a rectangle of points with one outcome, in numbers of borders.
type box struct {
	cell
	outcome int
}

// boxes are rectangles that cover the diagram: runs of a row, as tall as the
// rows below have the same run.
func (d *Diagram) boxes() []box {
	var done []box
	open := map[[2]int64]box{}
	for y := range d.ny {
		next := map[[2]int64]box{}
		for x := int64(0); x < d.nx; {
			end := x + 1
			for end < d.nx && d.Outcome(end, y) == d.Outcome(x, y) {
				end++
			}
			key := [2]int64{x, end}
			b, ok := open[key]
			if !ok || b.outcome != d.Outcome(x, y) {
				b = box{cell{x, y, end, y}, d.Outcome(x, y)}
			} else {
				delete(open, key)
			}
			b.y1 = y + 1
			next[key] = b
			x = end
		}
		done = appendSorted(done, open)
		open = next
	}
	return appendSorted(done, open)
}

// outlines are the lines between different outcomes, in numbers of borders.
func (d *Diagram) outlines() []cell {
	var lines []cell
	for x := int64(1); x < d.nx; x++ {
		lines = append(lines, stretches(d.ny, func(y int64) bool { return d.Outcome(x-1, y) != d.Outcome(x, y) },
			func(from, to int64) cell { return cell{x, from, x, to} })...)
	}
	for y := int64(1); y < d.ny; y++ {
		lines = append(lines, stretches(d.nx, func(x int64) bool { return d.Outcome(x, y-1) != d.Outcome(x, y) },
			func(from, to int64) cell { return cell{from, y, to, y} })...)
	}
	return lines
}

// stretches makes a line of each stretch of numbers below n that are in it.
func stretches(n int64, in func(int64) bool, line func(from, to int64) cell) []cell {
	var lines []cell
	for i := int64(0); i < n; i++ {
		from := i
		for i < n && in(i) {
			i++
		}
		if i > from {
			lines = append(lines, line(from, i))
		}
	}
	return lines
}
