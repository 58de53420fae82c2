package wire_test

import (
	"errors"
	"fmt"
	"net/netip"

	"rstlab/netsim/wire"
)

func Example() {
	syn := wire.Packet{
		Src: netip.MustParseAddr("10.0.0.1"), Dst: netip.MustParseAddr("10.0.0.2"), TTL: 64, DF: true,
		TCP: wire.Segment{
			SrcPort: 49152, DstPort: 80, Seq: 1, Flags: wire.SYN, Window: 65535,
			Options: wire.Options(nil).AppendMSS(1460),
		},
	}
	datagram, err := wire.Build(syn)
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := wire.Parse(datagram)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(datagram), "bytes")
	fmt.Println(p)
	// Output:
	// 44 bytes
	// 10.0.0.1.49152 > 10.0.0.2.80: Flags [S], seq 1, win 65535, options [mss 1460], length 0
}

// A middlebox forges a reset in answer to what it saw.
func ExampleParse() {
	seen, _ := wire.Build(wire.Packet{
		Src: netip.MustParseAddr("10.0.0.1"), Dst: netip.MustParseAddr("10.0.0.2"), TTL: 64, DF: true,
		TCP: wire.Segment{SrcPort: 49152, DstPort: 80, Seq: 2, Ack: 101, Flags: wire.ACK, Window: 512},
	})
	p, err := wire.Parse(seen)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(wire.Packet{
		Src: p.Dst, Dst: p.Src, TTL: 64, DF: true,
		TCP: wire.Segment{
			SrcPort: p.TCP.DstPort, DstPort: p.TCP.SrcPort,
			Seq: p.TCP.Ack, Flags: wire.RST,
		},
	})
	// Output:
	// 10.0.0.2.80 > 10.0.0.1.49152: Flags [R], seq 101, win 0, length 0
}

func ExampleParse_damaged() {
	datagram, _ := wire.Build(wire.Packet{
		Src: netip.MustParseAddr("10.0.0.1"), Dst: netip.MustParseAddr("10.0.0.2"), TTL: 64,
		TCP: wire.Segment{SrcPort: 49152, DstPort: 80, Seq: 1, Flags: wire.SYN},
	})
	datagram[34] ^= 1
	_, err := wire.Parse(datagram)
	fmt.Println(err)
	fmt.Println(errors.Is(err, wire.ErrChecksum))
	// Output:
	// wire: TCP, byte 36: bad checksum: checksum is 0xdb8e, want 0xda8e
	// true
}

func ExampleParseOptions() {
	o, err := wire.ParseOptions("mss 1460,sackOK,TS val 10 ecr 0,nop,wscale 7")
	if err != nil {
		fmt.Println(err)
		return
	}
	mss, _ := o.MSS()
	shift, _ := o.WindowScale()
	fmt.Println(len(o), mss, shift, o.SACKPermitted())
	_, err = wire.ParseOptions("mss 1460,sackok")
	fmt.Println(err)
	// Output:
	// 20 1460 7 true
	// wire: option 2, "sackok": no such option
}

func ExampleNewPacketTooBig() {
	datagram, _ := wire.Build(wire.Packet{
		Src: netip.MustParseAddr("10.0.0.1"), Dst: netip.MustParseAddr("10.0.0.2"), TTL: 64, DF: true,
		TCP: wire.Segment{SrcPort: 49152, DstPort: 80, Seq: 2, Flags: wire.ACK, Payload: make([]byte, 1460)},
	})
	p, err := wire.NewPacketTooBig(netip.MustParseAddr("10.0.0.9"), 1400, datagram)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p)
	quote, _ := p.ICMP.Quoted()
	fmt.Println(p.ICMPKind(), quote.SrcPort, quote.DstPort, quote.Seq)
	// Output:
	// 10.0.0.9 > 10.0.0.1: ICMP 10.0.0.2 unreachable - need to frag (mtu 1400), quoting 10.0.0.1.49152 > 10.0.0.2.80: seq 2
	// packet-too-big 49152 80 2
}
