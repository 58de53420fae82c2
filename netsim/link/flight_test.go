package link

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/wire"
)

func TestArriveWithoutFaultDelivers(t *testing.T) {
	d := direction(t, Config{Delay: 10 * ms})
	addRule(t, d, "late", "data", 0, 0, Verdict{Action: Deliver, Delay: 30 * ms})
	p := segment(t, "P.", "a")
	f := sent(t, d, 0, p, 41)
	o := d.Arrive(f.At, f, p)
	require.Equal(t, []time.Duration{40 * ms}, arrivals(o), "a rule that has judged it does not judge it again")
	require.Equal(t, "rule late +30ms", o.Deliveries()[0].Reason)
}

func TestRuleAddedInFlightDrops(t *testing.T) {
	d := direction(t, Config{Delay: 10 * ms})
	p := segment(t, "P.", "a")
	f := sent(t, d, 0, p, 41)
	addRule(t, d, "cut", "data", 0, 0, Verdict{Action: Drop})
	require.Equal(t, Outcome{Dropped: "rule cut"}, d.Arrive(f.At, f, p))
}

func TestRuleAddedAndRemovedInFlightDoesNothing(t *testing.T) {
	d := direction(t, Config{Delay: 10 * ms})
	p := segment(t, "P.", "a")
	f := sent(t, d, 0, p, 41)
	addRule(t, d, "cut", "data", 0, 0, Verdict{Action: Drop})
	d.RemoveRule("cut")
	o := d.Arrive(f.At, f, p)
	require.Equal(t, []time.Duration{10 * ms}, arrivals(o))
}

func TestRuleAddedInFlightDelaysOnce(t *testing.T) {
	d := direction(t, Config{Delay: 10 * ms})
	p := segment(t, "P.", "a")
	f := sent(t, d, 0, p, 41)
	addRule(t, d, "late", "data", 0, 0, Verdict{Action: Deliver, Delay: 30 * ms})

	o := d.Arrive(10*ms, f, p)
	require.Equal(t, []time.Duration{40 * ms}, arrivals(o), "in flight again")
	f = o.Deliveries()[0]
	require.Equal(t, "rule late +30ms", f.Reason)

	o = d.Arrive(40*ms, f, p)
	require.Equal(t, []time.Duration{40 * ms}, arrivals(o), "now it is there")
}

func TestDownWhileARuleDelaysInFlight(t *testing.T) {
	d := direction(t, Config{Delay: 10 * ms})
	p := segment(t, "P.", "a")
	f := sent(t, d, 0, p, 41)
	addRule(t, d, "late", "data", 0, 0, Verdict{Action: Deliver, Delay: 30 * ms})
	o := d.Arrive(10*ms, f, p)
	d.SetDown()
	d.SetUp()
	require.Equal(t, "link down", d.Arrive(40*ms, o.Deliveries()[0], p).Dropped)
}

func TestRuleAddedInFlightCorruptsAndDuplicates(t *testing.T) {
	d := direction(t, Config{Delay: 10 * ms})
	p := segment(t, "P.", "a")
	first, second := sent(t, d, 0, p, 41), sent(t, d, 0, p, 41)
	addRule(t, d, "noise", "data", 1, 1, Verdict{Action: Corrupt, Bit: -1})
	addRule(t, d, "twice", "data", 0, 0, Verdict{Action: Duplicate, Delay: 5 * ms})

	o := d.Arrive(10*ms, first, p)
	require.Equal(t, []time.Duration{10 * ms}, arrivals(o))
	require.Equal(t, 41*8, o.Deliveries()[0].Flip)

	o = d.Arrive(10*ms, second, p)
	require.Equal(t, []time.Duration{10 * ms, 15 * ms}, arrivals(o), "one has arrived, its copy is in flight")
	require.Equal(t, []int{0, 1}, []int{o.Deliveries()[0].Copy, o.Deliveries()[1].Copy})
}

func TestCopiesHaveDifferentNumbersHoweverOftenTheySplit(t *testing.T) {
	d := direction(t, Config{Delay: ms, Duplicate: Always})
	p := segment(t, "P.", "a")
	o := d.Send(0, p, 41)
	flying := arrivalsOf(o)
	for round := range 4 {
		addRule(t, d, string(rune('a'+round)), "data", 0, 1+round, Verdict{Action: Duplicate, Delay: ms})
		var next []Delivery
		for _, f := range flying {
			next = append(next, arrivalsOf(d.Arrive(f.At, f, p))...)
		}
		flying = next
	}
	seen := map[int]bool{}
	for _, f := range flying {
		require.False(t, seen[f.Copy], "copy %d", f.Copy)
		seen[f.Copy] = true
	}
	require.Len(t, seen, 2+1+2+3+4)
	require.True(t, seen[0] && seen[1])
}

func TestRuleAddedInFlightCountsInTheOrderInWhichItSees(t *testing.T) {
	d := direction(t, Config{Delay: 10 * ms})
	p := segment(t, "P.", "a")
	early := sent(t, d, 0, p, 41)
	addRule(t, d, "first", "data", 1, 1, Verdict{Action: Drop})
	require.Equal(t, "rule first", d.Send(5*ms, p, 41).Dropped, "seen at 5 ms")
	require.Empty(t, d.Arrive(10*ms, early, p).Dropped, "seen at 10 ms")
}

func TestRulesDoNotSeeWhatIsLostWithTheLink(t *testing.T) {
	d := direction(t, Config{Delay: 10 * ms})
	p := segment(t, "P.", "a")
	f := sent(t, d, 0, p, 41)
	seen := 0
	require.NoError(t, d.AddRule("count", RuleFunc(func(time.Duration, *wire.Packet) Verdict { seen++; return Verdict{} })))
	d.SetDown()
	d.Arrive(10*ms, f, p)
	require.Zero(t, seen)
}
