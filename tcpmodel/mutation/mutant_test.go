package mutation_test

import (
	"bytes"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/tcpmodel/mutation"
)

// modelDir is package tcpmodel, from here.
const modelDir = ".."

// atLeast is how many mutants there must be.
const atLeast = 60

func TestMutantsAreDistinct(t *testing.T) {
	all := mutation.All()
	require.GreaterOrEqual(t, len(all), atLeast)
	ids, faults, sources := map[string]bool{}, map[string]bool{}, map[string]string{}
	for _, m := range all {
		require.Regexp(t, regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`), m.ID)
		require.Regexp(t, regexp.MustCompile(`^[A-Z].*\.$`), m.Fault, m.ID)
		require.False(t, ids[m.ID], "two mutants %s", m.ID)
		require.False(t, faults[m.Fault], "two mutants: %s", m.Fault)
		ids[m.ID], faults[m.Fault] = true, true
		text := m.File + "\n" + string(mutated(t, m))
		require.Empty(t, sources[text], "%s is the same source", m.ID)
		sources[text] = m.ID
	}
}

// mutated is the file of a mutant with its fault.
func mutated(t *testing.T, m mutation.Mutant) []byte {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(modelDir, m.File))
	require.NoError(t, err)
	text, err := m.Apply(source)
	require.NoError(t, err)
	return text
}

func TestAMutantThatNoLongerFitsIsAnError(t *testing.T) {
	m := mutation.Mutant{ID: "m", File: "f.go", Old: "old", New: "new"}
	text, err := m.Apply([]byte("an old text"))
	require.NoError(t, err)
	require.Equal(t, "an new text", string(text))
	_, err = m.Apply([]byte("a text"))
	require.ErrorContains(t, err, "mutant m: f.go has the old text 0 times, want once")
	_, err = m.Apply([]byte("an old, old text"))
	require.ErrorContains(t, err, "2 times")
	m.New = m.Old
	_, err = m.Apply([]byte("an old text"))
	require.ErrorContains(t, err, "the same")
}

// TestMutantsAreValidGo parses and type-checks package tcpmodel with each of the
// mutants.
func TestMutantsAreValidGo(t *testing.T) {
	set := token.NewFileSet()
	files := map[string]*ast.File{}
	names, err := filepath.Glob(filepath.Join(modelDir, "*.go"))
	require.NoError(t, err)
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		files[filepath.Base(name)], err = parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
	}
	conf := types.Config{Importer: importer.ForCompiler(set, "gc", exports(t))}
	for _, m := range mutation.All() {
		changed, err := parser.ParseFile(set, m.File, mutated(t, m), parser.SkipObjectResolution)
		require.NoError(t, err, "mutant %s does not parse", m.ID)
		all := []*ast.File{changed}
		for name, f := range files {
			if name != m.File {
				all = append(all, f)
			}
		}
		_, err = conf.Check("rstlab/tcpmodel", set, all, nil)
		require.NoError(t, err, "mutant %s does not type-check", m.ID)
	}
}

// exports opens what the compiler wrote about the packages that the model
// imports.
func exports(t *testing.T) importer.Lookup {
	t.Helper()
	cmd := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", "rstlab/tcpmodel")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	require.NoError(t, err)
	at := map[string]string{}
	for line := range bytes.Lines(out) {
		name, file, _ := strings.Cut(strings.TrimSpace(string(line)), " ")
		at[name] = file
	}
	return func(path string) (io.ReadCloser, error) { return os.Open(at[path]) }
}
