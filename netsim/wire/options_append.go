package wire

import "encoding/binary"

// The Append methods add one option to the end and return the longer list, as
// append does. They can be chained:
//
//	wire.Options(nil).AppendMSS(1460).AppendSACKPermitted().Pad()
//
// None of them checks that the list stays within 40 bytes; [Build] does.

// AppendOption adds an option of any kind that has a length octet. It panics if
// data is longer than the 253 bytes that the length octet can count.
func (o Options) AppendOption(kind OptionKind, data []byte) Options {
	if len(data) > maxOptionData {
		panic("wire: AppendOption: data is longer than 253 bytes")
	}
	return append(append(o, byte(kind), byte(2+len(data))), data...)
}

// maxOptionData is the longest data that an option's length octet can count.
const maxOptionData = 255 - 2

// AppendMSS adds a Maximum Segment Size option (RFC 9293 section 3.7.1).
func (o Options) AppendMSS(mss uint16) Options {
	return binary.BigEndian.AppendUint16(append(o, byte(MaxSegment), 2+sizeMSS), mss)
}

// AppendWindowScale adds a Window Scale option (RFC 7323 section 2.2).
func (o Options) AppendWindowScale(shift uint8) Options {
	return append(o, byte(WindowScale), 2+sizeWindowScale, shift)
}

// AppendSACKPermitted adds a SACK-Permitted option (RFC 2018 section 2).
func (o Options) AppendSACKPermitted() Options {
	return append(o, byte(SACKPermitted), 2)
}

// AppendTimestamps adds a Timestamps option (RFC 7323 section 3.2).
func (o Options) AppendTimestamps(val, ecr uint32) Options {
	o = binary.BigEndian.AppendUint32(append(o, byte(Timestamps), 2+sizeTimestamps), val)
	return binary.BigEndian.AppendUint32(o, ecr)
}

// AppendSACK adds a SACK option (RFC 2018 section 3); without blocks it adds
// nothing. RFC 2018: "A SACK option that specifies n blocks will have a length
// of 8*n+2 bytes, so the 40 bytes available for TCP options can specify a
// maximum of 4 blocks." It panics above 31 blocks, which no length octet counts.
func (o Options) AppendSACK(blocks ...SACKBlock) Options {
	if len(blocks) == 0 {
		return o
	}
	if len(blocks)*sizeSACKBlock > maxOptionData {
		panic("wire: AppendSACK: more than 31 blocks")
	}
	o = append(o, byte(SACK), byte(2+sizeSACKBlock*len(blocks)))
	for _, b := range blocks {
		o = binary.BigEndian.AppendUint32(o, b.Left)
		o = binary.BigEndian.AppendUint32(o, b.Right)
	}
	return o
}

// AppendNOP adds a No-Operation option, with which senders align what follows
// (RFC 9293 section 3.2).
func (o Options) AppendNOP() Options { return append(o, byte(NoOperation)) }

// Pad ends the list at a multiple of 4 bytes with an End of Option List option
// and zeros; it adds nothing where that is so already. RFC 9293 section 3.1:
// "The padding is composed of zeros."
func (o Options) Pad() Options {
	for len(o)%4 != 0 {
		o = append(o, byte(EndOfOptions))
	}
	return o
}
