package trace

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"rstlab/netsim/wire"
)

// jsonEvent is an event as NDJSON has it; its fields are in the order of the line.
type jsonEvent struct {
	Seq  jsonUint `json:"seq"`
	At   jsonInt  `json:"at"`
	Kind string   `json:"kind"`
	Host jsonText `json:"host,omitzero"`

	Number jsonUint    `json:"number,omitzero"`
	Copy   jsonInt     `json:"copy,omitzero"`
	Peer   jsonText    `json:"peer,omitzero"`
	Flip   jsonInt     `json:"flip,omitzero"`
	Reason jsonText    `json:"reason,omitzero"`
	Packet *jsonPacket `json:"packet,omitempty"`

	Proc  jsonText `json:"proc,omitzero"`
	Op    jsonText `json:"op,omitzero"`
	FD    jsonInt  `json:"fd,omitzero"`
	Args  jsonText `json:"args,omitzero"`
	N     *jsonInt `json:"n,omitempty"` // in every return, even 0
	Errno jsonText `json:"errno,omitzero"`
	Data  jsonText `json:"data,omitzero"`
	Note  jsonText `json:"note,omitzero"`

	Local  string `json:"local,omitempty"`
	Remote string `json:"remote,omitempty"`
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"`

	Fault jsonText `json:"fault,omitzero"`
}

type jsonPacket struct {
	Src       string       `json:"src"`
	Dst       string       `json:"dst"`
	TTL       uint8        `json:"ttl,omitempty"`
	TOS       uint8        `json:"tos,omitempty"`
	ID        uint16       `json:"id,omitempty"`
	DF        bool         `json:"df,omitempty"`
	FlowLabel uint32       `json:"flowlabel,omitempty"`
	TCP       *jsonSegment `json:"tcp,omitempty"`
	ICMP      *jsonMessage `json:"icmp,omitempty"`
}

type jsonSegment struct {
	SrcPort uint16   `json:"sport"`
	DstPort uint16   `json:"dport"`
	Flags   string   `json:"flags"`
	Seq     uint32   `json:"seq"`
	Ack     uint32   `json:"ack,omitempty"`
	Window  uint16   `json:"win"`
	Urgent  uint16   `json:"urg,omitempty"`
	Options string   `json:"options,omitempty"` // as in the text form
	Payload jsonText `json:"payload,omitzero"`
}

type jsonMessage struct {
	Type uint8    `json:"type"`
	Code uint8    `json:"code"`
	Rest uint32   `json:"rest,omitempty"`
	Body jsonText `json:"body,omitzero"`
}

// set makes j the JSON form of e.
func (j *jsonEvent) set(e *Event) {
	*j = jsonEvent{
		Seq: jsonUint(e.Seq), At: jsonInt(e.At), Kind: e.Kind.String(), Host: jsonText(e.Host),
		Number: jsonUint(e.Number), Copy: jsonInt(e.Copy), Peer: jsonText(e.Peer),
		Flip: jsonInt(e.Flip), Reason: jsonText(e.Reason),
		Proc: jsonText(e.Proc), Op: jsonText(e.Op), FD: jsonInt(e.FD), Args: jsonText(e.Args),
		Errno: jsonText(e.Errno), Data: jsonText(e.Data), Note: jsonText(e.Note),
		Fault: jsonText(e.Fault),
	}
	if e.Kind.IsPacket() {
		j.Packet = jsonPacketOf(&e.Packet)
	}
	if e.Kind == Return {
		n := jsonInt(e.N)
		j.N = &n
	}
	if e.Kind == StateChange {
		j.Local, j.Remote = jsonAddrPort(e.Local), jsonAddrPort(e.Remote)
		j.From, j.To = e.From.String(), e.To.String()
	}
}

func jsonPacketOf(p *wire.Packet) *jsonPacket {
	j := &jsonPacket{
		Src: p.Src.String(), Dst: p.Dst.String(),
		TTL: p.TTL, TOS: p.TOS, ID: p.ID, DF: p.DF, FlowLabel: p.FlowLabel,
	}
	if p.Proto == wire.ICMP {
		m := &p.ICMP
		j.ICMP = &jsonMessage{Type: m.Type, Code: m.Code, Rest: m.Rest, Body: jsonText(m.Body)}
		return j
	}
	s := &p.TCP
	j.TCP = &jsonSegment{
		SrcPort: s.SrcPort, DstPort: s.DstPort, Flags: s.Flags.String(), Seq: s.Seq, Ack: s.Ack,
		Window: s.Window, Urgent: s.Urgent, Payload: jsonText(s.Payload),
	}
	if len(s.Options) != 0 {
		j.TCP.Options = optionsText(s.Options)
	}
	return j
}

