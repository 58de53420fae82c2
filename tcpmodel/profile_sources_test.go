package tcpmodel_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/tcpmodel"
)

// cells are the table by the name of a field and the name of a profile.
func cells() map[string]map[string]tcpmodel.ProfileCell {
	all := map[string]map[string]tcpmodel.ProfileCell{}
	for _, r := range tcpmodel.ProfileTable() {
		all[r.Field] = map[string]tcpmodel.ProfileCell{}
		for i, p := range tcpmodel.Profiles() {
			all[r.Field][p.Name] = r.Cells[i]
		}
	}
	return all
}

// likeness is where a source says that a value is as another: that of a stack, of an RFC
// or of a field.
var likeness = regexp.MustCompile(`\bas (RFC \d+|[A-Z]\w*)(?: and ([A-Z]\w*))?`)

var profileNamed = map[string]string{
	"RFC 9293": "rfc9293", "Linux": "linux", "FreeBSD": "freebsd", "Windows": "windows", "gVisor": "netstack",
}

// TestASourceThatLikensSaysWhatIsSo: a value that is "as RFC 9293" is that of the profile
// rfc9293, one that is "as Retries" that of the field Retries.
func TestASourceThatLikensSaysWhatIsSo(t *testing.T) {
	all, likened := cells(), 0
	for field, row := range all {
		for name, cell := range row {
			for _, m := range likeness.FindAllStringSubmatch(cell.Source, -1) {
				for _, as := range m[1:] {
					if as == "" {
						continue
					}
					likened++
					require.Equal(t, likenedTo(t, all, field, name, as), cell.Value, "%s of %s: %s", field, name, cell.Source)
				}
			}
		}
	}
	require.Greater(t, likened, 100)
}

// likenedTo is the value that a source names.
func likenedTo(t *testing.T, all map[string]map[string]tcpmodel.ProfileCell, field, name, as string) string {
	t.Helper()
	if p := profileNamed[as]; p != "" {
		return all[field][p].Value
	}
	if strings.HasPrefix(as, "RFC ") {
		standard := all[field]["rfc9293"]
		require.Contains(t, standard.Source, as, "%s of %s is as %s, which the profile rfc9293 does not name", field, name, as)
		return standard.Value
	}
	require.Contains(t, all, as, "%s of %s is as %s, which is no field", field, name, as)
	return all[as][name].Value
}

// TestTheStandardHasASectionForEveryValue, or the value is off: what an RFC does not have.
func TestTheStandardHasASectionForEveryValue(t *testing.T) {
	section := regexp.MustCompile(`RFC \d+ (?:\d|appendix |is )|there is no such option`)
	for field, row := range cells() {
		cell := row["rfc9293"]
		if cell.Source == "RFC 9293 and its companions have none of this" {
			require.True(t, slices.Contains([]string{"no", "-", "0"}, cell.Value), "%s is %s: give it a section", field, cell.Value)
			continue
		}
		require.Regexp(t, section, cell.Source, field)
	}
}

// undocumented reports whether a value stands on no document.
func undocumented(c tcpmodel.ProfileCell) bool {
	return strings.HasPrefix(c.Source, "no document found") || strings.HasPrefix(c.Source, "not documented")
}

// TestOnlyWindowsHasValuesThatNobodyWroteDown: the others have a source to read.
func TestOnlyWindowsHasValuesThatNobodyWroteDown(t *testing.T) {
	for field, row := range cells() {
		for name, cell := range row {
			require.False(t, name != "windows" && undocumented(cell), "%s of %s: %s", field, name, cell.Source)
		}
	}
}
