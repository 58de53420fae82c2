package link

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestZeroConfigIsAPerfectLink(t *testing.T) {
	d := direction(t, Config{})
	for now := range 5 * time.Nanosecond {
		f := sent(t, d, now, segment(t, "P.", "hello"), 45)
		require.Equal(t, now, f.At, "it arrives at the instant at which it was sent")
		require.Zero(t, f.Copy)
		require.Zero(t, f.Flip)
		require.Empty(t, f.Reason)
	}
}

func TestDelay(t *testing.T) {
	d := direction(t, Config{Delay: 30 * ms})
	require.Equal(t, 35*ms, sent(t, d, 5*ms, segment(t, ".", ""), 40).At)
}

func TestChangedDelayDoesNotOvertakeUnlessReorderIsSet(t *testing.T) {
	d := direction(t, Config{Delay: 100 * ms})
	require.Equal(t, 100*ms, sent(t, d, 0, segment(t, ".", ""), 40).At)
	require.NoError(t, d.SetConfig(Config{Delay: 10 * ms}))
	require.Equal(t, 100*ms, sent(t, d, 50*ms, segment(t, ".", ""), 40).At, "it would arrive at 60 ms, but may not overtake")
	require.Equal(t, 105*ms, sent(t, d, 95*ms, segment(t, ".", ""), 40).At, "nobody is in its way")

	require.NoError(t, d.SetConfig(Config{Delay: 100 * ms, Reorder: true}))
	require.Equal(t, 200*ms, sent(t, d, 100*ms, segment(t, ".", ""), 40).At)
	require.NoError(t, d.SetConfig(Config{Delay: 10 * ms, Reorder: true}))
	require.Equal(t, 120*ms, sent(t, d, 110*ms, segment(t, ".", ""), 40).At, "it overtakes")
	require.NoError(t, d.SetConfig(Config{Delay: 10 * ms}))
	require.Equal(t, 200*ms, sent(t, d, 130*ms, segment(t, ".", ""), 40).At, "not even packets sent while Reorder was set are overtaken")
}

func TestDelayThatEndsAfterTheEndOfTimeDoesNotWrap(t *testing.T) {
	const end = time.Duration(1<<63 - 1)
	d := direction(t, Config{Delay: end, Jitter: end, Duplicate: Always, DuplicateDelay: end, Rate: Bit})
	o := d.Send(end-1, segment(t, ".", ""), 1<<30)
	require.Equal(t, []time.Duration{end, end}, arrivals(o))
}

func TestSizeCountsAsTheNearestThatADatagramCanHave(t *testing.T) {
	for size, bytes := range map[int]int{-1: 0, 0: 0, 65575: 65575, 65576: 65575, math.MaxInt: 65575} {
		d := direction(t, Config{Rate: 8 * Kbit, Corrupt: Always}) // 1 byte a ms
		require.Equal(t, time.Duration(bytes)*ms, sent(t, d, 0, nil, size).At, "size %d", size)
	}
}

func TestOversizePackets(t *testing.T) {
	d := direction(t, Config{MTU: 1400})
	v4, v6 := segment(t, "P.", "x"), segment(t, "P.", "x")
	v6.Src, v6.Dst, v6.DF = v6addr(1), v6addr(2), false

	require.Equal(t, 1, len(arrivals(d.Send(0, v4, 1400))), "it just fits")

	o := d.Send(0, v4, 1401)
	require.Equal(t, Outcome{Dropped: "mtu 1400", FragNeeded: 1400}, o, "DF is set: the sender is told")

	o = d.Send(0, v6, 1401)
	require.Equal(t, Outcome{Dropped: "mtu 1400", FragNeeded: 1400}, o, "RFC 8200: only the source fragments")

	v4.DF = false
	o = d.Send(0, v4, 1401)
	require.Equal(t, Outcome{Dropped: "needs fragmentation"}, o, "nothing is fragmented here, and nobody is told")

	require.NoError(t, d.SetConfig(Config{MTU: 1300}))
	o = d.Send(0, v6, 1301)
	require.Equal(t, Outcome{Dropped: "mtu 1300", FragNeeded: 1300}, o)
}

