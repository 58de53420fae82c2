package tcpmodel

import (
	"fmt"
	"slices"
	"syscall"
	"time"

	"rstlab/netsim/wire"
)

// MaxAckDelay is how late an ACK may come. RFC 9293 section 3.8.6.3: "an ACK
// should not be excessively delayed; in particular, the delay MUST be less than
// 0.5 seconds".
const MaxAckDelay = 500 * time.Millisecond

// Follower is an endpoint that follows another TCP. It is given what that one
// receives and what its application calls, and told of each segment that it
// sends. States, answers and the results of calls are those of its profile;
// where the standard leaves a choice it takes over what the other one chose:
// initial sequence number, split of the text into segments, when to acknowledge,
// windows, when to retransmit, for a cause that there is.
//
// The steps of one instant are given in their order. Times never run backwards.
type Follower struct {
	ep      *Endpoint
	owed    []owed
	octets  knownOctets
	ackDue  time.Duration // an ACK is due by then; 0 for none
	edge    uint32        // the greatest right edge of the send window
	offered uint32        // right edge of the window that was offered
	sentMSS int           // the largest text that the peer takes
	acked   int           // segments acknowledged: cwnd grows by one for each at most
	piece   int           // text of a segment that a path takes on which one was too big; 0 for none
	arrival arrival
	moments []moment      // after each segment that arrived in this instant
	wrote   uint32        // number of the first octet of the last SEND
	tried   uint32        // text up to here was tried to be sent, and did not fit the window
	read    time.Duration // when text was read last
	hasRead bool
	shut    time.Duration // since when the peer's window is zero; negative when it is not
	called  time.Duration // when SEND, SHUT-SEND or CLOSE was called last
	soft    syscall.Errno // of an ICMP error that does not end a connection
	sends   time.Duration // when it sent last
	heard   time.Duration // when anything arrived last
	probed  int           // keepalive probes without an answer
	asked   int           // probes of the window without an acceptable answer
	askedAt time.Duration // when the window was probed last
	keptAt  time.Duration // when a keepalive probe was sent last
	reads
	retransmission
	trip trip
	cwnd allowed
	patience
	keeping
	unsure  bool      // how much of the queue there is is not known,
	cut     bool      // or not before the last SEND returns
	clauses ClauseSet // of the last step
}

// arrival is how things were before a segment arrived. While it is processed,
// segments can be sent that say so.
type arrival struct {
	at       time.Duration
	any      bool
	synced   bool // the numbers below are the peer's: its SYN had arrived
	rcvNxt   uint32
	tsRecent uint32
	edge     uint32 // of the send window, before the last segment
	otherSyn bool   // in SYN-RECEIVED a SYN with another number
}

// owed is a segment that must be sent at once.
type owed struct {
	segment Segment
	clause  Clause
}

// State is the state of the connection.
func (f *Follower) State() wire.State {
	if f.ep.state == wire.Listen {
		return wire.Closed // its listener never left that state
	}
	return f.ep.state
}

// Clauses are the rules that the last step followed.
func (f *Follower) Clauses() ClauseSet { return f.clauses }

// Followed are the rules that were followed so far.
func (f *Follower) Followed() ClauseSet { return f.ep.seen }

// TakeFailure is [Endpoint.TakeFailure].
func (f *Follower) TakeFailure() syscall.Errno { return f.ep.TakeFailure() }

// Status is [Endpoint.Status].
func (f *Follower) Status() Status { return f.ep.Status() }

// FinQueued reports whether sending was ended, by CLOSE or SHUT-SEND.
func (f *Follower) FinQueued() bool { return f.ep.finQueued }

// OwesReset reports whether a RST must be sent at once.
func (f *Follower) OwesReset() bool {
	return slices.ContainsFunc(f.owed, func(o owed) bool { return o.segment.Flags.Has(wire.RST) })
}

// Unsure says that it is not known how much the last SEND has queued: the
// process was killed in it. Nor is then what stands where behind what was sent.
func (f *Follower) Unsure() {
	f.unsure = true
	f.octets.cut(f.ep.nxt)
}

// Cut says that it is not known before the last SEND returns: the connection is closed
// before.
func (f *Follower) Cut() { f.cut = true }

// Reusable is [Endpoint.Reusable].
func (f *Follower) Reusable(s *Segment) bool {
	_, ok := f.ep.Reusable(s)
	return ok
}

