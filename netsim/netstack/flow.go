package netstack

import (
	"bytes"
	"encoding/binary"
	"net/netip"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
)

// flow names a connection from its host's side. The zero flow stands for a
// packet that belongs to none.
type flow struct {
	localIP, remoteIP     [16]byte // IPv4 addresses as 4-in-6
	localPort, remotePort uint16
}

// flowOf is the flow of a received TCP datagram, seen from the receiver.
func flowOf(b []byte) (f flow) {
	var src, dst, ports []byte
	switch {
	case header.IPVersion(b) == header.IPv4Version && len(b) >= header.IPv4MinimumSize:
		ip := header.IPv4(b)
		if ip.Protocol() != uint8(header.TCPProtocolNumber) || len(b) < int(ip.HeaderLength())+4 {
			return f
		}
		src, dst, ports = b[12:16], b[16:20], b[ip.HeaderLength():]
		mapped(&f.remoteIP, src)
		mapped(&f.localIP, dst)
	case header.IPVersion(b) == header.IPv6Version && len(b) >= header.IPv6MinimumSize+4:
		if b[6] != uint8(header.TCPProtocolNumber) {
			return f
		}
		src, dst, ports = b[8:24], b[24:40], b[40:]
		copy(f.remoteIP[:], src)
		copy(f.localIP[:], dst)
	default:
		return f
	}
	f.remotePort = binary.BigEndian.Uint16(ports)
	f.localPort = binary.BigEndian.Uint16(ports[2:])
	return f
}

// isSYN reports whether a datagram that [flowOf] knows begins a connection: SYN
// without ACK.
func isSYN(b []byte) bool {
	at := header.IPv6MinimumSize
	if header.IPVersion(b) == header.IPv4Version {
		at = int(header.IPv4(b).HeaderLength())
	}
	if len(b) < at+header.TCPMinimumSize {
		return false
	}
	return header.TCP(b[at:]).Flags()&(header.TCPFlagSyn|header.TCPFlagAck) == header.TCPFlagSyn
}

func mapped(to *[16]byte, ip4 []byte) {
	to[10], to[11] = 0xff, 0xff
	copy(to[12:], ip4)
}

// reverse is the same flow seen from the other side.
func (f flow) reverse() flow {
	return flow{f.remoteIP, f.localIP, f.remotePort, f.localPort}
}

func (f flow) local() netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom16(f.localIP).Unmap(), f.localPort)
}

func (f flow) remote() netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom16(f.remoteIP).Unmap(), f.remotePort)
}

// compare orders flows by local, then remote address and port.
func (f flow) compare(g flow) int {
	if c := bytes.Compare(f.localIP[:], g.localIP[:]); c != 0 {
		return c
	}
	if c := int(f.localPort) - int(g.localPort); c != 0 {
		return c
	}
	if c := bytes.Compare(f.remoteIP[:], g.remoteIP[:]); c != 0 {
		return c
	}
	return int(f.remotePort) - int(g.remotePort)
}

// find returns the endpoint that netstack has for exactly this flow, not the
// listener that would take it.
func (f flow) find(s *stack.Stack) stack.TransportEndpoint {
	local, remote := f.local().Addr(), f.remote().Addr()
	id := stack.TransportEndpointID{
		LocalAddress: addressOf(local), LocalPort: f.localPort,
		RemoteAddress: addressOf(remote), RemotePort: f.remotePort,
	}
	return s.FindTransportEndpoint(networkProtocol(local), header.TCPProtocolNumber, id, nicID)
}

func networkProtocol(ip netip.Addr) tcpip.NetworkProtocolNumber {
	if ip.Is4() {
		return header.IPv4ProtocolNumber
	}
	return header.IPv6ProtocolNumber
}

// addressOf converts an address; the unspecified one, which netstack writes as
// no address at all, becomes that.
func addressOf(ip netip.Addr) tcpip.Address {
	if !ip.IsValid() || ip.IsUnspecified() {
		return tcpip.Address{}
	}
	return tcpip.AddrFromSlice(ip.AsSlice())
}

func fullAddress(ap netip.AddrPort) tcpip.FullAddress {
	return tcpip.FullAddress{Addr: addressOf(ap.Addr()), Port: ap.Port()}
}

func addrPort(a tcpip.FullAddress) netip.AddrPort {
	ip, _ := netip.AddrFromSlice(a.Addr.AsSlice())
	return netip.AddrPortFrom(ip.Unmap(), a.Port)
}
