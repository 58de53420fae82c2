package wire_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/wire"
)

// A parseCase damages a good datagram; the checksums are put right after that,
// so that only the damage is to be found.
type parseCase struct {
	name   string
	base   wire.Packet
	damage func(b []byte) []byte
	class  error
	layer  wire.Layer
	offset int
	reason string // a part of it
}

// set returns a damage that writes value at offset.
func set(offset int, value byte) func([]byte) []byte {
	return func(b []byte) []byte { b[offset] = value; return b }
}

// cut returns a damage that leaves the first n bytes.
func cut(n int) func([]byte) []byte { return func(b []byte) []byte { return b[:n] } }

// pinned returns a damage that cuts the datagram and says so in its IP header.
func pinned(n int) func([]byte) []byte {
	return func(b []byte) []byte {
		if b[0]>>4 == 4 {
			b[3] = byte(n)
		} else {
			b[5] = byte(n - 40)
		}
		return b[:n]
	}
}

var ipCases = []parseCase{
	{"no bytes", syn4(), cut(0), wire.ErrTruncated, wire.LayerIP, 0, "no bytes"},
	{"version 0", syn4(), set(0, 0x05), wire.ErrMalformed, wire.LayerIP, 0, "version 0"},
	{"version 5", syn4(), set(0, 0x55), wire.ErrMalformed, wire.LayerIP, 0, "version 5"},
	{"v4: half a header", syn4(), cut(19), wire.ErrTruncated, wire.LayerIPv4, 19, "19 bytes"},
	{"v4: IHL too small", syn4(), set(0, 0x44), wire.ErrMalformed, wire.LayerIPv4, 0, "IHL is 4"},
	{"v4: IHL beyond the buffer", echo4(), set(0, 0x4f), wire.ErrTruncated, wire.LayerIPv4, 32, "IHL says 60"},
	{"v4: header options", syn4(), set(0, 0x46), wire.ErrUnsupported, wire.LayerIPv4, 20, "header options"},
	{"v4: total length below header", syn4(), set(3, 19), wire.ErrMalformed, wire.LayerIPv4, 2, "total length is 19"},
	{"v4: total length beyond buffer", syn4(), set(3, 99), wire.ErrTruncated, wire.LayerIPv4, 2, "total length is 99"},
	{"v4: trailing byte", syn4(), func(b []byte) []byte { return append(b, 0) }, wire.ErrMalformed, wire.LayerIPv4, 60, "1 bytes follow"},
	{"v4: reserved flag", syn4(), set(6, 0xc0), wire.ErrMalformed, wire.LayerIPv4, 6, "reserved flag"},
	{"v4: more fragments", syn4(), set(6, 0x20), wire.ErrUnsupported, wire.LayerIPv4, 6, "more fragments true"},
	{"v4: fragment offset", syn4(), set(7, 2), wire.ErrUnsupported, wire.LayerIPv4, 6, "fragment at byte 16"},
	{"v4: UDP", syn4(), set(9, 17), wire.ErrUnsupported, wire.LayerIPv4, 9, "protocol 17"},
	{"v4: ICMPv6 over IPv4", syn4(), set(9, 58), wire.ErrUnsupported, wire.LayerIPv4, 9, "protocol 58"},
	{"v6: half a header", over6(syn4()), cut(39), wire.ErrTruncated, wire.LayerIPv6, 39, "39 bytes"},
	{"v6: payload beyond buffer", over6(syn4()), set(5, 200), wire.ErrTruncated, wire.LayerIPv6, 4, "total length is 240"},
	{"v6: trailing bytes", over6(syn4()), set(5, 38), wire.ErrMalformed, wire.LayerIPv6, 78, "2 bytes follow"},
	{"v6: hop-by-hop options", over6(syn4()), set(6, 0), wire.ErrUnsupported, wire.LayerIPv6, 6, "extension header 0"},
	{"v6: fragment header", over6(syn4()), set(6, 44), wire.ErrUnsupported, wire.LayerIPv6, 6, "extension header 44"},
	{"v6: UDP", over6(syn4()), set(6, 17), wire.ErrUnsupported, wire.LayerIPv6, 6, "next header 17"},
	{"v6: ICMPv4 over IPv6", over6(syn4()), set(6, 1), wire.ErrUnsupported, wire.LayerIPv6, 6, "next header 1"},
	{"v6: mapped source", over6(syn4()), mapped(8), wire.ErrUnsupported, wire.LayerIPv6, 8, "maps an IPv4"},
	{"v6: mapped destination", over6(syn4()), mapped(24), wire.ErrUnsupported, wire.LayerIPv6, 24, "maps an IPv4"},
}

// mapped returns a damage that makes the address at offset ::ffff:1.2.3.4.
func mapped(offset int) func([]byte) []byte {
	return func(b []byte) []byte {
		copy(b[offset:], []byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 1, 2, 3, 4})
		return b
	}
}

