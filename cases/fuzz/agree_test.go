package fuzz_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/fuzz"
	"rstlab/cases/gen"
)

// TestNetstackAndItsModelAgree on what programs see, in generated scenarios on links
// that lose nothing.
func TestNetstackAndItsModelAgree(t *testing.T) {
	runs := uint64(1000)
	if testing.Short() {
		runs = 200
	}
	for seed := range runs {
		s := gen.Scenario(gen.Random(seed), comparable)
		d, ok, failure := fuzz.Agree(s, seed)
		require.Nil(t, failure, "seed %d", seed)
		require.Nil(t, d, "seed %d:\n%s", seed, cases.Print(fuzz.Untied(s)))
		require.True(t, ok, "seed %d", seed)
	}
}

func TestWhatIsNotComparable(t *testing.T) {
	yes := func(text string) bool { return fuzz.Comparable(parse(t, text)) }
	require.True(t, yes(talk))
	for _, but := range []string{
		"rule client->server drop F 1\n", "script operator\n  down client server\n", "neighbour client missing\n",
		"proc client other begin=boot\n  sleep 1s\n",
	} {
		require.False(t, yes(talk+but), but)
	}
	for _, host := range []string{"host client stack=linux", "host client congestion=cubic", "link client server loss=1%"} {
		word, _, _ := strings.Cut(host, " ")
		lines := strings.SplitAfter(talk, "\n")
		for i := range lines {
			if strings.HasPrefix(lines[i], word+" client") || strings.HasPrefix(lines[i], word+"   client") {
				lines[i] = host + "\n"
			}
		}
		require.False(t, yes(strings.Join(lines, "")), host)
	}
}

func TestAnUntiedScenarioHasNoTwoWaitsAlike(t *testing.T) {
	s := parse(t, `host server
host client
link client server rtt=20ms
proc server
  listen 80
  accept
  sleep 50ms
  sleep 50ms
proc client
  set deadline 50ms
  connect server:80
  recvloop every=50ms
`)
	u := fuzz.Untied(s)
	require.True(t, cases.Equal(u, fuzz.Untied(u)), "that of an untied scenario is itself")
	seen := map[time.Duration]bool{}
	waits := []cases.Value{u.Links[0].AB.Delay, u.Links[0].BA.Delay}
	for _, p := range u.Procs {
		for _, x := range p.Steps {
			waits = append(waits, x.Time, x.Every, x.Value)
		}
	}
	for _, v := range waits {
		if v.Kind == cases.KindDuration {
			rest := v.Duration() % (100 * time.Microsecond)
			require.Positive(t, rest)
			require.False(t, seen[rest], v)
			seen[rest] = true
		}
	}
	require.Len(t, seen, 6)
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
