package link

import (
	"fmt"
	"math/bits"
	"strings"
	"time"
)

// BitRate is a rate of transmission in bits per second. Zero is unlimited.
type BitRate uint64

// The units of tc(8); they are powers of 1000.
const (
	Bit  BitRate = 1
	Kbit BitRate = 1000 * Bit
	Mbit BitRate = 1000 * Kbit
	Gbit BitRate = 1000 * Mbit
	Tbit BitRate = 1000 * Gbit
)

// rateUnits are the units from large to small; places is the decimal exponent.
var rateUnits = [...]struct {
	name   string
	places int
}{{"tbit", 12}, {"gbit", 9}, {"mbit", 6}, {"kbit", 3}, {"bit", 0}}

// String prints the rate as tc(8) does, exactly: "10mbit", "1.5kbit", and
// "unlimited" for 0.
func (r BitRate) String() string {
	if r == 0 {
		return "unlimited"
	}
	i := 0
	for uint64(r) < pow10[rateUnits[i].places] {
		i++
	}
	return formatDecimal(uint64(r), rateUnits[i].places) + rateUnits[i].name
}

// ParseBitRate is the inverse of [BitRate.String]. The units are bit, kbit,
// mbit, gbit and tbit (per second, powers of 1000) in lower or upper case. A
// number without unit, and one that is no whole number of bits, are errors.
func ParseBitRate(text string) (BitRate, error) {
	folded := strings.ToLower(text)
	if folded == "unlimited" {
		return 0, nil
	}
	for _, u := range rateUnits {
		number, ok := strings.CutSuffix(folded, u.name)
		if !ok {
			continue
		}
		n, err := parseDecimal(number, u.places)
		if err == nil && n == 0 {
			err = fmt.Errorf("nothing would ever arrive; for a dead link set it down, for no limit write unlimited")
		}
		if err != nil {
			return 0, fmt.Errorf("link: rate %q: %w", text, err)
		}
		return BitRate(n), nil
	}
	return 0, fmt.Errorf("link: rate %q: no unit; write bit, kbit, mbit, gbit or tbit (per second), such as 1.5mbit, or unlimited", text)
}

// transmitter puts packets on the wire one after the other. It is exact: the
// part of a nanosecond that one packet needs too much is carried to the next.
type transmitter struct {
	free time.Duration // it is busy until free + part/rate ns
	part uint64        // less than rate
	rate BitRate       // in whose terms part is
}

// idle reports whether a packet handed over at now would not have to wait.
func (t *transmitter) idle(now time.Duration) bool {
	return t.free < now || t.free == now && t.part == 0
}

// ready is the first whole nanosecond at which all earlier packets are out.
func (t *transmitter) ready() time.Duration {
	if t.part > 0 {
		return later(t.free, 1)
	}
	return t.free
}

// setRate changes the rate for the packets to come.
func (t *transmitter) setRate(rate BitRate) {
	if rate != t.rate {
		*t = transmitter{free: t.ready(), rate: rate}
	}
}

// send transmits a datagram of size bytes, at most maxDatagram, as soon as it
// can. It returns the instants at which transmission begins and has ended, each
// rounded up to a nanosecond: a packet is never there before its last bit.
func (t *transmitter) send(now time.Duration, size int) (begin, end time.Duration) {
	if t.idle(now) {
		t.free, t.part = now, 0
	}
	begin = t.ready()
	if t.rate == 0 {
		return begin, begin
	}
	// size × 8 bits × 10⁹ ns/s is below 2⁵⁰; with part it may need a 65th bit,
	// and then rate is above 2⁶³: the division cannot overflow.
	lo, hi := bits.Add64(uint64(size)*8*uint64(time.Second), t.part, 0)
	ns, part := bits.Div64(hi, lo, uint64(t.rate))
	t.free, t.part = later(t.free, time.Duration(ns)), part
	return begin, t.ready()
}
