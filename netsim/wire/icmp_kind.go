package wire

// ICMPKind is what an ICMP error reports, the same for both IP versions.
type ICMPKind uint8

// The kinds of ICMP errors that TCP hears of. "v4" and "v6" are the type and
// code of a message, as [NewICMPError] writes them; reading is more lenient.
const (
	NotICMPError           ICMPKind = iota // not ICMP, or a message that is no error: echo, redirect, ...
	NetUnreachable                         // v4 3/0, v6 1/0 "no route to destination"
	HostUnreachable                        // v4 3/1, v6 1/3 "address unreachable"
	ProtocolUnreachable                    // v4 3/2, v6 4/1 "unrecognized Next Header type"
	PortUnreachable                        // v4 3/3, v6 1/4
	PacketTooBig                           // v4 3/4 "fragmentation needed and DF set", v6 2/0
	SourceRouteFailed                      // v4 3/5
	AdminProhibited                        // v4 3/13, v6 1/1
	TimeExceeded                           // v4 11/0, v6 3/0: in transit
	ReassemblyTimeExceeded                 // v4 11/1, v6 3/1
	ParameterProblem                       // v4 12/0, v6 4/0
	SourceQuench                           // v4 4/0; RFC 6633: ignored by TCP
	OtherICMPError                         // an error of a type or code not listed
)

// Types of messages; the two versions number them differently.
const (
	icmpEchoReply       = 0
	icmpUnreachable     = 3
	icmpSourceQuench    = 4
	icmpRedirect        = 5
	icmpEchoRequest     = 8
	icmpTimeExceeded    = 11
	icmpParameter       = 12
	icmp6Unreachable    = 1
	icmp6PacketTooBig   = 2
	icmp6TimeExceeded   = 3
	icmp6Parameter      = 4
	icmp6EchoRequest    = 128
	icmp6EchoReply      = 129
	icmp6Redirect       = 137
	icmp6FirstNoError   = 128 // RFC 4443 section 2.1: errors have types 0 to 127
	icmp6BadNextHeader  = 1   // code of icmp6Parameter
	icmpFragmentsNeeded = 4   // code of icmpUnreachable
)

var icmpKindNames = [...]string{
	NotICMPError:           "none",
	NetUnreachable:         "net-unreachable",
	HostUnreachable:        "host-unreachable",
	ProtocolUnreachable:    "protocol-unreachable",
	PortUnreachable:        "port-unreachable",
	PacketTooBig:           "packet-too-big",
	SourceRouteFailed:      "source-route-failed",
	AdminProhibited:        "admin-prohibited",
	TimeExceeded:           "time-exceeded",
	ReassemblyTimeExceeded: "reassembly-time-exceeded",
	ParameterProblem:       "parameter-problem",
	SourceQuench:           "source-quench",
	OtherICMPError:         "other",
}

// String is the kind's name: "host-unreachable".
func (k ICMPKind) String() string {
	if int(k) < len(icmpKindNames) {
		return icmpKindNames[k]
	}
	return "unknown"
}

// ParseICMPKind is the inverse of [ICMPKind.String]; ok is false for any other
// text.
func ParseICMPKind(name string) (k ICMPKind, ok bool) {
	for i, n := range icmpKindNames {
		if n == name {
			return ICMPKind(i), true
		}
	}
	return NotICMPError, false
}

// Hard reports whether the error lets TCP give up a connection that is being
// opened. RFC 1122 section 4.2.3.9: codes 2 to 4 of Destination Unreachable "are
// hard error conditions, so TCP SHOULD abort the connection"; of these, code 4
// became the signal of Path MTU Discovery (RFC 1191) and is not hard.
//
// RFC 5927 section 5.2 proposes to treat hard errors as soft ones in any of the
// synchronized states; what a stack does there is the stack's affair.
func (k ICMPKind) Hard() bool { return k == ProtocolUnreachable || k == PortUnreachable }

// icmpCode is the type and code of a message.
type icmpCode struct{ typ, code uint8 }

