package fuzz_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/fuzz"
	"rstlab/cases/gen"
	"rstlab/netsim/trace"
	"rstlab/tcpmodel/invariant"
)

// BenchmarkRun runs generated scenarios: alone, with the invariants, and with all
// that a campaign checks, which includes a second run.
func BenchmarkRun(b *testing.B) {
	const scenarios = 200
	var bound []cases.Bound
	for seed := range uint64(scenarios) {
		one, err := gen.Scenario(gen.Random(seed), gen.Config{}).Bind(nil)
		require.NoError(b, err)
		bound = append(bound, one)
	}
	run := func(b *testing.B, i int, sinks ...trace.Sink) {
		_, err := bound[i%scenarios].Run(cases.RunConfig{Seed: uint64(i % scenarios), Sinks: sinks})
		require.NoError(b, err)
	}
	b.Run("alone", func(b *testing.B) {
		for i := range b.N {
			run(b, i)
		}
	})
	b.Run("invariants", func(b *testing.B) {
		for i := range b.N {
			run(b, i, invariant.New(invariant.Config{}))
		}
	})
	b.Run("campaign", func(b *testing.B) {
		for i := range b.N {
			fuzz.Check(bound[i%scenarios].Scenario, uint64(i%scenarios), nil)
		}
	})
}
