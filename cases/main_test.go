package cases_test

import (
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// update rewrites the files under testdata. It is for people, never for CI.
var update = flag.Bool("update", false, "rewrite golden files under testdata")

// golden compares with a file, or rewrites it.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "%s; after reading the difference: go test -update", file)
}
