package trace

import (
	"encoding/hex"
	"math"
	"net/netip"
	"strings"

	"rstlab/netsim/wire"
)

// packet is the inverse of appendUnusual, in part, and of appendPacket.
func (s *scanner) packet(e *Event, u *unusual, f *flows) {
	p := &e.Packet
	if s.icmpAhead() {
		p.Proto = wire.ICMP
		p.Src = s.plainAddr("source address")
		s.expect(" > ")
		p.Dst = s.plainAddr("destination address")
	} else {
		src := s.addrPort("source address and port")
		s.expect(" > ")
		dst := s.addrPort("destination address and port")
		p.Src, p.TCP.SrcPort = src.Addr(), src.Port()
		p.Dst, p.TCP.DstPort = dst.Addr(), dst.Port()
	}
	p.TTL, p.TOS, p.ID, p.FlowLabel = u.ttl, u.tos, u.id, u.label
	p.DF = (defaultDF(p.Src) || u.df) && !u.noDF
	s.expect(": ")
	if p.Proto == wire.ICMP {
		s.message(&p.ICMP)
		return
	}
	s.segment(e, f)
}

// icmpAhead tells from what follows the addresses whether they have ports.
func (s *scanner) icmpAhead() bool {
	before, _, found := strings.Cut(s.rest(), ": ICMP ")
	return found && !strings.Contains(before, ": Flags [")
}

func (s *scanner) plainAddr(what string) netip.Addr {
	start := s.pos
	text := s.while(func(c byte) bool { return hexDigit(c) || c == ':' || c == '.' })
	if bare, cut := strings.CutSuffix(text, ":"); cut && strings.HasPrefix(s.rest(), " ICMP ") {
		text = bare // this colon ends the addresses
		s.pos--
	}
	if text == "" {
		s.fail("found %s, want the %s", s.next(), what)
		return netip.Addr{}
	}
	return s.addr(text, start)
}

// segment is the inverse of appendSegment.
func (s *scanner) segment(e *Event, f *flows) {
	seg := &e.Packet.TCP
	s.flags(seg)
	s.expect(", seq ")
	seqAt := s.pos
	seq := s.int("sequence number")
	end := seq
	if s.skip(":") {
		end = s.int("sequence number after the last byte")
	}
	if seg.Flags.Has(wire.SYN) {
		s.expect(" (isn ")
		seg.Seq = uint32(s.uint("initial sequence number", 32))
		s.expect(")")
	}
	if s.err != nil {
		return
	}
	how := f.see(sightingOf(e))
	n, ok := how.seq.hide(seq)
	if !ok {
		s.failSeq(seqAt, how.seq, "sequence number")
		return
	}
	if !seg.Flags.Has(wire.SYN) {
		seg.Seq = n
	} else if n != seg.Seq {
		s.pos = seqAt
		s.fail("seq %d does not agree with the isn behind it: by the flow's first SYN it is %d", seq, how.seq.show(seg.Seq))
		return
	}
	s.acknowledgment(seg, how.ack)
	s.window(seg)
	lengthAt := s.pos
	seg.Payload = s.length()
	if s.err == nil && end-seq != int64(len(seg.Payload)) {
		s.pos = lengthAt
		s.fail("%d bytes of payload do not make seq %d:%d", len(seg.Payload), seq, end)
	}
}

func (s *scanner) failSeq(pos int, b base, what string) {
	s.pos = pos
	if b.known {
		s.fail("a relative %s is between %d and %d", what, math.MinInt32, math.MaxInt32)
	} else {
		s.fail("an absolute %s, of a flow without SYN, is between 0 and %d", what, uint32(math.MaxUint32))
	}
}

func (s *scanner) flags(seg *wire.Segment) {
	s.expect("Flags [")
	start := s.pos
	text := s.until("]")
	flags, ok := wire.ParseFlags(text)
	if s.err == nil && !ok {
		s.pos = start
		s.fail("flags %q: want letters of FSRP.UEW, each at most once, or none", text)
	}
	seg.Flags = flags
	s.expect("]")
}

func (s *scanner) acknowledgment(seg *wire.Segment, b base) {
	if !seg.Flags.Has(wire.ACK) {
		if s.skip(", ack field ") {
			seg.Ack = uint32(s.uint("acknowledgment field", 32))
		}
		return
	}
	s.expect(", ack ")
	at := s.pos
	shown := s.int("acknowledgment number")
	n, ok := b.hide(shown)
	if s.err == nil && !ok {
		s.failSeq(at, b, "acknowledgment number")
	}
	seg.Ack = n
}

// window takes the window, the urgent pointer and the options.
func (s *scanner) window(seg *wire.Segment) {
	s.expect(", win ")
	seg.Window = uint16(s.uint("window", 16))
	if s.skip(", urg ") {
		seg.Urgent = uint16(s.uint("urgent pointer", 16))
	}
	if !s.skip(", options [") {
		return
	}
	start := s.pos
	text := s.until("]")
	o, err := parseOptions(text)
	if s.err == nil && err != nil {
		s.pos = start
		s.fail("options: %v", err)
	}
	seg.Options = o
	s.expect("]")
}

// parseOptions is the inverse of optionsText.
func parseOptions(text string) (wire.Options, error) {
	digits, isHex := strings.CutPrefix(text, hexMark)
	if !isHex {
		o, err := wire.ParseOptions(text)
		if len(o) == 0 {
			return nil, err
		}
		return o, err
	}
	o, err := hex.DecodeString(digits)
	if len(o) == 0 {
		return nil, err
	}
	return o, err
}

// length is the inverse of appendLength.
func (s *scanner) length() []byte {
	s.expect(", length ")
	start := s.pos
	n := s.uint("length of the payload", 31)
	if n == 0 || s.err != nil {
		return nil
	}
	s.expect(": ")
	payload := bytesOf(s.quoted("payload"))
	if s.err == nil && uint64(len(payload)) != n {
		s.pos = start
		s.fail("length %d, but the payload behind it has %d bytes", n, len(payload))
	}
	return payload
}

// message is the inverse of appendMessage.
func (s *scanner) message(m *wire.Message) {
	s.expect("ICMP type ")
	m.Type = uint8(s.uint("ICMP type", 8))
	s.expect(" code ")
	m.Code = uint8(s.uint("ICMP code", 8))
	if s.skip(" (") { // the name of type and code
		s.until(")")
		s.expect(")")
	}
	if s.skip(", rest ") {
		m.Rest = uint32(s.uint("rest of the header", 32))
	}
	m.Body = s.length()
}
