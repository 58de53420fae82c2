package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/audit"
	"rstlab/tcpmodel/invariant"
)

const (
	knownDir = "../../cases/fuzz/testdata/known/"
	cookie   = knownDir + "window-not-shrunk--SYN-cookie.txt"
)

func TestRunChecksTheInvariants(t *testing.T) {
	good := succeed(t, "run", "--check", "reset/linger-zero")
	require.Contains(t, good, "\ncheck    every invariant holds\n")
	require.NotContains(t, succeed(t, "run", "reset/linger-zero"), "invariant")

	known := succeed(t, "run", "--check", cookie)
	require.Contains(t, known, "\ncheck    1 broken, 1 of them by known deviations\n         event 20 at 0s: server")

	require.NotContains(t, succeed(t, "run", "--check", "--json", "reset/linger-zero"), "violations")
	require.Contains(t, succeed(t, "run", "--check", "--json", cookie), `"violations": [`)
	require.Contains(t, succeed(t, "run", "--check", "--quiet", "reset/linger-zero"), "outcome")
}

func TestRunSaysThatTheModelDoesNotFollow(t *testing.T) {
	got := succeed(t, "run", "--check", knownDir+"oracle-RFC6298-5.4--future-ACK.txt")
	require.Contains(t, got, "\ncheck    1 broken, 1 of them by known deviations\n")
	require.NotContains(t, got, "every invariant holds")
}

// withoutStacks is a scenario in which no host names its stack.
func withoutStacks(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var kept []string
	for word := range strings.SplitSeq(string(text), " ") {
		if stack, found := strings.CutPrefix(word, "stack="); found {
			_, rest, more := strings.Cut(stack, "\n")
			require.True(t, more, "a stack stands at the end of its line")
			kept[len(kept)-1] += "\n" + rest
			continue
		}
		kept = append(kept, word)
	}
	return strings.Join(kept, " ")
}

func TestRunExcusesWhatTheStackOfTheFlagIsKnownFor(t *testing.T) {
	const one = "\ncheck    1 broken, 1 of them by known deviations\n"
	file := knownDir + "eof-after-fin--discarded-by-RST.txt"
	pinned := succeed(t, "run", "--check", file)
	require.Contains(t, pinned, one)
	text := withoutStacks(t, file)
	require.NotContains(t, text, "stack=")
	got := rstlab(text, "run", "--check", "--stack", "server=freebsd", "--stack", "client=windows", "-")
	require.Equal(t, exitOK, got.code, got.stdout)
	require.Contains(t, got.stdout, one)
	require.Contains(t, got.stdout, "known of windows: ")

	got = rstlab("", "run", "--check", "--stack", "linux", knownDir+"state-has-cause--SYN-cookie--linux.txt")
	require.Equal(t, exitOK, got.code, got.stdout)
	require.Contains(t, got.stdout, one)
	require.Contains(t, got.stdout, "known of linux: ", "and not of netstack")
}

func TestARunThatBreaksAnInvariantIsNotOK(t *testing.T) {
	r := report{found: &audit.Found{Violations: []invariant.Violation{{Invariant: invariant.All()[0], Message: "so"}}}}
	require.False(t, r.ok())
	require.Contains(t, strings.Join(r.checks(screen{}), "\n"), "check    1 broken, 0 of them by known deviations\n         event 0")
}

// cookieExample is a scenario whose example breaks an invariant by a known deviation.
func cookieExample(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(cookie)
	require.NoError(t, err)
	return string(text) + "\nexample netstack server: ok | client: ok\n"
}

func TestRunAllChecksEveryExample(t *testing.T) {
	text := cookieExample(t)
	got := rstlab(text, "run", "--all", "--check", "-", "reset/linger-zero")
	require.Equal(t, exitOK, got.code, got.stdout)
	require.True(t, strings.HasSuffix(got.stdout, "\n3 examples: 3 passed, 0 failed, 1 known deviations\n"), got.stdout)

	var all allSchema
	only(t, rstlab(text, "run", "--all", "--check", "--json", "-", "reset/linger-zero").stdout, &all)
	require.True(t, all.Checked)
	require.True(t, all.Results[0].OK)
	require.Len(t, all.Results[0].Violations, 1)
	require.Contains(t, all.Results[0].Violations[0], "window-not-shrunk")
	require.Empty(t, all.Results[1].Violations)

	var unchecked allSchema
	only(t, rstlab(text, "run", "--all", "--json", "-").stdout, &unchecked)
	require.False(t, unchecked.Checked)
	require.Empty(t, unchecked.Results[0].Violations)
}

// TestAnExampleThatBreaksAnInvariantFails: its outcome is the expected one, and the status
// is that of a failure all the same.
func TestAnExampleThatBreaksAnInvariantFails(t *testing.T) {
	s, err := cases.Parse("small.txt", []byte(small))
	require.NoError(t, err)
	checks, err := examplesOf([]*cases.Scenario{s})
	require.NoError(t, err)
	var stdout bytes.Buffer
	f := runFlags{checks: true}
	out := newAllReport(&f, checks[:1], &stdout, &bytes.Buffer{})
	require.NoError(t, f.runChecks(t.Context(), checks[:1], func(c *exampleCheck) error {
		require.True(t, c.passed())
		require.Positive(t, c.found.Followed.Connections, "it was checked")
		c.found.Violations = append(c.found.Violations, invariant.Violation{Invariant: invariant.All()[0], Message: "so"})
		require.False(t, c.passed())
		return out.add(c)
	}))
	require.NoError(t, out.end())
	require.ErrorIs(t, statusOf(checks[:1]), errDiffers)
	require.Regexp(t, `^FAIL  small  .*\n      event 0 at 0s: .*: so \(.*\)\n1 examples: 0 passed, 1 failed, 0 known deviations\n$`, stdout.String())
	require.NotContains(t, stdout.String(), "expects another outcome")
	require.False(t, checks[0].object(0).OK)
	require.Len(t, checks[0].object(0).Violations, 1)
}
