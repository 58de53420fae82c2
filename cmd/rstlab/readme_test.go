package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
)

// readmeBlocks are the fenced blocks of the README with this word behind the
// fence.
func readmeBlocks(t *testing.T, word string) []string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	var blocks []string
	for i, part := range strings.Split(string(text), "```") {
		if i%2 == 1 && strings.HasPrefix(part, word+"\n") {
			blocks = append(blocks, strings.TrimPrefix(part, word+"\n"))
		}
	}
	return blocks
}

func TestReadmeShowsWhatTheCommandPrints(t *testing.T) {
	blocks := readmeBlocks(t, "text")
	require.NotEmpty(t, blocks)
	var out, errors bytes.Buffer
	require.Zero(t, run([]string{"run", "reply-503/close-before-request"}, nil, &out, &errors), errors.String())
	require.Contains(t, out.String(), blocks[0], "the ladder at the top of the README")
}

func TestReadmeScenarioRunsAsItSays(t *testing.T) {
	blocks := readmeBlocks(t, "")
	require.NotEmpty(t, blocks)
	s, err := cases.Parse("README.md", []byte(blocks[0]))
	require.NoError(t, err)
	require.Equal(t, blocks[0], cases.Print(s), "in canonical form")
	for _, e := range s.Examples {
		b, err := s.BindExample(e)
		require.NoError(t, err)
		r, err := b.Run(cases.RunConfig{})
		require.NoError(t, err)
		require.Empty(t, r.Outcome.Diff(e.Want))
	}
}

func TestReadmeCommandsAreGood(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		command, isRun := strings.CutPrefix(line, "    rstlab run reply-503/")
		if !isRun || strings.Contains(command, ".svg") {
			continue
		}
		command, _, _ = strings.Cut(command, "#")
		var out, errors bytes.Buffer
		args := append([]string{"run"}, strings.Fields("reply-503/"+command)...)
		require.Zero(t, run(args, nil, &out, &errors), "%s: %s", line, errors.String())
	}
}
