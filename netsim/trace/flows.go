package trace

import (
	"net/netip"

	"rstlab/netsim/wire"
)

// Relative sequence numbers count from a flow's SYN: the SYN is 0, the first
// byte 1. They are a matter of showing; events hold the numbers of the wire.
//
// A flow is one direction of a connection. It is numbered by the SYN that its
// host sends; a later SYN on the same addresses and ports, of a new connection,
// numbers it anew. A forged SYN numbers a flow only if nothing did before. A
// packet keeps the numbering that held when it was sent, so an old duplicate
// that arrives after a new connection was opened is shown as what it is.
//
// Writers and readers of text go through the same events with the same flows,
// which makes the numbers reversible.
type flows struct {
	isn map[flow]uint32
	// sent has the numbering of packets on the way, by Number. When it is full it is
	// emptied, in writer and reader alike.
	sent map[uint64]sentAs
}

type flow struct{ from, to netip.AddrPort }

// numbering is how the numbers of one segment are shown.
type numbering struct {
	seq, ack base
}

// base is the number that is shown as 0.
type base struct {
	isn   uint32
	known bool // false: numbers are shown as they are
}

type sentAs struct {
	flow flow
	how  numbering
}

// maxSent bounds the memory of flows.
const maxSent = 1 << 16

func newFlows() *flows {
	return &flows{isn: make(map[flow]uint32), sent: make(map[uint64]sentAs)}
}

// sighting is what a packet event tells about its flow. Seq matters only when
// the segment has SYN.
type sighting struct {
	kind   Kind
	number uint64
	flow   flow
	flags  wire.Flags
	seq    uint32
}

func sightingOf(e *Event) sighting {
	p := &e.Packet
	return sighting{
		kind: e.Kind, number: e.Number,
		flow:  flow{p.Source(), p.Destination()},
		flags: p.TCP.Flags, seq: p.TCP.Seq,
	}
}

// see takes the next packet event of a trace and tells how its numbers are
// shown.
func (f *flows) see(s sighting) numbering {
	if !s.kind.enters() {
		if was, ok := f.sent[s.number]; ok {
			if was.flow != s.flow && s.flags.Has(wire.SYN) { // translated by a NAT
				f.isn[s.flow] = s.seq
			}
			return was.how
		}
	}
	_, numbered := f.isn[s.flow]
	if s.flags.Has(wire.SYN) && (s.kind == Sent || !numbered) {
		f.isn[s.flow] = s.seq
	}
	how := numbering{seq: f.base(s.flow), ack: f.base(flow{s.flow.to, s.flow.from})}
	if s.kind.enters() {
		if len(f.sent) >= maxSent {
			clear(f.sent)
		}
		f.sent[s.number] = sentAs{s.flow, how}
	}
	return how
}

func (f *flows) base(of flow) base {
	isn, known := f.isn[of]
	return base{isn, known}
}

// show is the number as people see it: the signed distance from the base, so that
// one just below it is -1; or the number itself where no base is known.
func (b base) show(n uint32) int64 {
	if !b.known {
		return int64(n)
	}
	return int64(int32(n - b.isn))
}

// hide is the inverse of show; ok is false for a number that show never gives.
func (b base) hide(shown int64) (n uint32, ok bool) {
	n = uint32(shown)
	if b.known {
		n += b.isn
	}
	return n, b.show(n) == shown
}
