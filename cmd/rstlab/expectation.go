package main

import (
	"slices"

	"rstlab/cases"
)

// expectation is the example of the scenario for a stack with exactly these
// parameters, or nil when there is none.
func expectation(s *cases.Scenario, params []cases.Setting, stack string) *cases.Example {
	for i := range s.Examples {
		e := &s.Examples[i]
		if e.Stack.Name != stack {
			continue
		}
		bound, err := s.BindExample(*e)
		if err == nil && slices.EqualFunc(bound.Params, params, sameSetting) {
			return e
		}
	}
	return nil
}

func sameSetting(a, b cases.Setting) bool {
	return a.Name == b.Name && a.Value.Kind == b.Value.Kind && a.Value.Num == b.Value.Num && a.Value.Text == b.Value.Text
}

// changed are the settings of an example that differ from the defaults.
func changed(s *cases.Scenario, e *cases.Example) []cases.Setting {
	var differ []cases.Setting
	for _, set := range e.Set {
		i := slices.IndexFunc(s.Params, func(p cases.Param) bool { return p.Name == set.Name })
		if i >= 0 && s.Params[i].Default.String() != set.Value.String() {
			differ = append(differ, set)
		}
	}
	return differ
}
