package link

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim/wire"
	"rstlab/netsim/wire/wiretest"
)

// probability generates probabilities, often the extreme ones.
func probability() *rapid.Generator[Probability] {
	return rapid.OneOf(
		rapid.SampledFrom([]Probability{0, PPM, Percent, 50 * Percent, Always - 1, Always}),
		rapid.Map(rapid.Uint32Range(0, uint32(Always)), func(p uint32) Probability { return Probability(p) }),
	)
}

// config generates valid configurations.
func config() *rapid.Generator[Config] {
	span := rapid.Map(rapid.Int64Range(0, int64(50*ms)), func(ns int64) time.Duration { return time.Duration(ns) })
	return rapid.Custom(func(t *rapid.T) Config {
		c := Config{
			Delay:          span.Draw(t, "Delay"),
			Jitter:         span.Draw(t, "Jitter"),
			Reorder:        rapid.Bool().Draw(t, "Reorder"),
			Loss:           probability().Draw(t, "Loss"),
			Duplicate:      probability().Draw(t, "Duplicate"),
			DuplicateDelay: span.Draw(t, "DuplicateDelay"),
			Corrupt:        probability().Draw(t, "Corrupt"),
			Rate:           BitRate(rapid.SampledFrom([]uint64{0, 1000, 999_983, 10_000_000, 1 << 40}).Draw(t, "Rate")),
			QueuePackets:   rapid.IntRange(0, 5).Draw(t, "QueuePackets"),
			QueueBytes:     rapid.IntRange(0, 5000).Draw(t, "QueueBytes"),
			MTU:            rapid.SampledFrom([]int{0, 68, 576, 1500}).Draw(t, "MTU"),
		}
		if rapid.Bool().Draw(t, "Burst") {
			c.Burst = GilbertElliott{
				P: probability().Draw(t, "P"), R: max(1, probability().Draw(t, "R")),
				LossBad: max(1, probability().Draw(t, "LossBad")), LossGood: probability().Draw(t, "LossGood"),
			}
		}
		return c
	})
}

// sending is one packet of a load, handed over pause after the one before.
type sending struct {
	pause  time.Duration
	packet wire.Packet
	size   int
}

func load() *rapid.Generator[[]sending] {
	one := rapid.Custom(func(t *rapid.T) sending {
		return sending{
			pause:  time.Duration(rapid.Int64Range(0, int64(5*ms)).Draw(t, "pause")),
			packet: wiretest.Packet().Draw(t, "packet"),
			size:   rapid.IntRange(20, 1600).Draw(t, "size"),
		}
	})
	return rapid.SliceOfN(one, 1, 60)
}

// play sends the load.
func play(d *Direction, load []sending) []Outcome {
	outcomes := make([]Outcome, len(load))
	now := time.Duration(0)
	for i := range load {
		now += load[i].pause
		outcomes[i] = d.Send(now, &load[i].packet, load[i].size)
	}
	return outcomes
}

// withRules adds generated rules, the same to each direction.
func withRules(t *rapid.T, directions ...*Direction) {
	for i := range rapid.IntRange(0, 3).Draw(t, "rules") {
		m := MatchRule{
			Name:  fmt.Sprint("r", i),
			Match: match().Draw(t, "match"),
			From:  rapid.IntRange(0, 3).Draw(t, "From"),
			Verdict: rapid.SampledFrom([]Verdict{
				{Action: Drop},
				{Action: Deliver},
				{Action: Deliver, Delay: 3 * ms},
				{Action: Duplicate, Delay: ms},
				{Action: Corrupt, Bit: 77},
			}).Draw(t, "Verdict"),
		}
		for _, d := range directions {
			require.NoError(t, d.AddMatchRule(m))
		}
	}
}

func TestOutcomesAreWellFormed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg, load := config().Draw(t, "config"), load().Draw(t, "load")
		d := direction(t, cfg)
		withRules(t, d)
		now := time.Duration(0)
		for i, o := range play(d, load) {
			now += load[i].pause
			require.Equal(t, o.Dropped == "", len(o.Deliveries()) > 0, "it is dropped, or it is delivered")
			require.True(t, o.FragNeeded == 0 || o.Dropped != "")
			for copyNumber, f := range o.Deliveries() {
				require.GreaterOrEqual(t, f.At, now+cfg.Delay, "no packet is faster than Delay")
				require.Equal(t, copyNumber, f.Copy)
				require.LessOrEqual(t, f.Flip, 8*load[i].size)
				require.GreaterOrEqual(t, f.Flip, 0)
				again := d.Arrive(f.At, f, &load[i].packet)
				require.Equal(t, []Delivery{f}, again.Deliveries(), "without a fault it arrives as announced")
			}
		}
	})
}

func TestOutcomesFollowFromTheSeed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg, load, seed := config().Draw(t, "config"), load().Draw(t, "load"), rapid.Uint64().Draw(t, "seed")
		a, err := New("a", cfg, seed)
		require.NoError(t, err)
		b, err := New("b", cfg, seed)
		require.NoError(t, err)
		withRules(t, a, b)
		require.Equal(t, play(a, load), play(b, load))
	})
}

