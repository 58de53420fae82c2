package tcpmodel

import (
	"time"

	"rstlab/netsim/wire"
)

// tooSmall reports whether the window is too small for what waits: that is probed
// as a window of zero is (RFC 9293 section 3.8.6.2.1).
func (f *Follower) tooSmall() bool {
	n := f.ep.unsent()
	return n > 0 && int(wire.SeqDiff(f.ep.windowEnd(), f.ep.nxt)) < min(n, f.ep.mss)
}

// sentText is a segment with text or FIN.
func (f *Follower) sentText(now time.Duration, s *Segment) *Refusal {
	e := f.ep
	end := s.Seq + uint32(len(s.Payload))
	fin := s.Flags.Has(wire.FIN)
	if (f.unsure || f.cut) && fin && wire.SeqLess(end, e.finSeq()) && wire.SeqLessEq(e.nxt, end) {
		e.buf = e.buf[:int(wire.SeqDiff(end, e.base))]
		f.octets.cut(end)
	}
	switch {
	case wire.SeqLess(e.nxt, s.Seq):
		return refuse(SendText, showSegment(s), "SEQ=SND.NXT, %d, or below", e.nxt)
	case wire.SeqLess(s.Seq, e.una):
		if s.Seq == e.una-1 && len(s.Payload) == 1 && !fin {
			return f.sentProbe(now, s)
		}
		return refuse(AckNew, showSegment(s), "nothing below SND.UNA, %d", e.una)
	case wire.SeqLess(e.finSeq(), end):
		return refuse(SendText, showSegment(s), "octets up to %d: no more were given to send", e.finSeq())
	case fin && (!e.finQueued || end != e.finSeq()):
		return refuse(CloseEstablished, showSegment(s), "no FIN: nobody has closed, or text is to come before it, up to %d", e.finSeq())
	case len(s.Payload) > f.mostText():
		return refuse(SwsSender, showSegment(s), "at most %d octets: the peer's MSS less the options", f.mostText())
	case !f.octets.agree(s.Seq, s.Payload):
		return refuse(SendText, showSegment(s), "the octets that send was given")
	}
	if !fin && !s.Flags.Has(wire.PSH) && f.pushes(s, end) {
		return refuse(SendText, showSegment(s), "PSH: RFC 9293 section 3.9.1.2, \"MUST set the PSH bit in the last buffered segment (i.e., when there is no more queued data to be sent)\" (MUST-61)")
	}
	if e.state == wire.SynReceived || e.state == wire.TimeWait || e.state == wire.FinWait2 {
		return refuse(SendClosing, showSegment(s), "neither text nor FIN in %v", f.State())
	}
	if f.outstanding() && f.putOff(now) {
		return refuse(TimeoutRetransmit, showSegment(s), "octets from %d on again, and sooner: nothing was sent for %v", e.una, now-max(f.sends, f.heard)).in(f.putOffBy(now))
	}
	stop := end
	if fin {
		stop++
	}
	if wire.SeqLess(s.Seq, e.nxt) {
		if r := f.sentAgain(now, s, stop); r != nil {
			return r
		}
	}
	if wire.SeqLess(e.nxt, stop) {
		return f.sentNew(now, s, end, fin)
	}
	return nil
}

// mostText is the largest text of a segment: what the peer takes less the
// options. RFC 9293 section 3.7.1: "Eff.snd.MSS = min(SendMSS+20, MMS_S) -
// TCPhdrsize - IPoptionsize".
func (f *Follower) mostText() int {
	if f.ep.tsOK {
		return f.sentMSS - 12
	}
	return f.sentMSS
}

// sentNew is text or FIN that was not sent before.
func (f *Follower) sentNew(now time.Duration, s *Segment, end uint32, fin bool) *Refusal {
	e := f.ep
	short := len(s.Payload) < e.mss && end == e.finSeq() && !wire.SeqLessEq(end, f.tried)
	switch {
	case wire.SeqLess(f.edge, end) && !f.mayProbe(now, s):
		return refuse(WindowTaken, showSegment(s), "octets up to %d: there ends the peer's window", f.edge)
	case len(s.Payload) > 0 && short && !fin && e.opt[NoDelay] == 0 && f.outstanding() && f.noLoss() && !f.unsure && !f.cut:
		r := refuse(NagleHold, showSegment(s), "nothing yet: %d octets are less than a segment, and octets from %d on are not acknowledged", len(s.Payload), e.una)
		if f.mayMiscount() {
			r.Case = CaseMiscount
		}
		return r
	case f.noLoss() && len(e.rtx) > e.p.InitialWindow+f.acked:
		r := refuse(SlowStart, showSegment(s), "at most %d segments in flight: the initial window, and one for each that left the network", e.p.InitialWindow+f.acked)
		if e.p.Cubic && f.cwnd.cubicGrows() && len(e.rtx) <= f.cwnd.cubic {
			r.Case = CaseCubic
		}
		return r
	}
	if n := int(wire.SeqDiff(end, e.nxt)); n > 0 {
		from := int(wire.SeqDiff(e.nxt, e.base))
		copy(e.buf[from:from+n], s.Payload[len(s.Payload)-n:])
	}
	if e.una == e.nxt {
		f.flight, f.armed = now, now
		if f.shut >= 0 {
			f.armed = max(f.shut, f.askedAt) // the timer of the probes goes on
		}
	}
	f.fresh = now
	e.track(end, fin && !e.finSent)
	e.restartKeepAlive(false)
	f.hold()
	f.octets.forget(e.una)
	return f.overfull(s)
}

func (f *Follower) outstanding() bool { return wire.SeqLess(f.ep.una, f.ep.nxt) }

// mayMiscount reports whether netstack may take nothing to be in flight, and have no timer
// run, though something is. Its count is one of segments, which is computed anew with each
// ACK of a recovery where SACK is in use (snd.go, SetPipe). As long as the recovery lasts, a
// time-out follows all the same, so it must be over, but nothing with which the count began
// anew; or it is that of a FIN alone, which is not counted.
func (f *Follower) mayMiscount() bool {
	e := f.ep
	if !f.recovery || !f.answered || !e.sackOK {
		return false
	}
	return !wire.SeqLess(e.una, f.last) || e.finSent && e.una == e.finSeq()
}

// noLoss reports whether all that is not acknowledged is in the network, as far
// as is known: none of it was sent again or reported by SACK, nor before something
// that was sent again.
func (f *Follower) noLoss() bool {
	if wire.SeqLess(f.ep.una, f.lost) {
		return false
	}
	for i := range f.ep.rtx {
		if x := &f.ep.rtx[i]; x.sacked || x.lost || x.retrans > 0 {
			return false
		}
	}
	return true
}

// mayProbe reports whether a segment asks for window beyond its edge: one octet,
// after a while.
func (f *Follower) mayProbe(now time.Duration, s *Segment) bool {
	return len(s.Payload) == 1 && now-f.sends >= f.ep.p.MinRTO
}
