package tcpmodel

import "rstlab/netsim/wire"

// Segment is a TCP segment with its options decoded. Ports and addresses are
// the [Stack]'s: an [Endpoint] knows neither.
type Segment struct {
	Seq, Ack uint32 // Ack has meaning when Flags has ACK
	Flags    wire.Flags
	onWire   uint8  // octets that the options had on the wire, with padding and unknown ones; 0 is none, or not known
	Window   uint16 // as on the wire: not scaled
	Options  Options
	// Payload is the text. It is kept, not copied: nobody may change it
	// afterwards.
	Payload []byte
}

// Options are the options of a segment that TCP knows here. Of the others
// nothing is kept (RFC 9293 section 3.2: "A TCP implementation MUST (MUST-6)
// ignore without error any TCP Option it does not implement").
type Options struct {
	MSS           uint16 // 0 when there is none
	HasScale      bool
	Scale         uint8 // shift count as on the wire
	SACKPermitted bool
	HasTimestamps bool
	TSVal, TSEcr  uint32
	Blocks        [4]wire.SACKBlock
	NumBlocks     uint8
}

// Len is SEG.LEN: text, SYN and FIN (RFC 9293 section 3.4).
func (s *Segment) Len() uint32 {
	n := uint32(len(s.Payload))
	if s.Flags.Has(wire.SYN) {
		n++
	}
	if s.Flags.Has(wire.FIN) {
		n++
	}
	return n
}

// FromWire decodes the options of a segment. The payload is shared.
func FromWire(w *wire.Segment) Segment {
	s := Segment{Seq: w.Seq, Ack: w.Ack, Flags: w.Flags, Window: w.Window, Payload: w.Payload, onWire: uint8(len(w.Options))}
	if len(w.Options) == 0 {
		return s
	}
	o := &s.Options
	if mss, ok := w.Options.MSS(); ok {
		o.MSS = mss
	}
	o.Scale, o.HasScale = w.Options.WindowScale()
	o.SACKPermitted = w.Options.SACKPermitted()
	o.TSVal, o.TSEcr, o.HasTimestamps = w.Options.Timestamps()
	for b := range w.Options.SACKBlocks() {
		if int(o.NumBlocks) < len(o.Blocks) {
			o.Blocks[o.NumBlocks] = b
			o.NumBlocks++
		}
	}
	return s
}

// ToWire encodes the segment between two ports. The payload is shared. The
// options stand in the order in which Linux writes them.
func (s *Segment) ToWire(src, dst uint16) wire.Segment {
	return wire.Segment{
		SrcPort: src, DstPort: dst,
		Seq: s.Seq, Ack: s.Ack, Flags: s.Flags, Window: s.Window,
		Options: s.Options.encode(), Payload: s.Payload,
	}
}

// optionsSize is how many bytes the options of a segment take: those that it came with, or
// that it would be sent with.
func (s *Segment) optionsSize() int {
	if s.onWire > 0 {
		return int(s.onWire)
	}
	return s.Options.size()
}

// size is how many bytes the options of a segment take.
func (o *Options) size() int {
	n := 0
	if o.MSS != 0 {
		n += 4
	}
	if o.HasTimestamps {
		n += 12 // SACK-permitted in the place of two NOPs
	} else if o.SACKPermitted {
		n += 4
	}
	if o.HasScale {
		n += 4
	}
	if o.NumBlocks > 0 {
		n += 4 + 8*int(o.NumBlocks)
	}
	return n
}

func (o *Options) encode() wire.Options {
	if *o == (Options{}) {
		return nil
	}
	w := make(wire.Options, 0, 40)
	if o.MSS != 0 {
		w = w.AppendMSS(o.MSS)
	}
	if o.HasTimestamps {
		if o.SACKPermitted {
			w = w.AppendSACKPermitted()
		} else {
			w = w.AppendNOP().AppendNOP()
		}
		w = w.AppendTimestamps(o.TSVal, o.TSEcr)
	} else if o.SACKPermitted {
		w = w.AppendNOP().AppendNOP().AppendSACKPermitted()
	}
	if o.HasScale {
		w = w.AppendNOP().AppendWindowScale(o.Scale)
	}
	if o.NumBlocks > 0 {
		w = w.AppendNOP().AppendNOP().AppendSACK(o.Blocks[:o.NumBlocks]...)
	}
	return w
}

// resetFor is the RST that answers a segment for which there is no connection.
// RFC 9293 section 3.10.7.1: "If the ACK bit is off, sequence number zero is
// used, <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>; If the ACK bit is on,
// <SEQ=SEG.ACK><CTL=RST>". ok is false for a RST: it is never answered.
func resetFor(s *Segment) (reset Segment, ok bool) {
	switch {
	case s.Flags.Has(wire.RST):
		return Segment{}, false
	case s.Flags.Has(wire.ACK):
		return Segment{Seq: s.Ack, Flags: wire.RST}, true
	default:
		return Segment{Ack: s.Seq + s.Len(), Flags: wire.RST | wire.ACK}, true
	}
}
