package wire_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim/wire"
	"rstlab/netsim/wire/wiretest"
)

func TestChecksumOfTheExampleInRFC1071(t *testing.T) {
	// Section 3: the sum of these bytes is ddf2.
	require.Equal(t, uint16(0xffff-0xddf2), wire.Checksum([]byte{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}))
}

func TestChecksumIsTheNaiveOneOfAnyBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "bytes")
		require.Equal(t, naive(b), wire.Checksum(b))
	})
}

// All ones is where a carry that is lost or counted twice shows.
func TestChecksumKeepsEveryCarry(t *testing.T) {
	for n := range 300 {
		ones := bytes.Repeat([]byte{0xff}, n)
		require.Equal(t, naive(ones), wire.Checksum(ones), "%d bytes of ff", n)
		if n > 0 {
			ones[n-1] = 1
			require.Equal(t, naive(ones), wire.Checksum(ones), "%d bytes of ff and 01", n-1)
		}
	}
}

func TestDecrementTTLIsAsIfTheDatagramWereBuiltAnew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := wiretest.Packet().Draw(t, "packet")
		p.TTL = rapid.Uint8Range(2, 255).Draw(t, "ttl")
		b := build(t, p)
		require.True(t, wire.DecrementTTL(b))
		p.TTL--
		require.Equal(t, build(t, p), b)
	})
}

// The incremental update must not make a checksum 0xffff where a sender
// computes 0x0000 (RFC 1624 section 3); IDs run through all sums.
func TestDecrementTTLNeverMakesANegativeZero(t *testing.T) {
	p := syn4()
	for id := range 1 << 16 {
		p.ID, p.TTL = uint16(id), 64
		b := build(t, p)
		wire.DecrementTTL(b)
		_, err := wire.Parse(b)
		require.NoError(t, err)
	}
}

func TestDecrementTTLLeavesADatagramAloneThatIsToBeDiscarded(t *testing.T) {
	for _, p := range []wire.Packet{syn4(), over6(syn4())} {
		for _, ttl := range []uint8{0, 1} {
			p.TTL = ttl
			b := build(t, p)
			before := bytes.Clone(b)
			require.False(t, wire.DecrementTTL(b))
			require.Equal(t, before, b)
		}
	}
	for _, short := range [][]byte{nil, {0x45}, make([]byte, 19), append([]byte{0x60}, make([]byte, 38)...), make([]byte, 60)} {
		require.False(t, wire.DecrementTTL(short), "no IP header")
	}
}
