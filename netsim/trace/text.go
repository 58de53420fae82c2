package trace

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"time"
)

// textPreamble is the first line of every text trace.
const textPreamble = "# rstlab trace "

// WriteText writes the trace as text: the header in lines that begin with "#",
// then one line an event, as the package documentation describes. [ParseText]
// gives the same trace back. It fails on an event that [Event.Check] does not
// take, and when w does.
func WriteText(w io.Writer, t *Trace) error {
	buf := bufio.NewWriter(w)
	f := NewFormatter(&t.Header)
	for _, name := range t.nodes() {
		f.hostWidth = max(f.hostWidth, len(appendName(nil, name)))
	}
	for i := range t.Events {
		f.timeWidth = max(f.timeWidth, len(appendTime(nil, t.Events[i].At)))
	}
	tw := &TextWriter{w: buf, f: f}
	if err := tw.header(&t.Header); err != nil {
		return err
	}
	for i := range t.Events {
		if err := tw.Event(&t.Events[i]); err != nil {
			return err
		}
	}
	return buf.Flush()
}

// TextWriter is a [Sink] that writes each event as one line of text.
type TextWriter struct {
	w   io.Writer
	f   *Formatter
	buf []byte
}

// NewTextWriter writes the header and gives the writer for the events. It
// writes one event at a time to w, which wants a buffer.
func NewTextWriter(w io.Writer, h *Header) (*TextWriter, error) {
	tw := &TextWriter{w: w, f: NewFormatter(h)}
	return tw, tw.header(h)
}

// Event writes one event.
func (tw *TextWriter) Event(e *Event) error {
	if err := e.Check(); err != nil {
		return err
	}
	tw.buf = append(tw.f.Append(tw.buf[:0], e), '\n')
	return tw.write()
}

func (tw *TextWriter) header(h *Header) error {
	if err := h.Check(); err != nil {
		return err
	}
	b := fmt.Appendf(nil, "%s%d\n", textPreamble, Format)
	if h.Scenario != "" {
		b = append(appendText(append(b, "# scenario "...), h.Scenario), '\n')
	}
	b = append(strconv.AppendUint(append(b, "# seed "...), h.Seed, 10), '\n')
	if !h.Start.IsZero() {
		b = append(h.Start.AppendFormat(append(b, "# start "...), time.RFC3339Nano), '\n')
	}
	for i := range h.Hosts {
		host := &h.Hosts[i]
		b = appendName(append(b, "# host "...), host.Name)
		for _, a := range host.Addrs {
			b = a.AppendTo(append(b, ' '))
		}
		if host.Engine != "" {
			b = appendText(append(b, " on "...), host.Engine)
		}
		b = append(b, '\n')
	}
	tw.buf = b
	return tw.write()
}

func (tw *TextWriter) write() error {
	if _, err := tw.w.Write(tw.buf); err != nil {
		return fmt.Errorf("trace: write text: %w", err)
	}
	return nil
}

// Formatter turns events into lines. It must see all packet events of a trace in
// order, for relative sequence numbers are those of the flow so far.
type Formatter struct {
	flows     *flows
	last      uint64 // Seq of the event before
	timeWidth int
	hostWidth int
}

// NewFormatter is a formatter for a trace with this header, whose host names
// set the width of the columns.
func NewFormatter(h *Header) *Formatter {
	f := &Formatter{flows: newFlows(), timeWidth: len("0.000000000")}
	for i := range h.Hosts {
		f.hostWidth = max(f.hostWidth, len(appendName(nil, h.Hosts[i].Name)))
	}
	return f
}

// Append appends the line of the next event, without a line feed. What it
// appends for an event that fails [Event.Check] cannot be read back.
func (f *Formatter) Append(b []byte, e *Event) []byte {
	if e.Seq != f.last+1 {
		b = append(strconv.AppendUint(append(b, '@'), e.Seq, 10), ' ')
	}
	f.last = e.Seq
	b = pad(b, f.timeWidth, func(b []byte) []byte { return appendTime(b, e.At) })
	b = append(b, ' ')
	if e.Kind.IsPacket() {
		return f.appendPacketEvent(b, e)
	}
	b = appendName(b, e.Host)
	if e.Proc != "" {
		b = appendName(append(b, '/'), e.Proc)
	}
	b = append(b, ": "...)
	switch e.Kind {
	case Call, Return:
		return appendCall(b, e)
	case StateChange:
		return appendState(b, e)
	case Fault:
		return appendText(append(b, "fault: "...), e.Fault)
	default:
		return append(b, e.Kind.String()...)
	}
}

// appendTime appends seconds with nine decimals.
func appendTime(b []byte, at time.Duration) []byte {
	u := uint64(at)
	if at < 0 {
		b = append(b, '-')
		u = -u
	}
	const second = uint64(time.Second)
	b = strconv.AppendUint(b, u/second, 10)
	b = append(b, '.')
	nanos := strconv.AppendUint(nil, u%second+second, 10) // a leading 1 keeps the zeros
	return append(b, nanos[1:]...)
}

// pad appends what put appends, with spaces before it to make it so wide; to the
// left-hand side for a negative width.
func pad(b []byte, width int, put func([]byte) []byte) []byte {
	start := len(b)
	b = put(b)
	size := len(b) - start
	if width < 0 {
		for range -width - size {
			b = append(b, ' ')
		}
		return b
	}
	missing := width - size
	for range missing {
		b = append(b, ' ')
	}
	if missing > 0 {
		copy(b[start+missing:], b[start:start+size])
		for i := range missing {
			b[start+i] = ' '
		}
	}
	return b
}
