package explore_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/explore"
	"rstlab/netsim"
)

// several is a scenario with two or three procs, and how to search it, drawn with the
// seed; ok is false for steps that do not go together.
func several(seed uint64) (o explore.Orderings, ok bool) {
	draw := rand.New(rand.NewPCG(seed, 1))
	verbs := slices.Concat(drawn, []string{"recvloop", "peek", "poll", "sleep 1s", "recv", `send "bc"`, "outq"})
	steps := func(most int) string {
		var b strings.Builder
		for range draw.IntN(most + 1) {
			fmt.Fprintf(&b, "  %s\n", verbs[draw.IntN(len(verbs))])
		}
		return b.String()
	}
	var b strings.Builder
	b.WriteString(pair)
	switch draw.IntN(4) {
	case 0: // the listener is closed
		b.WriteString("proc server\n  listen 80 as=l\n  accept\n" + steps(2) + "  close on=l\n")
	case 1: // who comes second is not let in
		b.WriteString("proc server\n  listen 80\n  accept\n" + steps(2) + "\nproc client other\n  connect server:80\n" + steps(1))
	default:
		b.WriteString("proc server\n  listen 80\n  accept\n" + steps(4))
	}
	b.WriteString("\nproc client\n  connect server:80\n" + steps(4))
	s, err := cases.Parse("several", []byte(b.String()))
	o.Scenario = s
	o.Drops, o.Duplicates, o.InOrder = max(0, draw.IntN(4)-2), max(0, draw.IntN(4)-2), draw.IntN(3) == 0
	o.Overtaking = max(0, draw.IntN(5)-2)
	o.Retransmits, o.NoRACK = max(-1, draw.IntN(5)-2), draw.IntN(2) == 0
	o.Stacks = map[string]string{[]string{"", "client", "server"}[draw.IntN(3)]: cases.Stacks()[draw.IntN(len(cases.Stacks()))]}
	return o, err == nil
}

// What is not offered because no proc sees a difference makes none: with everything
// offered a search finds the same.
func TestWhatIsNotOfferedMakesNoDifference(t *testing.T) {
	seeds, compared, fewer, cut := uint64(200), 0, 0, 0
	if testing.Short() {
		seeds = 40
	}
	for seed := range seeds {
		o, ok := several(seed)
		if !ok {
			continue
		}
		o.Runs = 600
		whole := o
		whole.Whole = true
		want, err := whole.Run(t.Context(), explore.Options{})
		require.NoError(t, err)
		if !want.Exhaustive() {
			continue
		}
		found, err := o.Run(t.Context(), explore.Options{})
		require.NoError(t, err)
		require.True(t, found.Exhaustive(), "seed %d", seed)
		require.Equal(t, outcomesOf(want), outcomesOf(found), "seed %d\n%s", seed, cases.Print(o.Scenario))
		compared++
		cut += min(found.Cut, 1)
		fewer += min(1, max(0, want.States-found.States))
	}
	require.Greater(t, compared, int(seeds)/8)
	require.Greater(t, fewer, compared/3)
	require.Positive(t, cut)
	t.Logf("%d compared, %d of them with fewer states, %d with more sent again than may be", compared, fewer, cut)
}

// Orders of scenarios that are too large for the above, at random, with everything
// offered, have no outcome that a search does not find.
func TestRandomOrdersHaveNoOutcomeThatASearchDoesNotFind(t *testing.T) {
	for _, c := range []struct {
		name, stack string
		inOrder     bool
		set         map[string]string
	}{
		{name: "reply-503/read-request-first", stack: "rfc9293"},
		{name: "reply-503/read-request-first", stack: "netstack", inOrder: true},
		{name: "close-unread/echo-two-bytes", stack: "netstack"},
		{name: "close-unread/echo-two-bytes", stack: "linux"},
		{name: "reply-503/lingering-close", stack: "rfc9293", inOrder: true, set: map[string]string{"bytes": "10"}},
	} {
		o := explore.Orderings{Space: explore.Space{Scenario: load(t, c.name), Set: c.set, Stacks: map[string]string{"": c.stack}}, InOrder: c.inOrder}
		found, err := o.Run(t.Context(), explore.Options{})
		require.NoError(t, err)
		require.True(t, found.Exhaustive(), c.name)
		bound, err := o.Bind(nil)
		require.NoError(t, err)
		all := outcomesOf(found)
		for seed := range uint64(600) {
			r, err := bound.Run(cases.RunConfig{Choosing: netsim.Choosing{
				Chooser: explore.NewRandom(seed), InOrder: c.inOrder, Whole: true,
			}})
			require.NoError(t, err)
			require.Contains(t, all, r.Outcome.String(), "%s, %s, seed %d", c.name, c.stack, seed)
		}
	}
}
