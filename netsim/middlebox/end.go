package middlebox

import "rstlab/netsim/wire"

// End is one end of a connection as its segments show it: what it has sent and
// what reached it, seen at the host itself or somewhere on the path. The zero
// End has seen nothing.
//
// It is exact for an end whose segments are all seen in the order in which the
// end sent and took them. Every segment with ACK tells RCV.NXT: RFC 9293
// section 3.1: "this field contains the value of the next sequence number the
// sender of the segment is expecting to receive". Between two of them, data
// that arrived in order is counted on top.
type End struct {
	begun   bool   // it has sent a segment
	iss     uint32 // of its last SYN
	hasISS  bool
	sndNxt  uint32
	sndUna  uint32 // the highest number that its peer has acknowledged; iss before
	synced  bool   // it has sent an ACK: rcvNxt is known
	rcvNxt  uint32
	edge    uint32 // right edge of its window: RCV.NXT + RCV.WND
	shift   uint8  // of its windows (RFC 7323 section 2.2), once both SYNs had the option
	offered uint8  // what its SYN offered
	offers  bool
	peerMay bool   // the SYN of its peer had the option
	ahead   []span // data that arrived out of order
}

// span is sequence numbers from seq up to, but not, end.
type span struct{ seq, end uint32 }

// maxAhead bounds the memory of an end: what arrives further out of order is
// counted when it is acknowledged.
const maxAhead = 64

// Sent takes a segment that the end has sent. A RST tells nothing: it may be
// about another connection.
func (e *End) Sent(s *wire.Segment) {
	if s.Flags.Has(wire.RST) {
		return
	}
	if s.Flags.Has(wire.SYN) {
		e.sentSYN(s)
	}
	e.advanceSend(s.Seq + s.Len())
	if !s.Flags.Has(wire.ACK) {
		return
	}
	window := uint32(s.Window)
	if !s.Flags.Has(wire.SYN) { // RFC 7323 section 2.2: "The window field in a segment where the SYN bit is set MUST NOT be scaled"
		window <<= e.shift
	}
	if !e.synced || wire.SeqLess(e.edge, s.Ack+window) {
		e.edge = s.Ack + window // RFC 9293 section 3.8.6: a receiver should not shrink the window
	}
	e.synced, e.rcvNxt = true, s.Ack
	e.takeAhead()
}

// sentSYN begins a new connection, unless the SYN is a retransmission.
func (e *End) sentSYN(s *wire.Segment) {
	shift, offers := s.Options.WindowScale()
	if !e.hasISS || e.iss != s.Seq {
		*e = End{begun: true, iss: s.Seq, hasISS: true, sndNxt: s.Seq + 1, sndUna: s.Seq}
	}
	e.offered, e.offers = min(shift, 14), offers
	if s.Flags.Has(wire.ACK) {
		e.peerMay = offers // it is offered only in answer to an offer
	}
	e.agreeScale()
}

// agreeScale scales windows when both ends offered to (RFC 7323 section 2.2).
func (e *End) agreeScale() {
	e.shift = 0
	if e.offers && e.peerMay {
		e.shift = e.offered
	}
}

func (e *End) advanceSend(next uint32) {
	if !e.begun || wire.SeqLess(e.sndNxt, next) {
		e.begun, e.sndNxt = true, next
	}
}

// Received takes a segment that has reached the end.
func (e *End) Received(s *wire.Segment) {
	if s.Flags.Has(wire.SYN) && !s.Flags.Has(wire.RST) && !e.synced {
		_, e.peerMay = s.Options.WindowScale()
		e.agreeScale()
	}
	if s.Flags.Has(wire.ACK) && wire.SeqLess(e.sndUna, s.Ack) && wire.SeqLessEq(s.Ack, e.sndNxt) {
		e.sndUna = s.Ack // RFC 9293 section 3.10.7.4: "If SND.UNA < SEG.ACK =< SND.NXT, then set SND.UNA <- SEG.ACK"
	}
	if !e.synced || s.Flags.Has(wire.RST) || s.Flags.Has(wire.SYN) || !s.Flags.Has(wire.ACK) || s.Len() == 0 {
		return
	}
	here := span{s.Seq, s.Seq + s.Len()}
	if wire.SeqLess(e.edge, here.end) { // RFC 9293 section 3.10.7.4: "trimming off any portions that lie outside the window"
		here.end = e.edge
	}
	if !wire.SeqLess(here.seq, here.end) || !wire.SeqLess(e.rcvNxt, here.end) {
		return
	}
	if len(e.ahead) < maxAhead {
		e.ahead = append(e.ahead, here)
	} else if wire.SeqLessEq(here.seq, e.rcvNxt) {
		e.rcvNxt = here.end
	}
	e.takeAhead()
}

// takeAhead moves RCV.NXT over what has arrived.
func (e *End) takeAhead() {
	for moved := true; moved; {
		moved = false
		kept := e.ahead[:0]
		for _, a := range e.ahead {
			switch {
			case wire.SeqLess(e.rcvNxt, a.seq):
				kept = append(kept, a)
			case wire.SeqLess(e.rcvNxt, a.end):
				e.rcvNxt, moved = a.end, true
			}
		}
		e.ahead = kept
	}
}

// HasSent reports whether the end has sent a part of a segment that is not a RST, of
// the connection of its last SYN.
func (e *End) HasSent(s *wire.Segment) bool {
	if s.Flags.Has(wire.SYN) {
		return e.hasISS && e.iss == s.Seq
	}
	return e.begun && s.Len() > 0 && wire.SeqLess(s.Seq, e.sndNxt)
}

// Seen reports whether the end has sent anything.
func (e *End) Seen() bool { return e.begun }

// Synced reports whether the end has acknowledged anything, so that RcvNxt and
// RcvWnd are known. They are not in SYN-SENT.
func (e *End) Synced() bool { return e.synced }

// SndNxt is SND.NXT, the sequence number of what it sends next.
func (e *End) SndNxt() uint32 { return e.sndNxt }

// Acked is how many sequence numbers its peer has acknowledged, SND.UNA - ISS: the
// SYN, the bytes and the FIN; 0 when it was not seen to send a SYN.
func (e *End) Acked() uint32 {
	if !e.hasISS {
		return 0
	}
	return e.sndUna - e.iss
}

// RcvNxt is RCV.NXT, the sequence number that it expects next; 0 when it is not
// known.
func (e *End) RcvNxt() uint32 { return e.rcvNxt }

// RcvWnd is RCV.WND in bytes, from RcvNxt to the right edge of the window that
// it has offered; 0 when it is not known.
func (e *End) RcvWnd() uint32 { return e.edge - e.rcvNxt }
