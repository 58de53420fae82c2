package fuzz

import (
	"context"
	"fmt"
	"strings"

	"rstlab/cases"
	"rstlab/cases/shrink"
)

// shrink makes the scenario of a finding small.
func (w *work) shrink(ctx context.Context, f *Finding) {
	if f.Kind == KindHang {
		return // each try would take as long
	}
	f.SmallSeed = f.Seed
	shows := func(s *cases.Scenario) bool {
		f.Tries++
		if w.Progress != nil {
			w.Progress(Progress{
				Runs: w.done, Findings: len(w.findings), Shrinking: f.Kind, Tries: f.Tries,
			})
		}
		seen, _ := w.check(s, f.SmallSeed, nil)
		failure, ok := seen.has(f.Kind)
		if ok {
			f.Failure = failure
		}
		return ok
	}
	// Seed 0 is what rstlab run takes when nothing is said.
	f.SmallSeed = 0
	if !shows(f.Scenario) {
		f.SmallSeed = f.Seed
	}
	stop := func() bool { return ctx.Err() != nil }
	f.Small, _ = shrink.Scenario(f.Scenario, shows, shrink.Config{Stop: stop})
	if f.SmallSeed != 0 && !stop() {
		seed := f.SmallSeed
		if f.SmallSeed = 0; !shows(f.Small) {
			f.SmallSeed = seed
		}
	}
	f.Small = f.Small.Clone()
	if strings.HasPrefix(f.Kind, KindAgree) {
		f.Small = Untied(f.Small)
	}
	f.Small.Claim = f.claim()
}

// claim is what the scenario of a finding says of itself.
func (f *Finding) claim() string {
	title := "A run breaks: " + f.Kind + "."
	if v := f.Violation; v != nil {
		title = v.Invariant.Rule + " Here it is not so."
	}
	message, _, _ := strings.Cut(f.Message, "\n")
	replay := "Replay it with rstlab run --check"
	if strings.HasPrefix(f.Kind, KindAgree) {
		replay = "Replay it with rstlab run --stack netstack, and with --stack " + modelOfNetstack + ","
	}
	if f.SmallSeed != 0 {
		replay += fmt.Sprintf(" --seed %d", f.SmallSeed)
	}
	return title + "\n\n" + message + "\n\n" + replay + " and the name of this file."
}
