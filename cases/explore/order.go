package explore

import (
	"context"
	"iter"
	"runtime"
	"sync"
)

// ahead is how many results of a worker wait for those before them.
const ahead = 64

// Options say how a search is carried out. No result depends on them.
type Options struct {
	// Workers is how many runs go on at once; 0 is one for each core that Go
	// uses.
	Workers int
	// Progress is told now and then, by the goroutine that called the search,
	// how much is done of how much there is to do as far as is known.
	Progress func(done, total int64)
}

func (o *Options) progress(done, total int64) {
	if o.Progress != nil {
		o.Progress(done, total)
	}
}

// inOrder calls run for each item, as many at a time as there are workers, and
// take with each result, in the order of the items, on this goroutine. It ends
// early with the error of take, or with that of ctx: then take has had a
// prefix, every item of which run had begun with is in it. It holds a bounded
// number of results.
func inOrder[I, T any](ctx context.Context, opt *Options, items iter.Seq[I], run func(I) T, take func(T) error) error {
	workers := opt.Workers
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	type job struct {
		item I
		out  chan T
	}
	ctx, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	defer group.Wait()
	defer cancel()
	jobs, window := make(chan job), make(chan chan T, ahead*workers)
	for range workers {
		group.Go(func() {
			for j := range jobs {
				j.out <- run(j.item)
			}
		})
	}
	group.Go(func() {
		defer close(window)
		defer close(jobs)
		for item := range items {
			j := job{item, make(chan T, 1)}
			select {
			case jobs <- j:
			case <-ctx.Done():
				return
			}
			select {
			case window <- j.out:
			case <-ctx.Done():
				return
			}
			if ctx.Err() != nil {
				return
			}
		}
	})
	for out := range window {
		if err := take(<-out); err != nil {
			return err
		}
	}
	return ctx.Err()
}
