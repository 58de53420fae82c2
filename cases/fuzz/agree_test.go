package fuzz_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/fuzz"
	"rstlab/cases/gen"
)

// TestNetstackAndItsModelAgree on what programs see, in generated scenarios on links
// that lose nothing: in at least 99 of 100. The others have not been explained one by
// one; see the package documentation.
func TestNetstackAndItsModelAgree(t *testing.T) {
	runs := uint64(1000)
	if testing.Short() {
		runs = 200
	}
	differ := 0
	for seed := range runs {
		s := gen.Scenario(gen.Random(seed), gen.Config{Stacks: []string{cases.DefaultStack}, Perfect: true})
		b, err := s.Bind(nil)
		require.NoError(t, err)
		on := func(stack string) *cases.Result {
			r, err := b.Run(cases.RunConfig{Seed: seed, Stacks: map[string]string{"": stack}, StepLimit: fuzz.StepLimit})
			require.NoError(t, err, "seed %d", seed)
			return r
		}
		if d := fuzz.Compare(on(cases.DefaultStack), on("netstack-model")); d != nil {
			differ++
			t.Logf("seed %d: %v", seed, d)
		}
	}
	require.LessOrEqual(t, differ, int(runs/100), "go test -v shows them")
}

func TestCompareFindsTheFirstCallThatDiffers(t *testing.T) {
	b, err := parse(t, talk).Bind(nil)
	require.NoError(t, err)
	good, err := b.Run(cases.RunConfig{})
	require.NoError(t, err)
	require.Nil(t, fuzz.Compare(good, good))

	other := *good
	other.Observations = append([]cases.Observation(nil), good.Observations...)
	last := len(other.Observations) - 1
	for i, o := range other.Observations {
		if o.Proc == "client" && o.Op == "recv" {
			other.Observations[i].Errno = "ECONNRESET"
		}
	}
	d := fuzz.Compare(good, &other)
	require.NotNil(t, d)
	require.Equal(t, "recv EOF/ECONNRESET", d.Kind())
	require.Equal(t, "client, step 3: recv gave EOF and ECONNRESET", d.String())

	other.Observations = good.Observations[:last]
	require.Contains(t, fuzz.Compare(good, &other).String(), "not begun")
}
