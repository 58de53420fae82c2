package fuzz_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
)

// What is not explained yet stays a scenario that rstlab run --check replays.
func TestWhatIsNotExplainedCanBeReplayed(t *testing.T) {
	files, err := filepath.Glob("testdata/open/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files, "when all are explained this test goes, too")
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		s, err := cases.Parse(name, text)
		require.NoError(t, err)
		require.NoError(t, s.Validate())
		_, err = s.Bind(nil)
		require.NoError(t, err)
	}
}
