package mutation_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/tcpmodel/mutation"
)

// docFile is the package doc, which ends with the table.
const docFile = "doc.go"

// command measures all again. It stands above the table.
const command = "go test ./tcpmodel/mutation -run Found -mutants all -update -timeout 2h"

// tableBegin is the first line of the table.
var tableBegin = row("mutant", "scenarios", likeModel, "property")

func row(id, n, like, property string) string {
	return strings.TrimRight(fmt.Sprintf("%-28s %9s %10s  %s", id, n, like, property), " ")
}

// likeBegins is where the column of likeModel begins in a row.
const likeBegins = 28 + 1 + 9 + 1

// line is the row of a mutant: when it was found, by what, on what stack; and when
// likeModel found it, if that was sooner.
func line(v *verdict) string {
	n, property := cell(v.found)
	like := ""
	if l := v.like.scenarios; l > 0 && (v.found.scenarios == 0 || l < v.found.scenarios) {
		like = strconv.Itoa(l)
	}
	return row(v.mutant.ID, n, like, property)
}

func cell(f finding) (n, property string) {
	if f.scenarios == 0 {
		return "-", ""
	}
	return strconv.Itoa(f.scenarios), f.property + ", " + f.stack
}

// summary is the lines above the table.
func summary(rows []tableRow) []string {
	var found, like []int
	for _, r := range rows {
		switch {
		case r.found > 0:
			found = append(found, r.found)
		case r.like > 0:
			like = append(like, r.like)
		}
	}
	return []string{
		fmt.Sprintf("%d of %d mutants are found by a property that knows nothing of the model: %s.", len(found), len(rows), spread(found)),
		fmt.Sprintf("%d more are found by like-model alone, which compares with a recording: %s.", len(like), spread(like)),
	}
}

// spread is the median and the greatest of how many scenarios were needed.
func spread(n []int) string {
	if len(n) == 0 {
		return "none"
	}
	slices.Sort(n)
	return fmt.Sprintf("median %d scenarios, most %d", n[len(n)/2], n[len(n)-1])
}

// tableRow is a row of the table: the mutant, and after how many scenarios it was found,
// by a property and by likeModel; 0 is not.
type tableRow struct {
	id          string
	found, like int
	text        string
}

// parseRow reads a row as [line] writes it.
func parseRow(t *testing.T, text string) tableRow {
	t.Helper()
	fields := strings.Fields(text)
	require.GreaterOrEqual(t, len(fields), 2, text)
	r := tableRow{id: fields[0], text: text}
	var err error
	if fields[1] != "-" {
		r.found, err = strconv.Atoi(fields[1])
		require.NoError(t, err, text)
	}
	if like := strings.TrimSpace(text[min(len(text), likeBegins):min(len(text), likeBegins+len(likeModel))]); like != "" {
		r.like, err = strconv.Atoi(like)
		require.NoError(t, err, text)
	}
	return r
}

// readTable is the package doc before its table, and the rows.
func readTable(t *testing.T) (head, sum []string, rows []tableRow) {
	t.Helper()
	text, err := os.ReadFile(docFile)
	require.NoError(t, err)
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	at := slices.Index(lines, "//\t"+command)
	require.Positive(t, at, "%s has no line with %s", docFile, command)
	head, lines = lines[:at+2], lines[at+2:len(lines)-1]
	if len(lines) == 0 {
		return head, nil, nil
	}
	require.Equal(t, "//\t"+tableBegin, lines[3])
	for _, l := range lines[4:] {
		rows = append(rows, parseRow(t, strings.TrimPrefix(l, "//\t")))
	}
	for _, l := range lines[:2] {
		sum = append(sum, strings.TrimPrefix(l, "// "))
	}
	return head, sum, rows
}

// withTable is the package doc with the table in which the rows of the verdicts
// are new.
func withTable(t *testing.T, verdicts []verdict) []byte {
	t.Helper()
	head, _, old := readTable(t)
	var rows []tableRow
	for _, m := range mutation.All() {
		for i := range verdicts {
			if verdicts[i].mutant.ID == m.ID {
				old = append([]tableRow{parseRow(t, line(&verdicts[i]))}, old...)
			}
		}
		if i := slices.IndexFunc(old, func(r tableRow) bool { return r.id == m.ID }); i >= 0 {
			rows = append(rows, old[i])
		}
	}
	lines := head
	for _, l := range summary(rows) {
		lines = append(lines, "// "+l)
	}
	lines = append(lines, "//", "//\t"+tableBegin)
	for _, r := range rows {
		lines = append(lines, "//\t"+r.text)
	}
	return []byte(strings.Join(lines, "\n") + "\npackage mutation\n")
}

func TestDocHasTheTableOfAllMutants(t *testing.T) {
	_, sum, rows := readTable(t)
	all := mutation.All()
	require.Len(t, rows, len(all), command)
	found := 0
	for i, m := range all {
		require.Equal(t, m.ID, rows[i].id)
		require.LessOrEqual(t, rows[i].found, bound, m.ID)
		require.Equal(t, m.Missed == "", rows[i].found > 0 || rows[i].like > 0, "%s: found or missed", m.ID)
		if rows[i].found > 0 {
			found++
		}
	}
	require.GreaterOrEqual(t, found, atLeast)
	require.Equal(t, summary(rows), sum)
}
