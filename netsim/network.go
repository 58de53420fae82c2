package netsim

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"rstlab/netsim/trace"
	"rstlab/netsim/vtime"
)

// DefaultStepLimit is the number of steps after which a run is taken for a
// live-lock, unless [Config.StepLimit] says otherwise.
const DefaultStepLimit = 100_000_000

// Config says how a network runs. The zero value is good: seed 0, everything
// traced.
type Config struct {
	// Seed is where everything random in the run begins: initial sequence
	// numbers, ephemeral ports, jitter, loss. The same network with the same
	// seed gives the same trace.
	Seed uint64
	// HashOnly saves memory in long runs: the trace is hashed and goes to Sinks,
	// but is not kept.
	HashOnly bool
	// Sinks take the trace as it grows.
	Sinks []trace.Sink
	// StepLimit is how many steps a run may take before it fails with a
	// [StepLimitError]; 0 means [DefaultStepLimit].
	StepLimit uint64
	// Choosing sets time aside and leaves the order of events to a chooser; the
	// zero value does not.
	Choosing Choosing
	// TimeLimit is the virtual time at which Run ends in any case, with a
	// [TimeLimitError]; 0 is none.
	TimeLimit vtime.Time
}

// Network is hosts and routers, the links between them, and the one agenda of
// what happens next. Its methods, and those of everything in it, are called by
// one goroutine: the one that calls Run, and during Run the procs, of which
// exactly one runs at a time.
type Network struct {
	cfg    Config
	agenda vtime.Agenda
	rec    *trace.Recorder
	event  trace.Event // scratch: what is recorded next

	nodes  []*node // hosts and routers in order of creation
	hosts  []*Host
	links  []*Link
	byName map[string]*node
	byAddr map[netip.Addr]*node
	routes map[*node][]*port // towards a node: the port to leave each node by

	procs   roster[*Proc] // alive, in order of creation
	idle    []*coroutine  // whose proc has ended
	ready   queue[*Proc]
	awake   queue[*Socket] // sockets whose blocked calls must be tried again
	running *Proc

	steps   uint64
	packets uint64 // number of the last packet
	free    *flight
	gro     gro
	choose  *choosing // nil without a chooser

	triggers []*Trigger // that have not fired, in order of creation
	watching bool       // the trace has our sink
	errs     []error
	closed   bool
}

// New returns an empty network at time 0.
func New(cfg Config) *Network {
	if cfg.StepLimit == 0 {
		cfg.StepLimit = DefaultStepLimit
	}
	n := &Network{
		cfg:    cfg,
		rec:    trace.NewRecorder(!cfg.HashOnly),
		byName: map[string]*node{},
		byAddr: map[netip.Addr]*node{},
	}
	if cfg.Choosing.Chooser != nil {
		n.choose = &choosing{Choosing: cfg.Choosing, limit: vtime.MaxTime}
	}
	n.rec.Header.Seed = cfg.Seed
	n.rec.Header.Start = vtime.Epoch
	for _, s := range cfg.Sinks {
		n.rec.Attach(s)
	}
	return n
}

// Now is the virtual time.
func (n *Network) Now() vtime.Time { return n.agenda.Now() }

// Trace is what happened so far; nil with [Config.HashOnly].
func (n *Network) Trace() *trace.Trace { return n.rec.Trace() }

// Hash identifies what happened so far. Two runs with the same hash are the
// same run.
func (n *Network) Hash() trace.Hash { return n.rec.Hash() }

// Recorder gives access to the trace's header, counts and sinks.
func (n *Network) Recorder() *trace.Recorder { return n.rec }

// Hosts are the network's hosts, in order of creation.
func (n *Network) Hosts() []*Host { return n.hosts }

// Err is every mistake made so far in building the network: a name used twice,
// a setting out of range. [Network.Run] returns it too and does not start.
func (n *Network) Err() error { return errors.Join(n.errs...) }

func (n *Network) mistake(format string, args ...any) {
	n.errs = append(n.errs, fmt.Errorf("netsim: "+format, args...))
}

// At calls f at the virtual time t, or now when t is past. f can change the
// network: links, rules, hosts; it must not block.
func (n *Network) At(t vtime.Time, f func()) {
	e := vtime.NewEvent(f)
	e.SetOwner(n)
	n.agenda.Schedule(t, e)
}

// After is [Network.At] with a span from now.
func (n *Network) After(d time.Duration, f func()) { n.At(n.Now().Add(d), f) }

// Stats counts what a run did.
type Stats struct {
	Steps   uint64 // steps of the loop
	Events  uint64 // events of the trace
	Packets uint64 // packets sent
	Time    vtime.Time
}

// Stats are the counts so far.
func (n *Network) Stats() Stats {
	counts := n.rec.Counts()
	return Stats{Steps: n.steps, Events: counts.Events, Packets: counts.Sent + counts.Injected, Time: n.Now()}
}

// Close ends the run where it is and frees everything: procs are unwound,
// engines closed. No goroutine stays behind. The trace remains.
func (n *Network) Close() {
	if n.closed {
		return
	}
	n.closed = true
	for _, p := range n.procs.all() {
		if p.co != nil {
			p.co.stop()
		}
		if p.task != nil {
			p.killed = true
			p.task.step()
		}
	}
	n.procs = roster[*Proc]{}
	for _, co := range n.idle {
		co.stop()
	}
	n.idle = nil
	n.agenda.Clear()
	for _, h := range n.hosts {
		h.closeEngine()
	}
}
