package cases

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rstlab/netsim"
	"rstlab/netsim/modelstack"
	"rstlab/netsim/trace"
	"rstlab/netsim/vtime"
	"rstlab/tcpmodel"
)

// DefaultLimit ends a run of a scenario that does not say when: long enough for
// every timer of TCP but keepalive.
const DefaultLimit = time.Hour

// RunConfig says how to run a scenario. The zero value is seed 0 and no trace.
type RunConfig struct {
	// Seed is where everything random begins.
	Seed uint64
	// KeepTrace keeps the events for [Result.Trace].
	KeepTrace bool
	// Sinks take the trace as it grows.
	Sinks []trace.Sink
	// Choosing sets time aside and leaves the order of events to a chooser: the
	// step of each proc that is next can be done at any time, and a sleep is over
	// at any time.
	Choosing netsim.Choosing
	// StepLimit is how many steps of the simulator a run may take before it fails
	// with a [netsim.StepLimitError]; 0 means [netsim.DefaultStepLimit].
	StepLimit uint64
	// Stacks are the stacks of hosts by name, in place of what the scenario says;
	// that of "" is for all hosts that are not named. See [Stacks].
	Stacks map[string]string
}

// check reports what is wrong with the stacks.
func (cfg *RunConfig) check(s *Scenario) error {
	for _, host := range slices.Sorted(maps.Keys(cfg.Stacks)) {
		if stack := cfg.Stacks[host]; !slices.Contains(Stacks(), stack) {
			return fmt.Errorf("unknown stack %q: want one of %s", stack, strings.Join(Stacks(), ", "))
		}
		if host != "" && !slices.ContainsFunc(s.Hosts, func(h Host) bool { return h.Name == host }) {
			return fmt.Errorf("a stack for host %q, which scenario %s does not have", host, s.Name)
		}
	}
	return nil
}

// stack is the stack that a host runs.
func (cfg *RunConfig) stack(h *Host) string {
	if s, ok := cfg.Stacks[h.Name]; ok {
		return s
	}
	if s, ok := cfg.Stacks[""]; ok {
		return s
	}
	if h.Stack.IsSet() {
		return h.Stack.Text
	}
	return DefaultStack
}

// Result is what came of a run.
type Result struct {
	Scenario     string
	Seed         uint64
	Params       []Setting
	Outcome      Outcome
	Observations []Observation // in the order in which the calls began
	Unread       []Unread      // what had arrived and was never read, by proc
	Hash         trace.Hash
	Trace        *trace.Trace // nil unless [RunConfig.KeepTrace]
	Stats        netsim.Stats
	// Clauses are the rules that hosts on a model have followed; empty when all hosts
	// run netstack.
	Clauses tcpmodel.ClauseSet
	// Limited says that the run ended at its limit of virtual time, with something
	// left to happen.
	Limited bool
}

// Unread is received data that a proc left in the receive queue of its current
// socket.
type Unread struct {
	Proc  string `json:"proc"`
	Bytes int    `json:"bytes"`
}

// runner is a run in progress.
type runner struct {
	scenario *Scenario
	cfg      RunConfig
	net      *netsim.Network
	nodes    map[string]netsim.Node
	hosts    map[string]*netsim.Host
	links    map[[2]string]*netsim.Link // by the names of the ends, both ways round
	procs    map[string]*netsim.Proc
	sockets  map[socketName]*netsim.Socket
	programs []*program
	killed   map[string]bool
	choosing bool // there is a chooser
	// contained says that all that the procs do is calls on their own sockets.
	contained bool
	shared    bool                      // sockets have names, so that one proc can act on those of another
	triggers  map[*Step]*netsim.Trigger // of the steps that wait for an event
	seen      []Observation
	models    []*modelstack.Engine // of hosts that run a profile, one for each time they were switched on
}

type socketName struct{ host, name string }

