package trace

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// SVGOptions say how [SVG] draws.
type SVGOptions struct {
	// HideAcks leaves out segments that do nothing but acknowledge.
	HideAcks bool
	// NoTitle leaves out the line with the scenario's name.
	NoTitle bool
}

// SVG draws the trace as a sequence diagram: a vertical line for each host and
// router involved, time from top to bottom, packets as slanted arrows from where
// and when they left to where and when they arrived, so that packets which overtake
// or meet others cross them. Time is to scale within limits: long gaps are cut
// short and marked, short ones widened for the labels.
//
// The picture needs nothing else: it has its own background and its colors
// follow the reader's choice of light or dark. It is made with integers only, so
// that the same trace gives the same bytes on every machine.
func SVG(w io.Writer, t *Trace, opt SVGOptions) error {
	d := newDiagram(t, opt.HideAcks)
	buf := bufio.NewWriter(w)
	s := &drawing{d: d, w: buf, opt: opt}
	s.layout()
	s.open()
	s.axis()
	s.lanes()
	s.bars()
	s.cuts()
	s.faults()
	s.arrows()
	s.notes()
	s.heads()
	fmt.Fprintln(buf, "</svg>")
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("trace: write SVG: %w", err)
	}
	return nil
}

// Sizes of the drawing, in pixels.
const (
	svgMargin    = 14 // around the drawing
	svgLaneGap   = 390
	svgMaxNote   = 30 // characters in the margins beside the lanes
	svgNoteGap   = 12 // between a lane and its notes
	svgNoteLine  = 17
	svgArrowGap  = 19 // between arrows that leave the same lane
	svgHeadBoxes = 34 // height of the boxes with names
)

// charWidth is the width of so many characters of the monospaced font, in pixels:
// 0.6 of its size each, as in most such fonts, and a little more.
func charWidth(n int) int { return (n*73 + 9) / 10 }

// drawing is an SVG being drawn.
type drawing struct {
	d   *diagram
	w   *bufio.Writer
	opt SVGOptions

	x      []int // of the lanes
	y      []int // of the steps
	top    int   // where the lanes begin
	bottom int   // where they end
	axisX  int   // of the time axis
	left   int   // where the notes of the first lane begin
	width  int
	height int
	ticks  []tick
	breaks []int // y of the places where time is cut short
	placed placement
}

// svgStyle has a color for each class, in light and in dark.
const svgStyle = `<style>
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#1f2328}
.bg{fill:#ffffff}.lane{stroke:#8c959f;stroke-width:1.5}.axis{stroke:#d0d7de;stroke-width:1}.guide{stroke:#eaeef2;stroke-width:1}
.time{fill:#656d76;font-size:11px}.box{fill:#f6f8fa;stroke:#8c959f}.name{font-weight:600;font-size:13px}.sub{fill:#656d76;font-size:11px}
.title{font-weight:600;font-size:13px}.bar{fill:#ddf4ff;stroke:#54aeff}.state{fill:#f6f8fa;stroke:#d0d7de}.fault{fill:#fff8c5;stroke:#d4a72c}
.line{fill:none;stroke-width:1.5}.halo{paint-order:stroke;stroke:#ffffff;stroke-width:4px;stroke-linejoin:round}
.plain .line{stroke:#57606a}.plain .head{fill:#57606a}.plain text{fill:#424a53}
.data .line{stroke:#1a7f37}.data .head{fill:#1a7f37}.data text{fill:#116329}
.fin .line{stroke:#0969da}.fin .head{fill:#0969da}.fin text{fill:#0550ae}
.rst .line{stroke:#cf222e}.rst .head{fill:#cf222e}.rst text{fill:#a40e26}
.lost .line{stroke-dasharray:5 3}.cross{stroke:#9a6700;stroke-width:2.5;fill:none}.why{fill:#7d4e00!important}
@media(prefers-color-scheme:dark){
text{fill:#e6edf3}.bg{fill:#0d1117}.lane{stroke:#6e7681}.axis{stroke:#30363d}.guide{stroke:#1b212a}
.time,.sub{fill:#8d96a0}.box{fill:#161b22;stroke:#6e7681}.bar{fill:#0c2d6b;stroke:#1f6feb}.state{fill:#161b22;stroke:#30363d}
.fault{fill:#341a00;stroke:#9e6a03}.halo{stroke:#0d1117}
.plain .line{stroke:#8d96a0}.plain .head{fill:#8d96a0}.plain text{fill:#b1bac4}
.data .line{stroke:#3fb950}.data .head{fill:#3fb950}.data text{fill:#56d364}
.fin .line{stroke:#58a6ff}.fin .head{fill:#58a6ff}.fin text{fill:#79c0ff}
.rst .line{stroke:#f85149}.rst .head{fill:#f85149}.rst text{fill:#ff7b72}
.cross{stroke:#d29922}.why{fill:#e3b341!important}}
</style>
`

func (s *drawing) open() {
	title := "what happened on the network"
	if s.d.header.Scenario != "" {
		title = printable(s.d.header.Scenario)
	}
	fmt.Fprintf(s.w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">`+"\n",
		s.width, s.height, s.width, s.height)
	fmt.Fprintf(s.w, "<title>%s</title>\n", escapeXML(title))
	io.WriteString(s.w, svgStyle) //nolint:errcheck // bufio keeps the error
	fmt.Fprintf(s.w, `<rect class="bg" width="%d" height="%d" rx="6"/>`+"\n", s.width, s.height)
	if !s.opt.NoTitle && s.d.header.Scenario != "" {
		s.text(svgMargin, svgMargin+8, "start", "title", truncate(title, s.width/8-4))
	}
}

