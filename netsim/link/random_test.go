package link

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// many is how many packets the statistical tests send.
const many = 400_000

// sendMany returns what becomes of many packets of 40 bytes, all sent at 0.
func sendMany(t *testing.T, cfg Config, each func(n int, o Outcome)) {
	t.Helper()
	d, err := New("statistics", cfg, 20260905)
	require.NoError(t, err)
	for n := range many {
		each(n, d.Send(0, nil, 40))
	}
}

// tally counts events and the distances between them.
type tally struct {
	count, last int
	gaps        []int
}

func (y *tally) see(n int, happened bool) {
	if happened {
		y.gaps = append(y.gaps, n+1-y.last)
		y.last = n + 1
		y.count++
	}
}

func (y *tally) require(t *testing.T, p float64, what string) {
	t.Helper()
	requireRate(t, y.count, many*p, many*p*(1-p), what)
	requireGeometric(t, y.gaps, p, what+": distances")
}

func TestLossIsBernoulli(t *testing.T) {
	for _, p := range []Probability{Percent / 10, Percent, 10 * Percent, 50 * Percent, 99 * Percent} {
		var lost tally
		sendMany(t, Config{Loss: p}, func(n int, o Outcome) { lost.see(n, o.Dropped == "loss") })
		lost.require(t, float64(p)/1e6, "loss "+p.String())
	}
}

func TestNeverAndAlwaysAreExact(t *testing.T) {
	sendMany(t, Config{}, func(_ int, o Outcome) { require.Empty(t, o.Dropped) })
	sendMany(t, Config{Loss: Always}, func(_ int, o Outcome) { require.Equal(t, "loss", o.Dropped) })
}

func TestDuplicationIsBernoulli(t *testing.T) {
	var twice tally
	sendMany(t, Config{Duplicate: 3 * Percent}, func(n int, o Outcome) { twice.see(n, len(o.Deliveries()) == 2) })
	twice.require(t, 0.03, "duplicate 3%")
}

func TestCorruptionIsBernoulliAndEveryBitIsAsLikely(t *testing.T) {
	var self, other tally
	bits, otherBits := make([]int, 320), make([]int, 320)
	sendMany(t, Config{Corrupt: 20 * Percent, Duplicate: Always}, func(n int, o Outcome) {
		a, b := o.Deliveries()[0].Flip, o.Deliveries()[1].Flip
		self.see(n, a > 0)
		other.see(n, b > 0)
		if a > 0 {
			bits[a-1]++
		}
		if b > 0 {
			otherBits[b-1]++
		}
	})
	self.require(t, 0.2, "corrupt 20%")
	other.require(t, 0.2, "corrupt 20% of the copies")
	requireUniform(t, bits, "bit")
	requireUniform(t, otherBits, "bit of the copy")
}

func TestJitterIsUniform(t *testing.T) {
	const classes = 250
	coarse, fine := make([]int, classes), make([]int, 8)
	sendMany(t, Config{Delay: ms, Jitter: classes*ms - 1, Reorder: true}, func(_ int, o Outcome) {
		coarse[int((o.Deliveries()[0].At-ms)/ms)]++
	})
	requireUniform(t, coarse, "jitter in 250 classes")
	sendMany(t, Config{Delay: ms, Jitter: 7, Reorder: true}, func(_ int, o Outcome) {
		fine[int(o.Deliveries()[0].At-ms)]++
	})
	requireUniform(t, fine, "jitter of 0 to 7 ns, ends included")
}

func TestJitterOfNeighboursIsIndependent(t *testing.T) {
	pairs, last := make([]int, 100), 0
	sendMany(t, Config{Jitter: 10*ms - 1, Reorder: true}, func(n int, o Outcome) {
		this := int(o.Deliveries()[0].At / ms)
		if n%2 == 1 {
			pairs[10*last+this]++
		}
		last = this
	})
	requireUniform(t, pairs, "pairs of neighbours in 10 × 10 classes")
}

