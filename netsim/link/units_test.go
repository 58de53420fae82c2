package link

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestProbabilityTextIsExact(t *testing.T) {
	for text, p := range map[string]Probability{
		"0%": 0, "0.0001%": PPM, "1%": Percent, "1.5%": 15_000, "33.3333%": 333_333, "100%": Always,
	} {
		got, err := ParseProbability(text)
		require.NoError(t, err, text)
		require.Equal(t, p, got, text)
		require.Equal(t, text, p.String())
	}
	for text, p := range map[string]Probability{"12ppm": 12, "1.50%": 15_000, "1.500000%": 15_000, "007%": 7 * Percent} {
		got, err := ParseProbability(text)
		require.NoError(t, err, text)
		require.Equal(t, p, got, "%s is another way to write it", text)
	}
}

func TestParseProbabilityErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                      `link: probability "": no unit; write percent or parts per million: 2.5% or 25000ppm`,
		"0.5":                   `link: probability "0.5": no unit; write percent or parts per million: 2.5% or 25000ppm`,
		"%":                     `link: probability "%": "" is not a decimal number such as 12 or 1.5`,
		"-1%":                   `link: probability "-1%": "-1" is not a decimal number such as 12 or 1.5`,
		"1.%":                   `link: probability "1.%": "1." is not a decimal number such as 12 or 1.5`,
		".5%":                   `link: probability ".5%": ".5" is not a decimal number such as 12 or 1.5`,
		"1e1%":                  `link: probability "1e1%": "1e1" is not a decimal number such as 12 or 1.5`,
		"0.5ppm":                `link: probability "0.5ppm": "0.5" is too fine: at most 0 decimal places here`,
		"0.00001%":              `link: probability "0.00001%": "0.00001" is too fine: at most 4 decimal places here`,
		"100.0001%":             `link: probability "100.0001%": above 100%; use 0% to 100%`,
		"99999999999999999999%": `link: probability "99999999999999999999%": the number is too large`,
		"18446744073709551615%": `link: probability "18446744073709551615%": the number is too large`,
	} {
		_, err := ParseProbability(text)
		require.EqualError(t, err, want)
	}
}

func TestBitRateTextIsExact(t *testing.T) {
	for text, r := range map[string]BitRate{
		"unlimited": 0, "1bit": Bit, "999bit": 999, "1kbit": Kbit, "56kbit": 56 * Kbit, "1.5mbit": 1500 * Kbit,
		"1.234567mbit": 1_234_567, "10gbit": 10 * Gbit, "18446744.073709551615tbit": math.MaxUint64,
	} {
		got, err := ParseBitRate(text)
		require.NoError(t, err, text)
		require.Equal(t, r, got, text)
		require.Equal(t, text, r.String())
	}
	got, err := ParseBitRate("10Mbit")
	require.NoError(t, err)
	require.Equal(t, 10*Mbit, got, "case does not matter")
}

func TestParseBitRateErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":             `link: rate "": no unit; write bit, kbit, mbit, gbit or tbit (per second), such as 1.5mbit, or unlimited`,
		"10":           `link: rate "10": no unit; write bit, kbit, mbit, gbit or tbit (per second), such as 1.5mbit, or unlimited`,
		"10mbps":       `link: rate "10mbps": no unit; write bit, kbit, mbit, gbit or tbit (per second), such as 1.5mbit, or unlimited`,
		"xmbit":        `link: rate "xmbit": "x" is not a decimal number such as 12 or 1.5`,
		"0mbit":        `link: rate "0mbit": nothing would ever arrive; for a dead link set it down, for no limit write unlimited`,
		"1.5bit":       `link: rate "1.5bit": "1.5" is too fine: at most 0 decimal places here`,
		"99999999tbit": `link: rate "99999999tbit": the number is too large`,
	} {
		_, err := ParseBitRate(text)
		require.EqualError(t, err, want)
	}
}

func TestGilbertElliottText(t *testing.T) {
	for text, want := range map[string]GilbertElliott{
		"off":              {},
		"1%":               {P: Percent, R: 99 * Percent, LossBad: Always},
		"1%,30%":           {P: Percent, R: 30 * Percent, LossBad: Always},
		"1%,30%,50%":       {P: Percent, R: 30 * Percent, LossBad: 50 * Percent},
		"1%,30%,50%,20ppm": {P: Percent, R: 30 * Percent, LossBad: 50 * Percent, LossGood: 20},
	} {
		got, err := ParseGilbertElliott(text)
		require.NoError(t, err)
		require.Equal(t, want, got, text)
	}
	require.Equal(t, "off", GilbertElliott{}.String())
	for text, want := range map[string]string{
		"":               `link: burst loss "": p = "": no unit; write percent or parts per million: 2.5% or 25000ppm`,
		"1%,x":           `link: burst loss "1%,x": r = "x": no unit; write percent or parts per million: 2.5% or 25000ppm`,
		"1%,1%,1%,1%,1%": `link: burst loss "1%,1%,1%,1%,1%": 5 values; write at most four, p,r,1-h,1-k`,
	} {
		_, err := ParseGilbertElliott(text)
		require.EqualError(t, err, want)
	}
}

func TestTextFormsOfUnitsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := probability().Draw(t, "probability")
		gotP, err := ParseProbability(p.String())
		require.NoError(t, err)
		require.Equal(t, p, gotP)

		r := BitRate(rapid.Uint64().Draw(t, "rate"))
		gotR, err := ParseBitRate(r.String())
		require.NoError(t, err)
		require.Equal(t, r, gotR)

		g := GilbertElliott{
			P: probability().Draw(t, "p"), R: probability().Draw(t, "r"),
			LossBad: probability().Draw(t, "1-h"), LossGood: probability().Draw(t, "1-k"),
		}
		gotG, err := ParseGilbertElliott(g.String())
		require.NoError(t, err)
		require.Equal(t, g, gotG)
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"1.5%", "12ppm", "10mbit", "unlimited", "1%,30%", `data,!contains="a,\"b"`, "flags=S.,len>=10"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := ParseProbability(text); err == nil {
			again, err := ParseProbability(p.String())
			require.NoError(t, err)
			require.Equal(t, p, again)
		}
		if r, err := ParseBitRate(text); err == nil {
			again, err := ParseBitRate(r.String())
			require.NoError(t, err)
			require.Equal(t, r, again)
		}
		if m, err := ParseMatch(text); err == nil {
			again, err := ParseMatch(m.String())
			require.NoError(t, err)
			require.Equal(t, m, again)
		}
	})
}
