package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const sweepUsage = "write rstlab sweep NAME with a name that rstlab list shows, or rstlab sweep FILE"

func TestMalformedSearchesAreRefused(t *testing.T) {
	for _, c := range []malformed{
		{name: "sweep of nothing", args: []string{"sweep"}, want: "rstlab sweep: no scenario; " + sweepUsage},
		{name: "sweep of two", args: []string{"sweep", "small.txt", "rtt"}, want: `rstlab sweep: unexpected argument "rtt" after the scenario; write parameters as --set PARAM=VALUE`},
		{name: "nothing varies", args: []string{"sweep", "small.txt"}, want: "rstlab sweep: nothing varies; add --over PARAM=A..B/STEPS"},
		{name: "unknown axis", args: []string{"sweep", "small.txt", "--over", "rrt/4"}, want: "rstlab sweep: --over rrt: the scenario has no such parameter; did you mean rtt?"},
		{name: "axis out of range", args: []string{"sweep", "small.txt", "--over", "rtt=0s..1s"}, want: "rstlab sweep: --over rtt=0s: 0s is out of range; use 1ms..1s"},
		{name: "wrong steps", args: []string{"sweep", "small.txt", "--over", "rtt/x"}, want: `rstlab sweep: --over: axis "rtt/x": "x" is no number of steps; write a whole number from 1 to 1000000`},
		{name: "axis without range", args: []string{"sweep", "small.txt", "--over", "words"}, want: `rstlab sweep: --over: axis "words": parameter words has no range of its own; write words=A..B or words=A,B,C`},
		{name: "set and varies", args: []string{"sweep", "small.txt", "--over", "rtt/2", "--set", "rtt=5ms"}, want: "rstlab sweep: parameter rtt has a value and varies; leave one out"},
		{name: "wrong value", args: []string{"sweep", "small.txt", "--over", "rtt/2", "--set", "bytes=1x"}, want: `~^rstlab sweep: --set bytes=1x: `},
		{name: "less than no worker", args: []string{"sweep", "small.txt", "--over", "rtt/2", "--workers", "-1"}, want: "rstlab sweep: --workers -1 is less than none; write 0 for one a core"},
		{name: "wrong shard", args: []string{"sweep", "small.txt", "--over", "rtt/2", "--shard", "3/2", "--ndjson", "x"}, want: `rstlab sweep: --shard: "3/2" is no shard; write I/N, as 1/2 and 2/2`},
		{name: "shard without a file", args: []string{"sweep", "small.txt", "--over", "rtt/2", "--shard", "1/2"}, want: "rstlab sweep: --shard 1/2 without a file for its points; add --ndjson FILE"},
		{name: "resume without a file", args: []string{"sweep", "small.txt", "--over", "rtt/2", "--resume"}, want: "rstlab sweep: --resume without a file; add --ndjson FILE with the points that there are"},
		{name: "resume of no file", args: []string{"sweep", "small.txt", "--over", "rtt/2", "--resume", "--ndjson", "none"}, want: `rstlab sweep: file "none" cannot be read: no such file or directory; leave --resume out to begin, or name another file`},
		{name: "resume of another file", args: []string{"sweep", "small.txt", "--over", "rtt/2", "--resume", "--ndjson", "small.txt"}, want: `~^rstlab sweep: small.txt:1: the line is damaged: .*; search again, or name another file$`},
		{name: "two files on stdout", args: []string{"sweep", "small.txt", "--over", "rtt/2", "--csv", "-", "--ndjson", "-"}, want: "rstlab sweep: --csv - and --ndjson - both want standard output; name a file"},
		{name: "two files in one", args: []string{"sweep", "small.txt", "--over", "rtt/2", "--csv", "a", "--ndjson", "./a"}, want: "rstlab sweep: --csv a: this is the file of --ndjson; choose another file"},
		{name: "bisect of nothing", args: []string{"bisect", "small.txt"}, want: "rstlab bisect: nothing varies; add --param PARAM"},
		{name: "bisect of words", args: []string{"bisect", "small.txt", "--param", "order"}, want: "rstlab bisect: --param: order has no range; rstlab sweep --over order runs each of its values"},
		{name: "bisect between nothing", args: []string{"bisect", "small.txt", "--param", "rtt", "--between", "5ms..1ms"}, want: `rstlab bisect: --param: axis "rtt=5ms..1ms": 5ms is not below 1ms; write the smaller value first`},
		{name: "bisect in no parts", args: []string{"bisect", "small.txt", "--param", "rtt", "--parts", "0"}, want: "rstlab bisect: --parts 0 is too few; write at least 1"},
		{name: "bisect twice to stdout", args: []string{"bisect", "small.txt", "--param", "rtt", "--json", "--ndjson", "-"}, want: "rstlab bisect: --json and --ndjson - both want standard output; name a file: --ndjson FILE"},
		{name: "phase of nothing", args: []string{"phase", "small.txt", "--x", "rtt"}, want: "rstlab phase: there is no --y; add --y PARAM=A..B"},
		{name: "phase of words", args: []string{"phase", "small.txt", "--x", "rtt", "--y", "order"}, want: "rstlab phase: --y: order has no range; rstlab sweep --over order runs each of its values"},
		{name: "phase of one parameter", args: []string{"phase", "small.txt", "--x", "rtt", "--y", "rtt"}, want: "rstlab phase: parameter rtt varies twice; leave one out"},
		{name: "phase in no format", args: []string{"phase", "small.txt", "--x", "rtt", "--y", "bytes", "-o", "x.pdf"}, want: "rstlab phase: -o x.pdf: the suffix says no format; end the name in .svg, .png or .html"},
		{name: "phase too large", args: []string{"phase", "small.txt", "--x", "rtt/10000", "--y", "bytes/10000"}, want: "rstlab phase: the grid has 100020001 points, and at most 4194304 are kept in memory; use fewer steps"},
		{name: "phase from no cells", args: []string{"phase", "small.txt", "--x", "rtt", "--y", "bytes", "--base", "0"}, want: "rstlab phase: --base 0 is too few; write at least 1"},
		{name: "phase over its points", args: []string{"phase", "small.txt", "--x", "rtt", "--y", "bytes", "-o", "x.svg", "--ndjson", "./x.svg"}, want: "rstlab phase: -o x.svg: this is the file of --ndjson; choose another file"},
		{name: "unknown stack", args: []string{"sweep", "small.txt", "--over", "rtt", "--stack", "minix"}, want: `~^rstlab sweep: --stack: minix: there is no stack "minix"; write one of .*netstack`},
		{name: "stack of nobody", args: []string{"bisect", "small.txt", "--param", "rtt", "--stack", "cleint=netstack"}, want: `rstlab bisect: --stack: cleint=netstack: there is no host "cleint"; write the name of a host of the scenario`},
		{name: "two stacks", args: []string{"orderings", "small.txt", "--stack", "netstack", "--stack", "netstack"}, want: "rstlab orderings: --stack: netstack: a second stack for the same; leave one out"},
		{name: "merge of nothing", args: []string{"merge", "-o", "x"}, want: "rstlab merge: no file; write rstlab merge FILE... -o FILE"},
		{name: "merge to nowhere", args: []string{"merge", "small.txt"}, want: "rstlab merge: no place for the result; add -o FILE, or -o - for standard output"},
		{name: "merge of no points", args: []string{"merge", "small.txt", "-o", "x"}, want: `~^rstlab merge: small.txt:1: the line is damaged: `},
	} {
		t.Run(c.name, func(t *testing.T) {
			emptyDir(t, map[string]string{"small.txt": small})
			c.refused(t)
		})
	}
}

