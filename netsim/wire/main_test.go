package wire_test

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rstlab/netsim/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	client4 = netip.MustParseAddr("10.0.0.1")
	server4 = netip.MustParseAddr("10.0.0.2")
	router4 = netip.MustParseAddr("10.0.0.9")
	client6 = netip.MustParseAddr("2001:db8::1")
	server6 = netip.MustParseAddr("2001:db8::2")
	router6 = netip.MustParseAddr("2001:db8::9")
)

// syn4 is a SYN as Linux sends it.
func syn4() wire.Packet {
	return wire.Packet{
		Src: client4, Dst: server4, TTL: 64, DF: true,
		TCP: wire.Segment{
			SrcPort: 49152, DstPort: 80, Seq: 1, Flags: wire.SYN, Window: 65535,
			Options: wire.Options(nil).AppendMSS(1460).AppendSACKPermitted().
				AppendTimestamps(10, 0).AppendNOP().AppendWindowScale(7),
		},
	}
}

// data4 is a segment with so many bytes of data.
func data4(size int) wire.Packet {
	p := wire.Packet{
		Src: client4, Dst: server4, TTL: 64, DF: true,
		TCP: wire.Segment{
			SrcPort: 49152, DstPort: 80, Seq: 2, Ack: 101, Flags: wire.PSH | wire.ACK, Window: 512,
			Options: wire.Options(nil).AppendNOP().AppendNOP().AppendTimestamps(11, 7),
			Payload: make([]byte, size),
		},
	}
	for i := range p.TCP.Payload {
		p.TCP.Payload[i] = byte(i)
	}
	return p
}

// over6 is the same packet over IPv6.
func over6(p wire.Packet) wire.Packet {
	p.Src, p.Dst, p.DF, p.ID = client6, server6, false, 0
	p.FlowLabel = 0x12345
	return p
}

// echo4 is an ICMP echo request.
func echo4() wire.Packet {
	return wire.Packet{
		Src: client4, Dst: server4, TTL: 64, Proto: wire.ICMP,
		ICMP: wire.Message{Type: 8, Rest: 0x0001_0002, Body: []byte("ping")},
	}
}

// build is [wire.Build] of a packet that must be good.
func build(t require.TestingT, p wire.Packet) []byte {
	b, err := wire.Build(p)
	require.NoError(t, err)
	return b
}

// naive is the Internet checksum as RFC 1071 section 4.1 computes it.
func naive(parts ...[]byte) uint16 {
	var all []byte
	for _, part := range parts {
		all = append(all, part...)
	}
	var acc uint64
	for i, octet := range all {
		if i%2 == 0 {
			acc += uint64(octet) << 8
		} else {
			acc += uint64(octet)
		}
	}
	for acc > 0xffff {
		acc = acc>>16 + acc&0xffff
	}
	return ^uint16(acc)
}

// resum puts right checksums into a datagram that a test has changed, so that
// another mistake is the first one to be found. Half an IP header stays as it is.
func resum(b []byte) {
	var addresses []byte
	var proto byte
	header, at := 40, 16
	switch {
	case len(b) < 20 || len(b) < 40 && b[0]>>4 == 6:
		return
	case b[0]>>4 == 6:
		addresses, proto = b[8:40], b[6]
	default:
		header, addresses, proto = 20, b[12:20], b[9]
		binary.BigEndian.PutUint16(b[10:], 0)
		binary.BigEndian.PutUint16(b[10:], naive(b[:min(int(b[0]&15)*4, len(b))]))
	}
	pseudo := append([]byte{0, proto}, binary.BigEndian.AppendUint32(nil, uint32(len(b)-header))...)
	pseudo = append(pseudo, addresses...)
	if proto != 6 {
		at = 2
	}
	if proto == 1 {
		pseudo = nil
	}
	if len(b) >= header+at+2 {
		binary.BigEndian.PutUint16(b[header+at:], 0)
		binary.BigEndian.PutUint16(b[header+at:], naive(pseudo, b[header:]))
	}
}
