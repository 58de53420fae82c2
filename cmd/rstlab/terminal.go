package main

import (
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

// screen is what a text is written for.
type screen struct {
	terminal bool
	color    bool
	width    int // columns; 0 when it is no terminal: lines can be of any length
}

// screenOf looks at where w leads. Environment variable NO_COLOR, when it is
// not empty, turns colours off, and so does TERM=dumb.
func screenOf(w io.Writer) screen {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return screen{}
	}
	s := screen{terminal: true, color: os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
	if width, _, err := term.GetSize(int(file.Fd())); err == nil && width > 0 {
		s.width = max(width, minWidth)
	}
	return s
}

// minWidth is the least number of columns that texts are made for.
const minWidth = 60

// style is an ANSI escape sequence.
type style string

const (
	bold  style = "\x1b[1m"
	dim   style = "\x1b[2m"
	red   style = "\x1b[31m"
	green style = "\x1b[32m"
	plain style = "\x1b[0m"
)

// paint gives the text a style where there are colours.
func (s screen) paint(st style, text string) string {
	if !s.color || text == "" {
		return text
	}
	return string(st) + text + string(plain)
}

// wrap breaks a text into lines of at most width characters, and puts indent
// before all but the first; of width 0 nothing is broken.
func wrap(text string, width int, indent string) string {
	if width <= 0 {
		return text
	}
	var b strings.Builder
	column := 0
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case column+1+n > width:
			b.WriteString("\n" + indent)
			column = 0
		default:
			b.WriteString(" ")
			column++
		}
		b.WriteString(word)
		column += n
	}
	return b.String()
}

// columns are rows of cells, of which each but the last in a row is as wide as
// the widest above and below it.
type columns [][]string

// widths are the widths of the columns.
func (c columns) widths() []int {
	var widths []int
	for _, row := range c {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	return widths
}

// lines are the rows, with indent before them and two blanks between columns.
func (c columns) lines(indent string) []string {
	widths := c.widths()
	lines := make([]string, len(c))
	for i, row := range c {
		line := indent
		for j, cell := range row {
			line += cell + strings.Repeat(" ", widths[j]-utf8.RuneCountInString(cell)+2)
		}
		lines[i] = strings.TrimRight(line, " ")
	}
	return lines
}
