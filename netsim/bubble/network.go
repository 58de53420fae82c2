package bubble

import (
	"net"
	"sync"
	"testing"
	"time"

	"rstlab/netsim"
	"rstlab/netsim/vtime"
)

// Config says how a network runs. The zero value is good.
type Config struct {
	// Seed is where everything random in the network begins; see
	// [netsim.Config].
	Seed uint64
	// Horizon is how much virtual time may pass without anything happening on
	// the network while calls are blocked before that is reported as a
	// dead-lock; 0 means 1000 hours.
	Horizon time.Duration
	// WriteAhead is how many bytes the Writes of a connection may be ahead of its
	// send buffer; 0 means 64 KiB, and only while the buffer is not full, so that
	// Write blocks where that of package net does.
	//
	// A larger value is for programs that hold a [sync.Mutex] in Write, for which
	// other goroutines wait, as HTTP/2 and gRPC do: waiting for a mutex keeps a
	// bubble from being idle, and then no call ever returns. Give it the most that
	// such a connection can have under way.
	WriteAhead int
	// HashOnly does not keep the trace.
	HashOnly bool

	sweep *sweepTable // set by Sweep, whose tests' names say the seed
}

// Network is a simulated network inside a testing/synctest bubble. Its hosts'
// methods may be called by any goroutine of the bubble.
type Network struct {
	t   testing.TB
	sim *netsim.Network
	cfg Config

	pulse   pulse
	kick    chan struct{} // wakes the driver when it is asleep
	stopped chan struct{} // closed when the driver has ended

	mu      sync.Mutex
	hosts   []*Host
	pending []*request // submitted, not yet begun
	spare   []*request // of conns, for use again
	seq     uint64
	asleep  bool // the driver waits for kick
	closing bool

	// What follows is the driver's own.

	batch    []*request // taken from pending
	begun    []*request // begun, not yet complete
	finished []*request // complete, but their goroutines not yet told
	waiters  []*request // of Wait
	progress vtime.Time // when last a call began or ended
	noted    vtime.Time // the horizon at which note has spoken
	instant  vtime.Time // of this round: time stands still while the driver acts
	round    int        // number of rounds at that instant
	ended    bool

	test testState // what the test wants of the network: faults, waits
}

// New returns a network for the bubble that it is called in: call it in the
// function given to [testing/synctest.Test], with the T that this gets. It ends
// with the test. A second network in one bubble, while the first is not closed,
// ends the test.
func New(t testing.TB, cfg Config) *Network {
	t.Helper()
	if !claim(t) {
		t.Fatal("bubble: New: this test has a network already, and a bubble has one at a time: put all hosts on that one, or Close it first")
	}
	if cfg.Horizon == 0 {
		cfg.Horizon = 1000 * time.Hour
	}
	cfg.Seed = seedFor(t, cfg)
	n := &Network{
		t: t, cfg: cfg,
		sim:     netsim.New(netsim.Config{Seed: cfg.Seed, HashOnly: cfg.HashOnly}),
		kick:    make(chan struct{}, 1),
		stopped: make(chan struct{}),
	}
	n.sim.Recorder().Header.Scenario = t.Name()
	if err := n.sim.RunUntil(now()); err != nil {
		unclaim(t)
		t.Fatal(err)
	}
	n.pulse.test = t.Name()
	go n.drive()
	t.Cleanup(n.report) // after Close
	t.Cleanup(n.Close)
	return n
}

// Host adds a host.
func (n *Network) Host(name string, cfg netsim.HostConfig) *Host {
	n.t.Helper()
	if cfg.Engine == nil {
		cfg.Engine = buildOutside(cfg)
	}
	h := &Host{net: n}
	n.build("host "+name, func() {
		h.sim = n.sim.Host(name, cfg)
		n.mu.Lock()
		defer n.mu.Unlock()
		h.index = len(n.hosts)
		n.hosts = append(n.hosts, h)
	})
	return h
}

// Link joins two hosts.
func (n *Network) Link(a, b *Host, cfg netsim.LinkConfig) *netsim.Link {
	n.t.Helper()
	var l *netsim.Link
	n.build("link", func() { l = n.sim.Link(a.sim, b.sim, cfg) })
	return l
}

// build changes the network, and ends the test when that is a mistake.
func (n *Network) build(what string, f func()) {
	n.t.Helper()
	err := error(net.ErrClosed)
	n.Do(func(sim *netsim.Network) {
		f()
		err = sim.Err()
	})
	if err != nil {
		n.t.Fatalf("bubble: %s: %v", what, err)
	}
}

// Sim is the network below, for links, routers and faults. Only functions given
// to [Network.Do] may touch it.
func (n *Network) Sim() *netsim.Network { return n.sim }

// Do calls f on the driver, when everything else in the bubble is blocked: f
// may look at the network below and change links, rules and hosts. It must not
// block and not call this package. After the end of the network Do does nothing.
func (n *Network) Do(f func(*netsim.Network)) {
	r := n.request(nil, opDo)
	r.run = func(*netsim.Proc) error {
		f(n.sim)
		return nil
	}
	n.call(r)
}

// Wait waits until every other goroutine of the bubble is blocked and nothing is
// left to happen on the network at the current instant. It takes the place of
// [testing/synctest.Wait], which would panic: only one goroutine of a bubble may
// be in that, and the network's driver is. Unlike that, Wait may be called by
// several goroutines at once.
func (n *Network) Wait() { n.call(n.request(nil, opWait)) }

// Hash identifies what has happened so far.
func (n *Network) Hash() string {
	hash := ""
	n.Do(func(sim *netsim.Network) { hash = sim.Hash().String() })
	return hash
}

// Close ends the network where it is: every call that waits returns
// [net.ErrClosed], and so does every later one. Close waits until that is done.
// It is called at the end of the test, and may be called before.
func (n *Network) Close() {
	n.mu.Lock()
	n.closing = true
	n.wakeDriver()
	n.mu.Unlock()
	<-n.stopped
	unclaim(n.t)
}
