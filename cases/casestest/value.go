package casestest

import (
	"time"

	"pgregory.net/rapid"

	"rstlab/cases"
	"rstlab/netsim/link"
)

// param is v, or a reference to a new parameter with this default. least and
// greatest are the range of the place; they are not set where there is none.
func (b *builder) param(v, least, greatest cases.Value) cases.Value {
	if b.number("param", 0, 3) > 0 {
		return v
	}
	p := cases.Param{Name: b.name("param"), Default: v, Comments: b.comments()}
	switch {
	case !least.IsSet():
	case b.chance("range"):
		p.Min, p.Max = least, greatest
		p.Min.Num, p.Max.Num = min(least.Num, v.Num), max(greatest.Num, v.Num)
	case least.Num != v.Num:
		p.Choices = []cases.Value{least, v}
	}
	b.s.Params = append(b.s.Params, p)
	return cases.ParamValue(p.Name)
}

func (b *builder) duration(what string, least time.Duration) cases.Value {
	unit := rapid.SampledFrom([]time.Duration{1, time.Microsecond, time.Millisecond, time.Second}).Draw(b.t, "unit")
	d := max(least, time.Duration(b.number(what, 0, 3000))*unit)
	return b.param(cases.DurationValue(d), cases.DurationValue(least), cases.DurationValue(time.Hour))
}

func (b *builder) probability() cases.Value {
	p := link.Probability(b.number("probability", 0, int(link.Always)))
	return b.param(cases.ProbabilityValue(p), cases.ProbabilityValue(0), cases.ProbabilityValue(link.Always))
}

func (b *builder) int(what string, least, greatest int) cases.Value {
	return b.param(cases.IntValue(b.number(what, least, greatest)), cases.IntValue(least), cases.IntValue(greatest))
}

func (b *builder) size(what string, greatest int) cases.Value {
	n := b.number(what, 1, greatest)
	if b.chance("round") {
		n = max(1, n&^1023)
	}
	return b.param(cases.SizeValue(n), cases.SizeValue(1), cases.SizeValue(greatest))
}

func (b *builder) choice(what string, words ...string) cases.Value {
	v := cases.WordValue(rapid.SampledFrom(words).Draw(b.t, what))
	if b.number("param", 0, 3) > 0 {
		return v
	}
	p := cases.Param{Name: b.name("param"), Default: v, Comments: b.comments()}
	for _, w := range words {
		p.Choices = append(p.Choices, cases.WordValue(w))
	}
	b.s.Params = append(b.s.Params, p)
	return cases.ParamValue(p.Name)
}

func (b *builder) text() cases.Value {
	t := rapid.StringN(1, 20, 60).Draw(b.t, "text")
	return b.param(cases.TextValue(t), cases.Value{}, cases.Value{})
}
