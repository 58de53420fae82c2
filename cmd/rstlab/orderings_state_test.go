package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// requests is a search of thousands of orders.
var requests = []string{"orderings", "reply-503/read-request-first", "--stack", "rfc9293"}

// Whenever a search of orderings is killed, what it has kept goes on to the same end, to
// the number of its runs.
func TestKilledOrderingsGoOn(t *testing.T) {
	emptyDir(t, nil)
	want := succeed(t, requests...)
	keep := append(requests, "--state", "x.orderings")
	killed := exec.Command(os.Args[0])
	killed.Env = append(os.Environ(), commandLine+"="+strings.Join(keep, "\n"))
	require.NoError(t, killed.Start())
	require.Eventually(t, func() bool {
		_, err := os.Stat("x.orderings")
		return err == nil
	}, time.Minute, time.Millisecond, "it is kept while the search goes on")
	require.NoError(t, killed.Process.Kill())
	require.ErrorContains(t, killed.Wait(), "killed", "before its end")

	require.Equal(t, want, succeed(t, append(keep, "--resume")...))
	require.Equal(t, want, succeed(t, append(keep, "--resume")...), "what has ended is shown again")
}

func TestShardsOfOrderingsAreMerged(t *testing.T) {
	emptyDir(t, nil)
	for _, shard := range []string{"1", "2"} {
		text := succeed(t, append(requests, "--shard", shard+"/2", "--state", shard+".orderings")...)
		require.Contains(t, text, "result     shard "+shard+"/2 is done within these bounds; rstlab merge puts all of them together\n")
	}
	require.Empty(t, succeed(t, "merge", "1.orderings", "2.orderings", "-o", "all.orderings"))
	var want, got orderingsObject
	only(t, succeed(t, append(requests, "--json")...), &want)
	only(t, succeed(t, append(requests, "--json", "--state", "all.orderings", "--resume")...), &got)
	require.True(t, got.Exhaustive)
	require.True(t, got.Shortest)
	require.Empty(t, got.Shard)
	length := map[string]int{}
	for _, o := range want.Outcomes {
		length[o.Outcome] = o.Length
	}
	require.Len(t, got.Outcomes, len(length))
	for _, o := range got.Outcomes {
		require.Equal(t, length[o.Outcome], o.Length, o.Outcome)
	}
}

func TestMalformedShardsOfOrderingsAreRefused(t *testing.T) {
	for _, c := range []malformed{
		{name: "a shard without a file", args: []string{"orderings", "small.txt", "--shard", "1/2"}, want: "rstlab orderings: --shard 1/2 without a file for its part; add --state FILE"},
		{name: "a shard that is none", args: []string{"orderings", "small.txt", "--shard", "3/2", "--state", "x"}, want: `rstlab orderings: --shard: "3/2" is no shard; write I/N, as 1/2 and 2/2`},
		{name: "less than none sent again", args: []string{"orderings", "small.txt", "--retransmits", "-1"}, want: "rstlab orderings: --retransmits -1 is too few; write at least 0"},
		{name: "no search to go on with", args: []string{"orderings", "small.txt", "--state", "x", "--resume"}, want: `rstlab orderings: file "x" cannot be read: no such file or directory; leave --resume out to begin, or name another file`},
	} {
		t.Run(c.name, func(t *testing.T) {
			emptyDir(t, map[string]string{"small.txt": small})
			c.refused(t)
		})
	}
	emptyDir(t, nil)
	succeed(t, append(requests, "--shard", "1/2", "--state", "1.orderings", "--runs", "20")...)
	got := rstlab("", "merge", "1.orderings", "-o", "x")
	require.Equal(t, exitWrong, got.code)
	require.Equal(t, "rstlab merge: 1.orderings: shard 1/2 has not come to its own part; go on with it, with --resume\n", got.stderr)
	got = rstlab("", "merge", "1.orderings", "none", "-o", "x")
	require.Contains(t, got.stderr, `file "none" cannot be read: no such file or directory; write the path of a file that --state has written`)
	require.Len(t, files(t), 1)
}
