package vtime_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/vtime"
)

func TestAddSaturates(t *testing.T) {
	for _, c := range []struct {
		t    vtime.Time
		d    time.Duration
		want vtime.Time
	}{
		{0, 0, 0},
		{5, 3, 8},
		{5, -3, 2},
		{5, -5, 0},
		{5, -6, 0},
		{0, math.MinInt64, 0},
		{5, math.MaxInt64, vtime.MaxTime},
		{vtime.MaxTime, 1, vtime.MaxTime},
		{vtime.MaxTime, math.MaxInt64, vtime.MaxTime},
		{vtime.MaxTime, -1, vtime.MaxTime - 1},
		{vtime.MaxTime, math.MinInt64, 0},
	} {
		require.Equal(t, c.want, c.t.Add(c.d), "%d + %d", c.t, c.d)
	}
}

func TestDates(t *testing.T) {
	require.Equal(t, "2000-01-01 00:00:00 +0000 UTC", vtime.Time(0).Date().String(), "the date at which a synctest bubble begins")
	for _, at := range []vtime.Time{0, 1, 1_500_000_000, vtime.MaxTime} {
		require.Equal(t, at, vtime.FromDate(at.Date()), "%d", at)
	}
	require.Zero(t, vtime.FromDate(vtime.Epoch.Add(-1)), "a date before the beginning")
	require.Zero(t, vtime.FromDate(time.Time{}))
	require.Equal(t, vtime.MaxTime, vtime.FromDate(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)))
	local := time.Date(2000, 1, 1, 2, 0, 0, 0, time.FixedZone("", 7200))
	require.Equal(t, vtime.Time(0), vtime.FromDate(local), "of any time zone")
}

func TestSpans(t *testing.T) {
	require.Equal(t, 3*time.Nanosecond, vtime.Time(5).Sub(2))
	require.Equal(t, -3*time.Nanosecond, vtime.Time(2).Sub(5))
	require.Equal(t, 5*time.Nanosecond, vtime.Time(5).Since())
	require.Equal(t, "1.5s", vtime.Time(1_500_000_000).String())
}
