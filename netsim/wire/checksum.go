package wire

import (
	"encoding/binary"
	"math/bits"
)

// Checksum is the Internet checksum of b, "the 16 bit one's complement of the
// one's complement sum of all 16 bit words" (RFC 791 section 3.1, RFC 1071), in
// network order. A last odd byte counts as the high half of a word.
func Checksum(b []byte) uint16 { return ^fold(sum(b, 0)) }

// sum adds the words of b to acc in one's complement arithmetic.
//
// RFC 1071 section 2 (C): "To compute the checksum in parallel, simply do a 1's
// complement addition of the message using the native word size of the
// machine." So it goes eight bytes at a time. What b continues must have been of
// even length.
func sum(b []byte, acc uint64) uint64 {
	var carry uint64
	for len(b) >= 32 {
		acc, carry = bits.Add64(acc, binary.BigEndian.Uint64(b), carry)
		acc, carry = bits.Add64(acc, binary.BigEndian.Uint64(b[8:]), carry)
		acc, carry = bits.Add64(acc, binary.BigEndian.Uint64(b[16:]), carry)
		acc, carry = bits.Add64(acc, binary.BigEndian.Uint64(b[24:]), carry)
		b = b[32:]
	}
	for len(b) >= 8 {
		acc, carry = bits.Add64(acc, binary.BigEndian.Uint64(b), carry)
		b = b[8:]
	}
	var last uint64
	for i, octet := range b {
		last |= uint64(octet) << (56 - 8*i)
	}
	acc, carry = bits.Add64(acc, last, carry)
	acc, carry = bits.Add64(acc, 0, carry)
	return acc + carry
}

// fold brings a one's complement sum down to 16 bits.
func fold(acc uint64) uint16 {
	acc = acc>>32 + acc&0xffff_ffff
	acc = acc>>16 + acc&0xffff
	acc = acc>>16 + acc&0xffff
	acc = acc>>16 + acc&0xffff
	return uint16(acc)
}

// pseudoHeader is the sum of the pseudo-header that the checksums of TCP (RFC
// 9293 section 3.1) and ICMPv6 (RFC 4443 section 2.3) cover: the addresses in
// the IP header at the start of datagram, the length of what follows that
// header, and the protocol number.
func pseudoHeader(datagram []byte, header int, proto uint8) uint64 {
	rest := uint64(len(datagram)-header) + uint64(proto)
	if header == ipv4HeaderLen {
		return sum(datagram[12:20], rest)
	}
	return sum(datagram[8:40], rest)
}

// checksumAt is what the checksum field at offset of b must be, whatever it is
// now; acc is the sum of the pseudo-header.
func checksumAt(b []byte, offset int, acc uint64) uint16 {
	return ^fold(sum(b[offset+2:], sum(b[:offset], acc)))
}

// badChecksum reports whether the checksum field at offset of b is not what
// [checksumAt] says, and what it should be.
//
// It is stricter than the sum over everything, for which 0x0000 and 0xffff are
// the same number: only the one that a sender computes passes, so that building
// the packet anew gives the same bytes.
func badChecksum(b []byte, offset int, acc uint64) (want uint16, bad bool) {
	stored := binary.BigEndian.Uint16(b[offset:])
	if stored != 0xffff && fold(sum(b, acc)) == 0xffff {
		return stored, false
	}
	want = checksumAt(b, offset, acc)
	return want, want != stored
}

// DecrementTTL does to the raw datagram what a router does when it forwards it:
// it lowers the Time to Live or Hop Limit by one, in place, and corrects the
// IPv4 header checksum.
//
// It returns false and changes nothing when the datagram must not be forwarded:
// "If the TTL is reduced to zero (or less), the packet MUST be discarded" (RFC
// 1812 section 5.3.1; RFC 8200 section 3 says the same of the Hop Limit). The
// caller may answer with an error of kind [TimeExceeded]. It is also false for
// bytes too short for an IP header.
func DecrementTTL(datagram []byte) bool {
	switch {
	case len(datagram) >= ipv4HeaderLen && datagram[0]>>4 == 4:
		if datagram[8] <= 1 {
			return false
		}
		// RFC 1624 section 3: "HC' = ~(~HC + ~m + m')", m the word that changes.
		m := binary.BigEndian.Uint16(datagram[8:])
		datagram[8]--
		changed := binary.BigEndian.Uint16(datagram[8:])
		old := binary.BigEndian.Uint16(datagram[10:])
		binary.BigEndian.PutUint16(datagram[10:], ^fold(uint64(^old)+uint64(^m)+uint64(changed)))
		return true
	case len(datagram) >= ipv6HeaderLen && datagram[0]>>4 == 6:
		if datagram[7] <= 1 {
			return false
		}
		datagram[7]--
		return true
	}
	return false
}