// Arrive takes a segment that the followed TCP received.
func (f *Follower) Arrive(now time.Duration, s *Segment) {
	before, was, opening := len(f.ep.rtx), f.ep.una, f.ep.state == wire.SynSent
	window := f.ep.rcvWnd
	f.hidden(now)
	f.wind(now)
	if f.ep.crowdedOut(s) {
		f.collect(f.ep.Arrive(now, s)) // nobody looks at it
		return
	}
	f.tellsOf(now, s)
	if !f.arrival.synced || f.arrival.at != now {
		synced := f.ep.state != wire.Listen && f.ep.state != wire.SynSent
		f.arrival = arrival{at: now, any: true, synced: synced, rcvNxt: f.ep.rcvNxt, tsRecent: f.ep.tsRecent}
	}
	f.arrival.edge = f.ep.windowEnd()
	if f.ep.state == wire.SynReceived && s.Flags&(wire.SYN|wire.RST) == wire.SYN && s.Seq != f.ep.irs {
		f.arrival.otherSyn = true
	}
	established, open := f.ep.state == wire.Established, f.ep.synchronized()
	since, again := now, f.resent > 0
	if len(f.ep.rtx) > 0 {
		since = f.ep.rtx[0].first
	}
	starts := f.ep.state == wire.Listen || opening
	reports, room := f.ep.reports, f.roomNow()
	out := f.ep.Arrive(now, s)
	after := f.roomNow()
	f.fills(now, s, room, after)
	if opening && f.ep.state != wire.SynSent {
		f.ep.rcvWnd = window // that of the SYN
		f.offered = f.ep.rcvNxt + window
	}
	f.remember(now, reports, established, after)
	f.heard = now
	if f.ep.state != wire.TimeWait || !f.ep.p.KeepRestarts {
		f.probed = 0 // but not by what leads to TIME-WAIT: netstack connect.go, handleSegmentsLocked
	}
	if f.ep.rcvd == now {
		f.asked, f.answered = 0, true
	}
	if f.ep.una != was {
		f.acked += f.left(max(before-len(f.ep.rtx), 1), wire.SeqDiff(f.ep.una, was))
	} else if s.Flags.Has(wire.ACK) {
		f.acked++ // a duplicate ACK says that a segment has left the network
	}
	switch {
	case open:
		f.progressed(now, s, was, before)
	case f.ep.synchronized():
		f.trip.opens(f.ep, s, since, again)
		f.cwnd.opens(f.ep)
		f.resent, f.recovery = 0, false
	}
	f.collect(out)
	shut := f.shut >= 0
	f.learn(s, starts, out.Clauses.Has(SeqAcceptable))
	f.hears(f.ep.una != was, shut)
}

// learn takes note of the window, and of what the SYN says with which a connection
// starts. An old ACK, which may open the window of a stack that takes it from any, does
// not end that it is probed, and what is not acceptable says nothing (netstack snd.go,
// handleRcvdSegment, which has zeroWindowProbing end; rcv.go, handleRcvdSegment).
func (f *Follower) learn(s *Segment, starts, acceptable bool) {
	switch f.ep.state {
	case wire.Closed, wire.Listen, wire.SynSent:
		return
	default:
	}
	if starts && s.Flags.Has(wire.SYN) {
		f.sentMSS = 536
		if s.Options.MSS != 0 {
			f.sentMSS = int(s.Options.MSS)
		}
		f.edge = f.ep.una + uint32(s.Window)
		if s.Window == 0 {
			f.shut = f.ep.now
		}
		return
	}
	switch {
	case f.ep.wnd == 0 && f.shut < 0:
		f.shut = f.ep.now
	case f.ep.wnd != 0 && acceptable && wire.SeqLessEq(f.ep.una, s.Ack):
		f.shut = -1
	}
	if e := f.ep.windowEnd(); wire.SeqLess(f.edge, e) {
		f.edge = e
	}
}

// collect takes what a step owes.
func (f *Follower) collect(out *Output) {
	f.clauses = out.Clauses
	for i := range out.Segments {
		f.owed = append(f.owed, owed{out.Segments[i], answers(out.Clauses, &out.Segments[i])})
	}
	f.hold()
	if f.ep.ackPending && f.ackDue == 0 {
		f.ackDue = f.ep.now + MaxAckDelay
	}
	if f.ep.state == wire.Closed || f.ep.state == wire.Listen || !f.ep.ackPending {
		f.ackDue = 0
	}
}

// answers is the clause that a segment obeys: the last of those that were
// followed which speak of its kind.
func answers(followed ClauseSet, s *Segment) Clause {
	order := []Clause{
		ChallengeAck, AnswerAck, SynAckAgain, AckAtOnce, FinEstablished, FinFinWait1, FinFinWait2, SynSentSynAck,
	}
	if s.Flags.Has(wire.RST) {
		order = []Clause{
			CloseUnread, CloseLinger, AbortReset, AbortKilled, TextAfterClose, SynReceivedBadAck, SynSentBadAck,
			SynSentBadEcho, SynReceivedSynPassive, FinWait2Limit, ClosedSegment,
		}
	}
	for _, c := range order {
		if followed.Has(c) {
			return c
		}
	}
	if all := followed.All(); len(all) > 0 {
		return all[len(all)-1]
	}
	return SeqAcceptable
}

