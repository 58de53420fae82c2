package link

import "time"

// Outcome is what becomes of a packet: it was dropped, or it is delivered once
// or twice.
type Outcome struct {
	// Dropped is why nothing is delivered, and "" when something is:
	// "link down", "mtu 1400", "needs fragmentation", "queue full", "loss",
	// "burst loss", or "rule" and the rule's name.
	Dropped string

	// FragNeeded is the MTU that the caller is to report to the sender in an
	// ICMP "fragmentation needed and DF set" (RFC 1191) or an ICMPv6 "packet
	// too big" (RFC 4443 section 3.2); 0 for none.
	FragNeeded int

	count      int
	deliveries [2]Delivery
}

// Deliveries are the arrivals to come, the packet's own first. The slice is
// part of the outcome.
func (o *Outcome) Deliveries() []Delivery { return o.deliveries[:o.count] }

// Delivery is a packet, or a copy of one, on its way. The caller keeps it and
// hands it to [Direction.Arrive] at its time.
type Delivery struct {
	At     time.Duration // when it arrives
	Copy   int           // 0 is the packet itself, every duplicate of it has its own number
	Flip   int           // n > 0: bit n-1 of the datagram is flipped; bit 0 is the lowest of byte 0
	Reason string        // what happened to it: "jitter", "duplicate", "corrupt", "rule late +30ms", or ""

	bits  int    // length of the datagram
	split int    // what to add to Copy for its next duplicate: a power of two
	life  uint64 // how often the link had gone down when it was sent
	rules uint64 // how many rules had been added when it was last judged
}

func dropped(why string) Outcome { return Outcome{Dropped: why} }

func (o *Outcome) add(f Delivery) {
	o.deliveries[o.count] = f
	o.count++
}

// duplicate splits a delivery in two; the copy arrives delay later. Copies keep
// different numbers however often they are split: each split takes the next bit.
func (f Delivery) duplicate(delay time.Duration) (self, other Delivery) {
	other = f
	other.Copy += f.split
	other.At = later(f.At, delay)
	f.split *= 2
	other.split *= 2
	return f, other
}

// flip turns over one bit: bit 0 is the lowest of byte 0, bit -1 the highest of
// the last byte, and what lies outside is taken modulo the length.
func (f *Delivery) flip(bit int) {
	if f.bits == 0 {
		return
	}
	bit %= f.bits
	if bit < 0 {
		bit += f.bits
	}
	f.Flip = bit + 1
}
