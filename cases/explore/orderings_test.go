package explore_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/explore"
	"rstlab/netsim"
)

// tiny are scenarios with few orders.
var tiny = map[string]string{
	"greeting": pair + `proc server
  listen 80
  accept
  send "hi"
  close

proc client
  connect server:80
  close
`,
	"abort": pair + `proc server
  listen 80
  accept
  abort

proc client
  connect server:80
`,
	"knock": pair + `proc client
  connect server:80
  connect server:81
`,
	"deadline": pair + `proc server
  listen 80
  set deadline 1s
  accept

proc client
  connect server:80
`,
	"drain": pair + `proc server
  listen 80
  accept
  set deadline 1s
  recv
  send "b"

proc client
  connect server:80
  abort
`,
	"kill": pair + `proc server
  listen 80
  accept

proc client
  connect server:80

proc client killer
  kill server
`,
}

const pair = `# For tests.
host   client
host   server
link   client server

`

// bruteForce are the outcomes of all orders, one run each, without reduction, but for
// those in which too much is sent again, and how many orders there are; it gives up at
// the most.
func bruteForce(t require.TestingT, o *explore.Orderings, most int) (outcomes []string, runs int) {
	bound, err := o.Bind(nil)
	require.NoError(t, err)
	for all := (&explore.Exhaustive{}); runs < most && all.Next(); runs++ {
		r, err := bound.Run(cases.RunConfig{Choosing: netsim.Choosing{
			Chooser: all, Drops: o.Drops, Duplicates: o.Duplicates, InOrder: o.InOrder,
			Overtaking: o.Overtaking, Retransmits: o.Retransmits, NoRACK: o.NoRACK, Whole: true,
		}})
		if errors.Is(err, netsim.ErrRetransmits) {
			continue
		}
		require.NoError(t, err)
		if outcome := r.Outcome.String(); !slices.Contains(outcomes, outcome) {
			outcomes = append(outcomes, outcome)
		}
	}
	slices.Sort(outcomes)
	return outcomes, runs
}

func TestReductionLosesNoOutcome(t *testing.T) {
	for _, c := range []struct {
		name        string
		drops, dups int
		again       int
		inOrder     bool
	}{
		{name: "greeting", inOrder: true},
		{name: "abort", drops: 1, again: -1},
		{name: "abort", drops: 1, again: 1},
		{name: "knock", drops: 1, again: -1},
		{name: "abort"},
		{name: "abort", dups: 1},
		{name: "abort", drops: 1},
		{name: "deadline"},
		{name: "drain", inOrder: true},
		{name: "kill"},
		{name: "knock"},
		{name: "knock", drops: 1},
		{name: "knock", dups: 1, drops: 1},
	} {
		s := parse(t, tiny[c.name])
		o := &explore.Orderings{Space: explore.Space{Scenario: s}, Drops: c.drops, Duplicates: c.dups, Retransmits: c.again, InOrder: c.inOrder}
		found, err := o.Run(t.Context(), explore.Options{})
		require.NoError(t, err)
		require.True(t, found.Exhaustive())
		got := outcomesOf(found)
		want, runs := bruteForce(t, o, 60_001)
		require.LessOrEqual(t, runs, 60_000, "the case is small")
		require.Equal(t, want, got, "%+v", c)
		require.LessOrEqual(t, found.Runs, runs)
		require.Equal(t, c.again != 0 && c.drops > 0, found.Cut > 0, "what is lost is sent again: %+v", c)
		t.Logf("%-10s %d drops, %d duplicates: %d runs of %d orders, %d outcomes", c.name, c.drops, c.dups, found.Runs, runs, len(got))
	}
}

// close503 is a search with thousands of orders.
func close503(t *testing.T) *explore.Orderings {
	return &explore.Orderings{Space: explore.Space{Scenario: load(t, "close-unread/echo-two-bytes")}}
}

func TestOrderingsAreTheSameWithAnyNumberOfWorkers(t *testing.T) {
	for _, runs := range []int{0, 15} { // with a bound too
		var want *explore.Ordered
		for _, workers := range []int{1, 2, 7} {
			o := close503(t)
			o.Runs = runs
			found, err := o.Run(t.Context(), explore.Options{Workers: workers})
			require.NoError(t, err)
			if want == nil {
				want = found
			}
			require.Equal(t, want, found)
		}
		require.Equal(t, runs == 0, want.Exhaustive())
	}
}

func TestOrderingsWithinBoundsAreNotCalledExhaustive(t *testing.T) {
	o := close503(t)
	o.Depth = 6
	found, err := o.Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	require.False(t, found.Exhaustive())
	require.Positive(t, found.TooDeep)

	o = close503(t)
	o.Runs = 10
	found, err = o.Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	require.Equal(t, 10, found.Runs)
	require.Positive(t, found.Open)
	require.False(t, found.Exhaustive())

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	found, err = close503(t).Run(ctx, explore.Options{})
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, found.Exhaustive())
}

