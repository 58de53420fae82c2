package tcpmodel

import (
	"syscall"

	"rstlab/netsim/wire"
)

// arriveClosed is RFC 9293 section 3.10.7.1. A [Stack] answers segments for which
// it has no endpoint in the same way.
func (e *Endpoint) arriveClosed(s *Segment) {
	reset, ok := resetFor(s)
	if !ok {
		e.cite(ClosedReset)
		return
	}
	e.cite(ClosedSegment)
	*e.segment(0, 0) = reset
}

// refuse answers a segment as if there were no connection.
func (e *Endpoint) refuse(s *Segment) {
	reset, ok := resetFor(s)
	if !ok {
		e.cite(ClosedReset)
		return
	}
	answer := e.segment(0, 0)
	*answer = reset
	if e.p.RefusalTimestamps {
		e.stamp(answer)
	}
}

// refuseSyn is the same for a SYN in SYN-RECEIVED.
func (e *Endpoint) refuseSyn(s *Segment) {
	e.refuse(s)
	if e.p.SynReceivedResetAcks {
		reset := &e.out.Segments[len(e.out.Segments)-1]
		reset.Flags, reset.Ack = wire.RST|wire.ACK, s.Seq+s.Len()
	}
}

// refuseText answers text that nobody will read, and ends the connection with an error.
func (e *Endpoint) refuseText(s *Segment, errno syscall.Errno) {
	if e.p.OrphanReset == AtSndNxt {
		e.cite(TextAfterClose)
		e.activeReset()
	} else {
		e.cite(TextAfterClose)
		e.refuse(s)
	}
	e.end(errno)
}

// hasText reports whether a segment brings text that was not received before.
func (e *Endpoint) hasText(s *Segment) bool {
	return len(s.Payload) > 0 && wire.SeqLess(e.rcvNxt, s.Seq+uint32(len(s.Payload)))
}
