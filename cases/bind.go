package cases

import (
	"maps"
	"slices"
	"strings"
)

// Bound is a scenario in which every parameter has its value: what runs.
type Bound struct {
	// Scenario has no references to parameters.
	Scenario *Scenario
	// Params are all parameters in order of declaration, with their values.
	Params []Setting
}

// Set are the parameters as [Scenario.Bind] takes them.
func (b Bound) Set() map[string]string {
	set := make(map[string]string, len(b.Params))
	for _, p := range b.Params {
		set[p.Name] = p.Value.literal()
	}
	return set
}

// Bind gives the parameters their values: those in set, in the notation of a
// scenario (a text may lack its quotes), and the defaults of the others. The
// scenario does not change. The error is [Errors]; it names the parameter,
// what it may be, and the remedy.
func (s *Scenario) Bind(set map[string]string) (Bound, error) {
	var r report
	return s.binder().bind(s.parseAll(set, &r), &r)
}

// BindExample gives the parameters the values of an example.
func (s *Scenario) BindExample(e Example) (Bound, error) {
	var r report
	return s.binder().bind(s.convertAll(e.Set, nil, &r), &r)
}

// parseAll reads values of parameters.
func (s *Scenario) parseAll(set map[string]string, r *report) map[string]Value {
	values := map[string]Value{}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		p := s.param(name)
		if p == nil {
			r.add(Pos{}, s.someParam(name), "%s: the scenario has no such parameter", name)
			continue
		}
		v, wrong := p.parse(set[name])
		if wrong != nil {
			r.add(Pos{}, wrong.remedy, "%s=%s: %s", name, set[name], wrong.problem)
			continue
		}
		values[name] = v
	}
	return values
}

// convertAll takes values of parameters as they are, over others that are known
// to be right.
func (s *Scenario) convertAll(set []Setting, others map[string]Value, r *report) map[string]Value {
	values := map[string]Value{}
	maps.Copy(values, others)
	for _, set := range set {
		p := s.param(set.Name)
		if p == nil {
			r.add(set.Pos, s.someParam(set.Name), "%s: the scenario has no such parameter", set.Name)
			continue
		}
		v := p.convert(set.Value)
		if wrong := p.check(v); wrong != nil {
			r.add(set.Value.Pos, wrong.remedy, "%s: %s", set.Name, wrong.problem)
			continue
		}
		values[set.Name] = v
	}
	return values
}

func (s *Scenario) param(name string) *Param {
	i := slices.IndexFunc(s.Params, func(p Param) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return &s.Params[i]
}

// someParam is the remedy for the name of a parameter that there is not.
func (s *Scenario) someParam(name string) string {
	if len(s.Params) == 0 {
		return "leave it out: there are no parameters"
	}
	names := make([]string, len(s.Params))
	for i, p := range s.Params {
		names[i] = p.Name
	}
	return oneOf(name, names)
}

// parse reads a value for the parameter.
func (p *Param) parse(text string) (Value, *mistake) {
	if p.Default.Kind == KindText && !strings.HasPrefix(text, `"`) {
		v := TextValue(text)
		return v, p.check(v)
	}
	v, wrong := p.slot().parse(text)
	if wrong == nil && v.Kind == KindParam {
		wrong = &mistake{quote(text) + " refers to a parameter", "use " + p.Range()}
	}
	if wrong == nil {
		wrong = p.check(v)
	}
	return v, wrong
}

// slot is where a value of the parameter's kind stands.
func (p *Param) slot() *slot {
	s := &slot{kinds: []Kind{p.Default.Kind}, min: -1 << 62}
	if p.Default.Kind == KindWord {
		for _, c := range p.Choices {
			s.choices = append(s.choices, c.Text)
		}
	}
	return s
}

func (p *Param) convert(v Value) Value { return p.slot().convert(v) }

// check reports why the parameter cannot have the value.
func (p *Param) check(v Value) *mistake {
	slot := p.slot()
	use := "use " + p.Range()
	switch {
	case !slot.fits(v.Kind):
		return slot.mismatch(v.String(), v.Kind)
	case p.Min.IsSet() && v.Num < p.Min.Num, p.Max.IsSet() && v.Num > p.Max.Num:
		return &mistake{v.String() + " is out of range", use}
	case len(p.Choices) > 0 && !slices.ContainsFunc(p.Choices, func(c Value) bool { return same(c, v) }):
		return &mistake{v.String() + " is none of the choices", use}
	}
	return slot.check(v)
}
