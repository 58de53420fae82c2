package bubble

import (
	"runtime"
	"testing"
	"testing/synctest"

	"rstlab/netsim/trace"
)

// Likeness is what two runs must have in common for [CheckWith] to call them
// alike.
type Likeness int

const (
	// SameTrace is everything: each event of the trace, with its bytes.
	SameTrace Likeness = iota
	// SameVolume is [SameShape] with the number of bytes that each direction of
	// a connection sends at each instant. It does not see in which segments or
	// in which order: for programs whose goroutines write to one connection at
	// one instant, as those of HTTP/2 and gRPC do.
	SameVolume
	// SameShape is what happens when, without order among what happens at one
	// instant: SYN, FIN, RST or data sent in a direction of a connection, calls
	// that fail or read the end of the stream, close and shutdown, and faults.
	// It does not see bytes, segments or acknowledgements. It is for programs
	// whose number of bytes depends on how they are written, as that of TLS
	// does, where each Write is a record with a header of its own.
	SameShape
)

func (l Likeness) String() string {
	switch l {
	case SameTrace:
		return "trace"
	case SameVolume:
		return "volume"
	case SameShape:
		return "shape"
	}
	return "unknown likeness"
}

// CheckConfig says how [CheckWith] repeats a program.
type CheckConfig struct {
	// Runs is how often the program runs, at least 2: one to compare with.
	Runs int
	// Config is that of every network. HashOnly leaves nothing to compare and is
	// refused.
	Config Config
	// Same is what the runs must have in common. The zero value is SameTrace.
	Same Likeness
	// OneProcessor has the runs made with GOMAXPROCS=1, which orders the
	// goroutines that are ready at one instant, so that HTTP/2 and gRPC have one
	// trace. It is for the whole process meanwhile: do not use it in parallel
	// tests.
	//
	// What remains to disturb that order is the operating system, when it takes
	// the processor away, and the garbage collector. A run that differs after
	// such a disturbance proves nothing and is made again, but not more often
	// than Runs times in all. (Who took the processor is known on Unix only.)
	// Not ordered are timers of the program due at one instant, a select of
	// several ready cases, and maps; and nothing is with the race detector,
	// whose scheduler is random on purpose: compare by SameVolume or SameShape.
	OneProcessor bool
}

// Check runs f the given number of times, at least 2, each in a bubble and with a
// network of its own, and compares what happened: it logs the one hash of all
// runs, or fails t at the first run that differs, with the first event that
// does and what may have caused it. A run in which f fails ends the check.
//
// It says whether a program's traffic is a function of the seed, or depends on
// what the simulation does not decide: the order of goroutines, maps, select,
// randomness and addresses of its own. Call it in an ordinary test, outside of
// bubbles, also with go test -race and -cpu 1,2,4.
func Check(t *testing.T, runs int, f func(t *testing.T, n *Network)) {
	t.Helper()
	CheckWith(t, CheckConfig{Runs: runs}, f)
}

// CheckWith is [Check] with a configuration: for programs whose goroutines the
// scheduler can reorder it compares less than the trace ([CheckConfig.Same]), or
// keeps the scheduler from it ([CheckConfig.OneProcessor]).
func CheckWith(t *testing.T, cfg CheckConfig, f func(t *testing.T, n *Network)) {
	t.Helper()
	switch {
	case cfg.Runs < 2:
		t.Errorf("bubble: Check of %d runs: want at least 2, one to compare with", cfg.Runs)
		return
	case cfg.Config.HashOnly:
		t.Error("bubble: CheckConfig.Config.HashOnly is set: there would be no traces to compare; leave it out")
		return
	case cfg.Same < SameTrace || cfg.Same > SameShape:
		t.Errorf("bubble: CheckConfig.Same is %d: want SameTrace, SameVolume or SameShape", cfg.Same)
		return
	}
	if cfg.OneProcessor {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	}
	cfg.Config.Seed = seedFor(t, cfg.Config)
	c := check{t: t, CheckConfig: cfg, f: f}
	c.run()
}

// check is a [CheckWith] under way.
type check struct {
	CheckConfig
	t *testing.T
	f func(t *testing.T, n *Network)

	first   *trace.Trace
	again   int // runs made again
	differs int // runs like the first, but with another trace
}

func (c *check) run() {
	c.t.Helper()
	for run := 1; run <= c.Runs; {
		got, disturbed := c.once()
		if c.t.Failed() {
			return
		}
		if c.first == nil && disturbed && c.again < c.Runs {
			c.again++
			continue
		}
		if c.first == nil {
			c.first = got
		} else if d := c.difference(got); d != "" {
			if disturbed && c.again < c.Runs {
				c.again++
				continue
			}
			c.t.Errorf("bubble: run %d of %d has not the %v of the first (hashes %s and %s).\n%s",
				run, c.Runs, c.Same, c.first.Hash().Short(), got.Hash().Short(), d)
			return
		}
		run++
	}
	c.log()
}

// once is the trace of one run of f, until its network has ended, and whether
// something may have disturbed the order of goroutines.
func (c *check) once() (got *trace.Trace, disturbed bool) {
	c.t.Helper()
	before := disturbances()
	var n *Network
	synctest.Test(c.t, func(t *testing.T) {
		n = New(t, c.Config)
		c.f(t, n)
	})
	return n.sim.Trace(), c.OneProcessor && disturbances() != before
}

// difference tells what got has not in common with the first run, or "".
func (c *check) difference(got *trace.Trace) string {
	d := trace.Diff(c.first, got)
	if d == nil {
		return ""
	}
	if c.Same == SameTrace {
		return d.String() + causes(d)
	}
	c.differs++
	return diffShapes(shapeOf(c.first, c.Same == SameVolume), shapeOf(got, c.Same == SameVolume))
}

func (c *check) log() {
	c.t.Helper()
	switch {
	case c.Same == SameTrace:
		c.t.Logf("bubble: %d runs, one trace of %d events: %v", c.Runs, len(c.first.Events), c.first.Hash())
	default:
		c.t.Logf("bubble: %d runs, one %v of %d lines; %d runs have another trace than the first, %v",
			c.Runs, c.Same, len(shapeOf(c.first, false)), c.differs, c.first.Hash())
	}
	if c.again > 0 {
		c.t.Logf("bubble: %d runs were disturbed, and made again", c.again)
	}
}
