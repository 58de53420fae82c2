package wire_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim/wire"
	"rstlab/netsim/wire/wiretest"
)

// errorKinds are the kinds of [wire.NewICMPError], and their type and code.
var errorKinds = []struct {
	kind   wire.ICMPKind
	v4, v6 []uint8 // type and code; nil where there is none
	hard   bool
}{
	{wire.NetUnreachable, []uint8{3, 0}, []uint8{1, 0}, false},
	{wire.HostUnreachable, []uint8{3, 1}, []uint8{1, 3}, false},
	{wire.ProtocolUnreachable, []uint8{3, 2}, []uint8{4, 1}, true},
	{wire.PortUnreachable, []uint8{3, 3}, []uint8{1, 4}, true},
	{wire.SourceRouteFailed, []uint8{3, 5}, nil, false},
	{wire.AdminProhibited, []uint8{3, 13}, []uint8{1, 1}, false},
	{wire.TimeExceeded, []uint8{11, 0}, []uint8{3, 0}, false},
	{wire.ReassemblyTimeExceeded, []uint8{11, 1}, []uint8{3, 1}, false},
	{wire.ParameterProblem, []uint8{12, 0}, []uint8{4, 0}, false},
	{wire.SourceQuench, []uint8{4, 0}, nil, false},
}

func TestAnICMPErrorHasTheTypeAndCodeOfItsKind(t *testing.T) {
	for _, c := range errorKinds {
		for _, v := range []struct {
			about wire.Packet
			from  netip.Addr
			want  []uint8
		}{{syn4(), router4, c.v4}, {over6(syn4()), router6, c.v6}} {
			p, err := wire.NewICMPError(c.kind, v.from, build(t, v.about))
			if v.want == nil {
				require.ErrorContains(t, err, "no message says "+c.kind.String())
				continue
			}
			require.NoError(t, err, c.kind)
			require.Equal(t, v.want, []uint8{p.ICMP.Type, p.ICMP.Code}, c.kind)
			require.Equal(t, c.kind, p.ICMPKind())
			require.Equal(t, c.hard, p.ICMPKind().Hard(), c.kind)
			require.Equal(t, v.from, p.Src)
			require.Equal(t, v.about.Src, p.Dst, "it goes to the source of the datagram")
			got, err := wire.Parse(build(t, p))
			require.NoError(t, err)
			require.Equal(t, p, got)
		}
	}
}

func TestAnICMPErrorQuotesTheSegment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		about := wiretest.TCPPacket().Draw(t, "about")
		from := router6
		if about.Src.Is4() {
			from = router4
		}
		p, err := wire.NewICMPError(wire.HostUnreachable, from, build(t, about))
		if err != nil {
			require.ErrorIs(t, err, wire.ErrNoICMPReply, "a generated address can be one that gets no answer")
			return
		}
		q, ok := p.ICMP.Quoted()
		require.True(t, ok)
		require.Equal(t, wire.Quote{
			Src: about.Src, Dst: about.Dst, Protocol: 6, TCP: true,
			SrcPort: about.TCP.SrcPort, DstPort: about.TCP.DstPort, Seq: about.TCP.Seq,
		}, q)
	})
}

func TestPacketTooBigCarriesTheMTU(t *testing.T) {
	p, err := wire.NewPacketTooBig(router4, 1400, build(t, data4(1448)))
	require.NoError(t, err)
	require.Equal(t, []uint8{3, 4}, []uint8{p.ICMP.Type, p.ICMP.Code})
	mtu, ok := p.NextHopMTU()
	require.True(t, ok)
	require.Equal(t, uint32(1400), mtu)
	require.False(t, p.ICMPKind().Hard(), "RFC 1191 made it a signal")

	p, err = wire.NewPacketTooBig(router6, 1<<17, build(t, over6(data4(1448))))
	require.NoError(t, err)
	require.Equal(t, []uint8{2, 0}, []uint8{p.ICMP.Type, p.ICMP.Code})
	mtu, ok = p.NextHopMTU()
	require.True(t, ok)
	require.Equal(t, uint32(1<<17), mtu)

	_, err = wire.NewPacketTooBig(router4, 1<<16, build(t, data4(1448)))
	require.ErrorContains(t, err, "MTU 65536")
	_, err = wire.NewICMPError(wire.PacketTooBig, router4, build(t, data4(1448)))
	require.ErrorContains(t, err, "use NewPacketTooBig")
	unrelated := syn4()
	_, ok = unrelated.NextHopMTU()
	require.False(t, ok)
}

func TestNextHopMTUOfIPv4HasOnly16Bits(t *testing.T) {
	p, err := wire.NewPacketTooBig(router4, 1400, build(t, data4(1448)))
	require.NoError(t, err)
	p.ICMP.Rest |= 0xabcd_0000 // unused, or the length of RFC 4884
	mtu, _ := p.NextHopMTU()
	require.Equal(t, uint32(1400), mtu)
}

