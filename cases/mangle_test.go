package cases_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/cases"
)

var wordsAndBlanks = regexp.MustCompile(`[ \t]+|[^ \t]+`)

// TestMangledScenariosAreReportedOrRead: a scenario with words and lines moved,
// doubled, cut and lost never makes Parse panic; what it takes goes through
// Print and back; what it does not take is reported with place and remedy.
func TestMangledScenariosAreReportedOrRead(t *testing.T) {
	var texts, words []string
	for _, name := range cases.Names() {
		src, err := cases.Source(name)
		require.NoError(t, err)
		texts = append(texts, string(src))
		words = append(words, strings.Fields(string(src))...)
	}
	words = append(words, "$", "->", "<-", "..", "{", "}", `"`, `\`, "=", "#", "|", "@", "on=", "as=x", "0", "-1", "\x00", "\xff", "é")
	rapid.Check(t, func(t *rapid.T) {
		lines := strings.Split(rapid.SampledFrom(texts).Draw(t, "text"), "\n")
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			lines = mangle(t, lines, words)
		}
		text := strings.Join(lines, "\n")
		s, err := cases.Parse("mangled.txt", []byte(text))
		if err != nil {
			requireRemedies(t, err)
			return
		}
		again, err := cases.Parse("mangled.txt", []byte(cases.Print(s)))
		require.NoError(t, err, text)
		require.True(t, cases.Equal(s, again), text)
		require.Equal(t, cases.Print(s), cases.Print(again))
	})
}

func requireRemedies(t *rapid.T, err error) {
	var all cases.Errors
	require.ErrorAs(t, err, &all)
	for _, one := range all {
		require.NotZero(t, one.Pos.Line, one.Error())
		require.NotEmpty(t, one.Problem)
		require.NotEmpty(t, one.Remedy, one.Error())
	}
}

func mangle(t *rapid.T, lines, words []string) []string {
	i := rapid.IntRange(0, len(lines)-1).Draw(t, "line")
	j := rapid.IntRange(0, len(lines)-1).Draw(t, "other line")
	switch rapid.IntRange(0, 5).Draw(t, "change") {
	case 0: // lose a line
		return append(append([]string{}, lines[:i]...), lines[i+1:]...)
	case 1: // double a line elsewhere
		return append(append(append([]string{}, lines[:i]...), lines[j]), lines[i:]...)
	case 2: // swap lines
		lines[i], lines[j] = lines[j], lines[i]
		return lines
	}
	parts := wordsAndBlanks.FindAllString(lines[i], -1)
	if len(parts) == 0 {
		return lines
	}
	k := rapid.IntRange(0, len(parts)-1).Draw(t, "word")
	word := rapid.SampledFrom(words).Draw(t, "new word")
	switch rapid.IntRange(0, 3).Draw(t, "word change") {
	case 0:
		parts[k] = word
	case 1:
		parts[k] = ""
	case 2:
		parts[k] += word
	case 3:
		parts[k] = parts[k][:len(parts[k])/2]
	}
	lines[i] = strings.Join(parts, "")
	return lines
}
