package explore

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"rstlab/netsim/trace"
)

// MinLadders is the least width of two ladders side by side, in columns.
const MinLadders = 2*100 + 3

// partHere marks the place where two ladders part.
const partHere = "here the runs part"

// Ladders draws two runs side by side, in so many columns, and marks where they
// part. In less than [MinLadders] columns they stand one above the other. The
// titles stand above them.
func Ladders(w io.Writer, a, b *trace.Trace, titleA, titleB string, columns int) error {
	if part := Part(a, b); part != nil {
		a, b = Marked(a, part.A, partHere), Marked(b, part.B, partHere)
	}
	beside := columns >= MinLadders
	width := columns
	if beside {
		width = (columns - 3) / 2
	}
	left, err := ladderLines(a, titleA, width)
	if err != nil {
		return err
	}
	right, err := ladderLines(b, titleB, width)
	if err != nil {
		return err
	}
	if !beside {
		_, err := fmt.Fprintf(w, "%s\n\n%s\n", strings.Join(left, "\n"), strings.Join(right, "\n"))
		return err
	}
	left, right = level(left, right)
	for i := range max(len(left), len(right)) {
		l, r := lineOf(left, i), lineOf(right, i)
		line := l + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(l))) + " ┊ " + r
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " ")); err != nil {
			return err
		}
	}
	return nil
}

func ladderLines(t *trace.Trace, title string, width int) ([]string, error) {
	var b strings.Builder
	bare := *t
	bare.Header.Scenario = "" // the title stands in its place
	if err := trace.Ladder(&b, &bare, trace.LadderOptions{Width: width, NoLegend: true}); err != nil {
		return nil, err
	}
	return append([]string{title, ""}, strings.Split(strings.TrimRight(b.String(), "\n"), "\n")...), nil
}

// level puts blank lines before the marks so that they stand beside each other.
func level(a, b []string) (left, right []string) {
	i, j := markOf(a), markOf(b)
	if i < 0 || j < 0 {
		return a, b
	}
	pad := func(lines []string, at, n int) []string {
		padded := append([]string{}, lines[:at]...)
		padded = append(padded, make([]string, max(0, n))...)
		return append(padded, lines[at:]...)
	}
	return pad(a, i, j-i), pad(b, j, i-j)
}

// markOf is the line with the mark, or -1.
func markOf(lines []string) int {
	for i, line := range lines {
		if strings.Contains(line, partHere) {
			return i
		}
	}
	return -1
}

func lineOf(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// Untimed draws a run without times, as those of [Orderings] are. Columns and
// color are as in [trace.LadderOptions].
func Untimed(w io.Writer, t *trace.Trace, columns int, color bool) error {
	bare := *t
	bare.Header.Scenario = ""
	return trace.Ladder(w, &bare, trace.LadderOptions{Width: columns, Color: color, NoLegend: true})
}
