package wire

import "fmt"

// unreachableText4 are tcpdump's words for the codes of Destination Unreachable
// that need nothing but the destination of the quoted packet.
var unreachableText4 = map[uint8]string{
	0:  "net %v unreachable",
	1:  "host %v unreachable",
	5:  "%v unreachable - source route failed",
	6:  "net %v unreachable - unknown",
	7:  "host %v unreachable - unknown",
	8:  "%v unreachable - source host isolated",
	9:  "net %v unreachable - admin prohibited",
	10: "host %v unreachable - admin prohibited",
	11: "net %v unreachable - tos prohibited",
	12: "host %v unreachable - tos prohibited",
	13: "host %v unreachable - admin prohibited filter",
	14: "host %v unreachable - host precedence violation",
	15: "host %v unreachable - precedence cutoff",
}

// unreachableText6 are tcpdump's words for the codes of ICMPv6 Destination
// Unreachable; it knows no others.
var unreachableText6 = map[uint8]string{
	0: "unreachable route %v",
	1: "unreachable prohibited %v",
	2: "beyond scope %v",
	3: "unreachable address %v",
}

// appendICMP prints the message after the addresses.
func (p *Packet) appendICMP(dst []byte) []byte {
	m := &p.ICMP
	words, name := m.words6, "ICMP6, "
	if p.Src.Is4() {
		words, name = m.words4, "ICMP "
	}
	dst = append(dst, name...)
	quote, ok := m.Quoted()
	isError := p.ICMPKind() != NotICMPError
	if isError && !ok {
		// tcpdump marks so what is cut off before it could be printed.
		return fmt.Appendf(dst, "type %d code %d [|icmp]", m.Type, m.Code)
	}
	dst = append(dst, words(&quote)...)
	switch {
	case !isError:
		return appendUint(append(dst, ", length "...), uint(icmpHeaderLen+len(m.Body)))
	case quote.TCP:
		dst = append(dst, ", quoting "...)
		dst = appendFlow(dst, quote.Src, quote.SrcPort, quote.Dst, quote.DstPort)
		return appendUint(append(dst, ": seq "...), quote.Seq)
	}
	return dst
}

// words4 is what tcpdump says of an ICMPv4 message that quotes this.
func (m *Message) words4(quote *Quote) string {
	switch m.Type {
	case icmpEchoReply, icmpEchoRequest:
		what := "request"
		if m.Type == icmpEchoReply {
			what = "reply"
		}
		return fmt.Sprintf("echo %s, id %d, seq %d", what, m.Rest>>16, m.Rest&0xffff)
	case icmpUnreachable:
		return m.unreachableWords4(quote)
	case icmpSourceQuench:
		return "source quench"
	case icmpTimeExceeded:
		switch m.Code {
		case 0:
			return "time exceeded in-transit"
		case 1:
			return "ip reassembly time exceeded"
		}
		return fmt.Sprintf("time exceeded-#%d", m.Code)
	case icmpParameter:
		if m.Code != 0 {
			return fmt.Sprintf("parameter problem - code %d", m.Code)
		}
		return fmt.Sprintf("parameter problem - octet %d", m.Rest>>24)
	}
	return fmt.Sprintf("type-#%d", m.Type)
}

// unreachableWords4 is what tcpdump says of an ICMPv4 Destination Unreachable.
func (m *Message) unreachableWords4(quote *Quote) string {
	switch m.kind4() {
	case ProtocolUnreachable:
		return fmt.Sprintf("%v protocol %d unreachable", quote.Dst, quote.Protocol)
	case PortUnreachable:
		return fmt.Sprintf("%v%s unreachable", quote.Dst, quote.port())
	case PacketTooBig:
		if mtu := m.Rest & 0xffff; mtu != 0 {
			return fmt.Sprintf("%v unreachable - need to frag (mtu %d)", quote.Dst, mtu)
		}
		return fmt.Sprintf("%v unreachable - need to frag", quote.Dst)
	}
	if format, ok := unreachableText4[m.Code]; ok {
		return fmt.Sprintf(format, quote.Dst)
	}
	return fmt.Sprintf("#%d %v unreachable", m.Code, quote.Dst)
}

// words6 is what tcpdump says of an ICMPv6 message that quotes this.
func (m *Message) words6(quote *Quote) string {
	switch m.Type {
	case icmp6EchoRequest:
		return fmt.Sprintf("echo request, id %d, seq %d", m.Rest>>16, m.Rest&0xffff)
	case icmp6EchoReply:
		return fmt.Sprintf("echo reply, id %d, seq %d", m.Rest>>16, m.Rest&0xffff)
	case icmp6Unreachable:
		if m.kind6() == PortUnreachable {
			return fmt.Sprintf("destination unreachable, unreachable port, %v%s", quote.Dst, quote.port())
		}
		if format, ok := unreachableText6[m.Code]; ok {
			return "destination unreachable, " + fmt.Sprintf(format, quote.Dst)
		}
		return fmt.Sprintf("destination unreachable, unknown unreach code (%d)", m.Code)
	case icmp6PacketTooBig:
		return fmt.Sprintf("packet too big, mtu %d", m.Rest)
	case icmp6TimeExceeded:
		switch m.Code {
		case 0:
			return fmt.Sprintf("time exceeded in-transit for %v", quote.Dst)
		case 1:
			return "time exceeded in-transit (reassembly)"
		}
		return fmt.Sprintf("time exceeded in-transit, unknown code (%d)", m.Code)
	case icmp6Parameter:
		return m.parameterWords6()
	}
	return fmt.Sprintf("unknown icmp6 type (%d)", m.Type)
}

// parameterWords6 is what tcpdump says of an ICMPv6 Parameter Problem.
func (m *Message) parameterWords6() string {
	switch m.Code {
	case 0:
		return fmt.Sprintf("parameter problem, erroneous - octet %d", m.Rest)
	case icmp6BadNextHeader:
		return fmt.Sprintf("parameter problem, next header - octet %d", m.Rest)
	case 2:
		return fmt.Sprintf("parameter problem, option - octet %d", m.Rest)
	}
	return fmt.Sprintf("parameter problem, code-#%d", m.Code)
}

// port is the port that nobody listens on, as tcpdump prints it after the
// address.
func (q *Quote) port() string {
	if q.TCP {
		return fmt.Sprintf(" tcp port %d", q.DstPort)
	}
	return fmt.Sprintf(" protocol %d", q.Protocol)
}