func TestSweepIsAsInTheGoldenFile(t *testing.T) {
	golden(t, "sweep.golden", succeed(t, "sweep", "reply-503/close-before-request", "--over", "rtt=1ms..401ms/40", "--over", "pause/20"))
}

func TestSweepWritesCSVAndNDJSON(t *testing.T) {
	emptyDir(t, nil)
	args := []string{"sweep", "reset/linger-zero", "--over", "linger", "--over", "rtt/4"}
	table := succeed(t, append(args, "--csv", "x.csv", "--ndjson", "x.ndjson")...)
	require.Contains(t, table, "points in all")
	all := files(t)
	require.Len(t, all, 2)
	require.Equal(t, all["x.csv"], succeed(t, append(args, "--csv", "-")...), "- is standard output in place of the table")
	require.Equal(t, all["x.ndjson"], succeed(t, append(args, "--ndjson", "-")...))
	for line := range strings.Lines(all["x.ndjson"]) {
		require.True(t, json.Valid([]byte(line)), line)
	}
	require.Equal(t, strings.Count(all["x.ndjson"], "\n"), strings.Count(all["x.csv"], "\n"), "one header and one line a point each")
}

func TestShardsOfASweepAreMerged(t *testing.T) {
	emptyDir(t, nil)
	args := []string{"sweep", "reset/linger-zero", "--over", "rtt/20"}
	succeed(t, append(args, "--ndjson", "all.ndjson")...)
	succeed(t, append(args, "--ndjson", "1.ndjson", "--shard", "1/2")...)
	succeed(t, append(args, "--ndjson", "2.ndjson", "--shard", "2/2", "--workers", "1")...)
	succeed(t, "merge", "2.ndjson", "1.ndjson", "-o", "merged.ndjson")
	all := files(t)
	require.Equal(t, all["all.ndjson"], all["merged.ndjson"])
	require.Equal(t, all["all.ndjson"], succeed(t, "merge", "1.ndjson", "2.ndjson", "-o", "-"))
	succeed(t, append(args, "--ndjson", "merged.ndjson", "--resume")...)
	require.Equal(t, all, files(t), "there is nothing left to do")

	other := succeed(t, "sweep", "reset/linger-zero", "--over", "rtt/10", "--ndjson", "-")
	emptyDir(t, map[string]string{"1.ndjson": all["1.ndjson"], "other.ndjson": other})
	got := rstlab("", "merge", "1.ndjson", "other.ndjson", "-o", "x")
	require.Equal(t, exitWrong, got.code)
	require.Contains(t, got.stderr, "rstlab merge: other.ndjson: what varies was another: ")
}

