package trace

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"rstlab/netsim/wire"
)

// label is a text of which one part, quoted data, may be shortened.
type label struct {
	before string
	data   string // shown quoted; "" for none
	after  string
}

// minQuoted is the least width of quoted data that is worth its place.
const minQuoted = 6

// fit is the label in at most so many columns: data is cut short first, then
// everything.
func (l label) fit(width int) string {
	room := width - utf8.RuneCountInString(l.before) - utf8.RuneCountInString(l.after)
	return truncate(l.with(quote(l.data, room)), width)
}

// with is the label with the data quoted so, or without data.
func (l label) with(quoted string) string {
	switch {
	case quoted != "" || l.data == "":
		return l.before + quoted + l.after
	case strings.HasSuffix(l.before, " "):
		return strings.TrimSuffix(l.before, " ") + l.after
	default:
		return l.before + "…" + l.after
	}
}

// lines is the label in lines of at most so many columns, with as much of the
// data as fits in one, and broken between words where that is not enough.
func (l label) lines(width int) []string {
	if l.width(minQuoted) <= width {
		return []string{l.fit(width)}
	}
	text := l.with(quote(l.data, minQuoted))
	for _, unit := range []string{" = ", "… ", "... "} { // not to be broken behind
		text = strings.ReplaceAll(text, unit, strings.TrimSuffix(unit, " ")+noBreak)
	}
	lines := wrap(text, width)
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], noBreak, " ")
	}
	return lines
}

// noBreak stands for a space at which [wrap] does not break; labels, being
// printable, never have it.
const noBreak = "\x00"

// width is the number of columns that the label needs with so many for its data.
func (l label) width(dataRoom int) int {
	return utf8.RuneCountInString(l.with(quote(l.data, dataRoom)))
}

// quote quotes data in at most so many columns, cut short with an ellipsis; "" if
// that is too few to be worth it.
func quote(data string, room int) string {
	if data == "" {
		return ""
	}
	// One byte takes one column at least, so more than room bytes cannot fit.
	cut := data
	if len(cut) > max(room, 0) {
		cut = cut[:max(room, 0)]
	}
	if q := strconv.QuoteToASCII(cut); cut == data && len(q) <= room {
		return q
	}
	if room < minQuoted {
		return ""
	}
	for {
		q := strconv.QuoteToASCII(cut)
		if len(q)+1 <= room {
			return q[:len(q)-1] + `…"`
		}
		_, size := utf8.DecodeLastRuneInString(cut)
		cut = cut[:len(cut)-size]
	}
}

func truncate(text string, width int) string {
	if utf8.RuneCountInString(text) <= width {
		return text
	}
	if width <= 0 {
		return ""
	}
	runes := []rune(text)
	return string(runes[:width-1]) + "…"
}

// packetLabel is "#4 [P.] seq 1:6 ack 1 len 5 "GET /"".
func packetLabel(e *Event, forged bool, how numbering, many bool) label {
	b := strconv.AppendUint([]byte{'#'}, e.Number, 10)
	if e.Copy != 0 {
		b = strconv.AppendInt(append(b, " copy "...), int64(e.Copy), 10)
	}
	if forged {
		b = append(b, " forged"...)
	}
	b = append(b, ' ')
	p := &e.Packet
	if p.Proto == wire.ICMP {
		return label{before: string(appendMessageLabel(b, p)) + oddities(e)}
	}
	s := &p.TCP
	if many {
		b = strconv.AppendUint(b, uint64(s.SrcPort), 10)
		b = strconv.AppendUint(append(b, '>'), uint64(s.DstPort), 10)
		b = append(b, ' ')
	}
	b = appendSegmentLabel(b, s, how)
	l := label{before: string(b), data: string(s.Payload), after: oddities(e)}
	if l.data != "" {
		l.before += " "
	}
	return l
}

func appendSegmentLabel(b []byte, s *wire.Segment, how numbering) []byte {
	b = append(append(append(b, '['), s.Flags.String()...), "] seq "...)
	seq := how.seq.show(s.Seq)
	b = strconv.AppendInt(b, seq, 10)
	if n := len(s.Payload); n > 0 {
		b = strconv.AppendInt(append(b, ':'), seq+int64(n), 10)
	}
	if s.Flags.Has(wire.ACK) {
		b = strconv.AppendInt(append(b, " ack "...), how.ack.show(s.Ack), 10)
	}
	if s.Window == 0 && !s.Flags.Has(wire.RST) {
		b = append(b, " win 0"...)
	}
	for block := range s.Options.SACKBlocks() {
		b = strconv.AppendInt(append(b, " sack "...), how.ack.show(block.Left), 10)
		b = strconv.AppendInt(append(b, ':'), how.ack.show(block.Right), 10)
	}
	return b
}

// appendMessageLabel appends "ICMP packet-too-big mtu 1400".
func appendMessageLabel(b []byte, p *wire.Packet) []byte {
	b = append(b, "ICMP "...)
	if name := icmpName(p); name != "" {
		b = append(b, name...)
	} else {
		b = strconv.AppendUint(append(b, "type "...), uint64(p.ICMP.Type), 10)
		b = strconv.AppendUint(append(b, " code "...), uint64(p.ICMP.Code), 10)
	}
	if mtu, ok := p.NextHopMTU(); ok {
		b = strconv.AppendUint(append(b, " mtu "...), uint64(mtu), 10)
	}
	return b
}

