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
//
// This goroutine is one of the workers, and takes what is done between two runs
// of its own. So no run is handed from one goroutine to another, and one worker
// is this goroutine alone.
func inOrder[I, T any](ctx context.Context, opt *Options, items iter.Seq[I], run func(I) T, take func(T) error) error {
	workers := opt.Workers
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	next, stop := iter.Pull(items)
	defer stop()
	l := &line[I, T]{ctx: ctx, next: next, run: run, slots: make([]slot[T], ahead*workers)}
	l.moved.L = &l.mu
	var helpers sync.WaitGroup
	defer helpers.Wait()
	defer l.close()
	for range workers - 1 {
		helpers.Go(l.help)
	}
	if err := l.lead(take); err != nil {
		return err
	}
	return ctx.Err()
}

// line are the items that workers have begun with and whose results nobody has
// taken: from number first to end-1.
type line[I, T any] struct {
	ctx context.Context
	run func(I) T

	mu         sync.Mutex // of all below, and next is called with it
	moved      sync.Cond  // the first result is there, or there is room, or it is over
	next       func() (I, bool)
	slots      []slot[T] // of item i in i % len
	first, end int
	over       bool // there are no more items
}

// slot is where the result of an item is put.
type slot[T any] struct {
	done   bool
	result T
}

func (l *line[I, T]) slot(i int) *slot[T] { return &l.slots[i%len(l.slots)] }

func (l *line[I, T]) full() bool { return l.end-l.first == len(l.slots) }

// close has the helpers end.
func (l *line[I, T]) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
	l.moved.Broadcast()
}

// work runs the next item, with mu held before and after but not meanwhile. It
// is false when there is none.
func (l *line[I, T]) work() bool {
	if l.over || l.ctx.Err() != nil {
		l.over = true
		return false
	}
	item, ok := l.next()
	if !ok {
		l.over = true
		return false
	}
	i := l.end
	l.end++
	result := slot[T]{done: true}
	l.unlocked(func() { result.result = l.run(item) })
	*l.slot(i) = result
	if i == l.first {
		l.moved.Broadcast()
	}
	return true
}

// help works until all is over, and waits while there is no room.
func (l *line[I, T]) help() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		for l.full() && !l.over {
			l.moved.Wait()
		}
		if !l.work() {
			return
		}
	}
}

// lead gives take the results in order, and works when the next one is not there
// yet.
func (l *line[I, T]) lead(take func(T) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		if err := l.deliver(take); err != nil {
			return err
		}
		switch {
		case !l.full() && l.work():
		case l.first == l.end:
			return nil
		case !l.slot(l.first).done:
			l.moved.Wait()
		}
	}
}

// deliver gives take what is there, with mu held before and after but not
// meanwhile.
func (l *line[I, T]) deliver(take func(T) error) error {
	for l.first < l.end && l.slot(l.first).done {
		result := l.slot(l.first).result
		*l.slot(l.first) = slot[T]{}
		if l.full() {
			l.moved.Broadcast()
		}
		l.first++
		var err error
		l.unlocked(func() { err = take(result) })
		if err != nil {
			return err
		}
	}
	return nil
}

// unlocked calls f without mu, and holds it again even when f panics.
func (l *line[I, T]) unlocked(f func()) {
	l.mu.Unlock()
	defer l.mu.Lock()
	f()
}
