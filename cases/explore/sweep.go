package explore

import (
	"context"
	"iter"
)

// Sweep is a run at each point of a space, or of a shard of it.
type Sweep struct {
	Space
	Shard Shard
	// Resume is an earlier sweep of the same that was not finished: its points
	// are taken as they are. nil is none.
	Resume Opener
}

// Header is that of the sweep's points.
func (s *Sweep) Header() Header { return s.Space.Header("sweep", s.Shard) }

// sweepItem is a point of a sweep: to be run, unless it is known.
type sweepItem struct {
	index int64
	known *Point
	err   error
}

// Run gives take all points in order, and only a few are kept in memory at a time. It
// ends early with the error of ctx; then take has had every point of which the
// run was done or known.
func (s *Sweep) Run(ctx context.Context, opt Options, take func(Point) error) error {
	if err := s.Check(); err != nil {
		return err
	}
	earlier, err := s.Resume.openSame(s.Header())
	if err != nil {
		return err
	}
	last, done, total := int64(-1), int64(0), s.Shard.Count(s.Len())
	runner := s.runner()
	err = inOrder(ctx, &opt, s.items(earlier), func(it sweepItem) sweepItem {
		if it.known == nil && it.err == nil {
			p := runner.run(it.index)
			it.known = &p
		}
		return it
	}, func(it sweepItem) error {
		if it.err != nil {
			return it.err
		}
		last = it.index
		done++
		opt.progress(done, total)
		return take(*it.known)
	})
	if ctx.Err() != nil && err == ctx.Err() {
		if err := s.rest(last, take); err != nil {
			return err
		}
	}
	return err
}

// items are the points of the shard, with what is known of them.
func (s *Sweep) items(earlier *Reader) iter.Seq[sweepItem] {
	return func(yield func(sweepItem) bool) {
		next, stop := func() (Point, error, bool) { return Point{}, nil, false }, func() {}
		if earlier != nil {
			next, stop = iter.Pull2(earlier.Points())
		}
		defer stop()
		point, err, more := next()
		n := s.Len()
		for i := int64(0); i < n; i++ {
			if !s.Shard.has(i) {
				continue
			}
			for more && err == nil && point.Index < i {
				point, err, more = next()
			}
			item := sweepItem{index: i, err: err}
			if more && point.Index == i {
				p := point
				p.Set = s.At(i)
				item.known = &p
			}
			if !yield(item) || err != nil {
				return
			}
		}
	}
}

// rest gives take what was known already of the points after the last one.
func (s *Sweep) rest(last int64, take func(Point) error) error {
	earlier, err := s.Resume.openSame(s.Header())
	if err != nil || earlier == nil {
		return err
	}
	for p, err := range earlier.Points() {
		if err != nil {
			return err
		}
		if p.Index <= last || p.Index >= s.Len() || !s.Shard.has(p.Index) {
			continue
		}
		p.Set = s.At(p.Index)
		if err := take(p); err != nil {
			return err
		}
	}
	return nil
}
