package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
)

// complete gives what a shell proposes after these words, without the
// descriptions, and the directive as cobra prints it.
func complete(t *testing.T, words ...string) (proposals []string, directive string) {
	t.Helper()
	got := rstlab("", append([]string{"__complete"}, words...)...)
	require.Equal(t, exitOK, got.code, got.stderr)
	lines := strings.Split(strings.TrimSuffix(got.stdout, "\n"), "\n")
	for _, line := range lines[:len(lines)-1] {
		word, _, _ := strings.Cut(line, "\t")
		proposals = append(proposals, word)
	}
	return proposals, lines[len(lines)-1]
}

const (
	thenFiles   = ":0"
	noFiles     = ":4"
	noSpace     = ":6" // and no files
	filesEnding = ":8" // the proposals are suffixes
)

func TestCompletion(t *testing.T) {
	emptyDir(t, map[string]string{"small.txt": small, "bad.txt": "hsot\n"})
	for _, c := range []struct {
		words     string // the last one is incomplete
		want      string
		directive string
	}{
		{"run ", strings.Join(cases.Names(), " "), thenFiles},
		{"run connect/no", "connect/no-listener", thenFiles},
		{"run --all reset/linger-zero connect/no", "connect/no-listener", thenFiles},
		{"run sma", "", thenFiles},
		{"run connect/no-listener ", "", noFiles},
		{"run reset/linger-zero --set ", "rtt= linger=", noSpace},
		{"run reset/linger-zero --set l", "linger=", noSpace},
		{"run reset/linger-zero --set linger=1s --set ", "rtt=", noSpace},
		{"run reset/linger-zero --set linger=", "linger=0s linger=10s", noFiles},
		{"run --set rtt=1ms reset/linger-zero --set l", "linger=", noSpace},
		{"run small.txt --set order=", "order=read order=write order=both", noFiles},
		{"run small.txt --set order=w", "order=write", noFiles},
		{"run bad.txt --set o", "", noFiles},
		{"run nothing --set o", "", noFiles},
		{"run --set o", "", noFiles},
		{"run - --set o", "", noFiles},
		{"run reset/linger-zero --seed ", "", noFiles},
		{"run reset/linger-zero --pcap ", "pcapng", filesEnding},
		{"run reset/linger-zero --trace ", "ndjson trace", filesEnding},
		{"list ", strings.Join(topics(), " "), noFiles},
		{"list reset ", "", noFiles},
		{"fmt ", "txt", filesEnding},
		{"help r", "record replay report run", noFiles},
		{"version ", "", noFiles},
		{"completion ", "bash fish powershell zsh", noFiles},
	} {
		got, directive := complete(t, strings.Split(c.words, " ")...)
		require.Equal(t, c.want, strings.Join(got, " "), c.words)
		require.Equal(t, c.directive, directive, c.words)
	}
}

func TestCompletionScriptsAreMade(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		require.True(t, strings.Contains(succeed(t, "completion", shell), "__complete"), shell)
	}
}
