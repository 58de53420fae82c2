package link

import (
	"fmt"
	"strings"
)

// GilbertElliott is loss in bursts: a Markov chain with a good and a bad state
// that makes one step a packet. The zero value is off. It is netem's
// "loss gemodel p r 1-h 1-k" (tc-netem(8)); the model is from Gilbert (1960)
// and Elliott (1963), see the package documentation.
//
// In the long run P/(P+R) of the packets meet the bad state, and a stay in it
// lasts 1/R packets on average. With LossBad 100% and LossGood 0 (the simple
// Gilbert model) these are the loss rate and the mean length of a burst.
//
// A packet is judged by the state it meets; then the chain moves.
type GilbertElliott struct {
	P        Probability // from good to bad, per packet; 0 is off
	R        Probability // from bad to good, per packet; 0 is an error unless P is 0
	LossBad  Probability // loss in the bad state: netem's 1-h; 0 is an error unless P is 0
	LossGood Probability // loss in the good state: netem's 1-k
}

// String prints the model as netem names it, "p r 1-h 1-k" joined by commas:
// "1%,30%,100%,0%"; "off" for the zero value.
func (g GilbertElliott) String() string {
	if g == (GilbertElliott{}) {
		return "off"
	}
	return fmt.Sprintf("%v,%v,%v,%v", g.P, g.R, g.LossBad, g.LossGood)
}

// ParseGilbertElliott is the inverse of [GilbertElliott.String]. As in netem
// all but the first value may be left out: r is then 1-p, 1-h is 100% and 1-k
// is 0%.
func ParseGilbertElliott(text string) (GilbertElliott, error) {
	if text == "off" {
		return GilbertElliott{}, nil
	}
	fields := strings.Split(text, ",")
	if len(fields) > 4 {
		return GilbertElliott{}, fmt.Errorf("link: burst loss %q: %d values; write at most four, p,r,1-h,1-k", text, len(fields))
	}
	var v [4]Probability
	for i, field := range fields {
		p, err := parseProbability(field)
		if err != nil {
			name := [...]string{"p", "r", "1-h", "1-k"}[i]
			return GilbertElliott{}, fmt.Errorf("link: burst loss %q: %s = %q: %w", text, name, field, err)
		}
		v[i] = p
	}
	g := GilbertElliott{P: v[0], R: Always - v[0], LossBad: Always, LossGood: v[3]}
	if len(fields) > 1 {
		g.R = v[1]
	}
	if len(fields) > 2 {
		g.LossBad = v[2]
	}
	return g, nil
}

// lose decides about packet n in the state bad, and says what state the next
// packet meets.
func (g GilbertElliott) lose(bad bool, roll dice, n uint64) (lost, nextBad bool) {
	if bad {
		return roll.happens(g.LossBad, drawBurstLoss, n), !roll.happens(g.R, drawBurstMove, n)
	}
	return roll.happens(g.LossGood, drawBurstLoss, n), roll.happens(g.P, drawBurstMove, n)
}
