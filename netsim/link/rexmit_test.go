package link

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim/wire"
	"rstlab/netsim/wire/wiretest"
)

// resent shows the segments to a rexmit matcher and marks which match.
func resent(m *Matcher, packets ...*wire.Packet) string {
	marks := ""
	for _, p := range packets {
		if m.Match(p) {
			marks += "x"
		} else {
			marks += "."
		}
	}
	return marks
}

func TestRexmit(t *testing.T) {
	at := func(seq uint32, flags, payload string) *wire.Packet {
		p := segment(t, flags, payload)
		p.TCP.Seq = seq
		return p
	}
	fresh := func() *Matcher { return MustMatch("rexmit").Matcher() }
	const wrap = math.MaxUint32 - 1

	require.Equal(t, "..x", resent(fresh(), at(0, "S", ""), at(1, "P.", "ab"), at(1, "P.", "ab")), "the same segment")
	require.Equal(t, ".x", resent(fresh(), at(0, "S", ""), at(0, "S", "")), "the same SYN")
	require.Equal(t, "..", resent(fresh(), at(0, "S", ""), at(5, "S", "")), "another SYN is another connection")
	require.Equal(t, "....", resent(fresh(), at(0, "S", ""), at(1, "P.", "abcdefgh"), at(5, "S", ""), at(6, "P.", "cd")), "whose sequence numbers are its own")
	require.Equal(t, "...", resent(fresh(), at(1, "P.", "ab"), at(0, "S", ""), at(1, "P.", "ab")), "also when the first SYN was not seen")
	require.Equal(t, ".x.x", resent(fresh(), at(1, "P.", "abcd"), at(3, "P.", "cdef"), at(7, ".", "g"), at(1, ".", "abcdefgh")), "a part of it is enough")
	require.Equal(t, ".....", resent(fresh(), at(1, ".", "a"), at(1, ".", ""), at(1, ".", ""), at(2, "R", ""), at(2, "R", "")), "what occupies no sequence numbers is never resent")
	require.Equal(t, "..x", resent(fresh(), at(1, "P.", "a"), at(2, "F.", ""), at(2, "F.", "")), "FIN occupies one")
	require.Equal(t, "..xx.", resent(fresh(), at(wrap, ".", "abcd"), at(2, ".", "ef"), at(wrap, ".", "abcd"), at(2, ".", "ef"), at(4, ".", "g")), "sequence numbers wrap")
	require.Equal(t, "..x", resent(fresh(), at(10, ".", "b"), at(5, ".", "a"), at(5, ".", "a")), "one that is seen late was not seen before")
	require.Equal(t, "....x", resent(fresh(), at(1, ".", "a"), at(5, ".", "b"), at(3, ".", "c"), at(2, ".", "d"), at(4, ".", "ef")), "ranges grow together")

	other := at(1, ".", "a")
	other.TCP.SrcPort++
	back := at(1, ".", "a")
	back.Src, back.Dst = back.Dst, back.Src
	icmp := &wire.Packet{Src: clientIP, Dst: serverIP, Proto: wire.ICMP}
	require.Equal(t, ".....", resent(fresh(), at(1, ".", "a"), other, back, icmp, icmp), "every flow for itself")

	require.Equal(t, "...x", resent(MustMatch("rexmit,len=2").Matcher(),
		at(1, ".", "abc"), at(1, ".", "abc"), at(4, ".", "de"), at(4, ".", "de")), "the others are remembered as well")
	require.Equal(t, "x.", resent(MustMatch("!rexmit").Matcher(), at(1, ".", "a"), at(1, ".", "a")))
}

func TestRexmitMatchesASetOfSequenceNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := wiretest.Seq().Draw(t, "start")
		m := MustMatch("rexmit").Matcher()
		seen := map[uint32]bool{}
		for range rapid.IntRange(1, 40).Draw(t, "segments") {
			p := &wire.Packet{Src: clientIP, Dst: serverIP, TCP: wire.Segment{
				Seq:     start + rapid.Uint32Range(0, 100).Draw(t, "offset"),
				Flags:   rapid.SampledFrom([]wire.Flags{wire.ACK, wire.ACK | wire.FIN, wire.RST}).Draw(t, "flags"),
				Payload: make([]byte, rapid.IntRange(0, 20).Draw(t, "length")),
			}}
			want := false
			for i := range p.TCP.Len() {
				want = want || seen[p.TCP.Seq+i]
				seen[p.TCP.Seq+i] = true
			}
			require.Equal(t, want, m.Match(p))
		}
	})
}

func TestRexmitRemembersAStreamOfAnyLengthInOneRange(t *testing.T) {
	m := MustMatch("rexmit").Matcher()
	p := segment(t, ".", "")
	p.TCP.Payload = make([]byte, 60_000)
	for sent := 0; sent < 5<<30; sent += len(p.TCP.Payload) { // sequence numbers wrap after 4 GiB
		require.False(t, m.Match(p), "after %d bytes", sent)
		p.TCP.Seq += uint32(len(p.TCP.Payload))
	}
	for _, f := range m.sent {
		require.Len(t, f.ranges, 1)
	}
	p.TCP.Seq -= uint32(len(p.TCP.Payload))
	require.True(t, m.Match(p))
}

func TestRexmitJoinsRangesThatAreSeenBackwards(t *testing.T) {
	m := MustMatch("rexmit").Matcher()
	p := segment(t, ".", "ab")
	for p.TCP.Seq = 100; p.TCP.Seq > 0; p.TCP.Seq -= 2 {
		require.False(t, m.Match(p))
	}
	for _, f := range m.sent {
		require.Len(t, f.ranges, 1)
	}
}
