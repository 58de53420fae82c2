package explore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases/explore"
)

// race is a sweep with two outcomes.
func race(t testing.TB, steps int) *explore.Sweep {
	s := load(t, "reply-503/close-before-request")
	return &explore.Sweep{Space: explore.Space{
		Scenario: s, Set: map[string]string{"think": "20ms"},
		Axes: axes(t, s, fmt.Sprintf("rtt=1ms..401ms/%d", steps), "pause=0s,100ms,300ms"),
	}}
}

// reader reads a file that is in memory.
func reader(t testing.TB, name, text string) *explore.Reader {
	t.Helper()
	r, err := explore.NewReader(name, strings.NewReader(text))
	require.NoError(t, err)
	return r
}

func opener(text string) explore.Opener {
	return func() (*explore.Reader, error) { return explore.NewReader("old.ndjson", strings.NewReader(text)) }
}

func TestSweepIsTheSameWithAnyNumberOfWorkers(t *testing.T) {
	want, err := journal(t, t.Context(), race(t, 20), 1)
	require.NoError(t, err)
	require.Equal(t, 1+21*3, strings.Count(want, "\n"), "a line for the header and one a point")
	for _, workers := range []int{0, 2, 3, 16} {
		got, err := journal(t, t.Context(), race(t, 20), workers)
		require.NoError(t, err)
		require.Equal(t, want, got, "%d workers", workers)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	got, err := journal(t, t.Context(), race(t, 20), 4)
	require.NoError(t, err)
	require.Equal(t, want, got, "one core")
}

func TestSweepFollowsTheLawOfTheScenario(t *testing.T) {
	sweep := race(t, 40)
	n := 0
	require.NoError(t, sweep.Run(t.Context(), explore.Options{}, func(p explore.Point) error {
		require.Equal(t, int64(n), p.Index)
		n++
		// "The 503 is lost when pause is at least the RTT", whatever think is: the
		// RST is there one RTT after the request.
		rtt, pause := p.Set[0].Value.Duration(), p.Set[1].Value.Duration()
		lost := pause >= rtt
		require.Equal(t, lost, strings.Contains(p.Outcome, "send=EPIPE"), "%s: %s", explore.SettingsText(p.Set), p.Outcome)
		return nil
	}))
	require.Equal(t, 41*3, n)
}

func TestEveryKindOfParameterIsSwept(t *testing.T) {
	s := parse(t, kinds)
	sweep := explore.Sweep{Space: explore.Space{Scenario: s, Axes: axes(t, s,
		"rtt=1ms,1s", "n=1,7", "bytes=1,1KiB", "room=1pkt,9pkt", "loss=0%,100%", "rate=1mbit,unlimited", "how", `words="a","b c"`)}}
	var counts explore.Counts
	require.NoError(t, sweep.Run(t.Context(), explore.Options{}, func(p explore.Point) error {
		counts.Add(p)
		return nil
	}))
	require.Equal(t, int64(256), counts.Points())
	outcomes := map[string]int64{}
	for _, c := range counts.All() {
		outcomes[c.Outcome] = c.N
	}
	require.Equal(t, int64(128), outcomes["server: accept=blocked | client: connect=blocked"], "with all packets lost")
	require.Equal(t, int64(64), outcomes[`server: recv=EOF | client: recv="b c"`]+outcomes[`server: ok | client: recv="b c"`], "%v", outcomes)
}

func TestPointThatCannotRunIsAnOutcome(t *testing.T) {
	s := parse(t, "param size 1500 68..9000\nhost a addr=fd00::1\nhost b addr=fd00::2\nlink a b mtu=$size\n\nproc a\n  listen 80\n")
	sweep := explore.Sweep{Space: explore.Space{Scenario: s, Axes: axes(t, s, "size=1500,1000,1501")}}
	var got []string
	require.NoError(t, sweep.Run(t.Context(), explore.Options{}, func(p explore.Point) error {
		got = append(got, p.Outcome)
		return nil
	}))
	require.Len(t, got, 3)
	require.Equal(t, "a: ok", got[0])
	require.True(t, strings.HasPrefix(got[1], "error: "), got[1])
	require.Equal(t, "a: ok", got[2])
}

func TestShardsTogetherAreTheWhole(t *testing.T) {
	whole, err := journal(t, t.Context(), race(t, 20), 0)
	require.NoError(t, err)
	for n := int64(1); n <= 4; n++ {
		var parts []*explore.Reader
		for i := n; i >= 1; i-- {
			sweep := race(t, 20)
			sweep.Shard = explore.Shard{I: i, N: n}
			part, err := journal(t, t.Context(), sweep, 0)
			require.NoError(t, err)
			require.Equal(t, sweep.Shard.Count(sweep.Len()), int64(strings.Count(part, "\n"))-1)
			parts = append(parts, reader(t, fmt.Sprint(i), part))
		}
		require.Equal(t, whole, merged(t, parts), "%d shards", n)
	}
}

func merged(t *testing.T, parts []*explore.Reader) string {
	t.Helper()
	header := parts[0].Header()
	header.Shard = ""
	var out bytes.Buffer
	w, err := explore.NewWriter(&out, header)
	require.NoError(t, err)
	require.NoError(t, explore.Merge(parts, w.Write))
	require.NoError(t, w.Flush())
	return out.String()
}

func TestInterruptedSweepGoesOnToTheSameEnd(t *testing.T) {
	whole, err := journal(t, t.Context(), race(t, 30), 2)
	require.NoError(t, err)
	part := ""
	for try := 1; ; try++ {
		require.Less(t, try, 20, "it comes to an end")
		ctx, cancel := context.WithCancel(t.Context())
		sweep := race(t, 30)
		if part != "" {
			sweep.Resume = opener(part)
		}
		ran := 0
		var out bytes.Buffer
		w, err := explore.NewWriter(&out, sweep.Header())
		require.NoError(t, err)
		ended := sweep.Run(ctx, explore.Options{Workers: 2}, func(p explore.Point) error {
			if ran++; ran == try*10 {
				cancel()
			}
			return w.Write(p)
		})
		cancel()
		require.NoError(t, w.Flush())
		require.GreaterOrEqual(t, strings.Count(out.String(), "\n"), strings.Count(part, "\n"), "nothing is lost")
		part = out.String()
		require.True(t, strings.HasPrefix(whole, part), "what is there is valid")
		if ended == nil {
			break
		}
		require.ErrorIs(t, ended, context.Canceled)
	}
	require.Equal(t, whole, part)
}

func TestResumeKeepsKnownPointsBehindAnInterrupt(t *testing.T) {
	whole, err := journal(t, t.Context(), race(t, 10), 2)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	sweep := race(t, 10)
	sweep.Resume = opener(whole)
	got, err := journal(t, ctx, sweep, 2)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, whole, got, "though nothing was run")
}