func TestInterruptedSweepLeavesValidFilesAndGoesOn(t *testing.T) {
	emptyDir(t, nil)
	args := []string{"sweep", "reset/linger-zero", "--over", "rtt/40", "--ndjson", "x.ndjson"}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr bytes.Buffer
	require.Equal(t, exitInterrupted, runContext(ctx, args, nil, &stdout, &stderr))
	require.Regexp(t, `^rstlab sweep: interrupted; \d+ of 41 points are done\n$`, stderr.String())
	part := files(t)["x.ndjson"]
	require.True(t, json.Valid([]byte(strings.SplitN(part, "\n", 2)[0])), "the file has its header at least")

	got := succeed(t, append(args, "--resume")...)
	whole := files(t)["x.ndjson"]
	require.True(t, strings.HasPrefix(whole, part))
	require.Equal(t, got, succeed(t, args...), "the table is the same")
	require.Equal(t, whole, files(t)["x.ndjson"])
}

func TestBisectIsAsInTheGoldenFile(t *testing.T) {
	golden(t, "bisect.golden", succeed(t, "bisect", "reply-503/close-before-request", "--param", "pause"))
}

func TestBisectJSONKeepsItsSchema(t *testing.T) {
	var got bisectObject
	only(t, succeed(t, "bisect", "reply-503/close-before-request", "--param", "pause", "--json", "--set", "rtt=70ms"), &got)
	require.Equal(t, "reply-503/close-before-request", got.Scenario)
	require.Equal(t, []boundaryObject{{
		Below: "69999999ns", BelowOutcome: `server: ok | client: recv="503 busy" recv=EOF`,
		At: "70ms", AtOutcome: "server: ok | client: send=EPIPE",
	}}, got.Boundaries)
	require.Equal(t, []string{"pause", "0s", "2s"}, []string{got.Param, got.From, got.To})
	require.Less(t, got.Runs, 100)
}

func TestShardsOfABisectionAreMergedAndGoOn(t *testing.T) {
	emptyDir(t, nil)
	args := []string{"bisect", "reply-503/close-before-request", "--param", "pause"}
	text := succeed(t, append(args, "--ndjson", "all.ndjson")...)
	for _, i := range []string{"1", "2", "3"} {
		succeed(t, append(args, "--ndjson", i+".ndjson", "--shard", i+"/3")...)
	}
	succeed(t, "merge", "1.ndjson", "2.ndjson", "3.ndjson", "-o", "merged.ndjson")
	require.Equal(t, text, succeed(t, append(args, "--ndjson", "merged.ndjson", "--resume")...))
	all := files(t)
	require.Equal(t, all["all.ndjson"], all["merged.ndjson"])
}

func TestPhaseIsAsInTheGoldenFile(t *testing.T) {
	golden(t, "phase.golden", succeed(t, "phase", "reply-503/close-before-request", "--x", "rtt=1ms..501ms/50", "--y", "pause=0s..500ms/50"))
}

func TestPhaseDrawsAndKeepsItsPoints(t *testing.T) {
	emptyDir(t, nil)
	args := []string{"phase", "reply-503/close-before-request", "--x", "rtt/20", "--y", "pause/20", "--ndjson", "x.ndjson"}
	table := succeed(t, append(args, "-o", "x.svg")...)
	succeed(t, append(args, "-o", "x.png", "--resume")...)
	require.Equal(t, table, succeed(t, append(args, "-o", "x.html", "--resume")...))
	all := files(t)
	require.Len(t, all, 4)
	require.NoError(t, wellFormed(all["x.svg"]))
	require.True(t, strings.HasPrefix(all["x.png"], "\x89PNG"))
	require.True(t, strings.HasPrefix(all["x.html"], "<!DOCTYPE html>"))
}
