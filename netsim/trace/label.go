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
	extra  string // left out where there is no room for it
}

// minQuoted is the least width of quoted data that is worth its place.
const minQuoted = 6

// fit is the label in at most so many columns: the extra goes first, then data is
// cut short, then everything.
func (l label) fit(width int) string {
	if l.extra != "" {
		whole := label{before: l.before, data: l.data, after: l.after + l.extra}
		if whole.width(noteData) <= width {
			return whole.fit(width)
		}
	}
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
		return label{before: string(appendMessageLabel(b, p)), after: oddities(e), extra: heldUp(e)}
	}
	s := &p.TCP
	if many {
		b = strconv.AppendUint(b, uint64(s.SrcPort), 10)
		b = strconv.AppendUint(append(b, '>'), uint64(s.DstPort), 10)
		b = append(b, ' ')
	}
	b = appendSegmentLabel(b, s, how)
	l := label{before: string(b), data: string(s.Payload), after: oddities(e), extra: heldUp(e)}
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

// oddities is what a label says behind everything else: that the packet was damaged.
func oddities(e *Event) string {
	if e.Flip == 0 {
		return ""
	}
	return " (bit " + strconv.Itoa(e.Flip-1) + " flipped)"
}

// heldUp is why the packet came late or twice, or what was rewritten in it where
// it was forwarded.
func heldUp(e *Event) string {
	if e.Kind != Delivered && e.Kind != Forwarded || e.Reason == "" {
		return ""
	}
	return " (" + printable(e.Reason) + ")"
}

func faultLabel(e *Event) label {
	text := printable(e.Fault)
	if e.Host != "" {
		text = printable(e.Host) + ": " + text
	}
	return label{before: text}
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