func TestResumeRunsNothingTwice(t *testing.T) {
	whole, err := journal(t, t.Context(), race(t, 10), 2)
	require.NoError(t, err)
	doctored := strings.Replace(whole, "EPIPE", "EDOOFUS", 1)
	sweep := race(t, 10)
	sweep.Resume = opener(doctored)
	got, err := journal(t, t.Context(), sweep, 2)
	require.NoError(t, err)
	require.Equal(t, doctored, got, "what is known is taken as it is")
}

func TestFilesThatDoNotBelongAreRefused(t *testing.T) {
	whole, err := journal(t, t.Context(), race(t, 4), 1)
	require.NoError(t, err)
	lines := strings.SplitAfter(whole, "\n")
	for name, c := range map[string]struct{ file, want string }{
		"another search":   {strings.Replace(whole, `"sweep"`, `"phase"`, 1), "the command was another"},
		"another scenario": {strings.Replace(whole, "close-before-request", "close-after-request", 1), "the scenario was another"},
		"another text":     {strings.Replace(whole, `"digest":"`, `"digest":"00`, 1), "the text of the scenario was another"},
		"another seed":     {strings.Replace(whole, `"seed":0`, `"seed":1`, 1), "the seed was another"},
		"another value":    {strings.Replace(whole, `"think":"20ms"`, `"think":"21ms"`, 1), "the parameters was another"},
		"another axis":     {strings.Replace(whole, `401ms/4`, `401ms/5`, 1), "what varies was another"},
		"another gVisor":   {strings.Replace(whole, `"gvisor":"`, `"gvisor":"x`, 1), "gVisor was another"},
		"later format":     {strings.Replace(whole, `"format":1`, `"format":2`, 1), "format 2, and this rstlab knows 1"},
		"no such file":     {"{}\n", "this is no file with points"},
		"empty":            {"", "this is no file with points"},
		"damaged line":     {lines[0] + lines[1][:20] + "\n", "old.ndjson:2: the line is damaged"},
		"cut off":          {whole[:len(whole)-10], "the line is damaged"},
		"out of order":     {lines[0] + lines[2] + lines[1], "old.ndjson:3: the line is damaged: point 0 after 1"},
	} {
		sweep := race(t, 4)
		sweep.Resume = opener(c.file)
		_, err := journal(t, t.Context(), sweep, 1)
		require.ErrorContains(t, err, c.want, name)
		require.ErrorContains(t, err, "old.ndjson", name)
	}
}

