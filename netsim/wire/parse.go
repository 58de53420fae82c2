package wire

import (
	"encoding/binary"
	"net/netip"
)

// Sizes of headers in bytes, and the largest value of a length field.
const (
	ipv4HeaderLen = 20
	ipv6HeaderLen = 40
	tcpHeaderLen  = 20
	icmpHeaderLen = 8
	maxOptionsLen = 40 // Data Offset is at most 15 words, five of them the fixed header
	maxLength     = 65535
)

// Protocol numbers of IANA, as they stand in the IP header.
const (
	protoICMP   = 1
	protoTCP    = 6
	protoICMPv6 = 58
)

// Offsets of the checksum in each header.
const (
	ipv4ChecksumAt = 10
	tcpChecksumAt  = 16
	icmpChecksumAt = 2
)

// Parse decodes one IP datagram, which must fill b to its last byte.
//
// The packet's slices alias b; those that are empty are nil. Any error is a
// [ParseError]. Whatever Parse takes, [Build] turns back into the same bytes;
// so it refuses what a [Packet] has no field for: IPv4 options, fragments, IPv6
// extension headers, protocols other than TCP and ICMP, and reserved bits that
// are set. It checks every checksum; those come before fields whose value could
// be wrong because of a damaged bit.
func Parse(b []byte) (Packet, error) { return parse(b, true) }

// ParseTrusted is [Parse] without the checksums. It is for datagrams that an
// engine in this process has just built and nobody has touched since: their
// checksums are right, and to add them up takes longer than all the rest.
func ParseTrusted(b []byte) (Packet, error) { return parse(b, false) }

func parse(b []byte, verify bool) (p Packet, err error) {
	if len(b) == 0 {
		return Packet{}, parseError(ErrTruncated, LayerIP, 0, "no bytes")
	}
	header := ipv4HeaderLen
	var proto uint8
	switch version := b[0] >> 4; version {
	case 4:
		proto, err = p.parseIPv4(b, verify)
	case 6:
		header = ipv6HeaderLen
		proto, err = p.parseIPv6(b)
	default:
		err = parseError(ErrMalformed, LayerIP, 0, "version %d is neither 4 nor 6", version)
	}
	if err == nil {
		if proto == protoTCP {
			err = p.parseTCP(b, header, verify)
		} else {
			err = p.parseICMP(b, header, proto, verify)
		}
	}
	if err != nil {
		return Packet{}, err
	}
	return p, nil
}

// parseIPv4 decodes the header of RFC 791 section 3.1.
func (p *Packet) parseIPv4(b []byte, verify bool) (proto uint8, err error) {
	if err := checkIPv4(b, verify); err != nil {
		return 0, err
	}
	p.TOS = b[1]
	p.ID = binary.BigEndian.Uint16(b[4:])
	p.DF = b[6]&0x40 != 0
	p.TTL = b[8]
	proto = b[9]
	p.Src = netip.AddrFrom4([4]byte(b[12:16]))
	p.Dst = netip.AddrFrom4([4]byte(b[16:20]))
	if proto != protoTCP && proto != protoICMP {
		return 0, parseError(ErrUnsupported, LayerIPv4, 9, "protocol %d is neither TCP nor ICMP", proto)
	}
	return proto, nil
}

// checkIPv4 refuses headers that a [Packet] cannot stand for.
func checkIPv4(b []byte, verify bool) error {
	if len(b) < ipv4HeaderLen {
		return parseError(ErrTruncated, LayerIPv4, len(b), "header has %d bytes, want 20", len(b))
	}
	header := int(b[0]&0x0f) * 4
	if header < ipv4HeaderLen {
		return parseError(ErrMalformed, LayerIPv4, 0, "IHL is %d words, want at least 5", header/4)
	}
	if len(b) < header {
		return parseError(ErrTruncated, LayerIPv4, len(b), "header has %d bytes, IHL says %d", len(b), header)
	}
	// RFC 1122 section 3.2.1.2: "A host MUST verify the IP header checksum on
	// every received datagram and silently discard every datagram that has a bad
	// checksum."
	if verify {
		if want, bad := badChecksum(b[:header], ipv4ChecksumAt, 0); bad {
			return parseError(ErrChecksum, LayerIPv4, ipv4ChecksumAt, "header checksum is 0x%04x, want 0x%04x", b[10:12], want)
		}
	}
	if header > ipv4HeaderLen {
		return parseError(ErrUnsupported, LayerIPv4, ipv4HeaderLen, "header options (IHL is %d words)", header/4)
	}
	if err := checkTotal(b, LayerIPv4, 2, int(binary.BigEndian.Uint16(b[2:])), ipv4HeaderLen); err != nil {
		return err
	}
	if b[6]&0x80 != 0 {
		return parseError(ErrMalformed, LayerIPv4, 6, "the reserved flag is set")
	}
	if fragment := binary.BigEndian.Uint16(b[6:]); fragment&0x3fff != 0 {
		return parseError(ErrUnsupported, LayerIPv4, 6, "fragment at byte %d of its datagram, more fragments %t",
			int(fragment&0x1fff)*8, fragment&0x2000 != 0)
	}
	return nil
}