func TestPacketsKeepTheirOrderUnlessReorderIsSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg, load := config().Draw(t, "config"), load().Draw(t, "load")
		cfg.Reorder = false
		d := direction(t, cfg)
		last := time.Duration(0)
		for _, o := range play(d, load) {
			if o.Dropped == "" {
				require.GreaterOrEqual(t, o.Deliveries()[0].At, last)
				last = o.Deliveries()[0].At
			}
		}
	})
}

func TestPacketsKeepTheirOrderWhenTheConfigChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		load := load().Draw(t, "load")
		d := direction(t, Config{})
		now, last := time.Duration(0), time.Duration(0)
		for i := range load {
			if rapid.IntRange(0, 3).Draw(t, "change") == 0 {
				cfg := config().Draw(t, "config")
				cfg.Reorder = false
				require.NoError(t, d.SetConfig(cfg))
			}
			now += load[i].pause
			if o := d.Send(now, &load[i].packet, load[i].size); o.Dropped == "" {
				require.GreaterOrEqual(t, o.Deliveries()[0].At, last)
				last = o.Deliveries()[0].At
			}
		}
	})
}

func TestJitterReordersWhenReorderIsSet(t *testing.T) {
	d := direction(t, Config{Jitter: 10 * ms, Reorder: true})
	overtakes, last := 0, time.Duration(0)
	for i := range 1000 {
		at := sent(t, d, time.Duration(i)*ms, nil, 40).At
		if at < last {
			overtakes++
		}
		last = max(last, at)
	}
	require.Greater(t, overtakes, 500, "of 1000 packets 1 ms apart with 10 ms of jitter most overtake one")
}

// TestSettingsAreIndependent: what one setting does to a packet does not depend
// on the dice of another.
func TestSettingsAreIndependent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg, load := config().Draw(t, "config"), load().Draw(t, "load")
		all := play(direction(t, cfg), load)

		single := cfg
		single.Duplicate = 0
		for i, o := range play(direction(t, single), load) {
			require.Equal(t, all[i].Dropped, o.Dropped, "duplication changes no drop")
			if o.Dropped == "" {
				require.Equal(t, all[i].Deliveries()[0].At, o.Deliveries()[0].At)
				require.Equal(t, all[i].Deliveries()[0].Flip, o.Deliveries()[0].Flip)
			}
		}

		lossless := cfg
		lossless.Loss, lossless.Burst = 0, GilbertElliott{}
		for i, o := range play(direction(t, lossless), load) {
			if w := all[i].Dropped; w == reasonLoss || w == reasonBurst {
				require.Empty(t, o.Dropped)
			} else {
				require.Equal(t, all[i], o, "loss takes packets away and changes nothing about the others")
			}
		}

		clean := cfg
		clean.Corrupt = 0
		for i, o := range play(direction(t, clean), load) {
			require.Equal(t, all[i].Dropped, o.Dropped, "corruption changes no drop")
			require.Equal(t, arrivals(all[i]), arrivals(o), "and no time")
		}
	})
}

func TestDropRulesTakePacketsAwayAndChangeNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg, load := config().Draw(t, "config"), load().Draw(t, "load")
		bare, ruled := direction(t, cfg), direction(t, cfg)
		m := match().Draw(t, "match")
		addRule(t, ruled, "cut", m.String(), 0, 0, Verdict{Action: Drop})
		want, got, matcher := play(bare, load), play(ruled, load), m.Matcher()
		for i := range load {
			if matcher.Match(&load[i].packet) {
				require.Equal(t, Outcome{Dropped: "rule cut"}, got[i])
				continue
			}
			for j := range got[i].deliveries {
				got[i].deliveries[j].rules = want[i].deliveries[j].rules // that a rule was added is no difference
			}
			require.Equal(t, want[i], got[i])
		}
	})
}

func TestDifferentSeedsDiffer(t *testing.T) {
	seen := map[time.Duration]bool{}
	for seed := range uint64(1000) {
		d, err := New("x", Config{Jitter: time.Hour}, seed)
		require.NoError(t, err)
		seen[sent(t, d, 0, nil, 40).At] = true
	}
	require.Len(t, seen, 1000)
}

// TestGolden: the same outcomes on every machine. A change of the constant
// changes every trace with random links that anyone has kept.
func TestGolden(t *testing.T) {
	d, err := New("golden", Config{
		Delay: 10 * ms, Jitter: 3 * ms, Loss: 2 * Percent, Duplicate: Percent, DuplicateDelay: ms, Corrupt: Percent,
		Burst: GilbertElliott{P: Percent, R: 30 * Percent, LossBad: 90 * Percent, LossGood: 100 * PPM},
		Rate:  9_999_991, QueuePackets: 10,
	}, 42)
	require.NoError(t, err)
	hash := sha256.New()
	for i := range 20_000 {
		o := d.Send(time.Duration(i)*ms, nil, 40+i%1461)
		fmt.Fprintf(hash, "%d %s", i, o.Dropped)
		for _, f := range o.Deliveries() {
			fmt.Fprintf(hash, " %d %d %d %s", f.At, f.Copy, f.Flip, f.Reason)
		}
	}
	require.Equal(t, "1f48978a0c29bc3f76a6ee2c67e667285308cc3765f0e61355e687a8cf275646", hex.EncodeToString(hash.Sum(nil)))
}
