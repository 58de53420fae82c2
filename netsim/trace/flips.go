package trace

import (
	"fmt"
	"strings"
)

// arrivedFlipped is the reason of a Forwarded packet that arrived damaged.
const arrivedFlipped = "arrived with bit %d flipped"

// ArrivedFlipped is the Reason of a Forwarded event whose packet arrived with this bit
// flipped (bit 0 is the lowest of octet 0).
func ArrivedFlipped(bit int) string { return fmt.Sprintf(arrivedFlipped, bit) }

// UnknownFlip is a packet of which several bits may have been flipped, or of whose copies
// one was damaged and another was not.
const UnknownFlip = -1

// Flips knows which bit of a packet was flipped before a router passed it on: when the
// packet arrives that is not told. The zero value is ready.
type Flips struct{ byNumber map[uint64]int }

// Forwarded takes note of a Forwarded event.
func (f *Flips) Forwarded(e *Event) {
	flip := 0
	if at := strings.Index(e.Reason, arrivedFlipped[:len("arrived with bit ")]); at >= 0 {
		flip = UnknownFlip
		if n, err := fmt.Sscanf(e.Reason[at:], arrivedFlipped, &flip); n == 1 && err == nil {
			flip++
		}
	}
	if before, again := f.byNumber[e.Number]; again && before != flip {
		flip = UnknownFlip // of several copies, or routers
	}
	if f.byNumber == nil {
		f.byNumber = map[uint64]int{}
	}
	f.byNumber[e.Number] = flip
}

// Before is the bit of a packet that was flipped before a router passed it on, plus one; 0 is
// none, and [UnknownFlip] that it is not known.
func (f *Flips) Before(number uint64) int { return f.byNumber[number] }

// Of is the same for all of its way.
func (f *Flips) Of(e *Event) int {
	switch before := f.Before(e.Number); {
	case e.Flip == 0:
		return before
	case before == 0:
		return e.Flip
	}
	return UnknownFlip
}
