package trace

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// arrows draws the packets, each with its labels.
func (s *drawing) arrows() {
	var hops []*hop
	for i := range s.d.steps {
		if h := s.d.steps[i].hop; h != nil && s.draws(i, h) {
			hops = append(hops, h)
			s.placed.add(s.segment(h))
		}
	}
	// Short arrows have the least choice of where their labels stand.
	order := make([]int, len(hops))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return axisOf(s.placed.segments[a]).length - axisOf(s.placed.segments[b]).length
	})
	labels := make([]string, len(hops))
	for _, i := range order {
		labels[i] = s.labels(hops[i], i)
	}
	for i, h := range hops {
		s.arrow(h, s.placed.segments[i], labels[i])
	}
}

// draws reports whether the hop is drawn at this step: at its departure, or at its
// end if it has no departure.
func (s *drawing) draws(i int, h *hop) bool { return i == h.start || h.start < 0 && i == h.stop }

// segment is a straight line, in pixels.
type segment struct{ x1, y1, x2, y2 int }

// stub is the length of an arrow that comes from, or goes to, no lane.
const stub = 120

// segment is where the hop is drawn.
func (s *drawing) segment(h *hop) segment {
	toward := 1
	if !h.rightwards() {
		toward = -1
	}
	var g segment
	switch start := h.origin(); {
	case start >= 0:
		g.y1 = s.y[start]
	default:
		g.y1 = s.y[h.stop] - svgSlope
	}
	g.y2 = g.y1 + svgSlope
	if h.stop >= 0 {
		g.y2 = s.y[h.stop]
	}
	from, to := h.from, h.to
	switch {
	case from == nowhere && to == nowhere:
		g.x1, g.x2 = s.left, s.left+stub
	case from == nowhere:
		g.x2 = s.x[to]
		g.x1 = g.x2 - toward*stub
	case to == nowhere, from == to:
		g.x1 = s.x[from]
		g.x2 = g.x1 + toward*stub
	default:
		g.x1, g.x2 = s.x[from], s.x[to]
	}
	if h.dropped() && s.d.steps[h.stop].lane != h.to || h.stop < 0 {
		g.x2 = g.x1 + (g.x2-g.x1)*3/5
	}
	return g
}

// origin is the step at which the hop began, or for a duplicate its original; -1
// if nobody saw it.
func (h *hop) origin() int {
	if h.original != nil {
		return h.original.origin()
	}
	return h.start
}

func classOf(h *hop) string {
	class := [...]string{plain: "plain", data: "data", closing: "fin", reset: "rst"}[h.tone]
	if h.dropped() || h.original != nil || h.stop < 0 {
		class += " lost"
	}
	return class
}

func (s *drawing) arrow(h *hop, g segment, labels string) {
	a := axisOf(g)
	fmt.Fprintf(s.w, `<g class="%s"><path class="line" d="M%d %dL%d %d"/>`, classOf(h), g.x1, g.y1, g.x2, g.y2)
	switch {
	case h.dropped():
		fmt.Fprintf(s.w, `<path class="cross" d="M%d %dl10 10m0 -10l-10 10"/>`, g.x2-5, g.y2-5)
	case h.stop >= 0:
		fmt.Fprintf(s.w, `<path class="head" transform="%s" d="M0 0l-10 -4v8z"/>`, a.matrix(a.length))
	}
	fmt.Fprintln(s.w, labels+"</g>")
}

// labels are what is written at the arrow: what the packet is, unless the hop before
// has it, and what became of it.
func (s *drawing) labels(h *hop, index int) string {
	text := ""
	if h.prev == nil || h.dropped() || h.end != nil && oddities(h.end) != "" {
		text = s.label(h, index, h.label, "")
	}
	switch {
	case h.dropped():
		text += s.label(h, index, label{before: "lost: " + printable(h.end.Reason)}, "why")
	case h.stop < 0:
		text += s.label(h, index, label{before: "on its way at the end"}, "why")
	}
	return text
}

// Widths of labels in characters: they get the first that leaves them undisturbed.
var svgLabelWidths = []int{48, 38, 30}

// label is a text along an arrow, where it is least in the way.
func (s *drawing) label(h *hop, index int, text label, class string) string {
	a := axisOf(s.placed.segments[index])
	room := a.length - 2*endGap
	if class != "" || room < 2*stub { // may go beyond its short line
		room = svgLaneGap - 2*endGap
	}
	var lines []string
	for _, width := range svgLabelWidths {
		lines = append(lines, text.fit(max(min(width, room*10/73), text.width(0))))
	}
	widths := make([]int, len(lines))
	for i := range lines {
		lines[i] = truncate(lines[i], room*10/73)
		widths[i] = charWidth(utf8.RuneCountInString(lines[i]))
	}
	which, p := s.placed.find(index, widths, class != "", h.from == nowhere)
	classes := "halo"
	if class != "" {
		classes += " " + class
	}
	return fmt.Sprintf(`<text class="%s" transform="%s" y="%d" xml:space="preserve">%s</text>`,
		classes, a.textMatrix(p.from, p.to), p.offset, escapeXML(lines[which]))
}

// axis is the direction of an arrow, in integers.
type axis struct {
	segment
	length int
}

func axisOf(g segment) axis {
	dx, dy := g.x2-g.x1, g.y2-g.y1
	return axis{g, max(sqrt(dx*dx+dy*dy), 1)}
}

// sqrt is the integer square root, rounded down.
func sqrt(n int) int {
	root := 0
	for bit := 1 << 20; bit > 0; bit >>= 1 {
		if next := root | bit; next*next <= n {
			root = next
		}
	}
	return root
}

// unit is the precision of the coordinates of labels: 16ths of a pixel.
const unit = 16

// at is the point at this distance from the begin, and so far below the line as
// seen by a reader, in units.
func (a axis) at(distance, below int) (x, y int) {
	dx, dy := a.x2-a.x1, a.y2-a.y1
	x = a.x1*unit + dx*distance*unit/a.length
	y = a.y1*unit + dy*distance*unit/a.length
	if dx < 0 {
		dx, dy = -dx, -dy
	}
	return x - dy*below*unit/a.length, y + dx*below*unit/a.length
}

// matrix is the transformation of a drawing along the arrow, at this distance from
// its begin.
func (a axis) matrix(distance int) string {
	x, y := a.at(distance, 0)
	return matrix(a.x2-a.x1, a.y2-a.y1, a.length, x, y)
}

// textMatrix is that of a text between two distances from the begin, which is read
// from left to right whatever the direction of the arrow.
func (a axis) textMatrix(from, to int) string {
	dx, dy := a.x2-a.x1, a.y2-a.y1
	if dx < 0 {
		x, y := a.at(to, 0)
		return matrix(-dx, -dy, a.length, x, y)
	}
	x, y := a.at(from, 0)
	return matrix(dx, dy, a.length, x, y)
}

func matrix(dx, dy, length, x, y int) string {
	cos, sin := fraction(dx, length), fraction(dy, length)
	return fmt.Sprintf("matrix(%s %s %s %s %s %s)", cos, sin, fraction(-dy, length), cos, fraction(x, unit), fraction(y, unit))
}

// fraction is n/d with four decimals.
func fraction(n, d int) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	n = n * 10000 / d
	return fmt.Sprintf("%s%d.%04d", sign, n/10000, n%10000)
}
