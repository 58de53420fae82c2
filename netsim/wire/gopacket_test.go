package wire_test

import (
	"net/netip"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim/wire"
	"rstlab/netsim/wire/wiretest"
)

// Another implementation reads what Build makes as it was meant.
func TestGopacketDecodesWhatBuildMade(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := wiretest.Packet().Filter(isSimple).Draw(t, "packet")
		b := build(t, p)
		first := layers.LayerTypeIPv6
		if p.Src.Is4() {
			first = layers.LayerTypeIPv4
		}
		got := gopacket.NewPacket(b, first, gopacket.NoCopy)
		requireSameIP(t, p, b, got.NetworkLayer())
		if p.Proto == wire.TCP {
			tcp, ok := got.Layer(layers.LayerTypeTCP).(*layers.TCP)
			require.True(t, ok, "%v", got.ErrorLayer())
			requireSameTCP(t, &p.TCP, tcp)
		}
	})
}

// isSimple is false for Multipath TCP options: gopacket decodes them, and gives
// up on the packet when their length is not that of their subtype.
func isSimple(p wire.Packet) bool {
	const multipath = 30
	for kind := range p.TCP.Options.All() {
		if kind == multipath {
			return false
		}
	}
	return true
}

// requireSameIP compares the headers, and their checksum with the one gopacket
// computes.
func requireSameIP(t *rapid.T, p wire.Packet, b []byte, layer gopacket.NetworkLayer) {
	switch ip := layer.(type) {
	case *layers.IPv4:
		src, _ := netip.AddrFromSlice(ip.SrcIP)
		dst, _ := netip.AddrFromSlice(ip.DstIP)
		require.Equal(t, []netip.Addr{p.Src, p.Dst}, []netip.Addr{src, dst})
		require.Equal(t, p.TTL, ip.TTL)
		require.Equal(t, p.TOS, ip.TOS)
		require.Equal(t, p.ID, ip.Id)
		require.Equal(t, p.DF, ip.Flags&layers.IPv4DontFragment != 0)
		require.Len(t, b, int(ip.Length))
		again := gopacket.NewSerializeBuffer()
		require.NoError(t, ip.SerializeTo(again, gopacket.SerializeOptions{ComputeChecksums: true}))
		require.Equal(t, b[:20], again.Bytes())
	case *layers.IPv6:
		src, _ := netip.AddrFromSlice(ip.SrcIP)
		dst, _ := netip.AddrFromSlice(ip.DstIP)
		require.Equal(t, []netip.Addr{p.Src, p.Dst}, []netip.Addr{src, dst})
		require.Equal(t, p.TTL, ip.HopLimit)
		require.Equal(t, p.TOS, ip.TrafficClass)
		require.Equal(t, p.FlowLabel, ip.FlowLabel)
		require.Len(t, b, 40+int(ip.Length))
	default:
		require.Fail(t, "no IP layer")
	}
}

// requireSameTCP compares the segments, their options up to the padding.
func requireSameTCP(t *rapid.T, s *wire.Segment, tcp *layers.TCP) {
	require.Equal(t, s.SrcPort, uint16(tcp.SrcPort))
	require.Equal(t, s.DstPort, uint16(tcp.DstPort))
	require.Equal(t, []uint32{s.Seq, s.Ack}, []uint32{tcp.Seq, tcp.Ack})
	require.Equal(t, []uint16{s.Window, s.Urgent}, []uint16{tcp.Window, tcp.Urgent})
	var flags wire.Flags
	for flag, set := range map[wire.Flags]bool{
		wire.FIN: tcp.FIN, wire.SYN: tcp.SYN, wire.RST: tcp.RST, wire.PSH: tcp.PSH,
		wire.ACK: tcp.ACK, wire.URG: tcp.URG, wire.ECE: tcp.ECE, wire.CWR: tcp.CWR,
	} {
		if set {
			flags |= flag
		}
	}
	require.Equal(t, s.Flags, flags)
	require.Equal(t, string(s.Payload), string(tcp.Payload))
	i := 0
	for kind, data := range s.Options.All() {
		if kind == wire.EndOfOptions {
			break
		}
		require.Equal(t, kind, wire.OptionKind(tcp.Options[i].OptionType))
		require.Equal(t, string(data), string(tcp.Options[i].OptionData))
		i++
	}
}

// And Parse reads what another implementation makes, checksums included.
func TestParseTakesWhatGopacketSerialised(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := wiretest.TCPPacket().Draw(t, "packet")
		p.TCP.Options = nil
		ip, network := gopacketIP(p)
		tcp := &layers.TCP{
			SrcPort: layers.TCPPort(p.TCP.SrcPort), DstPort: layers.TCPPort(p.TCP.DstPort),
			Seq: p.TCP.Seq, Ack: p.TCP.Ack, Window: p.TCP.Window, Urgent: p.TCP.Urgent,
			FIN: p.TCP.Flags.Has(wire.FIN), SYN: p.TCP.Flags.Has(wire.SYN), RST: p.TCP.Flags.Has(wire.RST),
			PSH: p.TCP.Flags.Has(wire.PSH), ACK: p.TCP.Flags.Has(wire.ACK), URG: p.TCP.Flags.Has(wire.URG),
			ECE: p.TCP.Flags.Has(wire.ECE), CWR: p.TCP.Flags.Has(wire.CWR),
		}
		require.NoError(t, tcp.SetNetworkLayerForChecksum(network))
		buffer := gopacket.NewSerializeBuffer()
		require.NoError(t, gopacket.SerializeLayers(buffer,
			gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true},
			ip, tcp, gopacket.Payload(p.TCP.Payload)))
		got, err := wire.Parse(buffer.Bytes())
		require.NoError(t, err)
		require.Equal(t, p, got)
	})
}

// gopacketIP is the packet's IP header, as gopacket wants it twice.
func gopacketIP(p wire.Packet) (gopacket.SerializableLayer, gopacket.NetworkLayer) {
	if p.Src.Is4() {
		ip := &layers.IPv4{
			Version: 4, TOS: p.TOS, Id: p.ID, TTL: p.TTL, Protocol: layers.IPProtocolTCP,
			SrcIP: p.Src.AsSlice(), DstIP: p.Dst.AsSlice(),
		}
		if p.DF {
			ip.Flags = layers.IPv4DontFragment
		}
		return ip, ip
	}
	ip := &layers.IPv6{
		Version: 6, TrafficClass: p.TOS, FlowLabel: p.FlowLabel, HopLimit: p.TTL,
		NextHeader: layers.IPProtocolTCP, SrcIP: p.Src.AsSlice(), DstIP: p.Dst.AsSlice(),
	}
	return ip, ip
}
