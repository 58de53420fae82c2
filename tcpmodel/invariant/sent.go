package invariant

import (
	"slices"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// sent checks a segment that a host sends.
func (k *Checker) sent(e *trace.Event) {
	p := &e.Packet
	if p.Proto != wire.TCP {
		return
	}
	h := k.host(e.Host)
	t := p.Flow()
	c := h.newest(t)
	s := &p.TCP
	switch {
	case s.Flags.Has(wire.RST):
		k.sentRST(c, t, e)
	case s.Flags.Has(wire.SYN):
		c = k.sentSYN(h, c, t, e)
	case c == nil:
		c = k.sentByNone(h, t, e)
	default:
		if k.born(c, e); !c.phantom {
			k.sentSegment(c, e)
		}
	}
	k.flights.add(e.Number, flight{packet: *p, from: c})
}

// sentByNone takes a segment of a connection that there is not. It may be one that
// begins in this step without a SYN, by a SYN cookie: the state change follows.
func (k *Checker) sentByNone(h *host, t tuple, e *trace.Event) *conn {
	answers := e.Host == k.causeAt.Host && e.At == k.causeAt.At &&
		slices.ContainsFunc(k.cause, func(a arrival) bool { return a.tuple == t && a.segment.Flags.Has(wire.ACK) })
	if !answers || k.unborn != nil {
		k.breach(closedSendsRST, nil, e, "%v > %v: flags %v from a connection that there is not", t.Local, t.Remote, e.Packet.TCP.Flags)
		return nil
	}
	c := h.add(t, k.next(e), wire.Listen)
	c.phantom = true
	k.unborn, k.unbornAt = c, trace.Event{Seq: e.Seq, At: e.At, Host: e.Host}
	return c
}

// sentRST checks a RST: what it answers, and with which numbers.
func (k *Checker) sentRST(c *conn, t tuple, e *trace.Event) {
	if c != nil && synchronised(c.state) {
		c.rstSent = true // before that it answers a segment, and ends nothing
	}
	var answered []wire.Segment
	if e.Host == k.causeAt.Host && e.At == k.causeAt.At {
		for _, a := range k.cause {
			if a.tuple == t {
				answered = append(answered, a.segment)
			}
		}
	}
	if len(answered) == 0 {
		return
	}
	isRST := func(s wire.Segment) bool { return s.Flags.Has(wire.RST) }
	if !slices.ContainsFunc(answered, func(s wire.Segment) bool { return !isRST(s) }) {
		which := ""
		if (c == nil || c.cookieOnly()) && k.host(e.Host).shutListener(t.Local.Port()) {
			which = caseShutListener
		}
		k.breachCase(which, noRSTForRST, c, e, "%v > %v: a RST is the answer to a RST", t.Local, t.Remote)
		return
	}
	if c != nil {
		return
	}
	if !slices.ContainsFunc(answered, func(s wire.Segment) bool { return !isRST(s) && resets(&e.Packet.TCP, &s) }) {
		k.breach(resetForm, nil, e, "%v > %v: RST with flags %v SEQ %d ACK %d in answer to flags %v SEQ %d ACK %d, where there is no connection",
			t.Local, t.Remote, e.Packet.TCP.Flags, e.Packet.TCP.Seq, e.Packet.TCP.Ack, answered[0].Flags, answered[0].Seq, answered[0].Ack)
	}
}

// resets reports whether rst is the answer to a segment for no connection (RFC
// 9293 section 3.10.7.1).
func resets(rst, s *wire.Segment) bool {
	if s.Flags.Has(wire.ACK) {
		return rst.Seq == s.Ack && !rst.Flags.Has(wire.ACK)
	}
	return rst.Seq == 0 && rst.Flags.Has(wire.ACK) && rst.Ack == s.Seq+s.Len()
}

// sentSYN is the connection of a SYN: the one that is being opened, or a new
// one.
func (k *Checker) sentSYN(h *host, c *conn, t tuple, e *trace.Event) *conn {
	s := &e.Packet.TCP
	passive := s.Flags.Has(wire.ACK)
	from, ok := h.heard[t]
	if c != nil && !passive && c.answeredSYN() {
		k.beginAgain(c, e)
	}
	opening := c != nil && c.state != wire.TimeWait && (!c.sent.known || c.sent.isn == s.Seq)
	if opening && passive && c.cookieOnly() && c.received.known && s.Ack != c.received.isn+1 {
		opening = false // a cookie for another SYN, with the number of the one before by chance
	}
	if passive && (!opening || c.cookieOnly()) {
		h.synAcks.add(t, s) // a SYN cookie, unless a state change follows
	}
	if !opening {
		// A SYN cookie that nobody took up leaves no trace (RFC 4987 section 3.6).
		var cookie *conn
		if c != nil && !c.moved {
			h.remove(c)
			cookie = c
		}
		state := wire.Closed
		if passive {
			state = wire.Listen
		}
		c = h.add(t, k.next(e), state)
		c.cookie = cookie
	}
	if !c.sent.known {
		c.sent.begin(s.Seq)
		c.sent.shift, c.sent.scaled = windowScale(s)
	}
	if ok && passive && !c.received.known {
		c.received.begin(from.isn)
		c.received.shift, c.received.scaled = from.shift, from.scaled
		c.forged = c.forged || from.forged
		if from.from != nil {
			c.peer = from.from
		}
		c.sent.edge, c.sent.offered = 1+uint64(from.window), true
	}
	if c.phantom {
		return c
	}
	if passive {
		k.acknowledges(c, e)
	}
	if len(s.Payload) > 0 {
		k.sentData(c, 1, e)
	}
	return c
}

func (k *Checker) next(e *trace.Event) uint64 {
	k.order = max(k.order+1, e.Seq)
	return k.order
}

// sentSegment checks a segment with neither SYN nor RST.
func (k *Checker) sentSegment(c *conn, e *trace.Event) {
	s := &e.Packet.TCP
	if c.speaksAsCookie(s) {
		c.takeUp(c.taken)
	}
	if i := k.oldCookie(c); i >= 0 && s.Seq == k.cause[i].segment.Ack {
		k.takeUpOld(c, i, e)
	}
	if !s.Flags.Has(wire.ACK) {
		k.breach(ackAlwaysSet, c, e, "flags %v", s.Flags)
	} else {
		k.acknowledges(c, e)
	}
	if !c.sent.known {
		return // it began before the trace, which is reported
	}
	at := c.sent.offset(s.Seq)
	if at > int64(c.sent.next) {
		k.breach(sequenceHasNoGap, c, e, "SEQ is SND.NXT+%d", at-int64(c.sent.next))
		return
	}
	if at < 1 || k.isKeepalive(c, uint64(at), s) {
		return // a probe, or an octet of the last connection: carries nothing new
	}
	if len(s.Payload) > 0 || s.Flags.Has(wire.FIN) {
		k.sentData(c, uint64(at), e)
	}
}

// isKeepalive reports whether a segment is a probe of an idle connection: SEQ is
// SND.NXT-1, with at most one octet that means nothing (RFC 9293 section
// 3.8.4).
func (k *Checker) isKeepalive(c *conn, at uint64, s *wire.Segment) bool {
	return at+1 == c.sent.next && c.sent.una == c.sent.next && len(s.Payload) <= 1 && !s.Flags.Has(wire.FIN)
}

// sentData checks the payload and FIN of a segment. at is the offset of its
// first octet.
func (k *Checker) sentData(c *conn, at uint64, e *trace.Event) {
	s, tx := &e.Packet.TCP, &c.sent
	end := at + uint64(len(s.Payload))
	if !tx.octets.agrees(at, s.Payload) {
		k.breach(sameOctetsAgain, c, e, "octets %d:%d were sent before with other values", at, end)
	}
	tx.octets.add(at, s.Payload)
	k.wasWritten(c, at, e)
	if len(s.Payload) > 0 && tx.offered && end > tx.edge && !probes(tx, at, end) {
		which := ""
		switch {
		case end <= tx.oldEdge:
			which = caseOldWindow
		case end <= tx.aheadEdge:
			which = caseAheadWindow
		case end <= tx.halfEdge:
			which = caseLateCookie
		}
		k.breachCase(which, withinWindow, c, e, "octets up to %d, and the peer's window ends at %d", end, tx.edge)
	}
	if tx.fin != 0 && end > tx.fin {
		k.breach(finIsLast, c, e, "octets up to %d, behind the FIN at %d", end, tx.fin)
	}
	if s.Flags.Has(wire.FIN) {
		k.sentFIN(c, end, e)
		end++
	}
	if synchronised(c.state) && (c.state == wire.FinWait2 || c.state == wire.TimeWait) {
		k.breach(quietAfterFIN, c, e, "in %v", c.state)
	}
	if at < tx.next && tx.recover == 0 {
		tx.recover = tx.next
	}
	tx.next = max(tx.next, end)
}

// probes reports whether data is the one octet beyond the window with which a
// sender asks for more of it (RFC 9293 section 3.8.6.1).
func probes(tx *sending, at, end uint64) bool { return end == tx.edge+1 && end-at == 1 }

// wasWritten checks that what is sent was given to send.
func (k *Checker) wasWritten(c *conn, at uint64, e *trace.Event) {
	payload := e.Packet.TCP.Payload
	if c.unsure || len(payload) == 0 {
		return
	}
	end, _ := c.written.limit()
	switch sent := at + uint64(len(payload)); {
	case sent > end:
		k.breach(sentAsWritten, c, e, "octets up to %d, and send took those up to %d", sent, end)
	case at < c.sent.una && len(payload) == 1:
		// A probe of the window, see isKeepalive. Its sender may not have taken all that was
		// delivered with an acknowledgment.
	case !c.written.agrees(at, payload):
		k.breach(sentAsWritten, c, e, "octets %d:%d are others than send took", at, sent)
	}
}

func (k *Checker) sentFIN(c *conn, at uint64, e *trace.Event) {
	tx := &c.sent
	if tx.fin != 0 && tx.fin != at {
		k.breach(finIsLast, c, e, "the FIN is at %d, and was at %d", at, tx.fin)
	}
	if end, pending := c.written.limit(); !c.unsure && !pending && at < end {
		k.breach(finAfterAllData, c, e, "the FIN is at %d, and send took octets up to %d", at, end)
	}
	if tx.fin == 0 {
		tx.fin = at
	}
}

// acknowledges checks what a segment says of the other direction: SEG.ACK and
// the window.
func (k *Checker) acknowledges(c *conn, e *trace.Event) {
	s, rx := &e.Packet.TCP, &c.received
	if !rx.known {
		k.breach(ackReceived, c, e, "ACK %d, and no SYN was delivered", s.Ack)
		return
	}
	ack := rx.offset(s.Ack)
	behind := rx.next() // behind all FINs that stand one behind the other
	for slices.Contains(rx.fins, behind) {
		behind++
	}
	switch {
	case ack > int64(rx.next()) && ack <= int64(behind):
		k.breachCase(caseSecondFIN, ackReceived, c, e, "a FIN at %d is acknowledged, behind the FIN before it", rx.next())
		rx.acked = uint64(ack)
		return
	case ack > int64(rx.next()):
		k.breach(ackReceived, c, e, "octets up to %d are acknowledged, and those up to %d were delivered", ack, rx.next())
		return
	case ack < int64(rx.acked) && s.Flags.Has(wire.RST):
		return // it answers a segment of no connection, as SEG.SEQ+SEG.LEN says (RFC 9293 section 3.10.7.1)
	case ack < int64(rx.acked):
		k.breach(ackNeverBack, c, e, "ACK goes from %d back to %d", rx.acked, ack)
		return
	}
	rx.acked = uint64(ack)
	own, _ := c.shifts()
	if s.Flags.Has(wire.SYN) {
		own = 0
	}
	edge := rx.acked + uint64(s.Window)<<own
	if edge+1<<own-1 < rx.edge {
		k.breachCase(c.whyShrunk(s, own), windowNotShrunk, c, e, "the window's right edge goes from %d back to %d, after it was offered in %v",
			rx.edge, edge, rx.edgeIn)
		rx.edge = 0
	}
	if edge > rx.edge {
		rx.edge, rx.edgeIn, rx.synAck = edge, c.state, s.Flags.Has(wire.SYN)
		rx.plainEdge = rx.acked + uint64(s.Window)
	}
}

// whyShrunk is the case of a window that moves left, in a segment that has it scaled by
// own. Both of the first two can be true of one window.
func (c *conn) whyShrunk(s *wire.Segment, own uint8) string {
	rx := &c.received
	unscaled := rx.edgeIn == wire.SynReceived && !rx.synAck
	offered := rx.edge
	if unscaled {
		offered = rx.plainEdge // what the window stood for
	}
	reaches := func(scale uint8) bool {
		return rx.acked+uint64(s.Window)<<scale+1<<scale-1 >= offered
	}
	switch {
	case own < c.halfOwn && reaches(c.halfOwn):
		return caseLateCookie
	case unscaled && reaches(own):
		return caseUnscaled
	case rx.edgeIn == wire.Listen:
		return caseCookie
	}
	return ""
}

// recovers takes note that what was in flight is acknowledged when something was sent
// again, and that more is. A flight ends when all of it is acknowledged.
func (s *sending) recovers() {
	switch {
	case s.una >= s.next:
		s.recover, s.recovered = 0, false
	case s.recover != 0 && s.una >= s.recover:
		s.recover, s.recovered = 0, true
	}
}
