package invariant

import "rstlab/netsim/wire"

// maxSynAcks is how many SYN,ACKs a host is remembered to have sent.
const maxSynAcks = 1 << 10

// cookieSpan is how far the difference of the numbers of an ACK lies from that of the
// SYN cookie that it is taken for, at most: a cookie stands for one of four MSSs (RFC
// 4987 section 3.6).
const cookieSpan = 3

// synAck is a SYN,ACK: its numbers as a SYN cookie of netstack and of Linux has them, in
// which a hash is added to the peer's initial sequence number.
type synAck struct {
	tuple tuple
	above uint32 // its own number less that of the peer
}

// synAcks are the SYN,ACKs that a host has sent last and kept no state of.
type synAcks struct {
	ring   []synAck
	oldest int // once it is full
}

func (a *synAcks) add(t tuple, s *wire.Segment) {
	one := synAck{t, s.Seq - (s.Ack - 1)}
	if len(a.ring) < maxSynAcks {
		a.ring = append(a.ring, one)
		return
	}
	a.ring[a.oldest] = one
	a.oldest = (a.oldest + 1) % maxSynAcks
}

// forget takes back the last SYN,ACK with these numbers: it was no cookie.
func (a *synAcks) forget(t tuple, above uint32) {
	for n := range a.ring { // from the last that was added
		i := (a.oldest + len(a.ring) - 1 - n) % len(a.ring)
		if a.ring[i] == (synAck{t, above}) {
			a.ring[i] = synAck{}
			return
		}
	}
}

// passes reports whether a segment is taken for the ACK of a SYN cookie: whether the host
// has sent one with the same difference of numbers, but for the MSS.
func (a *synAcks) passes(t tuple, s *wire.Segment) bool {
	above := s.Ack - s.Seq
	for i := range a.ring {
		if one := &a.ring[i]; one.tuple == t && above-one.above+cookieSpan <= 2*cookieSpan {
			return true
		}
	}
	return false
}

// cookieCase is the case of a connection that begins without the handshake that leads to
// it: that of a SYN cookie, when a segment that is taken for the ACK of one was delivered
// in this step.
func (k *Checker) cookieCase(c *conn) string {
	for i := range k.cause {
		a := &k.cause[i]
		if a.tuple == c.tuple && opens(&a.segment) && c.host.synAcks.passes(a.tuple, &a.segment) {
			return caseCookie
		}
	}
	return ""
}

// opens reports whether a segment can be the ACK of a SYN cookie.
func opens(s *wire.Segment) bool { return s.Flags&(wire.SYN|wire.ACK|wire.RST) == wire.ACK }

// noCookie notes that the SYN,ACK of a connection was no SYN cookie.
func (c *conn) noCookie() {
	c.host.synAcks.forget(c.tuple, c.sent.isn-c.received.isn)
	if c.received.edgeIn == wire.Listen {
		c.received.edgeIn = wire.SynReceived
	}
}

// cookieOnly reports whether nothing is there of a connection but a SYN cookie that was
// sent: the listener has the segments that come for it.
func (c *conn) cookieOnly() bool { return c.state == wire.Listen && !c.moved }
