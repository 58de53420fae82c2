package wire_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim/wire"
	"rstlab/netsim/wire/wiretest"
)

func TestPacketsPrintAsInTcpdump(t *testing.T) {
	for want, p := range map[string]wire.Packet{
		"10.0.0.1.49152 > 10.0.0.2.80: Flags [S], seq 1, win 65535, options [mss 1460,sackOK,TS val 10 ecr 0,nop,wscale 7], length 0":       syn4(),
		"10.0.0.1.49152 > 10.0.0.2.80: Flags [P.], seq 2:7, ack 101, win 512, options [nop,nop,TS val 11 ecr 7], length 5":                  data4(5),
		"2001:db8::1.49152 > 2001:db8::2.80: Flags [S], seq 1, win 65535, options [mss 1460,sackOK,TS val 10 ecr 0,nop,wscale 7], length 0": over6(syn4()),
		"10.0.0.1.1 > 10.0.0.2.2: Flags [U], seq 4294967295:1, win 0, urg 1, length 2": {
			Src: client4, Dst: server4,
			TCP: wire.Segment{SrcPort: 1, DstPort: 2, Seq: 4294967295, Ack: 5, Flags: wire.URG, Urgent: 1, Payload: []byte("ab")},
		},
		"10.0.0.1.1 > 10.0.0.2.2: Flags [none], seq 0, win 0, length 0": {
			Src: client4, Dst: server4, TCP: wire.Segment{SrcPort: 1, DstPort: 2},
		},
		"10.0.0.1 > 10.0.0.2: ICMP echo request, id 1, seq 2, length 12":        echo4(),
		"2001:db8::1 > 2001:db8::2: ICMP6, echo reply, id 1, seq 2, length 8":   {Src: client6, Dst: server6, Proto: wire.ICMP, ICMP: wire.Message{Type: 129, Rest: 0x10002}},
		"2001:db8::1 > 2001:db8::2: ICMP6, echo request, id 1, seq 2, length 8": {Src: client6, Dst: server6, Proto: wire.ICMP, ICMP: wire.Message{Type: 128, Rest: 0x10002}},
		"10.0.0.1 > 10.0.0.2: ICMP echo reply, id 0, seq 0, length 8":           {Src: client4, Dst: server4, Proto: wire.ICMP},
		"10.0.0.1 > 10.0.0.2: ICMP type-#13, length 8":                          {Src: client4, Dst: server4, Proto: wire.ICMP, ICMP: wire.Message{Type: 13}},
		"10.0.0.1 > 10.0.0.2: ICMP type 3 code 1 [|icmp]":                       {Src: client4, Dst: server4, Proto: wire.ICMP, ICMP: wire.Message{Type: 3, Code: 1}},
	} {
		require.Equal(t, want, p.String())
		require.Equal(t, want, fmt.Sprint(p), "as a value too")
	}
}

const quoting4 = ", quoting 10.0.0.1.49152 > 10.0.0.2.80: seq 1"

const quoting6 = ", quoting 2001:db8::1.49152 > 2001:db8::2.80: seq 1"

func TestICMPErrorsPrintInTheWordsOfTcpdump(t *testing.T) {
	for _, c := range []struct {
		typ, code uint8
		rest      uint32
		want      string
	}{
		{3, 0, 0, "net 10.0.0.2 unreachable"},
		{3, 1, 0, "host 10.0.0.2 unreachable"},
		{3, 2, 0, "10.0.0.2 protocol 6 unreachable"},
		{3, 3, 0, "10.0.0.2 tcp port 80 unreachable"},
		{3, 4, 1400, "10.0.0.2 unreachable - need to frag (mtu 1400)"},
		{3, 4, 0, "10.0.0.2 unreachable - need to frag"},
		{3, 5, 0, "10.0.0.2 unreachable - source route failed"},
		{3, 13, 0, "host 10.0.0.2 unreachable - admin prohibited filter"},
		{3, 99, 0, "#99 10.0.0.2 unreachable"},
		{4, 0, 0, "source quench"},
		{11, 0, 0, "time exceeded in-transit"},
		{11, 1, 0, "ip reassembly time exceeded"},
		{11, 2, 0, "time exceeded-#2"},
		{12, 0, 9 << 24, "parameter problem - octet 9"},
		{12, 1, 0, "parameter problem - code 1"},
	} {
		p := wire.Packet{Src: router4, Dst: client4, Proto: wire.ICMP}
		p.ICMP = wire.Message{Type: c.typ, Code: c.code, Rest: c.rest, Body: build(t, syn4())}
		require.Equal(t, "10.0.0.9 > 10.0.0.1: ICMP "+c.want+quoting4, p.String())
	}
}

