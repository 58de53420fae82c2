package trace

import (
	"strconv"
	"unicode/utf8"
)

// ANSI escapes for [LadderOptions].Color.
const (
	ansiRed    = "\x1b[31m"
	ansiYellow = "\x1b[33m"
	ansiBlue   = "\x1b[34m"
	ansiReset  = "\x1b[0m"
)

func escapeOf(h *hop) string {
	switch {
	case h.dropped():
		return ansiYellow
	case h.tone == reset:
		return ansiRed
	case h.tone == closing:
		return ansiBlue
	default:
		return ""
	}
}

// strip is where an arrow is drawn: the columns between two lanes, seen from the
// sender, so that both directions are drawn by the same code. Column 0 is next to
// the sender's lane.
type strip struct {
	l         *ladder
	lo, hi    int // first and last column
	rightward bool
}

func (s *strip) size() int { return s.hi - s.lo + 1 }

// column is the ladder's column for one of the strip's.
func (s *strip) column(i int) int {
	if s.rightward {
		return s.lo + i
	}
	return s.hi - i
}

// fill draws the columns from i up to j, not j itself.
func (s *strip) fill(i, j int, r rune) {
	for ; i < j; i++ {
		s.l.line[s.column(i)] = r
	}
}

// put writes text, with a space on either side, into the columns from i up; it
// gives the column behind.
func (s *strip) put(i int, text string) int {
	if text == "" {
		return i
	}
	n := utf8.RuneCountInString(text) + 2
	first := s.column(i)
	if !s.rightward {
		first -= n - 1
	}
	s.l.put(first, " "+text+" ")
	return i + n
}

// arrow draws the arrow of a line.
func (l *ladder) arrow(line *row) {
	h := line.hops[len(line.hops)-1]
	s := l.strip(line.hops[0], h)
	if s.size() < 4 {
		return
	}
	switch line.what {
	case wholeWay:
		l.tail(line.hops[0])
		if h.dropped() {
			s.loss(h, line)
		} else {
			s.whole(h, line)
		}
	case departing:
		l.tail(h)
		s.departure(h)
	case arriving:
		s.arrival(h)
	case losing:
		s.loss(h, line)
	}
	if l.opt.Color {
		l.paint = span{s.lo, s.hi + 1, escapeOf(h)}
	}
}

// strip is the room between the lanes of the first hop's sender and the last
// one's receiver.
func (l *ladder) strip(first, last *hop) strip {
	from, to := first.from, last.to
	right := first.rightwards()
	step := -1
	if right {
		step = 1
	}
	if from == nowhere {
		from = to - step
	}
	if to == nowhere || from == to {
		to = from + step
	}
	a, b := l.edge(from), l.edge(to)
	if a > b {
		a, b = b, a
	}
	return strip{l: l, lo: a + 1, hi: b - 1, rightward: right}
}

// edge is the column of a lane, or of the line's end where there is no such lane.
func (l *ladder) edge(lane int) int {
	switch {
	case lane < 0:
		return l.timeWidth
	case lane >= len(l.x):
		return l.width
	default:
		return l.x[lane]
	}
}

// tail joins the arrow to its sender's lane.
func (l *ladder) tail(h *hop) {
	if h.rightwards() {
		l.line[l.x[h.from]] = l.glyph.fromLeft
	} else {
		l.line[l.x[h.from]] = l.glyph.fromRight
	}
}

func (s *strip) head(i int) {
	r := s.l.glyph.left
	if s.rightward {
		r = s.l.glyph.right
	}
	s.l.line[s.column(i)] = r
}

// whole is "─ #4 [P.] seq 1:6 ack 1 ─────── 110.000ms ─▶".
func (s *strip) whole(h *hop, line *row) {
	arrival := ""
	if h.end.At != line.at {
		arrival = milliseconds(h.end.At)
	}
	n := s.size()
	s.fill(0, n-1, s.l.glyph.dash)
	for _, through := range line.hops[:len(line.hops)-1] {
		s.l.line[s.l.x[through.to]] = s.l.glyph.through
	}
	s.head(n - 1)
	room := n - 6
	if arrival != "" {
		room -= len(arrival) + 2
		s.put(n-2-len(arrival)-2, arrival)
	}
	s.put(1, h.label.fit(room))
}

// departure is "─ #5 [P.] seq 1:37 ack 1 ─┄┄┄┄┄ 130.001ms ┄".
func (s *strip) departure(h *hop) {
	arrival := "on its way at the end"
	if h.end != nil {
		arrival = milliseconds(h.end.At)
		if h.dropped() {
			arrival = "lost"
		}
	}
	n := s.size()
	s.fill(0, 2, s.l.glyph.dash)
	room := max(n-6-len(arrival)-2, 0)
	behind := s.put(1, h.label.fit(room))
	s.fill(behind, n, s.l.glyph.dots)
	if n > len(arrival)+8 {
		s.put(n-1-len(arrival)-2, arrival)
	}
}

// arrival is "┄┄┄┄┄┄┄┄ #5 [P.] seq 1:37 ack 1 (overtaken by #7) ─▶".
func (s *strip) arrival(h *hop) {
	l := h.label
	if h.overtaken != 0 {
		l.after += " (overtaken by #" + strconv.FormatUint(h.overtaken, 10) + ")"
	}
	n := s.size()
	text := l.fit(n - 6)
	from := n - 3 - utf8.RuneCountInString(text) - 2
	if h.from != nowhere && h.from != h.to {
		s.fill(0, from, s.l.glyph.dots)
	}
	s.fill(from, n-1, s.l.glyph.dash)
	s.put(from, text)
	s.head(n - 1)
}

// loss is "─ #6 [F.] seq 37 ack 1 ──✕ lost: queue full", dotted at its begin when the
// packet was sent in a line above. A long reason goes to a line of its own.
func (s *strip) loss(h *hop, line *row) {
	begin, why := s.l.glyph.dash, "lost: "
	if line.what == losing {
		begin = s.l.glyph.dots
	} else if h.end.At != line.at {
		why = "lost at " + milliseconds(h.end.At) + ": "
	}
	why += printable(h.end.Reason)
	const signs = 1 + 2 + 2 + 1 // dash, spaces, dashes, cross
	n := s.size()
	beside := n - signs - 2 - utf8.RuneCountInString(why)
	room := beside
	if beside < h.label.width(0) {
		room = n - signs
	}
	s.fill(0, 1, begin)
	i := s.put(1, h.label.fit(room))
	s.fill(i, i+2, s.l.glyph.dash)
	s.l.line[s.column(i+2)] = s.l.glyph.cross
	if room == beside {
		s.put(i+3, why)
		return
	}
	s.l.lost = wrap(why, n-2)
	size := utf8.RuneCountInString(s.l.lost[0])
	s.l.lostAt = min(max(s.column(i+2)-size/2, s.lo+1), s.hi-size)
}