func TestAnICMPErrorQuotesAsMuchAsItsSizeAllows(t *testing.T) {
	for _, c := range []struct {
		name    string
		about   wire.Packet
		from    netip.Addr
		size    int
		quoting int
	}{
		{"IPv4, all", data4(10), router4, 20 + 8 + 62, 62},
		{"IPv4, 576 bytes", data4(1448), router4, 576, 548},
		{"IPv6, all", over6(data4(10)), router6, 40 + 8 + 82, 82},
		{"IPv6, 1280 bytes", over6(data4(1408)), router6, 1280, 1232},
	} {
		t.Run(c.name, func(t *testing.T) {
			about := build(t, c.about)
			p, err := wire.NewICMPError(wire.TimeExceeded, c.from, about)
			require.NoError(t, err)
			require.Equal(t, c.size, p.Size())
			require.Equal(t, about[:c.quoting], p.ICMP.Body)
		})
	}
}

func TestNoICMPErrorAnswersWhatTheStandardsExclude(t *testing.T) {
	icmpError, err := wire.NewICMPError(wire.HostUnreachable, router4, build(t, syn4()))
	require.NoError(t, err)
	icmp6Error, err := wire.NewICMPError(wire.HostUnreachable, router6, build(t, over6(syn4())))
	require.NoError(t, err)
	change := func(p wire.Packet, f func(*wire.Packet)) []byte { f(&p); return build(t, p) }
	redirect := echo4()
	redirect.ICMP.Type = 5
	redirect6 := over6(echo4())
	redirect6.ICMP.Type = 137
	fragment := build(t, syn4())
	fragment[7] = 1
	resum(fragment)
	for name, about := range map[string][]byte{
		"an ICMP error":         build(t, icmpError),
		"an ICMPv6 error":       build(t, icmp6Error),
		"a redirect":            build(t, redirect),
		"an ICMPv6 redirect":    build(t, redirect6),
		"a later fragment":      fragment,
		"multicast destination": change(syn4(), func(p *wire.Packet) { p.Dst = netip.MustParseAddr("224.0.0.1") }),
		"limited broadcast":     change(syn4(), func(p *wire.Packet) { p.Dst = netip.MustParseAddr("255.255.255.255") }),
		"unspecified source":    change(syn4(), func(p *wire.Packet) { p.Src = netip.IPv4Unspecified() }),
		"class E source":        change(syn4(), func(p *wire.Packet) { p.Src = netip.MustParseAddr("240.0.0.1") }),
		"v6 multicast":          change(over6(syn4()), func(p *wire.Packet) { p.Dst = netip.MustParseAddr("ff02::1") }),
		"v6 unspecified source": change(over6(syn4()), func(p *wire.Packet) { p.Src = netip.IPv6Unspecified() }),
		"v6 multicast source":   change(over6(syn4()), func(p *wire.Packet) { p.Src = netip.MustParseAddr("ff02::1") }),
	} {
		from := router4
		if about[0]>>4 == 6 {
			from = router6
		}
		_, err := wire.NewICMPError(wire.HostUnreachable, from, about)
		require.ErrorIs(t, err, wire.ErrNoICMPReply, name)
	}
	_, err = wire.NewICMPError(wire.HostUnreachable, router4, build(t, echo4()))
	require.NoError(t, err, "an echo is no error")
	_, err = wire.NewPacketTooBig(router6, 1280, change(over6(syn4()), func(p *wire.Packet) { p.Dst = netip.MustParseAddr("ff02::1") }))
	require.NoError(t, err, "RFC 4443 section 2.4 (e) excepts it")
}

func TestNewICMPErrorRefusesWhatItCannotSend(t *testing.T) {
	for name, c := range map[string]struct {
		kind  wire.ICMPKind
		from  netip.Addr
		about []byte
		want  string
	}{
		"families":    {wire.HostUnreachable, router6, build(t, syn4()), "cannot send from 2001:db8::9 about a datagram from 10.0.0.1"},
		"no address":  {wire.HostUnreachable, netip.Addr{}, build(t, over6(syn4())), "cannot send from invalid IP"},
		"no datagram": {wire.HostUnreachable, router4, nil, "does not begin with an IP header"},
		"no kind":     {wire.NotICMPError, router4, build(t, syn4()), "no message says none"},
		"bad kind":    {wire.ICMPKind(99), router6, build(t, over6(syn4())), "no message says unknown"},
	} {
		_, err := wire.NewICMPError(c.kind, c.from, c.about)
		require.ErrorContains(t, err, c.want, name)
	}
}

