package explore_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases/explore"
)

// saved is the file of what a search has found.
func saved(t *testing.T, o *explore.Orderings, found *explore.Ordered, name string) *explore.OrderingsFile {
	t.Helper()
	var file bytes.Buffer
	require.NoError(t, o.Save(&file, found))
	require.True(t, explore.HoldsOrderings(file.Bytes()))
	f, err := explore.ReadOrderings(name, &file)
	require.NoError(t, err)
	return f
}

// inShards searches in n shards, puts them together and goes on from there. Each shard
// makes at most so many runs; 0 is any number.
func inShards(t *testing.T, whole explore.Orderings, n int64, runs int) *explore.Ordered {
	t.Helper()
	var files []*explore.OrderingsFile
	for i := range n {
		o := whole
		o.Shard, o.Runs = explore.Shard{I: i + 1, N: n}, runs
		o.DealEach(4)
		found, err := o.Run(t.Context(), explore.Options{})
		require.NoError(t, err)
		require.False(t, found.Exhaustive() && n > 1, "a shard is not all")
		require.Equal(t, runs == 0, found.Done())
		files = append(files, saved(t, &o, found, o.Shard.String()))
	}
	merged, err := explore.MergeOrderings(files)
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, merged.Write(&file))
	whole.Resume, err = whole.Load("merged", &file)
	require.NoError(t, err)
	before := whole.Resume.Runs
	found, err := whole.Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	require.Equal(t, runs == 0, found.Runs == before, "what was done is not done again")
	return found
}

// sameOrders compares all that does not depend on the order of the search.
func sameOrders(t *testing.T, want, got *explore.Ordered, message string) {
	t.Helper()
	require.Equal(t, outcomesOf(want), outcomesOf(got), message)
	require.Equal(t, want.Exhaustive(), got.Exhaustive(), message)
	require.Equal(t, want.Shortest, got.Shortest, message)
	require.Equal(t, want.Blind, got.Blind, message)
	if !want.Shortest {
		return
	}
	length := map[string]int{}
	for _, x := range want.Outcomes {
		length[x.Outcome] = x.Length
	}
	for _, x := range got.Outcomes {
		require.Equal(t, length[x.Outcome], x.Length, "%s: %s", message, x.Outcome)
	}
}

func TestShardsOfOrderingsFindTogetherWhatTheWholeSearchFinds(t *testing.T) {
	request := explore.Orderings{InOrder: true, Space: explore.Space{Scenario: load(t, "reply-503/read-request-first")}}
	linger := explore.Orderings{InOrder: true, Retransmits: -1, Space: explore.Space{
		Scenario: load(t, "reply-503/lingering-close"), Set: map[string]string{"bytes": "1"}, Stacks: map[string]string{"": "rfc9293"},
	}}
	blind := explore.Orderings{InOrder: true, Space: explore.Space{Scenario: parse(t, pair+`proc server
  listen 80
  accept

proc client
  connect server:80

proc client operator
  reboot server
`)}}
	for _, c := range []struct {
		name   string
		o      explore.Orderings
		shards int64
		runs   int
		states int
	}{
		{name: "echo", o: *close503(t), shards: 2},
		{name: "echo, one shard", o: *close503(t), shards: 1},
		{name: "request", o: request, shards: 2},
		{name: "request", o: request, shards: 3},
		{name: "request, not ended", o: request, shards: 2, runs: 90},
		{name: "linger", o: linger, shards: 3},
		{name: "without states", o: *close503(t), shards: 3, states: -1},
		{name: "states that cannot be compared", o: blind, shards: 2},
	} {
		c.o.States = c.states
		whole, err := c.o.Run(t.Context(), explore.Options{})
		require.NoError(t, err)
		require.True(t, whole.Exhaustive())
		found := inShards(t, c.o, c.shards, c.runs)
		sameOrders(t, whole, found, c.name)
		for _, x := range found.Outcomes {
			_, err := c.o.Record(x)
			require.NoError(t, err, "%s: each example is a run that ends so", c.name)
		}
		t.Logf("%s: %d runs and %d states, in %d shards %d and %d", c.name, whole.Runs, whole.States, c.shards, found.Runs, found.States)
	}
}

func TestShardsOfAnyScenarioFindTogetherWhatTheWholeSearchFinds(t *testing.T) {
	seeds, compared, dealt := uint64(60), 0, 0
	if testing.Short() {
		seeds = 15
	}
	for seed := range seeds {
		o, ok := few(seed)
		if !ok {
			continue
		}
		o.Runs = 300
		whole, err := o.Run(t.Context(), explore.Options{})
		require.NoError(t, err)
		if !whole.Exhaustive() {
			continue
		}
		o.Runs = 0
		found := inShards(t, o, 2, 0)
		sameOrders(t, whole, found, fmt.Sprint("seed ", seed))
		compared++
		if found.Runs != whole.Runs {
			dealt++
		}
	}
	require.Greater(t, compared, int(seeds)/4)
	require.Positive(t, dealt)
	t.Logf("%d compared, %d with another number of runs", compared, dealt)
}

