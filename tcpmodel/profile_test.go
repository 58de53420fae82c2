package tcpmodel_test

import (
	"flag"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/tcpmodel"
)

var update = flag.Bool("update", false, "write the table of profiles into doc.go")

func TestEveryFieldOfAProfileStandsInTheTable(t *testing.T) {
	var fields, listed []string
	for _, f := range reflect.VisibleFields(reflect.TypeOf(tcpmodel.Profile{})) {
		if f.Name != "Name" && f.Name != "Title" {
			fields = append(fields, f.Name)
		}
	}
	for _, r := range tcpmodel.ProfileTable() {
		listed = append(listed, r.Field)
		require.NotEmpty(t, r.Meaning, r.Field)
		require.Len(t, r.Cells, len(tcpmodel.Profiles()), r.Field)
		for _, c := range r.Cells {
			require.NotEmpty(t, c.Value, r.Field)
			require.NotEmpty(t, c.Source, r.Field)
		}
	}
	require.ElementsMatch(t, fields, listed)
}

func TestProfilesAreFoundByName(t *testing.T) {
	for _, p := range tcpmodel.Profiles() {
		require.Same(t, p, tcpmodel.ProfileByName(p.Name))
	}
	require.Nil(t, tcpmodel.ProfileByName("minix"))
}

// TestTheTableInThePackageDocIsThatOfTheProfiles writes it with -update.
func TestTheTableInThePackageDocIsThatOfTheProfiles(t *testing.T) {
	const begin, end = "// rstlab profiles shows the sources too.\n//\n", "package tcpmodel\n"
	raw, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	head, rest, ok := strings.Cut(string(raw), begin)
	require.True(t, ok)
	_, tail, ok := strings.Cut(rest, end)
	require.True(t, ok)
	want := head + begin + profileDoc() + end + tail
	if *update {
		require.NoError(t, os.WriteFile("doc.go", []byte(want), 0o644))
	}
	require.Equal(t, want, string(raw), "go test ./tcpmodel -run Table -update writes it")
}

// profileDoc is the table as a code block of a comment.
func profileDoc() string {
	table := [][]string{{""}}
	for _, p := range tcpmodel.Profiles() {
		table[0] = append(table[0], p.Name)
	}
	for _, r := range tcpmodel.ProfileTable() {
		line := []string{r.Field}
		for _, c := range r.Cells {
			v := c.Value
			switch {
			case strings.HasPrefix(v, "<SEQ=SEG.ACK"):
				v = "SEG.ACK"
			case strings.HasPrefix(v, "<SEQ=SND.NXT"):
				v = "SND.NXT"
			}
			line = append(line, v)
		}
		table = append(table, line)
	}
	last := []string{"(in no document)"}
	for i := range tcpmodel.Profiles() {
		n := 0
		for _, r := range tcpmodel.ProfileTable() {
			if undocumented(r.Cells[i]) {
				n++
			}
		}
		last = append(last, strconv.Itoa(n))
	}
	table = append(table, last)
	widths := make([]int, len(table[0]))
	for _, line := range table {
		for i, cell := range line {
			widths[i] = max(widths[i], len(cell))
		}
	}
	var b strings.Builder
	for _, line := range table {
		row := "//\t"
		for i, cell := range line {
			row += cell + strings.Repeat(" ", widths[i]-len(cell)+2)
		}
		b.WriteString(strings.TrimRight(row, " ") + "\n")
	}
	return b.String()
}
