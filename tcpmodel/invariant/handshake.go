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

// againSYN checks a SYN that does not acknowledge, of a connection that has
// acknowledged the peer's SYN: the handshake begins again, with another initial sequence
// number perhaps.
func (k *Checker) againSYN(c *conn, e *trace.Event) {
	s := &e.Packet.TCP
	opening := c.moved && (c.state == wire.SynSent || c.state == wire.SynReceived)
	if s.Flags.Has(wire.ACK) || !opening || c.received.acked == 0 {
		return
	}
	which := ""
	if (c.crossed || c.state == wire.SynSent) && k.cameOtherSYN(c) {
		which = caseSecondSYN
	}
	k.breachCase(which, ackAlwaysSet, c, e, "a SYN without ACK, and the peer's SYN was acknowledged before")
	c.received = receiving{}
	c.sent.begin(s.Seq)
	c.sent.shift, c.sent.scaled = windowScale(s)
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
