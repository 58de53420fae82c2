package tcpmodel

import (
	"slices"
	"time"

	"rstlab/netsim/wire"
)

// retransmission is what was sent again, and what may be.
type retransmission struct {
	resent   int           // transmissions again without progress
	lost     uint32        // SND.NXT when something was sent again: what is below may be lost
	last     uint32        // SND.NXT when a time-out or a recovery has begun, for sure
	again    time.Duration // when something was sent again last
	recovery bool          // something was sent again since nothing was in flight,
	since    time.Duration // and what was the earliest then had been sent first then
	answered bool          // something acceptable has arrived since
	counted  int           // segments in flight that netstack counts for sure: see mayMiscount

	flight time.Duration // when something was sent while nothing was in flight
	armed  time.Duration // when the time-out was started last, or sooner
	fresh  time.Duration // when something was sent that had not been before

	tail     bool   // a tail loss probe may have been sent, or there was a time-out,
	tailEnd  uint32 // with SND.NXT here,
	spent    bool   // and for sure
	spentEnd uint32 // here: until that is acknowledged there is no other probe,
	spentBy  cause  // unless it was a time-out, and a duplicate ACK comes (netstack snd.go, detectLoss: Disorder)
	rewound  uint64 // a time-out has what was sent up to this transmission sent once more

	dups       int  // duplicate ACKs
	recovering bool // the first segment was sent again because of them, or of SACK,
	certain    bool // for sure,
	recoverEnd uint32
	partial    bool // and SND.UNA has advanced since that, not up to here

	delivered time.Duration // when what has arrived was sent, the latest of it
	fastest   time.Duration // and the least round trip of such a segment
	anyArrive bool
	anySack   bool // SACK has reported something
}

// cause is why something is sent again.
type cause uint8

const (
	byTimeOut  cause = 1 << iota // RFC 6298 section 5.4
	byProbe                      // RFC 8985 section 7.3
	byAcks                       // RFC 5681 section 3.2, or RFC 8985: recovery begins
	byPartial                    // RFC 6582 section 3.2: it goes on; or RFC 6675 section 4, NextSeg (4)
	byDelivery                   // RFC 8985 section 6.2: what was sent later has arrived
	byRewind                     // RFC 5681 section 3.1: all that was in flight at a time-out
)

// sentAgain is text or FIN that was sent before: there must be a cause.
func (f *Follower) sentAgain(now time.Duration, s *Segment, stop uint32) *Refusal {
	e := f.ep
	if r := f.timesOut(now, s); r != nil {
		return r
	}
	if text := s.Payload; len(text) > 0 {
		from := int(wire.SeqDiff(s.Seq, e.base))
		n := min(len(text), int(wire.SeqDiff(e.nxt, s.Seq)), len(e.buf)-from)
		for j := 0; j < n; j++ {
			if e.buf[from+j] != text[j] {
				return refuse(TimeoutRetransmit, showSegment(s), "the octets that were sent before: octet %d is another", s.Seq+uint32(j))
			}
		}
	}
	f.divide(s.Seq)
	f.divide(stop)
	from := slices.IndexFunc(e.rtx, func(x sent) bool { return !wire.SeqLess(x.seq, s.Seq) })
	to := from
	for to < len(e.rtx) && wire.SeqLess(e.rtx[to].seq, stop) {
		to++
	}
	why := f.causes(now, from, to)
	if why == 0 {
		wait, probe := f.trip.known.rto.least, f.probeWait()
		return refuse(TimeoutRetransmit, showSegment(s), "not again %v after the last time: the time-out is at least %v, since %v, a tail loss probe comes after %v, and nothing tells of a loss",
			now-e.rtx[from].at, wait, f.armed, probe)
	}
	f.take(now, why)
	for i := from; i < to; i++ {
		x := &e.rtx[i]
		x.at = now
		if why == byRewind || why&byTimeOut != 0 {
			e.transmissions++
			x.nth = e.transmissions
		}
		if x.retrans < 255 {
			x.retrans++
		}
	}
	if f.cwnd.counted {
		return f.overfull(s)
	}
	return nil // the first of a recovery goes out whatever the window is
}

// divide has what is in flight be in two segments, before and from a number on.
func (f *Follower) divide(at uint32) {
	e := f.ep
	for i, x := range e.rtx {
		if wire.SeqLess(x.seq, at) && wire.SeqLess(at, x.end) {
			if e.finSent && at == e.finSeq() && x.end == at+1 {
				return
			}
			rest := x
			e.rtx[i].end, rest.seq = at, at
			e.rtx = slices.Insert(e.rtx, i+1, rest)
			return
		}
	}
}

