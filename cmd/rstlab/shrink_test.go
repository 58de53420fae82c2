package main

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestInterruptedShrinkPrintsTheSmallestScenarioSoFar(t *testing.T) {
	emptyDir(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr bytes.Buffer
	args := []string{"shrink", "reply-503/close-before-request", "--set", "rtt=33ms", "--outcome", "client: send=EPIPE", "-o", "x.txt"}
	require.Equal(t, exitInterrupted, runContext(ctx, args, nil, &stdout, &stderr))
	require.Regexp(t, `^rstlab shrink: interrupted; this is the smallest of \d+ tr(y|ies)\n$`, stderr.String())
	require.Contains(t, succeed(t, "run", "x.txt"), "send=EPIPE", "it is a scenario with that outcome")
}
