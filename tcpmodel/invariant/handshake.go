package invariant

import (
	"slices"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// takeUp has a half-open connection go on with the numbers of the SYN cookie that was
// sent before it, when s acknowledges that one.
func (c *conn) takeUp(s *wire.Segment) {
	c.halfOwn, c.halfPeers = c.shifts()
	c.sent, c.cookie, c.taken = c.cookie.sent, nil, nil
	c.arrivedACK(s)
}

// mayTakeUp reports whether the ACK of a SYN cookie has come for a connection that was
// half-open already.
func (c *conn) mayTakeUp() bool { return c.taken != nil && c.cookie != nil && c.sent.una < 1 }

// speaksAsCookie reports whether a half-open connection sends a segment with the
// numbers of the SYN cookie, which only one does that has taken it up. The state
// change follows.
func (c *conn) speaksAsCookie(s *wire.Segment) bool {
	return c.mayTakeUp() && s.Seq == c.cookie.sent.isn+1
}

// oldCookie is the index in k.cause of a segment of this step that brings a half-open
// connection a SYN cookie from before the connection that was there before it; -1 when
// there is none.
func (k *Checker) oldCookie(c *conn) int {
	if c.state != wire.SynReceived || c.crossed || c.phantom || !c.sent.known || c.sent.una > 0 {
		return -1
	}
	return slices.IndexFunc(k.cause, func(a arrival) bool {
		return a.tuple == c.tuple && opens(&a.segment) && a.segment.Ack != c.sent.isn+1 && c.host.synAcks.passes(a.tuple, &a.segment)
	})
}

// takeUpOld has a half-open connection go on with the numbers of the SYN cookie that the
// segment brings, and reports it.
func (k *Checker) takeUpOld(c *conn, i int, e *trace.Event) {
	s := &k.cause[i].segment
	k.breachCase(caseOldCookie, stateHasCause, c, e, "ACK %d ends the handshake, and is that of a SYN cookie from before the connection", s.Ack)
	c.cookie = &conn{}
	c.cookie.sent.begin(s.Ack - 1)
	c.takeUp(s)
	for _, a := range k.cause[i+1:] {
		if a.tuple == c.tuple && opens(&a.segment) {
			c.arrivedACK(&a.segment)
		}
	}
}

// answeredSYN reports whether a connection that was opened actively has
// acknowledged the peer's SYN, and the handshake goes on.
func (c *conn) answeredSYN() bool {
	opening := c.state == wire.SynSent || c.state == wire.SynReceived && c.crossed
	return opening && !c.phantom && c.received.acked > 0
}

// beginAgain takes a SYN without ACK of a connection whose handshake must go on with
// SYN,ACK: it forgets the peer's SYN, and is what it was when it had sent its own, with
// another initial sequence number perhaps.
func (k *Checker) beginAgain(c *conn, e *trace.Event) {
	which := ""
	if k.cameOtherSYN(c) {
		which = caseSecondSYN
	}
	k.breachCase(which, ackAlwaysSet, c, e, "a SYN without ACK, after the peer's SYN was acknowledged")
	c.sent, c.received, c.again = sending{}, receiving{}, true
}

// cameOtherSYN reports whether a SYN with another number than that of the peer's was
// delivered in this step.
func (k *Checker) cameOtherSYN(c *conn) bool {
	for i := range k.cause {
		if a := &k.cause[i]; a.tuple == c.tuple && a.segment.Flags.Has(wire.SYN) && a.segment.Seq != c.received.isn {
			return true
		}
	}
	return false
}
