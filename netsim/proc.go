package netsim

import (
	"fmt"
	"runtime/debug"
	"time"

	"rstlab/netsim/vtime"
)

// Proc is application code on a host. Procs run one at a time, each until it
// blocks in a call of its sockets or in Sleep, so that they need no locks and
// their order is the same in every run.
type Proc struct {
	net    *Network
	host   *Host // nil for one that [Network.Go] started
	name   string
	daemon bool
	co     *coroutine // on which it runs; nil before it first runs and after its end
	task   *Task      // which it is part of, in place of a coroutine; or nil
	f      func(*Proc)
	place  int // in Network.procs
	done   bool
	killed bool
	queued bool // stands in Network.ready
	alarm  vtime.Event

	everywhere bool // what it does next may touch other hosts; see Yield

	waiting string // for what it blocks; "" when it runs or can run
	since   vtime.Time
	socket  *Socket // on which it blocks, or nil
}

// killedError is what a killed proc's stack is unwound with.
type killedError struct{ p *Proc }

// Go starts a proc on the host: f runs when [Network.Run] comes to it. The
// name is for traces and messages; "" takes the host's name.
func (h *Host) Go(name string, f func(p *Proc)) *Proc {
	if name == "" {
		name = h.name
	}
	return h.net.start(&Proc{net: h.net, host: h, name: name, f: f})
}

// Go starts a proc that runs on no host: an operator who acts on the network
// from outside. It has no sockets of its own, and no host takes it along when it
// is powered off.
func (n *Network) Go(name string, f func(p *Proc)) *Proc {
	return n.start(&Proc{net: n, name: name, f: f})
}

func (n *Network) start(p *Proc) *Proc {
	n.procs.add(p)
	n.wake(p)
	return p
}

func (p *Proc) position() *int { return &p.place }

// main runs the proc's function. A proc is like a thread: sockets stay open
// when it ends.
func (p *Proc) main() {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case killedError:
		default:
			panic(fmt.Sprintf("netsim: proc %s panicked: %v\n\n%s", p.path(), r, debug.Stack()))
		}
	}()
	if !p.killed { // before it began
		p.f(p)
	}
}

// resume lets the proc run until it blocks or ends.
func (p *Proc) resume() {
	n := p.net
	p.queued = false
	if p.done {
		return
	}
	p.waiting, p.socket = "", nil
	if p.task != nil {
		n.running = p
		p.task.step()
		n.running = nil
		return
	}
	if p.co == nil {
		p.co = n.coroutine()
		p.co.proc = p
	}
	n.running = p
	p.co.next()
	n.running = nil
	if p.co.proc == nil {
		n.idle = append(n.idle, p.co)
		p.done, p.co, p.f = true, nil, nil
		n.procs.remove(p)
	}
}

// wake puts the proc among those that can run.
func (n *Network) wake(p *Proc) {
	if !p.queued && !p.done {
		p.queued = true
		n.ready.push(p)
	}
}

// park blocks the proc until it is woken.
func (p *Proc) park(what string, s *Socket) {
	if p.killed {
		panic(killedError{p})
	}
	p.waiting, p.since, p.socket = what, p.net.Now(), s
	if !p.co.yield(struct{}{}) || p.killed {
		p.killed = true
		panic(killedError{p})
	}
}

// Host is the host that the proc runs on; nil for one that [Network.Go] started.
func (p *Proc) Host() *Host { return p.host }

// Name is the proc's name.
func (p *Proc) Name() string { return p.name }

// Now is the virtual date: [vtime.Epoch] plus the time since the run began.
func (p *Proc) Now() time.Time { return p.net.Now().Date() }

// Elapsed is the virtual time since the run began.
func (p *Proc) Elapsed() time.Duration { return p.net.Now().Since() }

// Sleep blocks the proc for d of virtual time. With d of zero or less the other
// procs that can run do so first.
func (p *Proc) Sleep(d time.Duration) { p.SleepUntil(p.net.Now().Add(d)) }

// node is that of the proc's host; nil without one.
func (p *Proc) node() *node {
	if p.host == nil {
		return nil
	}
	return &p.host.n
}

// path is the proc's name with that of its host: "server/worker".
func (p *Proc) path() string {
	if p.host == nil {
		return p.name
	}
	return p.host.name + "/" + p.name
}

// mustRun panics when it is not the proc itself that calls a method which
// blocks it.
func (p *Proc) mustRun(what string) {
	if p.killed {
		panic(killedError{p})
	}
	if p.net.running != p {
		who := "no proc"
		if q := p.net.running; q != nil {
			who = q.path()
		}
		panic(fmt.Sprintf("netsim: proc %s %s while %s runs: each proc calls methods of its own Proc", p.path(), what, who))
	}
}

// SleepUntil blocks the proc until the virtual time t.
func (p *Proc) SleepUntil(t vtime.Time) {
	p.mustRun("sleeps")
	n := p.net
	p.alarm.Init(func() {
		p.everywhere = false
		n.wake(p)
	})
	p.alarm.SetOwner(p)
	n.agenda.Schedule(t, &p.alarm)
	p.park("sleep", nil)
}

// Yield lets a [Config.Choosing] chooser decide when the proc goes on; without
// one it does nothing. everywhere says that what the proc does next may touch
// other hosts than its own, as cutting a link does.
func (p *Proc) Yield(everywhere bool) {
	if n := p.net; n.choose != nil {
		p.everywhere = everywhere
		p.SleepUntil(n.Now())
	}
}

// Daemon marks the proc as one that may wait for ever, as a server does that
// accepts: it is no dead-lock when nothing is left to happen.
func (p *Proc) Daemon() { p.daemon = true }

// Kill ends the proc at once, as SIGKILL ends a process: it runs no further, and
// its host closes the sockets that it made, with FIN or RST as their queues say,
// without lingering. Deferred functions of the proc run, but can do nothing: all
// calls fail.
func (p *Proc) Kill() {
	if p.done || p.killed {
		return
	}
	n := p.net
	n.fault(p.node(), "kill "+p.name)
	n.agenda.Cancel(&p.alarm)
	p.killed = true
	if p.host != nil {
		p.closeSockets()
	}
	if n.running == p {
		panic(killedError{p})
	}
	n.wake(p)
}

// closeSockets has the host of a killed proc close what the proc has made.
func (p *Proc) closeSockets() {
	sockets := p.host.sockets.all()
	for _, s := range sockets {
		s.abandon(p)
	}
	for _, s := range sockets {
		if s.owner == p {
			s.close(lingerNever)
		}
	}
}