// "netstack: data in the queue at close means RST": no order of packets changes
// what an echo server that reads too little does to its client, but that a SYN
// can come before the server listens.
func TestNoOrderSavesTheClientOfAServerThatReadsTooLittle(t *testing.T) {
	found, err := close503(t).Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	require.True(t, found.Exhaustive())
	require.Len(t, found.Outcomes, 2)
	require.Equal(t, `server: recv="a" | client: recv=ECONNRESET`, found.Outcomes[0].Outcome)
	require.Contains(t, found.Outcomes[1].Outcome, "connect=ECONNREFUSED")
	require.Equal(t, 1, found.Outcomes[1].Runs)
}

// A server that reads the request before it replies and closes loses no reply as long as
// packets stay in order: then every client that was let in reads it.
func TestNoOrderLosesTheReplyOfAServerThatReadsFirst(t *testing.T) {
	o := &explore.Orderings{Space: explore.Space{Scenario: load(t, "reply-503/read-request-first")}, InOrder: true}
	found, err := o.Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	require.True(t, found.Exhaustive())
	for _, x := range found.Outcomes {
		if !strings.Contains(x.Outcome, "connect=ECONNREFUSED") {
			require.Contains(t, x.Outcome, `client: recv="503 busy"`)
		}
	}
	require.True(t, found.Shortest)
	require.Positive(t, found.Matched)
	require.Less(t, found.Runs, 2000, "without states it is 29,468 runs")
}

// When packets may overtake each other, the RST for what came after close can be at
// the client before the reply.
func TestAnOrderLosesTheReplyOfAServerThatReadsFirst(t *testing.T) {
	if testing.Short() {
		t.Skip("12,000 runs")
	}
	o := &explore.Orderings{Space: explore.Space{
		Scenario: load(t, "reply-503/read-request-first"), Stacks: map[string]string{"": "rfc9293"},
	}}
	found, err := o.Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	require.True(t, found.Exhaustive())
	require.True(t, found.Shortest)
	lost := slices.IndexFunc(found.Outcomes, func(x explore.Ordering) bool {
		return x.Outcome == `server: recv="GET /1" | client: recv=ECONNRESET recv=EOF`
	})
	require.GreaterOrEqual(t, lost, 0)
	_, err = o.Record(found.Outcomes[lost])
	require.NoError(t, err)
}

func TestExamplesOfOrderingsAreReplayed(t *testing.T) {
	o := close503(t)
	o.Drops = 1
	o.Runs = 2000
	found, err := o.Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	require.Greater(t, len(found.Outcomes), 2)
	for _, x := range found.Outcomes {
		f, err := o.Record(x)
		require.NoError(t, err)
		var file bytes.Buffer
		require.NoError(t, f.Write(&file))
		again, err := explore.ReadReplay("x.json", &file)
		require.NoError(t, err)
		_, r, err := again.Run()
		require.NoError(t, err)
		require.Equal(t, x.Outcome, r.Outcome.String())
		require.NotNil(t, r.Trace)
	}
}

func TestReplayFilesThatAreDamagedOrOutdatedAreRefused(t *testing.T) {
	o := &explore.Orderings{Space: explore.Space{Scenario: parse(t, tiny["greeting"])}}
	found, err := o.Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	f, err := o.Record(found.Outcomes[0])
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, f.Write(&file))
	text := file.String()
	for want, damaged := range map[string]string{
		"its checksum is wrong":             strings.Replace(text, `"seed": 0`, `"seed": 1`, 1),
		"this is no replay file":            "{}",
		"unexpected EOF":                    text[:len(text)/2],
		"format 9, and this rstlab knows 2": strings.Replace(text, `"format": 2`, `"format": 9`, 1),
		`unknown field "cohices"`:           strings.Replace(text, `"choices"`, `"cohices"`, 1),
		"it is outdated: it was recorded":   resealed(t, f, func(f *explore.ReplayFile) { f.Versions.GVisor = "v0.0.0-old" }),
	} {
		_, err := explore.ReadReplay("x.json", strings.NewReader(damaged))
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "x.json: ")
		require.ErrorContains(t, err, "record it again")
	}
	for want, stale := range map[string]func(f *explore.ReplayFile){
		"the outcome was x, and now is":            func(f *explore.ReplayFile) { f.Outcome = "x" },
		"the hash of the trace was 00, and now is": func(f *explore.ReplayFile) { f.Hash = "00" },
		"there are ": func(f *explore.ReplayFile) { f.Choices = []int{99} },
		"the run ended before the last 3 choices": func(f *explore.ReplayFile) { f.Choices = append(slices.Clone(f.Choices), 0, 0, 0) },
	} {
		again, err := explore.ReadReplay("x.json", strings.NewReader(resealed(t, f, stale)))
		require.NoError(t, err)
		_, _, err = again.Run()
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "rstlab was changed since")
	}
}

// resealed is a file with a change and the checksum that goes with it.
func resealed(t *testing.T, f *explore.ReplayFile, change func(*explore.ReplayFile)) string {
	t.Helper()
	other := *f
	change(&other)
	other.Seal()
	text, err := json.Marshal(other)
	require.NoError(t, err)
	return string(text)
}

