package tcpmodel

import (
	"cmp"
	"slices"
	"time"

	"rstlab/netsim/wire"
)

// sent is a segment that was sent and not acknowledged.
type sent struct {
	seq, end uint32
	first    time.Duration // when it was sent first
	at       time.Duration // and last
	nth      uint64        // which transmission that was, of all
	retrans  uint8
	push     bool // it had PSH
	burst    uint64
	sacked   bool
	heard    bool // RACK knows that the peer has it
	lost     bool
	resent   bool // retransmitted since it was marked lost
}

// pushMode says what holds a segment back.
type pushMode uint8

const (
	pushNow   pushMode = 1 << iota // the Nagle algorithm does not apply
	pushBurst                      // one burst only
	pushFin                        // the segment with the FIN is not held back
)

// segment begins a segment in the output.
func (e *Endpoint) segment(seq uint32, flags wire.Flags) *Segment {
	e.out.Segments = append(e.out.Segments, Segment{Seq: seq, Flags: flags})
	return &e.out.Segments[len(e.out.Segments)-1]
}

// emit sends a segment of a connection that is synchronised: with window,
// timestamps, and SACK blocks on an ACK without text.
func (e *Endpoint) emit(seq uint32, flags wire.Flags, payload []byte) {
	s := e.segment(seq, flags)
	s.Payload = payload
	e.sentAt = e.now
	if e.follows {
		s.Ack = e.rcvNxt
		if !flags.Has(wire.RST) {
			e.ackPending, e.ackNow = false, false // it is owed, or sent
		}
		return
	}
	s.Window = uint16(e.selectWindow() >> e.rcvScale)
	if e.countsMemory() && e.state == wire.SynReceived {
		s.Window = uint16(min(e.rcvWnd, 65535)) // not scaled: netstack connect.go, synRcvdState
	}
	if flags.Has(wire.RST) && e.p.ResetWindowless {
		s.Window = 0
	}
	e.stamp(s)
	if flags.Has(wire.ACK) {
		s.Ack = e.rcvNxt
		if !flags.Has(wire.RST) || e.p.SackEstablished {
			s.Options.NumBlocks = uint8(copy(s.Options.Blocks[:], e.reported()))
		}
		e.ackSent()
	}
}

// stamp adds timestamps where they are in use.
func (e *Endpoint) stamp(s *Segment) {
	if e.tsOK {
		s.Options.HasTimestamps = true
		s.Options.TSVal, s.Options.TSEcr = e.tsval(), e.tsRecent
	}
}

// sendAck sends <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>.
func (e *Endpoint) sendAck() { e.emit(e.nxt, wire.ACK, nil) }

// windowEnd is the right edge of the send window.
func (e *Endpoint) windowEnd() uint32 { return e.una + e.wnd }

// push sends what windows and the Nagle algorithm allow, and looks after the
// timers.
func (e *Endpoint) push(mode pushMode) {
	if e.follows {
		e.restartKeepAlive(false)
		return
	}
	before := len(e.rtx)
	if e.p.AckEndsPause || !e.p.IdleHalves && e.unsent() > 0 {
		e.restartIdle()
	}
	for e.pushOne(mode) && mode&pushBurst == 0 {
	}
	switch {
	case e.p.PipeCounted:
		e.afterSend(true)
	case len(e.rtx) > before:
		if before == 0 || e.armed(tLossProbe) {
			e.rearmRTO()
		}
		e.scheduleLossProbe()
	}
	e.checkPersist()
	e.restartKeepAlive(false)
}

