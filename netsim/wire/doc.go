// Package wire is what stands on the wire: IPv4 and IPv6 datagrams that carry
// TCP or ICMP, as values.
//
// Its nouns:
//
//   - [Packet] is a datagram, [Segment] and [Message] are what it carries.
//     [Parse] and [Build] go between bytes and packets and are inverse.
//   - [Flags], [Options] and [State] are the words of RFC 9293. Each prints as
//     tcpdump or the RFC does, and [ParseFlags], [ParseOptions] and [ParseState]
//     read that back without loss.
//   - [ICMPKind] is what an ICMP error reports, whatever the IP version;
//     [NewICMPError] and [NewPacketTooBig] make one about a datagram, and
//     [Message.Quoted] tells which segment it was.
//   - Sequence numbers are uint32; [SeqLess], [SeqLessEq], [SeqDiff] and
//     [InWindow] compare them.
//   - [Checksum] and [DecrementTTL] work on raw bytes.
//
// A middlebox that forges a reset in answer to what it saw:
//
//	p, err := wire.Parse(datagram)
//	if err != nil {
//		return err // says in which header, at which byte, what is wrong
//	}
//	reset, err := wire.Build(wire.Packet{
//		Src: p.Dst, Dst: p.Src, TTL: 64, DF: true,
//		TCP: wire.Segment{
//			SrcPort: p.TCP.DstPort, DstPort: p.TCP.SrcPort,
//			Seq: p.TCP.Ack, Flags: wire.RST,
//		},
//	})
//
// The package is pure: it keeps nothing, starts nothing, and never panics on
// bytes or text that it is given to read. Package wiretest generates packets for
// property-based tests.
//
// # Limitations
//
//   - No fragments, no IPv4 options and no IPv6 extension headers: [Parse] says
//     so with [ErrUnsupported]. A simulated host sends none: it discovers the
//     path MTU.
//   - No protocol but TCP and ICMP, and no link layer.
//   - The four reserved bits of the TCP header must be zero, so AccECN's AE bit
//     cannot be expressed. [Flags] has the eight bits of RFC 9293.
//   - A list of options that is malformed cannot be parsed nor built. Options of
//     a wrong length for their kind, of unknown kinds, and padding that is not
//     zero can.
//   - No multi-part ICMP messages (RFC 4884): an extension is a part of the body.
package wire