func TestDuplicate(t *testing.T) {
	d := direction(t, Config{Delay: 10 * ms, Duplicate: Always, DuplicateDelay: 3 * ms})
	o := d.Send(0, segment(t, ".", ""), 40)
	require.Equal(t, []time.Duration{10 * ms, 13 * ms}, arrivals(o))
	self, other := o.Deliveries()[0], o.Deliveries()[1]
	require.Equal(t, 0, self.Copy)
	require.Empty(t, self.Reason)
	require.Equal(t, 1, other.Copy)
	require.Equal(t, "duplicate", other.Reason)

	o = d.Send(1*ms, segment(t, ".", ""), 40)
	require.Equal(t, []time.Duration{11 * ms, 14 * ms}, arrivals(o), "a copy does not hold up later packets")
}

func TestLostPacketsAreNotDuplicated(t *testing.T) {
	d := direction(t, Config{Loss: Always, Duplicate: Always})
	require.Equal(t, Outcome{Dropped: "loss"}, d.Send(0, segment(t, ".", ""), 40))
}

func TestCorruptFlipsABitOfTheDatagram(t *testing.T) {
	d := direction(t, Config{Corrupt: Always, Duplicate: Always})
	differ := false
	for range 1000 {
		for _, f := range arrivalsOf(d.Send(0, segment(t, ".", ""), 40)) {
			require.Equal(t, "corrupt", f.Reason)
			require.GreaterOrEqual(t, f.Flip, 1)
			require.LessOrEqual(t, f.Flip, 40*8)
		}
		o := d.Send(0, segment(t, ".", ""), 40)
		differ = differ || o.Deliveries()[0].Flip != o.Deliveries()[1].Flip
	}
	require.True(t, differ, "packet and copy are corrupted independently")
	require.Zero(t, arrivalsOf(d.Send(0, segment(t, ".", ""), 0))[0].Flip, "there is no bit to flip")
}

func TestReasonOfJitter(t *testing.T) {
	d := direction(t, Config{Jitter: time.Second})
	require.Equal(t, "jitter", sent(t, d, 0, segment(t, ".", ""), 40).Reason)
}

func TestBurstLossHasItsOwnReason(t *testing.T) {
	d := direction(t, Config{Loss: Always, Burst: GilbertElliott{P: Always, R: PPM, LossBad: Always}})
	require.Equal(t, "loss", d.Send(0, segment(t, ".", ""), 40).Dropped, "the first packet meets the good state")
	require.Equal(t, "burst loss", d.Send(0, segment(t, ".", ""), 40).Dropped, "then the chain has moved")

	require.NoError(t, d.SetConfig(Config{Delay: ms, Burst: d.Config().Burst}))
	require.Equal(t, "burst loss", d.Send(0, segment(t, ".", ""), 40).Dropped, "another setting leaves the state alone")
	require.NoError(t, d.SetConfig(Config{Burst: GilbertElliott{P: PPM, R: PPM, LossBad: Always}}))
	require.Empty(t, d.Send(0, segment(t, ".", ""), 40).Dropped, "another chain starts in the good state")
}

func TestSendDoesNotAllocate(t *testing.T) {
	for name, d := range benchDirections(t) {
		p, now := segment(t, "P.", "hello"), time.Duration(0)
		step := func() {
			o := d.Send(now, p, 1500)
			for _, f := range o.Deliveries() {
				o := d.Arrive(f.At, f, p)
				sink += len(o.Deliveries())
			}
			now += ms
		}
		for range 100 { // rules name their verdicts once, the queue grows once
			step()
		}
		require.Zero(t, testing.AllocsPerRun(1000, step), name)
	}
}

func arrivalsOf(o Outcome) []Delivery { return append([]Delivery(nil), o.Deliveries()...) }
