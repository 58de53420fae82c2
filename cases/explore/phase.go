package explore

import (
	"context"
	"fmt"
)

const (
	// DefaultGrid is into how many steps a phase diagram divides an axis that
	// does not say.
	DefaultGrid = 256
	// DefaultBase is how many cells a phase diagram has along an axis at first.
	DefaultBase = 16
	// maxGrid is the greatest number of points of a diagram's grid.
	maxGrid = 4 << 20
)

// Phase is the search for a phase diagram: which outcome a scenario has over two
// parameters. It runs the corners of Base by Base cells, and divides each cell
// on whose edge two outcomes were seen, down to the steps of the axes. So its
// work grows with the length of the boundaries, not with the area.
type Phase struct {
	// Space has no axes of its own: X and Y, both ranges, are the axes.
	Space
	X, Y  Axis
	Base  int64 // cells along an axis at first; 0 is DefaultBase
	Shard Shard // of the first cells
	// Resume is an earlier search for the same; nil is none.
	Resume Opener
}

// grid is the space of all points of the diagram, Y before X.
func (p *Phase) grid() *Space {
	s := p.Space
	s.Axes = []Axis{p.Y, p.X}
	return &s
}

// Check reports what is wrong with the search before anything runs.
func (p *Phase) Check() error {
	for _, a := range []Axis{p.X, p.Y} {
		if !a.IsRange() {
			return mistake("write PARAM=A..B", "%s is no range", a)
		}
	}
	if n := p.X.Len() * p.Y.Len(); n > maxGrid {
		return mistake("use fewer steps", "the grid has %d points, and at most %d are kept in memory", n, maxGrid)
	}
	return p.grid().Check()
}

func (p *Phase) base(a Axis) int64 {
	base := p.Base
	if base == 0 {
		base = DefaultBase
	}
	return min(base, a.steps)
}

// Header is that of the search's points.
func (p *Phase) Header() Header {
	h := p.grid().Header("phase", p.Shard)
	h.Axes = append(h.Axes, fmt.Sprintf("base=%dx%d", p.base(p.X), p.base(p.Y)))
	return h
}

// cell is a rectangle of the grid, with its corners.
type cell struct{ x0, y0, x1, y1 int64 }

// Run searches. When it ends early, with the error of ctx, the diagram is of
// what was run by then.
func (p *Phase) Run(ctx context.Context, opt Options) (*Diagram, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	probe, err := newProber(p.grid(), p.Resume, p.Header(), opt)
	if err != nil {
		return nil, err
	}
	d := newDiagram(p)
	d.cells = p.firstCells()
	for {
		if err = probe.run(ctx, d.corners()); err != nil {
			break
		}
		d.learn(probe)
		if !d.refine() {
			break
		}
	}
	d.Points = probe.sorted()
	d.learn(probe)
	d.fill()
	return d, err
}

// firstCells are the cells of the shard before any is divided.
func (p *Phase) firstCells() []cell {
	var cells []cell
	nx, ny := p.base(p.X), p.base(p.Y)
	for j := range ny {
		for i := range nx {
			if p.Shard.has(j*nx + i) {
				cells = append(cells, cell{i * p.X.steps / nx, j * p.Y.steps / ny, (i + 1) * p.X.steps / nx, (j + 1) * p.Y.steps / ny})
			}
		}
	}
	return cells
}

// split divides a cell in two along each side that is longer than one step.
func (c cell) split() []cell {
	halve := func(a, b int64) []int64 {
		if b-a < 2 {
			return []int64{a, b}
		}
		return []int64{a, a + (b-a)/2, b}
	}
	var parts []cell
	xs, ys := halve(c.x0, c.x1), halve(c.y0, c.y1)
	for j := range len(ys) - 1 {
		for i := range len(xs) - 1 {
			parts = append(parts, cell{xs[i], ys[j], xs[i+1], ys[j+1]})
		}
	}
	return parts
}

func (c cell) smallest() bool { return c.x1-c.x0 < 2 && c.y1-c.y0 < 2 }
