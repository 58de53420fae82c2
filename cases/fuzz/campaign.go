package fuzz

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"rstlab/cases"
	"rstlab/cases/gen"
)

// Campaign is many runs of generated scenarios. The zero value runs until its
// context is done.
type Campaign struct {
	// Seed is where everything begins: which scenarios are made, and their seeds.
	Seed uint64
	// From is the number of the first run: what a run is depends on Seed and its number.
	From int
	// Runs is how many scenarios are run; 0 is no limit.
	Runs int
	// For is how long new runs are begun, in real time; 0 is no limit.
	For time.Duration
	// Workers is how many run at a time; 0 is one a core.
	Workers int
	// Scenarios says what kind of scenarios to make.
	Scenarios gen.Config
	// Patience is how long one run may take, in real time; 0 means a minute.
	Patience time.Duration
	// Check checks a scenario; nil means [Check]. It is called by several goroutines,
	// and must be a function of scenario and seed alone.
	Check func(s *cases.Scenario, seed uint64, cov *Coverage) Seen
	// Progress is told after each run, and while a finding is made smaller, by one
	// goroutine at a time; nil is not.
	Progress func(Progress)
	// Found is told each finding as soon as its run is over, before it is made smaller,
	// and again when a run with a lower number ends later, by one goroutine at a time;
	// nil is not.
	Found func(Finding)
}

// Progress is how far a campaign has come.
type Progress struct {
	Runs      int
	Findings  int
	Shrinking string // the kind of the finding that is being made smaller; ""
	Tries     int    // scenarios that were tried for that
}

// Report is what came of a campaign.
type Report struct {
	Runs        int
	Compared    int       // runs in which netstack and its model were compared
	Findings    []Finding // in the order of the runs
	Known       []Known   // in the order of the runs
	Coverage    Coverage
	Interrupted bool // the context was done first
}

// Finding is a property that did not hold, in the first run where it did not.
type Finding struct {
	Failure
	Run  int   // its number, from 0
	Runs []int // the numbers of the runs in which it did not hold, from that on
	// Scenario and Seed are that run.
	Scenario *cases.Scenario
	Seed     uint64
	// Small is the smallest scenario found that still shows it, with SmallSeed. It is
	// the scenario itself where making it smaller was interrupted, or cannot be done
	// in reasonable time.
	Small     *cases.Scenario
	SmallSeed uint64
	Tries     int // scenarios that were tried to find it
}

// Known is a known deviation, and in how many runs it was met.
type Known struct {
	Deviation Deviation
	Run       int // the first
	Count     int
}

// seedOf is the seed of a run, by the finalizer of splitmix64 so that those of
// neighbours have nothing in common.
func seedOf(campaign uint64, run int) uint64 {
	z := campaign + uint64(run+1)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Run does the campaign. When ctx is done it ends early, with what it has.
func (c Campaign) Run(ctx context.Context) *Report {
	w := &work{Campaign: c, begin: time.Now(), findings: map[string]*Finding{}, known: map[Deviation]*Known{}}
	w.Workers = cmp.Or(c.Workers, runtime.GOMAXPROCS(0))
	w.Patience = cmp.Or(c.Patience, time.Minute)
	if w.Check == nil {
		w.Check = Check
	}
	var all sync.WaitGroup
	for range w.Workers {
		all.Go(func() { w.worker(ctx) })
	}
	all.Wait()
	report := &Report{Runs: w.begun, Compared: w.compared, Coverage: w.coverage}
	for _, k := range w.known {
		report.Known = append(report.Known, *k)
	}
	slices.SortFunc(report.Known, func(a, b Known) int {
		return cmp.Or(cmp.Compare(a.Run, b.Run), cmp.Compare(a.Deviation.Where, b.Deviation.Where), cmp.Compare(a.Deviation.Property, b.Deviation.Property))
	})
	for _, f := range w.findings {
		slices.Sort(f.Runs)
		report.Findings = append(report.Findings, *f)
	}
	slices.SortFunc(report.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Run, b.Run), cmp.Compare(a.Kind, b.Kind))
	})
	for i := range report.Findings {
		w.shrink(ctx, &report.Findings[i])
	}
	report.Interrupted = ctx.Err() != nil
	return report
}

