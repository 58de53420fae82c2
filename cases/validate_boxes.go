package cases

import (
	"net/netip"
	"slices"

	"rstlab/netsim/link"
	"rstlab/netsim/wire"
)

// boxPlaces calls visit for every place of the middleboxes.
func (s *Scenario) boxPlaces(visit func(v *Value, in *slot, required bool, element Pos, what string)) {
	for i := range s.Boxes {
		b := &s.Boxes[i]
		for _, setting := range settingsOf(b.Kind) {
			visit(setting.field(&b.BoxSettings), &setting.slot, false, b.Pos, setting.key)
		}
	}
	for i := range s.Filters {
		f := &s.Filters[i]
		visit(&f.Direction, &directionSlot, true, f.Pos, "filter without in or out")
		visit(&f.Action, &actionSlot, true, f.Pos, "filter without an action")
		visit(&f.SrcPort, &portSlot, false, f.Pos, "sport")
		visit(&f.DstPort, &portSlot, false, f.Pos, "dport")
	}
	for i := range s.Forges {
		f := &s.Forges[i]
		visit(&f.First, &countSlot, f.Last.IsSet(), f.Pos, "a last packet without a first")
		visit(&f.Last, &countSlot, false, f.Pos, "")
		visit(&f.Flags, &flagsSlot, true, f.Pos, "forge without FLAGS")
		for j := range forgeTable {
			visit(forgeTable[j].field(f), &forgeTable[j].slot, false, f.Pos, forgeTable[j].key)
		}
	}
}

// checkBoxes checks what middleboxes, filters and forges refer to.
func (s *Scenario) checkBoxes(r *report, t *topology) {
	owner := map[netip.Addr]string{}
	for _, h := range s.Hosts {
		for _, a := range h.Addrs {
			owner[a] = h.Name
		}
	}
	for i := range s.Boxes {
		b := &s.Boxes[i]
		b.check(t, owner, r)
	}
	for i := range s.Filters {
		if r.full() {
			return
		}
		f := &s.Filters[i]
		t.box(f.Box, BoxFirewall, r)
		for _, ref := range []Ref{f.Src, f.Dst} {
			if ref.Name != "" {
				t.endpoint(ref, r)
			}
		}
	}
	for i := range s.Forges {
		if r.full() {
			return
		}
		s.Forges[i].check(t, r)
	}
}

func (b *Box) check(t *topology, owner map[netip.Addr]string, r *report) {
	neighbours := t.neighbours(b.Name)
	switch {
	case !slices.Contains([]BoxKind{BoxFirewall, BoxNAT, BoxObserver}, b.Kind):
		r.add(b.Pos, "use firewall, nat or observer", "unknown kind of middlebox %s", quote(string(b.Kind)))
	case b.Kind == BoxObserver && len(b.Outside) > 0:
		r.add(b.Outside[0].Pos, "leave it out", "an observer has no outside")
	case b.Kind == BoxObserver && len(neighbours) != 2 && !t.broken:
		r.add(b.Pos, "join it to the two nodes that it stands between, one of which can be a router", "observer %s has %d links, not two", b.Name, len(neighbours))
	case b.Kind != BoxObserver && len(b.Outside) == 0:
		r.add(b.Pos, "write outside= and the neighbours that are outside", "%s %s has no outside", b.Kind, b.Name)
	}
	for _, ref := range b.Outside {
		t.joined(ref, Ref{Name: b.Name, Pos: ref.Pos}, r)
	}
	if b.Reset.IsSet() && !b.Kill.IsSet() {
		r.add(at(b.Reset, b.Pos), "add kill=", "rst= without kill=")
	}
	switch a := b.Addr; {
	case !a.IsValid():
	case b.Kind != BoxNAT:
		r.add(b.Pos, "leave it out", "only a nat has an address")
	case !a.Is4() || a.IsUnspecified() || a.IsMulticast() || a.IsLoopback():
		r.add(b.Pos, "use a unicast IPv4 address such as 192.0.2.1", "nat %s cannot have the address %v", b.Name, a)
	case owner[a] != "":
		r.add(b.Pos, "choose another one", "nat %s: %v is the address of %s", b.Name, a, owner[a])
	default:
		owner[a] = b.Name
	}
}

func (f *Forge) check(t *topology, r *report) {
	if t.box(f.Box, BoxObserver, r) {
		t.joined(f.From, f.Box, r)
	}
	if _, err := link.ParseMatch(f.Match); err != nil {
		wrong := fromLink(err)
		r.add(f.Pos, wrong.remedy, "%s", wrong.problem)
	}
	if f.Ack.IsSet() && flagsSlot.check(f.Flags) == nil && f.Flags.Kind == KindWord && !flagsOf(f.Flags).Has(wire.ACK) {
		r.add(at(f.Ack, f.Pos), "write "+f.Flags.Text+"A, or leave it out", "ack= without the flag A has no meaning")
	}
	if f.Count.IsSet() != f.Stride.IsSet() {
		r.add(f.Pos, "give both, or none", "count= and stride= belong together")
	}
}

// box reports a reference to something that is not a middlebox of this kind.
func (t *topology) box(ref Ref, kind BoxKind, r *report) bool {
	var names []string
	for _, name := range t.names {
		if t.kinds[name] == string(kind) {
			names = append(names, name)
		}
	}
	if slices.Contains(names, ref.Name) {
		return true
	}
	r.add(ref.Pos, oneOf(ref.Name, names), "unknown %s %s", kind, quote(ref.Name))
	return false
}

// neighbours are the nodes that links join a node to.
func (t *topology) neighbours(name string) []string {
	var all []string
	for _, other := range t.names {
		if t.links[[2]string{name, other}] {
			all = append(all, other)
		}
	}
	return all
}

// endpoint checks a host or an address.
func (t *topology) endpoint(ref Ref, r *report) {
	if a, err := netip.ParseAddr(ref.Name); err == nil {
		if a.Zone() != "" || a.Is4In6() || a.IsUnspecified() || a.IsMulticast() {
			r.add(ref.Pos, "write a unicast address such as 10.9.9.9", "%s is not the address of a host", ref)
		}
		return
	}
	t.node(ref, t.hosts, "host", r)
}
