package wire

import (
	"encoding/binary"
	"net/netip"
	"slices"
)

// maxFlowLabel is the largest IPv6 flow label: 20 bits.
const maxFlowLabel = 1<<20 - 1

// Build encodes p as one IP datagram, with lengths and checksums computed.
//
// It takes every packet that the wire can carry and [Parse] can give back, and
// names the first field that is out of range in a [BuildError]. Options must be
// a well-formed list. Of TCP and ICMP, the one that Proto does not name must be
// zero. An empty slice is the same as a nil one.
func Build(p Packet) ([]byte, error) { return p.AppendTo(nil) }

// AppendTo is [Build] onto the end of dst, which it returns unchanged with an
// error. It allocates only when dst has no room for [Packet.Size] bytes more.
// The packet's slices must not lie in that room.
func (p *Packet) AppendTo(dst []byte) ([]byte, error) {
	if err := p.check(); err != nil {
		return dst, err
	}
	size := p.Size()
	start := len(dst)
	dst = slices.Grow(dst, size)[:start+size]
	b := dst[start:]
	proto := p.protocol()
	header := ipv4HeaderLen
	if p.Src.Is4() {
		p.putIPv4(b, proto)
	} else {
		header = ipv6HeaderLen
		p.putIPv6(b, proto)
	}
	if p.Proto == TCP {
		p.TCP.put(b[header:])
		binary.BigEndian.PutUint16(b[header+tcpChecksumAt:],
			checksumAt(b[header:], tcpChecksumAt, pseudoHeader(b, header, proto)))
	} else {
		p.ICMP.put(b[header:])
		binary.BigEndian.PutUint16(b[header+icmpChecksumAt:],
			checksumAt(b[header:], icmpChecksumAt, icmpPseudoHeader(b, header, proto)))
	}
	return dst, nil
}

// Size is the length in bytes of the whole datagram that [Build] makes of p.
func (p *Packet) Size() int {
	header := ipv6HeaderLen
	if p.Src.Is4() {
		header = ipv4HeaderLen
	}
	if p.Proto == TCP {
		return header + tcpHeaderLen + len(p.TCP.Options) + len(p.TCP.Payload)
	}
	return header + icmpHeaderLen + len(p.ICMP.Body)
}

// protocol is the number that the IP header has for p.Proto.
func (p *Packet) protocol() uint8 {
	switch {
	case p.Proto == TCP:
		return protoTCP
	case p.Src.Is4():
		return protoICMP
	}
	return protoICMPv6
}

// putIPv4 writes the header of RFC 791 section 3.1 to the start of b, which is
// as long as the datagram.
func (p *Packet) putIPv4(b []byte, proto uint8) {
	b[0] = 4<<4 | ipv4HeaderLen/4
	b[1] = p.TOS
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	binary.BigEndian.PutUint16(b[4:], p.ID)
	b[6], b[7] = 0, 0
	if p.DF {
		b[6] = 0x40
	}
	b[8] = p.TTL
	b[9] = proto
	src, dst := p.Src.As4(), p.Dst.As4()
	copy(b[12:16], src[:])
	copy(b[16:20], dst[:])
	binary.BigEndian.PutUint16(b[ipv4ChecksumAt:], checksumAt(b[:ipv4HeaderLen], ipv4ChecksumAt, 0))
}

// putIPv6 writes the header of RFC 8200 section 3 to the start of b, which is as
// long as the datagram.
func (p *Packet) putIPv6(b []byte, proto uint8) {
	binary.BigEndian.PutUint32(b, 6<<28|uint32(p.TOS)<<20|p.FlowLabel)
	binary.BigEndian.PutUint16(b[4:], uint16(len(b)-ipv6HeaderLen))
	b[6] = proto
	b[7] = p.TTL
	src, dst := p.Src.As16(), p.Dst.As16()
	copy(b[8:24], src[:])
	copy(b[24:40], dst[:])
}