// work is a campaign in progress.
type work struct {
	Campaign
	begin time.Time

	mu       sync.Mutex
	begun    int // runs
	coverage Coverage
	findings map[string]*Finding // by kind
	known    map[Deviation]*Known
	done     int
	compared int
}

// take gives out the number of the next run.
func (w *work) take(ctx context.Context) (run int, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case ctx.Err() != nil, w.Runs > 0 && w.begun >= w.Runs, w.For > 0 && time.Since(w.begin) >= w.For:
		return 0, false
	}
	w.begun++
	return w.From + w.begun - 1, true
}

func (w *work) worker(ctx context.Context) {
	for {
		run, ok := w.take(ctx)
		if !ok {
			return
		}
		seed := seedOf(w.Seed, run)
		s := gen.Scenario(gen.Random(seed), w.scenarios(run))
		cov := &Coverage{}
		seen, ended := w.check(s, seed, cov)
		if !ended {
			cov = &Coverage{} // the other one is still written to
		}
		w.note(run, s, seed, &seen, cov)
	}
}

// compareEvery is how many runs there are to one that is made to be [Comparable].
const compareEvery = 8

// scenarios is what kind of scenario a run is: one of compareEvery has netstack meet
// netstack over links that lose nothing, unless somebody has said which stacks to take.
func (w *work) scenarios(run int) gen.Config {
	cfg := w.Scenarios
	if cfg.Stacks == nil && run%compareEvery == compareEvery-1 {
		cfg.Stacks, cfg.Perfect = []string{cases.DefaultStack}, true
	}
	return cfg
}

// naps is in how many parts a campaign waits for a run. When the whole machine stands
// still, all runs do, and only one part of each wait is over when it goes on.
const naps = 60

// check is [Check], but for runs that do not come to an end. They go on for ever
// in the background, and so cov is theirs.
func (w *work) check(s *cases.Scenario, seed uint64, cov *Coverage) (seen Seen, ended bool) {
	done := make(chan Seen, 1)
	go func() { done <- w.Check(s, seed, cov) }()
	nap := time.NewTimer(0)
	defer nap.Stop()
	for range naps {
		nap.Reset(w.Patience / naps)
		select {
		case seen = <-done:
			return seen, true
		case <-nap.C:
		}
	}
	seen.fail(KindHang, fmt.Sprintf("not at an end after %v; all goroutines:\n%s", w.Patience, goroutines()))
	return seen, false
}

// goroutines says where all goroutines are, as far as a megabyte goes.
func goroutines() []byte {
	text := make([]byte, 1<<20)
	return text[:runtime.Stack(text, true)]
}

// note takes what came of a run. What stays does not depend on the order of runs.
func (w *work) note(run int, s *cases.Scenario, seed uint64, seen *Seen, cov *Coverage) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done++
	w.coverage.Add(cov)
	if seen.Compared {
		w.compared++
	}
	met := map[Deviation]bool{}
	for _, v := range seen.Known {
		if met[v.Deviation] {
			continue
		}
		met[v.Deviation] = true
		k := w.known[v.Deviation]
		if k == nil {
			k = &Known{Deviation: v.Deviation, Run: run}
			w.known[v.Deviation] = k
		}
		k.Run = min(k.Run, run)
		k.Count++
	}
	for _, failure := range seen.Failures {
		f := w.findings[failure.Kind]
		if f == nil {
			f = &Finding{Run: run + 1}
			w.findings[failure.Kind] = f
		}
		f.Runs = append(f.Runs, run)
		if run < f.Run {
			f.Failure, f.Run, f.Scenario, f.Seed = failure, run, s, seed
			f.Small, f.SmallSeed = s.Clone(), seed
			f.Small.Claim = f.claim()
			if w.Found != nil {
				w.Found(*f)
			}
		}
	}
	if w.Progress != nil {
		w.Progress(Progress{Runs: w.done, Findings: len(w.findings)})
	}
}
