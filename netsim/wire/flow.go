package wire

import "net/netip"

// Flow names a TCP connection as one of its ends has it.
type Flow struct{ Local, Remote netip.AddrPort }

// FlowOf is the flow of two addresses, of which an IPv4 one may be written as IPv6
// (::ffff:10.0.0.1): packets never have it so.
func FlowOf(local, remote netip.AddrPort) Flow { return Flow{Unmapped(local), Unmapped(remote)} }

// Unmapped is an address as packets have it.
func Unmapped(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()) }

// Reverse is the same connection as its other end has it.
func (f Flow) Reverse() Flow { return Flow{f.Remote, f.Local} }

// Flow is the connection of a TCP packet as its sender has it.
func (p *Packet) Flow() Flow { return Flow{p.Source(), p.Destination()} }

// Uncovered reports whether a flipped bit of the datagram goes unnoticed. Bit 0 is the
// lowest of octet 0. The Internet checksum finds every single flipped bit of what it
// covers: in IPv4 the header, and everywhere all of TCP and ICMP with the addresses and the
// length. Of IPv6 it spares the traffic class, the flow label and the hop limit (RFC 8200
// section 8.1: the pseudo-header has neither; the version must be 6 for the datagram to be
// taken at all).
func (p *Packet) Uncovered(bit int) bool {
	if !p.Src.Is6() {
		return false
	}
	const hopLimit = 7
	switch octet := bit / 8; octet {
	case 0:
		return bit < 4 // of the traffic class; above it the version
	case 1, 2, 3, hopLimit:
		return true
	}
	return false
}
