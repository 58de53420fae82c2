package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases/explore"
	"rstlab/netsim"
)

func TestAProgramThatFusesSaysSoOnceWhereItRunsSomething(t *testing.T) {
	require.Empty(t, noticeOf(false))
	defer func(was string) { fusedNotice = was }(fusedNotice)
	fusedNotice = noticeOf(true)
	emptyDir(t, nil)
	for _, line := range [][]string{
		{"run", "reset/linger-zero", "--json"},
		{"run", "--all", "reset/linger-zero", "--quiet"},
		{"sweep", "reset/linger-zero", "--over", "rtt/2"},
		{"report", "reset/linger-zero", "-o", "out"},
	} {
		got := rstlab("", line...)
		require.Equal(t, exitOK, got.code, line)
		require.Equal(t, fusedNotice, got.stderr, line)
	}
	succeed(t, "list")
	succeed(t, "version")
	require.Equal(t, "rstlab run: no file \"none.txt\"; write the path of a scenario file, or a name that rstlab list shows\n",
		rstlab("", "run", "none.txt").stderr[len(fusedNotice):])
}

func TestAReplayThatDiffersSaysWhetherOneOfTheProgramsFuses(t *testing.T) {
	emptyDir(t, nil)
	succeed(t, "orderings", "reply-503/read-request-first", "--in-order", "-o", ".")
	text, err := os.ReadFile("2.json")
	require.NoError(t, err)
	var f explore.ReplayFile
	require.NoError(t, json.Unmarshal(text, &f))
	require.Equal(t, netsim.FusesFloats(), f.Versions.Fused)

	write := func() {
		f.Seal()
		out, err := os.Create("other.json")
		require.NoError(t, err)
		require.NoError(t, f.Write(out))
		require.NoError(t, out.Close())
	}
	f.Versions.Fused = !f.Versions.Fused
	write()
	succeed(t, "replay", "other.json")

	f.Hash = strings.Repeat("0", len(f.Hash))
	write()
	got := rstlab("", "replay", "other.json")
	require.Equal(t, exitWrong, got.code)
	require.Contains(t, got.stderr, "rounds x*y + z otherwise")
}
