// Package wiretest generates packets for property-based tests, so that the tests
// of [rstlab/netsim/wire] and of the packages above it speak of the same ones.
//
// Every generated packet is one that [wire.Build] takes, and is in the form in
// which [wire.Parse] returns it: empty slices are nil. So tests can compare
// with require.Equal.
//
// The generators prefer what breaks code: sequence numbers and ports at the
// ends of their ranges, empty and odd-sized payloads, unknown options, padding
// that is not zero.
package wiretest

import (
	"net/netip"

	"pgregory.net/rapid"

	"rstlab/netsim/wire"
)

// MaxPayload is the size in bytes of the largest payload generated; small, so
// that shrunk counter-examples can be read. Larger packets are for table tests.
const MaxPayload = 64

// Packet generates TCP and ICMP packets over IPv4 and IPv6.
func Packet() *rapid.Generator[wire.Packet] {
	return rapid.Custom(func(t *rapid.T) wire.Packet {
		p := header(t)
		if rapid.IntRange(0, 3).Draw(t, "proto") == 3 {
			p.Proto = wire.ICMP
			p.ICMP = Message().Draw(t, "icmp")
			return p
		}
		p.TCP = Segment().Draw(t, "tcp")
		return p
	})
}

// TCPPacket generates TCP packets over IPv4 and IPv6.
func TCPPacket() *rapid.Generator[wire.Packet] {
	return rapid.Custom(func(t *rapid.T) wire.Packet {
		p := header(t)
		p.TCP = Segment().Draw(t, "tcp")
		return p
	})
}

// ICMPPacket generates ICMP packets over IPv4 and IPv6.
func ICMPPacket() *rapid.Generator[wire.Packet] {
	return rapid.Custom(func(t *rapid.T) wire.Packet {
		p := header(t)
		p.Proto = wire.ICMP
		p.ICMP = Message().Draw(t, "icmp")
		return p
	})
}

// header draws the fields of the IP header.
func header(t *rapid.T) wire.Packet {
	p := wire.Packet{
		TTL: rapid.Uint8().Draw(t, "ttl"),
		TOS: rapid.Uint8().Draw(t, "tos"),
	}
	if rapid.Bool().Draw(t, "v6") {
		p.Src = Addr6().Draw(t, "src")
		p.Dst = Addr6().Draw(t, "dst")
		p.FlowLabel = rapid.Uint32Range(0, 1<<20-1).Draw(t, "flow label")
		return p
	}
	p.Src = Addr4().Draw(t, "src")
	p.Dst = Addr4().Draw(t, "dst")
	p.ID = rapid.Uint16().Draw(t, "id")
	p.DF = rapid.Bool().Draw(t, "df")
	return p
}

// Addr4 generates IPv4 addresses: hosts of a few networks, and any.
func Addr4() *rapid.Generator[netip.Addr] {
	return rapid.OneOf(
		rapid.Map(rapid.ByteRange(1, 9), func(b byte) netip.Addr {
			return netip.AddrFrom4([4]byte{10, 0, 0, b})
		}),
		rapid.Map(rapid.Uint32(), func(u uint32) netip.Addr {
			return netip.AddrFrom4([4]byte{byte(u >> 24), byte(u >> 16), byte(u >> 8), byte(u)})
		}),
	)
}

// Addr6 generates IPv6 addresses without zone, and none that maps an IPv4
// address: hosts of a few networks, and any.
func Addr6() *rapid.Generator[netip.Addr] {
	near := rapid.Map(rapid.ByteRange(1, 9), func(b byte) netip.Addr {
		return netip.AddrFrom16([16]byte{0: 0x20, 1: 0x01, 2: 0x0d, 3: 0xb8, 15: b})
	})
	far := rapid.Map(rapid.SliceOfN(rapid.Byte(), 16, 16), func(b []byte) netip.Addr {
		return netip.AddrFrom16([16]byte(b))
	}).Filter(func(a netip.Addr) bool { return !a.Is4In6() })
	return rapid.OneOf(near, far)
}
