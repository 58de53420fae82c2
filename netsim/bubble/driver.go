package bubble

import (
	"fmt"
	"slices"
	"testing/synctest"
	"time"

	"rstlab/netsim"
	"rstlab/netsim/vtime"
)

// drive is the loop. It acts only while every other goroutine of the bubble is
// blocked, so that what it does next does not depend on the scheduler: first
// the network at the current instant, then the calls that were submitted, in
// canonical order. Only then it tells the goroutines whose calls are complete,
// all together; when none is, it lets time pass.
func (n *Network) drive() {
	defer close(n.stopped)
	defer explain()
	outside.watch <- &n.pulse
	defer func() { outside.unwatch <- &n.pulse }()
	timer := time.NewTimer(n.cfg.Horizon)
	defer timer.Stop()
	for {
		n.pulse.waiting.Store(true)
		synctest.Wait()
		n.pulse.waiting.Store(false)
		n.pulse.rounds.Add(1)
		n.count()
		n.advance()
		n.perform()
		if n.isClosing() {
			n.end()
			return
		}
		if n.release() {
			continue
		}
		n.sleep(timer)
	}
}

func (n *Network) isClosing() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.closing
}

// rounds is how many rounds of calls there may be at one instant.
const rounds = 1_000_000

// count counts the rounds at one instant: programs that call each other without
// end and without delay would otherwise hang.
func (n *Network) count() {
	n.round++
	if at := now(); at != n.instant {
		n.instant, n.round = at, 0
	}
	if n.round == rounds {
		n.fail(fmt.Sprintf("bubble: live-lock: %d rounds of calls at %v of virtual time, which does not advance: give links a delay, or loops a sleep%s",
			rounds, n.instant, n.waits()))
	}
}

// fail ends the network because of something that must not be.
func (n *Network) fail(message any) {
	n.t.Error(message)
	n.mu.Lock()
	n.closing = true
	n.mu.Unlock()
}

// advance does everything on the network up to now.
func (n *Network) advance() {
	if err := n.sim.RunUntil(n.instant); err != nil && !n.isClosing() {
		n.fail(err)
	}
}

// perform begins what was submitted, one after the other, each with all that
// follows from it on the network at this instant.
func (n *Network) perform() {
	n.mu.Lock()
	n.pending, n.batch = n.batch[:0], n.pending
	n.mu.Unlock()
	if len(n.batch) > 1 {
		slices.SortFunc(n.batch, (*request).compare)
	}
	for i, r := range n.batch {
		n.batch[i] = nil
		n.begin(r)
		n.advance()
	}
}

// begin performs a request as far as it goes; it may block in the simulation.
func (n *Network) begin(r *request) {
	r.since = n.instant
	n.progress = r.since
	switch {
	case r.op == opWait:
		n.waiters = append(n.waiters, r)
	case r.op == opDo, r.op == opCancel:
		r.err = r.run(nil)
		n.complete(r)
	case r.op == opSet:
		r.err = r.conn.applyDeadline(r)
		n.complete(r)
	case r.op == opSend:
		r.conn.sends++
		n.start(r) // no gate: a Write that waits is to see its deadline
	case r.endsSending() && r.conn.sends > 0 && r.conn.linger.Load() != 0:
		r.conn.hold(r)
	default:
		r.place = len(n.begun)
		n.begun = append(n.begun, r)
		if r.gate == nil || r.gate.enter(r) {
			n.start(r)
		}
	}
}

// start runs a request where it can wait for the network: the calls that programs
// make most are tasks, all others have a proc of their own.
func (n *Network) start(r *request) {
	switch {
	case r.op == opSend:
		r.task.SendWhole(r.label, r.conn.sim, r.buf, r.then)
		return
	case r.op == opRead && len(r.buf) > 0:
		r.task.Read(r.label, r.conn.sim, r.buf, r.then)
		return
	}
	r.host.sim.Go(r.label, func(p *netsim.Proc) {
		defer n.complete(r) // also when the host or the network ends under it
		r.err = r.perform(p)
	})
}