var transportCases = []parseCase{
	{"TCP: half a header", syn4(), pinned(39), wire.ErrTruncated, wire.LayerTCP, 39, "19 bytes"},
	{"TCP: no header", over6(syn4()), pinned(40), wire.ErrTruncated, wire.LayerTCP, 40, "0 bytes"},
	{"TCP: data offset too small", syn4(), set(32, 0x40), wire.ErrMalformed, wire.LayerTCP, 32, "data offset is 4"},
	{"TCP: data offset beyond segment", syn4(), set(32, 0xb0), wire.ErrTruncated, wire.LayerTCP, 32, "data offset is 11"},
	{"TCP: reserved bit", syn4(), set(32, 0xa1), wire.ErrUnsupported, wire.LayerTCP, 32, "reserved bits are 0x1"},
	{"TCP: option of length 0", syn4(), set(41, 0), wire.ErrMalformed, wire.LayerOptions, 40, "less than 2"},
	{"TCP: option of length 1", over6(syn4()), set(61, 1), wire.ErrMalformed, wire.LayerOptions, 60, "less than 2"},
	{"TCP: option beyond the list", syn4(), set(58, 4), wire.ErrMalformed, wire.LayerOptions, 57, "longer than the list"},
	{"TCP: option without length", syn4(), func(b []byte) []byte { b[57], b[58], b[59] = 1, 1, 3; return b }, wire.ErrMalformed, wire.LayerOptions, 59, "no length octet"},
	{"ICMP: half a header", echo4(), pinned(27), wire.ErrTruncated, wire.LayerICMP, 27, "7 bytes"},
	{"ICMPv6: half a header", over6(echo4()), pinned(47), wire.ErrTruncated, wire.LayerICMPv6, 47, "7 bytes"},
}

func TestParseSaysWhatIsWrongAndWhere(t *testing.T) {
	for _, c := range append(ipCases, transportCases...) {
		t.Run(c.name, func(t *testing.T) {
			b := c.damage(build(t, c.base))
			resum(b)
			for _, parse := range []func([]byte) (wire.Packet, error){wire.Parse, wire.ParseTrusted} {
				p, err := parse(b)
				require.Zero(t, p, "nothing comes with an error")
				require.ErrorIs(t, err, c.class)
				var where *wire.ParseError
				require.ErrorAs(t, err, &where)
				require.Equal(t, c.layer, where.Layer)
				require.Equal(t, c.offset, where.Offset)
				require.Contains(t, where.Reason, c.reason)
			}
		})
	}
}

func TestParseChecksEveryChecksumAndParseTrustedNone(t *testing.T) {
	for _, c := range []struct {
		name   string
		base   wire.Packet
		damage int // the byte to change
		layer  wire.Layer
		at     int // the checksum's offset
	}{
		{"IPv4 header", syn4(), 8, wire.LayerIPv4, 10},
		{"IPv4 header checksum itself", syn4(), 10, wire.LayerIPv4, 10},
		{"TCP window", syn4(), 34, wire.LayerTCP, 36},
		{"TCP payload, odd last byte", data4(5), 56, wire.LayerTCP, 36},
		{"TCP over IPv6", over6(syn4()), 44, wire.LayerTCP, 56},
		{"TCP pseudo-header of IPv6", over6(syn4()), 39, wire.LayerTCP, 56},
		{"ICMP", echo4(), 30, wire.LayerICMP, 22},
		{"ICMPv6", over6(echo4()), 50, wire.LayerICMPv6, 42},
		{"ICMPv6 pseudo-header", over6(echo4()), 23, wire.LayerICMPv6, 42},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := build(t, c.base)
			b[c.damage] ^= 0x10
			_, err := wire.Parse(b)
			require.ErrorIs(t, err, wire.ErrChecksum)
			var where *wire.ParseError
			require.ErrorAs(t, err, &where)
			require.Equal(t, c.layer, where.Layer)
			require.Equal(t, c.at, where.Offset)
			_, err = wire.ParseTrusted(b)
			require.NoError(t, err)
		})
	}
}

// In one's complement 0x0000 and 0xffff are the same number, and a sum over
// everything passes with either; only one is what a sender computes.
func TestParseRefusesANegativeZeroChecksum(t *testing.T) {
	p := syn4()
	for id := range 1 << 16 {
		p.ID = uint16(id)
		b := build(t, p)
		if b[10] != 0 || b[11] != 0 {
			continue
		}
		_, err := wire.Parse(b)
		require.NoError(t, err)
		b[10], b[11] = 0xff, 0xff
		_, err = wire.Parse(b)
		require.ErrorIs(t, err, wire.ErrChecksum)
		return
	}
	t.Fatal("no ID makes the checksum 0")
}

// The one message whose sum is 0, so that its checksum is 0xffff.
func TestParseTakesTheEmptyEchoReply(t *testing.T) {
	p := wire.Packet{Src: client4, Dst: server4, Proto: wire.ICMP}
	b := build(t, p)
	require.Equal(t, []byte{0, 0, 0xff, 0xff, 0, 0, 0, 0}, b[20:])
	got, err := wire.Parse(b)
	require.NoError(t, err)
	require.Equal(t, p, got)
}

func TestParseAliasesTheBufferAndKeepsAppendsOutOfIt(t *testing.T) {
	b := build(t, data4(5))
	p, err := wire.Parse(b)
	require.NoError(t, err)
	b[len(b)-1] = 0xee
	require.Equal(t, byte(0xee), p.TCP.Payload[4], "the payload is the buffer's")
	before := build(t, p)
	_ = append(p.TCP.Options, 9, 9, 9, 9)
	require.Equal(t, before, build(t, p), "to append to the options does not write over the payload")
}

func TestParseAllocatesNothing(t *testing.T) {
	for _, p := range []wire.Packet{syn4(), data4(1400), over6(data4(1400)), echo4(), over6(echo4())} {
		b := build(t, p)
		require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = wire.Parse(b) }))
		require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = wire.ParseTrusted(b) }))
	}
}

func TestParseErrorReadsAsASentenceWithThePlace(t *testing.T) {
	b := build(t, syn4())
	b[9] = 17
	_, err := wire.ParseTrusted(b)
	require.EqualError(t, err, "wire: IPv4, byte 9: unsupported: protocol 17 is neither TCP nor ICMP")
	require.False(t, errors.Is(err, wire.ErrChecksum))
	b[9] = 6
	b[36], b[37] = 0x12, 0x34
	_, err = wire.Parse(b)
	require.ErrorContains(t, err, "wire: TCP, byte 36: bad checksum: checksum is 0x1234, want 0x")
}