func TestICMPv6ErrorsPrintInTheWordsOfTcpdump(t *testing.T) {
	for _, c := range []struct {
		typ, code uint8
		rest      uint32
		want      string
	}{
		{1, 0, 0, "destination unreachable, unreachable route 2001:db8::2"},
		{1, 1, 0, "destination unreachable, unreachable prohibited 2001:db8::2"},
		{1, 2, 0, "destination unreachable, beyond scope 2001:db8::2"},
		{1, 3, 0, "destination unreachable, unreachable address 2001:db8::2"},
		{1, 4, 0, "destination unreachable, unreachable port, 2001:db8::2 tcp port 80"},
		{1, 9, 0, "destination unreachable, unknown unreach code (9)"},
		{2, 0, 1280, "packet too big, mtu 1280"},
		{3, 0, 0, "time exceeded in-transit for 2001:db8::2"},
		{3, 1, 0, "time exceeded in-transit (reassembly)"},
		{3, 2, 0, "time exceeded in-transit, unknown code (2)"},
		{4, 0, 6, "parameter problem, erroneous - octet 6"},
		{4, 1, 6, "parameter problem, next header - octet 6"},
		{4, 2, 40, "parameter problem, option - octet 40"},
		{4, 3, 0, "parameter problem, code-#3"},
		{100, 0, 0, "unknown icmp6 type (100)"},
	} {
		p := wire.Packet{Src: router6, Dst: client6, Proto: wire.ICMP}
		p.ICMP = wire.Message{Type: c.typ, Code: c.code, Rest: c.rest, Body: build(t, over6(syn4()))}
		require.Equal(t, "2001:db8::9 > 2001:db8::1: ICMP6, "+c.want+quoting6, p.String())
	}
}

func TestAQuoteWithoutPortsPrintsTheProtocol(t *testing.T) {
	p := wire.Packet{Src: router4, Dst: client4, Proto: wire.ICMP}
	p.ICMP = wire.Message{Type: 3, Code: 3, Body: build(t, echo4())}
	require.Equal(t, "10.0.0.9 > 10.0.0.1: ICMP 10.0.0.2 protocol 1 unreachable", p.String())
}

func TestEveryPacketPrintsAsOneLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := wiretest.Packet().Draw(t, "packet")
		text := p.String()
		require.NotContains(t, text, "\n")
		require.NotContains(t, text, "%!", "no formatting mistake")
		require.Contains(t, text, " > ")
		require.Equal(t, "> "+text, string(p.AppendText([]byte("> "))))
	})
}

func TestASegmentPrintsAsWhatFollowsTheAddresses(t *testing.T) {
	p := data4(5)
	require.Equal(t, "10.0.0.1.49152 > 10.0.0.2.80: "+p.TCP.String(), p.String())
}

func TestAnUnsetPacketPrintsToo(t *testing.T) {
	require.Equal(t, ".0 > .0: Flags [none], seq 0, win 0, length 0", wire.Packet{}.String())
	require.NotPanics(t, func() { _ = wire.Packet{Proto: wire.ICMP, Src: netip.IPv6Unspecified()}.String() })
}
