package main

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
)

func TestRunAllPassesOnTheCatalogue(t *testing.T) {
	var want []string
	for _, s := range cases.All() {
		for range s.Examples {
			want = append(want, s.Name)
		}
	}
	lines := strings.Split(strings.TrimSuffix(succeed(t, "run", "--all"), "\n"), "\n")
	require.Len(t, lines, len(want)+1, "a line for each example and the summary")
	for i, name := range want {
		require.Equal(t, []string{"PASS", name}, strings.Fields(lines[i])[:2], "in the order of the catalogue")
	}
	n := strconv.Itoa(len(want))
	require.Equal(t, n+" examples: "+n+" passed, 0 failed", lines[len(want)])
}

func TestRunAllSaysWhatFailedAndWhatWasExpected(t *testing.T) {
	emptyDir(t, map[string]string{"small.txt": small})
	const passed = "PASS  small  rtt=10ms words=\"bye\" order=write bytes=1KiB  netstack  server: recv=\"bye\" recv=EOF | client: ok\n"
	const failed = "FAIL  small  rtt=20ms words=\"bye\" order=write bytes=1KiB  netstack  server: recv=\"bye\" recv=EOF | client: ok\n" +
		"      the example at small.txt:27:1 expects another outcome:\n" +
		"      server: want recv=\"bye\" recv=ECONNRESET\n" +
		"              got  recv=\"bye\" recv=EOF\n"
	const last = "PASS  small  rtt=30ms words=\"see you\" order=write bytes=1KiB  netstack  server: recv=\"see you\" recv=EOF | client: ok\n"
	const summary = "3 examples: 2 passed, 1 failed\n"
	require.Equal(t, ended{exitDiffers, passed + failed + last + summary, ""}, rstlab("", "run", "--all", "small.txt"))
	require.Equal(t, ended{exitDiffers, failed + summary, ""}, rstlab("", "run", "--all", "small.txt", "--quiet"))
	require.Equal(t, ended{exitDiffers, strings.ReplaceAll(strings.ReplaceAll(failed, "small.txt", stdinName), "small  ", stdinName+"  ") + summary, ""},
		rstlab(small, "run", "--all", "-", "--quiet"))
}

func TestRunAllTakesNamesGlobsAndFilesOnce(t *testing.T) {
	emptyDir(t, map[string]string{"small.txt": small})
	got := rstlab("", "run", "--all", "reset/linger-zero", "small.txt", "reset/*", "re[ps]*")
	var names []string
	for line := range strings.Lines(got.stdout) {
		if name := strings.Fields(line)[1]; strings.HasPrefix(line, "PASS") && (len(names) == 0 || names[len(names)-1] != name) {
			names = append(names, name)
		}
	}
	want := []string{"reset/linger-zero", "small"}
	reset, err := namesOf("reset")
	require.NoError(t, err)
	reply, err := namesOf("reply-503")
	require.NoError(t, err)
	want = append(want, slices.DeleteFunc(reset, func(name string) bool { return name == want[0] })...)
	want = append(want, reply...)
	require.Equal(t, want, names, "in the order of the arguments")
}

// allSchema is what readers of run --all --json rely on.
type allSchema struct {
	OK       bool          `json:"ok"`
	Examples int           `json:"examples"`
	Passed   int           `json:"passed"`
	Failed   int           `json:"failed"`
	NotRun   int           `json:"not_run"`
	Checked  bool          `json:"checked"`
	Results  []checkSchema `json:"results"`
}

// checkSchema is an example that ran.
type checkSchema struct {
	Scenario string            `json:"scenario"`
	Seed     uint64            `json:"seed"`
	Params   map[string]string `json:"params"`
	Stack    string            `json:"stack"`
	OK       bool              `json:"ok"`
	Outcome  string            `json:"outcome"`
	Expected struct {
		Place   string `json:"place"`
		Outcome string `json:"outcome"`
		Diff    string `json:"diff"`
	} `json:"expected"`
	Hash          string   `json:"hash"`
	Error         string   `json:"error"`
	Violations    []string `json:"violations"`
	Disagreements []string `json:"disagreements"`
	WallNS        int64    `json:"wall_ns"`
}