// causes are those for which the segments in flight from one to another, of which there is
// one mostly, can be sent again.
func (f *Follower) causes(now time.Duration, from, to int) (why cause) {
	e := f.ep
	front, early := from == 0, func(x sent) bool { return f.overtaken(now, &x) }
	if front && f.timedOut(now) {
		why |= byTimeOut
	}
	if (to == len(e.rtx) || f.piece > 0) && f.mayProbeTail(now) { // the last, or its first piece
		why |= byProbe
	}
	if front && (f.dups >= dupThresh || slices.ContainsFunc(e.rtx, early)) && !(f.recovering && f.certain && wire.SeqLess(e.una, f.recoverEnd)) {
		why |= byAcks
	}
	if f.partial && (front && !e.sackOK || e.sackOK && !e.p.Rack && f.isLastMissing(to)) {
		why |= byPartial
	}
	late := func(x sent) bool { return !f.overtaken(now, &x) }
	if !slices.ContainsFunc(e.rtx[from:to], late) {
		why |= byDelivery
	}
	if !slices.ContainsFunc(e.rtx[from:to], func(x sent) bool { return x.nth > f.rewound }) {
		why |= byRewind
	}
	return why
}

// isLastMissing reports whether the peer has all of what is in flight from a segment on: with
// SACK, and without RACK, the one before may be sent again once a recovery ("rescue").
func (f *Follower) isLastMissing(from int) bool {
	return !slices.ContainsFunc(f.ep.rtx[from:], func(x sent) bool { return !x.sacked })
}

// overtaken reports whether something has arrived that was sent no sooner than a segment,
// and the least round trip has gone by since: RFC 8985 section 6.2, step 5; and a quarter more,
// the reordering window of step 4, outside of a recovery, and as long as SACK has reported
// nothing.
func (f *Follower) overtaken(now time.Duration, x *sent) bool {
	if !f.ep.sackOK || !f.anyArrive || x.sacked && !x.lost || f.delivered < x.at {
		return false
	}
	wait := f.fastest
	if !f.anySack && !f.recovery && !f.trip.unclean {
		wait += min(f.fastest/4, f.trip.known.srtt.least)
	}
	return now-x.at >= wait
}

// timedOut reports whether the time-out may be over.
func (f *Follower) timedOut(now time.Duration) bool {
	if f.probeRuns() {
		return false
	}
	at := f.armedAt() + f.trip.known.rto.least
	if user := durationOf(f.ep.opt[UserTimeout]); user > 0 && !f.ep.p.UserTimeoutKept { // else see backOff
		at = min(at, f.busySince()+user)
	}
	return now >= at
}

// armedAt is when the time-out was started, or sooner: where a tail loss probe does not have
// it begin anew, with the first segment.
func (f *Follower) armedAt() time.Duration {
	if e := f.ep; !e.p.TailProbeRestarts && len(e.rtx) > 0 {
		return min(f.armed, e.rtx[0].at)
	}
	return f.armed
}

// busySince is since when something is in flight, or the window closed: the user time-out
// begins no sooner.
func (f *Follower) busySince() time.Duration {
	if f.shut >= 0 {
		return min(f.flight, f.shut)
	}
	return f.flight
}

// mayProbeTail reports whether a tail loss probe may be due: in place of the time-out, or
// when that would be.
func (f *Follower) mayProbeTail(now time.Duration) bool {
	e := f.ep
	if !e.p.TailLossProbe || !e.sackOK || f.spent && wire.SeqLess(e.una, f.spentEnd) {
		return false
	}
	return now >= max(f.armedAt(), f.fresh)+f.probeWait() || f.timedOut(now)
}

// probeRuns reports whether it is sure that the timer of a tail loss probe runs, and in place
// of the time-out: since nothing was in flight nothing was lost, the window was not too small
// for what is, and what was sent last was sent because something had arrived or was written.
func (f *Follower) probeRuns() bool {
	e := f.ep
	return e.p.TailProbeRestarts && e.p.TailLossProbe && e.sackOK && !f.recovery && !f.trip.unclean && f.shut < 0 &&
		f.outstanding() && (f.fresh == e.rcvd || f.fresh == f.called || f.fresh == f.set)
}

// probeWait is how long a tail loss probe waits at least.
func (f *Follower) probeWait() time.Duration {
	e := f.ep
	if !e.p.WeighedRTT {
		return e.srtt / 8
	}
	return f.probeOf(&f.trip.known).least
}

// probeOf is the wait of a tail loss probe for an estimate of the round-trip time.
func (f *Follower) probeOf(x *estimate) span {
	one, unsure := len(f.ep.rtx) == 1, f.trip.unclean
	return x.probe(f.ep.p, one || unsure, !one || unsure)
}

