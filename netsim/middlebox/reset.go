package middlebox

import (
	"net/netip"

	"rstlab/netsim/wire"
)

// segment is a packet with a segment between these ends.
func segment(src, dst netip.AddrPort, s wire.Segment) wire.Packet {
	s.SrcPort, s.DstPort = src.Port(), dst.Port()
	return wire.Packet{Src: src.Addr(), Dst: dst.Addr(), TTL: 64, DF: src.Addr().Is4(), TCP: s}
}

// resetFor is the RST that answers a segment of no connection, as if its
// destination had sent it; ok is false for a RST, which draws none. RFC 9293
// section 3.5.2, group 1: "If the incoming segment has an ACK field, the reset
// takes its sequence number from the ACK field of the segment; otherwise, the
// reset has sequence number zero and the ACK field is set to the sum of the
// sequence number and segment length of the incoming segment."
func resetFor(p *wire.Packet) (reset wire.Packet, ok bool) {
	s := &p.TCP
	switch {
	case p.Proto != wire.TCP || s.Flags.Has(wire.RST):
		return wire.Packet{}, false
	case s.Flags.Has(wire.ACK):
		return segment(p.Destination(), p.Source(), wire.Segment{Seq: s.Ack, Flags: wire.RST}), true
	}
	return segment(p.Destination(), p.Source(), wire.Segment{Ack: s.Seq + s.Len(), Flags: wire.RST | wire.ACK}), true
}

// unreachable is the ICMP error of a kind about a packet, from the address of
// its destination or of the box; ok is false where the standards forbid one.
func unreachable(kind wire.ICMPKind, from netip.Addr, p *wire.Packet) (packet wire.Packet, ok bool) {
	raw, err := wire.Build(*p)
	if err != nil {
		return wire.Packet{}, false
	}
	packet, err = wire.NewICMPError(kind, from, raw)
	return packet, err == nil
}
