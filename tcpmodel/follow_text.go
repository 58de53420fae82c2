package tcpmodel

import (
	"slices"

	"rstlab/netsim/wire"
)

// setAside takes note of text that arrives out of order: a SACK block may report it,
// and when it arrives more than once, and not the same each time, the standard does
// not say which copy is read.
func (f *Follower) setAside(s *Segment) {
	e := f.ep
	if len(s.Payload) == 0 || !e.synchronized() && e.state != wire.SynReceived {
		return
	}
	f.keepCopy(s)
	if !wire.SeqLess(e.rcvNxt, s.Seq) {
		return
	}
	b := wire.SACKBlock{Left: s.Seq, Right: s.Seq + uint32(len(s.Payload))}
	f.held = append(f.held, b)
	kept := f.aside[:0]
	for _, x := range f.aside {
		switch {
		case wire.SeqLess(x.Right, e.rcvNxt):
		case wire.SeqLess(x.Right, b.Left) || wire.SeqLess(b.Right, x.Left):
			kept = append(kept, x)
		default:
			if wire.SeqLess(x.Left, b.Left) {
				b.Left = x.Left
			}
			if wire.SeqLess(b.Right, x.Right) {
				b.Right = x.Right
			}
		}
	}
	f.aside = append(kept, b)
}

// keepCopy keeps text that is out of order, or overlaps such text, until it was read.
func (f *Follower) keepCopy(s *Segment) {
	read, end := f.ep.irs+1+f.taken, s.Seq+uint32(len(s.Payload))
	overlaps := wire.SeqLess(f.ep.rcvNxt, s.Seq)
	kept := f.copies[:0]
	for _, c := range f.copies {
		cEnd := c.seq + uint32(len(c.data))
		if wire.SeqLess(read, cEnd) {
			kept = append(kept, c)
		}
		overlaps = overlaps || wire.SeqLess(c.seq, end) && wire.SeqLess(s.Seq, cEnd)
	}
	f.copies = kept
	if overlaps && wire.SeqLess(f.ep.rcvNxt, end) {
		f.copies = append(f.copies, octetRun{s.Seq, s.Payload})
	}
}

// Received reports whether what the last RECEIVE or PEEK gave may be got instead of
// what the model gave: each octet that differs has arrived more than once, before those
// that precede it, and one of the copies has it.
func (f *Follower) Received(got, want []byte) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		if got[i] != want[i] && !f.hasCopy(f.from+uint32(i), got[i]) {
			return false
		}
	}
	return true
}

func (f *Follower) hasCopy(seq uint32, octet byte) bool {
	for _, c := range f.copies {
		if at := int(wire.SeqDiff(seq, c.seq)); at >= 0 && at < len(c.data) && c.data[at] == octet {
			return true
		}
	}
	return false
}

// segmentOverhead is about what a segment takes beside its text in the memory of
// a stack (netstack segment.go, SegOverheadSize).
const segmentOverhead = 552

// smallBuffer is the size below which the memory of a segment, which comes in powers of
// two, can be twice what is counted here.
const smallBuffer = 1 << 16

// Crowded reports whether the receive buffer is nearly full: of small segments
// rather than of octets, or of text out of order, which a stack may hold as often as it
// comes. What comes then may be dropped silently.
func (f *Follower) Crowded() bool {
	size := f.ep.opt[ReceiveBuffer]
	f.held = slices.DeleteFunc(f.held, func(b wire.SACKBlock) bool { return wire.SeqLessEq(b.Right, f.ep.rcvNxt) })
	text, overhead := f.ep.unread, (len(f.ep.chunks)+len(f.held))*segmentOverhead
	for _, b := range f.held {
		text += int(wire.SeqDiff(b.Right, b.Left))
	}
	full := int64(overhead + text)
	return (overhead > text || size < smallBuffer) && full > size/2 || full > size*18/25
}
