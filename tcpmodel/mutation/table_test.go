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
var tableBegin = row("mutant", "scenarios", "property", "else", "property")

func row(id, n, property, alone, propertyAlone string) string {
	return strings.TrimRight(fmt.Sprintf("%-28s %9s  %-40s %5s  %s", id, n, property, alone, propertyAlone), " ")
}

// line is the row of a mutant: when it was found, by what, on what stack; and
// when by another property, if the first was likeModel.
func line(v *verdict) string {
	n, property := cell(v.first)
	if v.first.property != likeModel {
		return row(v.mutant.ID, n, property, "", "")
	}
	alone, propertyAlone := cell(v.alone)
	return row(v.mutant.ID, n, property, alone, propertyAlone)
}

func cell(f finding) (n, property string) {
	if f.scenarios == 0 {
		return "-", ""
	}
	return strconv.Itoa(f.scenarios), f.property + ", " + f.stack
}

// summary is the line above the table.
func summary(rows []tableRow) string {
	var found []int
	for _, r := range rows {
		if r.found > 0 {
			found = append(found, r.found)
		}
	}
	if len(found) == 0 {
		return "No mutant is found."
	}
	slices.Sort(found)
	return fmt.Sprintf("%d of %d mutants are found; median %d scenarios, most %d.",
		len(found), len(rows), found[len(found)/2], found[len(found)-1])
}

// tableRow is a row of the table: the mutant and, when it was found, after how
// many scenarios.
type tableRow struct {
	id    string
	found int // 0 is not
	text  string
}

// parseRow reads a row as [line] writes it.
func parseRow(t *testing.T, text string) tableRow {
	t.Helper()
	fields := strings.Fields(text)
	require.GreaterOrEqual(t, len(fields), 2, text)
	r := tableRow{id: fields[0], text: text}
	if fields[1] != "-" {
		var err error
		r.found, err = strconv.Atoi(fields[1])
		require.NoError(t, err, text)
	}
	return r
}

// readTable is the package doc before its table, and the rows.
func readTable(t *testing.T) (head []string, sum string, rows []tableRow) {
	t.Helper()
	text, err := os.ReadFile(docFile)
	require.NoError(t, err)
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	at := slices.Index(lines, "//\t"+command)
	require.Positive(t, at, "%s has no line with %s", docFile, command)
	head, lines = lines[:at+2], lines[at+2:len(lines)-1]
	if len(lines) == 0 {
		return head, "", nil
	}
	require.Equal(t, "//\t"+tableBegin, lines[2])
	for _, l := range lines[3:] {
		rows = append(rows, parseRow(t, strings.TrimPrefix(l, "//\t")))
	}
	return head, strings.TrimPrefix(lines[0], "// "), rows
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
	lines := append(head, "// "+summary(rows), "//", "//\t"+tableBegin)
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
		require.Equal(t, m.Missed == "", rows[i].found > 0, "%s: found or missed", m.ID)
		if rows[i].found > 0 {
			found++
		}
	}
	require.GreaterOrEqual(t, found, atLeast)
	require.Equal(t, summary(rows), sum)
}
