package mutation_test

import (
	"bytes"
	"time"

	"rstlab/cases"
	"rstlab/cases/fuzz"
	"rstlab/netsim/trace"
	"rstlab/tcpmodel/oracle"
)

// recording is a run on [netstackModel], for another process to judge.
type recording struct {
	Trace []byte // NDJSON
	At    time.Duration
	Idle  bool
}

// record runs a scenario once more. It has come to an end before.
func record(s *cases.Scenario, seed uint64) *recording {
	bound, err := s.Bind(nil)
	if err != nil {
		return nil
	}
	r, err := bound.Run(cases.RunConfig{Seed: seed, KeepTrace: true, StepLimit: fuzz.StepLimit})
	if err != nil {
		return nil
	}
	var text bytes.Buffer
	if trace.WriteNDJSON(&text, r.Trace) != nil {
		return nil
	}
	return &recording{text.Bytes(), r.Stats.Time.Since(), !r.Limited}
}

// follow has the oracle of this process judge the run that was recorded, by the profile of
// netstack: [seen.Unfollowed].
func (s *seen) follow() {
	run := s.Run
	if s.Run = nil; run == nil {
		return
	}
	tr, err := trace.ParseNDJSON(bytes.NewReader(run.Trace))
	if err != nil {
		s.Unfollowed = []string{err.Error()}
		return
	}
	scenario, _ := scenarioOn(s.Scenario, netstack)
	bound, err := scenario.Bind(nil)
	if err != nil {
		s.Unfollowed = []string{err.Error()}
		return
	}
	k := oracle.New(oracle.Config{Profiles: bound.Profiles(nil)})
	for i := range tr.Events {
		k.Event(&tr.Events[i]) //nolint:errcheck // it has none
	}
	for _, d := range oracle.Unknown(k.Finish(oracle.End{At: run.At, Idle: run.Idle})) {
		s.Unfollowed = append(s.Unfollowed, d.Clause.ID())
	}
}
