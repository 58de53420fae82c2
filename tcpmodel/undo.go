package tcpmodel

import "rstlab/netsim/wire"

// undo is what is known of a recovery that may turn out to have been for nothing.
type undo struct {
	able     bool   // it was not undone yet: undo_marker of Linux
	cwnd     int    // the congestion window before it
	slowEnd  int    // and ssthresh
	stamp    uint32 // TSval of its first retransmission
	stamped  bool
	forward  bool // F-RTO is under way
	original bool // the segment at hand says that what was sent once has arrived
}

// begin notes what a recovery begins with.
func (u *undo) begin(cwnd, slowEnd int) {
	*u = undo{able: true, cwnd: cwnd, slowEnd: slowEnd, original: u.original}
}

// noteOriginal notes that a segment has arrived that was sent when recovery began, and
// once only.
func (e *Endpoint) noteOriginal(x *sent) {
	if x.retrans == 0 && wire.SeqLessEq(x.end, e.high) {
		e.undo.original = true
	}
}

// stampRetransmission notes when the first segment of a recovery was sent again.
func (e *Endpoint) stampRetransmission() {
	if (e.recovering || e.lossRecovery) && !e.undo.stamped {
		e.undo.stamp, e.undo.stamped = e.tsval(), true
	}
}

// spurious is the Eifel detection (RFC 3522 section 3.2, step 4): an acceptable ACK whose
// TSecr is smaller than RetransmitTS is for what was sent first.
func (e *Endpoint) spurious(s *Segment) bool {
	u, o := &e.undo, &s.Options
	return e.p.Eifel && u.able && u.stamped && e.tsOK && o.HasTimestamps && o.TSEcr != 0 &&
		(e.recovering || e.lossRecovery) && wire.SeqLess(o.TSEcr, u.stamp)
}

// undoRecovery ends a recovery that was for nothing, with the windows of before (RFC 4015
// section 3.4; Linux net/ipv4/tcp_input.c, tcp_undo_cwnd_reduction).
func (e *Endpoint) undoRecovery() {
	e.cite(RecoveryUndone)
	for i := range e.rtx {
		e.rtx[i].lost = false
	}
	u := &e.undo
	e.cwnd, e.slowEnd = max(e.cwnd, u.cwnd), max(e.slowEnd, u.slowEnd)
	u.able, u.forward = false, false
	e.rack.advance = true
	if e.lossRecovery {
		e.retransmits = 0
	}
	e.recovering, e.lossRecovery = false, false
}

// undoOrHold looks at an ACK of something new for signs that recovery is for nothing. It
// reports whether nothing more is to be done: while a retransmission is under way it waits
// for the answer (tcp_try_undo_partial).
func (e *Endpoint) undoOrHold(s *Segment) bool {
	if e.lossRecovery && e.undo.forward && e.undo.original {
		e.undoRecovery() // step 3 of F-RTO
		return false
	}
	if !e.spurious(s) {
		return false
	}
	if e.recovering && wire.SeqLess(e.una, e.high) {
		for i := range e.rtx {
			if x := &e.rtx[i]; x.lost && x.resent && !x.sacked {
				return true
			}
		}
	}
	e.undoRecovery()
	return false
}

// beginForward is step 1 of F-RTO (RFC 5682 section 3.1), at a time-out: it is tried when
// recovery begins with it, or when it is not the first.
func (e *Endpoint) beginForward(begins bool) {
	e.undo.forward = e.p.ForwardRTO && (begins || e.retransmits > 0)
}

// forward is steps 2 and 3, for an ACK after a time-out, and reports whether it has done
// all: what was never sent again has arrived, so the time-out was spurious; or new text
// is sent in place of what may be lost (tcp_process_loss).
func (e *Endpoint) forward(advanced, news bool) bool {
	u := &e.undo
	if !u.forward || !e.lossRecovery {
		return false
	}
	if u.original {
		e.undoRecovery()
		return true
	}
	if wire.SeqLess(e.high, e.nxt) {
		if news {
			u.forward = false
		}
		return false
	}
	if !advanced {
		return false
	}
	e.high = e.nxt
	e.push(pushNow)
	if wire.SeqLess(e.high, e.nxt) {
		return true
	}
	u.forward = false
	return false
}
