package wire

import "net/netip"

// String prints the packet as one line for people, as tcpdump does, with
// absolute sequence numbers:
//
//	10.0.0.1.49152 > 10.0.0.2.80: Flags [S], seq 1, win 65535, options [mss 1460], length 0
//	10.0.0.1.49152 > 10.0.0.2.80: Flags [P.], seq 2:7, ack 101, win 512, length 5
//	10.0.0.9 > 10.0.0.1: ICMP 10.0.0.2 unreachable - need to frag (mtu 1400), quoting 10.0.0.1.49152 > 10.0.0.2.80: seq 2
//
// It differs from tcpdump in three ways: seq is printed of every segment, as
// tcpdump does with -vv; an ICMP error ends with the connection and sequence
// number of the segment that it quotes; and what neither changes nor concerns
// TCP (TTL, IP ID, flow label, checksums) is left out. So it is no codec: package
// trace has one.
func (p Packet) String() string { return string(p.AppendText(nil)) }

// AppendText appends what [Packet.String] returns to dst.
func (p *Packet) AppendText(dst []byte) []byte {
	if p.Proto != TCP {
		dst = p.Src.AppendTo(dst)
		dst = append(dst, " > "...)
		dst = p.Dst.AppendTo(dst)
		return p.appendICMP(append(dst, ": "...))
	}
	dst = appendFlow(dst, p.Src, p.TCP.SrcPort, p.Dst, p.TCP.DstPort)
	return p.TCP.AppendText(append(dst, ": "...))
}

// String prints what follows the colon in [Packet.String]: "Flags [S], seq 1, ...".
func (s Segment) String() string { return string(s.AppendText(nil)) }

// AppendText appends what [Segment.String] returns to dst.
func (s *Segment) AppendText(dst []byte) []byte {
	dst = append(dst, "Flags ["...)
	dst = append(dst, s.Flags.String()...)
	dst = appendUint(append(dst, "], seq "...), s.Seq)
	if len(s.Payload) > 0 {
		dst = appendUint(append(dst, ':'), s.Seq+uint32(len(s.Payload)))
	}
	if s.Flags.Has(ACK) {
		dst = appendUint(append(dst, ", ack "...), s.Ack)
	}
	dst = appendUint(append(dst, ", win "...), s.Window)
	if s.Flags.Has(URG) {
		dst = appendUint(append(dst, ", urg "...), s.Urgent)
	}
	if len(s.Options) > 0 {
		dst = append(dst, ", options ["...)
		dst = append(s.Options.AppendText(dst), ']')
	}
	return appendUint(append(dst, ", length "...), uint(len(s.Payload)))
}

// appendFlow prints "10.0.0.1.49152 > 10.0.0.2.80".
func appendFlow(dst []byte, src netip.Addr, srcPort uint16, to netip.Addr, dstPort uint16) []byte {
	dst = appendUint(append(src.AppendTo(dst), '.'), srcPort)
	dst = append(dst, " > "...)
	return appendUint(append(to.AppendTo(dst), '.'), dstPort)
}
