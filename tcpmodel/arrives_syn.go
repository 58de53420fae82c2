package tcpmodel

import "rstlab/netsim/wire"

// checkSyn is the fourth check: the SYN bit. (The third, of security and
// compartment, is absent: RFC 9293 section 3.10.7.4 has it for systems that use
// them.) It reports whether to go on.
func (e *Endpoint) checkSyn(s *Segment) bool {
	if !s.Flags.Has(wire.SYN) {
		return true
	}
	if e.state == wire.SynReceived {
		if e.answersSyn(s) {
			e.cite(SynReceivedSynAck) // simultaneous open
			return true
		}
		if e.passive {
			e.cite(SynReceivedSynPassive)
			e.refuseSyn(s)
			e.reset()
			return false
		}
	}
	if e.p.SynChallenge {
		e.cite(SynChallenged)
		e.challenge(s)
		return false
	}
	e.cite(SynResets)
	e.activeReset()
	e.end(e.p.ResetErrno)
	return false
}
