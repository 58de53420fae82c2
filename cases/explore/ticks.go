package explore

import (
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/plot"

	"rstlab/cases"
)

// scale is how the values of an axis are shown: in a unit of measure.
type scale struct {
	unit string
	size float64 // of the unit, in the units of cases.Value.Num
}

// scales are the units of the kinds, from large to small.
var scales = map[cases.Kind][]scale{
	cases.KindDuration:    {{"s", 1e9}, {"ms", 1e6}, {"µs", 1e3}, {"ns", 1}},
	cases.KindInt:         {{"", 1}},
	cases.KindSize:        {{"MiB", 1 << 20}, {"KiB", 1 << 10}, {"bytes", 1}},
	cases.KindPackets:     {{"packets", 1}},
	cases.KindProbability: {{"%", 1e4}},
	cases.KindRate:        {{"Gbit/s", 1e9}, {"Mbit/s", 1e6}, {"kbit/s", 1e3}, {"bit/s", 1}},
}

// scaleOf is the largest unit in which the end of an axis is 2 or more.
func scaleOf(a Axis) scale {
	units := scales[a.kind]
	for _, u := range units {
		if math.Abs(float64(a.to)) >= 2*u.size {
			return u
		}
	}
	return units[len(units)-1]
}

// axisTitle is the name of the parameter with its unit: "rtt (ms)".
func axisTitle(a Axis) string {
	if u := scaleOf(a).unit; u != "" && u != a.Param {
		return a.Param + " (" + u + ")"
	}
	return a.Param
}

// maxTicks is how many numbers stand along an axis at most.
const maxTicks = 8

// ticks puts round numbers along an axis whose coordinates are values in its
// unit.
type ticks struct{}

// Ticks implements plot.Ticker.
func (ticks) Ticks(least, most float64) []plot.Tick {
	step := roundStep((most - least) / maxTicks)
	digits := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	var all []plot.Tick
	for i := math.Ceil(least/step - 1e-9); i*step <= most+float64(step*1e-9); i++ {
		i += 0 // no minus before a zero
		at := float64(i * step)
		all = append(all, plot.Tick{Value: at, Label: strconv.FormatFloat(at, 'f', digits, 64)})
	}
	return all
}

// roundStep is the least of 1, 2, 5, 10, … that is not below d.
func roundStep(d float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(d)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= d*(1-1e-9) {
			return float64(m * power)
		}
	}
	return float64(10 * power)
}

// percent is a share for people.
func percent(part, whole int64) string {
	if whole == 0 {
		return "0 %"
	}
	share := 100 * float64(part) / float64(whole)
	if share < 10 {
		return fmt.Sprintf("%.1f %%", share)
	}
	return fmt.Sprintf("%.0f %%", share)
}
