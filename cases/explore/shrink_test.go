package explore_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/explore"
)

func TestShrinkKeepsTheOutcome(t *testing.T) {
	s := load(t, "reply-503/close-before-request")
	bound, err := s.Bind(map[string]string{"rtt": "123456us", "pause": "777ms"})
	require.NoError(t, err)
	want, err := cases.ParseOutcome("client: send=EPIPE")
	require.NoError(t, err)
	runs := 0
	small, err := explore.Shrink(t.Context(), bound, 0, want, func() { runs++ })
	require.NoError(t, err)
	require.Positive(t, runs)
	text := cases.Print(small)
	require.Less(t, len(text), len(cases.Print(bound.Scenario))/3, text)
	require.NotContains(t, text, "123456us", "values become round")
	again, err := cases.Parse("small.txt", []byte(text))
	require.NoError(t, err)
	b, err := again.Bind(nil)
	require.NoError(t, err)
	r, err := b.Run(cases.RunConfig{})
	require.NoError(t, err)
	require.Empty(t, r.Outcome.Diff(want))
}

func TestInterruptedShrinkSaysSo(t *testing.T) {
	bound, err := load(t, "reply-503/close-before-request").Bind(nil)
	require.NoError(t, err)
	want, err := cases.ParseOutcome("client: send=EPIPE")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	small, err := explore.Shrink(ctx, bound, 0, want, cancel)
	require.ErrorIs(t, err, context.Canceled)
	require.NotNil(t, small)
}
