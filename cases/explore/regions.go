package explore

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// regions draws the outcomes of a diagram as areas of color with a letter in
// the largest area of each.
type regions struct {
	d    *Diagram
	font draw.TextStyle
}

// Plot implements plot.Plotter. Each point of the grid is a rectangle around
// it; those on the rim are half as large.
func (r *regions) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	x, y := r.d.edges()
	px := func(i int64) vg.Length { return tx(x[i]) }
	py := func(i int64) vg.Length { return ty(y[i]) }
	for _, box := range r.d.boxes() {
		c.SetColor(colorOf(box.outcome))
		c.Fill(rectangle(px(box.x0), py(box.y0), px(box.x1), py(box.y1)))
	}
	for _, l := range r.d.outlines() {
		c.StrokeLine2(draw.LineStyle{Color: colorInk, Width: vg.Points(1)}, px(l.x0), py(l.y0), px(l.x1), py(l.y1))
	}
	width, height := float64(tx(x[len(x)-1])-tx(x[0])), float64(ty(y[len(y)-1])-ty(y[0]))
	for i := range min(len(r.d.Outcomes), maxLegend) {
		at, room := r.d.middle(i, width, height)
		if room < float64(r.font.Font.Size) {
			continue // no room for a letter
		}
		style := r.font
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
