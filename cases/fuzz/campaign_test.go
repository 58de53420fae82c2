package fuzz_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/fuzz"
	"rstlab/netsim/wire"
)

// noReset is a property that does not hold: that nobody ever sees a reset. It
// stands for a bug.
func noReset(s *cases.Scenario, seed uint64, cov *fuzz.Coverage) fuzz.Seen {
	seen := fuzz.Check(s, seed, cov)
	if r := seen.Result; r != nil && strings.Contains(r.Outcome.String(), "ECONNRESET") {
		seen.Failures = append(seen.Failures, fuzz.Failure{Kind: "reset", Message: r.Outcome.String()})
	}
	return seen
}

func TestACampaignFindsTheSameOnAnyNumberOfCores(t *testing.T) {
	var reports []*fuzz.Report
	for _, workers := range []int{1, 2, 7} {
		c := fuzz.Campaign{Seed: 5, Runs: 100, Workers: workers, Check: noReset}
		reports = append(reports, c.Run(t.Context()))
	}
	require.Equal(t, 100, reports[0].Runs)
	require.EqualValues(t, 100, reports[0].Coverage.Runs)
	require.Len(t, reports[0].Findings, 1)
	require.Equal(t, reports[0], reports[1])
	require.Equal(t, reports[0], reports[2])
}

func TestACampaignBeginsWithAnyRun(t *testing.T) {
	all := fuzz.Campaign{Seed: 5, Runs: 100, Check: noReset}.Run(t.Context()).Findings[0]
	last := all.Runs[len(all.Runs)-1]
	var told []fuzz.Finding
	one := fuzz.Campaign{Seed: 5, From: last, Runs: 1, Check: noReset, Found: func(f fuzz.Finding) { told = append(told, f) }}.Run(t.Context())
	require.Equal(t, 1, one.Runs)
	require.Len(t, one.Findings, 1)
	require.Equal(t, []int{last}, one.Findings[0].Runs)

	require.Len(t, told, 1, "it is told at once")
	require.Equal(t, last, told[0].Run)
	require.Equal(t, one.Findings[0].Scenario.Procs, told[0].Small.Procs)
	require.Contains(t, told[0].Small.Claim, "rstlab run --check --seed")
	_, found := find(noReset(parse(t, cases.Print(told[0].Small)), told[0].SmallSeed, nil), "reset")
	require.True(t, found, "what is told replays it")
}

func TestAFindingIsMadeSmall(t *testing.T) {
	c := fuzz.Campaign{Seed: 1, Runs: 100, Check: noReset}
	r := c.Run(t.Context())
	require.Len(t, r.Findings, 1)
	f := r.Findings[0]
	require.Equal(t, "reset", f.Kind)
	require.NotEmpty(t, f.Runs)
	require.Equal(t, f.Run, f.Runs[0])
	require.True(t, slices.IsSorted(f.Runs))
	require.Less(t, f.Run, 100)

	steps := 0
	for _, p := range f.Small.Procs {
		steps += len(p.Steps)
	}
	require.LessOrEqual(t, steps, 7, "listen, accept, close; connect, send, recv:\n%s", cases.Print(f.Small))
	require.Empty(t, f.Small.Rules)
	require.Contains(t, f.Small.Claim, "rstlab run --check")

	again := parse(t, cases.Print(f.Small))
	_, found := find(noReset(again, f.SmallSeed, nil), "reset")
	require.True(t, found, "the file replays it")
	_, found = find(noReset(f.Scenario, f.Seed, nil), "reset")
	require.True(t, found, "and so does the scenario that was found")
}

func find(seen fuzz.Seen, kind string) (fuzz.Failure, bool) {
	for _, f := range seen.Failures {
		if f.Kind == kind {
			return f, true
		}
	}
	return fuzz.Failure{}, false
}

func TestACampaignEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var last fuzz.Progress
	c := fuzz.Campaign{Workers: 2, Progress: func(p fuzz.Progress) {
		last = p
		if p.Runs == 20 {
			cancel()
		}
	}}
	r := c.Run(ctx)
	require.True(t, r.Interrupted)
	require.GreaterOrEqual(t, r.Runs, 20)
	require.LessOrEqual(t, r.Runs, 22, "runs that had begun are done")
	require.EqualValues(t, r.Runs, r.Coverage.Runs)
	require.Equal(t, r.Runs, last.Runs)
}

func TestARunThatHangsIsReported(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	c := fuzz.Campaign{
		Runs: 3, Workers: 1, Patience: time.Millisecond,
		Check: func(*cases.Scenario, uint64, *fuzz.Coverage) fuzz.Seen {
			<-release
			return fuzz.Seen{}
		},
	}
	r := c.Run(t.Context())
	require.Len(t, r.Findings, 1)
	require.Equal(t, fuzz.KindHang, r.Findings[0].Kind)
	require.Contains(t, r.Findings[0].Message, "TestARunThatHangsIsReported", "it says where it waits")
	require.Equal(t, []int{0, 1, 2}, r.Findings[0].Runs)
	require.Equal(t, r.Findings[0].Scenario.Procs, r.Findings[0].Small.Procs)
}

// TestGeneratedScenariosReachEveryState but those that need a bound port at both
// ends, or are no state of a connection.
func TestGeneratedScenariosReachEveryState(t *testing.T) {
	runs := 800
	if testing.Short() {
		runs = 100 // which find something if there is much to be found
	}
	r := fuzz.Campaign{Seed: 2, Runs: runs}.Run(t.Context())
	require.Empty(t, r.Findings)
	if testing.Short() {
		return
	}
	entered := r.Coverage.States()
	for s := range wire.NumStates {
		if s := wire.State(s); s != wire.Listen {
			require.Positive(t, entered[s], "%v", s)
		}
	}
	for _, v := range []cases.Verb{
		cases.VerbListen, cases.VerbAccept, cases.VerbConnect, cases.VerbSend, cases.VerbRecv, cases.VerbRecvLoop, cases.VerbPeek,
		cases.VerbShutdown, cases.VerbClose, cases.VerbAbort, cases.VerbSet, cases.VerbGet, cases.VerbState, cases.VerbSleep,
		cases.VerbAt, cases.VerbKill, cases.VerbDown, cases.VerbUp,
	} {
		require.Positive(t, r.Coverage.Steps[v], v)
	}
	for _, arrow := range [][2]wire.State{
		{wire.Closed, wire.SynSent},
		{wire.Listen, wire.SynReceived},
		{wire.SynSent, wire.Established},
		{wire.SynSent, wire.Closed},
		{wire.SynReceived, wire.Established},
		{wire.SynReceived, wire.Closed},
		{wire.Established, wire.FinWait1},
		{wire.Established, wire.CloseWait},
		{wire.Established, wire.Closed},
		{wire.FinWait1, wire.FinWait2},
		{wire.FinWait1, wire.Closing},
		{wire.FinWait1, wire.TimeWait},
		{wire.FinWait1, wire.Closed},
		{wire.FinWait2, wire.TimeWait},
		{wire.FinWait2, wire.Closed},
		{wire.CloseWait, wire.LastAck},
		{wire.CloseWait, wire.Closed},
		{wire.Closing, wire.TimeWait},
		{wire.LastAck, wire.Closed},
		{wire.TimeWait, wire.Closed},
	} {
		require.Positive(t, r.Coverage.Transitions[arrow[0]][arrow[1]], "%v -> %v", arrow[0], arrow[1])
	}
}
