package explore_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/explore"
)

// along is a bisection along one axis.
func along(t testing.TB, s *cases.Scenario, axis string, set map[string]string) *explore.Bisection {
	return &explore.Bisection{Space: explore.Space{Scenario: s, Set: set, Axes: axes(t, s, axis)}}
}

// bisected runs a bisection and gives its boundaries as text.
func bisected(t testing.TB, b *explore.Bisection, workers int) (string, *explore.Bisected) {
	t.Helper()
	found, err := b.Run(t.Context(), explore.Options{Workers: workers})
	require.NoError(t, err)
	var lines []string
	for _, at := range found.Boundaries {
		lines = append(lines, fmt.Sprintf("%v %v", at.Below.Value(), at.At.Value()))
		require.NotEqual(t, at.Below.Outcome, at.At.Outcome)
	}
	return strings.Join(lines, ", "), found
}

func TestBisectionFindsABoundaryToTheNanosecond(t *testing.T) {
	s := load(t, "reply-503/close-before-request")
	for _, rtt := range []time.Duration{1e6, 70e6, 123456789, 2e9} {
		text, found := bisected(t, along(t, s, "pause", map[string]string{"rtt": cases.DurationValue(rtt).String()}), 0)
		if rtt == 2e9 {
			// The boundary is the end of the range.
			require.Equal(t, "1999999999ns 2s", text)
		} else {
			require.Equal(t, fmt.Sprintf("%v %v", cases.DurationValue(rtt-1), cases.DurationValue(rtt)), text, "lost when pause is at least the RTT")
		}
		require.Less(t, len(found.Points), 64+1+40, "runs grow with the logarithm")
	}
}

func TestBisectionFindsEveryBoundaryThatASweepSees(t *testing.T) {
	for _, c := range []struct{ name, axis string }{
		{"close-unread/drain-then-close", "read=1..200"},
		{"close-unread/drain-then-close", "bytes=1..200"},
		{"reply-503/read-request-first", "gap=0s..2us"},
	} {
		s := load(t, c.name)
		b := along(t, s, c.axis, nil)
		b.Parts = 7
		text, _ := bisected(t, b, 0)
		var want []string
		var last explore.Point
		sweep := explore.Sweep{Space: explore.Space{Scenario: s, Axes: axes(t, s, c.axis+"/1000000")}}
		require.NoError(t, sweep.Run(t.Context(), explore.Options{}, func(p explore.Point) error {
			if p.Index > 0 && p.Outcome != last.Outcome {
				want = append(want, fmt.Sprintf("%v %v", last.Value(), p.Value()))
			}
			last = p
			return nil
		}))
		require.Equal(t, strings.Join(want, ", "), text, "%s %s", c.name, c.axis)
	}
}

func TestBisectionFindsThreeOutcomes(t *testing.T) {
	s := load(t, "reply-503/read-request-first")
	b := along(t, s, "gap=0s..300ms", nil)
	text, found := bisected(t, b, 0)
	require.Equal(t, "0s 1ns, 50ms 50000001ns", text)
	var ranges []string
	for _, r := range found.Ranges() {
		ranges = append(ranges, fmt.Sprintf("%v..%v %s", r.From, r.To, r.Outcome))
	}
	require.Equal(t, []string{
		`0s..0s server: recv="GET /1GET /2" | client: recv="503 busy" recv=EOF`,      // they arrive together
		`1ns..50ms server: recv="GET /1" | client: recv="503 busy" recv=ECONNRESET`,  // while the server works for 50 ms
		`50000001ns..300ms server: recv="GET /1" | client: recv="503 busy" recv=EOF`, // after its close
	}, ranges)
}

func TestBisectionIsTheSameWithAnyNumberOfWorkersAndShards(t *testing.T) {
	s := load(t, "reply-503/read-request-first")
	write := func(b *explore.Bisection, workers int) string {
		found, err := b.Run(t.Context(), explore.Options{Workers: workers})
		require.NoError(t, err)
		var out bytes.Buffer
		w, err := explore.NewWriter(&out, b.Header())
		require.NoError(t, err)
		for _, p := range found.Points {
			require.NoError(t, w.Write(p))
		}
		require.NoError(t, w.Flush())
		return out.String()
	}
	want := write(along(t, s, "gap", nil), 1)
	require.Equal(t, want, write(along(t, s, "gap", nil), 5))
	var parts []*explore.Reader
	for i := range int64(3) {
		b := along(t, s, "gap", nil)
		b.Shard = explore.Shard{I: i + 1, N: 3}
		parts = append(parts, reader(t, fmt.Sprint(i), write(b, 0)))
	}
	together := merged(t, parts)
	require.Equal(t, want, together)
	again := along(t, s, "gap", nil)
	again.Resume = opener(together)
	require.Equal(t, want, write(again, 0))
}

func TestInterruptedBisectionGoesOn(t *testing.T) {
	s := load(t, "reply-503/close-before-request")
	want, whole := bisected(t, along(t, s, "pause", nil), 2)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	b := along(t, s, "pause", nil)
	part, err := b.Run(ctx, explore.Options{Workers: 2, Progress: func(done, _ int64) {
		if done == 70 {
			cancel()
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, len(part.Points), len(whole.Points))
	require.GreaterOrEqual(t, len(part.Points), 70)

	var out bytes.Buffer
	w, err := explore.NewWriter(&out, b.Header())
	require.NoError(t, err)
	for _, p := range part.Points {
		require.NoError(t, w.Write(p))
	}
	require.NoError(t, w.Flush())
	b.Resume = opener(out.String())
	got, found := bisected(t, b, 2)
	require.Equal(t, want, got)
	require.Equal(t, whole.Points, found.Points)
}

// Every size is an outcome of its own.
const countdown = `# For tests.
param  n  100  1..1100
host   client
host   server
link   client server rtt=1ms

proc server
  listen 80
  accept
  send 1100
  close

proc client
  connect server:80
  sleep 1s
  recv $n
`

func TestBisectionWithTooManyBoundariesIsCutShort(t *testing.T) {
	b := along(t, parse(t, countdown), "n", nil)
	b.Parts = 500
	found, err := b.Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	require.True(t, found.Truncated)
	require.Equal(t, explore.MaxBoundaries, len(found.Boundaries))
}

func TestWhereTwoRunsPart(t *testing.T) {
	s := load(t, "reply-503/close-before-request")
	b := along(t, s, "pause", nil)
	_, found := bisected(t, b, 0)
	below, at, err := b.Traces(&found.Boundaries[0])
	require.NoError(t, err)
	part := explore.Part(below, at)
	require.Equal(t, "client", part.Host)
	require.Equal(t, "send", below.Events[part.A].Op, "just below, the client writes before the RST arrives")
	require.Equal(t, "R.", at.Events[part.B].Packet.TCP.Flags.String(), "at the boundary the RST is first")
	require.Nil(t, explore.Part(below, below))

	var out bytes.Buffer
	require.NoError(t, explore.Ladders(&out, below, at, "A", "B", explore.MinLadders))
	marks := 0
	for line := range strings.Lines(out.String()) {
		if n := strings.Count(line, "here the runs part"); n > 0 {
			require.Equal(t, 2, n, "the marks stand on one line")
			marks++
		}
	}
	require.Equal(t, 1, marks)
	out.Reset()
	require.NoError(t, explore.Ladders(&out, below, at, "A", "B", 100))
	require.Equal(t, 2, strings.Count(out.String(), "here the runs part"))
	for line := range strings.Lines(out.String()) {
		require.LessOrEqual(t, len([]rune(line)), 101)
	}
}
