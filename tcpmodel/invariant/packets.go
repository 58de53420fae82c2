package invariant

import (
	"bytes"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// maxFlights is how many packets are remembered after they left.
const maxFlights = 1 << 13

// flight is a packet that has left.
type flight struct {
	packet wire.Packet
	from   *conn // nil for a segment of no connection
	forged bool
}

// flights are the packets that left last, by number.
type flights struct {
	byNumber map[uint64]flight
	numbers  []uint64 // a ring, once it is full
	oldest   int
}

func (f *flights) add(number uint64, one flight) {
	f.byNumber[number] = one
	if len(f.numbers) < maxFlights {
		f.numbers = append(f.numbers, number)
		return
	}
	delete(f.byNumber, f.numbers[f.oldest])
	f.numbers[f.oldest] = number
	f.oldest = (f.oldest + 1) % maxFlights
}

// damage is what a flipped bit does to a segment.
type damage uint8

const (
	intact damage = iota
	spared        // the bit is one that no checksum covers: TCP may take the segment
	broken
)

// damageOf says whether a packet arrived damaged.
func damageOf(e *trace.Event) damage {
	switch {
	case e.Flip == 0:
		return intact
	case e.Packet.Uncovered(e.Flip - 1):
		return spared
	}
	return broken
}

// damageBefore says whether a packet was damaged before a router passed it on. Where a copy
// was not, what left and what arrived tell, unless the bit is in a checksum or is one that no
// checksum covers.
func (k *Checker) damageBefore(f *flight, e *trace.Event) damage {
	left, here := &f.packet.TCP, &e.Packet.TCP
	switch flip := k.flips.Before(e.Number); {
	case flip == 0:
		return intact
	case flip > 0 && !e.Packet.Uncovered(flip-1):
		return broken
	case left.Seq != here.Seq, left.Ack != here.Ack, left.Flags != here.Flags, left.Window != here.Window,
		left.Urgent != here.Urgent, !bytes.Equal(left.Options, here.Options), !bytes.Equal(left.Payload, here.Payload),
		left.SrcPort != here.SrcPort, left.DstPort != here.DstPort, f.packet.Src != e.Packet.Src, f.packet.Dst != e.Packet.Dst:
		return broken
	}
	return spared
}

func (k *Checker) lost(e *trace.Event) {
	f := k.flights.byNumber[e.Number]
	if f.from != nil {
		f.from.lossAt = e.At
	}
}

func (k *Checker) delivered(e *trace.Event) {
	p := &e.Packet
	if p.Proto != wire.TCP {
		k.icmp(e)
		return
	}
	f, seen := k.flights.byNumber[e.Number]
	how := damageOf(e)
	if seen {
		how = max(how, k.damageBefore(&f, e))
	}
	if how != intact {
		k.lost(e)
	}
	h := k.host(e.Host)
	t := p.Flow().Reverse()
	if seen && e.Flip != 0 && k.flips.Before(e.Number) != 0 {
		// Damaged twice: the checksum need not tell, and the segment may even be whole
		// again.
		before := f.packet.Flow().Reverse()
		h.obscure(t)
		h.obscure(before)
		return
	}
	if how == broken {
		return
	}
	c := h.newest(t)
	if seen && !bytes.Equal(f.packet.TCP.Payload, p.TCP.Payload) {
		k.breach(deliveredAsSent, c, e, "packet #%d left with other octets", e.Number)
	}
	k.cause = append(k.cause, arrival{t, p.TCP})
	k.causeAt = trace.Event{At: e.At, Host: e.Host}
	if p.TCP.Flags.Has(wire.SYN) && !p.TCP.Flags.Has(wire.RST) {
		shift, scaled := windowScale(&p.TCP)
		h.heard[t] = heard{p.TCP.Seq, p.TCP.Window, scaled, shift, f.forged, f.from}
	}
	if c == nil {
		return
	}
	if f.from != nil {
		c.mixed = c.mixed || c.peer != nil && c.peer != f.from
		c.peer = f.from
	}
	c.forged = c.forged || f.forged
	if c.phantom {
		c.rstDelivered = c.rstDelivered || p.TCP.Flags.Has(wire.RST)
		return
	}
	k.arrived(c, e, how)
}

// icmp notes an error message about a connection of the host: it may have been
// refused by it.
func (k *Checker) icmp(e *trace.Event) {
	if e.Packet.ICMPKind() == wire.NotICMPError {
		return
	}
	for _, c := range k.host(e.Host).everyConn() {
		c.icmp = true
	}
}

// windowScale is the shift that a SYN offers, at most 14 (RFC 7323 section 2.3).
func windowScale(s *wire.Segment) (shift uint8, ok bool) {
	shift, ok = s.Options.WindowScale()
	return min(shift, 14), ok
}
