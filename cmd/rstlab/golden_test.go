package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHelpIsAsInTheGoldenFiles(t *testing.T) {
	golden(t, "help.golden", succeed(t))
	require.Equal(t, succeed(t), succeed(t, "help"), "no command is help")
	require.Equal(t, succeed(t), succeed(t, "--help"))
	for _, command := range []string{
		"bisect",
		"fmt",
		"fuzz",
		"list",
		"merge",
		"orderings",
		"phase",
		"profiles",
		"replay",
		"report",
		"run",
		"shrink",
		"sweep",
		"truth",
		"version",
	} {
		golden(t, "help-"+command+".golden", succeed(t, "help", command))
		require.Equal(t, succeed(t, "help", command), succeed(t, command, "--help"))
	}
}

func TestEveryCommandHasLongHelpAndExamples(t *testing.T) {
	for _, cmd := range newRootCommand().Commands() {
		if cmd.Name() == "help" || cmd.Name() == "completion" {
			continue
		}
		require.Greater(t, len(cmd.Long), 2*len(cmd.Short), cmd.Name())
		require.NotEmpty(t, cmd.Example, cmd.Name())
		for line := range strings.Lines(cmd.Long + "\n" + cmd.Example) {
			require.LessOrEqual(t, len(line), 81, "%s: %s", cmd.Name(), line)
		}
	}
}

func TestListIsAsInTheGoldenFile(t *testing.T) {
	golden(t, "list.golden", succeed(t, "list"))
}

func TestMatrixIsAsInTheGoldenFile(t *testing.T) {
	golden(t, "matrix.golden", succeed(t, "list", "--matrix"))
}

func TestRunIsAsInTheGoldenFiles(t *testing.T) {
	golden(t, "run.golden", succeed(t, "run", "reply-503/close-before-request"))
	golden(t, "run-quiet.golden", succeed(t, "run", "reply-503/close-before-request", "--quiet"))
}

func TestRunThatDiffersIsAsInTheGoldenFile(t *testing.T) {
	emptyDir(t, map[string]string{"small.txt": small})
	got := rstlab("", "run", "small.txt", "--set", "rtt=20ms")
	require.Equal(t, exitDiffers, got.code)
	require.Empty(t, got.stderr)
	before, after, _ := strings.Cut(got.stdout, "\npackets\n")
	_, after, _ = strings.Cut(after, "\nwhat each program saw\n") // another file has a ladder
	t.Chdir(packageDir)
	golden(t, "run-differs.golden", before+"…\n"+after)
}