// perform does what the request asks for.
func (r *request) perform(p *netsim.Proc) (err error) {
	switch r.op {
	case opRead:
		r.n, err = r.conn.sim.Read(r.buf)
	case opWrite:
		r.n, err = r.conn.sim.Write(r.buf)
	default:
		err = r.run(p)
	}
	return err
}

// complete takes note that a request is at its end. Its goroutine is told by
// release.
func (n *Network) complete(r *request) {
	if r.over {
		return
	}
	r.over = true
	n.finished = append(n.finished, r)
	if i := r.place; i < len(n.begun) && n.begun[i] == r {
		last := len(n.begun) - 1
		n.begun[i] = n.begun[last]
		n.begun[i].place = i
		n.begun[last] = nil
		n.begun = n.begun[:last]
	}
	if r.gate != nil {
		if next := r.gate.leave(); next != nil && !n.ended {
			n.start(next)
		}
	}
	if r.op == opSend {
		r.conn.sent(r)
	}
}

// release tells the goroutines whose calls are complete; false when there is
// none, so that nothing new can come at this instant. When nothing is left to
// happen, these are those that wait for just that.
func (n *Network) release() bool {
	if len(n.finished) == 0 {
		if next, ok := n.sim.Next(); ok && next <= n.instant {
			return true
		}
		n.finished, n.waiters = append(n.finished, n.waiters...), n.waiters[:0]
	}
	if len(n.finished) == 0 {
		return false
	}
	n.progress = n.instant
	n.mu.Lock()
	defer n.mu.Unlock()
	told := false
	for i, r := range n.finished {
		n.finished[i] = nil
		if r.op.queues() {
			n.recycle(r)
		} else {
			r.done <- struct{}{}
			told = true
		}
	}
	n.finished = n.finished[:0]
	return told || len(n.waiters) > 0
}

// sleep lets time pass until the next thing on the network, or until a call is
// submitted.
func (n *Network) sleep(timer *time.Timer) {
	next, ok := n.sim.Next()
	horizon := n.progress.Add(n.cfg.Horizon)
	if !ok || next > horizon {
		next, ok = horizon, len(n.begun) > 0 || n.noted < horizon
	}
	n.mu.Lock()
	if n.closing || len(n.pending) > 0 {
		n.mu.Unlock()
		return
	}
	n.asleep = true
	n.mu.Unlock()
	if !ok {
		// Nothing will happen on the network, and nobody waits for it, which note
		// has said. When the rest of the bubble does not go on either, synctest
		// ends it.
		<-n.kick
		return
	}
	timer.Reset(next.Sub(n.instant))
	select {
	case <-n.kick:
		return
	case <-timer.C:
	}
	n.mu.Lock()
	if !n.asleep {
		<-n.kick
	}
	n.asleep = false
	pending := len(n.pending)
	n.mu.Unlock()
	if pending > 0 || now() < horizon {
		return
	}
	synctest.Wait() // what else is due now may submit a call
	n.mu.Lock()
	pending = len(n.pending)
	n.mu.Unlock()
	switch {
	case pending > 0:
	case len(n.begun) > 0:
		n.fail(n.deadlock())
	default:
		n.noted = horizon
		n.note()
	}
}

// end unwinds what waits and frees the network.
func (n *Network) end() {
	n.ended = true
	n.sim.Close()
	for len(n.begun) > 0 {
		n.complete(n.begun[len(n.begun)-1])
	}
	n.mu.Lock()
	n.finished = append(n.finished, n.pending...)
	n.pending = nil
	n.mu.Unlock()
	n.finished = append(n.finished, n.waiters...)
	n.waiters = nil
	if len(n.finished) > 0 {
		n.release()
	}
}

// now is the bubble's time as virtual time: both begin at [vtime.Epoch].
func now() vtime.Time { return vtime.FromDate(time.Now()) }
