package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/fuzz"
	"rstlab/tcpmodel/invariant"
)

func TestFuzzReportsTheSameOnAnyNumberOfCores(t *testing.T) {
	emptyDir(t, nil)
	one := succeed(t, "fuzz", "--runs", "60", "--seed", "3", "--workers", "1")
	require.Equal(t, one, succeed(t, "fuzz", "--runs", "60", "--seed", "3", "--workers", "4"))
	require.Contains(t, one, "rstlab fuzz --seed 3 --runs 60\n")
	require.Contains(t, one, "\nnothing found\n")
	require.Regexp(t, `states +\d+ of 11 +CLOSED \d+`, one)
	require.Regexp(t, `steps +\d+ of \d+ .*\bconnect \d+`, one)
	require.NotEqual(t, one, succeed(t, "fuzz", "--runs", "60", "--seed", "4"))
	require.Empty(t, files(t), "nothing was found, so nothing is written")
}

func TestFuzzEndsInTime(t *testing.T) {
	emptyDir(t, nil)
	require.Contains(t, succeed(t, "fuzz", "--for", "50ms"), "nothing found")
}

func TestInterruptedFuzzReportsWhatThereIs(t *testing.T) {
	emptyDir(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr bytes.Buffer
	code := runContext(ctx, []string{"fuzz", "--for", "1h"}, nil, &stdout, &stderr)
	require.Equal(t, exitInterrupted, code)
	require.Equal(t, "rstlab fuzz: interrupted\n", stderr.String())
	require.Contains(t, stdout.String(), "0 runs, 0 events")
}

func TestFuzzRefusesWrongFlags(t *testing.T) {
	emptyDir(t, map[string]string{"file": ""})
	for args, want := range map[string]string{
		"--runs -1":           "--runs -1; write a number from 1 on, or leave it out",
		"--from -3":           "--from -3; write a number from 0 on, or leave it out",
		"--for -1s":           "--for -1s; write a time such as 30s, or leave it out",
		"--workers -2":        "--workers -2; write a number from 1 on, or leave it out",
		"-o none":             `there is no directory "none"; create it first`,
		"-o file":             `there is no directory "file"; create it first`,
		"--for soon":          `flag --for: wrong value "soon"; write --for TIME (begin new runs for this TIME, such as 30s or 10m)`,
		"--runs 1 everything": `unexpected argument "everything"; leave it out`,
	} {
		got := rstlab("", append([]string{"fuzz"}, strings.Fields(args)...)...)
		require.Equal(t, exitWrong, got.code, args)
		require.Equal(t, "rstlab fuzz: "+want+"\n", got.stderr)
		require.Empty(t, got.stdout)
	}
}

// aFinding is what a campaign would report of a scenario.
func aFinding(t *testing.T) *fuzz.Report {
	t.Helper()
	s, err := cases.Parse("found.txt", []byte(small))
	require.NoError(t, err)
	return &fuzz.Report{Runs: 9, Findings: []fuzz.Finding{{
		Failure: fuzz.Failure{Kind: "within-window:late", Message: "octets up to 7\nand more"},
		Run:     4, Runs: []int{4, 9}, Scenario: s, Small: s, SmallSeed: 11,
	}}, Known: []fuzz.Known{{Deviation: fuzz.Deviations()[0], Run: 1, Count: 3}}}
}

func TestAFindingIsWrittenToAFileThatRuns(t *testing.T) {
	emptyDir(t, map[string]string{"out/x": ""})
	f := fuzzFlags{seed: 5, dir: "out"}
	r := aFinding(t)
	found := foundFiles{flags: &f}
	name := filepath.Join("out", "fuzz-within-window-late-5-4.txt")
	later := r.Findings[0]
	later.Run = 9
	found.add(later)
	found.add(r.Findings[0])
	require.FileExists(t, name, "it is there at once")
	require.FileExists(t, filepath.Join("out", "fuzz-within-window-late-5-9.txt"))
	written, err := found.end(r)
	require.NoError(t, err)
	require.Equal(t, []string{name}, written)
	require.NoFileExists(t, filepath.Join("out", "fuzz-within-window-late-5-9.txt"), "an earlier run shows it")

	lines := strings.Join(f.lines(r, written, screen{}), "\n")
	require.Contains(t, lines, "within-window:late: in 2 runs, numbers 4, 9\n  octets up to 7\n  rstlab run --check --seed 11 "+name)
	require.Contains(t, lines, "3     netstack  "+invariant.Deviations()[0].Invariant)

	got := rstlab("", "run", "--check", "--seed", "11", name)
	require.Equal(t, exitOK, got.code, got.stderr)
	require.Contains(t, got.stdout, "check    every invariant holds\n")
}

func TestFuzzReportsToPrograms(t *testing.T) {
	emptyDir(t, nil)
	var got fuzzObject
	require.NoError(t, json.Unmarshal([]byte(succeed(t, "fuzz", "--runs", "40", "--seed", "3", "--stack", "netstack", "--json")), &got))
	require.Equal(t, uint64(3), got.Seed)
	require.Equal(t, []string{"netstack"}, got.Stacks)
	require.Equal(t, 40, got.Runs)
	require.Positive(t, got.Coverage.States["ESTABLISHED"])
	require.Positive(t, got.Coverage.Transitions["SYN-SENT"]["ESTABLISHED"])
	require.Positive(t, got.Coverage.Steps["connect"])
	require.Positive(t, got.Coverage.Followed.Connections)
	require.Empty(t, got.Findings)
	var text []string
	for verb, n := range got.Coverage.Steps {
		text = append(text, fmt.Sprintf("%s %d", verb, n))
	}
	lines := succeed(t, "fuzz", "--runs", "40", "--seed", "3", "--stack", "netstack")
	for _, each := range text {
		require.Contains(t, lines, each, "both say the same")
	}

	f := fuzzFlags{seed: 5}
	o := f.object(aFinding(t), []string{"a.txt"})
	require.Equal(t, findingObject{"within-window:late", "octets up to 7\nand more", 2, 4, []int{4, 9}, "a.txt", 11}, o.Findings[0])
	require.Equal(t, 3, o.Known[0].Runs)
}

func TestAFindingThatCannotBeWrittenIsAnError(t *testing.T) {
	emptyDir(t, nil)
	f := fuzzFlags{dir: "none"}
	_, err := (&foundFiles{flags: &f}).end(aFinding(t))
	require.ErrorContains(t, err, `there is no directory "none"`)
}
