package cases_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
)

// TestDocIsGenerated keeps the reference in doc.go in step with the tables that
// the parser works with: doc.go is testdata/doc.go.tmpl with the tables in it.
func TestDocIsGenerated(t *testing.T) {
	text, err := os.ReadFile("testdata/doc.go.tmpl")
	require.NoError(t, err)
	const indent = "//\t"
	filled := strings.NewReplacer(
		"{{directives}}", cases.Table(cases.Directives(), indent),
		"{{hosts}}", cases.Table(cases.HostOptions(), indent),
		"{{links}}", cases.Table(cases.LinkOptions(), indent),
		"{{boxes}}", cases.Table(cases.BoxOptions(), indent),
		"{{forges}}", cases.Table(cases.ForgeOptions(), indent),
		"{{verdicts}}", cases.Table(cases.Verdicts(), indent),
		"{{verbs}}", cases.Table(cases.Verbs(), indent),
		"{{options}}", cases.Table(cases.SocketOptions(), indent),
	).Replace(string(text))
	golden(t, "doc.go", filled)
}

func TestEveryEntrySaysWhatItIs(t *testing.T) {
	for _, table := range [][]cases.Entry{
		cases.Directives(), cases.Verbs(), cases.SocketOptions(), cases.HostOptions(), cases.LinkOptions(), cases.Verdicts(),
		cases.BoxOptions(), cases.ForgeOptions(),
	} {
		require.NotEmpty(t, table)
		seen := map[string]bool{}
		for _, e := range table {
			require.NotEmpty(t, e.Help, e.Name)
			require.Contains(t, e.Usage, e.Name)
			require.False(t, seen[e.Name], "%s stands once", e.Name)
			seen[e.Name] = true
		}
	}
}
