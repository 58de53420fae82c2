package tcpmodel

import (
	"time"

	"rstlab/netsim/wire"
)

// span are the least and the greatest that something can be.
type span struct{ least, most time.Duration }

// join is the span that has both in it.
func (a span) join(b span) span { return span{min(a.least, b.least), max(a.most, b.most)} }

// bound moves what lies outside of least and most to there.
func (a span) bound(least, most time.Duration) span {
	return span{min(max(a.least, least), most), min(max(a.most, least), most)}
}

// blend is what is left of old, and a part of sample for the rest: one or the other gain.
func (a span) blend(sample span, gain, other float64) span {
	mix := func(old, new time.Duration, gain float64) time.Duration {
		return time.Duration(float64((1-gain)*float64(old)) + float64(gain*float64(new)))
	}
	return span{
		min(mix(a.least, sample.least, gain), mix(a.least, sample.least, other)) - rounding,
		max(mix(a.most, sample.most, gain), mix(a.most, sample.most, other)) + rounding,
	}
}

// rounding is more than what one step of the estimate can be off, by how it is computed.
const rounding = 2 * time.Nanosecond

// estimate is what another TCP can know of the round-trip time, and its time-out: RFC 6298
// section 2, and RFC 7323 appendix G where every ACK gives a measurement.
type estimate struct {
	none      bool // there may have been no measurement,
	some      bool // and there may have been one
	srtt, dev span
	rto       span // with back-off
}

// take takes a measurement that was made, or may have been when it is not sure. There were
// from least to most segments in flight: two of them give one of the measurements of a
// round trip.
func (x *estimate) take(p *Profile, r span, least, most int, sure bool) {
	first := estimate{some: true, srtt: r, dev: span{r.least / 2, r.most / 2}}
	next := first
	if x.some {
		gain, other := 1/float64((least+1)/2), 1/float64((most+1)/2)
		off := span{max(0, x.srtt.least-r.most, r.least-x.srtt.most), max(x.srtt.most-r.least, r.most-x.srtt.least)}
		next.srtt = x.srtt.blend(r, gain/8, other/8)
		next.dev = x.dev.blend(off, gain/4, other/4)
		if x.none {
			next.srtt, next.dev = next.srtt.join(first.srtt), next.dev.join(first.dev)
		}
	}
	next.srtt = next.srtt.bound(p.Tick, never/8)
	next.dev = next.dev.bound(0, never/8)
	next.rto = span{next.srtt.least + 4*next.dev.least, next.srtt.most + 4*next.dev.most}.bound(p.MinRTO, p.MaxRTO)
	if !sure {
		next.none = x.none
		next.rto = next.rto.join(x.rto)
		if x.some {
			next.srtt, next.dev = next.srtt.join(x.srtt), next.dev.join(x.dev)
		}
	}
	*x = next
}

// backOff doubles the time-out; when that is not sure only the greatest.
func (x *estimate) backOff(p *Profile, sure bool) {
	if sure {
		x.rto.least = min(2*x.rto.least, p.MaxRTO)
	}
	x.rto.most = min(2*x.rto.most, p.MaxRTO)
}

// probe is how long a tail loss probe waits. RFC 8985 section 7.2: "PTO = 2 * SRTT", else one
// second, and on top for the delay of the peer's ACK when one segment is in flight. That it is
// one, or that it is several, may be so.
func (x *estimate) probe(p *Profile, one, several bool) (wait span) {
	if x.some {
		wait = span{2 * x.srtt.least, 2 * x.srtt.most}
		if !several {
			wait.least += p.TailProbeSlack
		}
		if one {
			wait.most += p.TailProbeSlack
		}
	}
	if first := (span{p.InitialRTO, p.InitialRTO}); x.none && x.some {
		wait = wait.join(first)
	} else if x.none {
		wait = first
	}
	return wait
}

