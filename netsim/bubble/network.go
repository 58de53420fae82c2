package bubble

import (
	"fmt"
	"net"
	"slices"
	"strings"
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

	kick    chan struct{} // something was submitted
	stopped chan struct{} // the driver has ended

	mu      sync.Mutex
	hosts   []*Host
	pending []*request // submitted, not yet begun
	seq     uint64
	closing bool

	blocked []*request // begun, not yet complete; the driver's own

	test testState // what the test wants of the network: faults, waits
}

// New returns a network for the bubble that it is called in: call it in the
// function given to [testing/synctest.Test]. It ends with the test.
func New(t testing.TB, cfg Config) *Network {
	t.Helper()
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
		t.Fatal(err)
	}
	go n.drive()
	t.Cleanup(n.report) // after Close
	t.Cleanup(n.Close)
	return n
}

// now is the bubble's time as virtual time: both begin at [vtime.Epoch].
func now() vtime.Time { return vtime.FromDate(time.Now()) }

// Host adds a host.
func (n *Network) Host(name string, cfg netsim.HostConfig) *Host {
	n.mu.Lock()
	defer n.mu.Unlock()
	if cfg.Engine == nil {
		cfg.Engine = buildOutside(cfg)
	}
	h := &Host{net: n, index: len(n.hosts), sim: n.sim.Host(name, cfg)}
	n.hosts = append(n.hosts, h)
	if err := n.sim.Err(); err != nil {
		n.t.Fatal(err)
	}
	return h
}

// Sim is the network below, for links, routers and faults. Between
// [Network.Do] and other calls of this package nothing else may touch it.
func (n *Network) Sim() *netsim.Network { return n.sim }

// Do calls f on the driver, when everything else in the bubble is blocked: f
// may change links, rules and hosts.
func (n *Network) Do(f func(*netsim.Network)) {
	r := &request{host: -1, op: "do", run: func(*netsim.Proc) { f(n.sim) }}
	if n.submit(r) {
		<-r.done
	}
}

// Link joins two hosts.
func (n *Network) Link(a, b *Host, cfg netsim.LinkConfig) *netsim.Link {
	n.t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	l := n.sim.Link(a.sim, b.sim, cfg)
	if err := n.sim.Err(); err != nil {
		n.t.Fatal(err)
	}
	return l
}

// Hash identifies what has happened so far.
func (n *Network) Hash() string {
	hash := ""
	n.Do(func(sim *netsim.Network) { hash = sim.Hash().String() })
	return hash
}

// Close ends the network: every call blocked on it returns [net.ErrClosed].
func (n *Network) Close() {
	n.mu.Lock()
	n.closing = true
	n.mu.Unlock()
	n.wake()
	<-n.stopped
}

func (n *Network) wake() {
	select {
	case n.kick <- struct{}{}:
	default:
	}
}

// deadlock describes the calls that wait.
func (n *Network) deadlock() string {
	var b strings.Builder
	fmt.Fprintf(&b, "bubble: dead-lock at %v of virtual time: nothing has happened on the network for %v, and %d calls wait",
		now(), n.cfg.Horizon, len(n.blocked))
	for _, r := range n.blocked {
		fmt.Fprintf(&b, "\n\t%s", r)
	}
	return b.String()
}

var errClosed error = net.ErrClosed

func (n *Network) forget(r *request) {
	if i := slices.Index(n.blocked, r); i >= 0 {
		n.blocked = slices.Delete(n.blocked, i, i+1)
	}
}
