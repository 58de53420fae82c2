package shrink

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"time"

	"rstlab/cases"
	"rstlab/netsim/link"
)

var (
	valueType = reflect.TypeFor[cases.Value]()
	refType   = reflect.TypeFor[cases.Ref]()
)

// places are all values and references of a scenario but for parameters and examples, in
// the order of its text. Going by type they include those that steps and settings will have
// that there are not yet.
func places(s *cases.Scenario) (values []*cases.Value, refs []*cases.Ref) {
	var visit func(v reflect.Value)
	visit = func(v reflect.Value) {
		switch {
		case v.Type() == valueType:
			values = append(values, v.Addr().Interface().(*cases.Value))
		case v.Type() == refType:
			refs = append(refs, v.Addr().Interface().(*cases.Ref))
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					visit(v.Field(i))
				}
			}
		case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
			for i := range v.Len() {
				visit(v.Index(i))
			}
		}
	}
	for _, part := range []any{&s.Hosts, &s.Knows, &s.Boxes, &s.Links, &s.Rules, &s.Filters, &s.Forges, &s.Limit, &s.Procs} {
		visit(reflect.ValueOf(part).Elem())
	}
	return values, refs
}

// dropSettings leaves out everything that can be left out: addresses, settings of
// hosts, middleboxes and links, optional arguments of steps, names of sockets.
func (k *shrinker) dropSettings() {
	k.edit(func(s *cases.Scenario) { // all at once: they must be of one family
		for i := range s.Hosts {
			s.Hosts[i].Addrs = nil
		}
	})
	for i := range k.best.Hosts {
		k.edit(func(s *cases.Scenario) { s.Hosts[i].Addrs = nil })
	}
	for i := range k.best.Boxes {
		k.edit(func(s *cases.Scenario) { s.Boxes[i].Addr = netip.Addr{} })
		k.edit(func(s *cases.Scenario) { s.Boxes[i].BoxSettings = cases.BoxSettings{} })
	}
	for i := range k.best.Forges { // one has no meaning without the other
		k.edit(func(s *cases.Scenario) { s.Forges[i].Count, s.Forges[i].Stride = cases.Value{}, cases.Value{} })
	}
	for i := range k.best.Links {
		k.edit(func(s *cases.Scenario) {
			l := &s.Links[i]
			l.Both, l.AB, l.BA = cases.LinkSettings{}, cases.LinkSettings{}, cases.LinkSettings{}
		})
	}
	values, refs := places(k.best)
	for i := range values {
		if now, _ := places(k.best); now[i].IsSet() {
			k.edit(func(s *cases.Scenario) { at, _ := places(s); *at[i] = cases.Value{} })
		}
	}
	for i := range refs {
		if _, now := places(k.best); now[i].Name != "" {
			k.edit(func(s *cases.Scenario) { _, at := places(s); *at[i] = cases.Ref{} })
		}
	}
}

// simplifyValues tries simpler values: the plainest first.
func (k *shrinker) simplifyValues() {
	all, _ := places(k.best)
	for i := range all {
		now, _ := places(k.best)
		for _, simpler := range simpler(*now[i]) {
			if k.edit(func(s *cases.Scenario) { at, _ := places(s); *at[i] = simpler }) {
				break
			}
		}
	}
}

// The values that are plain, the plainest first. Each is simpler than those behind
// it, and than any that is not in the list.
var (
	plainDurations = []time.Duration{
		0, time.Second, 100 * time.Millisecond, 10 * time.Millisecond, time.Millisecond, 10 * time.Second,
		time.Minute, time.Hour, 200 * time.Millisecond, 500 * time.Millisecond, 50 * time.Millisecond, 20 * time.Millisecond,
	}
	plainNumbers       = []int64{1, 2, 3, 4, 5, 10, 100, 1000, 1460, 10_000, 65_536, 100_000, 1_000_000}
	plainProbabilities = []link.Probability{link.Always, 50 * link.Percent, 10 * link.Percent, link.Percent}
	plainRates         = []link.BitRate{link.Mbit, 10 * link.Mbit, 100 * link.Kbit}
	plainTexts         = []string{"x", "hello"}
)

// simpler are the values of the same kind that are simpler than v.
func simpler(v cases.Value) []cases.Value {
	var list []cases.Value
	switch v.Kind {
	case cases.KindDuration:
		for _, d := range plainDurations {
			list = append(list, cases.DurationValue(d))
		}
		list = append(list, rounded(v)...)
	case cases.KindInt, cases.KindSize, cases.KindPackets:
		for _, n := range plainNumbers {
			if n < v.Num {
				list = append(list, cases.Value{Kind: v.Kind, Num: n})
			}
		}
		if v.Num > 1 {
			list = append(list, rounded(v)...)
		}
	case cases.KindProbability:
		for _, p := range plainProbabilities {
			list = append(list, cases.ProbabilityValue(p))
		}
	case cases.KindRate:
		for _, r := range plainRates {
			list = append(list, cases.RateValue(r))
		}
	case cases.KindText:
		for _, t := range plainTexts {
			list = append(list, cases.TextValue(t))
		}
		if half := len(v.Text) / 2; half > 0 {
			list = append(list, cases.TextValue(strings.ToValidUTF8(v.Text[:half], "")))
		}
	}
	v.Pos = cases.Pos{}
	if i := slices.IndexFunc(list, func(w cases.Value) bool { return w == v }); i >= 0 {
		list = list[:i]
	}
	return list
}

// rounded is the value with fewer digits that are not 0: one, two, three.
func rounded(v cases.Value) []cases.Value {
	var list []cases.Value
	for unit := int64(1); unit <= v.Num/10; unit *= 10 {
		if n := v.Num / unit * unit; n != v.Num {
			list = append(list, cases.Value{Kind: v.Kind, Num: n})
		}
	}
	slices.Reverse(list)
	return list
}
