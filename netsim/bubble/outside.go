package bubble

import (
	"sync"

	"rstlab/netsim"
)

// A bubble never becomes idle while one of netstack's goroutines is in it: their
// park is not durable. Therefore stacks are built on a goroutine that was
// started before any bubble, and what they start belongs to no bubble. The
// channels too are made outside: only so may both sides use them.
var outside struct {
	mu   sync.Mutex // one build at a time
	want chan func() (netsim.Engine, error)
	got  chan built

	watch, unwatch chan *pulse
}

type built struct {
	engine netsim.Engine
	err    error
}

func init() {
	outside.want, outside.got = make(chan func() (netsim.Engine, error)), make(chan built)
	outside.watch, outside.unwatch = make(chan *pulse), make(chan *pulse)
	go func() {
		var w watchdog
		for {
			select {
			case build := <-outside.want:
				e, err := build()
				outside.got <- built{e, err}
			case p := <-outside.watch:
				w.add(p)
			case p := <-outside.unwatch:
				w.remove(p)
			case <-w.tick():
				w.look()
			}
		}
	}()
}

// buildOutside makes the netstack engine of a host outside the bubble.
func buildOutside(host netsim.HostConfig) func(netsim.EngineConfig) (netsim.Engine, error) {
	build := netsim.Netstack(host)
	return func(cfg netsim.EngineConfig) (netsim.Engine, error) {
		outside.mu.Lock()
		defer outside.mu.Unlock()
		outside.want <- func() (netsim.Engine, error) { return build(cfg) }
		b := <-outside.got
		return b.engine, b.err
	}
}
