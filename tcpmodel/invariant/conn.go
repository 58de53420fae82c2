package invariant

import (
	"slices"
	"time"

	"rstlab/netsim/wire"
)

// tuple names a connection on a host.
type tuple = wire.Flow

// conn is a connection as one of its ends has it.
type conn struct {
	host  *host
	tuple tuple
	order uint64 // the event at which it began
	fd    int    // 0 while it has none
	state wire.State
	moved bool // a state change was seen
	peer  *conn
	// cookie is the connection of a SYN cookie that this one took the place of. The
	// ACK of it may still come, and is as good.
	cookie *conn
	taken  *wire.Segment // the ACK that took that up, when it was half-open already
	// By what the two sides would scale their windows, had the SYN-ACK of the half-open
	// connection been taken and not the cookie.
	halfOwn, halfPeers uint8

	sent     sending
	received receiving
	written  writes

	rstDelivered bool
	rstSent      bool
	ended        uint64 // the event that delivered a RST that must end it; 0 for none
	endedAt      time.Duration
	forged       bool // a segment of it was forged
	mixed        bool // segments of two connections of the peer were delivered to it
	icmp         bool // an ICMP error came to the host
	unsure       bool // how much of a send was taken is not known
	phantom      bool // its numbers are not known: it began without a handshake, or is obscure
	crossed      bool // its SYN and the peer's have crossed
	early        bool // it left SYN-RECEIVED without an acknowledgment, which was reported
	again        bool // its handshake began again, and its state did not
	disconnected bool // shutdown was called before it was established

	isOrphan bool          // its descriptor was closed
	closedAt time.Duration // when its descriptor was closed
	lossAt   time.Duration // when a packet of it, or to it, was lost last
	broken   map[breach]bool
}

// sending is what a connection has sent. Offsets are those of [octets].
type sending struct {
	known     bool // the SYN was sent
	isn       uint32
	next      uint64 // behind the highest that was sent: SND.NXT
	recover   uint64 // SND.NXT when something was sent again, the first time since una passed that; 0 for none
	recovered bool   // una has reached that, and this flight goes on behind it
	una       uint64 // behind the highest acknowledgment that was delivered
	fin       uint64 // offset of the FIN; 0 when none was sent
	finBehind uint64 // least end of a segment that was next in order and acknowledged the FIN; 0 when none came
	edge      uint64 // right edge of the window that the peer offered
	offered   bool   // edge is known
	heard     uint64 // behind the highest acknowledgment in a segment that may have been taken
	nowEdge   uint64 // right edge by the window that such a segment brought last, or an older one, from heard on
	oldEdge   uint64 // what it would be if windows of old segments counted from una
	halfEdge  uint64 // what it would be if windows were scaled as before a cookie was taken up
	aheadEdge uint64 // what it would be if windows came with ACKs of what was never sent, too
	scaled    bool   // the SYN offered window scaling
	shift     uint8  // by what it scales its windows, if the peer's SYN has it too
	octets    octets // from una on
}

// receiving is what was delivered to a connection.
type receiving struct {
	known bool // the peer's SYN was delivered
	isn   uint32
	// Offsets of the FINs that were delivered: that of the peer, and those that were
	// forged or of another connection. Which of them is the end depends on what was there first.
	fins      []uint64
	acked     uint64     // highest acknowledgment that it sent
	edge      uint64     // right edge of the window that it offered
	edgeIn    wire.State // in which it did; LISTEN for a SYN cookie
	synAck    bool       // and with SYN
	plainEdge uint64     // what edge would be if that window were not scaled
	scaled    bool
	shift     uint8
	data      assembly // from the first octet not read
	read      uint64   // offset of the first octet not read
}

// offset of a sequence number, near another offset.
func offset(seq, isn uint32, near uint64) int64 {
	return int64(near) + int64(wire.SeqDiff(seq, isn+uint32(near)))
}

func (s *sending) offset(seq uint32) int64   { return offset(seq, s.isn, s.next) }
func (r *receiving) offset(seq uint32) int64 { return offset(seq, r.isn, r.data.end()) }

// next is RCV.NXT when everything delivered was accepted.
func (r *receiving) next() uint64 {
	next := r.data.end()
	if slices.Contains(r.fins, next) {
		next++
	}
	return next
}

// mayTake reports whether a segment lies in the window, or touches it.
func (r *receiving) mayTake(s *wire.Segment) bool {
	at := r.offset(s.Seq)
	return r.known && at <= int64(r.edge) && at+int64(s.Len()) >= int64(r.acked)
}

// heardFIN reports whether a FIN was delivered with all before it.
func (r *receiving) heardFIN() bool {
	return slices.ContainsFunc(r.fins, func(at uint64) bool { return at <= r.data.end() })
}

func (r *receiving) begin(isn uint32) {
	*r = receiving{known: true, isn: isn, scaled: r.scaled, shift: r.shift, read: 1}
	r.data.base = 1
}

func (s *sending) begin(isn uint32) {
	*s = sending{known: true, isn: isn, next: 1}
	s.octets.base = 1
}

// shifts are by what the two sides scale their windows: only when both SYNs
// have the option (RFC 7323 section 2.2).
func (c *conn) shifts() (own, peers uint8) {
	if c.sent.scaled && c.received.scaled {
		return c.sent.shift, c.received.shift
	}
	return 0, 0
}

// synchronised reports whether both ends have agreed on sequence numbers.
func synchronised(s wire.State) bool { return s >= wire.Established }