// icmpCodes are the types and codes that [NewICMPError] writes.
var icmpCodes = [...]struct {
	v4, v6       icmpCode
	hasV4, hasV6 bool
}{
	NetUnreachable:         {icmpCode{icmpUnreachable, 0}, icmpCode{icmp6Unreachable, 0}, true, true},
	HostUnreachable:        {icmpCode{icmpUnreachable, 1}, icmpCode{icmp6Unreachable, 3}, true, true},
	ProtocolUnreachable:    {icmpCode{icmpUnreachable, 2}, icmpCode{icmp6Parameter, icmp6BadNextHeader}, true, true},
	PortUnreachable:        {icmpCode{icmpUnreachable, 3}, icmpCode{icmp6Unreachable, 4}, true, true},
	PacketTooBig:           {icmpCode{icmpUnreachable, icmpFragmentsNeeded}, icmpCode{icmp6PacketTooBig, 0}, true, true},
	SourceRouteFailed:      {icmpCode{icmpUnreachable, 5}, icmpCode{}, true, false},
	AdminProhibited:        {icmpCode{icmpUnreachable, 13}, icmpCode{icmp6Unreachable, 1}, true, true},
	TimeExceeded:           {icmpCode{icmpTimeExceeded, 0}, icmpCode{icmp6TimeExceeded, 0}, true, true},
	ReassemblyTimeExceeded: {icmpCode{icmpTimeExceeded, 1}, icmpCode{icmp6TimeExceeded, 1}, true, true},
	ParameterProblem:       {icmpCode{icmpParameter, 0}, icmpCode{icmp6Parameter, 0}, true, true},
	SourceQuench:           {icmpCode{icmpSourceQuench, 0}, icmpCode{}, true, false},
	OtherICMPError:         {},
}

// code is what a message of this kind has in ICMPv4, or in ICMPv6; ok is false
// when that version has none.
func (k ICMPKind) code(v4 bool) (code icmpCode, ok bool) {
	switch {
	case int(k) >= len(icmpCodes):
		return icmpCode{}, false
	case v4:
		return icmpCodes[k].v4, icmpCodes[k].hasV4
	}
	return icmpCodes[k].v6, icmpCodes[k].hasV6
}

// ICMPKind classifies the packet: which error it is, if it is one.
func (p *Packet) ICMPKind() ICMPKind {
	switch {
	case p.Proto != ICMP:
		return NotICMPError
	case p.Src.Is4():
		return p.ICMP.kind4()
	}
	return p.ICMP.kind6()
}

// kind4 classifies a message of ICMPv4.
func (m *Message) kind4() ICMPKind {
	switch m.Type {
	case icmpUnreachable:
		return m.unreachable4()
	case icmpSourceQuench:
		return SourceQuench
	case icmpTimeExceeded:
		return byCode(m.Code, TimeExceeded, ReassemblyTimeExceeded)
	case icmpParameter:
		return ParameterProblem
	}
	return NotICMPError
}

// unreachable4 classifies a Destination Unreachable message of ICMPv4 by its
// code: RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1.
func (m *Message) unreachable4() ICMPKind {
	switch m.Code {
	case 0, 6, 11: // 6 network unknown, 11 unreachable for type of service
		return NetUnreachable
	case 1, 7, 8, 12: // 7 host unknown, 8 source isolated, 12 type of service
		return HostUnreachable
	case 2:
		return ProtocolUnreachable
	case 3:
		return PortUnreachable
	case icmpFragmentsNeeded:
		return PacketTooBig
	case 5:
		return SourceRouteFailed
	case 9, 10, 13, 14, 15: // 9 network, 10 host, 13 filter, 14 and 15 precedence
		return AdminProhibited
	}
	return OtherICMPError
}

// kind6 classifies a message of ICMPv6 (RFC 4443 section 3).
func (m *Message) kind6() ICMPKind {
	switch {
	case m.Type == icmp6Unreachable:
		// 2 beyond scope of source address, 5 source address failed
		// ingress/egress policy, 6 reject route to destination
		return byCode(m.Code, NetUnreachable, AdminProhibited, HostUnreachable,
			HostUnreachable, PortUnreachable, AdminProhibited, AdminProhibited)
	case m.Type == icmp6PacketTooBig: // code "ignored by the receiver"
		return PacketTooBig
	case m.Type == icmp6TimeExceeded:
		return byCode(m.Code, TimeExceeded, ReassemblyTimeExceeded)
	case m.Type == icmp6Parameter && m.Code == icmp6BadNextHeader:
		return ProtocolUnreachable
	case m.Type == icmp6Parameter:
		return ParameterProblem
	case m.Type < icmp6FirstNoError:
		return OtherICMPError
	}
	return NotICMPError
}

// byCode picks the kind at the code's place.
func byCode(code uint8, kinds ...ICMPKind) ICMPKind {
	if int(code) < len(kinds) {
		return kinds[code]
	}
	return OtherICMPError
}

// NextHopMTU is the MTU in bytes that an error of kind [PacketTooBig] reports;
// ok is false for other packets. It is 0 when an old router does not say (RFC
// 1191 section 4).
func (p *Packet) NextHopMTU() (mtu uint32, ok bool) {
	switch {
	case p.ICMPKind() != PacketTooBig:
		return 0, false
	case p.Src.Is4():
		return p.ICMP.Rest & 0xffff, true
	}
	return p.ICMP.Rest, true
}
