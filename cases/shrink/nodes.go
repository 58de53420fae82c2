package shrink

import (
	"slices"

	"rstlab/cases"
)

// dropNodes leaves out hosts, routers and middleboxes with what refers to them. What
// forwards between two links is also tried as one link.
func (k *shrinker) dropNodes() {
	for i := len(k.best.Hosts) - 1; i >= 0; i-- {
		k.edit(func(s *cases.Scenario) {
			name := s.Hosts[i].Name
			s.Hosts = without(s.Hosts, i, i+1)
			s.Procs = slices.DeleteFunc(s.Procs, func(p cases.Proc) bool { return p.Host.Name == name })
			forget(s, name)
		})
	}
	for i := len(k.best.Boxes) - 1; i >= 0; i-- {
		k.edit(func(s *cases.Scenario) {
			name := s.Boxes[i].Name
			s.Boxes = without(s.Boxes, i, i+1)
			bypass(s, name)
		})
	}
	for i := len(k.best.Routers) - 1; i >= 0; i-- {
		k.edit(func(s *cases.Scenario) {
			name := s.Routers[i].Name
			s.Routers = without(s.Routers, i, i+1)
			bypass(s, name)
		})
	}
}

// forget leaves out what refers to a node, but for steps of procs.
func forget(s *cases.Scenario, name string) {
	s.Links = slices.DeleteFunc(s.Links, func(l cases.Link) bool { return l.A.Name == name || l.B.Name == name })
	s.Rules = slices.DeleteFunc(s.Rules, func(r cases.Rule) bool { return r.From.Name == name || r.To.Name == name })
	s.Filters = slices.DeleteFunc(s.Filters, func(f cases.Filter) bool { return f.Src.Name == name || f.Dst.Name == name })
	s.Forges = slices.DeleteFunc(s.Forges, func(f cases.Forge) bool { return f.From.Name == name })
	for i := range s.Boxes {
		b := &s.Boxes[i]
		b.Outside = slices.DeleteFunc(b.Outside, func(r cases.Ref) bool { return r.Name == name })
	}
	forgetItsOwn(s, name)
}

// forgetItsOwn leaves out what a router or middlebox does and knows itself.
func forgetItsOwn(s *cases.Scenario, name string) {
	s.Knows = slices.DeleteFunc(s.Knows, func(n cases.Neighbours) bool { return n.Node.Name == name })
	s.Filters = slices.DeleteFunc(s.Filters, func(f cases.Filter) bool { return f.Box.Name == name })
	s.Forges = slices.DeleteFunc(s.Forges, func(f cases.Forge) bool { return f.Box.Name == name })
}

// bypass joins the first node behind a router or middlebox with all the others there, and
// moves what was said of its links to those.
func bypass(s *cases.Scenario, node string) {
	var ends []cases.Ref
	for _, l := range s.Links {
		switch node {
		case l.A.Name:
			ends = append(ends, l.B)
		case l.B.Name:
			ends = append(ends, l.A)
		}
	}
	if len(ends) < 2 {
		forget(s, node)
		return
	}
	forgetItsOwn(s, node)
	first := true
	s.Links = slices.DeleteFunc(s.Links, func(l cases.Link) bool {
		mine := (l.A.Name == node || l.B.Name == node) && (l.A.Name == ends[0].Name || l.B.Name == ends[0].Name)
		drop := mine && first
		first = first && !mine
		return drop
	})
	redirect(s, func(ref cases.Ref, other string) cases.Ref {
		switch {
		case ref.Name != node:
			return ref
		case other == ends[0].Name:
			return ends[1]
		}
		return ends[0]
	})
}

// redirect has every reference to an end of a link be that which instead says: it is given
// the reference and the name of the other end.
func redirect(s *cases.Scenario, instead func(ref cases.Ref, other string) cases.Ref) {
	for i := range s.Links {
		l := &s.Links[i]
		l.A, l.B = instead(l.A, l.B.Name), instead(l.B, l.A.Name)
	}
	for i := range s.Rules {
		r := &s.Rules[i]
		r.From, r.To = instead(r.From, r.To.Name), instead(r.To, r.From.Name)
	}
	for i := range s.Boxes {
		b := &s.Boxes[i]
		for j := range b.Outside {
			b.Outside[j] = instead(b.Outside[j], b.Name)
		}
	}
	for i := range s.Forges {
		f := &s.Forges[i]
		f.From = instead(f.From, f.Box.Name)
	}
	for i := range s.Procs {
		for j := range s.Procs[i].Steps {
			step := &s.Procs[i].Steps[j]
			a, b := instead(step.A, step.B.Name), instead(step.B, step.A.Name)
			switch step.From.Name {
			case step.A.Name:
				step.From = a
			case step.B.Name:
				step.From = b
			}
			step.A, step.B = a, b
		}
	}
}
