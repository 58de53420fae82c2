package link

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDownLosesWhatIsSent(t *testing.T) {
	d := direction(t, Config{Delay: 10 * ms})
	require.True(t, d.Up())
	d.SetDown()
	require.False(t, d.Up())
	require.Equal(t, Outcome{Dropped: "link down"}, d.Send(0, segment(t, ".", ""), 40))
	d.SetUp()
	require.True(t, d.Up())
	require.Equal(t, 11*ms, sent(t, d, 1*ms, segment(t, ".", ""), 40).At)
}

func TestDownLosesWhatIsInFlightEvenWhenUpAgain(t *testing.T) {
	d := direction(t, Config{Delay: 10 * ms})
	p := segment(t, ".", "")
	before := sent(t, d, 0, p, 40)
	d.SetDown()
	d.SetUp()
	after := sent(t, d, 10*ms, p, 40)
	require.Equal(t, Outcome{Dropped: "link down"}, d.Arrive(before.At, before, p))
	o := d.Arrive(after.At, after, p)
	require.Equal(t, []time.Duration{20 * ms}, arrivals(o))
}

func TestDrainingLosesOnlyWhatIsSentFromThenOn(t *testing.T) {
	d := direction(t, Config{Delay: 10 * ms, Rate: 8 * Kbit}) // 1 byte a ms
	p := segment(t, ".", "")
	flying := sent(t, d, 0, p, 40)
	queued := sent(t, d, 0, p, 40)
	d.SetDraining()
	require.False(t, d.Up())
	require.Equal(t, Outcome{Dropped: "link down"}, d.Send(0, p, 40))
	require.Equal(t, []time.Duration{50 * ms}, arrivals(d.Arrive(flying.At, flying, p)))
	require.Equal(t, []time.Duration{90 * ms}, arrivals(d.Arrive(queued.At, queued, p)))
	d.SetUp()
	require.Equal(t, 150*ms, sent(t, d, 100*ms, p, 40).At)
}

func TestDownTwiceAndUpTwiceAreOnce(t *testing.T) {
	d := direction(t, Config{Delay: 10 * ms})
	p := segment(t, ".", "")
	d.SetDown()
	d.SetDown()
	d.SetUp()
	f := sent(t, d, 0, p, 40)
	d.SetUp()
	require.Empty(t, d.Arrive(f.At, f, p).Dropped)
}

func TestUpStartsWithEmptyQueueAndNoOrder(t *testing.T) {
	d := direction(t, Config{Rate: 8 * Kbit, QueuePackets: 1}) // 1 byte a ms
	p := segment(t, ".", "")
	sent(t, d, 0, p, 1000)
	sent(t, d, 0, p, 1000)
	require.Equal(t, "queue full", d.Send(0, p, 1000).Dropped)
	d.SetDown()
	packets, bytes := d.Queued(0)
	require.Zero(t, packets)
	require.Zero(t, bytes)
	d.SetUp()
	require.Equal(t, 1001*ms, sent(t, d, 1*ms, p, 1000).At, "it neither waits for nor stays behind what was lost")
}

func TestRulesSeePacketsSentWhileDown(t *testing.T) {
	d := direction(t, Config{})
	addRule(t, d, "second", "any", 2, 2, Verdict{Action: Drop})
	d.SetDown()
	require.Equal(t, "link down", d.Send(0, segment(t, ".", ""), 40).Dropped)
	d.SetUp()
	require.Equal(t, "rule second", d.Send(0, segment(t, ".", ""), 40).Dropped)
	require.Empty(t, d.Send(0, segment(t, ".", ""), 40).Dropped)
}
