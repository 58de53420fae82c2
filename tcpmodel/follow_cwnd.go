package tcpmodel

import (
	"time"

	"rstlab/netsim/wire"
)

// allowed is how large the congestion window of the other TCP can be, in segments. It is
// known for netstack only, which counts what is in flight in segments, too.
type allowed struct {
	most    int           // with Reno, and in slow start
	credit  int           // the greatest credit of congestion avoidance that a recovery has left,
	leaping bool          // and nothing was acknowledged since
	cubic   int           // with CUBIC, after what ends slow start
	peak    int           // the greatest when it was reduced: W_max of CUBIC
	event   time.Duration // when it was reduced last, for sure, or the connection began
	counted bool          // what is in flight is counted as it is sent, and nothing else
	active  bool          // a recovery with SACK goes on, for sure,
	end     uint32        // up to here: its window does not grow
	edge    uint32        // what lies at or behind this number no SACK block has gone beyond
	round   uint32        // SND.NXT at the first ACK: the end of the first round of HyStart
	rounds  int           // none, that one, or more
	reduced bool          // there was a loss, or what may be one
	over    int           // segments that were acknowledged behind SACK: netstack may count them for good
}

// opens is the beginning of a connection. RFC 6928: "The upper bound for the initial window".
func (w *allowed) opens(e *Endpoint) {
	*w = allowed{most: e.p.InitialWindow, cubic: e.p.InitialWindow, event: e.now, counted: true, edge: e.una, end: e.una}
}

// halved is ssthresh after a loss with so many segments in flight. RFC 5681 equation 4:
// "ssthresh = max (FlightSize / 2, 2*SMSS)"; RFC 9438 section 4.6 has 0.7 of the window.
func (w *allowed) halved(p *Profile, flying int) int {
	if p.Cubic {
		return max(int(0.7*float64(max(w.most, w.cubic))), 2)
	}
	return max(flying/2, 2)
}

// raise is a reduction that may have been one, or not: it can leave a window that is greater
// than a small one was.
func (w *allowed) raise(to int) {
	w.keep()
	w.most, w.cubic, w.reduced = max(w.most, to), max(w.cubic, to), true
}

// reduce is one for sure.
func (w *allowed) reduce(now time.Duration, to int) {
	w.peak = max(w.most, w.cubic)
	w.keep()
	w.most, w.cubic, w.reduced, w.event = to, to, true, now
}

// keep has a recovery leave the credit as it is: what was acknowledged since the window grew, less
// than that is. Before the first loss there is none.
func (w *allowed) keep() {
	if w.reduced {
		w.credit = max(w.credit, w.most-1)
	}
	w.leaping = true
}

// leap is the first acknowledgment behind a recovery, of n segments: the window, which is no
// smaller than two, grows by the credit divided by it, see [Profile.CreditKept].
func (w *allowed) leap(n int) {
	credit := w.credit + n
	w.most = max(w.most+n, 2+credit/2, w.most+credit/w.most)
	w.leaping = false
}

// grow is the acknowledgment of n segments: netstack's window grows by no more, in congestion
// avoidance, too, see [Profile.CreditKept]. With CUBIC (netstack cubic.go, getCwnd) it is one
// of the time since the last congestion event: W_est of RFC 9438 section 4.3, or W_cubic one
// round trip ahead.
func (w *allowed) grow(e *Endpoint, x *estimate, n int) {
	if w.leaping && e.p.CreditKept && !e.p.Cubic {
		w.leap(n)
	} else {
		w.most += n
	}
	w.cubic += n
	if !e.p.Cubic || !w.cubicGrows() {
		return
	}
	t := (e.now - w.event).Seconds()
	friendly := float64(0.7*float64(w.peak)) + 9.0/17*t/max(x.srtt.least, e.p.Tick).Seconds()
	ahead := t + x.srtt.most.Seconds()
	cubic := float64(0.4*ahead*ahead*ahead) + float64(w.peak)
	w.cubic = max(w.cubic, int(min(max(friendly, cubic), 1<<30)))
}

