package fuzz_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/cases"
	"rstlab/cases/fuzz"
	"rstlab/cases/gen"
)

// chooser has rapid make the choices, so that it shrinks what fails.
type chooser struct{ t *rapid.T }

func (c chooser) Choose(label string, n int) int {
	return rapid.IntRange(0, n-1).Draw(c.t, label)
}

// everythingHolds is the property of every generated scenario: it is valid, is
// read back from its text, comes to an end, runs the same way twice, keeps the
// invariants, and the model of netstack follows its hosts; and where that can be said,
// netstack and its model agree.
func everythingHolds(t *rapid.T) {
	var cfg gen.Config
	if rapid.IntRange(0, 7).Draw(t, "compared") == 7 {
		cfg = comparable
	}
	s := gen.Scenario(chooser{t}, cfg)
	seed := rapid.Uint64().Draw(t, "seed")
	for _, f := range fuzz.Check(s, seed, nil).Failures {
		t.Fatalf("%v\n%s", f.Error(), cases.Print(s))
	}
}

// comparable makes scenarios in which netstack and its model are compared.
var comparable = gen.Config{Stacks: []string{cases.DefaultStack}, Perfect: true}

func TestEverythingHoldsOfGeneratedScenarios(t *testing.T) { rapid.Check(t, everythingHolds) }

// FuzzScenario is the same under Go's fuzzer. A scenario takes some hundred choices
// of eight bytes each, which the fuzzer would not come upon by itself. Run it with
// -fuzzminimizetime 1x: else it makes its first inputs smaller for a minute each, and
// tries nothing new meanwhile.
func FuzzScenario(f *testing.F) {
	for seed := range uint64(10) {
		choices := make([]byte, 16<<10)
		r := rand.New(rand.NewPCG(seed, 0))
		for i := range choices {
			choices[i] = byte(r.Uint32())
		}
		f.Add(choices)
	}
	f.Fuzz(rapid.MakeFuzz(everythingHolds))
}

func TestAPerfectNetworkLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := gen.Scenario(chooser{t}, gen.Config{Perfect: true})
		seen := fuzz.Check(s, 1, nil)
		require.Empty(t, seen.Failures, cases.Print(s))
		require.Empty(t, s.Rules)
		for _, l := range s.Links {
			require.Equal(t, cases.LinkSettings{}, l.Both)
		}
	})
}