// Call makes a call of the application. Text that is sent counts as known in its
// first known octets only.
func (f *Follower) Call(now time.Duration, c Call) Result {
	f.hidden(now)
	f.wind(now)
	f.ep.memory.crossed = false // by SO_RCVBUF
	least, most := int(f.ep.opt[ReceiveBuffer]), f.mostBuffer(0)
	r, out := f.ep.Call(now, c)
	switch c.Op {
	case OpReceive:
		if r.N > 0 {
			f.read, f.hasRead = now, true
			f.opens(now, r.N)
		}
	case OpSend, OpShutSend, OpClose:
		f.called = now
	case OpSet:
		f.set = now
		if c.Option == ReceiveBuffer {
			f.resizes(now, least, most)
		}
		if c.Option == NoDelay {
			f.called = now // netstack endpoint.go, OnDelayOptionSet: it has SEND try again
		}
		f.vague = f.vague && c.Option != KeepAlive && c.Option != KeepIdle && c.Option != KeepInterval && c.Option != KeepCount
	default:
	}
	f.collect(out)
	return r
}

// Reads says that a RECEIVE is under way, which may tell the peer of room.
func (f *Follower) Reads(now time.Duration) {
	if f.ep.unread > 0 {
		f.read, f.hasRead = now, true
	}
}

// Tries says that a SEND that is under way is tried again: when it takes more, timers begin
// anew as with any.
func (f *Follower) Tries(now time.Duration) { f.called = now }

// Send queues n octets, of which the first are known.
func (f *Follower) Send(now time.Duration, known []byte, n int) syscall.Errno {
	at := f.ep.finSeq()
	f.wrote = at
	text := make([]byte, n)
	copy(text, known)
	f.vague = f.vague || !f.outstanding()
	r := f.Call(now, Call{Op: OpSend, Data: text})
	if n > f.ep.mss {
		// Text that is more than a segment is split, and the rest is not held.
		f.tried = f.ep.finSeq()
	}
	if r.Errno == 0 && !f.unsure {
		f.octets.add(at, known)
	}
	return r.Errno
}

// Took says that the call has returned which [Follower.Send] was, and has taken n
// octets: the rest is taken back.
func (f *Follower) Took(n int) *Refusal {
	e := f.ep
	if e.state == wire.Closed {
		return nil
	}
	f.cut = false
	more := int(wire.SeqDiff(e.finSeq(), f.wrote+uint32(n)))
	switch unsent := e.unsent(); {
	case f.unsure:
		more = min(max(more, 0), unsent)
	case more > unsent:
		return refuse(SendText, fmt.Sprintf("send took %d octets less than it was given", more), "%d of them were sent", more-unsent)
	case more < 0:
		return refuse(CloseEstablished, fmt.Sprintf("send took %d octets", n), "%d: the FIN stands behind them", n+more)
	}
	e.buf = e.buf[:len(e.buf)-more]
	f.octets.cut(e.finSeq())
	return nil
}

// Unreachable is [Endpoint.Unreachable].
func (f *Follower) Unreachable(now time.Duration, seq uint32, errno syscall.Errno) {
	if (f.ep.synchronized() || f.ep.state == wire.TimeWait) && errno != 0 {
		f.soft = errno
	}
	f.collect(f.ep.Unreachable(now, seq, errno))
}

// TooBig is "packet too big" with the MTU of the next hop in octets, or 0: what is in flight may
// be sent again, and one segment has left the network.
func (f *Follower) TooBig(now time.Duration, mtu int) {
	f.heard, f.alone = now, 0
	f.acked++
	f.rewound = f.ep.transmissions
	f.counted = 0
	f.trip.unclean = true
	headers := 80 // with as many options as there can be
	if f.ep.ipv6 {
		headers = 100
	}
	if text := max(mtu-headers, 1); mtu != 0 && (f.piece == 0 || text < f.piece) {
		f.piece = text
	}
}

// left is how many segments have left the network with an acknowledgment of octets in n
// segments. Where one was too big they may count in the size that segments have now:
// RFC 5681 has the window in octets.
func (f *Follower) left(n int, octets int32) int {
	if f.piece == 0 {
		return n
	}
	return n + int(octets)/f.piece
}

// hold takes note of text that does not fit the window. The standard has the
// sender's SWS avoidance decide when it is sent (RFC 9293 section 3.8.6.2.1), and
// not the Nagle algorithm alone.
func (f *Follower) hold() {
	e := f.ep
	if f.tooSmall() {
		f.tried = e.finSeq()
	}
}