// pushOne sends the next burst of segments and reports whether it did.
func (e *Endpoint) pushOne(mode pushMode) bool {
	if e.p.WritesApart {
		return e.pushWrite(mode)
	}
	unsent := e.unsent()
	fin := e.finQueued && !e.finSent && (e.p.FinJoinsText || unsent == 0)
	if unsent == 0 {
		if !fin || wire.SeqDiff(e.windowEnd(), e.nxt) < 1 && e.wnd != 0 {
			return false
		}
		if e.wnd == 0 {
			return false // a zero window takes no FIN either: it is probed
		}
		if e.p.FinCounted && e.quota() <= 0 {
			return false
		}
		e.sendFin()
		return true
	}
	quota, mss := e.quota(), e.segmentSize()
	joined := fin && unsent <= mss
	if quota <= 0 && !(joined && !e.p.FinCounted) {
		return false
	}
	most := mss * max(min(quota, e.burstSize()), 1)
	head := e.headChunk(unsent, most)
	room := int(wire.SeqDiff(e.windowEnd(), e.nxt))
	need := min(unsent, mss)
	if joined {
		need++
	}
	if room < need && e.halfWindow(room) {
		e.cite(SwsSender)
		e.sendText(room, false)
		return true
	}
	if room < need || head > mss && mode&pushBurst == 0 && e.defers(head, e.cwnd-e.inFlight(), room, head == unsent, fin) {
		return false
	}
	limit := e.burst(min(head, room), unsent, most, mode, joined)
	if limit == 0 {
		return false
	}
	e.sendText(limit, fin && limit == unsent && room > limit)
	return true
}

// quota is how many segments the congestion window takes at once: half of it where there
// is segmentation offload (Linux net/ipv4/tcp_output.c, tcp_cwnd_test).
func (e *Endpoint) quota() int {
	n := e.cwnd - e.inFlight()
	if e.p.PushPairs {
		n = min(n, max(e.cwnd/2, 1))
	}
	return n
}

// burst is how much text goes out together of what is needed: at most what the
// segmentation offload would take, less a short segment that the Nagle algorithm holds
// back.
func (e *Endpoint) burst(needed, unsent, most int, mode pushMode, joined bool) int {
	mss := e.segmentSize()
	if unsent <= mss {
		if !joined && mode&pushNow == 0 && unsent < mss && e.nagleHolds() {
			e.cite(NagleHold)
			return 0
		}
		return unsent
	}
	if most <= needed {
		return most
	}
	// RFC 9293 section 3.8.6.2.1, sender's SWS avoidance: a segment that is
	// short because of the window waits while the Nagle algorithm would.
	if partial := needed % mss; partial != 0 && (needed < unsent || mode&pushNow == 0) && e.nagleHolds() {
		if needed == unsent && joined {
			return needed
		}
		e.cite(SwsSender)
		return needed - partial
	}
	return needed
}

// nagleHolds reports whether a short segment must wait (RFC 9293 section 3.7.4:
// "If there is unacknowledged data (i.e., SND.NXT > SND.UNA), then the sending
// TCP endpoint buffers all user data [...] until the outstanding data has been
// acknowledged or until the TCP endpoint can send a full-sized segment").
func (e *Endpoint) nagleHolds() bool {
	if e.opt[NoDelay] != 0 || len(e.rtx) == 0 {
		return false
	}
	if e.counts() && e.pipe.out == 0 {
		return false // a time-out has taken all for lost
	}
	if e.p.NagleMinshall {
		return wire.SeqLess(e.una, e.sml) && wire.SeqLessEq(e.sml, e.nxt)
	}
	return true
}

// halfWindow reports whether a segment that is short because of the window leaves all the
// same. RFC 9293 section 3.8.6.2.1: "(3) or if at least a fraction Fs of the maximum window
// can be sent, i.e., if: [SND.NXT = SND.UNA and] min(D,U) >= Fs * Max(SND.WND)".
func (e *Endpoint) halfWindow(room int) bool {
	idle := len(e.rtx) == 0 || e.opt[NoDelay] != 0
	return room > 0 && 2*room >= int(e.maxWnd) && (e.p.HalfWindow == HalfAlways || e.p.HalfWindow == HalfWhenIdle && idle)
}

// sendText sends limit bytes as segments of at most the MSS.
func (e *Endpoint) sendText(limit int, fin bool) {
	mss := e.segmentSize()
	several := limit > mss
	e.bursts++
	for limit > 0 {
		n := min(limit, mss)
		limit -= n
		flags := wire.ACK
		from := int(wire.SeqDiff(e.nxt, e.base))
		end := e.nxt + uint32(n)
		pushes := limit == 0 && e.pushesAt(end)
		if pushes || limit == 0 && several && e.p.PushPairs {
			flags |= wire.PSH
		}
		if limit == 0 && fin {
			flags |= wire.FIN
		}
		e.emit(e.nxt, flags, e.buf[from:from+n:from+n])
		e.track(end, flags.Has(wire.FIN))
		e.rtx[len(e.rtx)-1].push = pushes
		if n < mss {
			e.sml = end
		}
	}
	e.sentText()
}