// A shard that is interrupted on its way to the deal, and goes on, has the same part.
func TestShardsAreDealtTheSameWhateverInterruptsThem(t *testing.T) {
	o := explore.Orderings{InOrder: true, Space: explore.Space{Scenario: load(t, "reply-503/read-request-first")}}
	o.Shard = explore.Shard{I: 2, N: 2}
	o.DealEach(8)
	want, err := o.Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	for o.Runs = 3; ; o.Runs += 7 {
		found, err := o.Run(t.Context(), explore.Options{Workers: 3})
		require.NoError(t, err)
		if found.Done() {
			require.Equal(t, outcomesOf(want), outcomesOf(found))
			break
		}
		var file bytes.Buffer
		require.NoError(t, o.Save(&file, found))
		o.Resume, err = o.Load("x", &file)
		require.NoError(t, err)
	}
}

func TestFilesThatAreNotAllShardsOfOneSearchAreRefused(t *testing.T) {
	shard := func(i, n int64, change func(*explore.Orderings)) *explore.OrderingsFile {
		o := explore.Orderings{InOrder: true, Space: explore.Space{Scenario: load(t, "reply-503/read-request-first")}}
		o.Shard = explore.Shard{I: i, N: n}
		o.DealEach(8)
		if change != nil {
			change(&o)
		}
		found, err := o.Run(t.Context(), explore.Options{})
		require.NoError(t, err)
		return saved(t, &o, found, fmt.Sprintf("%d.orderings", i))
	}
	one, two := shard(1, 2, nil), shard(2, 2, nil)
	for want, files := range map[string][]*explore.OrderingsFile{
		"shard 2/2 is missing":                                                                  {one},
		"1.orderings and 1.orderings are both shard 1/2":                                        {one, one, two},
		`3.orderings: the shard is "3/3", and that of 1.orderings is 1/2`:                       {one, two, shard(3, 3, nil)},
		"2.orderings: the seed was another":                                                     {one, shard(2, 2, func(o *explore.Orderings) { o.Seed = 7 })},
		"2.orderings: the number of drops was another":                                          {one, shard(2, 2, func(o *explore.Orderings) { o.Drops, o.Runs = 1, 5 })},
		"2.orderings: shard 2/2 has not come to its own part; go on with it, with --resume":     {one, shard(2, 2, func(o *explore.Orderings) { o.Runs = 5; o.DealEach(99) })},
		"1.orderings and 2.orderings were dealt different parts; search again, each shard with": {one, shard(2, 2, func(o *explore.Orderings) { o.States = 1 })},
		"0.orderings: this is no shard":                                                         {shard(0, 0, func(o *explore.Orderings) { o.Shard = explore.Shard{} })},
	} {
		_, err := explore.MergeOrderings(files)
		require.ErrorContains(t, err, want, want)
	}
	_, err := explore.ReadOrderings("x", strings.NewReader("{}\n"))
	require.ErrorContains(t, err, "x: this is no file with a search of orderings")
	require.False(t, explore.HoldsOrderings([]byte("{}\n")))

	o := explore.Orderings{InOrder: true, Space: explore.Space{Scenario: load(t, "reply-503/read-request-first")}, Runs: 5}
	found, err := o.Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, o.Save(&file, found))
	o.Shard = explore.Shard{I: 1, N: 2}
	_, err = o.Load("x", &file)
	require.ErrorContains(t, err, `x: the shard was another: "" there, "1/2" here`)
}

// What is kept while a search goes on is as good as what it ends with: from any of it
// the search goes on to the same end.
func TestASearchOfOrderingsGoesOnFromWhateverWasKept(t *testing.T) {
	for _, shard := range []explore.Shard{{}, {I: 1, N: 2}} {
		o := explore.Orderings{InOrder: true, Shard: shard, Space: explore.Space{Scenario: load(t, "reply-503/read-request-first")}}
		o.DealEach(16)
		var files []string
		o.Keep = func(found *explore.Ordered) error {
			var file bytes.Buffer
			err := o.Save(&file, found)
			files = append(files, file.String())
			return err
		}
		whole, err := o.Run(t.Context(), explore.Options{})
		require.NoError(t, err)
		require.True(t, whole.Done())
		require.Greater(t, len(files), 3)
		o.Keep = nil
		for i := 0; i < len(files); i += 1 + len(files)/10 {
			o.Resume, err = o.Load("x", strings.NewReader(files[i]))
			require.NoError(t, err)
			found, err := o.Run(t.Context(), explore.Options{})
			require.NoError(t, err)
			require.Equal(t, whole.Runs, found.Runs)
			require.Equal(t, whole.States, found.States)
			require.Equal(t, whole.Outcomes, found.Outcomes)
			sameOrders(t, whole, found, "kept")
		}
	}
}

func TestASearchThatCannotBeKeptEnds(t *testing.T) {
	o := close503(t)
	o.Keep = func(*explore.Ordered) error { return bytes.ErrTooLarge }
	found, err := o.Run(t.Context(), explore.Options{})
	require.ErrorIs(t, err, bytes.ErrTooLarge)
	require.NotNil(t, found)
}
