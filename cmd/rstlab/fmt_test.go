package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// untidy and tidy are the same scenario.
const (
	untidy = "host   b # second\r\nhost a\n\n\n\nlink a   b delay=1000us\nproc a\n      listen 80"
	tidy   = "host   b  # second\nhost   a\nlink   a b delay=1ms\n\nproc a\n  listen 80\n"
)

func TestFmtPrintsTheCanonicalForm(t *testing.T) {
	emptyDir(t, map[string]string{"a.txt": untidy, "b.txt": tidy})
	require.Equal(t, ended{exitOK, tidy, ""}, rstlab(untidy, "fmt"))
	require.Equal(t, ended{exitOK, tidy, ""}, rstlab(untidy, "fmt", "-"))
	require.Equal(t, tidy+tidy, succeed(t, "fmt", "a.txt", "b.txt"))
	require.Equal(t, untidy, files(t)["a.txt"], "without -w nothing is written")
}

func TestFmtListsFilesThatDiffer(t *testing.T) {
	emptyDir(t, map[string]string{"a.txt": untidy, "b.txt": tidy})
	require.Equal(t, "a.txt\n", succeed(t, "fmt", "-l", "a.txt", "b.txt"), "as of gofmt, the status is 0")
	require.Equal(t, ended{exitOK, "stdin\n", ""}, rstlab(untidy, "fmt", "-l"))
	require.Equal(t, ended{exitOK, "", ""}, rstlab(tidy, "fmt", "-l"))
}

func TestFmtShowsDifferences(t *testing.T) {
	emptyDir(t, map[string]string{"a.txt": untidy, "b.txt": tidy})
	got := rstlab("", "fmt", "-d", "a.txt", "b.txt")
	require.Equal(t, exitDiffers, got.code, "as of gofmt")
	require.Empty(t, got.stderr)
	require.True(t, strings.HasPrefix(got.stdout, "diff a.txt.orig a.txt\n--- a.txt.orig\n+++ a.txt\n@@ -1,"), got.stdout)
	require.Contains(t, got.stdout, "\n+host   b  # second\n")
	require.NotContains(t, got.stdout, "b.txt")
	require.Empty(t, succeed(t, "fmt", "-d", "b.txt"))
}

func TestFmtRewritesFilesThatDiffer(t *testing.T) {
	emptyDir(t, map[string]string{"a.txt": untidy, "b.txt": tidy})
	require.NoError(t, os.Chmod("a.txt", 0o600))
	before, err := os.Stat("b.txt")
	require.NoError(t, err)
	require.Equal(t, "a.txt\n", succeed(t, "fmt", "-l", "-w", "a.txt", "b.txt"))
	require.Equal(t, map[string]string{"a.txt": tidy, "b.txt": tidy}, files(t))
	info, err := os.Stat("a.txt")
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode(), "permissions stay")
	after, err := os.Stat("b.txt")
	require.NoError(t, err)
	require.True(t, os.SameFile(before, after), "what is right already is not touched")
}

func TestFmtWithAMistakeInOneFileRewritesNone(t *testing.T) {
	emptyDir(t, map[string]string{"a.txt": untidy, "b.txt": "hsot a\n" + tidy})
	got := rstlab("", "fmt", "-w", "a.txt", "b.txt")
	require.Equal(t, ended{exitWrong, "", "b.txt:1:1: unknown directive \"hsot\"; did you mean host?\nb.txt:3:8: host a: there is a host of that name; choose another name\n"}, got)
	require.Equal(t, untidy, files(t)["a.txt"])
}
