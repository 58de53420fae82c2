package invariant

import (
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

// speaksAsCookie reports whether a half-open connection sends a segment with the
// numbers of the SYN cookie, which only one does that has taken it up. The state
// change follows.
func (c *conn) speaksAsCookie(s *wire.Segment) bool {
	return c.taken != nil && c.cookie != nil && c.sent.una < 1 && s.Seq == c.cookie.sent.isn+1
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