// sendFin sends a FIN without text.
func (e *Endpoint) sendFin() {
	e.emit(e.nxt, wire.FIN|wire.ACK, nil)
	e.track(e.nxt, true)
}

// track notes that the numbers up to end were sent.
func (e *Endpoint) track(end uint32, fin bool) {
	if fin {
		end++
		e.finSent = true
	}
	e.transmissions++
	e.rtx = append(e.rtx, sent{seq: e.nxt, end: end, first: e.now, at: e.now, nth: e.transmissions, burst: e.bursts})
	e.nxt = end
	e.sentNew()
}

// retransmit sends the i-th unacknowledged segment again.
func (e *Endpoint) retransmit(i int) {
	if e.follows {
		return
	}
	e.collapse(i)
	e.split(i)
	x := &e.rtx[i]
	flags := wire.ACK
	end := e.textEnd(x)
	if end != x.end {
		flags |= wire.FIN
	}
	var text []byte
	if from, to := int(wire.SeqDiff(x.seq, e.base)), int(wire.SeqDiff(end, e.base)); to > from && from >= 0 {
		text = e.buf[from:to:to]
	}
	if x.push {
		flags |= wire.PSH
	}
	e.emit(x.seq, flags, text)
	if x.retrans < 255 {
		x.retrans++
	}
	e.transmissions++
	x.at, x.nth, x.resent = e.now, e.transmissions, true
	e.stampRetransmission()
	if e.recovering {
		e.reduction.out++
	}
}

// collapse puts on the i-th unacknowledged segment those behind it that fit, as
// it is to be sent again (Linux net/ipv4/tcp_output.c, tcp_retrans_try_collapse).
func (e *Endpoint) collapse(i int) {
	if !e.p.CollapseRetransmits {
		return
	}
	x := &e.rtx[i]
	most := min(e.segmentSize(), int(wire.SeqDiff(e.windowEnd(), x.seq)))
	n := i + 1
	for ; n < len(e.rtx); n++ {
		next := &e.rtx[n]
		fin := e.finSent && next.end == e.finSeq()+1
		text := int(wire.SeqDiff(next.end, x.seq))
		if fin {
			text--
		}
		if next.sacked || text > most || wire.SeqLess(e.windowEnd(), next.end) {
			break
		}
		x.end, x.push = next.end, x.push || next.push
		x.retrans = max(x.retrans, next.retrans)
	}
	e.rtx = slices.Delete(e.rtx, i+1, n)
}

// checkPersist starts the zero-window probes when nothing is in flight and the
// window keeps what is queued (RFC 9293 section 3.8.6.1).
func (e *Endpoint) checkPersist() {
	switch {
	case len(e.rtx) > 0 || !e.hasUnsent() || !e.synchronized():
		e.timers.stop(tPersist)
	case !e.armed(tPersist) || e.p.ProbeTimesOut && !e.probeAnswered:
		if e.p.UserTimeoutKept && e.retransStamp == 0 {
			e.retransStamp = e.now
		}
		e.arm(tPersist, e.persistTime())
	}
}

// hasUnsent reports whether there is text or a FIN that was not sent.
func (e *Endpoint) hasUnsent() bool { return e.unsent() > 0 || e.finQueued && !e.finSent }

func (e *Endpoint) persistTime() time.Duration {
	if e.p.ProbeTimesOut {
		return e.rto // MinRTO at least, or what is left of the user time-out
	}
	least, most := cmp.Or(e.p.MinProbe, e.p.MinRTO), cmp.Or(e.p.MaxProbe, e.p.MaxRTO)
	d := max(e.rto, e.p.MinRTO)
	for i := uint(0); i < e.persistBackoff && d < most; i++ {
		d *= 2
	}
	return e.clampRTO(min(max(d, least), most))
}
