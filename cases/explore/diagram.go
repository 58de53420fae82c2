package explore

import (
	"cmp"
	"slices"
)

// unknown marks points of a diagram of which nothing is known.
const unknown = -1

// Diagram is a phase diagram: an outcome for each point of a grid.
type Diagram struct {
	Phase    *Phase
	Points   []Point  // that were run, in order
	Outcomes []string // the most frequent first
	Counts   []int64  // how many points of the grid have each

	nx, ny int64
	cells  []cell
	at     []int16 // by point: index in Outcomes, or unknown
	number map[string]int16
}

func newDiagram(p *Phase) *Diagram {
	d := &Diagram{Phase: p, nx: p.X.Len(), ny: p.Y.Len(), number: map[string]int16{}}
	d.at = make([]int16, d.nx*d.ny)
	for i := range d.at {
		d.at[i] = unknown
	}
	return d
}

// Outcome is the index in Outcomes of the outcome at a point of the grid, or -1
// where nothing is known, as in other shards.
func (d *Diagram) Outcome(x, y int64) int { return int(d.at[y*d.nx+x]) }

// Size is the number of points along each axis.
func (d *Diagram) Size() (x, y int64) { return d.nx, d.ny }

// Plane reports whether the outcome depends on both parameters.
func (d *Diagram) Plane() bool {
	rows, columns := false, false // differ
	for y := range d.ny {
		for x := range d.nx {
			rows = rows || d.Outcome(x, y) != d.Outcome(x, 0)
			columns = columns || d.Outcome(x, y) != d.Outcome(0, y)
		}
	}
	return rows && columns
}

// maxOutcomes is how many outcomes a diagram tells apart.
const maxOutcomes = 1000

// tooMany stands for all outcomes after maxOutcomes.
const tooMany = "one of many other outcomes"

// corners are the corners of all cells.
func (d *Diagram) corners() []int64 {
	var points []int64
	for _, c := range d.cells {
		for _, i := range []int64{c.y0*d.nx + c.x0, c.y0*d.nx + c.x1, c.y1*d.nx + c.x0, c.y1*d.nx + c.x1} {
			if d.at[i] == unknown {
				points = append(points, i)
			}
		}
	}
	return points
}

// learn takes over what the prober knows.
func (d *Diagram) learn(p *prober) {
	for _, point := range p.sorted() {
		if d.at[point.Index] != unknown {
			continue
		}
		outcome := point.Outcome
		if _, known := d.number[outcome]; !known && len(d.Outcomes) >= maxOutcomes {
			outcome = tooMany
		}
		n, known := d.number[outcome]
		if !known {
			n = int16(len(d.Outcomes))
			d.number[outcome] = n
			d.Outcomes = append(d.Outcomes, outcome)
		}
		d.at[point.Index] = n
	}
}

// refine divides the cells on whose edge there are two outcomes, and reports
// whether there was one.
func (d *Diagram) refine() bool {
	var next []cell
	for _, c := range d.cells {
		if c.smallest() || d.uniform(c) {
			next = append(next, c)
			continue
		}
		next = append(next, c.split()...)
	}
	more := len(next) > len(d.cells)
	d.cells = next
	return more
}

// uniform reports whether all points on the edge of a cell of which something
// is known have one outcome.
func (d *Diagram) uniform(c cell) bool {
	want := d.at[c.y0*d.nx+c.x0]
	same := func(x, y int64) bool {
		o := d.at[y*d.nx+x]
		return o == unknown || o == want
	}
	for x := c.x0; x <= c.x1; x++ {
		if !same(x, c.y0) || !same(x, c.y1) {
			return false
		}
	}
	for y := c.y0; y <= c.y1; y++ {
		if !same(c.x0, y) || !same(c.x1, y) {
			return false
		}
	}
	return true
}

// fill gives the points within a cell the outcome of its edge, and puts the
// outcomes in order.
func (d *Diagram) fill() {
	for _, c := range d.cells {
		if want := d.at[c.y0*d.nx+c.x0]; want != unknown && d.uniform(c) && d.cornersKnown(c) {
			for y := c.y0; y <= c.y1; y++ {
				for x := c.x0; x <= c.x1; x++ {
					d.at[y*d.nx+x] = want
				}
			}
		}
	}
	d.sortOutcomes()
}

func (d *Diagram) cornersKnown(c cell) bool {
	return d.Outcome(c.x0, c.y0) != unknown && d.Outcome(c.x1, c.y0) != unknown &&
		d.Outcome(c.x0, c.y1) != unknown && d.Outcome(c.x1, c.y1) != unknown
}

// sortOutcomes numbers the outcomes by how many points have them; of equal ones
// by their text.
func (d *Diagram) sortOutcomes() {
	counts := make([]int64, len(d.Outcomes))
	for _, o := range d.at {
		if o != unknown {
			counts[o]++
		}
	}
	order := make([]int, len(d.Outcomes))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(d.Outcomes[a], d.Outcomes[b]))
	})
	place := make([]int16, len(order))
	outcomes, sorted := make([]string, len(order)), make([]int64, len(order))
	for to, from := range order {
		place[from], outcomes[to], sorted[to] = int16(to), d.Outcomes[from], counts[from]
	}
	d.Outcomes, d.Counts = outcomes, sorted
	for i, o := range d.at {
		if o != unknown {
			d.at[i] = place[o]
		}
	}
	for to, outcome := range d.Outcomes {
		d.number[outcome] = int16(to)
	}
}
