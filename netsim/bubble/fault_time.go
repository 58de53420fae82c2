package bubble

import (
	"fmt"
	"net"
	"os"
	"slices"
	"time"

	"rstlab/netsim"
	"rstlab/netsim/link"
	"rstlab/netsim/trace"
	"rstlab/netsim/vtime"
)

// alarm is what At has to do at one instant, in the order in which it was asked
// to.
type alarm struct{ todo []func() }

// At calls f when the virtual time since the start of the bubble is d, the time
// that ladders show; when that is past, at once. f runs in a goroutine of
// its own and may do what a test may do: set faults, close connections, sleep.
// Functions for the same instant run one after the other in order of their At.
// Those that are due after the end of the test or network do not run.
func (n *Network) At(d time.Duration, f func()) {
	at := max(vtime.Time(d), now())
	n.mu.Lock()
	defer n.mu.Unlock()
	if a := n.test.alarms[at]; a != nil {
		a.todo = append(a.todo, f)
		return
	}
	if n.test.alarms == nil {
		n.test.alarms = map[vtime.Time]*alarm{}
	}
	n.test.alarms[at] = &alarm{todo: []func(){f}}
	time.AfterFunc(at.Sub(now()), func() { n.ring(at) })
}

// After is [Network.At] with a span from now.
func (n *Network) After(d time.Duration, f func()) { n.At(now().Since()+max(d, 0), f) }

// ring does what is to be done at an instant, and what is added meanwhile.
func (n *Network) ring(at vtime.Time) {
	for {
		n.mu.Lock()
		a := n.test.alarms[at]
		if n.closing || len(a.todo) == 0 {
			delete(n.test.alarms, at)
			n.mu.Unlock()
			return
		}
		f := a.todo[0]
		a.todo = a.todo[1:]
		n.mu.Unlock()
		f()
	}
}

// waiter waits for an event. The driver owns it until done is closed.
type waiter struct {
	want  func(*trace.Event) bool
	event trace.Event
	done  chan struct{}
}

// take shows the waiter an event and reports whether it is the one.
func (w *waiter) take(e *trace.Event) bool {
	if !w.want(e) {
		return false
	}
	w.event = *e
	close(w.done)
	return true
}

// WaitFor waits until an event of the trace is one that is wanted, for at most
// the timeout of virtual time; 0 is [Config.Horizon]. want is shown every event
// once, in order, those of the past first (none with [Config.HashOnly]). So an
// event that has happened already is found, and does not depend on which
// goroutine is faster. want must return at once, and call nothing of this
// package. "Until the server has sent its FIN" is
//
//	n.WaitFor(time.Minute, bubble.Sent(server, "F"))
//
// An error says that the time is over ([os.ErrDeadlineExceeded]) or the network
// has ended ([net.ErrClosed]).
func (n *Network) WaitFor(timeout time.Duration, want func(*trace.Event) bool) (trace.Event, error) {
	w := &waiter{want: want, done: make(chan struct{})}
	if timeout <= 0 {
		timeout = n.cfg.Horizon
	}
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	n.Do(func(*netsim.Network) { n.await(w) })
	select {
	case <-w.done:
		return w.event, nil
	case <-n.stopped:
		return trace.Event{}, fmt.Errorf("bubble: wait for an event: %w", net.ErrClosed)
	case <-timer.C:
	}
	n.Do(func(*netsim.Network) { // what the network did at this instant still counts
		n.test.waiters = slices.DeleteFunc(n.test.waiters, func(x *waiter) bool { return x == w })
	})
	select {
	case <-w.done:
		return w.event, nil
	default:
		return trace.Event{}, fmt.Errorf("bubble: no such event until %v, in %v of virtual time: %w", now(), timeout, os.ErrDeadlineExceeded)
	}
}

// await shows a waiter the past, and leaves it for the future.
func (n *Network) await(w *waiter) {
	if past := n.sim.Trace(); past != nil {
		for i := range past.Events {
			if w.take(&past.Events[i]) {
				return
			}
		}
	}
	if !n.test.watching {
		n.test.watching = true
		n.sim.Recorder().Attach((*watcher)(n))
	}
	n.test.waiters = append(n.test.waiters, w)
}

// watcher is the network as the sink of its trace.
type watcher Network

// Event implements [trace.Sink].
func (n *watcher) Event(e *trace.Event) error {
	n.test.waiters = slices.DeleteFunc(n.test.waiters, func(w *waiter) bool { return w.take(e) })
	return nil
}

// Sent describes to [Network.WaitFor] a packet that matches (see [link.Match]) and
// leaves the host. It panics when the match cannot be read. Use it once: it
// remembers what it has seen.
func Sent(from *Host, match string) func(*trace.Event) bool {
	return netsim.Sends(from.sim, link.MustMatch(match))
}

// Delivered is [Sent] for a packet that has arrived at the host.
func Delivered(at *Host, match string) func(*trace.Event) bool {
	return netsim.Receives(at.sim, link.MustMatch(match))
}
