package invariant

import (
	"bytes"
	"net/netip"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// maxFlights is how many packets are remembered after they left.
const maxFlights = 1 << 16

// flight is a packet that has left.
type flight struct {
	payload []byte
	from    *conn // nil for a segment of no connection
	forged  bool
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

// tuples are the connection of a packet as its sender and its receiver have it.
func tuples(p *wire.Packet) (sender, receiver tuple) {
	src := netip.AddrPortFrom(p.Src, p.TCP.SrcPort)
	dst := netip.AddrPortFrom(p.Dst, p.TCP.DstPort)
	return tuple{src, dst}, tuple{dst, src}
}

// damage is what a flipped bit does to a segment.
type damage uint8

const (
	intact damage = iota
	spared        // the bit is one that no checksum covers: TCP may take the segment
	broken
)

// damageOf says whether a packet arrived damaged. The Internet checksum finds
// every single flipped bit of what it covers: in IPv4 the header and all of TCP,
// in IPv6 all but version, traffic class, flow label and hop limit (RFC 8200
// section 8.1).
func damageOf(e *trace.Event) damage {
	if e.Flip == 0 {
		return intact
	}
	if octet := (e.Flip - 1) / 8; e.Packet.Src.Is6() && (octet < 4 || octet == 7) {
		return spared
	}
	return broken
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
	how := damageOf(e)
	f, seen := k.flights.byNumber[e.Number]
	if how != intact {
		k.lost(e)
	}
	if how == broken {
		return
	}
	h := k.host(e.Host)
	_, t := tuples(p)
	c := h.newest(t)
	if seen && !bytes.Equal(f.payload, p.TCP.Payload) {
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
		c.peer = f.from
	}
	c.forged = c.forged || f.forged
	k.arrived(c, e)
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
