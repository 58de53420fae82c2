package wire_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/wire"
)

func TestBuildNamesTheFieldThatIsOutOfRange(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(p *wire.Packet)
		want   string
	}{
		{"no source", func(p *wire.Packet) { p.Src = netip.Addr{} }, "wire: Src: is not set"},
		{"no destination", func(p *wire.Packet) { p.Dst = netip.Addr{} }, "wire: Dst: is not set"},
		{"mapped", func(p *wire.Packet) { p.Dst = netip.MustParseAddr("::ffff:10.0.0.2") }, "wire: Dst: ::ffff:10.0.0.2 is an IPv4 address mapped to IPv6: use Unmap"},
		{"zone", func(p *wire.Packet) { p.Src = netip.MustParseAddr("fe80::1%eth0") }, "wire: Src: fe80::1%eth0 has a zone"},
		{"families", func(p *wire.Packet) { p.Dst = server6 }, "wire: Dst: 2001:db8::2 is not of the same IP version as Src 10.0.0.1"},
		{"flow label in IPv4", func(p *wire.Packet) { p.FlowLabel = 1 }, "wire: FlowLabel: IPv4 has none"},
		{"flow label", func(p *wire.Packet) { *p = over6(*p); p.FlowLabel = 1 << 20 }, "wire: FlowLabel: 0x100000 has more than 20 bits"},
		{"ID in IPv6", func(p *wire.Packet) { *p = over6(*p); p.ID = 1 }, "wire: ID: IPv6 has none"},
		{"DF in IPv6", func(p *wire.Packet) { *p = over6(*p); p.DF = true }, "wire: DF: IPv6 has none"},
		{"protocol", func(p *wire.Packet) { p.Proto = 2 }, "wire: Proto: 2 is neither TCP nor ICMP"},
		{"two protocols", func(p *wire.Packet) { p.ICMP.Code = 1 }, "wire: ICMP: is set, but Proto is TCP"},
		{"two protocols, ICMP", func(p *wire.Packet) { p.Proto = wire.ICMP }, "wire: TCP: is set, but Proto is ICMP"},
		{"options of 6 bytes", func(p *wire.Packet) { p.TCP.Options = p.TCP.Options[:6] }, "wire: TCP.Options: byte 6: the list's length is not a multiple of 4"},
		{"options of 44 bytes", func(p *wire.Packet) { p.TCP.Options = make(wire.Options, 44) }, "wire: TCP.Options: byte 40: the list is longer than 40 bytes"},
		{"options malformed", func(p *wire.Packet) { p.TCP.Options = wire.Options{1, 2, 0, 1} }, "wire: TCP.Options: byte 1: the option's length is less than 2"},
		{"IPv4 length", func(p *wire.Packet) { p.TCP.Payload = make([]byte, 65476) }, "wire: TCP.Payload: 65476 bytes make the datagram 1 bytes longer than 65535"},
		{"IPv6 length", func(p *wire.Packet) { *p = over6(*p); p.TCP.Payload = make([]byte, 65497) }, "wire: TCP.Payload: 65497 bytes make the datagram 2 bytes longer than 65575"},
		{"ICMP length", func(p *wire.Packet) { *p = echo4(); p.ICMP.Body = make([]byte, 65508) }, "wire: ICMP.Body: 65508 bytes make the datagram 1 bytes longer than 65535"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := syn4()
			c.change(&p)
			b, err := wire.Build(p)
			require.EqualError(t, err, c.want)
			require.Nil(t, b)
			var field *wire.BuildError
			require.ErrorAs(t, err, &field)
			kept, err := p.AppendTo([]byte("before"))
			require.Error(t, err)
			require.Equal(t, "before", string(kept), "dst comes back as it was")
		})
	}
}

func TestBuildTakesTheLargestDatagrams(t *testing.T) {
	for name, p := range map[string]wire.Packet{
		"IPv4": data4(65535 - 20 - 32), "IPv6": over6(data4(65535 - 32)),
	} {
		b := build(t, p)
		got, err := wire.Parse(b)
		require.NoError(t, err, name)
		require.Equal(t, p, got, name)
	}
}

func TestAppendToKeepsWhatIsThereAndOverwritesStaleBytes(t *testing.T) {
	for _, p := range []wire.Packet{syn4(), over6(syn4()), echo4(), over6(echo4())} {
		want := build(t, p)
		dst := make([]byte, 3, 200)
		copy(dst, "abc")
		stale := dst[3:200]
		for i := range stale {
			stale[i] = 0xff
		}
		got, err := p.AppendTo(dst)
		require.NoError(t, err)
		require.Equal(t, "abc"+string(want), string(got))
		require.Same(t, &dst[0], &got[0], "it had room")
	}
}

func TestAppendToAllocatesNothingWhereThereIsRoom(t *testing.T) {
	buffer := make([]byte, 0, 2000)
	for _, p := range []wire.Packet{data4(1400), over6(data4(1400)), echo4()} {
		require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = p.AppendTo(buffer) }))
	}
}

func TestBuildTreatsAnEmptySliceAsNone(t *testing.T) {
	p := syn4()
	p.TCP.Options, p.TCP.Payload, p.ICMP.Body = wire.Options{}, []byte{}, []byte{}
	got, err := wire.Parse(build(t, p))
	require.NoError(t, err)
	p.TCP.Options, p.TCP.Payload, p.ICMP.Body = nil, nil, nil
	require.Equal(t, p, got)
}
