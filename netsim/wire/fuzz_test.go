package wire_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/wire"
)

// FuzzParse looks for bytes on which parsing panics, and for bytes that parse
// but are not what the packet builds.
func FuzzParse(f *testing.F) {
	tooBig, err := wire.NewPacketTooBig(router4, 1400, build(f, data4(100)))
	require.NoError(f, err)
	rst := wire.Packet{Src: client4, Dst: server4, TCP: wire.Segment{Flags: wire.RST}}
	for _, p := range []wire.Packet{syn4(), data4(7), echo4(), rst, tooBig, over6(syn4()), over6(data4(7)), over6(echo4())} {
		f.Add(build(f, p))
	}
	f.Add([]byte{})
	f.Add(bytes.Repeat([]byte{0x45}, 40))
	f.Fuzz(func(t *testing.T, b []byte) {
		// Copies: a fuzz target must not change the bytes that it is given.
		checkParse(t, bytes.Clone(b))
		// A fuzzer does not find checksums, so it gets them for free.
		summed := bytes.Clone(b)
		resum(summed)
		checkParse(t, summed)
	})
}

// checkParse checks what holds of all bytes; it may change b.
func checkParse(t *testing.T, b []byte) {
	p, err := wire.Parse(b)
	trusted, trustedErr := wire.ParseTrusted(b)
	_ = trusted.String()
	if err != nil {
		var where *wire.ParseError
		require.ErrorAs(t, err, &where)
		require.LessOrEqual(t, where.Offset, len(b))
		if trustedErr == nil {
			require.ErrorIs(t, err, wire.ErrChecksum, "the only thing that ParseTrusted leaves out")
		}
		return
	}
	require.NoError(t, trustedErr)
	require.Equal(t, p, trusted)
	require.Equal(t, b, build(t, p))
	require.Equal(t, len(b), p.Size())
	options, err := wire.ParseOptions(p.TCP.Options.String())
	require.NoError(t, err)
	require.Equal(t, p.TCP.Options, options)
	if wire.DecrementTTL(b) {
		p.TTL--
		require.Equal(t, build(t, p), b)
	}
}
