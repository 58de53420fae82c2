package middlebox_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim/middlebox"
	"rstlab/netsim/wire"
)

func sent(e *middlebox.End, s wire.Segment)     { e.Sent(&s) }
func received(e *middlebox.End, s wire.Segment) { e.Received(&s) }

func TestAnEndIsKnownFromWhatItSendsAndGets(t *testing.T) {
	var e middlebox.End
	require.False(t, e.Seen())
	sent(&e, seg("S", 100, 0, ""))
	require.True(t, e.Seen())
	require.False(t, e.Synced(), "in SYN-SENT it expects nothing yet")
	require.Equal(t, uint32(101), e.SndNxt())
	require.Zero(t, e.RcvNxt())
	received(&e, seg("S.", 500, 101, ""))
	sent(&e, seg(".", 101, 501, ""))
	require.True(t, e.Synced())
	require.Equal(t, uint32(501), e.RcvNxt())
	require.Equal(t, uint32(1000), e.RcvWnd())

	received(&e, seg("P.", 501, 101, "hello"))
	require.Equal(t, uint32(506), e.RcvNxt(), "data in order counts before it is acknowledged")
	require.Equal(t, uint32(995), e.RcvWnd(), "and uses the window up")
	received(&e, seg("P.", 510, 101, "world"))
	require.Equal(t, uint32(506), e.RcvNxt(), "data ahead does not")
	received(&e, seg("P.", 506, 101, "1234"))
	require.Equal(t, uint32(515), e.RcvNxt(), "until the gap is filled")
	received(&e, seg("F.", 515, 101, ""))
	require.Equal(t, uint32(516), e.RcvNxt(), "a FIN takes a number")
	sent(&e, seg("P.", 101, 516, "bye"))
	require.Equal(t, uint32(104), e.SndNxt())
	sent(&e, seg(".", 100, 516, ""))
	require.Equal(t, uint32(104), e.SndNxt(), "a keepalive probe takes nothing back")
}

func TestAnEndKnowsWhatItHasSent(t *testing.T) {
	var e middlebox.End
	has := func(s wire.Segment) bool { return e.HasSent(&s) }
	require.False(t, has(seg("S", 100, 0, "")))
	sent(&e, seg("S", 100, 0, ""))
	require.True(t, has(seg("S", 100, 0, "")))
	require.False(t, has(seg("S", 900, 0, "")), "of a new connection")
	sent(&e, seg("P.", 101, 501, "hello"))
	require.True(t, has(seg("P.", 101, 501, "hello")))
	require.True(t, has(seg("P.", 105, 501, "o, world")), "a part is enough")
	require.False(t, has(seg("P.", 106, 501, "world")))
	require.False(t, has(seg("F.", 106, 501, "")))
	require.False(t, has(seg(".", 101, 501, "")), "an ACK takes no number")
	sent(&e, seg("F.", 106, 501, ""))
	require.True(t, has(seg("F.", 106, 501, "")))
}

func TestAnEndIgnoresWhatTellsNothing(t *testing.T) {
	var e middlebox.End
	sent(&e, seg("S", 100, 0, ""))
	received(&e, seg("S.", 500, 101, ""))
	sent(&e, seg(".", 101, 501, ""))
	want := e
	sent(&e, seg("R", 9999, 0, ""))
	received(&e, seg("R", 501, 0, ""))
	received(&e, seg("S", 600, 0, ""))
	received(&e, seg(".", 501, 101, ""))
	received(&e, seg("P.", 400, 101, "old"))
	received(&e, seg("P.", 1501, 101, "outside"))
	received(&e, seg("P", 501, 0, "no ACK"))
	require.Equal(t, want, e)
	received(&e, seg("P.", 1500, 101, "half outside"))
	require.Equal(t, want.RcvNxt(), e.RcvNxt())
}

func TestAnEndBeginsAnewWithANewSYN(t *testing.T) {
	var e middlebox.End
	sent(&e, seg("S", 100, 0, ""))
	sent(&e, seg(".", 101, 501, ""))
	sent(&e, seg("S", 100, 0, ""))
	require.True(t, e.Synced(), "a retransmission is nothing new")
	sent(&e, seg("S", 7000, 0, ""))
	require.False(t, e.Synced())
	require.Equal(t, uint32(7001), e.SndNxt())
}

// TestWindowsAreScaledWhenBothAgree is RFC 7323 section 2.2.
func TestWindowsAreScaledWhenBothAgree(t *testing.T) {
	scaled := func(s wire.Segment) wire.Segment {
		s.Options = wire.Options(nil).AppendWindowScale(3).Pad()
		return s
	}
	var active, passive, alone middlebox.End
	sent(&active, scaled(seg("S", 100, 0, "")))
	received(&active, scaled(seg("S.", 500, 101, "")))
	sent(&active, seg(".", 101, 501, ""))
	require.Equal(t, uint32(8000), active.RcvWnd())

	sent(&passive, scaled(seg("S.", 500, 101, "")))
	require.Equal(t, uint32(1000), passive.RcvWnd(), "the window of a SYN is not scaled")
	sent(&passive, seg(".", 501, 101, ""))
	require.Equal(t, uint32(8000), passive.RcvWnd())

	sent(&alone, scaled(seg("S", 100, 0, "")))
	received(&alone, seg("S.", 500, 101, ""))
	sent(&alone, seg(".", 101, 501, ""))
	require.Equal(t, uint32(1000), alone.RcvWnd(), "the peer did not offer it")
}

// TestAnEndCountsAStreamInAnyOrder: however a stream is cut and shuffled, RCV.NXT
// is the first byte that is missing.
func TestAnEndCountsAStreamInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		isn := rapid.Uint32().Draw(t, "isn")
		size := rapid.IntRange(1, 60).Draw(t, "size")
		var e middlebox.End
		sent(&e, seg("S", 1, 0, ""))
		sent(&e, wire.Segment{Flags: wire.ACK, Seq: 2, Ack: isn, Window: uint16(size)})
		have := make([]bool, size+1)
		for range rapid.IntRange(0, 40).Draw(t, "segments") {
			at := rapid.IntRange(0, size-1).Draw(t, "at")
			n := rapid.IntRange(1, size-at).Draw(t, "len")
			received(&e, wire.Segment{Flags: wire.ACK, Seq: isn + uint32(at), Payload: make([]byte, n)})
			for i := range n {
				have[at+i] = true
			}
			first := 0
			for have[first] {
				first++
			}
			require.Equal(t, uint32(first), e.RcvNxt()-isn)
			require.Equal(t, uint32(size-first), e.RcvWnd())
		}
	})
}
