package cases_test

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/netsim/trace"
)

// hashesFile holds the hash of every example of the catalogue: a line an
// example, "name: parameters: hash". They are the same on every machine.
const hashesFile = "testdata/hashes.txt"

func everyExample(t *testing.T, visit func(name string, b cases.Bound, e cases.Example)) {
	t.Helper()
	for _, s := range cases.All() {
		for _, e := range s.Examples {
			b, err := s.BindExample(e)
			require.NoError(t, err)
			var set []string
			for _, p := range b.Params {
				set = append(set, p.Name+"="+p.Value.String())
			}
			name := s.Name + ": " + strings.Join(set, " ")
			if e.Stack.Name != cases.DefaultStack {
				name += " " + e.Stack.Name
			}
			visit(name, b, e)
		}
	}
}

func run(t *testing.T, b cases.Bound, cfg cases.RunConfig) *cases.Result {
	t.Helper()
	r, err := b.Run(cfg)
	require.NoError(t, err)
	return r
}

func TestEveryExampleHasItsOutcome(t *testing.T) {
	everyExample(t, func(name string, b cases.Bound, e cases.Example) {
		r := run(t, b, cases.RunConfig{Stacks: b.Scenario.ExampleStacks(e)})
		require.Empty(t, r.Outcome.Diff(e.Want), "%s: %s", name, r.Outcome)
	})
}

func TestHashesAreTheGoldenOnes(t *testing.T) {
	var b strings.Builder
	everyExample(t, func(name string, bound cases.Bound, e cases.Example) {
		fmt.Fprintf(&b, "%s: %s\n", name, run(t, bound, cases.RunConfig{Stacks: bound.Scenario.ExampleStacks(e)}).Hash)
	})
	if *update {
		require.NoError(t, os.WriteFile(hashesFile, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(hashesFile)
	require.NoError(t, err, "go test ./cases -run Golden -update writes it")
	require.Equal(t, string(want), b.String(), "a run must have the hash it had before")
}

// RSTLAB_RUNS is how many runs of each scenario there are under each GOMAXPROCS.
func TestEveryRunOfAScenarioIsTheSameRun(t *testing.T) {
	runs := 200
	if testing.Short() {
		runs = 3
	}
	if text := os.Getenv("RSTLAB_RUNS"); text != "" {
		runs = manyRuns(t)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	want := map[string]trace.Hash{}
	for _, procs := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(procs)
		for _, s := range cases.All() {
			b, err := s.Bind(nil)
			require.NoError(t, err)
			n := runs
			if s.Name == "reply-503/close-before-request" && !testing.Short() {
				n = max(n, 1000) // what the README promises
			}
			for i := range n {
				got := run(t, b, cases.RunConfig{}).Hash
				if _, ok := want[s.Name]; !ok {
					want[s.Name] = got
				}
				if got != want[s.Name] {
					require.Equal(t, want[s.Name], got, "%s: run %d under GOMAXPROCS=%d", s.Name, i, procs)
				}
			}
		}
	}
}

func TestSeedReachesTheTrace(t *testing.T) {
	for _, s := range cases.All() {
		b, err := s.Bind(nil)
		require.NoError(t, err)
		first, second := run(t, b, cases.RunConfig{Seed: 1}), run(t, b, cases.RunConfig{Seed: 2})
		require.NotEqual(t, first.Hash, second.Hash, "%s: initial sequence numbers come from the seed", s.Name)
		require.Equal(t, first.Outcome.String(), second.Outcome.String(), "%s: and decide nothing here", s.Name)
	}
}

func TestKeepingTheTraceChangesNothing(t *testing.T) {
	everyExample(t, func(name string, b cases.Bound, _ cases.Example) {
		kept := run(t, b, cases.RunConfig{KeepTrace: true})
		require.Equal(t, run(t, b, cases.RunConfig{}).Hash, kept.Hash, name)
		require.Equal(t, kept.Hash, kept.Trace.Hash(), "%s: the hash is that of the events", name)
	})
}
