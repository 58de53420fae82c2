package record

import (
	"fmt"
	"slices"

	"rstlab/cases/truth"
	"rstlab/netsim/wire"
)

// flow is a connection as the relay sees it pass.
type flow struct {
	ports [2]uint16 // of A and B
	ends  [2]end    // A and B
}

// end is what is known of one end of a connection.
type end struct {
	seen    bool   // it has sent a SYN
	isn     uint32 // of that
	sndNxt  uint32 // behind the last that it sent
	acked   uint32 // the last acknowledgment number that it sent
	window  uint32 // that it offered with it
	shift   uint8  // of the windows of its segments
	rcvNxt  uint32 // behind what has arrived at it in sequence
	started bool   // rcvNxt is known
	early   []span // what has arrived ahead of rcvNxt
}

// span are sequence numbers from <= n < to.
type span struct{ from, to uint32 }

// relative is a number as it counts from the SYN. The number of a RST without
// connection is 0 (RFC 9293 section 3.10.7.1), and counts from nothing.
func (e *end) relative(n uint32) string {
	if !e.seen || n == 0 {
		return fmt.Sprintf("#%d", n)
	}
	return fmt.Sprint(int32(n - e.isn))
}

// sent notes a segment that the end sent.
func (e *end) sent(s *wire.Segment) {
	next := s.Seq + s.Len()
	if s.Flags.Has(wire.SYN) {
		e.seen, e.isn, e.sndNxt = true, s.Seq, next
		e.shift, _ = s.Options.WindowScale()
	}
	if wire.SeqLess(e.sndNxt, next) && !s.Flags.Has(wire.RST) { // a RST has the number that it was asked for
		e.sndNxt = next
	}
	if s.Flags.Has(wire.ACK) && !s.Flags.Has(wire.RST) {
		e.acked, e.window = s.Ack, uint32(s.Window)
		if !s.Flags.Has(wire.SYN) {
			e.window <<= e.shift
		}
		if !e.started || wire.SeqLess(e.rcvNxt, s.Ack) {
			e.rcvNxt, e.started = s.Ack, true
		}
	}
}

// arrived notes a segment that the end received.
func (e *end) arrived(s *wire.Segment) {
	if s.Flags.Has(wire.RST) || s.Len() == 0 {
		return
	}
	if s.Flags.Has(wire.SYN) {
		e.rcvNxt, e.started = s.Seq+1, true
		return
	}
	e.early = append(e.early, span{s.Seq, s.Seq + s.Len()})
	for moved := true; moved; {
		moved = false
		e.early = slices.DeleteFunc(e.early, func(p span) bool {
			if wire.SeqLess(e.rcvNxt, p.from) {
				return false
			}
			if wire.SeqLess(e.rcvNxt, p.to) {
				e.rcvNxt, moved = p.to, true
			}
			return true
		})
	}
}

// seq is a sequence number of a forged segment that is to arrive at the end.
func (e *end) seq(n truth.Number) uint32 {
	switch n.From {
	case "n":
		return e.rcvNxt + uint32(n.Offset)
	case "wnd":
		return e.acked + e.window + uint32(n.Offset)
	}
	return uint32(n.Offset)
}

// ack is an acknowledgment number of a forged segment that is to arrive at the
// end; without one it is what the end sends next.
func (e *end) ack(n truth.Number) uint32 {
	if n.Set && n.From == "" {
		return uint32(n.Offset)
	}
	return e.sndNxt + uint32(n.Offset)
}
