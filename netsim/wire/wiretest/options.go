package wiretest

import (
	"encoding/binary"

	"pgregory.net/rapid"

	"rstlab/netsim/wire"
)

// maxOptions is the room that a TCP header has for options, in bytes: Data
// Offset counts at most 15 words, five of them the fixed header.
const maxOptions = 40

// Options generates well-formed lists of TCP options: known ones, unknown ones,
// known ones of a wrong length, no-operations, and after an end-of-options any
// padding. They are a multiple of 4 bytes, at most 40, and nil when empty.
func Options() *rapid.Generator[wire.Options] {
	return rapid.Custom(func(t *rapid.T) wire.Options {
		var o wire.Options
		for range rapid.IntRange(0, 6).Draw(t, "number of options") {
			one := option().Draw(t, "option")
			if len(o)+len(one) > maxOptions {
				break
			}
			o = append(o, one...)
		}
		return fill(t, o)
	})
}

// fill makes the list a multiple of 4 bytes: with no-operations, or with
// end-of-options and padding, which it may add even where none is needed.
func fill(t *rapid.T, o wire.Options) wire.Options {
	missing := -len(o) & 3
	how := rapid.SampledFrom([]string{"nop", "zero", "any"}).Draw(t, "padding")
	if how == "nop" {
		for range missing {
			o = append(o, byte(wire.NoOperation))
		}
		return o
	}
	if missing == 0 && len(o) < maxOptions && rapid.Bool().Draw(t, "one word more") {
		missing = 4
	}
	for i := range missing {
		pad := byte(wire.EndOfOptions)
		if i > 0 && how == "any" {
			pad = rapid.Byte().Draw(t, "pad")
		}
		o = append(o, pad)
	}
	return o
}

// option generates the bytes of one option that is not end-of-options.
func option() *rapid.Generator[[]byte] {
	return rapid.OneOf(
		rapid.Just([]byte{byte(wire.NoOperation)}),
		known(wire.MaxSegment, 2),
		known(wire.WindowScale, 1),
		known(wire.SACKPermitted, 0),
		known(wire.Timestamps, 8),
		sack(),
		rapid.Custom(func(t *rapid.T) []byte {
			kind := rapid.ByteRange(2, 255).Draw(t, "kind")
			data := rapid.SliceOfN(rapid.Byte(), 0, 12).Draw(t, "data")
			return append([]byte{kind, byte(2 + len(data))}, data...)
		}),
	)
}

// known generates an option of this kind with so many bytes of data.
func known(kind wire.OptionKind, size int) *rapid.Generator[[]byte] {
	return rapid.Map(rapid.SliceOfN(rapid.Byte(), size, size), func(data []byte) []byte {
		return append([]byte{byte(kind), byte(2 + size)}, data...)
	})
}

// sack generates a SACK option of one to four blocks.
func sack() *rapid.Generator[[]byte] {
	return rapid.Custom(func(t *rapid.T) []byte {
		blocks := rapid.IntRange(1, 4).Draw(t, "blocks")
		o := []byte{byte(wire.SACK), byte(2 + 8*blocks)}
		for range 2 * blocks {
			o = binary.BigEndian.AppendUint32(o, Seq().Draw(t, "edge"))
		}
		return o
	})
}
