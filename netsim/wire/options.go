package wire

import (
	"encoding/binary"
	"iter"
)

// Options are the TCP options of a segment as they are on the wire, padding
// included (RFC 9293 section 3.2). A nil Options is "no options".
//
// Methods that read stop at the first malformed option, as if the list ended
// there; [Options.Validate] tells whether there is one.
type Options []byte

// OptionKind is the kind octet of a TCP option.
type OptionKind uint8

// The option kinds that have a name here. UserTimeout and FastOpen have no
// accessor, and print by number ("unknown-28").
const (
	EndOfOptions  OptionKind = 0  // RFC 9293
	NoOperation   OptionKind = 1  // RFC 9293
	MaxSegment    OptionKind = 2  // RFC 9293
	WindowScale   OptionKind = 3  // RFC 7323
	SACKPermitted OptionKind = 4  // RFC 2018
	SACK          OptionKind = 5  // RFC 2018
	Timestamps    OptionKind = 8  // RFC 7323
	UserTimeout   OptionKind = 28 // RFC 5482
	FastOpen      OptionKind = 34 // RFC 7413
)

// Sizes in bytes of the data of options that have a fixed one.
const (
	sizeMSS         = 2
	sizeWindowScale = 1
	sizeTimestamps  = 8
	sizeSACKBlock   = 8
)

// SACKBlock is a range of sequence numbers that arrived out of order (RFC 2018
// section 3). "Left Edge of Block: This is the first sequence number of this
// block. Right Edge of Block: This is the sequence number immediately following
// the last sequence number of this block."
type SACKBlock struct {
	Left, Right uint32
}

// All iterates over the options in their order, [NoOperation] too: their kinds,
// and their data without the kind and length octets. The data of [EndOfOptions]
// is the padding that follows it.
func (o Options) All() iter.Seq2[OptionKind, []byte] {
	return func(yield func(OptionKind, []byte) bool) {
		for rest := o; len(rest) > 0; {
			kind, data, size, reason := rest.first()
			if reason != "" || !yield(kind, data) {
				return
			}
			rest = rest[size:]
		}
	}
}

// first reads the option at the start of o, which is not empty: its kind, its
// data and its size in o, or the reason why it is malformed.
func (o Options) first() (kind OptionKind, data []byte, size int, reason string) {
	kind = OptionKind(o[0])
	switch {
	case kind == EndOfOptions:
		return kind, o[1:], len(o), ""
	case kind == NoOperation:
		return kind, nil, 1, ""
	case len(o) < 2:
		return kind, nil, 0, "the option has no length octet"
	}
	size = int(o[1])
	switch {
	case size < 2:
		return kind, nil, 0, "the option's length is less than 2"
	case size > len(o):
		return kind, nil, 0, "the option is longer than the list"
	}
	return kind, o[2:size:size], size, ""
}

// check returns the reason why o cannot be the options of a segment, and where
// the mistake is; the reason is "" for good options.
func (o Options) check() (offset int, reason string) {
	switch {
	case len(o) > maxOptionsLen:
		return maxOptionsLen, "the list is longer than 40 bytes"
	case len(o)%4 != 0:
		return len(o), "the list's length is not a multiple of 4"
	}
	for offset < len(o) {
		_, _, size, reason := o[offset:].first()
		if reason != "" {
			return offset, reason
		}
		offset += size
	}
	return 0, ""
}

// Validate returns a [ParseError] if o cannot be the options of a segment: if
// its length is not a multiple of 4 or is over 40 bytes, or if an option has a
// length that is less than 2 or leads out of the list. It does not judge the
// length that an option of its kind should have, nor any value: such options
// exist, and a receiver has to cope with them.
func (o Options) Validate() error {
	if offset, reason := o.check(); reason != "" {
		return parseError(ErrMalformed, LayerOptions, offset, "%s", reason)
	}
	return nil
}

// find returns the data of the first option of this kind whose data has this
// size; options of another size count as unknown ones.
func (o Options) find(kind OptionKind, size int) (data []byte, ok bool) {
	for k, d := range o.All() {
		if k == kind && len(d) == size {
			return d, true
		}
	}
	return nil, false
}

// MSS returns the value of the Maximum Segment Size option, in bytes; ok is
// false when there is none of the right length.
func (o Options) MSS() (mss uint16, ok bool) {
	data, ok := o.find(MaxSegment, sizeMSS)
	if !ok {
		return 0, false
	}
	return binary.BigEndian.Uint16(data), true
}

// WindowScale returns the shift count of the Window Scale option as it is on the
// wire, even above 14 (RFC 7323 section 2.3 says to use 14 then); ok is false
// when there is none of the right length.
func (o Options) WindowScale() (shift uint8, ok bool) {
	data, ok := o.find(WindowScale, sizeWindowScale)
	if !ok {
		return 0, false
	}
	return data[0], true
}

// SACKPermitted reports whether there is a SACK-Permitted option.
func (o Options) SACKPermitted() bool {
	_, ok := o.find(SACKPermitted, 0)
	return ok
}

// Timestamps returns TSval and TSecr of the Timestamps option; ok is false when
// there is none of the right length.
func (o Options) Timestamps() (val, ecr uint32, ok bool) {
	data, ok := o.find(Timestamps, sizeTimestamps)
	if !ok {
		return 0, 0, false
	}
	return binary.BigEndian.Uint32(data), binary.BigEndian.Uint32(data[4:]), true
}

// SACKBlocks iterates over the blocks of the SACK options in their order.
func (o Options) SACKBlocks() iter.Seq[SACKBlock] {
	return func(yield func(SACKBlock) bool) {
		for kind, data := range o.All() {
			if kind != SACK || len(data)%sizeSACKBlock != 0 {
				continue
			}
			for ; len(data) > 0; data = data[sizeSACKBlock:] {
				if !yield(sackBlock(data)) {
					return
				}
			}
		}
	}
}

// sackBlock reads the block at the start of a SACK option's data.
func sackBlock(data []byte) SACKBlock {
	return SACKBlock{Left: binary.BigEndian.Uint32(data), Right: binary.BigEndian.Uint32(data[4:])}
}