func TestRunAllJSONKeepsItsSchema(t *testing.T) {
	emptyDir(t, map[string]string{"small.txt": small})
	got := rstlab("", "run", "--all", "small.txt", "--json", "--quiet", "--seed", "7")
	require.Equal(t, exitDiffers, got.code)
	require.Empty(t, got.stderr)
	require.Equal(t, 1, strings.Count(got.stdout, "\n"), "quiet is one line")
	var all allSchema
	only(t, got.stdout, &all)
	require.Equal(t, []any{false, 3, 2, 1, 0}, []any{all.OK, all.Examples, all.Passed, all.Failed, all.NotRun})
	require.Len(t, all.Results, 3)

	r := all.Results[1]
	require.False(t, r.OK)
	require.Equal(t, "small.txt:27:1", r.Expected.Place)
	require.Equal(t, `server: recv="bye" recv=ECONNRESET | client: ok`, r.Expected.Outcome)
	require.Contains(t, r.Expected.Diff, "server: want")
	require.Positive(t, r.WallNS)
	require.Empty(t, r.Error)

	var single runSchema
	only(t, rstlab("", "run", "small.txt", "--json", "--seed", "7", "--set", "rtt=20ms").stdout, &single)
	require.Equal(t, single.Outcome, r.Outcome)
	require.Equal(t, single.Hash, r.Hash, "it is the same run")
	require.Equal(t, single.Params, r.Params)
	require.Equal(t, single.Seed, r.Seed)
}

// interrupter does what Ctrl-C does as soon as a line is printed.
type interrupter struct {
	bytes.Buffer
	cancel context.CancelFunc
}

func (w *interrupter) Write(text []byte) (int, error) {
	w.cancel()
	return w.Buffer.Write(text)
}

func TestInterruptedRunAllPrintsWhatIsDone(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	stdout := &interrupter{cancel: cancel}
	var stderr bytes.Buffer
	code := runContext(ctx, []string{"run", "--all"}, nil, stdout, &stderr)
	require.Empty(t, stderr.String())

	lines := strings.Split(strings.TrimSuffix(stdout.String(), "\n"), "\n")
	counts := regexp.MustCompile(`^(\d+) examples: (\d+) passed, 0 failed(?:, (\d+) not run: interrupted)?$`).FindStringSubmatch(lines[len(lines)-1])
	require.NotNil(t, counts, lines[len(lines)-1])
	require.Equal(t, counts[2], strconv.Itoa(len(lines)-1), "what is done is printed")
	if counts[3] != "" { // else it was done sooner than it could be interrupted
		require.Equal(t, exitInterrupted, code)
	}

	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	var out bytes.Buffer
	require.Equal(t, exitInterrupted, runContext(cancelled, []string{"run", "--all", "reset/linger-zero"}, nil, &out, &stderr))
	require.Equal(t, "2 examples: 0 passed, 0 failed, 2 not run: interrupted\n", out.String())
}

// TestExampleThatComesToNoEndFails: what the simulator says of such a run is
// shown in place of an outcome.
func TestExampleThatComesToNoEndFails(t *testing.T) {
	s, err := cases.Parse("small.txt", []byte(small))
	require.NoError(t, err)
	checks, err := examplesOf([]*cases.Scenario{s})
	require.NoError(t, err)
	var stdout, stderr bytes.Buffer
	out := newAllReport(&runFlags{}, checks[:1], &stdout, &stderr)
	checks[0].err, checks[0].done = errors.New("live-lock at step 7"), true
	require.NoError(t, out.add(&checks[0]))
	require.NoError(t, out.end())
	require.Equal(t, "FAIL  small  rtt=10ms words=\"bye\" order=write bytes=1KiB  netstack\n"+
		"      live-lock at step 7\n1 examples: 0 passed, 1 failed\n", stdout.String())
	require.Empty(t, stderr.String(), "there is no terminal for progress")

	object := checks[0].object(7)
	require.False(t, object.OK)
	require.Nil(t, object.Hash)
	require.Equal(t, "live-lock at step 7", object.Error)
}
