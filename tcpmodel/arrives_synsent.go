package tcpmodel

import (
	"cmp"
	"syscall"
	"time"

	"rstlab/netsim/wire"
)

// arriveSynSent is RFC 9293 section 3.10.7.3.
func (e *Endpoint) arriveSynSent(s *Segment) {
	acks := s.Flags.Has(wire.ACK)
	if acks && (wire.SeqLessEq(s.Ack, e.iss) || wire.SeqLess(e.nxt, s.Ack)) {
		e.cite(SynSentBadAck)
		e.hurrySyn(s)
		e.refuse(s)
		return
	}
	if acks && e.p.EcrCheck && s.Options.HasTimestamps && s.Options.TSEcr != 0 && e.strangeEcho(s.Options.TSEcr) {
		e.cite(SynSentBadEcho)
		e.refuse(s)
		return
	}
	if s.Flags.Has(wire.RST) {
		if !acks {
			e.cite(SynSentResetNoAck)
			return
		}
		if e.p.SynSentResetExact && s.Seq != e.rcvNxt {
			e.cite(SynSentResetSeq)
			return
		}
		e.cite(SynSentReset)
		e.end(syscall.ECONNREFUSED)
		return
	}
	if !s.Flags.Has(wire.SYN) {
		e.cite(SynSentNeither)
		return
	}
	e.takeSyn(s)
	e.wnd = uint32(s.Window)
	e.maxWnd = e.wnd
	e.rcvd = e.now
	if !acks {
		e.cite(SynSentSimultaneous)
		e.become(wire.SynReceived)
		e.answerSyn(s)
		return
	}
	e.cite(SynSentSynAck)
	e.ackSyn(s)
	e.become(wire.Established)
	e.established(s)
	e.ackPending, e.memory.asOffered = true, true // netstack connect.go, synSentState
	if e.unsent() > 0 {
		e.push(0)
	}
	if e.ackPending {
		e.sendAck()
	}
	if e.finQueued {
		e.cite(CloseSynReceived)
		e.become(wire.FinWait1)
		e.push(pushFin)
	}
}

// answerSyn sends the SYN-ACK of a simultaneous open.
func (e *Endpoint) answerSyn(s *Segment) {
	due := e.timers.at[tRetransmit]
	e.openWindow(true)
	e.sendSyn(true)
	e.tsFirst = e.tsLast
	if e.p.CrossedSynAck == CrossedEndsAnswered {
		e.rtx[0].first = e.now
		e.rtx[0].retrans--
		e.timers.set(tRetransmit, due)
		return
	}
	if !e.p.SynKept {
		e.timeouts = 0
		return
	}
	e.out.Segments[len(e.out.Segments)-1].Options.SACKPermitted = s.Options.SACKPermitted
	e.timers.set(tRetransmit, due)
}

// ackSyn takes the acknowledgment of our SYN, and with it a measurement of the
// round trip unless the SYN was sent twice (RFC 6298 section 3, Karn's
// algorithm).
func (e *Endpoint) ackSyn(s *Segment) {
	first := len(e.rtx) > 0 && e.rtx[0].retrans == 0
	at := e.now
	if len(e.rtx) > 0 {
		at = e.rtx[0].first
		e.rtx = e.rtx[:0]
	}
	e.una = e.iss + 1
	e.timers.stop(tRetransmit)
	e.lazy = e.p.LazyTimers // from here on: the SYN has a timer of its own
	e.rto = cmp.Or(e.p.FallbackRTO, e.p.InitialRTO)
	echo := e.tsOK && s.Options.HasTimestamps
	switch {
	case e.p.WeighedRTT && echo && s.Options.TSEcr != 0 && e.tripOf(s) > 0, !e.p.WeighedRTT && echo && !first:
		e.cite(RttTimestamp)
		e.sample(e.tripOf(s))
	case first:
		e.cite(RttKarn)
		e.sample(e.now - at)
	}
}

// strangeEcho reports whether an echoed timestamp is none that was sent since
// the SYN.
func (e *Endpoint) strangeEcho(ecr uint32) bool {
	from := e.tsval()
	if len(e.rtx) > 0 {
		from = e.tsOffset + uint32(e.rtx[0].first/time.Millisecond)
	}
	return wire.SeqLess(ecr, from) || wire.SeqLess(e.tsval(), ecr)
}

// hurrySyn sends the SYN again soon after a strange ACK: the peer may have
// answered it with a RST to a connection of the past (Linux
// net/ipv4/tcp_input.c, tcp_rcv_synsent_state_process).
func (e *Endpoint) hurrySyn(s *Segment) {
	if e.p.SynHurry > 0 {
		if s.Flags.Has(wire.RST) {
			return // netstack connect.go, synSentState: dropped before
		}
		e.rto, e.timeouts = e.p.SynHurry, 0
		for d := e.rto; d < e.p.InitialRTO; d *= 2 {
			e.timeouts-- // it ends at the same time-out as others
		}
		e.arm(tRetransmit, e.rto)
		return
	}
	if e.p.TimeRetries && e.timeouts == 0 {
		e.arm(tRetransmit, 2*e.p.Tick)
	}
}
