package link

import (
	"fmt"
	"strings"
)

// Probability is a probability in parts per million: 0 is never, [Always] is
// always. It is an integer so that a run is the same on every machine.
type Probability uint32

const (
	// PPM is one part per million.
	PPM Probability = 1
	// Percent is one in a hundred: 3*Percent is 3%.
	Percent Probability = 10_000
	// Always is a probability of one, the largest.
	Always Probability = 1_000_000
)

// String prints the probability in percent, exactly: "1.5%", "0.0001%".
func (p Probability) String() string { return formatDecimal(uint64(p), 4) + "%" }

// ParseProbability is the inverse of [Probability.String]: "1%", "0.25%". It
// also takes parts per million: "12ppm". A number without unit, one finer than
// a part per million and one above 100% are errors.
func ParseProbability(text string) (Probability, error) {
	n, err := parseProbability(text)
	if err != nil {
		return 0, fmt.Errorf("link: probability %q: %w", text, err)
	}
	return n, nil
}

func parseProbability(text string) (Probability, error) {
	var n uint64
	var err error
	if number, ok := strings.CutSuffix(text, "%"); ok {
		n, err = parseDecimal(number, 4)
	} else if number, ok = strings.CutSuffix(text, "ppm"); ok {
		n, err = parseDecimal(number, 0)
	} else {
		err = fmt.Errorf("no unit; write percent or parts per million: 2.5%% or 25000ppm")
	}
	if err == nil && n > uint64(Always) {
		err = fmt.Errorf("above 100%%; use 0%% to 100%%")
	}
	if err != nil {
		return 0, err
	}
	return Probability(n), nil
}
