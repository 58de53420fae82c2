package wire_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim/wire"
	"rstlab/netsim/wire/wiretest"
)

func TestSequenceNumbersCompareAcrossTheWrap(t *testing.T) {
	require.True(t, wire.SeqLess(math.MaxUint32, 0), "the number after 2^32-1 is 0")
	require.False(t, wire.SeqLess(0, math.MaxUint32))
	require.False(t, wire.SeqLess(7, 7))
	require.True(t, wire.SeqLessEq(7, 7))
	require.Equal(t, int32(1), wire.SeqDiff(0, math.MaxUint32))
	require.Equal(t, int32(-1), wire.SeqDiff(math.MaxUint32, 0))
}

func TestSequenceNumberAHalfSpaceAheadIsLater(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := wiretest.Seq().Draw(t, "a")
		ahead := rapid.Uint32Range(1, math.MaxInt32).Draw(t, "ahead")
		b := a + ahead
		require.True(t, wire.SeqLess(a, b))
		require.True(t, wire.SeqLessEq(a, b))
		require.False(t, wire.SeqLess(b, a))
		require.False(t, wire.SeqLessEq(b, a))
		require.Equal(t, int32(ahead), wire.SeqDiff(b, a))
		require.Equal(t, -int32(ahead), wire.SeqDiff(a, b))
	})
}

func TestWindowHoldsTheNumbersFromItsStartOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := wiretest.Seq().Draw(t, "start")
		size := rapid.Uint32Range(1, 1<<30).Draw(t, "size")
		require.True(t, wire.InWindow(start, start, size), "left edge")
		require.True(t, wire.InWindow(start+size-1, start, size), "last number")
		require.False(t, wire.InWindow(start+size, start, size), "right edge")
		require.False(t, wire.InWindow(start-1, start, size), "before the left edge")
		require.False(t, wire.InWindow(start, start, 0), "an empty window holds nothing")
	})
}
