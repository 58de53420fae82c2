package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// A search can find more to do when all that was known is done.
func TestProgressGoesOnWhenMoreComesUp(t *testing.T) {
	var shown bytes.Buffer
	p := &progress{bar: newBar(&shown, "phase", false)}
	for _, at := range []struct{ done, total int64 }{{0, 10}, {10, 10}, {12, 30}, {0, 5}} {
		p.show(at.done, at.total)
		require.False(t, p.bar.IsFinished(), "%+v", at)
		require.Equal(t, at.done, p.bar.State().CurrentNum, "%+v", at)
	}
	require.Contains(t, shown.String(), "phase")
}

func TestProgressIsSilentWithoutATerminal(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out, "sweep")
	p.show(1, 2)
	p.end()
	require.Empty(t, out.String())
}
