package bubble

import (
	"fmt"
	"os"
	"slices"
	"sync/atomic"
	"time"
)

// pulse shows the outside that a driver lives.
type pulse struct {
	test    string
	rounds  atomic.Uint64
	waiting atomic.Bool // for the bubble to be idle

	seen  uint64 // the watchdog's: rounds when it last looked
	still int    // how often it has seen no new one
}

// The watchdog looks once a second of real time, and barks when a driver has waited
// for so many seconds.
const patience = 5

// watchdog tells of bubbles that do not become idle, on standard error: nothing in
// such a bubble can. It decides nothing.
type watchdog struct {
	pulses []*pulse
	ticker *time.Ticker // while there is something to watch
}

func (w *watchdog) add(p *pulse) {
	w.pulses = append(w.pulses, p)
	if w.ticker == nil {
		w.ticker = time.NewTicker(time.Second)
	}
}

func (w *watchdog) remove(p *pulse) {
	w.pulses = slices.DeleteFunc(w.pulses, func(q *pulse) bool { return q == p })
	if len(w.pulses) == 0 && w.ticker != nil {
		w.ticker.Stop()
		w.ticker = nil
	}
}

func (w *watchdog) tick() <-chan time.Time {
	if w.ticker == nil {
		return nil
	}
	return w.ticker.C
}

func (w *watchdog) look() {
	for _, p := range w.pulses {
		rounds := p.rounds.Load()
		if rounds != p.seen || !p.waiting.Load() {
			p.seen, p.still = rounds, 0
			continue
		}
		if p.still++; p.still == patience {
			fmt.Fprintf(os.Stderr, "bubble: %s: for %d s of real time the bubble has not become idle, so that no call on the network goes on. "+
				"A goroutine computes, or waits for something outside the bubble, or for a mutex that another holds in a call on a connection. "+
				"Programs that write under a mutex, as HTTP/2 and gRPC do, need Config.WriteAhead.\n", p.test, patience)
		}
	}
}