func TestICMPKindTellsTheErrorsApart(t *testing.T) {
	kind := func(p wire.Packet, typ, code uint8) wire.ICMPKind {
		p.ICMP.Type, p.ICMP.Code = typ, code
		return p.ICMPKind()
	}
	// RFC 1122 section 3.2.2.1 and RFC 1812 section 5.2.7.1, code by code.
	for code, want := range []wire.ICMPKind{
		wire.NetUnreachable, wire.HostUnreachable, wire.ProtocolUnreachable, wire.PortUnreachable,
		wire.PacketTooBig, wire.SourceRouteFailed, wire.NetUnreachable, wire.HostUnreachable,
		wire.HostUnreachable, wire.AdminProhibited, wire.AdminProhibited, wire.NetUnreachable,
		wire.HostUnreachable, wire.AdminProhibited, wire.AdminProhibited, wire.AdminProhibited,
		wire.OtherICMPError,
	} {
		require.Equal(t, want, kind(echo4(), 3, uint8(code)), "IPv4 code %d", code)
	}
	for code, want := range []wire.ICMPKind{ // RFC 4443 section 3.1
		wire.NetUnreachable, wire.AdminProhibited, wire.HostUnreachable, wire.HostUnreachable,
		wire.PortUnreachable, wire.AdminProhibited, wire.AdminProhibited, wire.OtherICMPError,
	} {
		require.Equal(t, want, kind(over6(echo4()), 1, uint8(code)), "IPv6 code %d", code)
	}
	require.Equal(t, wire.PacketTooBig, kind(over6(echo4()), 2, 77), "the receiver ignores the code")
	require.Equal(t, wire.OtherICMPError, kind(echo4(), 11, 2))
	require.Equal(t, wire.OtherICMPError, kind(over6(echo4()), 100, 0), "an unknown error")
	for _, typ := range []uint8{0, 5, 8, 13} {
		require.Equal(t, wire.NotICMPError, kind(echo4(), typ, 0), "IPv4 type %d", typ)
	}
	for _, typ := range []uint8{128, 129, 137} {
		require.Equal(t, wire.NotICMPError, kind(over6(echo4()), typ, 0), "IPv6 type %d", typ)
	}
	require.Equal(t, wire.NotICMPError, kind(syn4(), 3, 1), "not ICMP")
}

func TestICMPKindsPrintAndParseBack(t *testing.T) {
	for k := wire.NotICMPError; k <= wire.OtherICMPError; k++ {
		got, ok := wire.ParseICMPKind(k.String())
		require.True(t, ok)
		require.Equal(t, k, got)
	}
	_, ok := wire.ParseICMPKind("unknown")
	require.False(t, ok)
}

func TestQuotedIsStrictAboutWhatIsThere(t *testing.T) {
	p, err := wire.NewICMPError(wire.HostUnreachable, router4, build(t, syn4()))
	require.NoError(t, err)
	whole := p.ICMP.Body
	for n := range whole {
		p.ICMP.Body = whole[:n]
		q, ok := p.ICMP.Quoted()
		require.Equal(t, n >= 20, ok, "%d bytes", n)
		require.Equal(t, n >= 28, q.TCP, "%d bytes: RFC 792 promises 64 bits of data", n)
	}
	p.ICMP.Body = whole
	p.ICMP.Type = 8
	_, ok := p.ICMP.Quoted()
	require.False(t, ok, "an echo quotes nothing, whatever it carries")
	p.ICMP = wire.Message{Type: 128, Body: build(t, over6(syn4()))}
	_, ok = p.ICMP.Quoted()
	require.False(t, ok)
	p.ICMP = wire.Message{Type: 3, Body: append([]byte{0x44}, make([]byte, 60)...)}
	_, ok = p.ICMP.Quoted()
	require.False(t, ok, "IHL too small")
}

func TestQuotedReadsPastIPv4OptionsAndNotIntoFragments(t *testing.T) {
	b := build(t, syn4())
	withOptions := append([]byte{}, b[:20]...)
	withOptions[0] = 0x46
	withOptions = append(append(withOptions, 1, 1, 1, 1), b[20:]...)
	m := wire.Message{Type: 3, Code: 1, Body: withOptions}
	q, ok := m.Quoted()
	require.True(t, ok)
	require.Equal(t, uint16(49152), q.SrcPort)
	b[7] = 9
	m.Body = b
	q, ok = m.Quoted()
	require.True(t, ok)
	require.False(t, q.TCP, "a later fragment has no ports")
}

func TestQuotedNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := wiretest.Message().Draw(t, "message")
		if len(m.Body) > 0 {
			m.Body[0] = rapid.SampledFrom([]byte{0x45, 0x46, 0x60, m.Body[0]}).Draw(t, "first")
		}
		_, _ = m.Quoted()
	})
}
