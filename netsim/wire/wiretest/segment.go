package wiretest

import (
	"math"

	"pgregory.net/rapid"

	"rstlab/netsim/wire"
)

// Segment generates TCP segments, flags in any combination.
func Segment() *rapid.Generator[wire.Segment] {
	return rapid.Custom(func(t *rapid.T) wire.Segment {
		return wire.Segment{
			SrcPort: rapid.Uint16().Draw(t, "source port"),
			DstPort: rapid.Uint16().Draw(t, "destination port"),
			Seq:     Seq().Draw(t, "seq"),
			Ack:     Seq().Draw(t, "ack"),
			Flags:   Flags().Draw(t, "flags"),
			Window:  rapid.Uint16().Draw(t, "window"),
			Urgent:  rapid.OneOf(rapid.Just(uint16(0)), rapid.Uint16()).Draw(t, "urgent"),
			Options: Options().Draw(t, "options"),
			Payload: Bytes(MaxPayload).Draw(t, "payload"),
		}
	})
}

// Seq generates sequence numbers, often next to the point where they wrap and
// to the point where comparison changes its sign.
func Seq() *rapid.Generator[uint32] {
	return rapid.OneOf(
		rapid.Uint32Range(0, 3),
		rapid.Uint32Range(math.MaxUint32-3, math.MaxUint32),
		rapid.Uint32Range(math.MaxInt32-1, math.MaxInt32+3),
		rapid.Uint32(),
	)
}

// Flags generates control bits: those that real segments have, and any.
func Flags() *rapid.Generator[wire.Flags] {
	return rapid.OneOf(
		rapid.SampledFrom([]wire.Flags{
			wire.SYN, wire.SYN | wire.ACK, wire.ACK, wire.PSH | wire.ACK,
			wire.FIN | wire.ACK, wire.RST, wire.RST | wire.ACK,
		}),
		rapid.Map(rapid.Uint8(), func(u uint8) wire.Flags { return wire.Flags(u) }),
	)
}

// Message generates ICMP messages: errors, echoes, and any type and code. It
// does not know the IP version that will carry it, so a type may be one of the
// other version.
func Message() *rapid.Generator[wire.Message] {
	return rapid.Custom(func(t *rapid.T) wire.Message {
		return wire.Message{
			Type: rapid.OneOf(
				rapid.SampledFrom([]uint8{0, 1, 2, 3, 4, 8, 11, 12, 128, 129}),
				rapid.Uint8(),
			).Draw(t, "type"),
			Code: rapid.OneOf(rapid.Uint8Range(0, 15), rapid.Uint8()).Draw(t, "code"),
			Rest: rapid.OneOf(rapid.Uint32Range(0, 1500), rapid.Uint32()).Draw(t, "rest"),
			Body: Bytes(MaxPayload).Draw(t, "body"),
		}
	})
}

// Bytes generates up to limit bytes, nil when there are none.
func Bytes(limit int) *rapid.Generator[[]byte] {
	return rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, limit), func(b []byte) []byte {
		if len(b) == 0 {
			return nil
		}
		return b
	})
}
