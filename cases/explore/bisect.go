package explore

import (
	"context"
	"fmt"

	"rstlab/cases"
	"rstlab/netsim/trace"
)

const (
	// DefaultParts is into how many parts a bisection divides its range at first.
	DefaultParts = 64
	// MaxBoundaries is how many boundaries a bisection follows at once. More of
	// them are a sign of chance: an outcome that depends on which packets are
	// lost has no boundary.
	MaxBoundaries = 256
)

// Bisection finds where the outcome changes along one parameter: every boundary
// between two of the Parts+1 first points that differ, to one unit: a
// nanosecond of a duration, a byte, a part per million.
type Bisection struct {
	// Space has one axis, a range; its steps do not count.
	Space
	Parts int64 // into which the range is divided at first; 0 is DefaultParts
	Shard Shard // of the parts
	// Resume is an earlier bisection of the same; nil is none.
	Resume Opener
}

// Boundary is a place where the outcome changes: At is one unit above Below.
type Boundary struct{ Below, At Point }

// Bisected is what a bisection found.
type Bisected struct {
	Boundaries []Boundary // in order
	First      Point      // at the lower end of the range
	Points     []Point    // all that were run, in order
	Truncated  bool       // there were more than MaxBoundaries; only the lower ones were followed
}

// finest is the space with every value of its parameter, one unit apart.
func (b *Bisection) finest() (*Space, error) {
	if len(b.Axes) != 1 || !b.Axes[0].IsRange() {
		return nil, mistake("write PARAM=A..B", "a bisection is along the range of one parameter")
	}
	s := b.Space
	s.Axes = []Axis{b.Axes[0].finest()}
	return &s, s.Check()
}

// Header is that of the bisection's points.
func (b *Bisection) Header() Header {
	s := b.Space
	s.Axes = []Axis{b.Axes[0].finest()}
	h := s.Header("bisect", b.Shard)
	h.Axes = append(h.Axes, fmt.Sprintf("parts=%d", b.parts()))
	return h
}

func (b *Bisection) parts() int64 {
	parts := b.Parts
	if parts == 0 {
		parts = DefaultParts
	}
	return min(parts, b.Axes[0].to-b.Axes[0].from)
}

// interval is between two points with different outcomes.
type interval struct{ below, above int64 }

// Run bisects. When it ends early, with the error of ctx, the result has all
// points that were run and the boundaries that were found.
func (b *Bisection) Run(ctx context.Context, opt Options) (*Bisected, error) {
	space, err := b.finest()
	if err != nil {
		return nil, err
	}
	probe, err := newProber(space, b.Resume, b.Header(), opt)
	if err != nil {
		return nil, err
	}
	found := &Bisected{}
	open, ended := b.divide(ctx, probe)
	for ended == nil {
		if len(open) > MaxBoundaries {
			open, found.Truncated = open[:MaxBoundaries], true
		}
		if !wide(open) {
			break
		}
		open, ended = narrow(ctx, probe, open)
	}
	found.collect(probe, open)
	return found, ended
}

// divide runs the first points and finds those that differ from the next.
func (b *Bisection) divide(ctx context.Context, p *prober) ([]interval, error) {
	axis := b.Axes[0].divided(b.parts())
	var ends []interval
	var points []int64
	for i := range axis.Len() - 1 {
		if b.Shard.has(i) {
			part := interval{axis.Value(i).Num - axis.from, axis.Value(i+1).Num - axis.from}
			ends = append(ends, part)
			points = append(points, part.below, part.above)
		}
	}
	if err := p.run(ctx, points); err != nil {
		return nil, err
	}
	var open []interval
	for _, part := range ends {
		if p.outcome(part.below) != p.outcome(part.above) {
			open = append(open, part)
		}
	}
	return open, nil
}

// narrow halves every interval, and keeps the halves whose ends differ.
func narrow(ctx context.Context, p *prober, open []interval) ([]interval, error) {
	var middles []int64
	for _, it := range open {
		if it.above-it.below > 1 {
			middles = append(middles, it.middle())
		}
	}
	if err := p.run(ctx, middles); err != nil {
		return open, err
	}
	var next []interval
	for _, it := range open {
		if it.above-it.below == 1 {
			next = append(next, it)
			continue
		}
		m := it.middle()
		for _, half := range []interval{{it.below, m}, {m, it.above}} {
			if p.outcome(half.below) != p.outcome(half.above) {
				next = append(next, half)
			}
		}
	}
	return next, nil
}

func (it interval) middle() int64 { return it.below + (it.above-it.below)/2 }

// wide reports whether an interval can be narrowed.
func wide(open []interval) bool {
	for _, it := range open {
		if it.above-it.below > 1 {
			return true
		}
	}
	return false
}

// collect takes the boundaries that are one unit wide.
func (f *Bisected) collect(p *prober, open []interval) {
	f.Points = p.sorted()
	if len(f.Points) > 0 {
		f.First = f.Points[0]
	}
	for _, it := range open {
		if it.above-it.below == 1 {
			f.Boundaries = append(f.Boundaries, Boundary{p.points[it.below], p.points[it.above]})
		}
	}
}

// Value is the value of the only parameter that varies.
func (p *Point) Value() cases.Value { return p.Set[0].Value }

// Range is values with one outcome, both ends among them.
type Range struct {
	From, To cases.Value
	Outcome  string
}

// Ranges are the outcomes along the axis: what lies between two boundaries has one.
func (f *Bisected) Ranges() []Range {
	if len(f.Points) == 0 {
		return nil
	}
	ranges := []Range{{From: f.First.Value(), Outcome: f.First.Outcome}}
	for _, b := range f.Boundaries {
		ranges[len(ranges)-1].To = b.Below.Value()
		ranges = append(ranges, Range{From: b.At.Value(), Outcome: b.At.Outcome})
	}
	last := f.Points[len(f.Points)-1]
	ranges[len(ranges)-1].To = last.Value()
	return ranges
}

// Traces runs the two sides of a boundary again and keeps the traces; nil where
// no run came about.
func (b *Bisection) Traces(at *Boundary) (below, above *trace.Trace, err error) {
	space, err := b.finest()
	if err != nil {
		return nil, nil, err
	}
	_, below = space.Trace(at.Below.Index)
	_, above = space.Trace(at.At.Index)
	return below, above, nil
}
