package explore_test

import (
	"bytes"
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

// outcomesOf are the outcomes that a search finds, sorted.
func outcomesOf(found *explore.Ordered) []string {
	var all []string
	for _, x := range found.Outcomes {
		all = append(all, x.Outcome)
	}
	slices.Sort(all)
	return all
}

// few is a scenario with few orders, and how to search it, drawn with the seed; ok is
// false for steps that do not go together.
func few(seed uint64) (o explore.Orderings, ok bool) {
	draw := rand.New(rand.NewPCG(seed, 0))
	steps := func() string {
		var b strings.Builder
		for range draw.IntN(3) {
			b.WriteString("  " + drawn[draw.IntN(len(drawn))] + "\n")
		}
		return b.String()
	}
	text := pair + "proc server\n  listen 80\n  accept\n" + steps() + "\nproc client\n  connect server:80\n" + steps()
	s, err := cases.Parse("few", []byte(text))
	o.Scenario = s
	o.Drops, o.Duplicates, o.InOrder = draw.IntN(2), draw.IntN(2), draw.IntN(2) == 0
	o.Retransmits, o.NoRACK = max(-1, draw.IntN(4)-2), draw.IntN(2) == 0
	o.Stacks = map[string]string{[]string{"", "client", "server"}[draw.IntN(3)]: cases.Stacks()[draw.IntN(len(cases.Stacks()))]}
	return o, err == nil
}

var drawn = []string{
	`send "a"`, "recv", "recvnb", "shutdown write", "close", "abort", "set deadline 1s", "sleep 1s", "set linger 1s", "state",
}

// With and without states, and without any reduction, a search finds the same.
func TestAnyScenarioHasTheSameOutcomesWithAndWithoutReduction(t *testing.T) {
	seeds, small, matched, compared, cut := uint64(120), 0, 0, 0, 0
	if testing.Short() {
		seeds = 30
	}
	for seed := range seeds {
		o, ok := few(seed)
		if !ok {
			continue
		}
		o.Runs = 150
		found, err := o.Run(t.Context(), explore.Options{})
		require.NoError(t, err)
		require.Empty(t, found.Blind, "every state can be compared")
		if !found.Exhaustive() {
			continue
		}
		o.States, o.Runs = -1, 500
		asleep, err := o.Run(t.Context(), explore.Options{})
		require.NoError(t, err)
		if asleep.Exhaustive() {
			compared++
			require.Equal(t, outcomesOf(asleep), outcomesOf(found), "seed %d", seed)
			matched += min(found.Matched, 1)
			cut += min(found.Cut, 1)
		}
		if want, runs := bruteForce(t, &o, 601); runs <= 600 {
			small++
			require.Equal(t, want, outcomesOf(found), "seed %d", seed)
		}
	}
	require.Greater(t, compared, 10)
	require.Greater(t, small, 5)
	require.Greater(t, matched, 5)
	require.Positive(t, cut)
	t.Logf("%d compared, %d of them with states that were met again, %d with more sent again than may be; %d with all orders", compared, matched, cut, small)
}

// footprints is a chooser that notes the state before each choice.
type footprints struct {
	explore.Chooser
	state   func() (netsim.StateSum, error)
	offered []netsim.Choice
	sums    []netsim.StateSum
	names   []netsim.Choice // what was chosen
	tie     int             // how many choices there were when several timers were due last
	ended   bool
	err     error
}

func (f *footprints) Begin(state func() (netsim.StateSum, error)) { f.state = state }
func (f *footprints) Looked([]netsim.Choice)                      {}
func (f *footprints) Ended()                                      { f.ended = true }
func (f *footprints) Offer(choices []netsim.Choice)               { f.offered = choices }

func (f *footprints) Choose(label string, n int) int {
	if f.ended {
		return 0 // nobody sees it
	}
	sum, err := f.state()
	if err != nil {
		f.err = err
	}
	i := f.Chooser.Choose(label, n)
	if follower, ok := f.Chooser.(*follower); ok {
		i = follower.pick(f.offered)
	}
	if i >= 0 {
		if slices.ContainsFunc(f.offered, func(c netsim.Choice) bool { return c.Kind == netsim.ChooseTimer && c.Number == 2 }) {
			f.tie = len(f.sums) + 1
		}
		f.sums = append(f.sums, sum)
		f.names = append(f.names, f.offered[i])
	}
	return i
}

// follower takes choices by what they are.
type follower struct{ names []netsim.Choice }

func (f *follower) Choose(string, int) int { return 0 }

func (f *follower) pick(offered []netsim.Choice) int {
	if len(f.names) == 0 {
		return 0
	}
	i := slices.Index(offered, f.names[0])
	f.names = f.names[1:]
	return i
}

// What comes of a state does not depend on how a run got there: when two runs are
// in one state, what one does next the other can do too, through the same states
// and to the same end.
func TestRunsInOneStateHaveOneFuture(t *testing.T) {
	met := 0
	for _, c := range []struct {
		name        string
		drops, dups int
		stack       string
	}{
		{name: "reply-503/read-request-first"},
		{name: "reply-503/read-request-first", drops: 1, dups: 1},
		{name: "reply-503/rst-overtakes-reply", dups: 1, stack: "linux"},
		{name: "close-unread/echo-two-bytes", drops: 2},
		{name: "close-unread/echo-two-bytes", dups: 2, stack: "freebsd"},
		{name: "reply-503/lingering-close", drops: 1},
	} {
		o := explore.Orderings{Space: explore.Space{Scenario: load(t, c.name)}}
		if c.name == "reply-503/lingering-close" {
			o.Set = map[string]string{"bytes": "3000"}
		}
		if c.stack != "" {
			o.Stacks = map[string]string{"": c.stack}
		}
		bound, err := o.Bind(nil)
		require.NoError(t, err)
		run := func(chooser explore.Chooser) (*footprints, string) {
			f := &footprints{Chooser: chooser}
			r, err := bound.Run(cases.RunConfig{Choosing: netsim.Choosing{Chooser: f, Drops: c.drops, Duplicates: c.dups}})
			require.NoError(t, err, c.name)
			require.NoError(t, f.err)
			return f, r.Outcome.String()
		}
		type place struct{ walk, at int }
		seen := map[netsim.StateSum]place{}
		var walks []*footprints
		var outcomes []string
		for seed := range uint64(120) {
			f, outcome := run(explore.NewRandom(seed))
			walks, outcomes = append(walks, f), append(outcomes, outcome)
			for at, sum := range f.sums {
				first, again := seen[sum]
				if !again {
					seen[sum] = place{len(walks) - 1, at}
					continue
				}
				other := walks[first.walk]
				if slices.Equal(other.names[:first.at], f.names[:at]) || first.at < other.tie {
					continue // the same way; or timers that are told apart by numbers, which are good for one run
				}
				// This run, and from here on what the other did.
				mixed, end := run(&follower{slices.Concat(f.names[:at], other.names[first.at:])})
				require.Equal(t, other.sums[first.at:], mixed.sums[at:], "%s: walks %d and %d", c.name, first.walk, seed)
				require.Equal(t, outcomes[first.walk], end, c.name)
				met++
				break
			}
		}
	}
	require.Greater(t, met, 50)
	t.Logf("%d meetings", met)
}

// Packets, drops and what a program has read are part of a state.
func TestWhatMattersLaterIsPartOfAState(t *testing.T) {
	s := parse(t, tiny["greeting"])
	bound, err := s.Bind(nil)
	require.NoError(t, err)
	sums := map[netsim.StateSum]string{}
	for all := (&explore.Exhaustive{Depth: 6}); all.Next(); {
		f := &footprints{Chooser: all}
		_, err := bound.Run(cases.RunConfig{Choosing: netsim.Choosing{Chooser: f, Drops: 1, Whole: true}})
		require.NoError(t, err)
		for i, sum := range f.sums {
			var dropped int
			for _, c := range f.names[:i] {
				if c.Kind == netsim.ChooseDrop {
					dropped++
				}
			}
			if was, ok := sums[sum]; ok {
				require.Equal(t, was, fmt.Sprint(dropped), "what is left of the drops")
			}
			sums[sum] = fmt.Sprint(dropped)
		}
	}
}

func TestASearchOfOrderingsGoesOnWhereItEnded(t *testing.T) {
	whole, err := close503(t).Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	o := close503(t)
	o.Runs = 8
	var found *explore.Ordered
	for parts := 1; ; parts++ {
		found, err = o.Run(t.Context(), explore.Options{})
		require.NoError(t, err)
		if found.Exhaustive() {
			require.Greater(t, parts, 2)
			break
		}
		var file bytes.Buffer
		require.NoError(t, o.Save(&file, found))
		o.Resume, err = o.Load("x", &file)
		require.NoError(t, err)
		require.Equal(t, outcomesOf(found), outcomesOf(o.Resume))
		o.Runs += 8
	}
	require.Equal(t, outcomesOf(whole), outcomesOf(found))
	require.True(t, found.Shortest)
	for i, x := range whole.Outcomes {
		require.Equal(t, x.Length, found.Outcomes[i].Length)
	}
}

func TestFilesOfOtherSearchesOfOrderingsAreRefused(t *testing.T) {
	o := close503(t)
	o.Runs = 10
	found, err := o.Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, o.Save(&file, found))
	text := file.String()
	for want, change := range map[string]func() (*explore.Orderings, string){
		"this is no file with a search of orderings": func() (*explore.Orderings, string) { return o, "{}\n" },
		"its checksum is wrong":                      func() (*explore.Orderings, string) { return o, text[:len(text)-1] },
		"the number of drops was another":            func() (*explore.Orderings, string) { x := *o; x.Drops = 1; return &x, text },
		"whether packets stay in order was another":  func() (*explore.Orderings, string) { x := *o; x.InOrder = true; return &x, text },
		"the seed was another":                       func() (*explore.Orderings, string) { x := *o; x.Seed = 7; return &x, text },
		"the scenario was another": func() (*explore.Orderings, string) {
			x := *o
			x.Scenario = load(t, "reply-503/read-request-first")
			return &x, text
		},
		"whether netstack has no RACK was another":     func() (*explore.Orderings, string) { x := *o; x.NoRACK = true; return &x, text },
		"how many segments are sent again was another": func() (*explore.Orderings, string) { x := *o; x.Retransmits = -1; return &x, text },
		"format 9, and this rstlab knows 3": func() (*explore.Orderings, string) {
			return o, strings.Replace(text, `"format":3`, `"format":9`, 1)
		},
	} {
		search, damaged := change()
		_, err := search.Load("x.orderings", strings.NewReader(damaged))
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "x.orderings: ")
	}
}

