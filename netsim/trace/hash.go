package trace

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"

	"rstlab/netsim/wire"
)

// Hash is the identity of a run: the SHA-256 digest of the canonical binary
// encoding of its events. The same events have the same hash on every machine.
//
// The encoding covers every field of every event, with two economies: the payload
// bytes of a packet (TCP payload, ICMP body) are covered where the packet comes
// into being, [Sent] or [Injected], and only by their length in its later
// events. Whoever changes a payload on the way gives the packet a new Number. The
// Data of a [Call] are covered by what Args shows of them, and by the packets that
// they go out in.
// Of payload and data longer than 64 bytes their xxHash64 is covered: runs that
// differ only there are told apart but for a chance of 2^-64, not if someone
// makes a collision on purpose.
// The [Header] is not covered: two seeds that lead to the same events are the
// same run.
type Hash [sha256.Size]byte

// String is the hash in full, 64 hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Short is the first 16 hexadecimal digits, enough for people to tell runs apart.
func (h Hash) Short() string { return hex.EncodeToString(h[:8]) }

// MarshalText is [Hash.String] for encoders such as JSON.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText takes what [Hash.MarshalText] gives.
func (h *Hash) UnmarshalText(text []byte) error {
	var got Hash
	if len(text) != hex.EncodedLen(len(got)) {
		return fmt.Errorf("trace: a hash is %d hexadecimal digits, not %d bytes", hex.EncodedLen(len(got)), len(text))
	}
	if _, err := hex.Decode(got[:], text); err != nil {
		return fmt.Errorf("trace: hash %q: %w", text, err)
	}
	*h = got
	return nil
}

// hashPreamble opens the hashed bytes. Its number changes with the encoding, so
// that hashes of different encodings are never equal by accident.
const hashPreamble = "rstlab trace encoding 2\n"

// The groups of fields that an encoded event may have, as bits. A group whose
// fields are all zero is left out, whatever the kind, so no field is forgotten.
const (
	groupPacket = 1 << iota
	groupCall
	groupReturn
	groupState
	groupFault
)

// appendHead appends the encoding of e but for the bytes of its blobs (see
// [Event.blobs]), whose lengths it holds. It is self-delimiting: every integer is
// a varint, every string and address is preceded by its length.
func appendHead(b []byte, e *Event) []byte {
	groups := e.groups()
	b = binary.AppendUvarint(b, e.Seq)
	b = binary.AppendVarint(b, int64(e.At))
	b = append(b, byte(e.Kind), groups)
	b = appendString(b, e.Host)
	b = binary.AppendVarint(b, int64(e.FD))
	if groups&groupPacket != 0 {
		b = appendPacketGroup(b, e)
	}
	if groups&groupCall != 0 {
		b = appendString(b, e.Proc)
		b = appendString(b, e.Op)
		b = appendString(b, e.Args)
	}
	if groups&groupReturn != 0 {
		b = binary.AppendVarint(b, int64(e.N))
		b = appendString(b, e.Errno)
		b = appendString(b, e.Note)
		b = binary.AppendUvarint(b, uint64(len(e.Data)))
	}
	if groups&groupState != 0 {
		b = appendAddr(b, e.Local.Addr())
		b = binary.BigEndian.AppendUint16(b, e.Local.Port())
		b = appendAddr(b, e.Remote.Addr())
		b = binary.BigEndian.AppendUint16(b, e.Remote.Port())
		b = append(b, byte(e.From), byte(e.To))
	}
	if groups&groupFault != 0 {
		b = appendString(b, e.Fault)
	}
	return b
}

// groups tells which groups of fields have one that is not zero.
func (e *Event) groups() byte {
	var g byte
	if e.Number != 0 || e.Copy != 0 || e.Flip != 0 || e.Peer != "" || e.Reason != "" || !zeroPacket(&e.Packet) {
		g |= groupPacket
	}
	if e.Proc != "" || e.Op != "" || e.Args != "" {
		g |= groupCall
	}
	if e.N != 0 || e.Errno != "" || e.Note != "" || len(e.Data) != 0 && e.Kind != Call {
		g |= groupReturn
	}
	if e.From != 0 || e.To != 0 || e.Local != (netip.AddrPort{}) || e.Remote != (netip.AddrPort{}) {
		g |= groupState
	}
	if e.Fault != "" {
		g |= groupFault
	}
	return g
}

