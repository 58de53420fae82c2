package record

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rstlab/netsim/wire"
)

// line is a line of a transcript.
type line struct {
	at   time.Duration
	text string
	from string // of a packet that may be left out, its sender
}

func (l *line) String() string {
	tenths := l.at.Microseconds() / 100
	return fmt.Sprintf("%6d.%d  %s", tenths/10, tenths%10, l.text)
}

// How many segments of a run of data and acknowledgments are shown at either
// end, and how long a run is of which some are left out.
const (
	shown   = 3
	longRun = 12
)

// elide writes lines down, and leaves out the middle of long runs of data and
// acknowledgments.
func elide(lines []line) []string {
	var out []string
	for len(lines) > 0 {
		n := slices.IndexFunc(lines, func(l line) bool { return l.from == "" })
		if n < 0 {
			n = len(lines)
		}
		if n < longRun {
			n = max(n, 1)
			for i := range lines[:n] {
				out = append(out, lines[i].String())
			}
			lines = lines[n:]
			continue
		}
		var count [2]int
		for i := range lines[:n] {
			switch {
			case i < shown || i >= n-shown:
				out = append(out, lines[i].String())
				continue
			case lines[i].from == "A":
				count[0]++
			default:
				count[1]++
			}
			if i == n-shown-1 {
				out = append(out, fmt.Sprintf("          ... %d data/ACK packets from A, %d from B ...", count[0], count[1]))
			}
		}
		lines = lines[n:]
	}
	return out
}

// flagOrder is the order of the letters of flags in a transcript.
var flagOrder = []struct {
	letter string
	flag   wire.Flags
}{
	{"S", wire.SYN},
	{"F", wire.FIN},
	{"R", wire.RST},
	{"P", wire.PSH},
	{"A", wire.ACK},
	{"U", wire.URG},
	{"E", wire.ECE},
	{"W", wire.CWR},
}

func flagText(f wire.Flags) string {
	var b strings.Builder
	for _, o := range flagOrder {
		if f.Has(o.flag) {
			b.WriteString(o.letter)
		}
	}
	if b.Len() == 0 {
		return "-"
	}
	return b.String()
}

func flagsOf(letters string) (f wire.Flags) {
	for _, o := range flagOrder {
		if strings.Contains(letters, o.letter) {
			f |= o.flag
		}
	}
	return f
}

// segmentText is "PA   seq=1 ack=1 len=100 win=63 ts", with numbers that count
// from the SYN of each side; "#" marks one that has none.
func segmentText(s *wire.Segment, own, peer *end) string {
	text := fmt.Sprintf("%-4s seq=%s", flagText(s.Flags), own.relative(s.Seq))
	if s.Flags.Has(wire.ACK) {
		text += " ack=" + peer.relative(s.Ack)
	}
	text += fmt.Sprintf(" len=%d win=%d", len(s.Payload), s.Window)
	if _, _, ok := s.Options.Timestamps(); ok {
		text += " ts"
	}
	return text
}

// plain reports a segment that may be left out: data, or a pure ACK.
func plain(s *wire.Segment) bool {
	return s.Flags == wire.ACK || s.Flags == wire.ACK|wire.PSH
}
