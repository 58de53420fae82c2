package middlebox

import "fmt"

// Base is what a [Number] of a forged segment counts from.
type Base uint8

const (
	// Seen counts from the first number behind everything that was seen of the
	// end that the segment pretends to come from; for an acknowledgment, of the
	// end that it goes to.
	Seen Base = iota
	// Next counts from RCV.NXT of the end that it goes to; for an
	// acknowledgment, from its SND.NXT.
	Next
	// Edge counts from the right edge of that end's window, RCV.NXT+RCV.WND: the
	// first number outside.
	Edge
	// Absolute is a number as on the wire.
	Absolute
)

var baseNames = [...]string{"seen", "n", "wnd", ""}

// Number is a sequence or acknowledgment number of a forged segment. The zero
// Number is exact, as far as one can see.
type Number struct {
	Base   Base
	Offset int64 // modulo 2^32
}

// String is "seen0", "n-1", "wnd1000", or the number of an [Absolute].
func (n Number) String() string {
	if int(n.Base) >= len(baseNames) {
		return fmt.Sprintf("base %d%+d", n.Base, n.Offset)
	}
	return fmt.Sprintf("%s%d", baseNames[n.Base], n.Offset)
}

// Seq is the number as a sequence number, in a segment from one end to the
// other.
func (n Number) Seq(from, to *End) uint32 {
	switch n.Base {
	case Seen:
		if !from.Seen() { // its packets go another way
			return to.RcvNxt() + uint32(n.Offset)
		}
		return from.SndNxt() + uint32(n.Offset)
	case Next:
		return to.RcvNxt() + uint32(n.Offset)
	case Edge:
		return to.RcvNxt() + to.RcvWnd() + uint32(n.Offset)
	}
	return uint32(n.Offset)
}

// Ack is the number as an acknowledgment number, in a segment to that end.
func (n Number) Ack(to *End) uint32 {
	if n.Base == Absolute {
		return uint32(n.Offset)
	}
	return to.SndNxt() + uint32(n.Offset)
}