// oddities is what a label says behind everything else: why a packet was held up,
// that it was damaged.
func oddities(e *Event) string {
	text := ""
	if e.Flip != 0 {
		text += " (bit " + strconv.Itoa(e.Flip-1) + " flipped)"
	}
	if e.Kind == Delivered && e.Reason != "" {
		text += " (" + printable(e.Reason) + ")"
	}
	return text
}

func faultLabel(e *Event) label {
	text := printable(e.Fault)
	if e.Host != "" {
		text = printable(e.Host) + ": " + text
	}
	return label{before: text}
}

// callNotes turns calls and results into notes, a call that returns at the
// instant at which it was made into one.
type callNotes struct {
	returnOf map[int]int     // index of a Call to that of its Return
	callOf   map[int]int     // and back
	procs    map[string]bool // hosts on which more than one proc calls
	sockets  map[string]bool // hosts with more than one connected socket
	events   []Event
}

func newCallNotes(t *Trace) *callNotes {
	c := &callNotes{
		returnOf: make(map[int]int), callOf: make(map[int]int),
		procs: make(map[string]bool), sockets: make(map[string]bool), events: t.Events,
	}
	type call struct {
		host, proc, op string
		fd             int
	}
	open := make(map[call]int)
	proc, socket := make(map[string]string), make(map[string]int)
	for i := range t.Events {
		e := &t.Events[i]
		key := call{e.Host, e.Proc, e.Op, e.FD}
		switch e.Kind {
		case Call:
			open[key] = i
			if was, ok := proc[e.Host]; ok && was != e.Proc {
				c.procs[e.Host] = true
			}
			proc[e.Host] = e.Proc
			if e.Op == "listen" || e.Op == "accept" || e.FD == 0 {
				continue
			}
			if was, ok := socket[e.Host]; ok && was != e.FD {
				c.sockets[e.Host] = true
			}
			socket[e.Host] = e.FD
		case Return:
			if at, ok := open[key]; ok {
				c.returnOf[at], c.callOf[i] = i, at
				delete(open, key)
			}
		}
	}
	return c
}

// note is the note for event i; ok is false for a result that the note of its
// call has told.
func (c *callNotes) note(i int, e *Event) (l label, ok bool) {
	switch e.Kind {
	case Call:
		l = c.call(e)
		if at, ok := c.returnOf[i]; ok && c.events[at].At == e.At {
			return l.result(&c.events[at]), true
		}
		l.after += " … blocks"
		return l, true
	case Return:
		begun := e
		if at, ok := c.callOf[i]; ok {
			begun = &c.events[at]
			if begun.At == e.At {
				return label{}, false
			}
		}
		return c.call(begun).result(e), true
	case StateChange:
		text := "[" + e.To.String() + "]"
		if c.sockets[e.Host] && e.FD != 0 {
			text = strconv.Itoa(e.FD) + text
		}
		return label{before: text}, true
	default:
		return label{}, false
	}
}

// call is `recv(4096)`, with the proc and the descriptor where the host has
// several. Quoted data among the arguments may be shortened.
func (c *callNotes) call(e *Event) label {
	var l label
	if c.procs[e.Host] {
		l.before = printable(e.Proc) + ": "
	}
	l.before += printable(e.Op) + "("
	if c.sockets[e.Host] && e.FD != 0 {
		l.before += strconv.Itoa(e.FD)
		if e.Args != "" {
			l.before += ", "
		}
	}
	args := printable(e.Args)
	if q, err := strconv.QuotedPrefix(e.Args); err == nil && q[0] == '"' {
		l.data, _ = strconv.Unquote(q)
		args = printable(strings.TrimPrefix(e.Args, q))
	}
	l.after = args + ")"
	return l
}

// result is the label of a call with its result behind it.
func (l label) result(e *Event) label {
	text := l.after + " = "
	if e.Errno != "" && e.N <= 0 {
		text += printable(e.Errno)
	} else {
		text += strconv.Itoa(e.N)
		if e.Errno != "" {
			text += " " + printable(e.Errno)
		}
	}
	if e.endOfStream() {
		text += eofMark
	}
	note := ""
	if e.Note != "" && e.Op != "accept" { // whom it accepts is seen from the arrows
		note = " -- " + printable(e.Note)
	}
	if len(e.Data) == 0 || l.data != "" {
		return label{l.before, l.data, text + note}
	}
	return label{l.before + text + " ", string(e.Data), note}
}

// wrap breaks a text into lines of at most so many columns, between words where
// it can.
func wrap(text string, width int) []string {
	width = max(width, 1)
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		for utf8.RuneCountInString(word) > width {
			head := string([]rune(word)[:width])
			word = word[len(head):]
			lines, line = appendLine(lines, line), ""
			lines = append(lines, head)
		}
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	return appendLine(lines, line)
}

func appendLine(lines []string, line string) []string {
	if line == "" {
		return lines
	}
	return append(lines, line)
}