func zeroPacket(p *wire.Packet) bool {
	return p.Src == (netip.Addr{}) && p.Dst == (netip.Addr{}) &&
		p.TTL == 0 && p.TOS == 0 && p.ID == 0 && !p.DF && p.FlowLabel == 0 && p.Proto == 0 &&
		zeroSegment(&p.TCP) && zeroMessage(&p.ICMP)
}

func zeroSegment(s *wire.Segment) bool {
	return s.SrcPort == 0 && s.DstPort == 0 && s.Seq == 0 && s.Ack == 0 && s.Flags == 0 &&
		s.Window == 0 && s.Urgent == 0 && len(s.Options) == 0 && len(s.Payload) == 0
}

func zeroMessage(m *wire.Message) bool {
	return m.Type == 0 && m.Code == 0 && m.Rest == 0 && len(m.Body) == 0
}

// The parts of an encoded packet that are there, and its one boolean.
const (
	partTCP = 1 << iota
	partICMP
	partDF
)

func appendPacketGroup(b []byte, e *Event) []byte {
	p := &e.Packet
	b = binary.AppendUvarint(b, e.Number)
	b = binary.AppendVarint(b, int64(e.Copy))
	b = binary.AppendVarint(b, int64(e.Flip))
	b = appendString(b, e.Peer)
	b = appendString(b, e.Reason)
	b = appendAddr(b, p.Src)
	b = appendAddr(b, p.Dst)
	var parts byte
	if p.DF {
		parts |= partDF
	}
	if !zeroSegment(&p.TCP) {
		parts |= partTCP
	}
	if !zeroMessage(&p.ICMP) {
		parts |= partICMP
	}
	b = append(b, parts, byte(p.Proto), p.TTL, p.TOS)
	b = binary.AppendUvarint(b, uint64(p.ID))
	b = binary.AppendUvarint(b, uint64(p.FlowLabel))
	if parts&partTCP != 0 {
		b = appendSegmentHead(b, &p.TCP)
	}
	if parts&partICMP != 0 {
		b = append(b, p.ICMP.Type, p.ICMP.Code)
		b = binary.BigEndian.AppendUint32(b, p.ICMP.Rest)
		b = binary.AppendUvarint(b, uint64(len(p.ICMP.Body)))
	}
	return b
}

func appendSegmentHead(b []byte, s *wire.Segment) []byte {
	b = binary.BigEndian.AppendUint16(b, s.SrcPort)
	b = binary.BigEndian.AppendUint16(b, s.DstPort)
	b = binary.BigEndian.AppendUint32(b, s.Seq)
	b = binary.BigEndian.AppendUint32(b, s.Ack)
	b = append(b, byte(s.Flags))
	b = binary.BigEndian.AppendUint16(b, s.Window)
	b = binary.BigEndian.AppendUint16(b, s.Urgent)
	b = binary.AppendUvarint(b, uint64(len(s.Options)))
	b = append(b, s.Options...)
	return binary.AppendUvarint(b, uint64(len(s.Payload)))
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// appendAddr appends the address with its length before it; zones count.
func appendAddr(b []byte, a netip.Addr) []byte {
	switch {
	case !a.IsValid():
		return append(b, 0)
	case a.Is4():
		v4 := a.As4()
		return append(append(b, 4), v4[:]...)
	default:
		v6 := a.As16()
		b = append(append(b, 16), v6[:]...)
		return appendString(b, a.Zone())
	}
}

// blobs are the long byte strings that follow the head in the encoding.
func (e *Event) blobs() (data, payload, body []byte) {
	return e.Data, e.Packet.TCP.Payload, e.Packet.ICMP.Body
}

// hashesData reports whether the encoding that is hashed holds the data.
func (e *Event) hashesData() bool { return e.Kind != Call }

// hashesPayload reports whether the encoding that is hashed holds the payload.
func (e *Event) hashesPayload() bool {
	return e.Kind != Forwarded && e.Kind != Delivered && e.Kind != Dropped
}
