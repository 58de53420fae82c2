package cases

import (
	"slices"

	"rstlab/netsim/link"
	"rstlab/netsim/wire"
)

// proc is the proc of that name; nil when there is none.
func (s *Scenario) proc(name string) *Proc {
	i := slices.IndexFunc(s.Procs, func(p Proc) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return &s.Procs[i]
}

// fault checks what the arguments of a step mean together.
func (c *procCheck) fault(s *Step) {
	switch s.Verb {
	case VerbRoute:
		if s.Node.Name != "" && s.Via.Name != "" {
			c.linked(s.Node, s.Via)
		}
		if s.Node.Name != "" && s.Node.Name == s.Dest.Name {
			c.r.add(s.Dest.Pos, "name another node", "a route from %s to itself", s.Node)
		}
	case VerbNeighbour:
		if s.Node.Name != "" && s.Via.Name != "" {
			c.linked(s.Node, s.Via)
		}
	case VerbDestroy:
		if p := c.s.proc(s.Proc.Name); p != nil && p.Script {
			c.r.add(s.Proc.Pos, "name a proc on a host", "script %s has no connection", s.Proc)
		}
	case VerbWhen:
		c.when(s)
	default:
	}
}

// linked reports two nodes that no link joins; that they are nodes is checked
// already.
func (c *procCheck) linked(a, b Ref) {
	if slices.Contains(c.t.names, a.Name) && slices.Contains(c.t.names, b.Name) {
		c.t.joined(a, b, c.r)
	}
}

// when checks the event that a step waits for.
func (c *procCheck) when(s *Step) {
	if s.What.Name == "" || s.Event.Kind == KindParam {
		if s.Event.Kind == KindParam {
			c.r.add(s.Event.Pos, "write sends, receives, misses or enters", "the event cannot be a parameter")
		}
		return
	}
	if s.Event.Is(eventEnters) {
		if _, ok := wire.ParseState(s.What.Name); !ok {
			c.r.add(s.What.Pos, oneOf(s.What.Name, stateNames()), "unknown state %s", quote(s.What.Name))
		}
	} else if _, err := link.ParseMatch(s.What.Name); err != nil {
		wrong := fromLink(err)
		c.r.add(s.What.Pos, wrong.remedy, "%s", wrong.problem)
	}
	onHost := s.Event.Is(eventEnters) || s.Event.Is(eventReceives)
	if onHost && slices.Contains(c.t.names, s.Node.Name) && !slices.Contains(c.t.hosts, s.Node.Name) {
		c.r.add(s.Node.Pos, "name a host", "when %s %s: a router only sends and misses", s.Node, s.Event)
	}
}

// stateNames are the states of a TCP connection.
func stateNames() []string {
	names := make([]string, wire.NumStates)
	for i := range names {
		names[i] = wire.State(i).String()
	}
	return names
}
