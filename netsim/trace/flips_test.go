package trace_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/trace"
)

func TestFlipsRememberWhatARouterHasPassedOn(t *testing.T) {
	forwarded := func(number uint64, reason string) *trace.Event {
		return &trace.Event{Kind: trace.Forwarded, Number: number, Reason: reason}
	}
	delivered := func(number uint64, flip int) *trace.Event {
		return &trace.Event{Kind: trace.Delivered, Number: number, Flip: flip}
	}
	var f trace.Flips
	require.Equal(t, 0, f.Of(delivered(1, 0)), "no router")
	require.Equal(t, 8, f.Of(delivered(1, 8)), "on the last link")
	f.Forwarded(forwarded(2, trace.ArrivedFlipped(300)))
	require.Equal(t, 301, f.Of(delivered(2, 0)), "before the router")
	require.Equal(t, trace.UnknownFlip, f.Of(delivered(2, 8)), "before it and behind it")
	f.Forwarded(forwarded(3, ""))
	require.Equal(t, 0, f.Of(delivered(3, 0)))
	f.Forwarded(forwarded(3, trace.ArrivedFlipped(7)))
	require.Equal(t, trace.UnknownFlip, f.Of(delivered(3, 0)), "one copy of two")
}
