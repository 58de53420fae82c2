package fuzz

import (
	"net/netip"
	"time"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// recovers reports whether two runs of a scenario differ first in what is sent after the
// peer has dropped text that its window had offered to take, on a connection with SACK. How
// soon that is noticed, and what is sent again then, is free: netstack has RACK (RFC 8985;
// rack.go), and its model has not.
func recovers(own, other *trace.Trace) bool {
	a, b := sentIn(own), sentIn(other)
	for i := range min(len(a), len(b)) {
		if alike(a[i], b[i]) {
			continue
		}
		if b[i].At < a[i].At {
			return dropped(other, b[i])
		}
		return dropped(own, a[i])
	}
	return false
}

// sentIn is the TCP that hosts have sent.
func sentIn(t *trace.Trace) (all []*trace.Event) {
	for i := range t.Events {
		if e := &t.Events[i]; e.Kind == trace.Sent && e.Packet.Proto == wire.TCP {
			all = append(all, e)
		}
	}
	return all
}

// alike reports whether two runs have sent the same, ports and numbers aside.
func alike(a, b *trace.Event) bool {
	x, y := &a.Packet.TCP, &b.Packet.TCP
	return a.At == b.At && a.Host == b.Host && x.Flags&^wire.PSH == y.Flags&^wire.PSH && len(x.Payload) == len(y.Payload)
}

// flow is one direction of a connection.
type flow struct{ from, to netip.AddrPort }

func flowOf(p *wire.Packet) flow {
	return flow{p.Source(), p.Destination()}
}

// arrived is text that no acknowledgment has covered yet.
type arrived struct {
	seq, end uint32
	at       time.Duration
}

// dropped reports whether what the host has sent in the direction of last was dropped
// before by its peer, which acknowledges at once what it takes.
func dropped(t *trace.Trace, last *trace.Event) bool {
	way := flowOf(&last.Packet)
	back := flow{way.to, way.from}
	sack, drops := map[flow]bool{}, false
	var open []arrived
	for i := range t.Events {
		e := &t.Events[i]
		if len(open) > 0 && open[0].at < e.At { // all of one instant
			drops, open = true, open[:0]
		}
		if e.Seq == last.Seq {
			return drops && sack[way] && sack[back]
		}
		if e.Packet.Proto != wire.TCP {
			continue
		}
		f, s := flowOf(&e.Packet), &e.Packet.TCP
		switch {
		case e.Kind == trace.Sent && s.Flags.Has(wire.SYN):
			sack[f] = s.Options.SACKPermitted()
			drops, open = drops && f != way, open[:0]
		case e.Kind == trace.Delivered && f == way && len(s.Payload) > 0 && !s.Flags.Has(wire.RST):
			open = append(open, arrived{s.Seq, s.Seq + uint32(len(s.Payload)), e.At})
		case e.Kind == trace.Sent && f == back:
			open = uncovered(open, s)
		}
	}
	return false
}

// uncovered is the text that a segment from its receiver does not acknowledge: RST refuses
// all.
func uncovered(open []arrived, s *wire.Segment) []arrived {
	kept := open[:0]
	for _, x := range open {
		covered := s.Flags.Has(wire.RST) || wire.SeqLessEq(x.end, s.Ack)
		for b := range s.Options.SACKBlocks() {
			covered = covered || wire.SeqLessEq(b.Left, x.seq) && wire.SeqLessEq(x.end, b.Right)
		}
		if !covered {
			kept = append(kept, x)
		}
	}
	return kept
}
