package explore

import (
	"cmp"
	"context"
	"slices"
)

// prober runs points that a search asks for, each once, and keeps what came
// out.
type prober struct {
	runner *runner
	opt    Options
	points map[int64]Point
	known  int // of points, how many an earlier search had run
}

// newProber is a prober that knows the points of an earlier search.
func newProber(s *Space, earlier Opener, header Header, opt Options) (*prober, error) {
	p := &prober{runner: s.runner(), opt: opt, points: map[int64]Point{}}
	r, err := earlier.openSame(header)
	if err != nil || r == nil {
		return p, err
	}
	size := s.Len()
	for point, err := range r.Points() {
		switch {
		case err != nil:
			return nil, err
		case point.Index >= size:
			return nil, mistake("search again, or name another file", "%s: there is no point %d", r.name, point.Index)
		}
		point.Set = s.At(point.Index)
		p.points[point.Index] = point
	}
	p.known = len(p.points)
	return p, nil
}

// run runs those of the points that are not known yet.
func (p *prober) run(ctx context.Context, points []int64) error {
	var missing []int64
	asked := map[int64]bool{}
	for _, i := range points {
		if _, known := p.points[i]; !known && !asked[i] {
			asked[i] = true
			missing = append(missing, i)
		}
	}
	slices.Sort(missing)
	total := int64(len(p.points) + len(missing))
	return inOrder(ctx, &p.opt, slices.Values(missing), p.runner.run, func(point Point) error {
		p.points[point.Index] = point
		p.opt.progress(int64(len(p.points)), total)
		return nil
	})
}

// outcome is the outcome of a point that was run.
func (p *prober) outcome(i int64) string { return p.points[i].Outcome }

// sorted are all points, in order.
func (p *prober) sorted() []Point {
	all := make([]Point, 0, len(p.points))
	for _, point := range p.points {
		all = append(all, point)
	}
	slices.SortFunc(all, func(a, b Point) int { return cmp.Compare(a.Index, b.Index) })
	return all
}
