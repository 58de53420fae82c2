package tcpmodel

import (
	"rstlab/netsim/wire"
)

// checkReset is the second check: the RST bit. It reports whether to go on.
func (e *Endpoint) checkReset(s *Segment) bool {
	if !s.Flags.Has(wire.RST) {
		return true
	}
	validation := e.p.ResetValidation
	if e.state == wire.SynReceived {
		validation = e.p.SynReceivedReset
	}
	switch {
	case validation == InWindow:
		e.cite(ResetInWindow)
		e.reset()
	case s.Seq == e.resetLeft():
		e.cite(ResetExact)
		e.reset()
	case e.p.SackEdgeReset && e.sackEdge(s.Seq):
		e.cite(ResetSackEdge)
		e.reset()
	case e.finEdge(s):
		e.cite(FinEdgeResetRule)
		e.reset()
	default:
		e.cite(ResetChallenge)
		e.challenge(s)
	}
	return false
}

// resetLeft is the number that a RST must have. FreeBSD has it that of the last
// ACK, "to take into account delayed ACKs" (tcp_input.c, tcp_do_segment).
func (e *Endpoint) resetLeft() uint32 {
	if e.p.ResetLastAck {
		return e.rcvWup
	}
	return e.rcvNxt
}

// sackEdge reports whether seq is the right edge of the highest SACK block.
func (e *Endpoint) sackEdge(seq uint32) bool {
	return e.sackOK && len(e.later) > 0 && e.later[len(e.later)-1].end == seq
}

// reset ends the connection because of a RST.
func (e *Endpoint) reset() {
	switch e.state {
	case wire.SynReceived:
		if e.passive && !e.orphan {
			// "If this connection was initiated with a passive OPEN (i.e., came
			// from the LISTEN state), then return this connection to LISTEN
			// state and return."
			e.cite(ResetSynReceivedPassive)
			e.backToListen()
			return
		}
		e.cite(ResetSynReceivedActive)
		e.end(e.p.SynReceivedErrno)
	case wire.CloseWait:
		e.cite(ResetSynchronized)
		e.end(e.p.CloseWaitErrno)
	case wire.Established, wire.FinWait1, wire.FinWait2:
		e.cite(ResetSynchronized)
		e.end(e.p.ResetErrno)
	case wire.Closing, wire.LastAck:
		e.cite(ResetClosing)
		e.end(e.p.ResetErrno)
	case wire.Closed, wire.Listen, wire.SynSent, wire.TimeWait:
		e.impossible()
	}
	if !e.p.KeepReceived {
		e.dropReceived()
	}
}

// backToListen is the end of a connection that came from LISTEN.
func (e *Endpoint) backToListen() {
	e.timers.stopAll()
	e.rtx = e.rtx[:0]
	e.become(wire.Listen)
}
