package link

import (
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// ceilDiv is ⌈a/b⌉ in exact arithmetic.
func ceilDiv(a, b *big.Int) *big.Int {
	q, r := new(big.Int).QuoRem(a, b, new(big.Int))
	if r.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return q
}

func TestThroughputIsExactOver100000Packets(t *testing.T) {
	const packets, size = 100_000, 1500
	for _, rate := range []BitRate{9_999_991, 10 * Mbit, 1_234_567_891, 7 * Gbit, 400 * Gbit} {
		d := direction(t, Config{Rate: rate})
		p := segment(t, ".", "")
		for i := range packets {
			at := sent(t, d, 0, p, size).At
			bitNanos := new(big.Int).Mul(big.NewInt(int64(i+1)*size*8), big.NewInt(int64(time.Second)))
			want := ceilDiv(bitNanos, big.NewInt(int64(rate)))
			require.Equal(t, want.Int64(), int64(at), "%v: the last bit of packet %d", rate, i+1)
		}
	}
}

func TestLowRate(t *testing.T) {
	d := direction(t, Config{Rate: Bit, Delay: ms})
	require.Equal(t, 40*8*time.Second+ms, sent(t, d, 0, segment(t, ".", ""), 40).At)
}

func TestTransmitterMatchesRationalArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.Uint64Range(1, 1<<40).Draw(t, "rate")
		d := direction(t, Config{Rate: BitRate(rate)})
		free, now := new(big.Rat), time.Duration(0)
		for range rapid.IntRange(1, 40).Draw(t, "packets") {
			now += time.Duration(rapid.Int64Range(0, 20_000).Draw(t, "pause"))
			size := rapid.IntRange(0, 3000).Draw(t, "size")

			if begin := new(big.Rat).SetInt64(int64(now)); free.Cmp(begin) < 0 {
				free = begin
			}
			bitNanos := new(big.Int).Mul(big.NewInt(int64(size)*8), big.NewInt(int64(time.Second)))
			free.Add(free, new(big.Rat).SetFrac(bitNanos, new(big.Int).SetUint64(rate)))
			want := ceilDiv(free.Num(), free.Denom())
			if !want.IsInt64() {
				return
			}
			require.Equal(t, time.Duration(want.Int64()), d.Send(now, nil, size).deliveries[0].At)
		}
	})
}

func TestChangedRateAppliesToLaterPackets(t *testing.T) {
	d := direction(t, Config{Rate: 8 * Kbit}) // 1 byte a ms
	p := segment(t, ".", "")
	require.Equal(t, 100*ms, sent(t, d, 0, p, 100).At)
	require.NoError(t, d.SetConfig(Config{Rate: 80 * Kbit}))
	require.Equal(t, 110*ms, sent(t, d, 0, p, 100).At)
	require.NoError(t, d.SetConfig(Config{Reorder: true}))
	require.Equal(t, 110*ms, sent(t, d, 0, p, 100).At, "infinitely fast, but only when the earlier ones are out")
	require.Equal(t, 111*ms, sent(t, d, 111*ms, p, 100).At)
}

func TestChangedRateBeginsAtAWholeNanosecond(t *testing.T) {
	d := direction(t, Config{Rate: 3 * Gbit})
	require.Equal(t, 3*time.Nanosecond, sent(t, d, 0, nil, 1).At, "8 bits take 2⅔ ns")
	require.NoError(t, d.SetConfig(Config{Rate: 1 * Gbit}))
	require.Equal(t, 11*time.Nanosecond, sent(t, d, 0, nil, 1).At)
}

func TestTransmitterIsBusyForTheRestOfANanosecond(t *testing.T) {
	d := direction(t, Config{Rate: 3 * Gbit})
	require.Equal(t, 3*time.Nanosecond, sent(t, d, 0, nil, 1).At, "8 bits take 2⅔ ns")
	require.Equal(t, 6*time.Nanosecond, sent(t, d, 2*time.Nanosecond, nil, 1).At, "it begins at 2⅔ and ends at 5⅓ ns")
	require.Equal(t, 9*time.Nanosecond, sent(t, d, 6*time.Nanosecond, nil, 1).At, "it begins at 6 and ends at 8⅔ ns")
}