func TestSettingsAreStatisticallyIndependent(t *testing.T) {
	classes := make([]int, 8) // jitter high, duplicated, corrupt
	sendMany(t, Config{Jitter: time.Second - 1, Reorder: true, Duplicate: 50 * Percent, Corrupt: 50 * Percent}, func(_ int, o Outcome) {
		f := o.Deliveries()[0]
		class := 0
		for i, yes := range []bool{f.At >= time.Second/2, len(o.Deliveries()) == 2, f.Flip > 0} {
			if yes {
				class |= 1 << i
			}
		}
		classes[class]++
	})
	requireUniform(t, classes, "jitter × duplicate × corrupt")
}

func TestSimpleGilbertBurstsAreGeometric(t *testing.T) {
	for _, g := range []GilbertElliott{
		{P: Percent, R: 30 * Percent, LossBad: Always},
		{P: 5 * Percent, R: 5 * Percent, LossBad: Always},
		{P: 60 * Percent, R: 80 * Percent, LossBad: Always},
	} {
		var bursts, gaps []int
		length, wasLost, lost := 0, false, 0
		sendMany(t, Config{Burst: g}, func(n int, o Outcome) {
			now := o.Dropped == "burst loss"
			if now {
				lost++
			}
			if n > 0 && now != wasLost {
				if wasLost {
					bursts = append(bursts, length)
				} else {
					gaps = append(gaps, length)
				}
				length = 0
			}
			length++
			wasLost = now
		})
		requireGilbertRate(t, g, lost)
		requireGeometric(t, bursts, float64(g.R)/1e6, g.String()+": length of bursts")
		requireGeometric(t, gaps, float64(g.P)/1e6, g.String()+": length of gaps")
	}
}

func TestGilbertElliottWithoutMemoryIsBernoulli(t *testing.T) {
	// When P + R is 100% the next state does not depend on this one.
	g := GilbertElliott{P: 30 * Percent, R: 70 * Percent, LossBad: 90 * Percent, LossGood: 20 * Percent}
	var lost tally
	sendMany(t, Config{Burst: g}, func(n int, o Outcome) { lost.see(n, o.Dropped == "burst loss") })
	lost.require(t, 0.3*0.9+0.7*0.2, g.String())
}

func TestLossInTheGoodStateNeedsNoBadState(t *testing.T) {
	sendMany(t, Config{Burst: GilbertElliott{LossGood: Always}}, func(_ int, o Outcome) {
		require.Equal(t, "burst loss", o.Dropped)
	})
}

func TestProbabilityIsExactToOnePartPerMillion(t *testing.T) {
	roll := dice(7)
	for n := range uint64(100_000) {
		p := Probability(roll.below(uint64(Always), drawLoss, n))
		require.False(t, roll.happens(p, drawLoss, n))
		require.True(t, roll.happens(p+1, drawLoss, n))
	}
}

func TestGilbertElliottLossRate(t *testing.T) {
	for _, g := range []GilbertElliott{
		{P: Percent, R: 10 * Percent, LossBad: 50 * Percent, LossGood: 1000 * PPM},
		{P: 20 * Percent, R: 30 * Percent, LossBad: 70 * Percent, LossGood: 5 * Percent},
		{P: 99 * Percent, R: 99 * Percent, LossBad: Always, LossGood: Percent},
	} {
		lost := 0
		sendMany(t, Config{Burst: g}, func(_ int, o Outcome) {
			if o.Dropped == "burst loss" {
				lost++
			}
		})
		requireGilbertRate(t, g, lost)
	}
}

// requireGilbertRate tests the long-run loss rate. Losses k packets apart have
// the covariance (LossBad-LossGood)² π(1-π) λ^k, where π = P/(P+R) is the share
// of the bad state and λ = 1-P-R; summed over k it adds to the variance.
func requireGilbertRate(t *testing.T, g GilbertElliott, lost int) {
	t.Helper()
	p, r, hb, hg := float64(g.P)/1e6, float64(g.R)/1e6, float64(g.LossBad)/1e6, float64(g.LossGood)/1e6
	bad, lambda := p/(p+r), 1-p-r
	rate := bad*hb + (1-bad)*hg
	variance := rate*(1-rate) + 2*(hb-hg)*(hb-hg)*bad*(1-bad)*lambda/(1-lambda)
	requireRate(t, lost, many*rate, many*variance, g.String()+": losses")
}
