package bubble

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// shapeLine is a line of a shape: something that happens at an instant, however
// often and in whatever order it happens there.
type shapeLine struct {
	at       time.Duration
	host     string
	from, to netip.AddrPort // of what is sent
	fd       int            // of a call
	what     string         // of a call or fault; "" for what is sent
	flags    wire.Flags     // PSH stands for data
	bytes    int
}

// compare orders the lines; those that are equal but for flags and bytes are one.
func (l shapeLine) compare(m shapeLine) int {
	return cmp.Or(cmp.Compare(l.at, m.at), strings.Compare(l.host, m.host), l.from.Compare(m.from), l.to.Compare(m.to),
		cmp.Compare(l.fd, m.fd), strings.Compare(l.what, m.what))
}

func (l shapeLine) String() string {
	if l.what != "" {
		return fmt.Sprintf("%v %s: %s", l.at, l.host, l.what)
	}
	var sent []string
	for _, f := range []struct {
		flag wire.Flags
		name string
	}{{wire.SYN, "SYN"}, {wire.PSH, "data"}, {wire.FIN, "FIN"}, {wire.RST, "RST"}} {
		if l.flags.Has(f.flag) {
			sent = append(sent, f.name)
		}
	}
	text := fmt.Sprintf("%v %s: %v > %v %s", l.at, l.host, l.from, l.to, strings.Join(sent, " "))
	if l.bytes > 0 {
		text += fmt.Sprintf(", %d bytes", l.bytes)
	}
	return text
}

// shapeOf is what is left of a trace when the order of things at one instant is
// not looked at, nor the segments in which data is sent; and without volume not
// the number of bytes either. See [SameShape].
func shapeOf(t *trace.Trace, volume bool) []shapeLine {
	var lines []shapeLine
	for i := range t.Events {
		if l, ok := shapeOfEvent(&t.Events[i]); ok {
			lines = append(lines, l)
		}
	}
	slices.SortStableFunc(lines, shapeLine.compare)
	var merged []shapeLine
	for _, l := range lines {
		if !volume {
			l.bytes = 0
		}
		if last := len(merged) - 1; last >= 0 && merged[last].compare(l) == 0 {
			merged[last].flags |= l.flags
			merged[last].bytes += l.bytes
			continue
		}
		merged = append(merged, l)
	}
	return merged
}

// shapeOfEvent is the line of an event, if it has one.
func shapeOfEvent(e *trace.Event) (l shapeLine, ok bool) {
	l = shapeLine{at: e.At, host: e.Host}
	switch e.Kind {
	case trace.Sent, trace.Injected:
		p := &e.Packet
		l.from, l.to = p.Source(), p.Destination()
		l.flags, l.bytes = p.TCP.Flags&(wire.SYN|wire.FIN|wire.RST), len(p.TCP.Payload)
		if l.bytes > 0 {
			l.flags |= wire.PSH
		}
		return l, l.flags != 0
	case trace.Call:
		l.fd, l.what = e.FD, fmt.Sprintf("%s(%d)", e.Op, e.FD)
		return l, e.Op == "close" || e.Op == "shutdown"
	case trace.Return:
		result := e.Errno
		if e.Op == "recv" && e.N == 0 && result == "" {
			result = "end of stream"
		}
		l.fd, l.what = e.FD, fmt.Sprintf("%s(%d) = %s", e.Op, e.FD, result)
		return l, result != ""
	case trace.Fault:
		l.what = e.Fault
		return l, true
	}
	return l, false
}

// diffShapes shows the first instant at which two shapes differ, or is "".
func diffShapes(a, b []shapeLine) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	if i == len(a) && i == len(b) {
		return ""
	}
	at := time.Duration(1<<63 - 1)
	for _, side := range [][]shapeLine{a, b} {
		if i < len(side) {
			at = min(at, side[i].at)
		}
	}
	var out strings.Builder
	fmt.Fprintf(&out, "The first instant that differs is %v:\n", at)
	for ; i > 0 && a[i-1].at == at; i-- {
	}
	for _, l := range a[max(0, i-3):i] {
		fmt.Fprintf(&out, "  %v\n", l)
	}
	mark := func(sign byte, lines, other []shapeLine) {
		for _, l := range instant(lines, at) {
			if !slices.Contains(other, l) {
				fmt.Fprintf(&out, "%c %v\n", sign, l)
			}
		}
	}
	mark('-', a[i:], b)
	mark('+', b[i:], a)
	return out.String()
}

// instant is the lines at the beginning that are of one instant.
func instant(lines []shapeLine, at time.Duration) []shapeLine {
	n := slices.IndexFunc(lines, func(l shapeLine) bool { return l.at != at })
	if n < 0 {
		n = len(lines)
	}
	return lines[:n]
}
