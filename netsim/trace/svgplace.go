package trace

// placement finds places for labels along arrows, where they cover neither other
// labels nor, if it can be helped, other arrows.
type placement struct {
	segments []segment
	bands    []band // from top to bottom
}

// band is a horizontal strip of the drawing; it knows what is in it, so that only
// what is near is looked at.
type band struct {
	taken []point // middles of pieces of the labels placed so far
	lines []int   // indexes of the arrows that pass through, or nearly
}

// bandHeight is in pixels.
const bandHeight = 64

// band is the strip at this y, in units.
func (p *placement) band(y int) *band {
	i := max(y, 0) / (bandHeight * unit)
	for len(p.bands) <= i {
		p.bands = append(p.bands, band{})
	}
	return &p.bands[i]
}

// add adds an arrow.
func (p *placement) add(g segment) {
	for y := min(g.y1, g.y2) - onLine; y <= max(g.y1, g.y2)+onLine+bandHeight; y += bandHeight {
		b := p.band(y * unit)
		b.lines = append(b.lines, len(p.segments))
	}
	p.segments = append(p.segments, g)
}

// take marks the place of a label as taken.
func (p *placement) take(a axis, at place) {
	for _, q := range pieces(a, at) {
		b := p.band(q.y)
		b.taken = append(b.taken, q)
	}
}

// point is in units.
type point struct{ x, y int }

// place is where a label stands: between two distances from the begin of its
// arrow, in pixels, and at an offset from the line to the baseline.
type place struct{ from, to, offset int }

const (
	offsetAbove = -5
	offsetBelow = 14
	middle      = 4  // from the baseline up to the middle of the letters
	piece       = 8  // labels are looked at in pieces of this length
	tooNear     = 13 // pixels between the middles of two labels
	onLine      = 8  // pixels between the middle of a label and a line
	endGap      = 14 // from the end of an arrow to its label
)

// What is bad about a place, and how bad.
const (
	costLabel     = 40 // a piece is too near to another label
	costLine      = 6  // a piece is on another arrow
	costShorter   = 9  // the label is cut short, once more
	costFarther   = 2  // it is one step farther from its begin
	costOtherSide = 5  // it is not on the side where it is looked for
)

// find chooses one of several widths, the first ones preferred, and a place for a
// label so wide: near the begin of the arrow, in the middle, or near its end; above
// the line, or below it. A label longer than the line goes beyond its end, or, if
// the arrow comes from nowhere, its begin.
func (p *placement) find(index int, widths []int, below, fromNowhere bool) (which int, at place) {
	a := axisOf(p.segments[index])
	offsets := []int{offsetAbove, offsetBelow}
	if below {
		offsets = []int{offsetBelow, offsetAbove}
	}
	least := -1
	for w, width := range widths {
		for side, offset := range offsets {
			for k, from := range starts(a.length-2*endGap-width, fromNowhere) {
				candidate := place{from, from + width, offset}
				cost := p.cost(index, a, candidate) + costShorter*w + costFarther*k + costOtherSide*side
				if least < 0 || cost < least {
					which, at, least = w, candidate, cost
				}
			}
		}
	}
	p.take(a, at)
	return which, at
}

// starts are the distances at which a label may begin when so much of the line
// would stay free.
func starts(free int, fromNowhere bool) []int {
	switch {
	case free >= 0:
		var out []int
		for i := range 7 {
			out = append(out, endGap+free*i/6)
		}
		return out
	case fromNowhere:
		return []int{endGap + free}
	default:
		return []int{endGap}
	}
}

func (p *placement) cost(index int, a axis, at place) int {
	cost := 0
	for _, q := range pieces(a, at) {
		// The first band is looked at twice at the very top; that costs all places there alike.
		for _, dy := range []int{-bandHeight, 0, bandHeight} {
			for _, t := range p.band(q.y + dy*unit).taken {
				if square(q.x-t.x)+square(q.y-t.y) < square(tooNear*unit) {
					cost += costLabel
				}
			}
		}
		for _, i := range p.band(q.y).lines {
			if i != index && p.segments[i].near(q) {
				cost += costLine
			}
		}
	}
	return cost
}

// pieces are the middles of the pieces of a label.
func pieces(a axis, at place) []point {
	var out []point
	for d := at.from + piece/2; d < at.to; d += piece {
		x, y := a.at(d, at.offset-middle)
		out = append(out, point{x, y})
	}
	return out
}

func square(n int) int { return n * n }

// near reports whether the point, in units, is so close to the line, in pixels,
// that letters around it would touch it.
func (g segment) near(q point) bool {
	lo, hi := min(g.x1, g.x2)*unit, max(g.x1, g.x2)*unit
	if q.x < lo || q.x > hi || lo == hi {
		return false
	}
	y := g.y1*unit + (q.x-g.x1*unit)*(g.y2-g.y1)/(g.x2-g.x1)
	return q.y-y < onLine*unit && y-q.y < onLine*unit
}
