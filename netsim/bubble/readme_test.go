package bubble_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadmeHasTheTestToPaste(t *testing.T) {
	source, err := os.ReadFile("example_paste_test.go")
	require.NoError(t, err)
	_, body, found := strings.Cut(string(source), "package bubble_test\n")
	require.True(t, found)
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	require.Contains(t, string(readme), "```go\npackage yours_test\n"+body+"```")
}
