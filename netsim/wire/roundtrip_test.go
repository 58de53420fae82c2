package wire_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim/wire"
	"rstlab/netsim/wire/wiretest"
)

func TestParseGivesBackWhatBuildEncoded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := wiretest.Packet().Draw(t, "packet")
		b := build(t, p)
		require.Len(t, b, p.Size(), "Size is the length of what Build makes")
		for name, parse := range map[string]func([]byte) (wire.Packet, error){
			"Parse": wire.Parse, "ParseTrusted": wire.ParseTrusted,
		} {
			got, err := parse(b)
			require.NoError(t, err, name)
			require.Equal(t, p, got, name)
		}
		again := build(t, p)
		require.Equal(t, b, again, "Build is a function")
	})
}

func TestChecksumsAreThoseOfTheNaiveAlgorithm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := wiretest.Packet().Draw(t, "packet")
		b := build(t, p)
		c := append([]byte(nil), b...)
		resum(c)
		require.Equal(t, c, b)
	})
}

// Every bit of an IPv4 datagram is under a checksum, and one flipped bit always
// changes a one's complement sum.
func TestEveryFlippedBitOfAnIPv4DatagramIsNoticed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := wiretest.Packet().Filter(func(p wire.Packet) bool { return p.Src.Is4() }).Draw(t, "packet")
		b := build(t, p)
		for bit := range 8 * len(b) {
			b[bit/8] ^= 1 << (bit % 8)
			_, err := wire.Parse(b)
			require.Error(t, err, "bit %d of byte %d", bit%8, bit/8)
			b[bit/8] ^= 1 << (bit % 8)
		}
	})
}

// IPv6 has no header checksum: the pseudo-header covers the addresses, and a
// damaged version, length or next header leaves no datagram that Parse takes.
func TestAFlippedBitOfAnIPv6DatagramIsNoticedOrChangesOnlyWhatNoChecksumCovers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := wiretest.Packet().Filter(func(p wire.Packet) bool { return p.Src.Is6() }).Draw(t, "packet")
		b := build(t, p)
		for bit := range 8 * len(b) {
			b[bit/8] ^= 1 << (bit % 8)
			if got, err := wire.Parse(b); err == nil {
				got.TOS, got.FlowLabel, got.TTL = p.TOS, p.FlowLabel, p.TTL
				require.Equal(t, p, got, "bit %d of byte %d", bit%8, bit/8)
			}
			b[bit/8] ^= 1 << (bit % 8)
		}
	})
}

func TestParseTakesNoPrefixAndNoContinuationOfADatagram(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := build(t, wiretest.Packet().Draw(t, "packet"))
		for n := range b {
			_, err := wire.Parse(b[:n])
			require.ErrorIs(t, err, wire.ErrTruncated, "%d of %d bytes", n, len(b))
		}
		more := rapid.SliceOfN(rapid.Byte(), 1, 9).Draw(t, "more")
		_, err := wire.Parse(append(b, more...))
		require.ErrorIs(t, err, wire.ErrMalformed)
	})
}

func TestCloneSharesNoBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := build(t, wiretest.Packet().Draw(t, "packet"))
		p, err := wire.Parse(b)
		require.NoError(t, err)
		c := p.Clone()
		require.Equal(t, p, c)
		clear(b)
		rebuilt := build(t, c)
		got, err := wire.Parse(rebuilt)
		require.NoError(t, err)
		require.Equal(t, c, got)
		require.Equal(t, c.Size(), len(b))
	})
}

func TestFlagsPrintAndParseBack(t *testing.T) {
	for i := range 256 {
		f := wire.Flags(i)
		got, ok := wire.ParseFlags(f.String())
		require.True(t, ok, f)
		require.Equal(t, f, got)
	}
	for _, text := range []string{"", "X", "SS", "S ", "nonesuch", "Snone"} {
		_, ok := wire.ParseFlags(text)
		require.False(t, ok, text)
	}
}

func TestStatesPrintAndParseBack(t *testing.T) {
	for i := range wire.NumStates {
		got, ok := wire.ParseState(wire.State(i).String())
		require.True(t, ok)
		require.Equal(t, wire.State(i), got)
	}
	_, ok := wire.ParseState(wire.State(wire.NumStates).String())
	require.False(t, ok, "no state has the name of an unknown one")
}

func TestSegmentLenCountsSYNAndFIN(t *testing.T) {
	for flags, want := range map[wire.Flags]uint32{
		wire.ACK: 3, wire.SYN: 4, wire.FIN | wire.ACK: 4, wire.SYN | wire.FIN: 5, wire.RST: 3,
	} {
		s := wire.Segment{Flags: flags, Payload: make([]byte, 3)}
		require.Equal(t, want, s.Len(), flags)
	}
}
