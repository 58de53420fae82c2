package trace

import (
	"net/netip"
	"strings"

	"rstlab/netsim/wire"
)

func (s *scanner) packetEvent(e *Event, f *flows) {
	s.space()
	mark := s.until(" ")
	for k, m := range kindMarks {
		if m != "" && m == mark {
			e.Kind = Kind(k)
		}
	}
	if e.Kind == 0 {
		s.fail("found %q after the host, want > sent, >> forwarded, < delivered, x dropped, ! injected, "+
			"or a colon right behind the host", mark)
		return
	}
	s.space()
	e.Peer = s.name("other end of the link, or - for none")
	s.space()
	s.expect("#")
	e.Number = s.uint("number of the packet", 64)
	s.space()
	u := unusual{ttl: defaultTTL}
	if s.skip("(") {
		s.unusual(e, &u)
		s.expect(")")
		s.space()
	}
	s.packet(e, &u, f)
	if s.skip(reasonMark) {
		e.Reason = s.freeText("reason")
	}
}

// unusual are the values in parentheses before a packet.
type unusual struct {
	ttl, tos uint8
	id       uint16
	df, noDF bool
	label    uint32
}

func (s *scanner) unusual(e *Event, u *unusual) {
	for s.err == nil {
		switch {
		case s.skip("copy "):
			e.Copy = int(s.int("number of the copy"))
		case s.skip("ttl "):
			u.ttl = uint8(s.uint("TTL", 8))
		case s.skip("tos 0x"):
			u.tos = uint8(s.hex("TOS", 8))
		case s.skip("id "):
			u.id = uint16(s.uint("IP identification", 16))
		case s.skip("no df"):
			u.noDF = true
		case s.skip("df"):
			u.df = true
		case s.skip("flowlabel 0x"):
			u.label = uint32(s.hex("flow label", 32))
		case s.skip("bit "):
			e.Flip = int(s.int("number of the flipped bit") + 1)
			s.expect(" flipped")
		default:
			s.fail("found %s, want copy, ttl, tos, id, df, no df, flowlabel or bit", s.next())
		}
		if !s.skip(", ") {
			return
		}
	}
}

func (s *scanner) otherEvent(e *Event) {
	if s.skip("/") {
		e.Proc = s.name("name of the proc")
	}
	s.expect(":")
	s.space()
	switch {
	case s.skip("fault:"):
		e.Kind = Fault
		s.space()
		e.Fault = s.freeText("fault")
	case s.skip("["):
		s.state(e)
	default:
		s.call(e)
	}
}

// state is the inverse of appendState, but for the first bracket.
func (s *scanner) state(e *Event) {
	e.Kind = StateChange
	if !s.skip("-]") {
		e.FD = int(s.int("descriptor, or - for none"))
		s.expect("]")
	}
	s.space()
	e.From = s.stateName()
	s.expect(" -> ")
	e.To = s.stateName()
	s.expect(", ")
	e.Local = s.addrPort("local address and port")
	s.expect(" > ")
	e.Remote = s.addrPort("remote address and port")
}

func (s *scanner) stateName() wire.State {
	start := s.pos
	name := s.while(func(c byte) bool { return 'A' <= c && c <= 'Z' || digit(c) || c == '-' })
	state, ok := wire.ParseState(name)
	if !ok {
		s.pos = start
		s.fail("%q is not a TCP state; states are written as in RFC 9293: ESTABLISHED, FIN-WAIT-1", name)
	}
	return state
}

// addrPort is the inverse of appendAddrPort.
func (s *scanner) addrPort(what string) netip.AddrPort {
	start := s.pos
	text := s.while(func(c byte) bool { return hexDigit(c) || c == ':' || c == '.' || c == '*' })
	// The colon that ends a packet's addresses is not part of them.
	for strings.HasSuffix(text, ":") {
		text = text[:len(text)-1]
		s.pos--
	}
	dot := strings.LastIndexByte(text, '.')
	if dot < 0 {
		s.pos = start
		s.fail("found %s, want ADDRESS.PORT: the %s", s.next(), what)
		return netip.AddrPort{}
	}
	var addr netip.Addr
	if text[:dot] != "*" {
		addr = s.addr(text[:dot], start)
	}
	port := scanner{text: text[dot+1:]}
	n := port.uint("port", 16)
	port.end()
	if s.err == nil && port.err != nil {
		s.pos = start + dot + 1
		s.fail("%q is not a port", text[dot+1:])
	}
	return netip.AddrPortFrom(addr, uint16(n))
}

func (s *scanner) addr(text string, start int) netip.Addr {
	a, err := netip.ParseAddr(text)
	if err != nil {
		s.pos = start
		s.fail("%q is not an IP address", text)
	}
	return a
}

// call is the inverse of appendCall.
func (s *scanner) call(e *Event) {
	e.Op = s.name("name of a socket call, fault: or [")
	s.expect("(")
	switch {
	case strings.HasPrefix(s.rest(), callMark), strings.HasPrefix(s.rest(), returnMark):
	case s.skip("-, "):
		e.Args = s.freeText("arguments", callMark, returnMark)
	default:
		e.FD = int(s.int("descriptor, or - for none"))
		if s.skip(", ") {
			e.Args = s.freeText("arguments", callMark, returnMark)
		}
	}
	if s.skip(callMark) {
		e.Kind = Call
		s.data(e)
		return
	}
	s.expect(returnMark)
	e.Kind = Return
	s.result(e)
}

// result is the inverse of appendResult.
func (s *scanner) result(e *Event) {
	if rest := s.rest(); rest != "" && (digit(rest[0]) || rest[0] == '-') {
		e.N = int(s.int("result"))
		if s.err != nil || s.pos == len(s.text) {
			return
		}
		if strings.HasPrefix(s.rest(), ` \`) || len(s.rest()) > 1 && s.rest()[1] >= 'A' && s.rest()[1] <= 'Z' {
			s.space()
			e.Errno = s.errno()
		}
	} else {
		e.Errno = s.errno()
	}
	s.data(e)
	if s.skip(eofMark) && !e.endOfStream() {
		s.fail("%q belongs behind a recv that returned 0, nothing else", eofMark[1:])
	}
	if s.skip(reasonMark) {
		e.Note = s.freeText("note")
	}
}

// data is the inverse of appendData.
func (s *scanner) data(e *Event) {
	if strings.HasPrefix(s.rest(), ` "`) {
		s.space()
		e.Data = bytesOf(s.quoted("data"))
	}
}

func (s *scanner) errno() string {
	if s.skip(`\`) {
		return s.quoted("errno")
	}
	errno := s.while(func(c byte) bool { return 'A' <= c && c <= 'Z' || digit(c) || c == '_' })
	if errno == "" {
		s.fail("found %s, want a number, or the name of an errno such as ECONNRESET", s.next())
	}
	return errno
}

// bytesOf is nil for the empty string, as in events that were recorded.
func bytesOf(text string) []byte {
	if text == "" {
		return nil
	}
	return []byte(text)
}
