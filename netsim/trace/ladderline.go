package trace

import (
	"strings"
	"unicode/utf8"
)

// blank begins a line with nothing but the lanes.
func (l *ladder) blank(lane rune) {
	l.line = l.line[:0]
	for range l.width {
		l.line = append(l.line, ' ')
	}
	for _, x := range l.x {
		l.line[x] = lane
	}
	l.paint = span{}
}

// put writes text from column x on, as much of it as there are columns.
func (l *ladder) put(x int, text string) {
	for _, r := range text {
		if x >= 0 && x < len(l.line) {
			l.line[x] = r
		}
		x++
	}
}

func (l *ladder) fill(from, to int, r rune) {
	for x := max(from, 0); x <= to && x < len(l.line); x++ {
		l.line[x] = r
	}
}

// span is a colored part of a line.
type span struct {
	from, to int // columns; to is the one behind the last
	escape   string
}

func (l *ladder) flush() {
	end := len(l.line)
	for end > 0 && l.line[end-1] == ' ' {
		end--
	}
	for x, r := range l.line[:end] {
		if l.paint.escape != "" && x == l.paint.from {
			l.w.WriteString(l.paint.escape)
		}
		if l.opt.ASCII && r >= utf8.RuneSelf {
			r = asciiFor(r)
		}
		l.w.WriteRune(r)
		if l.paint.escape != "" && x == l.paint.to-1 {
			l.w.WriteString(ansiReset)
		}
	}
	l.w.WriteByte('\n')
}

// asciiFor is what stands for a character that is not ASCII.
func asciiFor(r rune) rune {
	if r == unicodeGlyphs.cut {
		return asciiGlyphs.cut
	}
	return '?'
}

func (l *ladder) row(line *row) {
	l.blank(l.glyph.lane)
	if !l.begun || line.at != l.shown {
		text := milliseconds(line.at)
		l.put(l.timeWidth-len(text), text)
		l.begun, l.shown = true, line.at
	}
	switch line.what {
	case noArrow:
	case faultRow:
		l.fault(line.fault)
	default:
		l.arrow(line)
	}
	l.below = make([][]string, len(l.x))
	more := 0
	for lane, notes := range line.notes {
		l.below[lane] = l.noteLines(lane, notes)
		l.note(lane, 0)
		more = max(more, len(l.below[lane]))
	}
	l.flush()
	l.continuation(max(more, 1+len(l.lost)))
	l.lost = nil
}

// continuation writes what did not fit in the line itself: more notes, why a
// packet was lost.
func (l *ladder) continuation(lines int) {
	escape := l.paint.escape
	for i := 1; i < lines; i++ {
		l.blank(l.glyph.lane)
		if i <= len(l.lost) {
			text := l.lost[i-1]
			l.put(l.lostAt, text)
			l.paint = span{l.lostAt, l.lostAt + utf8.RuneCountInString(text), escape}
		}
		for lane := range l.below {
			l.note(lane, i)
		}
		l.flush()
	}
}

// noteColumns is where notes of a lane are written, from and up to a column: the
// first lane's at its left, the others' at their right.
func (l *ladder) noteColumns(lane int) (from, to int) {
	switch {
	case lane == 0 && len(l.x) > 1:
		return l.timeWidth + 1, l.x[0] - 1
	case lane < len(l.x)-1:
		return l.x[lane] + 2, l.x[lane+1] - 1
	default:
		return l.x[lane] + 2, l.width
	}
}

// noteLines is the notes of a lane in one line if they fit, else each in lines of
// its own.
func (l *ladder) noteLines(lane int, notes []label) []string {
	from, to := l.noteColumns(lane)
	if notesWidth(notes) > to-from {
		var lines []string
		for _, n := range notes {
			lines = append(lines, n.lines(to-from)...)
		}
		return lines
	}
	room := to - from - len(noteGap)*(len(notes)-1)
	texts := make([]string, len(notes))
	for i, n := range notes {
		rest := 0 // what the notes after this one need
		for _, other := range notes[i+1:] {
			rest += other.width(noteData)
		}
		texts[i] = n.fit(room - rest)
		room -= utf8.RuneCountInString(texts[i])
	}
	return []string{strings.Join(texts, noteGap)}
}

// note writes one line of the notes of a lane.
func (l *ladder) note(lane, i int) {
	if i >= len(l.below[lane]) {
		return
	}
	text := l.below[lane][i]
	from, to := l.noteColumns(lane)
	if lane == 0 && len(l.x) > 1 {
		from = max(from, to-utf8.RuneCountInString(text))
	}
	l.put(from, text)
}

func (l *ladder) fault(text label) {
	l.fill(l.timeWidth+1, l.width-1, l.glyph.fault)
	l.put(l.timeWidth+4, " "+text.fit(l.width-l.timeWidth-8)+" ")
}
