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

// recorded are the files of Linux 6.18 that the package was made with.
func recorded(t *testing.T) []*truth.File { return recordings(t, "linux-6.18", 91) }

// recordedMore are recordings that package record made of more scenarios.
func recordedMore(t *testing.T) []*truth.File { return recordings(t, "linux-6.18-more", 292) }

// recordedForProfile are such recordings whose differences from netstack nobody has
// looked into: they hold the profile linux of package tcpmodel.
func recordedForProfile(t *testing.T) []*truth.File {
	return recordings(t, "linux-6.18-profile", 27)
}

// recordedFresh are recordings made after the profile linux, of scenarios that it was not
// made with: buffers of all sizes, several losses, and variations of the others.
func recordedFresh(t *testing.T) []*truth.File { return recordings(t, "linux-6.18-fresh", 149) }

// recordedByHand are recordings of scenarios written by hand after that, most of them of
// states that the others pass by: simultaneous open, probes of a closed window, the limits
// of challenge ACKs, text sent while a gap waits to be filled.
func recordedByHand(t *testing.T) []*truth.File { return recordings(t, "linux-6.18-hand", 156) }

func recordings(t *testing.T, dir string, number int) []*truth.File {
	t.Helper()
	names, err := filepath.Glob("testdata/" + dir + "/*.txt")
	require.NoError(t, err)
	var all []*truth.File
	for _, name := range names {
		files, err := truth.ReadFile(name)
		require.NoError(t, err)
		all = append(all, files...)
	}
	require.Len(t, all, number)
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
