package tcpmodel

import (
	"slices"

	"rstlab/netsim/wire"
)

// setAside takes note of text that arrives out of order: it takes memory.
func (f *Follower) setAside(s *Segment) {
	e := f.ep
	if len(s.Payload) == 0 || !wire.SeqLess(e.rcvNxt, s.Seq) || !e.synchronized() && e.state != wire.SynReceived {
		return
	}
	f.held = append(f.held, wire.SACKBlock{Left: s.Seq, Right: s.Seq + uint32(len(s.Payload))})
}

// segmentOverhead is about what a segment takes beside its text in the memory of
// a stack (netstack segment.go, SegOverheadSize).
const segmentOverhead = 552

// smallBuffer is the size below which the memory of a segment, which comes in powers of
// two, can be twice what is counted here.
const smallBuffer = 1 << 16

// Crowded reports whether the receive buffer is nearly full: of small segments
// rather than of octets, or of text out of order, which a stack may hold as often as it
// comes. What comes then may be dropped silently. A segment with text that ends the
// handshake is counted once more, and for good: netstack enqueues it twice (connect.go,
// synRcvdState), which adds its memory twice (segment.go, setOwner), and takes it off
// once (DecRef).
func (f *Follower) Crowded() bool {
	size := f.ep.opt[ReceiveBuffer]
	f.held = slices.DeleteFunc(f.held, func(b wire.SACKBlock) bool { return wire.SeqLessEq(b.Right, f.ep.rcvNxt) })
	text, overhead := f.ep.unread, (len(f.ep.chunks)+len(f.held))*segmentOverhead
	if f.early > 0 {
		text, overhead = text+f.early, overhead+segmentOverhead
	}
	for _, b := range f.held {
		text += int(wire.SeqDiff(b.Right, b.Left))
	}
	full := int64(overhead + text)
	return (overhead > text || size < smallBuffer) && full > size/2 || full > size*18/25
}

// pushes reports whether text must have PSH: it ends what was given to send, or would
// have room for all of that the first time that it is sent. Netstack takes PSH off a
// segment alone that is split because it is longer than the MSS (snd.go, splitSeg).
func (f *Follower) pushes(s *Segment, end uint32) bool {
	e := f.ep
	return len(s.Payload) > 0 && (end == e.finSeq() ||
		f.piece == 0 && wire.SeqLessEq(e.nxt, s.Seq) && int(wire.SeqDiff(e.finSeq(), s.Seq)) <= e.mss)
}
