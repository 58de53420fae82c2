package link

import "math/bits"

// dice are the random draws of one direction. A draw is a function of the seed,
// of what it is for and of the packet's number, and of nothing else. So a
// setting that is switched on, a rule, or a packet that is dropped never shifts
// what the other settings do to the packets after it.
type dice uint64

// draw names what a draw is for.
type draw uint64

const (
	drawLoss draw = iota + 1
	drawBurstLoss
	drawBurstMove
	drawJitter
	drawDuplicate
	drawCorrupt        // of the packet; its copy has the next one
	drawCorruptCopy    //
	drawCorruptBit     // of the packet; its copy has the next one
	drawCorruptBitCopy //
)

// golden is 2⁶⁴ divided by the golden ratio, the step of SplitMix64 (Steele,
// Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
const golden = 0x9E3779B97F4A7C15

// mix is the output function of SplitMix64.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// number is output n of the SplitMix64 sequence whose seed is derived from the
// dice and the purpose.
func (s dice) number(d draw, n uint64) uint64 {
	seed := mix(uint64(s) + uint64(d)*golden)
	return mix(seed + (n+1)*golden)
}

// below is uniform in [0, limit); its bias is less than limit / 2⁶⁴.
func (s dice) below(limit uint64, d draw, n uint64) uint64 {
	hi, _ := bits.Mul64(s.number(d, n), limit)
	return hi
}

// happens is true with probability p.
func (s dice) happens(p Probability, d draw, n uint64) bool {
	return p > 0 && s.below(uint64(Always), d, n) < uint64(p)
}
