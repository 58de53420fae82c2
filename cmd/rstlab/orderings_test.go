package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMalformedOrderingsAreRefused(t *testing.T) {
	for _, c := range []malformed{
		{name: "orderings of nothing", args: []string{"orderings"}, want: "rstlab orderings: no scenario; write rstlab orderings NAME with a name that rstlab list shows, or rstlab orderings FILE"},
		{name: "less than no drop", args: []string{"orderings", "small.txt", "--drops", "-1", "--runs", "0"}, want: "rstlab orderings: --drops -1 is too few; write at least 0\nrstlab orderings: --runs 0 is too few; write at least 1"},
		{name: "orderings with a wrong value", args: []string{"orderings", "small.txt", "--set", "rtt=0s"}, want: "rstlab orderings: --set rtt=0s: 0s is out of range; use 1ms..1s"},
		{name: "orderings into a file", args: []string{"orderings", "small.txt", "-o", "small.txt"}, want: `~^rstlab orderings: "small.txt" cannot be made: `},
		{name: "replay of nothing", args: []string{"replay"}, want: "rstlab replay: no file; write rstlab replay FILE"},
		{name: "replay of no file", args: []string{"replay", "x.json"}, want: `rstlab replay: file "x.json" cannot be read: no such file or directory; write the path of a file that rstlab orderings -o has written`},
		{name: "replay of a scenario", args: []string{"replay", "small.txt"}, want: `~^rstlab replay: small.txt: this is no replay file: .*; record it again with rstlab orderings -o DIR$`},
		{name: "report to nowhere", args: []string{"report", "small.txt"}, want: "rstlab report: no place for the page; add -o DIR"},
		{name: "report into a file", args: []string{"report", "small.txt", "-o", "small.txt"}, want: `~^rstlab report: "small.txt" cannot be made: `},
		{name: "shrink to another outcome", args: []string{"shrink", "small.txt", "--outcome", "client: recv=EOF"}, want: `rstlab shrink: --outcome client: recv=EOF: the outcome is server: recv="bye" recv=EOF | client: ok; name that, or set parameters with --set`},
		{name: "shrink to no outcome", args: []string{"shrink", "small.txt", "--outcome", "EOF"}, want: `~^rstlab shrink: --outcome `},
	} {
		t.Run(c.name, func(t *testing.T) {
			emptyDir(t, map[string]string{"small.txt": small})
			c.refused(t)
		})
	}
}

func TestOrderingsAreAsInTheGoldenFile(t *testing.T) {
	golden(t, "orderings.golden", succeed(t, "orderings", "close-unread/echo-two-bytes", "--in-order"))
}

func TestOrderingsSayWhenTheyAreNotExhaustive(t *testing.T) {
	text := succeed(t, "orderings", "close-unread/echo-two-bytes", "--runs", "20")
	require.Contains(t, text, "NOT exhaustive: ")
	require.NotContains(t, text, "result     exhaustive")
	var got orderingsObject
	only(t, succeed(t, "orderings", "close-unread/echo-two-bytes", "--in-order", "--json"), &got)
	require.True(t, got.Exhaustive)
	require.Len(t, got.Outcomes, 2)
	require.Equal(t, got.Outcomes[0].Outcome, got.Outcomes[0].Example.Outcome)
}

func TestOrderingIsReplayed(t *testing.T) {
	emptyDir(t, nil)
	succeed(t, "orderings", "close-unread/echo-two-bytes", "--in-order", "-o", "found")
	text := succeed(t, "replay", "found/1.json", "--svg", "x.svg")
	require.Contains(t, text, "connect=ECONNREFUSED")
	require.Contains(t, text, "it is the run that was recorded")
	require.NoError(t, wellFormed(files(t)["x.svg"]))
	require.Equal(t, 2, strings.Count(succeed(t, "replay", "found/2.json", "--quiet"), "\n"))

	bad := strings.Replace(files(t)["found/1.json"], `"seed": 0`, `"seed": 7`, 1)
	emptyDir(t, map[string]string{"bad.json": bad})
	got := rstlab("", "replay", "bad.json")
	require.Equal(t, exitWrong, got.code)
	require.Contains(t, got.stderr, "its checksum is wrong")
	require.Empty(t, got.stdout)
}

func TestShrunkScenarioIsAFileThatRuns(t *testing.T) {
	emptyDir(t, nil)
	succeed(t, "shrink", "reply-503/close-before-request", "--set", "rtt=33ms", "--outcome", "client: send=EPIPE", "-o", "x.txt")
	require.Contains(t, succeed(t, "run", "x.txt", "--quiet"), "client: send=EPIPE")
	require.Equal(t, files(t)["x.txt"], succeed(t, "shrink", "x.txt", "--outcome", "client: send=EPIPE"), "it cannot be made smaller")
}

func TestReportIsWritten(t *testing.T) {
	emptyDir(t, nil)
	require.Equal(t, "out/index.html\n", succeed(t, "report", "reset/linger-zero", "-o", "out"))
	require.Contains(t, files(t)["out/index.html"], "<h2>Boundaries</h2>")
}