// take has something be sent again now for one of these causes: what follows for all of them
// is sure.
func (f *Follower) take(now time.Duration, why cause) {
	e := f.ep
	f.windowAgain(now, why, !f.recovery)
	if !f.recovery {
		f.recovery, f.since, f.answered, f.last = true, e.rtx[0].first, false, e.una
	}
	if why&byTimeOut != 0 {
		f.backOff(now, why == byTimeOut)
	}
	if why&^(byTimeOut|byProbe) == 0 && e.p.TailProbeRestarts && f.shut < 0 || why == byTimeOut {
		f.armed = now
	}
	if why&byProbe != 0 || why == byTimeOut {
		f.tail, f.tailEnd = true, e.nxt
	}
	if why&^(byTimeOut|byProbe) == 0 {
		f.spent, f.spentEnd, f.spentBy = true, e.nxt, why
	}
	if why&byAcks != 0 {
		// Where a recovery may go on it need not be another.
		f.certain = why&^(byAcks|byDelivery) == 0 && !f.recovering
		f.recovering, f.recoverEnd = true, e.nxt
	}
	if why&^(byTimeOut|byAcks) == 0 {
		f.last = e.nxt
	}
	if why&(byAcks|byPartial) != 0 {
		f.trip.unsure = true // RTTMeasureSeqNum begins anew with it
		f.partial = false
	}
	if why != byProbe {
		f.counted = 0
	}
	f.again, f.lost = now, e.nxt
	f.trip.unclean = true
	f.resent++
}

// backOff is a time-out, or what may be one.
func (f *Follower) backOff(now time.Duration, sure bool) {
	e := f.ep
	f.rewound, f.counted = e.transmissions, 0
	f.recovering, f.partial = false, false
	f.trip.unclean = true
	f.trip.backOff(e.p, sure && e.p.WeighedRTT)
	for i := range e.rtx {
		if x := &e.rtx[i]; e.p.TimeoutForgetsSack {
			x.lost = x.sacked
		}
	}
	if user := durationOf(e.opt[UserTimeout]); user > 0 && e.p.UserTimeoutKept {
		f.trip.shorten(max(0, user-(now-f.busySince())))
	}
}

// hidden takes note of time-outs that nothing is sent for, because the window takes none of
// it: when it opens all is sent again.
func (f *Follower) hidden(now time.Duration) {
	e := f.ep
	if len(e.rtx) == 0 || !e.synchronized() {
		return
	}
	f.trip.unclean = f.trip.unclean || wire.SeqLess(e.windowEnd(), e.nxt)
	if !f.timedOut(now) {
		return
	}
	end := e.textEnd(&e.rtx[0])
	if end == e.rtx[0].seq || wire.SeqLessEq(end, e.windowEnd()) {
		return
	}
	f.backOff(now, false)
	f.trip.known.rto.most, f.trip.plain.rto.most = e.p.MaxRTO, e.p.MaxRTO
}

// tellsOf takes note of what a segment says has arrived, before it is processed.
func (f *Follower) tellsOf(now time.Duration, s *Segment) {
	e := f.ep
	if !s.Flags.Has(wire.ACK) || !e.synchronized() {
		return
	}
	f.anySack = f.anySack || s.Options.NumBlocks > 0
	for i := range e.rtx {
		x := &e.rtx[i]
		if x.sacked && wire.SeqLessEq(x.end, s.Ack) {
			f.cwnd.over++
		}
		has := func(b wire.SACKBlock) bool { return wire.SeqLessEq(b.Left, x.seq) && wire.SeqLess(x.seq, b.Right) }
		if x.sacked || !wire.SeqLessEq(x.end, s.Ack) && !slices.ContainsFunc(s.Options.Blocks[:s.Options.NumBlocks], has) {
			continue
		}
		if trip := now - x.at; !f.anyArrive || trip < f.fastest {
			f.fastest = trip
		}
		if !f.anyArrive || f.delivered < x.at {
			f.delivered = x.at
		}
		f.anyArrive = true
	}
}

// progressed takes note of what a segment has done to what is in flight. Before it SND.UNA
// was at una, and flying segments were in flight.
func (f *Follower) progressed(now time.Duration, s *Segment, una uint32, flying int) {
	e := f.ep
	f.trip.arrives(e, s, una, flying)
	defer f.windowArrives(s, una, flying, f.left(max(flying-len(e.rtx), 1), wire.SeqDiff(e.una, una)))
	switch {
	case e.una != una:
		f.counted = max(f.counted-(flying-len(e.rtx)), 0)
		f.armed, f.dups = now, 0
		f.resent = 0
		f.recovery = f.recovery && f.outstanding()
		f.recovering = f.recovering && wire.SeqLess(e.una, f.recoverEnd)
		f.partial = f.recovering
	case s.Flags&(wire.ACK|wire.SYN|wire.FIN) == wire.ACK && len(s.Payload) == 0 && s.Ack == e.una && flying > 0:
		f.dups++
		f.spent = f.spent && f.spentBy == byProbe
	}
}