// trip is what the follower knows of how the other TCP measures the round-trip time.
type trip struct {
	known   estimate
	plain   estimate      // without what [CaseFutureAck] has measured
	seq     uint32        // without timestamps an ACK beyond it is measured,
	at      time.Duration // from when it was sent last; no sooner when that is not sure
	timed   bool          // it was sent
	unsure  bool
	unclean bool // how many segments are in flight, as the other one counts them, is not known
}

// opens is the end of the handshake, with its measurement.
func (t *trip) opens(e *Endpoint, s *Segment, since time.Duration, again bool) {
	t.known = estimate{none: true, rto: span{e.p.InitialRTO, e.p.InitialRTO}}
	t.seq, t.at = e.iss+1, e.now
	r := time.Duration(0)
	if e.tsOK && s.Options.HasTimestamps && s.Options.TSEcr != 0 {
		r = e.tripOf(s)
	}
	if r == 0 && !again {
		r = e.now - since
	}
	if r > 0 {
		t.known.take(e.p, span{r, r}, 1, 1, true)
	}
	t.plain = t.known
	if wire.SeqLess(e.nxt, s.Ack) {
		t.arrives(e, s, e.una, 0) // after an active OPEN any ACK ends the handshake of netstack
	}
}

// arrives takes the measurement that a segment gives. Before it SND.UNA was at una, and
// flying segments were in flight.
func (t *trip) arrives(e *Endpoint, s *Segment, una uint32, flying int) {
	if !s.Flags.Has(wire.ACK) {
		return
	}
	advanced := e.una != una
	switch o := &s.Options; {
	case wire.SeqLess(e.nxt, s.Ack):
		if !o.HasTimestamps {
			r := span{e.now - t.at, e.now - t.at}
			if !t.timed {
				r.most = e.now + uptime
			}
			if t.unsure || s.Len() > 0 {
				r.least = 0 // an ACK of what comes with it is sent before, and begins a measurement
			}
			t.known.take(e.p, r, 1, 1, false) // see CaseFutureAck
			t.unsure = true
		}
	case !o.HasTimestamps && e.tsOK:
		r := span{0, e.now}
		t.known.take(e.p, r, 1, 1, false)
		t.plain.take(e.p, r, 1, 1, false)
	case !o.HasTimestamps && advanced && wire.SeqLess(t.seq, s.Ack):
		r := span{e.now - t.at, e.now - t.at}
		if t.unsure {
			r.least = 0
		}
		t.known.take(e.p, r, 1, 1, !t.unsure)
		t.plain.take(e.p, r, 1, 1, !t.unsure)
		if !t.unsure {
			t.seq = e.nxt
		}
	case o.HasTimestamps && e.tsOK && advanced && o.TSEcr != 0:
		r := span{e.tripOf(s), e.tripOf(s)}
		least, most := flying, flying
		if t.unclean {
			least, most = 1, 1<<20
		}
		t.known.take(e.p, r, least, most, !t.unclean)
		t.plain.take(e.p, r, least, most, !t.unclean)
	}
	if advanced && e.una == e.nxt {
		t.unclean = false
		if !e.tsOK {
			t.seq, t.unsure = e.nxt, false
		}
	}
	if e.sackOK && s.Options.NumBlocks > 0 && e.una != e.nxt {
		t.unclean = true
	}
}

// sent takes note of a segment that is sent. The ACK that ends the handshake does not count
// for netstack.
func (t *trip) sent(now time.Duration, s *Segment) {
	if s.Seq == t.seq && !t.unsure {
		t.at, t.timed = now, t.timed || len(s.Payload) > 0
	}
}

// uptime is how long a host is up when its time begins.
const uptime = time.Hour

// backOff is a time-out, or what may have been one.
func (t *trip) backOff(p *Profile, sure bool) {
	t.known.backOff(p, sure)
	t.plain.backOff(p, sure)
}

// shorten has the time-out be no longer than what may be left of the user time-out.
func (t *trip) shorten(left time.Duration) {
	t.known.rto.least = min(t.known.rto.least, left)
	t.plain.rto.least = min(t.plain.rto.least, left)
}
