package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The greatest numbers of lines of a file. The aim is 400, and 600 for tests.
const (
	maxLines     = 600
	maxTestLines = 800
)

func TestFilesAreSmall(t *testing.T) {
	_, all := source(t)
	var bad breaches
	defer bad.none(t)
	for _, f := range all {
		limit := maxLines
		if f.isTest() {
			limit = maxTestLines
		}
		if lines := bytes.Count(f.text, []byte("\n")); lines > limit {
			bad.add("%s: %d lines; split it by concern", f.name, lines)
		}
	}
}

// topLevel is what the root of the repository holds beside dot files.
var topLevel = []string{"README.md", "cases", "cmd", "go.mod", "go.sum", "netsim", "tcpmodel"}

// repositoryFiles are the files that git knows or would add.
func repositoryFiles(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("git", "-C", moduleDir, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Skipf("this is no git work tree: %v", err)
	}
	return strings.FieldsFunc(string(out), func(c rune) bool { return c == 0 })
}

func TestTopLevelHoldsOnlyWhatTheHouseAllows(t *testing.T) {
	var bad breaches
	defer bad.none(t)
	for _, name := range repositoryFiles(t) {
		if top, _, _ := strings.Cut(name, "/"); !strings.HasPrefix(top, ".") && !slices.Contains(topLevel, top) {
			bad.add("%s: give it a room in one of %s", name, strings.Join(topLevel, " "))
		}
	}
}

// machinePath matches paths that are there only on somebody's machine. The
// slashes are apart so that this line is none.
var machinePath = regexp.MustCompile(`(?:^|[\s"'=(:` + "`" + `])(/` + `(?:home|root|Users|work|opt|mnt)/[\w.@-]|[A-Za-z]:\\Users\\)`)

func TestNoFileNamesAPathOfSomeMachine(t *testing.T) {
	var bad breaches
	defer bad.none(t)
	for _, name := range repositoryFiles(t) {
		text, err := os.ReadFile(filepath.Join(moduleDir, name))
		if os.IsNotExist(err) {
			continue // removed, and git was not told yet
		}
		require.NoError(t, err)
		if bytes.IndexByte(text, 0) >= 0 {
			continue // no text
		}
		for i, line := range strings.Split(string(text), "\n") {
			if machinePath.MatchString(line) {
				bad.add("%s:%d: an absolute path: %s", name, i+1, line)
			}
		}
	}
}
