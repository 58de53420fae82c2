package cases

import (
	"maps"
	"regexp"
	"slices"

	"rstlab/netsim/link"
)

// Validate reports every mistake in the scenario. [Parse] has done so already;
// it is for scenarios that a program built. The error is [Errors].
func (s *Scenario) Validate() error {
	var r report
	s.validate(&r, Pos{})
	return r.err()
}

// validate checks what the parts of a scenario mean together. top is where to
// report what is missing.
func (s *Scenario) validate(r *report, top Pos) {
	s.checkCites(r)
	s.checkParams(r)
	s.checkPlaces(r)
	t := s.checkTopology(r)
	s.checkRules(r, t)
	s.checkBoxes(r, t)
	s.checkProcs(r, t, top)
	s.checkExamples(r)
	if len(r.errs) == 0 {
		_, err := s.Bind(nil)
		r.take(err)
	}
}

// take adds the mistakes of an error made by a report.
func (r *report) take(err error) {
	if errs, ok := err.(Errors); ok { //nolint:errorlint // never wrapped here
		r.errs = append(r.errs, errs...)
	}
}

var (
	clauseForm = regexp.MustCompile(`^RFC[1-9][0-9]*-[0-9A-Za-z][0-9A-Za-z.-]*$`)
	sourceForm = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._/:~%?&=+-]*$`)
)

func (s *Scenario) checkCites(r *report) {
	for _, c := range s.Source {
		if !sourceForm.MatchString(c.Text) {
			r.add(c.Pos, "write the name of a file or an address", "%s is no document", quote(c.Text))
		}
	}
	for _, c := range s.RFC {
		if !clauseForm.MatchString(c.Text) {
			r.add(c.Pos, "write it as RFC9293-3.10.4", "%s is no clause of an RFC", quote(c.Text))
		}
	}
}

// checkNew checks a name where it is declared. taken are the names so far.
func checkNew(name string, pos Pos, what string, taken map[string]string, r *report) {
	if wrong := checkName("", name); wrong != nil {
		r.add(pos, wrong.remedy, "%s", wrong.problem)
		return
	}
	if other, ok := taken[name]; ok {
		r.add(pos, "choose another name", "%s %s: there is a %s of that name", what, name, other)
		return
	}
	taken[name] = what
}

func (s *Scenario) checkParams(r *report) {
	taken := map[string]string{}
	used := s.usedParams()
	for i := range s.Params {
		p := &s.Params[i]
		checkNew(p.Name, p.Pos, "param", taken, r)
		if !used[p.Name] {
			r.add(p.Pos, "write $"+p.Name+" where its value belongs, or remove it", "param %s is not used", p.Name)
		}
		p.checkRange(r)
	}
}

// usedParams are the parameters that something refers to, or seems to mean.
func (s *Scenario) usedParams() map[string]bool {
	used := map[string]bool{}
	names := make([]string, len(s.Params))
	for i, p := range s.Params {
		names[i] = p.Name
	}
	unknown := 0
	s.places(func(at place) {
		if at.value.Kind != KindParam {
			return
		}
		used[at.value.Text] = true
		if s.param(at.value.Text) == nil && unknown < maxErrors {
			unknown++
			for _, name := range nearest(at.value.Text, names) {
				used[name] = true
			}
		}
	})
	return used
}

// checkRange checks default, range and choices of a parameter.
func (p *Param) checkRange(r *report) {
	if !p.Default.IsSet() || p.Default.Kind == KindParam {
		r.add(at(p.Default, p.Pos), "write a value", "param %s has no default", p.Name)
		return
	}
	if kind := p.Min.Kind; kind != p.Default.Kind && kind == p.Max.Kind && kind != KindNone && kind != KindInt {
		ends := slot{kinds: []Kind{kind}}
		wrong := ends.mismatch(p.Default.literal(), p.Default.Kind)
		r.add(at(p.Default, p.Pos), wrong.remedy, "param %s: default %s", p.Name, wrong.problem)
		return
	}
	ok := true
	kindOf := func(v Value) {
		if v.Kind != p.Default.Kind {
			wrong := p.slot().mismatch(v.literal(), v.Kind)
			r.add(at(v, p.Pos), wrong.remedy, "param %s: %v is %v, but the default is %v", p.Name, v, v.Kind, p.Default.Kind)
			ok = false
		}
	}
	if p.Min.IsSet() || p.Max.IsSet() {
		kindOf(p.Min)
		kindOf(p.Max)
		if ok && !p.Default.Kind.numeric() {
			r.add(at(p.Min, p.Pos), "write {A,B,C}", "param %s: %s has no range", p.Name, p.Default.Kind)
			return
		}
		if ok && p.Min.Num > p.Max.Num {
			r.add(at(p.Min, p.Pos), "write "+p.Max.String()+".."+p.Min.String(), "param %s: the range %s is empty", p.Name, p.Range())
			return
		}
	}
	for i, c := range p.Choices {
		kindOf(c)
		if slices.ContainsFunc(p.Choices[:i], func(other Value) bool { return same(other, c) }) {
			r.add(at(c, p.Pos), "leave one out", "param %s: %v is given twice", p.Name, c)
		}
	}
	if !ok {
		return
	}
	if wrong := p.check(p.Default); wrong != nil {
		r.add(at(p.Default, p.Pos), wrong.remedy, "param %s: default %s", p.Name, wrong.problem)
	}
}

// at is the position of a value, or else of its element.
func at(v Value, element Pos) Pos {
	if v.Pos.Line > 0 {
		return v.Pos
	}
	return element
}

// checkPlaces checks every value, and for references everything that the
// parameter may be at its ends.
func (s *Scenario) checkPlaces(r *report) {
	s.places(func(at place) {
		switch {
		case r.full():
		case !at.value.IsSet():
			r.add(at.pos, "write "+at.slot.form(), "%s", at.what)
		case at.value.Kind == KindParam:
			s.checkReference(at, r)
		default:
			if wrong := at.slot.check(*at.value); wrong != nil {
				r.add(at.pos, wrong.remedy, "%s", wrong.problem)
			}
		}
	})
}

func (s *Scenario) checkReference(at place, r *report) {
	p := s.param(at.value.Text)
	if p == nil {
		r.add(at.pos, s.someParam(at.value.Text), "unknown parameter %v", at.value)
		return
	}
	if !p.Default.IsSet() {
		return // reported there
	}
	if !at.slot.fits(p.Default.Kind) {
		r.add(at.pos, "write "+at.slot.form(), "%v is %v", at.value, p.Default.Kind)
		return
	}
	for _, v := range append([]Value{p.Default, p.Min, p.Max}, p.Choices...) {
		if v.Kind != p.Default.Kind {
			continue // reported there
		}
		if wrong := at.slot.check(at.slot.convert(v)); wrong != nil {
			r.add(at.pos, wrong.remedy, "%v may be %v, but %s", at.value, v, wrong.problem)
			return
		}
	}
}

// checkResolved checks what depends on more than one value, in a scenario
// without references.
func (s *Scenario) checkResolved(r *report) {
	for i := range s.Links {
		l := &s.Links[i]
		ab, ba := l.Configs()
		for j, c := range []link.Config{ab, ba} {
			ends := l.A.Name + "->" + l.B.Name
			if j == 1 {
				ends = l.B.Name + "->" + l.A.Name
			}
			for _, wrong := range mistakes(c.Validate()) {
				r.add(l.Pos, wrong.remedy, "link %s: %s", ends, wrong.problem)
			}
		}
	}
	for i := range s.Rules {
		rule := &s.Rules[i]
		checkWhich(rule.First, rule.Last, rule.Pos, r)
	}
	for i := range s.Forges {
		checkWhich(s.Forges[i].First, s.Forges[i].Last, s.Forges[i].Pos, r)
	}
}

// checkWhich checks the numbers of the packets that are meant.
func checkWhich(first, last Value, pos Pos, r *report) {
	if last.IsSet() && first.Num > last.Num {
		r.add(at(first, pos), "write the smaller number first", "packets %s: there are none", whichText(first, last))
	}
}

func (s *Scenario) checkExamples(r *report) {
	ops := map[string]map[string]bool{} // by proc: what an outcome calls its steps
	for i := range s.Procs {
		ops[s.Procs[i].Name] = s.Procs[i].ops()
	}
	for i := range s.Examples {
		if r.full() {
			return
		}
		e := &s.Examples[i]
		seen := map[string]bool{}
		for _, set := range e.Set {
			p := s.param(set.Name)
			switch {
			case p == nil:
				r.add(set.Pos, s.someParam(set.Name), "unknown parameter %s", quote(set.Name))
			case seen[set.Name]:
				r.add(set.Pos, "leave one out", "%s is given twice", set.Name)
			case set.Value.IsSet():
				if wrong := p.check(p.convert(set.Value)); wrong != nil {
					r.add(at(set.Value, e.Pos), wrong.remedy, "%s: %s", set.Name, wrong.problem)
				}
			}
			seen[set.Name] = true
		}
		if !slices.Contains(Stacks(), e.Stack.Name) {
			r.add(e.Stack.Pos, oneOf(e.Stack.Name, Stacks()), "unknown stack %s", quote(e.Stack.Name))
		}
		s.checkWant(e, ops, r)
	}
}

// checkWant checks that an expectation speaks of procs and steps that exist.
func (s *Scenario) checkWant(e *Example, ops map[string]map[string]bool, r *report) {
	seen := map[string]bool{}
	for _, want := range e.Want.Procs {
		own := ops[want.Proc]
		if own == nil {
			r.add(want.Pos, oneOf(want.Proc, procNames(s.Procs)), "unknown proc %s", quote(want.Proc))
			continue
		}
		if seen[want.Proc] {
			r.add(want.Pos, "write all that it saw after one name", "proc %s is given twice", want.Proc)
		}
		seen[want.Proc] = true
		for _, one := range want.Seen {
			if !own[one.Op] && !r.full() {
				r.add(one.Pos, oneOf(one.Op, slices.Sorted(maps.Keys(own))), "proc %s has no step %s", want.Proc, quote(one.Op))
			}
		}
	}
}

func procNames(procs []Proc) []string {
	names := make([]string, len(procs))
	for i, p := range procs {
		names[i] = p.Name
	}
	return names
}

// ops are the names by which an outcome calls the proc's steps.
func (p *Proc) ops() map[string]bool {
	ops := map[string]bool{}
	for i := range p.Steps {
		ops[p.Steps[i].Op()] = true
	}
	return ops
}

// Op is the step's name in an outcome: the verb, or for get the option.
func (s *Step) Op() string {
	if s.Verb == VerbGet {
		return s.Option.Name
	}
	return string(s.Verb)
}
