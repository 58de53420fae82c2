package middlebox

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"time"

	"rstlab/netsim/wire"
)

// icmp translates an ICMP error about a segment that the NAT has translated. RFC
// 5382 section 7.3, REQ-9: "If a NAT translates TCP, it SHOULD translate ICMP
// Destination Unreachable (Type 3) messages." REQ-10: "Receipt of any sort of
// ICMP message MUST NOT terminate the NAT mapping or TCP connection for which
// the ICMP was generated." Other messages are lost.
func (n *NAT) icmp(now time.Duration, from Side, p *wire.Packet) Result {
	lost := Result{Drop: "nat ICMP of no flow"}
	quote, ok := p.ICMP.Quoted()
	if !ok || !quote.TCP || !quote.Src.Is4() || !quote.Dst.Is4() {
		return lost
	}
	src, dst := quote.Source(), quote.Destination()
	out := *p
	if from == Inside { // about a segment that came in
		m := n.byInside[dst]
		if m == nil || !n.refresh(now, m) || m.find(src) == nil {
			return lost
		}
		external := netip.AddrPortFrom(n.cfg.Address, m.port)
		out.Src = n.cfg.Address
		out.ICMP.Body = requote(p.ICMP.Body, quotedDst, external)
		return Result{Packet: out, Note: fmt.Sprintf("nat %v as %v in the quote", dst, external)}
	}
	m := n.byPort[src.Port()]
	if src.Addr() != n.cfg.Address || m == nil || !n.refresh(now, m) || m.find(dst) == nil {
		return lost
	}
	out.Dst = m.inside.Addr()
	out.ICMP.Body = requote(p.ICMP.Body, quotedSrc, m.inside)
	return Result{Packet: out, Note: fmt.Sprintf("nat %v is %v in the quote", src, m.inside)}
}

// quotedEnd is where a quoted IPv4 header and its TCP header have an address and
// port.
type quotedEnd struct{ addr, port int }

var quotedSrc, quotedDst = quotedEnd{12, 0}, quotedEnd{16, 2}

// requote is a copy of the body of an ICMP error with another address and port
// in the segment that it quotes, and the header checksum to match. The TCP
// checksum in the quote is not computed anew: the segment is cut short.
func requote(body []byte, end quotedEnd, to netip.AddrPort) []byte {
	body = bytes.Clone(body)
	header := int(body[0]&0xf) * 4
	addr := to.Addr().As4()
	copy(body[end.addr:], addr[:])
	binary.BigEndian.PutUint16(body[header+end.port:], to.Port())
	body[10], body[11] = 0, 0
	binary.BigEndian.PutUint16(body[10:], wire.Checksum(body[:header]))
	return body
}
