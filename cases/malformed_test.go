package cases_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
)

const malformedFile = "testdata/malformed.txt"

// TestMalformed checks every message word for word: place, problem, remedy.
func TestMalformed(t *testing.T) {
	text, err := os.ReadFile(malformedFile)
	require.NoError(t, err)
	head, body, _ := strings.Cut(string(text), "\n=== ")
	blocks := strings.Split(body, "\n=== ")
	require.GreaterOrEqual(t, len(blocks), 50)
	out := head
	for _, block := range blocks {
		name, rest, _ := strings.Cut(block, "\n")
		src, _, ok := strings.Cut(rest, "---\n")
		require.True(t, ok, name)
		out += "\n=== " + name + "\n" + src + "---\n" + messages(t, name, src)
	}
	golden(t, malformedFile, out)
}

// messages is what Parse says about a scenario, one line a mistake.
func messages(t *testing.T, name, src string) string {
	t.Helper()
	s, err := cases.Parse("", []byte(src))
	require.Error(t, err, name)
	require.Nil(t, s, name)
	var all cases.Errors
	require.True(t, errors.As(err, &all), name)
	for _, one := range all {
		require.NotZero(t, one.Pos.Line, "%s: %v has a place", name, one)
		require.NotEmpty(t, one.Remedy, "%s: %v has a remedy", name, one)
	}
	return err.Error() + "\n"
}
