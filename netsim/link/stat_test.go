package link

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// significance is the probability with which a correct link would fail one of
// the statistical tests if its seed were not fixed.
const significance = 0.001

// chiSquareTail is the probability that a χ² variable with so many degrees of
// freedom exceeds x: the regularised upper incomplete gamma function
// Q(dof/2, x/2), by its series below the mean and by the continued fraction of
// Lentz above it (Abramowitz and Stegun 6.5.29 and 6.5.31).
func chiSquareTail(x float64, dof int) float64 {
	a, z := float64(dof)/2, x/2
	if z <= 0 {
		return 1
	}
	lg, _ := math.Lgamma(a)
	front := math.Exp(a*math.Log(z) - z - lg)
	if z < a+1 {
		sum, part := 1/a, 1/a
		for n := a + 1; part > sum*1e-15; n++ {
			part *= z / n
			sum += part
		}
		return 1 - front*sum
	}
	const tiny = 1e-300
	b := z + 1 - a
	c, d := 1/tiny, 1/b
	h := d
	for i := 1.0; ; i++ {
		an := -i * (i - a)
		b += 2
		if d = an*d + b; math.Abs(d) < tiny {
			d = tiny
		}
		if c = b + an/c; math.Abs(c) < tiny {
			c = tiny
		}
		d = 1 / d
		h *= d * c
		if math.Abs(d*c-1) < 1e-15 {
			return front * h
		}
	}
}

// requireFit is Pearson's χ² test: counts with these expectations, free of
// which can vary.
func requireFit(t *testing.T, observed []int, expected []float64, free int, why string) {
	t.Helper()
	require.Len(t, expected, len(observed))
	x := 0.0
	for i, e := range expected {
		require.GreaterOrEqual(t, e, 5.0, "%s: class %d is too rare for the test", why, i)
		x += (float64(observed[i]) - e) * (float64(observed[i]) - e) / e
	}
	tail := chiSquareTail(x, free)
	t.Logf("%s: χ²(%d) = %.1f, p = %.3f", why, free, x, tail)
	require.Greater(t, tail, significance, "%s: χ² = %.1f with %d degrees of freedom", why, x, free)
	require.Less(t, tail, 1-significance, "%s: too good to be random: χ² = %.2f with %d degrees of freedom", why, x, free)
}

// requireRate tests a count of successes against its expectation and variance.
func requireRate(t *testing.T, observed int, mean, variance float64, why string) {
	t.Helper()
	x := (float64(observed) - mean) * (float64(observed) - mean) / variance
	tail := chiSquareTail(x, 1)
	t.Logf("%s: %d, expected %.1f ± %.1f, p = %.3f", why, observed, mean, math.Sqrt(variance), tail)
	require.Greater(t, tail, significance, "%s: %d, expected %.1f ± %.1f", why, observed, mean, math.Sqrt(variance))
}

// requireUniform tests equal counts.
func requireUniform(t *testing.T, observed []int, why string) {
	t.Helper()
	total := 0
	for _, n := range observed {
		total += n
	}
	expected := make([]float64, len(observed))
	for i := range expected {
		expected[i] = float64(total) / float64(len(observed))
	}
	requireFit(t, observed, expected, len(observed)-1, why)
}

// requireGeometric tests that lengths 1, 2, 3, … occur as they do when each step
// ends the run with probability end. Neighbouring lengths are taken together in
// classes large enough to test, at most about fifty.
func requireGeometric(t *testing.T, lengths []int, end float64, why string) {
	t.Helper()
	total := float64(len(lengths))
	enough := max(5, total/50)
	var upTo []int // the largest length of each class but the last
	var expected []float64
	before, left := total, total // expected to be longer than the classes so far, and than length
	for length := 1; left >= enough; length++ {
		left *= 1 - end
		if before-left >= enough && left >= 5 {
			upTo, expected = append(upTo, length), append(expected, before-left)
			before = left
		}
	}
	expected = append(expected, before)
	observed := make([]int, len(expected))
	for _, n := range lengths {
		class, _ := slices.BinarySearch(upTo, n)
		observed[class]++
	}
	requireFit(t, observed, expected, len(expected)-1, why)
}

func TestChiSquareTailMatchesTheTables(t *testing.T) {
	for _, tc := range []struct {
		x    float64
		dof  int
		tail float64
	}{ // NIST/SEMATECH e-Handbook of Statistical Methods, section 1.3.6.7.4
		{3.841, 1, 0.05},
		{10.828, 1, 0.001},
		{5.991, 2, 0.05},
		{23.209, 10, 0.01},
		{18.307, 10, 0.05},
		{124.342, 100, 0.05},
		{149.449, 100, 0.001},
		{77.929, 100, 0.95},
		{2.558, 10, 0.99},
	} {
		require.InDelta(t, tc.tail, chiSquareTail(tc.x, tc.dof), 2e-5+tc.tail*1e-3, "χ²(%d) > %v", tc.dof, tc.x)
	}
}