// parseIPv6 decodes the header of RFC 8200 section 3.
func (p *Packet) parseIPv6(b []byte) (proto uint8, err error) {
	if len(b) < ipv6HeaderLen {
		return 0, parseError(ErrTruncated, LayerIPv6, len(b), "header has %d bytes, want 40", len(b))
	}
	total := ipv6HeaderLen + int(binary.BigEndian.Uint16(b[4:]))
	if err := checkTotal(b, LayerIPv6, 4, total, ipv6HeaderLen); err != nil {
		return 0, err
	}
	first := binary.BigEndian.Uint32(b)
	p.TOS = uint8(first >> 20)
	p.FlowLabel = first & maxFlowLabel
	proto = b[6]
	p.TTL = b[7]
	p.Src = netip.AddrFrom16([16]byte(b[8:24]))
	p.Dst = netip.AddrFrom16([16]byte(b[24:40]))
	if proto != protoTCP && proto != protoICMPv6 {
		if isExtensionHeader(proto) {
			return 0, parseError(ErrUnsupported, LayerIPv6, 6, "extension header %d", proto)
		}
		return 0, parseError(ErrUnsupported, LayerIPv6, 6, "next header %d is neither TCP nor ICMPv6", proto)
	}
	if p.Src.Is4In6() {
		return 0, parseError(ErrUnsupported, LayerIPv6, 8, "source %v maps an IPv4 address", p.Src)
	}
	if p.Dst.Is4In6() {
		return 0, parseError(ErrUnsupported, LayerIPv6, 24, "destination %v maps an IPv4 address", p.Dst)
	}
	return proto, nil
}

// isExtensionHeader tells the IPv6 extension header types of IANA's registry.
func isExtensionHeader(next uint8) bool {
	switch next {
	case 0, 43, 44, 50, 51, 60, 135, 139, 140, 253, 254:
		return true
	}
	return false
}

// checkTotal refuses a datagram whose length field, at offset, says that it has
// more or fewer bytes than b, or fewer than its own header.
func checkTotal(b []byte, layer Layer, offset, total, header int) error {
	switch {
	case total < header:
		return parseError(ErrMalformed, layer, offset, "total length is %d, less than the header", total)
	case total > len(b):
		return parseError(ErrTruncated, layer, offset, "total length is %d, but there are %d bytes", total, len(b))
	case total < len(b):
		return parseError(ErrMalformed, layer, total, "%d bytes follow the datagram's end", len(b)-total)
	}
	return nil
}

// parseTCP decodes the header of RFC 9293 section 3.1, which begins at byte at.
func (p *Packet) parseTCP(b []byte, at int, verify bool) error {
	t := b[at:]
	if len(t) < tcpHeaderLen {
		return parseError(ErrTruncated, LayerTCP, len(b), "header has %d bytes, want at least 20", len(t))
	}
	if verify {
		if want, bad := badChecksum(t, tcpChecksumAt, pseudoHeader(b, at, protoTCP)); bad {
			return parseError(ErrChecksum, LayerTCP, at+tcpChecksumAt, "checksum is 0x%04x, want 0x%04x", t[16:18], want)
		}
	}
	header := int(t[12]>>4) * 4
	if header < tcpHeaderLen {
		return parseError(ErrMalformed, LayerTCP, at+12, "data offset is %d words, want at least 5", header/4)
	}
	if header > len(t) {
		return parseError(ErrTruncated, LayerTCP, at+12, "data offset is %d words, but there are %d bytes", header/4, len(t))
	}
	// RFC 9293 section 3.1: "Must be zero in generated segments". A receiver
	// ignores these bits; a Segment has nowhere to keep them.
	if t[12]&0x0f != 0 {
		return parseError(ErrUnsupported, LayerTCP, at+12, "reserved bits are 0x%x", t[12]&0x0f)
	}
	options := Options(t[tcpHeaderLen:header:header])
	if offset, reason := options.check(); reason != "" {
		return parseError(ErrMalformed, LayerOptions, at+tcpHeaderLen+offset, "%s", reason)
	}
	s := &p.TCP
	s.SrcPort = binary.BigEndian.Uint16(t)
	s.DstPort = binary.BigEndian.Uint16(t[2:])
	s.Seq = binary.BigEndian.Uint32(t[4:])
	s.Ack = binary.BigEndian.Uint32(t[8:])
	s.Flags = Flags(t[13])
	s.Window = binary.BigEndian.Uint16(t[14:])
	s.Urgent = binary.BigEndian.Uint16(t[18:])
	if len(options) > 0 {
		s.Options = options
	}
	if header < len(t) {
		s.Payload = t[header:len(t):len(t)]
	}
	return nil
}

// parseICMP decodes the header of RFC 792 or RFC 4443, which begins at byte at.
func (p *Packet) parseICMP(b []byte, at int, proto uint8, verify bool) error {
	layer := LayerICMP
	if proto == protoICMPv6 {
		layer = LayerICMPv6
	}
	m := b[at:]
	if len(m) < icmpHeaderLen {
		return parseError(ErrTruncated, layer, len(b), "header has %d bytes, want 8", len(m))
	}
	if verify {
		if want, bad := badChecksum(m, icmpChecksumAt, icmpPseudoHeader(b, at, proto)); bad {
			return parseError(ErrChecksum, layer, at+icmpChecksumAt, "checksum is 0x%04x, want 0x%04x", m[2:4], want)
		}
	}
	p.Proto = ICMP
	p.ICMP.Type = m[0]
	p.ICMP.Code = m[1]
	p.ICMP.Rest = binary.BigEndian.Uint32(m[4:])
	if len(m) > icmpHeaderLen {
		p.ICMP.Body = m[icmpHeaderLen:len(m):len(m)]
	}
	return nil
}

// icmpPseudoHeader is [pseudoHeader], which only ICMPv6 has.
func icmpPseudoHeader(datagram []byte, header int, proto uint8) uint64 {
	if proto == protoICMP {
		return 0
	}
	return pseudoHeader(datagram, header, proto)
}
