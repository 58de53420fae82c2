package trace

import (
	"bytes"
	"encoding/hex"
	"strconv"
	"strings"

	"rstlab/netsim/wire"
)

// appendPacket appends a packet nearly as tcpdump prints it.
func appendPacket(b []byte, p *wire.Packet, how numbering) []byte {
	if p.Proto == wire.ICMP {
		b = p.Src.AppendTo(b)
		b = append(b, " > "...)
		b = p.Dst.AppendTo(b)
		b = append(b, ": "...)
		return appendMessage(b, p)
	}
	b = appendAddrPort(b, p.Source())
	b = append(b, " > "...)
	b = appendAddrPort(b, p.Destination())
	b = append(b, ": "...)
	return appendSegment(b, &p.TCP, how)
}

// appendSegment appends "Flags [P.], seq 1:6, ack 1, win 512, options […],
// length 5: "GET /"".
func appendSegment(b []byte, s *wire.Segment, how numbering) []byte {
	b = append(b, "Flags ["...)
	b = append(b, s.Flags.String()...)
	b = append(b, "], seq "...)
	seq := how.seq.show(s.Seq)
	b = strconv.AppendInt(b, seq, 10)
	if len(s.Payload) != 0 {
		b = strconv.AppendInt(append(b, ':'), seq+int64(len(s.Payload)), 10)
	}
	if s.Flags.Has(wire.SYN) {
		b = append(b, " (isn "...)
		b = strconv.AppendUint(b, uint64(s.Seq), 10)
		b = append(b, ')')
	}
	if s.Flags.Has(wire.ACK) {
		b = append(b, ", ack "...)
		b = strconv.AppendInt(b, how.ack.show(s.Ack), 10)
	} else if s.Ack != 0 {
		b = append(b, ", ack field "...)
		b = strconv.AppendUint(b, uint64(s.Ack), 10)
	}
	b = append(b, ", win "...)
	b = strconv.AppendUint(b, uint64(s.Window), 10)
	if s.Urgent != 0 {
		b = append(b, ", urg "...)
		b = strconv.AppendUint(b, uint64(s.Urgent), 10)
	}
	if len(s.Options) != 0 {
		b = append(b, ", options ["...)
		b = append(b, optionsText(s.Options)...)
		b = append(b, ']')
	}
	return appendLength(b, s.Payload)
}

func appendLength(b []byte, payload []byte) []byte {
	b = append(b, ", length "...)
	b = strconv.AppendInt(b, int64(len(payload)), 10)
	if len(payload) != 0 {
		b = strconv.AppendQuote(append(b, ": "...), string(payload))
	}
	return b
}

// appendMessage appends "ICMP type 3 code 4 (packet-too-big), rest 1400,
// length 28: "…"". The name is for the eye only.
func appendMessage(b []byte, p *wire.Packet) []byte {
	m := &p.ICMP
	b = append(b, "ICMP type "...)
	b = strconv.AppendUint(b, uint64(m.Type), 10)
	b = append(b, " code "...)
	b = strconv.AppendUint(b, uint64(m.Code), 10)
	if name := icmpName(p); name != "" {
		b = append(append(append(b, " ("...), name...), ')')
	}
	if m.Rest != 0 {
		b = append(b, ", rest "...)
		b = strconv.AppendUint(b, uint64(m.Rest), 10)
	}
	return appendLength(b, m.Body)
}

// hexMark opens options that are not well-formed enough to have a text.
const hexMark = "0x"

// optionsText is the text of the options, reversible for any bytes.
func optionsText(o wire.Options) string {
	text := o.String()
	if !strings.Contains(text, "]") && !strings.HasPrefix(text, hexMark) {
		if back, err := wire.ParseOptions(text); err == nil && bytes.Equal(back, o) {
			return text
		}
	}
	return hexMark + hex.EncodeToString(o)
}

// icmpName is what the message reports, "port-unreachable"; "" where it has no name.
func icmpName(p *wire.Packet) string {
	if kind := p.ICMPKind(); kind != wire.NotICMPError {
		return kind.String()
	}
	switch echo := [2]uint8{p.ICMP.Type, p.ICMP.Code}; {
	case p.Src.Is4() && echo == [2]uint8{8, 0}, p.Src.Is6() && echo == [2]uint8{128, 0}:
		return "echo request"
	case p.Src.Is4() && echo == [2]uint8{0, 0}, p.Src.Is6() && echo == [2]uint8{129, 0}:
		return "echo reply"
	default:
		return ""
	}
}
