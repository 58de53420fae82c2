package link

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// pow10 are the powers of ten that the units of this package need.
var pow10 = [...]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12}

// parseDecimal returns text × 10^places exactly: "1.5" with 4 places is 15000.
// What has no exact answer is an error; nothing is ever rounded.
func parseDecimal(text string, places int) (uint64, error) {
	whole, frac, point := strings.Cut(text, ".")
	if !digits(whole) || point && !digits(frac) {
		return 0, fmt.Errorf("%q is not a decimal number such as 12 or 1.5", text)
	}
	if len(frac) > places {
		if frac = strings.TrimRight(frac, "0"); len(frac) > places {
			return 0, fmt.Errorf("%q is too fine: at most %d decimal places here", text, places)
		}
	}
	n, err := strconv.ParseUint(whole, 10, 64)
	if err != nil {
		return 0, errTooLarge
	}
	f, _ := strconv.ParseUint("0"+frac, 10, 64) // at most 12 digits
	hi, lo := bits.Mul64(n, pow10[places])
	lo, carry := bits.Add64(lo, f*pow10[places-len(frac)], 0)
	if hi+carry != 0 {
		return 0, errTooLarge
	}
	return lo, nil
}

var errTooLarge = errors.New("the number is too large")

func digits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// formatDecimal is the inverse of parseDecimal, without trailing zeros.
func formatDecimal(n uint64, places int) string {
	whole, frac := n/pow10[places], n%pow10[places]
	text := strconv.FormatUint(whole, 10)
	if frac == 0 {
		return text
	}
	return text + "." + strings.TrimRight(fmt.Sprintf("%0*d", places, frac), "0")
}

// later is t + d, or the end of time where that would overflow.
func later(t, d time.Duration) time.Duration {
	if d > math.MaxInt64-t {
		return math.MaxInt64
	}
	return t + d
}