// put writes the segment to b, which is as long as it, all but its checksum.
func (s *Segment) put(b []byte) {
	binary.BigEndian.PutUint16(b, s.SrcPort)
	binary.BigEndian.PutUint16(b[2:], s.DstPort)
	binary.BigEndian.PutUint32(b[4:], s.Seq)
	binary.BigEndian.PutUint32(b[8:], s.Ack)
	b[12] = uint8(tcpHeaderLen+len(s.Options)) / 4 << 4
	b[13] = uint8(s.Flags)
	binary.BigEndian.PutUint16(b[14:], s.Window)
	binary.BigEndian.PutUint16(b[18:], s.Urgent)
	copy(b[tcpHeaderLen:], s.Options)
	copy(b[tcpHeaderLen+len(s.Options):], s.Payload)
}

// put writes the message to b, which is as long as it, all but its checksum.
func (m *Message) put(b []byte) {
	b[0] = m.Type
	b[1] = m.Code
	binary.BigEndian.PutUint32(b[4:], m.Rest)
	copy(b[icmpHeaderLen:], m.Body)
}

// check names the first field that cannot be put on the wire.
func (p *Packet) check() error {
	if err := checkAddr("Src", p.Src); err != nil {
		return err
	}
	if err := checkAddr("Dst", p.Dst); err != nil {
		return err
	}
	if p.Src.Is4() != p.Dst.Is4() {
		return buildError("Dst", "%v is not of the same IP version as Src %v", p.Dst, p.Src)
	}
	if err := p.checkVersion(); err != nil {
		return err
	}
	switch p.Proto {
	case TCP:
		return p.checkTCP()
	case ICMP:
		if !p.TCP.isZero() {
			return buildError("TCP", "is set, but Proto is ICMP")
		}
		return p.checkSize("ICMP.Body", len(p.ICMP.Body))
	}
	return buildError("Proto", "%d is neither TCP nor ICMP", uint8(p.Proto))
}

// checkAddr refuses addresses that have no form of their own in an IP header.
func checkAddr(field string, a netip.Addr) error {
	switch {
	case !a.IsValid():
		return buildError(field, "is not set")
	case a.Is4In6():
		return buildError(field, "%v is an IPv4 address mapped to IPv6: use Unmap", a)
	case a.Zone() != "":
		return buildError(field, "%v has a zone", a)
	}
	return nil
}

// checkVersion refuses fields of the other IP version.
func (p *Packet) checkVersion() error {
	switch {
	case p.Src.Is4() && p.FlowLabel != 0:
		return buildError("FlowLabel", "IPv4 has none")
	case p.Src.Is4():
		return nil
	case p.FlowLabel > maxFlowLabel:
		return buildError("FlowLabel", "0x%x has more than 20 bits", p.FlowLabel)
	case p.ID != 0:
		return buildError("ID", "IPv6 has none")
	case p.DF:
		return buildError("DF", "IPv6 has none")
	}
	return nil
}

// checkTCP refuses what a segment cannot carry.
func (p *Packet) checkTCP() error {
	if !p.ICMP.isZero() {
		return buildError("ICMP", "is set, but Proto is TCP")
	}
	if offset, reason := p.TCP.Options.check(); reason != "" {
		return buildError("TCP.Options", "byte %d: %s", offset, reason)
	}
	return p.checkSize("TCP.Payload", len(p.TCP.Payload))
}

// checkSize refuses a datagram that its length field cannot express: of IPv4 it
// counts the header, of IPv6 it does not. The field is the one to shorten.
func (p *Packet) checkSize(field string, length int) error {
	limit := maxLength
	if !p.Src.Is4() {
		limit += ipv6HeaderLen
	}
	if over := p.Size() - limit; over > 0 {
		return buildError(field, "%d bytes make the datagram %d bytes longer than %d", length, over, limit)
	}
	return nil
}

// isZero reports whether nothing of the segment is set.
func (s *Segment) isZero() bool {
	return s.SrcPort == 0 && s.DstPort == 0 && s.Seq == 0 && s.Ack == 0 && s.Flags == 0 &&
		s.Window == 0 && s.Urgent == 0 && len(s.Options) == 0 && len(s.Payload) == 0
}

// isZero reports whether nothing of the message is set.
func (m *Message) isZero() bool {
	return m.Type == 0 && m.Code == 0 && m.Rest == 0 && len(m.Body) == 0
}
