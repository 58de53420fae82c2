package cases

import "slices"

// Binder binds one scenario again and again: all of what it gives shares one
// copy of the scenario, so that it costs little. It is not safe for concurrent
// use.
type Binder struct {
	source *Scenario
	bound  *Scenario   // the copy
	refs   []reference // where a parameter stands in it
	fixed  map[string]Value
}

// reference is a place with the name of the parameter that stands there.
type reference struct {
	place
	param string
}

// Binder is one for the scenario, which does not change. The parameters in set have
// these values, in the notation that [Scenario.Bind] takes, and so is the error.
func (s *Scenario) Binder(set map[string]string) (*Binder, error) {
	var r report
	b := s.binder()
	b.fixed = s.parseAll(set, &r)
	return b, r.err()
}

// binder is one that fixes nothing.
func (s *Scenario) binder() *Binder {
	b := &Binder{source: s, bound: s.Clone()}
	b.bound.places(func(at place) {
		if at.value.Kind == KindParam {
			b.refs = append(b.refs, reference{at, at.value.Text})
		}
	})
	return b
}

// Bind gives the parameters in vary their values, and all others theirs. What it
// gives is good until the next call: only Params stays. The error is as that of
// [Scenario.BindExample].
func (b *Binder) Bind(vary []Setting) (Bound, error) {
	var r report
	return b.bind(b.source.convertAll(vary, b.fixed, &r), &r)
}

// bind puts values in the place of references; those that are missing are the
// defaults. They belong to parameters of the scenario and are right for them.
func (b *Binder) bind(values map[string]Value, r *report) (Bound, error) {
	params := make([]Setting, len(b.source.Params))
	for i := range b.source.Params {
		p := &b.source.Params[i]
		v, ok := values[p.Name]
		if !ok {
			v = p.Default
		}
		params[i] = Setting{Name: p.Name, Value: v}
	}
	for _, at := range b.refs {
		i := slices.IndexFunc(params, func(p Setting) bool { return p.Name == at.param })
		if i < 0 {
			r.add(at.pos, b.source.someParam(at.param), "unknown parameter %v", at.value)
			continue
		}
		v := at.slot.convert(params[i].Value)
		if wrong := at.slot.check(v); wrong != nil {
			r.add(at.pos, wrong.remedy, "%v here: %s", ParamValue(at.param), wrong.problem)
		}
		v.Pos = at.pos
		*at.value = v
	}
	b.bound.checkResolved(r)
	if err := r.err(); err != nil {
		return Bound{}, err
	}
	return Bound{Scenario: b.bound, Params: params}, nil
}
