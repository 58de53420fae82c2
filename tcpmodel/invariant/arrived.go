package invariant

import (
	"slices"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// arrived takes note of a segment that was delivered to a connection.
func (k *Checker) arrived(c *conn, e *trace.Event, how damage) {
	s := &e.Packet.TCP
	switch {
	case s.Flags.Has(wire.RST):
		k.arrivedRST(c, e, how)
		return
	case s.Flags.Has(wire.SYN):
		c.arrivedSYN(s)
	}
	if s.Flags.Has(wire.ACK) {
		c.arrivedACK(s)
	}
	c.arrivedText(s)
}

// arrivedRST takes note of a RST, and whether it must end the connection: it
// must when RCV.NXT is known, for all that was delivered is acknowledged.
func (k *Checker) arrivedRST(c *conn, e *trace.Event, how damage) {
	c.rstDelivered = true
	rx := &c.received
	certain := rx.known && rx.acked == rx.next() && len(rx.data.early) == 0 && how == intact
	if !certain || !synchronised(c.state) || c.state == wire.TimeWait {
		return // in TIME-WAIT a RST may be ignored (RFC 1337 section 3)
	}
	if rx.offset(e.Packet.TCP.Seq) == int64(rx.acked) {
		c.ended, c.endedAt = e.Seq, e.At
		k.ending = c
	}
}

// arrivedSYN takes the peer's initial sequence number, unless the connection has
// one already, or cannot take this one. One whose handshake began again has the
// number of the SYN that it has acknowledged since.
func (c *conn) arrivedSYN(s *wire.Segment) {
	unanswered := c.received.acked == 0 && (c.state == wire.Closed && !c.moved || c.again)
	opening := c.state == wire.SynSent || unanswered
	fits := !s.Flags.Has(wire.ACK) || c.sent.known && s.Ack == c.sent.isn+1
	if !fits || !opening && c.received.known {
		return
	}
	c.received.begin(s.Seq)
	c.received.shift, c.received.scaled = windowScale(s)
}

// arrivedACK takes what the peer says of this direction.
func (c *conn) arrivedACK(s *wire.Segment) {
	tx := &c.sent
	if !tx.known {
		return
	}
	if c.cookie != nil && tx.una < 1 && s.Ack == c.cookie.sent.isn+1 {
		if c.moved {
			kept := *s
			c.taken = &kept // some take it up for a half-open connection; the next state tells
			return
		}
		if older := &c.cookie.received; older.known && older.offset(s.Seq) == 1 {
			c.received = *older // that cookie was for another SYN
		}
		*tx, c.cookie = c.cookie.sent, nil
	}
	ack := tx.offset(s.Ack)
	if ack < 0 || ack > int64(tx.next) {
		c.strangeACK(s, ack < 0)
		return
	}
	tx.una = max(tx.una, uint64(ack))
	tx.recovers()
	if tx.fin != 0 && uint64(ack) > tx.fin && c.isNext(s) {
		c.finIsOver(s)
	}
	if tx.una > 0 {
		c.cookie = nil
	}
	tx.octets.forget(min(tx.una, tx.octets.end()))
	c.written.forget(tx.una)
	_, peers := c.shifts()
	if s.Flags.Has(wire.SYN) {
		peers = 0
	}
	window := uint64(s.Window) << peers
	tx.edge, tx.offered = max(tx.edge, uint64(ack)+window), true
	if c.received.mayTake(s) {
		tx.heard = max(tx.heard, uint64(ack))
		tx.nowEdge = tx.heard + window
	}
	tx.oldEdge = max(tx.oldEdge, tx.una+window)
	tx.halfEdge = max(tx.halfEdge, tx.una+uint64(s.Window)<<c.halfPeers)
}

// strangeACK notes the window that comes with an ACK of what was never sent: from before
// the connection, or what is still to come.
func (c *conn) strangeACK(s *wire.Segment, before bool) {
	if !synchronised(c.state) || s.Flags.Has(wire.SYN) || !c.received.mayTake(s) {
		return
	}
	tx := &c.sent
	_, peers := c.shifts()
	window := uint64(s.Window) << peers
	edge := tx.una + window
	tx.nowEdge = tx.heard + window
	switch {
	case before:
		tx.oldEdge = max(tx.oldEdge, edge)
	case c.state == wire.Established:
		tx.aheadEdge = max(tx.aheadEdge, edge)
	}
}

// finIsOver takes the acknowledgment of the FIN in a segment that is next in order: it
// must count, if the text before it and with it was taken. Its own acknowledgment tells that.
func (c *conn) finIsOver(s *wire.Segment) {
	tx := &c.sent
	if end := uint64(c.received.offset(s.Seq)) + uint64(len(s.Payload)); tx.finBehind == 0 || end < tx.finBehind {
		tx.finBehind = end
	}
}

// isNext reports whether a segment begins at RCV.NXT, or has text there, for a
// connection that has sent its FIN and waits for the acknowledgment.
func (c *conn) isNext(s *wire.Segment) bool {
	rx := &c.received
	at, length := rx.offset(s.Seq), int64(len(s.Payload))
	next := int64(rx.acked) // a FIN is acknowledged at once, and behind it nothing is in order
	switch {
	case c.state == wire.FinWait1: // and if a FIN came it was not taken
		next = int64(max(rx.data.end(), rx.acked))
	case length > 0 || s.Flags.Has(wire.FIN):
		return false
	}
	if length == 0 {
		return at == next
	}
	return at <= next && next < at+length
}

// slack is how far behind the offered window delivered data is still kept. No
// receiver takes it; it bounds what is remembered.
const slack = 1 << 16

// arrivedText takes payload and FIN.
func (c *conn) arrivedText(s *wire.Segment) {
	rx := &c.received
	if !rx.known {
		return
	}
	at, data := rx.offset(s.Seq), s.Payload
	if s.Flags.Has(wire.SYN) {
		at++
	}
	end := at + int64(len(data))
	if end < 1 || end > int64(max(rx.edge, rx.next())+slack) {
		return // of another connection
	}
	if s.Flags.Has(wire.FIN) && (len(rx.fins) == 0 || c.forged || c.mixed) && !slices.Contains(rx.fins, uint64(end)) {
		rx.fins = append(rx.fins, uint64(end))
	}
	if at < 1 {
		data, at = data[min(int64(len(data)), 1-at):], 1
	}
	rx.data.deliver(uint64(at), data)
}