// Run runs the scenario. The result is a function of scenario, parameters and
// seed alone. An error says that the run could not be done or did not come to
// an end; an outcome that nobody expected is none.
func (b Bound) Run(cfg RunConfig) (*Result, error) {
	s := b.Scenario
	if err := cfg.check(s); err != nil {
		return nil, err
	}
	limit := DefaultLimit
	if s.Limit.Time.IsSet() {
		limit = s.Limit.Time.Duration()
	}
	r := &runner{
		scenario: s,
		cfg:      cfg,
		nodes:    map[string]netsim.Node{},
		hosts:    map[string]*netsim.Host{},
		links:    map[[2]string]*netsim.Link{},
		procs:    map[string]*netsim.Proc{},
		sockets:  map[socketName]*netsim.Socket{},
		killed:   map[string]bool{},

		choosing:  cfg.Choosing.Chooser != nil,
		contained: s.actsOnSockets(),
		shared:    s.namesSockets(),

		triggers: map[*Step]*netsim.Trigger{},
	}
	if r.choosing {
		cfg.Choosing.Programs = r
	}
	r.net = netsim.New(netsim.Config{
		Seed: cfg.Seed, HashOnly: !cfg.KeepTrace, Sinks: cfg.Sinks, TimeLimit: vtime.Time(limit),
		Choosing:  cfg.Choosing,
		StepLimit: cfg.StepLimit,
	})
	defer r.net.Close()
	r.net.Recorder().Header.Scenario = s.Name
	if err := r.build(); err != nil {
		return nil, fmt.Errorf("scenario %s: %w", s.Name, err)
	}
	err := r.net.Run()
	if err != nil && !ended(err) {
		return nil, fmt.Errorf("scenario %s: %w", s.Name, err)
	}
	var late *netsim.TimeLimitError
	for i := range r.seen {
		r.seen[i].Killed = !r.seen[i].Done && r.killed[r.seen[i].Proc]
	}
	return &Result{
		Scenario: s.Name, Seed: cfg.Seed, Params: b.Params,
		Outcome: OutcomeOf(s.Procs, r.seen), Observations: r.seen,
		Unread: r.unread(), Clauses: r.clauses(),
		Hash: r.net.Hash(), Trace: r.net.Trace(), Stats: r.net.Stats(),
		Limited: errors.As(err, &late),
	}, nil
}

func (r *runner) clauses() tcpmodel.ClauseSet {
	var all tcpmodel.ClauseSet
	for _, e := range r.models {
		all = all.Union(e.Stack().Clauses())
	}
	return all
}

func (r *runner) unread() []Unread {
	var all []Unread
	for _, p := range r.programs {
		if p.current == nil {
			continue
		}
		if n := p.current.Unread(); n > 0 {
			all = append(all, Unread{p.proc.Name(), n})
		}
	}
	return all
}

// ended reports whether a run that ended with err is done all the same: that a
// call never returns is an observation.
func ended(err error) bool {
	var dead *netsim.DeadlockError
	var late *netsim.TimeLimitError
	return errors.As(err, &dead) || errors.As(err, &late)
}

// build sets the network up.
func (r *runner) build() error {
	s := r.scenario
	steps := 0
	for i := range s.Procs {
		steps += len(s.Procs[i].Steps)
	}
	r.seen = slices.Grow(r.seen, steps)
	for i := range s.Hosts {
		h := &s.Hosts[i]
		host := r.net.Host(h.Name, h.config(r.cfg.stack(h), func(e *modelstack.Engine) { r.models = append(r.models, e) }))
		r.hosts[h.Name], r.nodes[h.Name] = host, host
	}
	for _, v := range s.Routers {
		r.nodes[v.Name] = r.net.Router(v.Name)
	}
	if err := r.addBoxes(); err != nil {
		return err
	}
	for _, k := range s.Knows {
		r.net.InitNeighbours(r.nodes[k.Node.Name], neighbourState(k.State))
	}
	for i := range s.Links {
		l := &s.Links[i]
		ab, ba := l.Configs()
		joined := r.net.Link(r.nodes[l.A.Name], r.nodes[l.B.Name], netsim.LinkConfig{RTT: l.RTT.Duration(), AB: ab, BA: ba})
		r.links[[2]string{l.A.Name, l.B.Name}] = joined
		r.links[[2]string{l.B.Name, l.A.Name}] = joined
	}
	for i := range s.Rules {
		if err := r.addRule(i, &s.Rules[i]); err != nil {
			return err
		}
	}
	for i := range s.Procs {
		p := &s.Procs[i]
		program := &program{runner: r, host: p.Host.Name, source: p}
		r.programs = append(r.programs, program)
		if !p.Begin.IsSet() {
			program.start()
		}
		if err := r.addTriggers(p); err != nil {
			return err
		}
	}
	return r.net.Err()
}

func (r *runner) addRule(i int, rule *Rule) error {
	match, err := rule.MatchRule()
	if err != nil {
		return err
	}
	for _, earlier := range r.scenario.Rules[:i] {
		if earlier.From.Name == rule.From.Name && earlier.To.Name == rule.To.Name && earlier.text() == rule.text() {
			match.Name += fmt.Sprintf(" (%d)", i+1) // rules have distinct names
			break
		}
	}
	l := r.links[[2]string{rule.From.Name, rule.To.Name}]
	if l == nil {
		return errors.New("rule " + match.Name + ": no link " + rule.From.Name + "->" + rule.To.Name)
	}
	return l.From(r.nodes[rule.From.Name]).AddMatchRule(match)
}
