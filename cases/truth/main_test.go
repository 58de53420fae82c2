package truth_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rstlab/cases/truth"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// recorded are the files of Linux 6.18 that come with the package.
func recorded(t *testing.T) []*truth.File {
	t.Helper()
	names, err := filepath.Glob("testdata/linux-6.18/*.txt")
	require.NoError(t, err)
	var all []*truth.File
	for _, name := range names {
		files, err := truth.ReadFile(name)
		require.NoError(t, err)
		all = append(all, files...)
	}
	require.Len(t, all, 91)
	return all
}

// golden compares a text with a file, or rewrites the file.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "go test -update ./cases/truth writes it")
	require.Equal(t, string(want), got, "go test -update ./cases/truth rewrites it")
}
