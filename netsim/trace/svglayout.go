package trace

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// tick is a time on the axis, and the range of lines that it takes.
type tick struct {
	text    string
	y, last int
}

// Limits of what a span of time takes, in pixels.
const (
	svgMinGap = 16
	svgMaxGap = 64
	// svgFlight is what the usual time of flight takes.
	svgFlight = 44
	// svgSlope is by how much an arrow goes down at least, when time passes.
	svgSlope = 14
)

func (s *drawing) layout() {
	s.columns()
	s.top = svgMargin + svgHeadBoxes + 6
	if !s.opt.NoTitle && s.d.header.Scenario != "" {
		s.top += 22
	}
	l := laneTracks{drawing: s, note: make([]int, len(s.x)), arrow: make([]int, len(s.x))}
	l.scale = svgScale(s.d)
	for i := range l.note {
		l.note[i], l.arrow[i] = s.top, s.top+4
	}
	l.prev = s.top + 18
	for i := range s.d.steps {
		s.y = append(s.y, l.place(i))
	}
	s.bottom = max(l.prev, slices.Max(append(l.note, s.top))) + 22
	s.height = s.bottom + svgMargin
}

// columns finds the x of the lanes, with room for the notes of the first and last.
func (s *drawing) columns() {
	lanes := len(s.d.lanes)
	left, right := 6, 6
	for i := range s.d.steps {
		st := &s.d.steps[i]
		if st.what != noted {
			continue
		}
		n := 0
		for _, line := range st.note.lines(svgMaxNote) {
			n = max(n, utf8.RuneCountInString(line))
		}
		switch {
		case st.lane == 0 && lanes > 1:
			left = max(left, n)
		case st.lane == lanes-1:
			right = max(right, n)
		}
	}
	for i := range s.d.steps {
		s.axisX = max(s.axisX, svgMargin+charWidth(len(shortTime(s.d.steps[i].at)))+8)
	}
	s.left = s.axisX + 14
	x := s.left + charWidth(left) + svgNoteGap
	for range s.d.lanes {
		s.x = append(s.x, x)
		x += svgLaneGap
	}
	last := s.left
	if lanes > 0 {
		last = s.x[lanes-1]
	}
	s.width = last + svgNoteGap + charWidth(right) + svgMargin
}

// svgScale is how much time a pixel stands for: such that the median of the times
// of flight takes svgFlight pixels.
func svgScale(d *diagram) time.Duration {
	var flights []time.Duration
	for i := range d.steps {
		if h := d.steps[i].hop; d.steps[i].what == arrives && h.start >= 0 {
			if took := h.end.At - h.event.At; took > 0 {
				flights = append(flights, took)
			}
		}
	}
	if len(flights) == 0 {
		return time.Millisecond
	}
	slices.Sort(flights)
	return max(flights[len(flights)/2]/svgFlight, 1)
}

// laneTracks gives steps their y, from top to bottom. On each lane, notes keep a
// distance from notes, and arrows from arrows.
type laneTracks struct {
	*drawing
	scale       time.Duration // a pixel
	prev        int           // y of the step before
	note, arrow []int         // y of the last one on each lane
}

func (l *laneTracks) place(i int) int {
	st := &l.d.steps[i]
	y := l.prev
	if i > 0 {
		y = l.pass(y, l.d.steps[i-1].at, st.at)
	}
	switch {
	case st.what == faulted || st.lane == nowhere && st.hop == nil:
		y = max(y, slices.Max(append(l.note, y)), slices.Max(append(l.arrow, y))) + 20
		for lane := range l.x {
			l.note[lane], l.arrow[lane] = y+8, y+2
		}
	case st.what == noted:
		y = l.placeNote(st, y)
	default:
		y = l.placeEnd(st, y)
	}
	l.tick(st.at, y, i == 0 || st.at != l.d.steps[i-1].at)
	l.prev = y
	return y
}

// pass is y after a span of time.
func (l *laneTracks) pass(y int, from, to time.Duration) int {
	if to <= from { // the same moment, or a trace that is not in order
		return y
	}
	gap := (to - from) / l.scale
	if gap > svgMaxGap {
		l.breaks = append(l.breaks, y+svgMaxGap/2)
		gap = svgMaxGap
	}
	return y + max(int(gap), svgMinGap)
}

func (l *laneTracks) placeNote(st *step, y int) int {
	y = max(y, l.note[st.lane]+svgNoteLine)
	if inner := st.lane > 0 && st.lane < len(l.x)-1; inner {
		y = max(y, l.arrow[st.lane]+svgNoteLine)
		l.arrow[st.lane] = y
	}
	l.note[st.lane] = y + (len(st.note.lines(svgMaxNote))-1)*svgNoteLine
	return y
}

// placeEnd places the begin or end of an arrow.
func (l *laneTracks) placeEnd(st *step, y int) int {
	gap := svgArrowGap
	if st.what != departs {
		gap = svgNoteLine - 5
		if start := st.hop.start; start >= 0 && (st.hop.end.At > st.hop.event.At || st.what == lost) {
			y = max(y, l.y[start]+svgSlope)
		}
	}
	if st.lane == nowhere {
		return y
	}
	y = max(y, l.arrow[st.lane]+gap)
	l.arrow[st.lane] = y
	return y
}

// tick adds the time to the axis if it is new, and else makes its range longer.
func (l *laneTracks) tick(at time.Duration, y int, isNew bool) {
	if isNew {
		l.ticks = append(l.ticks, tick{text: shortTime(at), y: y})
	}
	l.ticks[len(l.ticks)-1].last = y
}

// shortTime is the time in milliseconds, or in seconds from 10 s on, without the
// zeros that say nothing; rounded down to microseconds.
func shortTime(at time.Duration) string {
	if at >= 10*time.Second {
		return trimZeros(milliseconds(at/1000)) + " s"
	}
	return trimZeros(milliseconds(at)) + " ms"
}

func trimZeros(milliseconds string) string {
	text := strings.TrimSuffix(milliseconds, "ms")
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}
