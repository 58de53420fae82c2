package cases

import (
	"net/netip"
	"slices"

	"rstlab/netsim/link"
)

// topology is who is joined to whom.
type topology struct {
	kinds  map[string]string // name to "host", "router" or the kind of a middlebox
	names  []string
	hosts  []string
	links  map[[2]string]bool // both ways
	parent map[string]string  // of routers: the union-find forest of what is joined
	via    map[string][]string
	broken bool // a link has a mistake, so that missing paths say nothing
}

// checkTopology checks hosts, routers and links.
func (s *Scenario) checkTopology(r *report) *topology {
	t := &topology{
		kinds: map[string]string{}, links: map[[2]string]bool{},
		parent: map[string]string{}, via: map[string][]string{},
	}
	owner := map[netip.Addr]string{}
	for i := range s.Hosts {
		h := &s.Hosts[i]
		checkNew(h.Name, h.Pos, "host", t.kinds, r)
		t.names = append(t.names, h.Name)
		t.hosts = append(t.hosts, h.Name)
		for _, a := range h.Addrs {
			h.checkAddr(a, owner, r)
		}
	}
	for _, router := range s.Routers {
		checkNew(router.Name, router.Pos, "router", t.kinds, r)
		t.names = append(t.names, router.Name)
		t.parent[router.Name] = router.Name
	}
	for _, b := range s.Boxes {
		checkNew(b.Name, b.Pos, string(b.Kind), t.kinds, r)
		t.names = append(t.names, b.Name)
		t.parent[b.Name] = b.Name
	}
	for i := range s.Links {
		if r.full() {
			break
		}
		t.add(&s.Links[i], r)
	}
	s.checkNeighbours(t, r)
	return t
}

func (h *Host) checkAddr(a netip.Addr, owner map[netip.Addr]string, r *report) {
	switch other, taken := owner[a]; {
	case !a.IsValid() || a.Zone() != "" || a.Is4In6():
		r.add(h.Pos, "write addresses such as 10.0.0.1 or fd00::1", "host %s: %v is no address", h.Name, a)
	case a.IsUnspecified() || a.IsMulticast() || a.IsLoopback():
		r.add(h.Pos, "use a unicast address such as 10.0.0.1", "host %s cannot have the address %v", h.Name, a)
	case taken:
		r.add(h.Pos, "choose another one", "host %s: %v is the address of %s", h.Name, a, other)
	}
	owner[a] = h.Name
}

// node reports a reference to a node that there is not.
func (t *topology) node(ref Ref, names []string, what string, r *report) bool {
	if slices.Contains(names, ref.Name) || r.full() {
		return true
	}
	r.add(ref.Pos, oneOf(ref.Name, names), "unknown %s %s", what, quote(ref.Name))
	return false
}

func (t *topology) add(l *Link, r *report) {
	a, b := t.node(l.A, t.names, "host or router", r), t.node(l.B, t.names, "host or router", r)
	if !a || !b {
		t.broken = true
		return
	}
	switch ends := [2]string{l.A.Name, l.B.Name}; {
	case l.A.Name == l.B.Name:
		r.add(l.B.Pos, "name two", "a link from %s to itself", l.A.Name)
	case t.links[ends]:
		r.add(l.Pos, "leave one out", "a second link between %s and %s", l.A.Name, l.B.Name)
	}
	t.links[[2]string{l.A.Name, l.B.Name}] = true
	t.links[[2]string{l.B.Name, l.A.Name}] = true
	_, routerA := t.parent[l.A.Name]
	_, routerB := t.parent[l.B.Name]
	switch {
	case routerA && routerB:
		t.parent[t.root(l.A.Name)] = t.root(l.B.Name)
	case routerA:
		t.via[l.B.Name] = append(t.via[l.B.Name], l.A.Name)
	case routerB:
		t.via[l.A.Name] = append(t.via[l.A.Name], l.B.Name)
	}
}

// root is the router that stands for all that are joined to this one.
func (t *topology) root(router string) string {
	for t.parent[router] != router {
		t.parent[router] = t.parent[t.parent[router]]
		router = t.parent[router]
	}
	return router
}

// reaches reports whether packets get from one node to the other: on the same
// one, over a link, or through routers; hosts do not forward.
func (t *topology) reaches(a, b string) bool {
	if t.broken || a == b || t.links[[2]string{a, b}] {
		return true
	}
	for _, x := range t.next(a) {
		for _, y := range t.next(b) {
			if t.root(x) == t.root(y) {
				return true
			}
		}
	}
	return false
}

// next are the routers beside a host, or the router itself.
func (t *topology) next(name string) []string {
	if _, router := t.parent[name]; router {
		return []string{name}
	}
	return t.via[name]
}

// joined reports two names that are no link.
func (t *topology) joined(a, b Ref, r *report) {
	okA, okB := t.node(a, t.names, "host or router", r), t.node(b, t.names, "host or router", r)
	if okA && okB && !t.broken && !t.links[[2]string{a.Name, b.Name}] {
		r.add(a.Pos, "add: link "+a.Name+" "+b.Name, "no link joins %s and %s", a.Name, b.Name)
	}
}

func (s *Scenario) checkNeighbours(t *topology, r *report) {
	seen := map[string]bool{}
	for _, k := range s.Knows {
		if t.node(k.Node, t.names, "host or router", r) && seen[k.Node.Name] {
			r.add(k.Pos, "leave one out", "neighbour %s is given twice", k.Node)
		}
		seen[k.Node.Name] = true
	}
}

func (s *Scenario) checkRules(r *report, t *topology) {
	for i := range s.Rules {
		if r.full() {
			return
		}
		rule := &s.Rules[i]
		t.joined(rule.From, rule.To, r)
		if findVerdict(rule.Verdict) == nil {
			r.add(rule.Pos, oneOf(string(rule.Verdict), verdictNames()), "unknown verdict %s", quote(string(rule.Verdict)))
		}
		if _, err := link.ParseMatch(rule.Match); err != nil {
			wrong := fromLink(err)
			r.add(rule.Pos, wrong.remedy, "%s", wrong.problem)
		}
	}
}