// cubicGrows reports whether slow start may be over with CUBIC: after a loss, or when HyStart
// ends it (netstack cubic.go, updateHyStart), in the second round of ACKs at the soonest.
func (w *allowed) cubicGrows() bool { return w.reduced || w.rounds > 1 }

// windowArrives takes note of what a segment has done. Before it SND.UNA was at una, and
// flying segments were in flight.
func (f *Follower) windowArrives(s *Segment, una uint32, flying, acked int) {
	e, w := f.ep, &f.cwnd
	for _, b := range s.Options.Blocks[:s.Options.NumBlocks] {
		if wire.SeqLess(e.nxt, b.Right) {
			w.active = false
		} else if wire.SeqLess(w.edge, b.Right) {
			w.edge = b.Right
		}
	}
	if wire.SeqLess(w.edge, e.una) {
		w.edge = e.una
	}
	w.active = w.active && wire.SeqLess(e.una, w.end)
	if f.dups >= dupThresh && !e.sackOK {
		w.raise(w.halved(e.p, flying) + dupThresh) // enterRecovery, with which nothing is sent again there
	}
	if e.una == una {
		return
	}
	if f.tail && !wire.SeqLess(e.una, f.tailEnd) {
		w.raise(w.halved(e.p, 2*flying+w.over)) // netstack rack.go, detectTLPRecovery
	}
	switch {
	case w.rounds == 0:
		w.rounds, w.round = 1, e.nxt
	case wire.SeqLess(w.round, e.una):
		w.rounds = 2
	}
	if !w.active {
		w.grow(e, &f.trip.known, acked)
	}
	if e.una == e.nxt {
		w.counted, w.over = true, 0
	}
}

// windowAgain takes note of what is sent again for one of these causes: the congestion window
// is reduced when it is sure which. clean is that nothing was lost before.
func (f *Follower) windowAgain(now time.Duration, why cause, clean bool) {
	e, w := f.ep, &f.cwnd
	flying := 2*len(e.rtx) + w.over // netstack snd.go, SetPipe, counts what is sent again twice
	if clean {
		flying = len(e.rtx) + w.over
	}
	switch {
	case why == byTimeOut:
		w.reduce(now, 1)                                    // RFC 5681 section 3.1: "cwnd MUST be set to no more than the loss window"
		w.counted, w.active, w.leaping = true, false, false // slow start follows, which forgets the credit
	case why&^(byAcks|byDelivery) == 0 && why&byAcks != 0 && clean && e.sackOK:
		w.reduce(now, w.halved(e.p, flying)+dupThresh)
		w.counted, w.active, w.end = false, true, e.nxt
	case why&(byAcks|byPartial|byDelivery) != 0:
		w.raise(w.halved(e.p, flying) + dupThresh)
		w.counted = false
	}
	if why&byTimeOut != 0 {
		w.active = false
	}
}

// overfull refuses what the congestion window does not take, behind what was sent just now.
func (f *Follower) overfull(s *Segment) *Refusal {
	e, w := f.ep, &f.cwnd
	if !e.p.WeighedRTT {
		return nil
	}
	n := 0
	for i := range e.rtx {
		x := &e.rtx[i]
		switch {
		case w.counted && x.nth > f.rewound:
			n++
		case w.active && !x.sacked && !wire.SeqLess(x.seq, w.edge) && x.seq != e.finSeq():
			n++
		}
	}
	if n <= w.most {
		return nil
	}
	r := refuse(SlowStart, showSegment(s), "at most %d segments in flight: the initial window, or what a loss has left of it, and one for each that was acknowledged since", w.most)
	if e.p.Cubic && w.cubicGrows() && n <= w.cubic {
		r.Case = CaseCubic
	}
	return r
}
