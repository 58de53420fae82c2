package explore

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"rstlab/cases"
)

// DefaultSteps is into how many steps an axis divides its range when it does
// not say.
const DefaultSteps = 10

// maxSteps is into how many steps an axis can be divided.
const maxSteps = 1_000_000

// Axis is a parameter that varies, and the values that it takes, in order.
type Axis struct {
	Param string
	kind  cases.Kind
	// Either the values one by one, or from..to in equal steps.
	list     []cases.Value
	from, to int64 // Num of the values at the ends
	steps    int64
}

// ParseAxis reads an axis of a scenario:
//
//	rtt                   the range or the choices of the parameter
//	rtt=0s..2s            from 0s to 2s in [DefaultSteps] steps
//	rtt=0s..2s/50         in 50 steps of 40ms: 51 values, both ends among them
//	rtt/50                the parameter's own range in 50 steps
//	order=read,write      these values
//
// Values are written as in a scenario. Numbers, sizes and the like are rounded
// down to whole ones; a range with fewer values than steps has all of them.
// The error says what is wrong and what to write.
func ParseAxis(s *cases.Scenario, text string) (Axis, error) { return parseAxis(s, text, DefaultSteps) }

// ParseRange is ParseAxis for searches that need a range, with the number of
// steps for one that does not say.
func ParseRange(s *cases.Scenario, text string, steps int64) (Axis, error) {
	a, err := parseAxis(s, text, steps)
	if err == nil && !a.IsRange() {
		err = mistake("rstlab sweep --over "+text+" runs each of its values", "%s has no range", a.Param)
	}
	return a, err
}

func parseAxis(s *cases.Scenario, text string, otherwise int64) (Axis, error) {
	name, values, given := strings.Cut(text, "=")
	steps := int64(0)
	at := &values
	if !given {
		at = &name
	}
	if head, tail, ok := cutLast(*at, "/"); ok && !strings.Contains(tail, `"`) {
		n, err := strconv.ParseInt(tail, 10, 64)
		if err != nil || n < 1 || n > maxSteps {
			return Axis{}, mistake(fmt.Sprintf("write a whole number from 1 to %d", maxSteps), "axis %q: %q is no number of steps", text, tail)
		}
		*at, steps = head, n
	}
	p, err := findParam(s, name)
	if err != nil {
		return Axis{}, err
	}
	if !given {
		switch {
		case len(p.Choices) > 0:
			return listAxis(p, slices.Clone(p.Choices), steps, text)
		case p.Min.IsSet() && p.Max.IsSet():
			return rangeAxis(p, p.Min, p.Max, cmp.Or(steps, otherwise), text)
		}
		return Axis{}, mistake(fmt.Sprintf("write %s=A..B or %s=A,B,C", name, name), "axis %q: parameter %s has no range of its own", text, name)
	}
	if a, b, ok := strings.Cut(values, ".."); ok && p.Default.Kind != cases.KindText {
		from, errA := parseValue(s, name, a)
		to, errB := parseValue(s, name, b)
		if err := firstError(errA, errB); err != nil {
			return Axis{}, err
		}
		return rangeAxis(p, from, to, cmp.Or(steps, otherwise), text)
	}
	var list []cases.Value
	for _, word := range splitList(values) {
		v, err := parseValue(s, name, word)
		if err != nil {
			return Axis{}, err
		}
		if slices.ContainsFunc(list, func(w cases.Value) bool { return w.String() == v.String() }) {
			return Axis{}, mistake("leave one out", "axis %q: %s is given twice", text, v)
		}
		list = append(list, v)
	}
	return listAxis(p, list, steps, text)
}

func listAxis(p *cases.Param, list []cases.Value, steps int64, text string) (Axis, error) {
	if steps > 0 {
		return Axis{}, mistake(fmt.Sprintf("leave /%d out, or write a range A..B", steps), "axis %q: single values have no steps", text)
	}
	return Axis{Param: p.Name, kind: p.Default.Kind, list: list}, nil
}

func rangeAxis(p *cases.Param, from, to cases.Value, steps int64, text string) (Axis, error) {
	a := Axis{Param: p.Name, kind: p.Default.Kind, from: from.Num, to: to.Num, steps: steps}
	unlimited := a.kind == cases.KindRate && (a.from == 0 || a.to == 0)
	switch {
	case !numeric(a.kind):
		return Axis{}, mistake("write "+p.Name+"=A,B,C", "axis %q: %s is %s, which has no ranges", text, p.Name, a.kind)
	case unlimited:
		return Axis{}, mistake("write a rate such as 100gbit", "axis %q: unlimited is no end of a range", text)
	case a.from >= a.to:
		return Axis{}, mistake("write the smaller value first", "axis %q: %v is not below %v", text, from, to)
	}
	a.steps = min(a.steps, a.to-a.from)
	return a, nil
}

// divided is the axis with the same ends and another number of steps.
func (a Axis) divided(steps int64) Axis {
	a.steps = min(steps, a.to-a.from)
	return a
}

// finest is the axis with every value from end to end.
func (a Axis) finest() Axis {
	a.steps = a.to - a.from
	return a
}

// IsRange reports whether the axis is a range, and not a list of values.
func (a Axis) IsRange() bool { return a.steps > 0 }

// Len is the number of values.
func (a Axis) Len() int64 {
	if a.IsRange() {
		return a.steps + 1
	}
	return int64(len(a.list))
}

// Value is the i-th value, from 0.
func (a Axis) Value(i int64) cases.Value {
	if !a.IsRange() {
		return a.list[i]
	}
	hi, lo := bits.Mul64(uint64(a.to-a.from), uint64(i))
	part, _ := bits.Div64(hi, lo, uint64(a.steps)) // hi < steps, for i <= steps
	return cases.Value{Kind: a.kind, Num: a.from + int64(part)}
}

// String is the axis as ParseAxis reads it.
func (a Axis) String() string {
	if a.IsRange() {
		return fmt.Sprintf("%s=%v..%v/%d", a.Param, a.Value(0), a.Value(a.steps), a.steps)
	}
	words := make([]string, len(a.list))
	for i, v := range a.list {
		words[i] = v.String()
	}
	return a.Param + "=" + strings.Join(words, ",")
}

// numeric reports whether values of the kind have an order.
func numeric(k cases.Kind) bool { return k >= cases.KindDuration && k <= cases.KindRate }

func findParam(s *cases.Scenario, name string) (*cases.Param, error) {
	for i := range s.Params {
		if s.Params[i].Name == name {
			return &s.Params[i], nil
		}
	}
	_, err := s.Bind(map[string]string{name: ""}) // it knows what to propose
	return nil, err
}

// parseValue reads a value of a parameter.
func parseValue(s *cases.Scenario, name, text string) (cases.Value, error) {
	b, err := s.Bind(map[string]string{name: text})
	if err != nil {
		return cases.Value{}, err
	}
	for _, p := range b.Params {
		if p.Name == name {
			return p.Value, nil
		}
	}
	panic("explore: unreachable: Bind gives every parameter a value")
}

// splitList splits at commas outside of quotes.
func splitList(text string) []string {
	var words []string
	quoted, begin := false, 0
	for i := 0; i < len(text); i++ {
		switch {
		case quoted && text[i] == '\\':
			i++
		case text[i] == '"':
			quoted = !quoted
		case text[i] == ',' && !quoted:
			words = append(words, text[begin:i])
			begin = i + 1
		}
	}
	return append(words, text[begin:])
}

func cutLast(text, sep string) (before, after string, found bool) {
	i := strings.LastIndex(text, sep)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(sep):], true
}
