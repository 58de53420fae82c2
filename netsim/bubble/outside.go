package bubble

import (
	"sync"

	"rstlab/netsim"
	"rstlab/netsim/netstack"
)

// A bubble never becomes idle while one of netstack's goroutines is in it: their
// park is not durable. Therefore stacks are built on a goroutine that was
// started before any bubble, and what they start belongs to no bubble. The
// channels too are made outside: only so may both sides use them.
var outside struct {
	mu   sync.Mutex // one build at a time
	want chan netstack.Config
	got  chan built

	watch, unwatch chan *pulse
}

type built struct {
	engine *netstack.Engine
	err    error
}

func init() {
	outside.want, outside.got = make(chan netstack.Config), make(chan built)
	outside.watch, outside.unwatch = make(chan *pulse), make(chan *pulse)
	go func() {
		var w watchdog
		for {
			select {
			case cfg := <-outside.want:
				e, err := netstack.New(cfg)
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
	return func(cfg netsim.EngineConfig) (netsim.Engine, error) {
		outside.mu.Lock()
		defer outside.mu.Unlock()
		outside.want <- netstack.Config{
			Addrs: cfg.Addrs, MTU: cfg.MTU, Agenda: cfg.Agenda, Fired: cfg.Fired, Seed: cfg.Seed,
			TimeWait: host.TimeWait, Congestion: host.Congestion,
		}
		b := <-outside.got
		if b.err != nil {
			return nil, b.err
		}
		return b.engine, nil
	}
}
