package middlebox

import (
	"net/netip"
	"time"

	"rstlab/netsim/wire"
)

// pair is the two ends of a flow, by [Side].
type pair [2]netip.AddrPort

// pairOf is the ends of a segment that came from a side.
func pairOf(from Side, p *wire.Packet) pair {
	if from == Inside {
		return pair{p.Source(), p.Destination()}
	}
	return pair{p.Destination(), p.Source()}
}

// session is what a box knows of a flow from the segments that passed it.
type session struct {
	key         pair
	ends        [2]End
	syn         [2]bool // a SYN of that side has passed
	fin         [2]bool
	reset       bool
	established bool
	last        time.Duration // when a segment passed
}

// isOpening reports whether a segment may open a connection: SYN without ACK.
func isOpening(s *wire.Segment) bool {
	return s.Flags.Has(wire.SYN) && !s.Flags.Has(wire.ACK) && !s.Flags.Has(wire.RST)
}

// pass takes a segment that passes the box.
func (s *session) pass(now time.Duration, from Side, seg *wire.Segment) {
	s.last = now
	if seg.Flags.Has(wire.RST) {
		s.reset = true
		return
	}
	if !isOpening(seg) {
		s.reset = false // the ends did not believe it (RFC 6146 section 3.5.2.2, state TRANS)
	}
	s.ends[from].Sent(seg)
	s.ends[from.other()].Received(seg)
	if seg.Flags.Has(wire.SYN) {
		s.syn[from] = true
	} else if s.syn[Inside] && s.syn[Outside] && seg.Flags.Has(wire.ACK) {
		s.established = true
	}
	if seg.Flags.Has(wire.FIN) {
		s.fin[from] = true
	}
}

// open reports whether the handshake is done and neither both FINs nor a RST have
// passed.
func (s *session) open() bool {
	return s.established && !s.reset && !(s.fin[Inside] && s.fin[Outside])
}

// idle is how long the flow may be idle. RFC 5382 section 5 calls those
// transitory that are partially open or partially closed. RFC 7857 section 2
// counts as the latter those of which both FINs or a RST were seen.
func (s *session) idle(t Timeouts) time.Duration {
	if s.open() {
		return t.Established
	}
	return t.Transitory
}

// alive reports whether the flow is not yet forgotten.
func (s *session) alive(now time.Duration, t Timeouts) bool { return now-s.last < s.idle(t) }

// takes reports whether a segment belongs to the flow: it is alive, and this is
// not the SYN of a new connection after its end.
func (s *session) takes(now time.Duration, t Timeouts, seg *wire.Segment) bool {
	over := s.reset || s.fin[Inside] && s.fin[Outside]
	return s.alive(now, t) && !(over && isOpening(seg))
}

// pickUp begins a flow in the middle: what its handshake was is not known.
func (s *session) pickUp() { s.syn = [2]bool{true, true} }

// resetTo is a RST that the end on that side accepts, as far as the box can
// tell: at the number that it expects next.
func (s *session) resetTo(side Side) wire.Packet {
	end := &s.ends[side]
	return segment(s.key[side.other()], s.key[side], wire.Segment{
		Seq: end.RcvNxt(), Ack: end.SndNxt(), Flags: wire.RST | wire.ACK,
	})
}
