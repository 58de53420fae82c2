package explore

import (
	"image/color"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// sights are how people see colors, as matrices on light: usual sight, and those
// without red, green or blue cones, of Machado, Oliveira and Fernandes, "A
// Physiologically-based Model for Simulation of Color Vision Deficiency" (2009),
// table 1 at severity 1.
var sights = map[string][3][3]float64{
	"usual":        {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

// lab is a color as it is seen, in CIELAB with the white point D65.
func lab(c color.NRGBA, sight [3][3]float64) [3]float64 {
	light := [3]float64{linear(c.R), linear(c.G), linear(c.B)}
	var seen [3]float64
	for i, row := range sight {
		for j, share := range row {
			seen[i] += share * light[j]
		}
		seen[i] = min(1, max(0, seen[i]))
	}
	f := func(x, y, z, white float64) float64 {
		t := (x*seen[0] + y*seen[1] + z*seen[2]) / white
		if t > 216./24389 {
			return math.Cbrt(t)
		}
		return (24389./27*t + 16) / 116
	}
	x, y, z := f(0.4124, 0.3576, 0.1805, 0.95047), f(0.2126, 0.7152, 0.0722, 1), f(0.0193, 0.1192, 0.9505, 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// difference is how far two colors are apart as they are seen: 2 is just
// noticeable side by side (CIE 1976).
func difference(a, b color.NRGBA, sight [3][3]float64) float64 {
	la, lb := lab(a, sight), lab(b, sight)
	return math.Hypot(math.Hypot(la[0]-lb[0], la[1]-lb[1]), la[2]-lb[2])
}

func TestColorsAreToldApartByEverybody(t *testing.T) {
	all := append([]color.NRGBA{colorUnknown}, palette...)
	for name, sight := range sights {
		for i := range all {
			for j := range i {
				require.Greater(t, difference(all[i], all[j], sight), 15., "%s: %v and %v", name, all[j], all[i])
			}
			if i > 1 {
				require.Greater(t, difference(all[i], all[i-1], sight), 25., "%s: %v and %v follow each other", name, all[i-1], all[i])
			}
		}
	}
}

func TestLettersAreLegibleOnTheirColors(t *testing.T) {
	for _, c := range palette {
		require.Greater(t, contrast(inkOn(c), c), 4.5, "%v: the contrast that WCAG 2.2, 1.4.3 asks for", c)
	}
	for _, c := range []color.NRGBA{colorInk, colorFaint} {
		require.Greater(t, contrast(c, colorPaper), 4.5)
	}
}
