package cases

import "slices"

// place is a value of a scenario where a parameter may stand, with what may
// stand there.
type place struct {
	value    *Value
	slot     *slot
	required bool
	pos      Pos    // of the value, or else of its element
	what     string // how an element without the value is described
}

// places calls f for every place, in a fixed order. f may change the value.
func (s *Scenario) places(f func(place)) {
	visit := func(v *Value, in *slot, required bool, element Pos, what string) {
		pos := v.Pos
		if pos.Line == 0 {
			pos = element
		}
		if v.IsSet() || required {
			f(place{v, in, required, pos, what})
		}
	}
	for i := range s.Hosts {
		visit(&s.Hosts[i].Stack, &stackSlot, false, s.Hosts[i].Pos, "")
		for j := range hostTable {
			visit(hostTable[j].field(&s.Hosts[i].HostSettings), &hostTable[j].slot, false, s.Hosts[i].Pos, "")
		}
	}
	for i := range s.Knows {
		visit(&s.Knows[i].State, &neighbourSlot, true, s.Knows[i].Pos, "neighbour without missing|cached")
	}
	for i := range s.Links {
		l := &s.Links[i]
		visit(&l.RTT, &durationSlot, false, l.Pos, "")
		for _, settings := range l.settings() {
			for j := range linkTable {
				parts := linkTable[j].parts
				for k := range parts {
					later := slices.ContainsFunc(parts[k+1:], func(p linkPart) bool { return p.field(settings).IsSet() })
					visit(parts[k].field(settings), &parts[k].slot, later, l.Pos, linkTable[j].key)
				}
			}
		}
	}
	for i := range s.Rules {
		r := &s.Rules[i]
		if info := findVerdict(r.Verdict); info != nil && info.takesArg() {
			visit(&r.Arg, &info.slot, true, r.Pos, string(r.Verdict)+" without "+info.form)
		}
		visit(&r.First, &countSlot, r.Last.IsSet(), r.Pos, "a last packet without a first")
		visit(&r.Last, &countSlot, false, r.Pos, "")
	}
	s.boxPlaces(visit)
	visit(&s.Limit.Time, &limitSlot, false, s.Limit.Pos, "")
	for i := range s.Procs {
		visit(&s.Procs[i].Begin, &beginSlot, false, s.Procs[i].Pos, "")
		for j := range s.Procs[i].Steps {
			s.Procs[i].Steps[j].places(visit)
		}
	}
}

func (s *Step) places(visit func(v *Value, in *slot, required bool, element Pos, what string)) {
	info := findVerb(s.Verb)
	if info == nil {
		return
	}
	for i := range info.args {
		a := &info.args[i]
		switch {
		case a.peer:
			visit(&s.Port, &a.slot, s.Peer.Name != "", s.Pos, string(s.Verb)+" without a port")
		case a.value != nil:
			visit(a.value(s), s.slotFor(a), !a.optional, s.Pos, string(s.Verb)+" without "+a.form)
		}
	}
}

// Clone is a copy whose elements and values can be changed; what the two still
// share are comments, citations, parameters, addresses and examples, which are
// to be replaced as a whole.
func (s *Scenario) Clone() *Scenario {
	c := *s
	c.Hosts = slices.Clone(s.Hosts)
	c.Knows = slices.Clone(s.Knows)
	c.Links = slices.Clone(s.Links)
	c.Rules = slices.Clone(s.Rules)
	c.Boxes = slices.Clone(s.Boxes)
	c.Filters = slices.Clone(s.Filters)
	c.Forges = slices.Clone(s.Forges)
	c.Procs = slices.Clone(s.Procs)
	for i := range c.Boxes {
		c.Boxes[i].Outside = slices.Clone(c.Boxes[i].Outside)
	}
	for i := range c.Procs {
		c.Procs[i].Steps = slices.Clone(c.Procs[i].Steps)
	}
	return &c
}
