package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases/truth"
	"rstlab/cases/truth/record"
)

func TestRecordRefusesWhatItCannotRecord(t *testing.T) {
	emptyDir(t, map[string]string{"x.txt": "== x | refused\n10 A c connect 81\n", "bad.txt": "== y | wrong\n10 A c dance\n"})
	for _, c := range []struct {
		why  string
		args []string
		want string
	}{
		{"no file", []string{"record"}, "nothing to record; write rstlab record FILE"},
		{"no runs", []string{"record", "x.txt", "--runs", "0"}, "--jobs 4 --runs 0; write numbers from 1"},
		{"no such scenario", []string{"record", "x.txt", "--id", "z"}, `no recording "z"`},
		{"a mistake in the scenario", []string{"record", "bad.txt"}, `bad.txt:2:8: unknown call "dance"`},
	} {
		got := rstlab("", c.args...)
		require.Equal(t, exitWrong, got.code, c.why)
		require.Contains(t, got.stderr, c.want, c.why)
	}
}

func TestRecordWritesWhatTruthReads(t *testing.T) {
	emptyDir(t, map[string]string{"x.txt": "== x | connect to a closed port\ndur 100\n10 A c connect 81\n50 A c soerr\n"})
	if err := record.Available(); err != nil {
		got := rstlab("", "record", "x.txt", "--runs", "1")
		require.Equal(t, exitWrong, got.code)
		require.Contains(t, got.stderr, "the kernel cannot be recorded here")
		return
	}
	require.Equal(t, "1 of 1 recorded in .\n", succeed(t, "record", "x.txt", "--runs", "1"))
	files, err := truth.ReadFile("x.txt")
	require.NoError(t, err)
	require.Equal(t, "ECONNREFUSED", files[0].Calls[0].Result.Text)
	require.Equal(t, "0", files[0].Calls[1].Result.Text)
}
