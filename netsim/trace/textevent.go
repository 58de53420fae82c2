package trace

import (
	"net/netip"
	"strconv"

	"rstlab/netsim/wire"
)

// kindMarks are how a line shows what became of a packet, between the place
// where it happened and the other end of the link.
var kindMarks = [...]string{
	Sent:      ">",
	Forwarded: ">>",
	Delivered: "<",
	Dropped:   "x",
	Injected:  "!",
}

// reasonMark opens the text at the end of a line: a Reason, a Note.
const reasonMark = " -- "

func (f *Formatter) appendPacketEvent(b []byte, e *Event) []byte {
	how := numbering{}
	if e.Packet.Proto == wire.TCP {
		how = f.flows.see(sightingOf(e))
	}
	b = pad(b, -f.hostWidth, func(b []byte) []byte { return appendName(b, e.Host) })
	b = append(b, ' ')
	b = pad(b, -2, func(b []byte) []byte { return append(b, kindMarks[e.Kind]...) })
	b = append(b, ' ')
	b = pad(b, -f.hostWidth, func(b []byte) []byte { return appendName(b, e.Peer) })
	b = append(b, " #"...)
	b = strconv.AppendUint(b, e.Number, 10)
	b = append(b, ' ')
	b = appendUnusual(b, e)
	b = appendPacket(b, &e.Packet, how)
	if e.Reason != "" {
		b = appendText(append(b, reasonMark...), e.Reason)
	}
	return b
}

// The default of each field that is printed only when it differs.
const defaultTTL = 64

func defaultDF(src netip.Addr) bool { return src.Is4() }

// appendUnusual appends what few packets have, in parentheses:
// "(copy 1, ttl 63, tos 0x2, id 7, no df, flowlabel 0x12345, bit 17 flipped) ".
func appendUnusual(b []byte, e *Event) []byte {
	p := &e.Packet
	start := len(b)
	sep := func(what string) {
		if len(b) == start {
			b = append(b, '(')
		} else {
			b = append(b, ", "...)
		}
		b = append(b, what...)
	}
	if e.Copy != 0 {
		sep("copy ")
		b = strconv.AppendInt(b, int64(e.Copy), 10)
	}
	if p.TTL != defaultTTL {
		sep("ttl ")
		b = strconv.AppendUint(b, uint64(p.TTL), 10)
	}
	if p.TOS != 0 {
		sep("tos 0x")
		b = strconv.AppendUint(b, uint64(p.TOS), 16)
	}
	if p.ID != 0 {
		sep("id ")
		b = strconv.AppendUint(b, uint64(p.ID), 10)
	}
	if p.DF != defaultDF(p.Src) {
		if !p.DF {
			sep("no df")
		} else {
			sep("df")
		}
	}
	if p.FlowLabel != 0 {
		sep("flowlabel 0x")
		b = strconv.AppendUint(b, uint64(p.FlowLabel), 16)
	}
	if e.Flip != 0 {
		sep("bit ")
		b = strconv.AppendInt(b, int64(e.Flip)-1, 10)
		b = append(b, " flipped"...)
	}
	if len(b) > start {
		b = append(b, ") "...)
	}
	return b
}

// appendCall appends "recv(3, 4096) ..." or "recv(3) = 5 "HELLO"". Behind a call
// stand the bytes of which its arguments have only the first.
func appendCall(b []byte, e *Event) []byte {
	b = append(appendName(b, e.Op), '(')
	if e.FD != 0 {
		b = strconv.AppendInt(b, int64(e.FD), 10)
	} else if e.Args != "" {
		b = append(b, '-') // else the first argument would pass for a descriptor
	}
	if e.Args != "" {
		b = appendText(append(b, ", "...), e.Args, callMark, returnMark)
	}
	if e.Kind == Call {
		return appendData(append(b, callMark...), e)
	}
	return appendResult(append(b, returnMark...), e)
}

// What follows the arguments: of a call, of a return.
const (
	callMark   = ") ..."
	returnMark = ") = "
)

// eofMark follows the 0 of a recv that has met the end of the stream.
const eofMark = " (EOF)"

// appendResult appends the value, unless it is the 0 of a failed call, the errno,
// the data and the note.
func appendResult(b []byte, e *Event) []byte {
	if e.N != 0 || e.Errno == "" {
		b = strconv.AppendInt(b, int64(e.N), 10)
		if e.Errno != "" {
			b = append(b, ' ')
		}
	}
	if e.Errno != "" {
		b = appendErrno(b, e.Errno)
	}
	b = appendData(b, e)
	if e.endOfStream() {
		b = append(b, eofMark...)
	}
	if e.Note != "" {
		b = appendText(append(b, reasonMark...), e.Note)
	}
	return b
}

func appendData(b []byte, e *Event) []byte {
	if len(e.Data) == 0 {
		return b
	}
	return strconv.AppendQuote(append(b, ' '), string(e.Data))
}

// endOfStream reports whether e is a recv that has met the end of the stream.
func (e *Event) endOfStream() bool {
	return e.Kind == Return && e.Op == "recv" && e.N == 0 && e.Errno == "" && len(e.Data) == 0
}

// appendErrno appends a name such as ECONNRESET bare, anything else quoted with
// a backslash before it.
func appendErrno(b []byte, errno string) []byte {
	if bareErrno(errno) {
		return append(b, errno...)
	}
	return strconv.AppendQuote(append(b, '\\'), errno)
}

func bareErrno(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'A' || c > 'Z') && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return s != ""
}

// appendState appends "[3] SYN-SENT -> ESTABLISHED, 10.0.0.1.49152 > 10.0.0.2.80",
// "[-]" when the endpoint has no descriptor.
func appendState(b []byte, e *Event) []byte {
	b = append(b, '[')
	if e.FD != 0 {
		b = strconv.AppendInt(b, int64(e.FD), 10)
	} else {
		b = append(b, '-')
	}
	b = append(b, "] "...)
	b = append(b, e.From.String()...)
	b = append(b, " -> "...)
	b = append(b, e.To.String()...)
	b = append(b, ", "...)
	b = appendAddrPort(b, e.Local)
	b = append(b, " > "...)
	return appendAddrPort(b, e.Remote)
}

// appendAddrPort appends address and port as tcpdump does, "10.0.0.1.80"; "*" for
// no address.
func appendAddrPort(b []byte, a netip.AddrPort) []byte {
	if a.Addr().IsValid() {
		b = a.Addr().AppendTo(b)
	} else {
		b = append(b, '*')
	}
	return strconv.AppendUint(append(b, '.'), uint64(a.Port()), 10)
}