func TestMergeRefusesFilesThatDisagree(t *testing.T) {
	whole, err := journal(t, t.Context(), race(t, 4), 1)
	require.NoError(t, err)
	other := strings.Replace(whole, "EPIPE", "ECONNRESET", 1)
	err = explore.Merge([]*explore.Reader{reader(t, "a", whole), reader(t, "b", other)}, func(explore.Point) error { return nil })
	require.ErrorContains(t, err, "a and b tell point ")
}

func TestErrorOfTheWriterEndsASweep(t *testing.T) {
	err := race(t, 100).Run(t.Context(), explore.Options{}, func(explore.Point) error { return io.ErrShortWrite })
	require.True(t, errors.Is(err, io.ErrShortWrite))
}

func TestSpaceWithAMistakeIsRefusedBeforeItRuns(t *testing.T) {
	s := parse(t, kinds)
	for want, space := range map[string]explore.Space{
		"parameter rtt varies twice":           {Axes: axes(t, s, "rtt/2", "rtt/3")},
		"parameter rtt has a value and varies": {Axes: axes(t, s, "rtt/2"), Set: map[string]string{"rtt": "1ms"}},
		"no such parameter":                    {Axes: axes(t, s, "rtt/2"), Set: map[string]string{"x": "1ms"}},
	} {
		space.Scenario = s
		sweep := explore.Sweep{Space: space}
		err := sweep.Run(t.Context(), explore.Options{}, func(explore.Point) error {
			t.Error("nothing runs")
			return nil
		})
		require.ErrorContains(t, err, want)
	}
}

func TestCSVQuotesOutcomes(t *testing.T) {
	sweep := race(t, 1)
	var out bytes.Buffer
	w, err := explore.NewCSVWriter(&out, &sweep.Space)
	require.NoError(t, err)
	require.NoError(t, sweep.Run(t.Context(), explore.Options{}, w.Write))
	require.NoError(t, w.Flush())
	require.True(t, strings.HasPrefix(out.String(), "rtt,pause,outcome,hash\n1ms,0s,\"server: ok | client: recv=\"\"503 busy\"\" recv=EOF\","), out.String())
	require.Equal(t, 7, strings.Count(out.String(), "\n"))
}

func TestCommonPartsOfOutcomesAreFound(t *testing.T) {
	shared, rest := explore.Common([]string{"a: x | b: ok | c: 1", "a: y | b: ok | c: 1"})
	require.Equal(t, "b: ok | c: 1", shared)
	require.Equal(t, []string{"a: x", "a: y"}, rest)
	shared, rest = explore.Common([]string{"a: x | b: ok"})
	require.Empty(t, shared)
	require.Equal(t, []string{"a: x | b: ok"}, rest, "of one outcome nothing is left out")
	shared, _ = explore.Common([]string{"a: x | b: ok", "b: ok"})
	require.Empty(t, shared, "an outcome with nothing else keeps it")
}
