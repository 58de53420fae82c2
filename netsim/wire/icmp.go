package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
)

// Sizes in bytes of the largest ICMP error datagram, IP header included.
//
// RFC 1812 section 4.3.2.3: "the ICMP datagram SHOULD contain as much of the
// original datagram as possible without the length of the ICMP datagram
// exceeding 576 bytes." RFC 4443 section 2.4 (c) says the same of the minimum IPv6
// MTU, which is 1280 bytes.
const (
	MaxICMPv4Error = 576
	MaxICMPv6Error = 1280
)

// icmpTTL is the Time to Live and Hop Limit of an ICMP error.
const icmpTTL = 64

// icmpTOS4 is the Type of Service of an ICMPv4 error. RFC 1812 section 4.3.2.5:
// error messages other than Source Quench "SHOULD have their precedence value set
// to 6 (INTERNETWORK CONTROL) or 7 (NETWORK CONTROL)."
const icmpTOS4 = 0xc0

// ErrNoICMPReply says that about some datagrams no ICMP error is ever sent, so
// that errors do not multiply (RFC 1122 section 3.2.2, RFC 4443 section 2.4):
// other ICMP errors, fragments but the first, and datagrams that do not come
// from or go to a single host.
var ErrNoICMPReply = errors.New("no ICMP error is sent about this datagram")

// NewICMPError makes the error of this kind that a router or host with the
// address from sends about a raw datagram, to the datagram's source. Its body
// aliases the datagram. A [PacketTooBig] needs [NewPacketTooBig].
//
// The error matches [ErrNoICMPReply] where the standards forbid an answer. Else
// it says that the kind has no message in this IP version, that from is not of
// this version, or that the datagram has no IP header.
func NewICMPError(kind ICMPKind, from netip.Addr, datagram []byte) (Packet, error) {
	if kind == PacketTooBig {
		return Packet{}, errors.New("wire: icmp: packet-too-big needs an MTU: use NewPacketTooBig")
	}
	return newICMPError(kind, from, 0, datagram)
}

// NewPacketTooBig makes the error about a raw datagram that is larger than the
// next hop's MTU in bytes: "fragmentation needed and DF set" with the next-hop
// MTU of RFC 1191 section 4 for IPv4, where it is at most 65535, and "packet too
// big" of RFC 4443 section 3.2 for IPv6. It is like [NewICMPError] otherwise.
func NewPacketTooBig(from netip.Addr, mtu uint32, datagram []byte) (Packet, error) {
	if from.Is4() && mtu > maxLength {
		return Packet{}, fmt.Errorf("wire: icmp: MTU %d, want at most %d in IPv4", mtu, maxLength)
	}
	return newICMPError(PacketTooBig, from, mtu, datagram)
}

func newICMPError(kind ICMPKind, from netip.Addr, rest uint32, datagram []byte) (Packet, error) {
	quote, transport, ok := parseQuote(datagram)
	if !ok {
		return Packet{}, errors.New("wire: icmp: the datagram does not begin with an IP header")
	}
	if from.Is4() != quote.Src.Is4() || checkAddr("from", from) != nil {
		return Packet{}, fmt.Errorf("wire: icmp: cannot send from %v about a datagram from %v", from, quote.Src)
	}
	code, ok := kind.code(from.Is4())
	if !ok {
		return Packet{}, fmt.Errorf("wire: icmp: no message says %v in the IP version of %v", kind, from)
	}
	if !mayReport(kind, &quote, transport, datagram) {
		return Packet{}, fmt.Errorf("wire: icmp: %w", ErrNoICMPReply)
	}
	p := Packet{Src: from, Dst: quote.Src, TTL: icmpTTL, Proto: ICMP}
	limit := MaxICMPv6Error - ipv6HeaderLen - icmpHeaderLen
	if from.Is4() {
		p.TOS, p.DF = icmpTOS4, true
		limit = MaxICMPv4Error - ipv4HeaderLen - icmpHeaderLen
	} else if kind == ProtocolUnreachable {
		rest = ipv6NextHeaderAt
	}
	body := datagram[:min(len(datagram), limit)]
	p.ICMP = Message{Type: code.typ, Code: code.code, Rest: rest, Body: body[:len(body):len(body)]}
	return p, nil
}

// ipv6NextHeaderAt is the pointer of an ICMPv6 Parameter Problem: "the octet
// offset within the invoking packet where the error was detected" (RFC 4443
// section 3.4).
const ipv6NextHeaderAt = 6

