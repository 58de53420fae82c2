package wire

import (
	"bytes"
	"net/netip"
)

// Packet is one IP datagram, decoded. Its byte slices alias the buffer it was
// parsed from, so parsing allocates nothing; [Packet.Clone] makes them its own.
//
// Parse and Build are inverse: Build(Parse(b)) is b for every b that Parse
// takes, and Parse(Build(p)) is p for every p that Build takes, but that an
// empty slice comes back as nil.
type Packet struct {
	Src, Dst netip.Addr // both IPv4 or both IPv6, never 4-in-6, without zone

	TTL       uint8  // IPv4 Time to Live, IPv6 Hop Limit
	TOS       uint8  // IPv4 Type of Service, IPv6 Traffic Class: DSCP and ECN
	ID        uint16 // IPv4 Identification; 0 in IPv6
	DF        bool   // IPv4 Don't Fragment; false in IPv6
	FlowLabel uint32 // IPv6 Flow Label, 20 bits; 0 in IPv4

	Proto Proto   // which of the following is set
	TCP   Segment // when Proto is TCP
	ICMP  Message // when Proto is ICMP (either version)
}

// Source is where a TCP packet comes from: its source address and port.
func (p *Packet) Source() netip.AddrPort { return netip.AddrPortFrom(p.Src, p.TCP.SrcPort) }

// Destination is where a TCP packet goes to: its destination address and port.
func (p *Packet) Destination() netip.AddrPort { return netip.AddrPortFrom(p.Dst, p.TCP.DstPort) }

// Clone returns a copy of p that shares no bytes with it.
func (p *Packet) Clone() Packet {
	c := *p
	c.TCP.Options = bytes.Clone(p.TCP.Options)
	c.TCP.Payload = bytes.Clone(p.TCP.Payload)
	c.ICMP.Body = bytes.Clone(p.ICMP.Body)
	return c
}

// Proto is the protocol that a [Packet] carries.
type Proto uint8

const (
	// TCP marks a packet that carries a [Segment] (protocol number 6).
	TCP Proto = iota
	// ICMP marks a packet that carries a [Message] (protocol number 1 over
	// IPv4, 58 over IPv6).
	ICMP
)

// Segment is a TCP segment (RFC 9293 section 3.1).
type Segment struct {
	SrcPort, DstPort uint16
	Seq, Ack         uint32 // as on the wire; Ack has meaning when Flags has ACK
	Flags            Flags
	Window           uint16 // as on the wire: not scaled
	Urgent           uint16
	Options          Options // as on the wire, padding included: a multiple of 4 bytes, at most 40
	Payload          []byte
}

// Len is SEG.LEN: the octets of sequence space that the segment occupies,
// payload and SYN and FIN (RFC 9293 section 3.4).
func (s *Segment) Len() uint32 {
	n := uint32(len(s.Payload))
	if s.Flags.Has(SYN) {
		n++
	}
	if s.Flags.Has(FIN) {
		n++
	}
	return n
}

// Message is an ICMP (RFC 792) or ICMPv6 (RFC 4443) message.
type Message struct {
	Type, Code uint8
	// Rest is the second word of the header: the next-hop MTU of "fragmentation
	// needed" (RFC 1191, lower 16 bits) and of "packet too big" (RFC 4443 3.2).
	Rest uint32
	// Body is what follows the header: in an error message the packet that
	// caused it, as much of it as fits.
	Body []byte
}