// What has no sum is searched without states, and the search says so.
func TestStatesThatCannotBeComparedAreSearchedAllTheSame(t *testing.T) {
	o := &explore.Orderings{Space: explore.Space{Scenario: parse(t, pair+`proc server
  listen 80
  accept

proc client
  connect server:80

proc client operator
  reboot server
`)}, InOrder: true}
	found, err := o.Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	require.True(t, found.Exhaustive())
	require.Contains(t, found.Blind, `host "server" has been switched on again`)
	require.False(t, found.Shortest)
	want, runs := bruteForce(t, o, 5001)
	require.LessOrEqual(t, runs, 5000)
	require.Equal(t, want, outcomesOf(found))
}

// With little room a search is longer, and finds the same.
func TestASearchThatForgetsStatesFindsTheSame(t *testing.T) {
	whole, err := close503(t).Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	for _, states := range []int{-1, 1, 20} {
		o := close503(t)
		o.States = states
		found, err := o.Run(t.Context(), explore.Options{})
		require.NoError(t, err)
		require.True(t, found.Exhaustive())
		require.False(t, found.Shortest)
		require.LessOrEqual(t, found.States, max(states, 0))
		require.Greater(t, found.Runs, whole.Runs)
		require.Equal(t, outcomesOf(whole), outcomesOf(found))
	}
}