// text writes one line of text; class may be "".
func (s *drawing) text(x, y int, anchor, class, text string) {
	attributes := ""
	if anchor != "start" {
		attributes = ` text-anchor="` + anchor + `"`
	}
	if class != "" {
		attributes += ` class="` + class + `"`
	}
	fmt.Fprintf(s.w, `<text x="%d" y="%d"%s xml:space="preserve">%s</text>`+"\n", x, y, attributes, escapeXML(text))
}

// axis draws the times, and a bracket where one time takes several lines.
func (s *drawing) axis() {
	fmt.Fprintf(s.w, `<path class="axis" d="M%d %dV%d"/>`+"\n", s.axisX, s.top, s.bottom)
	for _, t := range s.ticks {
		s.text(s.axisX-8, t.y+4, "end", "time", t.text)
		fmt.Fprintf(s.w, `<path class="guide" d="M%d %dH%d"/>`, s.axisX, t.y, s.width-svgMargin)
		fmt.Fprintf(s.w, `<path class="axis" fill="none" stroke-width="2" d="M%d %dh-4V%dh4"/>`+"\n", s.axisX, t.y, max(t.last, t.y))
	}
}

// lanes draws the lines of the hosts.
func (s *drawing) lanes() {
	for _, x := range s.x {
		fmt.Fprintf(s.w, `<path class="lane" d="M%d %dV%d"/>`+"\n", x, s.top, s.bottom)
	}
}

// cuts marks where time is cut short.
func (s *drawing) cuts() {
	for _, y := range s.breaks {
		for _, x := range append([]int{s.axisX}, s.x...) {
			fmt.Fprintf(s.w, `<rect class="bg" x="%d" y="%d" width="14" height="6"/>`, x-7, y-3)
			fmt.Fprintf(s.w, `<path class="lane" d="M%d %dl10 -4M%d %dl10 -4"/>`+"\n", x-5, y-1, x-5, y+5)
		}
	}
}

// bars draws, on the lanes, for how long calls block.
func (s *drawing) bars() {
	for i := range s.d.steps {
		st := &s.d.steps[i]
		if st.until == 0 || st.lane == nowhere {
			continue
		}
		end := s.bottom
		if st.until > 0 {
			end = s.y[st.until]
		}
		fmt.Fprintf(s.w, `<rect class="bar" x="%d" y="%d" width="6" height="%d" rx="2"/>`+"\n", s.x[st.lane]-3, s.y[i], max(end-s.y[i], 3))
	}
}

func (s *drawing) faults() {
	for i := range s.d.steps {
		st := &s.d.steps[i]
		if st.what != faulted && st.lane != nowhere {
			continue
		}
		if st.hop != nil {
			continue
		}
		x := s.axisX + 6
		fmt.Fprintf(s.w, `<rect class="fault" x="%d" y="%d" width="%d" height="20" rx="3"/>`+"\n", x, s.y[i]-10, s.width-svgMargin-x)
		s.text(x+10, s.y[i]+4, "start", "", st.note.fit((s.width-x)/8))
	}
}

// notes writes calls and states beside the lanes.
func (s *drawing) notes() {
	for i := range s.d.steps {
		st := &s.d.steps[i]
		if st.what != noted || st.lane == nowhere {
			continue
		}
		for k, line := range st.note.lines(svgMaxNote) {
			s.note(st, s.y[i]+k*svgNoteLine, line)
		}
	}
}

func (s *drawing) note(st *step, y int, text string) {
	x, anchor, class := s.x[st.lane]+svgNoteGap, "start", ""
	switch {
	case st.lane == 0 && len(s.x) > 1:
		x, anchor = s.x[st.lane]-svgNoteGap, "end"
	case st.lane < len(s.x)-1 && !st.state:
		class = "halo"
	}
	if st.state {
		box := charWidth(utf8.RuneCountInString(text)) + 8
		left := x - 4
		if anchor == "end" {
			left = x + 4 - box
		}
		fmt.Fprintf(s.w, `<rect class="state" x="%d" y="%d" width="%d" height="15" rx="3"/>`, left, y-8, box)
	}
	s.text(x, y+4, anchor, class, text)
}

// heads draws the boxes with the names of the hosts.
func (s *drawing) heads() {
	for lane, name := range s.d.lanes {
		text, sub := printable(name), ""
		for i := range s.d.header.Hosts {
			if h := &s.d.header.Hosts[i]; h.Name == name && len(h.Addrs) > 0 {
				sub = h.Addrs[0].String()
			}
		}
		box := max(charWidth(max(utf8.RuneCountInString(text)+2, len(sub)))+12, 80)
		y := s.top - svgHeadBoxes
		fmt.Fprintf(s.w, `<rect class="box" x="%d" y="%d" width="%d" height="%d" rx="4"/>`+"\n", s.x[lane]-box/2, y, box, svgHeadBoxes)
		line := y + svgHeadBoxes/2 + 4
		if sub != "" {
			s.text(s.x[lane], y+28, "middle", "sub", sub)
			line = y + 14
		}
		s.text(s.x[lane], line, "middle", "name", text)
	}
}

var xmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// escapeXML makes text content or an attribute of any printable text.
func escapeXML(text string) string { return xmlEscaper.Replace(text) }