func TestRecorderAndReplayGiveTheSameRun(t *testing.T) {
	bound, err := load(t, "reply-503/rst-overtakes-reply").Bind(nil)
	require.NoError(t, err)
	hashes := map[string]bool{}
	for seed := range uint64(20) {
		rec := &explore.Recorder{Chooser: explore.NewRandom(seed)}
		a, err := bound.Run(cases.RunConfig{Choosing: netsim.Choosing{Chooser: rec, Drops: 1, Duplicates: 1}})
		require.NoError(t, err)
		b, err := bound.Run(cases.RunConfig{Choosing: netsim.Choosing{
			Chooser: &explore.Replay{Choices: rec.Choices}, Drops: 1, Duplicates: 1,
		}})
		require.NoError(t, err)
		require.Equal(t, a.Hash, b.Hash)
		hashes[a.Hash.String()] = true
	}
	require.Greater(t, len(hashes), 10, "seeds give different orders")
}

func TestExhaustiveTakesEverySequenceOnce(t *testing.T) {
	var got []string
	for all := (&explore.Exhaustive{}); all.Next(); {
		// A tree: two or three choices, of which the second depends on the first.
		a := all.Choose("a", 2)
		b := all.Choose("b", 1+2*a)
		c := all.Choose("c", 2)
		got = append(got, string([]byte{'0' + byte(a), '0' + byte(b), '0' + byte(c)}))
	}
	require.Equal(t, []string{"000", "001", "100", "101", "110", "111", "120", "121"}, got)
	n := 0
	for all := (&explore.Exhaustive{Depth: 3}); all.Next(); n++ {
		for range 10 {
			all.Choose("x", 2)
		}
	}
	require.Equal(t, 8, n, "to a depth")
}

// A server that reads on for a time loses its reply when the time ends before the
// upload: also without overtaking, and for an upload of one segment.
func TestAnOrderLosesTheReplyOfALingeringClose(t *testing.T) {
	o := &explore.Orderings{InOrder: true, Space: explore.Space{
		Scenario: load(t, "reply-503/lingering-close"), Set: map[string]string{"bytes": "1000"}, Stacks: map[string]string{"": "rfc9293"},
	}}
	found, err := o.Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	require.True(t, found.Exhaustive())
	require.True(t, found.Shortest)
	lost := slices.IndexFunc(found.Outcomes, func(x explore.Ordering) bool {
		return x.Outcome == "server: recvloop=EAGAIN | client: send=EPIPE"
	})
	require.GreaterOrEqual(t, lost, 0)
	require.Equal(t, 19, found.Outcomes[lost].Length)
}

// The same on netstack, of whose segments none is sent again without need.
func TestAnOrderLosesTheReplyOfALingeringCloseOnNetstack(t *testing.T) {
	o := &explore.Orderings{InOrder: true, NoRACK: true, Space: explore.Space{
		Scenario: load(t, "reply-503/lingering-close"), Set: map[string]string{"bytes": "1000"},
	}}
	found, err := o.Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	require.True(t, found.Exhaustive())
	require.True(t, found.Shortest)
	require.Equal(t, []string{
		`server: accept=blocked | client: connect=ECONNREFUSED send=EPIPE send=EPIPE`,
		`server: recvloop=1000B,EAGAIN | client: recv="503 busy" recv=EOF`,
		`server: recvloop=1003B,EAGAIN | client: recv="503 busy" recv=EOF`,
		`server: recvloop=1003B,EOF | client: recv="503 busy" recv=EOF`,
		`server: recvloop=EAGAIN | client: recv="503 busy" recv=EOF`,
		`server: recvloop=EAGAIN | client: send=EPIPE`,
	}, outcomesOf(found))
	for _, x := range found.Outcomes {
		_, err := o.Record(x)
		require.NoError(t, err)
	}
}

// What a server that reads first loses on netstack, in any order: all orders of a
// handshake, two requests, a reply and a close.
func TestAnOrderLosesTheReplyOnNetstack(t *testing.T) {
	if testing.Short() {
		t.Skip("65,000 runs")
	}
	o := &explore.Orderings{Space: explore.Space{Scenario: load(t, "reply-503/read-request-first")}}
	found, err := o.Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	require.True(t, found.Exhaustive())
	require.Equal(t, []string{
		`server: accept=blocked | client: connect=ECONNREFUSED send=EPIPE send=EPIPE recv=ENOTCONN recv=ENOTCONN`,
		`server: recv="GET /1" | client: recv="503 busy" recv=ECONNRESET`,
		`server: recv="GET /1" | client: recv="503 busy" recv=EOF`,
		`server: recv="GET /1" | client: recv=ECONNRESET recv=EOF`,
		`server: recv="GET /1GET /2" | client: recv="503 busy" recv=EOF`,
	}, outcomesOf(found), "those of the 855,773 runs in which everything is offered")
}
