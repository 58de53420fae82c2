package bubble

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing/synctest"
	"time"

	"rstlab/netsim"
	"rstlab/netsim/vtime"
)

// request is a call of an application's goroutine on its way through the
// driver.
type request struct {
	host, socket int // canonical order: by host, socket, operation, argument
	op, arg      string
	seq          uint64 // then as submitted
	what         string // who waits for what, for messages
	since        vtime.Time
	run          func(*netsim.Proc)
	done         chan struct{}
}

func (r *request) String() string { return fmt.Sprintf("%s, since %v", r.what, r.since) }

func (r *request) compare(s *request) int {
	return cmp.Or(
		cmp.Compare(r.host, s.host), cmp.Compare(r.socket, s.socket),
		strings.Compare(r.op, s.op), strings.Compare(r.arg, s.arg), cmp.Compare(r.seq, s.seq))
}

// submit hands a request to the driver; false when the network has ended.
func (n *Network) submit(r *request) bool {
	r.done = make(chan struct{})
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closing {
		return false
	}
	n.seq++
	r.seq = n.seq
	n.pending = append(n.pending, r)
	n.wake()
	return true
}

// take removes the first pending request, in canonical order.
func (n *Network) take() *request {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.pending) == 0 {
		return nil
	}
	first := 0
	for i, r := range n.pending {
		if r.compare(n.pending[first]) < 0 {
			first = i
		}
	}
	r := n.pending[first]
	n.pending = slices.Delete(n.pending, first, first+1)
	return r
}

// drive is the loop. It acts only when every other goroutine of the bubble is
// blocked, so that what it does next does not depend on the scheduler: first
// the network at the current instant, then one call, then time.
func (n *Network) drive() {
	defer close(n.stopped)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		synctest.Wait()
		if n.isClosing() {
			n.end()
			return
		}
		next, ok := n.sim.Next()
		if ok && next <= now() {
			n.advance()
			continue
		}
		if r := n.take(); r != nil {
			n.begin(r)
			continue
		}
		n.idle(timer, next, ok)
	}
}

func (n *Network) isClosing() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.closing
}

// advance does everything on the network up to now.
func (n *Network) advance() {
	if err := n.sim.RunUntil(now()); err != nil {
		n.t.Error(err)
		n.mu.Lock()
		n.closing = true
		n.mu.Unlock()
	}
}

// begin performs a request as far as it goes; it may block in the simulation.
func (n *Network) begin(r *request) {
	r.since = now()
	if r.host < 0 {
		r.run(nil)
		close(r.done)
		n.advance()
		return
	}
	n.blocked = append(n.blocked, r)
	n.hosts[r.host].sim.Go(r.op, func(p *netsim.Proc) {
		defer func() {
			n.forget(r)
			close(r.done)
		}()
		r.run(p)
	})
	n.advance()
}

// idle waits for the next thing on the network, or for a call.
func (n *Network) idle(timer *time.Timer, next vtime.Time, ok bool) {
	wait := n.cfg.Horizon
	if ok {
		wait = next.Sub(now())
	}
	timer.Reset(wait)
	select {
	case <-n.kick:
	case <-timer.C:
		if !ok && len(n.blocked) > 0 {
			n.t.Error(n.deadlock())
			n.mu.Lock()
			n.closing = true
			n.mu.Unlock()
		}
	}
}

// end unwinds what is blocked and frees the network.
func (n *Network) end() {
	n.mu.Lock()
	pending := n.pending
	n.pending = nil
	n.mu.Unlock()
	for _, r := range pending {
		close(r.done)
	}
	n.sim.Close()
}