// mayReport is false where the standards forbid an ICMP error about a datagram
// that carries transport.
//
// RFC 1122 section 3.2.2: "An ICMP error message MUST NOT be sent as the result
// of receiving: an ICMP error message, or a datagram destined to an IP broadcast
// or IP multicast address, or ... a non-initial fragment, or a datagram whose
// source address does not define a single host". RFC 4443 section 2.4 (e) says
// the same, but allows "packet too big" about a multicast destination.
func mayReport(kind ICMPKind, quote *Quote, transport, datagram []byte) bool {
	m := Message{}
	if len(transport) > 0 {
		m.Type = transport[0]
	}
	if quote.Src.Is4() {
		fragment := binary.BigEndian.Uint16(datagram[6:])&0x1fff != 0
		isError := quote.Protocol == protoICMP && (m.kind4() != NotICMPError || m.Type == icmpRedirect)
		return isHost(quote.Src) && isHost(quote.Dst) && !fragment && !isError
	}
	multicast := quote.Dst.IsMulticast() && kind != PacketTooBig
	isError := quote.Protocol == protoICMPv6 && (m.kind6() != NotICMPError || m.Type == icmp6Redirect)
	return isHost(quote.Src) && !multicast && !isError
}

// isHost reports whether the address can stand for a single host; that it is
// the broadcast address of some network cannot be told from it.
func isHost(a netip.Addr) bool {
	if a.Is4() && a.As4()[0] >= 240 { // class E and limited broadcast
		return false
	}
	return !a.IsUnspecified() && !a.IsMulticast()
}

// Quote is what an ICMP error tells of the datagram that caused it.
type Quote struct {
	Src, Dst netip.Addr
	Protocol uint8 // the number in the IP header: 6 is TCP

	// TCP is true when the quote is of TCP and reaches far enough to have the
	// fields that follow; RFC 792 promises them with "the first 64 bits of the
	// original datagram's data".
	TCP              bool
	SrcPort, DstPort uint16
	Seq              uint32
}

// Source is where the datagram came from, with TCP its address and port.
func (q *Quote) Source() netip.AddrPort { return netip.AddrPortFrom(q.Src, q.SrcPort) }

// Destination is where the datagram went to, with TCP its address and port.
func (q *Quote) Destination() netip.AddrPort { return netip.AddrPortFrom(q.Dst, q.DstPort) }

// Quoted decodes what an ICMP error message quotes. It is not ok for messages
// that are no error or quote no whole IP header.
//
// Nothing in the quote is verified: anybody can send an ICMP message. RFC 5927
// section 4.1 has TCP check that Seq is one of a segment in flight.
func (m *Message) Quoted() (quote Quote, ok bool) {
	quote, _, ok = parseQuote(m.Body)
	// The version of the quote is that of the message: no message quotes another.
	switch {
	case !ok:
		return Quote{}, false
	case quote.Src.Is4() && m.kind4() == NotICMPError && m.Type != icmpRedirect,
		!quote.Src.Is4() && m.kind6() == NotICMPError:
		return Quote{}, false
	}
	return quote, true
}

// parseQuote decodes the start of a datagram whose end may be missing. It also
// returns what there is after the IP header: nothing in a fragment but the first.
func parseQuote(b []byte) (quote Quote, transport []byte, ok bool) {
	switch {
	case len(b) >= ipv4HeaderLen && b[0]>>4 == 4:
		header := int(b[0]&0x0f) * 4
		if header < ipv4HeaderLen || len(b) < header {
			return Quote{}, nil, false
		}
		quote.Src = netip.AddrFrom4([4]byte(b[12:16]))
		quote.Dst = netip.AddrFrom4([4]byte(b[16:20]))
		quote.Protocol = b[9]
		if binary.BigEndian.Uint16(b[6:])&0x1fff == 0 {
			transport = b[header:]
		}
	case len(b) >= ipv6HeaderLen && b[0]>>4 == 6:
		quote.Src = netip.AddrFrom16([16]byte(b[8:24]))
		quote.Dst = netip.AddrFrom16([16]byte(b[24:40]))
		quote.Protocol = b[6]
		transport = b[ipv6HeaderLen:]
	default:
		return Quote{}, nil, false
	}
	if quote.Protocol == protoTCP && len(transport) >= 8 {
		quote.TCP = true
		quote.SrcPort = binary.BigEndian.Uint16(transport)
		quote.DstPort = binary.BigEndian.Uint16(transport[2:])
		quote.Seq = binary.BigEndian.Uint32(transport[4:])
	}
	return quote, transport, true
}
