package fuzz_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases/fuzz"
)

var update = flag.Bool("update", false, "write the section of cases/differences.md")

// document is a file of which the test of cases/truth writes the begin, and this one
// what is behind mark.
const (
	document = "../differences.md"
	mark     = "\n# What fuzzing found\n"
)

// checkDocument compares the section on known deviations with what it should be, or
// writes it. shown are the scenarios that show each.
func checkDocument(t *testing.T, shown map[fuzz.Deviation][]string) {
	t.Helper()
	raw, err := os.ReadFile(document)
	require.NoError(t, err)
	before, _, _ := strings.Cut(string(raw), mark)
	want := before + mark + section(shown)
	if *update {
		require.NoError(t, os.WriteFile(document, []byte(want), 0o644))
		return
	}
	require.Equal(t, want, string(raw), "go test ./cases/fuzz -run Known -update writes it")
}

// section is a list of the deviations, one after the other.
func section(shown map[fuzz.Deviation][]string) string {
	var b strings.Builder
	b.WriteString(`
This section is generated: ` + "`go test ./cases/fuzz -run Known -update`" + ` writes it, and the test fails when a scenario
does not show its deviation any more.

` + "`rstlab fuzz`" + ` runs generated scenarios, checks the invariants of package tcpmodel/invariant, and has the model of netstack
(the profile netstack of package tcpmodel) follow each host that runs it. Where netstack leaves a RFC in a way that the model can
say, that is a field of the profile: ` + "`rstlab profiles`" + ` shows these with their places. What is left is here. The rule is right
each time, and the engine is not: each breaks a sentence of a standard, and none is a matter of taste.
`)
	for _, d := range fuzz.Deviations() {
		title := d.Property
		if d.Case != "" {
			title += ", " + d.Case
		}
		fmt.Fprintf(&b, "\n## %s: %s\n\n%s\n\n", d.Engine, title, d.What)
		fmt.Fprintf(&b, "- Where: `%s`.\n- Right: %s: %q\n- Shown by:", d.Where, d.Source, d.Rule)
		files := slices.Sorted(slices.Values(shown[d]))
		for _, f := range slices.Compact(files) {
			fmt.Fprintf(&b, " [%s](fuzz/%s)", strings.TrimSuffix(filepath.Base(f), ".txt"), filepath.ToSlash(f))
		}
		b.WriteString("\n")
	}
	return b.String()
}