// event is the inverse of set.
func (j *jsonEvent) event() (Event, error) {
	kind, ok := ParseKind(j.Kind)
	if !ok {
		return Event{}, fmt.Errorf("kind %q: want one of %v", j.Kind, kindNames[1:])
	}
	e := Event{
		Seq: uint64(j.Seq), At: time.Duration(j.At), Kind: kind, Host: string(j.Host),
		Number: uint64(j.Number), Copy: int(j.Copy), Peer: string(j.Peer),
		Flip: int(j.Flip), Reason: string(j.Reason),
		Proc: string(j.Proc), Op: string(j.Op), FD: int(j.FD), Args: string(j.Args),
		Errno: string(j.Errno), Data: bytesOf(string(j.Data)), Note: string(j.Note),
		Fault: string(j.Fault),
	}
	if j.N != nil {
		e.N = int(*j.N)
	}
	var err error
	if j.Packet != nil {
		e.Packet, err = j.Packet.packet()
	}
	if err == nil && kind == StateChange {
		err = j.state(&e)
	}
	return e, err
}

func (j *jsonEvent) state(e *Event) (err error) {
	var okFrom, okTo bool
	e.From, okFrom = wire.ParseState(j.From)
	e.To, okTo = wire.ParseState(j.To)
	if !okFrom || !okTo {
		return fmt.Errorf("from %q, to %q: want TCP states as in RFC 9293: ESTABLISHED, FIN-WAIT-1", j.From, j.To)
	}
	if e.Local, err = parseJSONAddrPort("local", j.Local); err != nil {
		return err
	}
	e.Remote, err = parseJSONAddrPort("remote", j.Remote)
	return err
}

func (j *jsonPacket) packet() (p wire.Packet, err error) {
	p = wire.Packet{TTL: j.TTL, TOS: j.TOS, ID: j.ID, DF: j.DF, FlowLabel: j.FlowLabel}
	if p.Src, err = parseAddr("src", j.Src); err != nil {
		return p, err
	}
	if p.Dst, err = parseAddr("dst", j.Dst); err != nil {
		return p, err
	}
	switch {
	case j.TCP != nil && j.ICMP == nil:
		p.TCP, err = j.TCP.segment()
	case j.ICMP != nil && j.TCP == nil:
		m := j.ICMP
		p.Proto = wire.ICMP
		p.ICMP = wire.Message{Type: m.Type, Code: m.Code, Rest: m.Rest, Body: bytesOf(string(m.Body))}
	default:
		err = errors.New("packet: want either tcp or icmp")
	}
	return p, err
}

func (j *jsonSegment) segment() (wire.Segment, error) {
	s := wire.Segment{
		SrcPort: j.SrcPort, DstPort: j.DstPort, Seq: j.Seq, Ack: j.Ack,
		Window: j.Window, Urgent: j.Urgent, Payload: bytesOf(string(j.Payload)),
	}
	var ok bool
	if s.Flags, ok = wire.ParseFlags(j.Flags); !ok {
		return s, fmt.Errorf("flags %q: want letters of FSRP.UEW, each at most once, or none", j.Flags)
	}
	if j.Options == "" {
		return s, nil
	}
	var err error
	if s.Options, err = parseOptions(j.Options); err != nil {
		return s, fmt.Errorf("options: %w", err)
	}
	return s, nil
}

func parseAddr(field, text string) (netip.Addr, error) {
	a, err := netip.ParseAddr(text)
	if err != nil {
		return a, fmt.Errorf("%s: %q is not an IP address", field, text)
	}
	return a, nil
}

// jsonAddrPort is the text form of [appendAddrPort], "" for the zero value.
func jsonAddrPort(a netip.AddrPort) string {
	if a == (netip.AddrPort{}) {
		return ""
	}
	return string(appendAddrPort(nil, a))
}

func parseJSONAddrPort(field, text string) (netip.AddrPort, error) {
	if text == "" {
		return netip.AddrPort{}, nil
	}
	s := scanner{text: text}
	a := s.addrPort("address and port")
	s.end()
	if s.err != nil {
		return a, fmt.Errorf("%s: %s", field, s.err.Reason)
	}
	return a, nil
}
