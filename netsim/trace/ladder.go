package trace

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// LadderOptions say how a ladder is drawn.
type LadderOptions struct {
	// Width is the number of columns; 0 is 120, and 40 more for each host beyond the
	// second. Less than 100 for two hosts gets hard to read, less than 60 is 60.
	Width int
	// ASCII draws with "-", "|" and ">" in place of box-drawing characters.
	ASCII bool
	// Color marks resets red, lost packets yellow and FINs blue, with ANSI escapes.
	Color bool
	// HideAcks leaves out segments that do nothing but acknowledge.
	HideAcks bool
	// NoLegend leaves out the lines that explain the signs.
	NoLegend bool
}

const (
	defaultWidth     = 120
	widthPerHost     = 40
	minWidth         = 60
	minMargin        = 10 // columns that notes get whatever the width
	minArrow         = 50 // columns between two lanes that margins leave
	minLaneGap       = 16
	timeDecimals     = 3
	defaultTimeWidth = len("100.000ms")
)

// Ladder draws the trace as a sequence diagram in text: a column for each host
// and router involved, time at the left, calls and states in the margins, packets
// as arrows between the columns. For people; nothing reads it back.
func Ladder(w io.Writer, t *Trace, opt LadderOptions) error {
	d := newDiagram(t, opt.HideAcks)
	l := &ladder{d: d, opt: opt, glyph: &unicodeGlyphs}
	if opt.ASCII {
		l.glyph = &asciiGlyphs
		d.replaceEllipses()
	}
	l.rows = layoutRows(d)
	l.measure()
	buf := bufio.NewWriter(w)
	l.w = buf
	l.heading()
	for i := range l.rows {
		l.row(&l.rows[i])
	}
	if !opt.NoLegend {
		l.legend()
	}
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("trace: write ladder: %w", err)
	}
	return nil
}

// ladder is a ladder being written.
type ladder struct {
	d     *diagram
	opt   LadderOptions
	rows  []row
	glyph *glyphs
	w     *bufio.Writer

	width     int
	timeWidth int
	x         []int // columns of the lanes

	line   []rune
	paint  span
	below  [][]string    // by lane, what notes have for this line and the lines below
	lost   []string      // what the arrow has for the lines below
	lostAt int           // the column where it stands
	shown  time.Duration // the time last shown
	begun  bool
}

// glyphs are the signs that a ladder is made of.
type glyphs struct {
	lane, fromLeft, fromRight, through, dash, dots, left, right, cross, fault, cut rune
}

var (
	unicodeGlyphs = glyphs{'│', '├', '┤', '┼', '─', '┄', '◀', '▶', '✕', '═', '…'}
	asciiGlyphs   = glyphs{'|', '|', '|', '+', '-', '.', '<', '>', 'X', '=', '~'}
)

// measure finds the columns: margins as wide as their notes if that leaves room
// for arrows, lanes at equal distances between them.
func (l *ladder) measure() {
	lanes := len(l.d.lanes)
	l.width = l.opt.Width
	if l.width <= 0 {
		l.width = defaultWidth + widthPerHost*max(0, lanes-2)
	}
	l.width = max(l.width, minWidth)
	l.timeWidth = defaultTimeWidth
	left, right := 0, 0
	for i := range l.rows {
		line := &l.rows[i]
		l.timeWidth = max(l.timeWidth, len(milliseconds(line.at)))
		for lane, notes := range line.notes {
			switch lane {
			case 0:
				left = max(left, notesWidth(notes))
			case lanes - 1:
				right = max(right, notesWidth(notes))
			}
		}
	}
	for i, name := range l.d.lanes { // half of the heading stands in the margin
		half := utf8.RuneCountInString(printable(name))/2 + 1
		switch i {
		case 0:
			left = max(left, half)
		case lanes - 1:
			right = max(right, half)
		}
	}
	gaps := max(0, lanes-1)
	room := l.width - l.timeWidth - 1 - lanes - 2 - max(min(minArrow, l.width*2/5), gaps*minLaneGap)
	for left+right > room && max(left, right) > minMargin {
		if left >= right {
			left--
		} else {
			right--
		}
	}
	l.x = make([]int, lanes)
	first := l.timeWidth + 1 + left + 1
	last := max(l.width-right-2, first+gaps*4)
	for i := range l.x {
		l.x[i] = first
		if gaps > 0 {
			l.x[i] += (last - first) * i / gaps
		}
	}
	l.width = max(l.width, last+1)
}

// milliseconds is the time as ladders show it, "100.000ms", rounded down to
// microseconds.
func milliseconds(at time.Duration) string {
	sign := ""
	if at < 0 {
		sign, at = "-", -at
	}
	us := int64(at / time.Microsecond)
	return fmt.Sprintf("%s%d.%0*dms", sign, us/1000, timeDecimals, us%1000)
}

func (l *ladder) heading() {
	h := l.d.header
	if h.Scenario != "" {
		fmt.Fprintf(l.w, "%s, seed %d\n\n", printable(h.Scenario), h.Seed)
	}
	l.blank(' ')
	for lane, name := range l.d.lanes {
		text := printable(name)
		l.put(l.x[lane]-utf8.RuneCountInString(text)/2, text)
	}
	l.flush()
	addresses := false
	l.blank(' ')
	for lane, name := range l.d.lanes {
		for i := range h.Hosts {
			if h.Hosts[i].Name == name && len(h.Hosts[i].Addrs) > 0 {
				addresses = true
				text := h.Hosts[i].Addrs[0].String()
				l.put(l.x[lane]-len(text)/2, text)
			}
		}
	}
	if addresses {
		l.flush()
	}
}

func (l *ladder) legend() {
	g := l.glyph
	fmt.Fprintf(l.w, "\nTime is virtual. %c%c%c leaves at the time at the left, and arrives at the time at its head.\n",
		g.fromLeft, g.dash, g.right)
	fmt.Fprintf(l.w, "%s is a packet with a line for its departure, which tells the time of its arrival, and one for its arrival:\n"+
		"other things happen in between. Find the other line by the #number.\n", strings.Repeat(string(g.dots), 3))
	fmt.Fprintf(l.w, "Sequence numbers count from each side's SYN, which is 0; the first byte is 1. [S] SYN, [F] FIN, [R] RST, [P] PSH, [.] ACK.\n")
}
