package trace

import (
	"time"
)

// row is one line of a text ladder: an arrow or a part of one, and what the hosts
// at its ends do at that moment; or a fault.
type row struct {
	at    time.Duration
	what  rowKind
	hops  []*hop    // the arrow: several hops where a packet goes through routers at one go
	notes [][]label // by lane
	fault label
}

type rowKind uint8

const (
	noArrow   rowKind = iota
	wholeWay          // departure and arrival, or loss, in one line
	departing         // the packet leaves, other things happen first, …
	arriving          // … and then it arrives
	losing            // … or is lost
	faultRow
)

// rows makes the lines of a ladder. They are in the order of time, each at the
// time of what is at its left: an arrow drawn in one line leaves at that time, and
// its arrival has a time of its own. This is done only when nothing happens at
// its far end between the two that would then stand above or below its place:
// otherwise departure and arrival are two lines, and packets that cross are seen
// to cross.
type rows struct {
	d     *diagram
	whole map[*hop]int // hops drawn in one line, with the step at which the line stands
	out   []row
}

func layoutRows(d *diagram) []row {
	r := &rows{d: d, whole: make(map[*hop]int)}
	for i := range d.steps {
		if s := &d.steps[i]; s.what == departs {
			r.join(i, s.hop)
		}
	}
	for i := range d.steps {
		r.step(i, &d.steps[i])
	}
	return r.out
}

// join decides whether the hop that departs at step i fits in one line, and if
// it continues one, in the line of its packet's hop before.
func (r *rows) join(i int, h *hop) {
	if h.stop < 0 || h.from == h.to || h.from == nowhere {
		return
	}
	if h.prev != nil && !h.dropped() && h.prev.rightwards() == h.rightwards() {
		if line, ok := r.whole[h.prev]; ok && !r.disturbed(line, h) {
			r.whole[h] = line
			return
		}
	}
	if !r.disturbed(i, h) {
		r.whole[h] = i
	}
}

// rightwards is the direction in which the hop is drawn. Where it comes from or
// goes to is not always known; then it is towards the middle.
func (h *hop) rightwards() bool {
	switch {
	case h.from == nowhere:
		return h.to > 0
	case h.to == nowhere, h.from == h.to:
		return h.from == 0
	default:
		return h.from < h.to
	}
}

// disturbed reports whether something happens at the far end of the hop, or to
// the whole network, after step line and before the end of the hop; but not an
// arrival that is drawn above the line anyway.
func (r *rows) disturbed(line int, h *hop) bool {
	for k := line + 1; k < h.stop; k++ {
		s := &r.d.steps[k]
		if s.what != faulted && (s.lane != h.to || s.hop == h || h.to == nowhere) {
			continue
		}
		if s.hop != nil && s.hop.stop == k {
			if drawn, ok := r.whole[s.hop]; ok && drawn <= line {
				continue
			}
		}
		return true
	}
	return false
}

func (r *rows) step(i int, s *step) {
	switch s.what {
	case departs:
		r.departure(i, s)
	case arrives, lost:
		if _, ok := r.whole[s.hop]; ok {
			return
		}
		what := arriving
		if s.what == lost {
			what = losing
		}
		r.add(row{at: s.at, what: what, hops: []*hop{s.hop}})
	case noted:
		r.note(s)
	case faulted:
		r.add(row{at: s.at, what: faultRow, fault: s.note})
	}
}

func (r *rows) add(line row) {
	line.notes = append(line.notes, make([][]label, len(r.d.lanes)-len(line.notes))...)
	r.out = append(r.out, line)
}

func (r *rows) departure(i int, s *step) {
	line, ok := r.whole[s.hop]
	switch {
	case ok && line == i:
		r.arrow(s, wholeWay)
	case ok:
		r.extend(s.hop)
	case s.hop.from == nowhere, s.hop.from == s.hop.to && s.hop.stop == i+1:
		// its arrival tells all
	default:
		r.arrow(s, departing)
	}
}

// extend lengthens the line of the hop before by this one.
func (r *rows) extend(h *hop) {
	for k := len(r.out) - 1; k >= 0; k-- {
		hops := r.out[k].hops
		if r.out[k].what == wholeWay && hops[len(hops)-1] == h.prev {
			r.out[k].hops = append(hops, h)
			return
		}
	}
}

// arrow adds an arrow that departs: in the last line if that has notes of the
// same moment and host and nothing else, such as the call that sends the packet.
func (r *rows) arrow(s *step, what rowKind) {
	if n := len(r.out); n > 0 {
		last := &r.out[n-1]
		if last.what == noArrow && last.at == s.at && !r.inner(s.lane) && last.notesOnlyAt(s.lane) {
			last.what, last.hops = what, []*hop{s.hop}
			return
		}
	}
	r.add(row{at: s.at, what: what, hops: []*hop{s.hop}})
}

func (line *row) notesOnlyAt(lane int) bool {
	for other := range line.notes {
		if other != lane && len(line.notes[other]) > 0 {
			return false
		}
	}
	return true
}

// inner reports whether notes of the lane are written between two lanes, where
// arrows are, and not in a margin.
func (r *rows) inner(lane int) bool { return lane > 0 && lane < len(r.d.lanes)-1 }

// joinedNotes is the width in columns up to which several notes of one host and
// moment share a line.
const joinedNotes = 28

// note adds a note: in the last line if that is of the same moment at the lane and
// has room, or in a new line.
func (r *rows) note(s *step) {
	if s.lane == nowhere {
		r.add(row{at: s.at, what: faultRow, fault: s.note})
		return
	}
	if n := len(r.out); n > 0 && r.takes(&r.out[n-1], s) {
		last := &r.out[n-1]
		last.notes[s.lane] = append(last.notes[s.lane], s.note)
		return
	}
	r.add(row{at: s.at, notes: make([][]label, len(r.d.lanes))})
	r.out[len(r.out)-1].notes[s.lane] = []label{s.note}
}

// takes reports whether the line is one for this note. Notes of the first lane
// stand next to the time at the left, so they must be of that time.
func (r *rows) takes(line *row, s *step) bool {
	at, ok := line.momentAt(s.lane)
	if !ok || at != s.at || s.lane == 0 && line.at != s.at || line.what != noArrow && r.inner(s.lane) {
		return false
	}
	notes := line.notes[s.lane]
	return len(notes) == 0 || notesWidth(notes)+len(noteGap)+notesWidth([]label{s.note}) <= joinedNotes
}

// momentAt is the time that the line stands for at a lane; ok is false where it
// stands for none, at the far end of an arrow that does not get there.
func (line *row) momentAt(lane int) (at time.Duration, ok bool) {
	if line.what != wholeWay {
		return line.at, line.what != faultRow
	}
	for _, h := range line.hops {
		if lane == h.to {
			return h.end.At, !h.dropped()
		}
	}
	return line.at, true
}

// The width of a note with so many columns for its data is what margins are made
// for, and what lies between the notes of one line.
const (
	noteData = 10
	noteGap  = "  "
)

func notesWidth(notes []label) int {
	width := 0
	for i, n := range notes {
		if i > 0 {
			width += len(noteGap)
		}
		width += n.width(noteData)
	}
	return width
}
