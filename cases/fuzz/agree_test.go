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
	compared := uint64(0)
	for seed := range runs {
		s := gen.Scenario(gen.Random(seed), comparable)
		d, ok, failure := fuzz.Agree(s, seed)
		require.Nil(t, failure, "seed %d", seed)
		require.Nil(t, d, "seed %d:\n%s", seed, cases.Print(fuzz.Untied(s)))
		if ok {
			compared++
		}
	}
	require.Greater(t, compared, runs*9/10, "those in which a buffer is set, and a time, are few")
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
	for _, host := range []string{"host client stack=linux", "link client server loss=1%"} {
		word, _, _ := strings.Cut(host, " ")
		lines := strings.SplitAfter(talk, "\n")
		for i := range lines {
			if strings.HasPrefix(lines[i], word+" client") || strings.HasPrefix(lines[i], word+"   client") {
				lines[i] = host + "\n"
			}
		}
		require.False(t, yes(strings.Join(lines, "")), host)
	}
	shrinks := strings.ReplaceAll(talk, "  connect server:80\n", "  connect server:80\n  set rcvbuf 4096\n")
	require.True(t, yes(shrinks))
	require.False(t, yes(strings.ReplaceAll(shrinks, "  listen 80\n", "  set usertimeout 1s\n  listen 80\n")))
}

// TestHowSoonDroppedTextIsSentAgainIsFree: the client's buffer becomes too small for what
// is in flight, netstack's RACK sends it again, and with it more has been sent when the
// client's RST arrives. Without SACK there is no RACK.
func TestHowSoonDroppedTextIsSentAgainIsFree(t *testing.T) {
	const text = `host server
host client
link client server rtt=4ms
proc server
  listen 80
  accept
  send 200000
  recvnb
  sleep 500ms
  recvnb 1460
  get soerr
  close
proc client
  set port 1000
  connect server:80
  set rcvbuf 2304
  send 1461
  recv 1MiB
  sleep 100ms
  close
`
	d, ok, failure := fuzz.Agree(parse(t, text), 0)
	require.Nil(t, failure)
	require.Nil(t, d)
	require.False(t, ok)
	_, ok, failure = fuzz.Agree(parse(t, strings.Replace(text, "host server", "host server sack=off", 1)), 0)
	require.Nil(t, failure)
	require.True(t, ok)
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
