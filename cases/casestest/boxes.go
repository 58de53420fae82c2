package casestest

import (
	"net/netip"

	"pgregory.net/rapid"

	"rstlab/cases"
	"rstlab/netsim/link"
)

// boxes puts a firewall, a NAT and an observer in a row between the first two
// hosts.
func (b *builder) boxes() {
	ends := [2]cases.Ref{{Name: b.s.Hosts[0].Name}, {Name: b.s.Hosts[1].Name}}
	firewall := cases.Box{Kind: cases.BoxFirewall, Name: b.name("fw"), Comments: b.comments(), Outside: ends[:1]}
	nat := cases.Box{Kind: cases.BoxNAT, Name: b.name("nat"), Comments: b.comments()}
	observer := cases.Box{Kind: cases.BoxObserver, Name: b.name("spy"), Comments: b.comments()}
	nat.Outside = []cases.Ref{{Name: firewall.Name}}
	if b.chance("two") {
		firewall.Outside = []cases.Ref{ends[0], {Name: nat.Name}}
	}
	b.firewall(&firewall)
	b.nat(&nat)
	row := []cases.Ref{ends[0], {Name: firewall.Name}, {Name: nat.Name}, {Name: observer.Name}, ends[1]}
	for i := range row[1:] {
		b.s.Links = append(b.s.Links, b.link(row[i], row[i+1]))
	}
	b.s.Boxes = append(b.s.Boxes, firewall, nat, observer)
	for range b.number("filters", 0, 2) {
		b.s.Filters = append(b.s.Filters, b.filter(row[1], ends))
	}
	for range b.number("forges", 0, 2) {
		b.s.Forges = append(b.s.Forges, b.forge(rapid.SampledFrom([]cases.Ref{row[2], row[4]}).Draw(b.t, "from"), row[3]))
	}
}

func (b *builder) firewall(f *cases.Box) {
	b.timeouts(f)
	if b.chance("default") {
		f.Default = b.choice("default", "drop", "reject", "prohibit", "accept")
	}
	if b.chance("stray") {
		f.Stray = b.choice("stray", "reject", "accept")
	}
	if b.chance("resetidle") {
		f.ResetIdle = b.choice("resetidle", "on", "off")
	}
	if b.chance("flows") {
		f.Flows, f.Full = b.int("flows", 1, 9), b.choice("full", "reject", "prohibit")
	}
	if b.chance("kill") {
		f.Kill, f.Reset = b.duration("kill", 0), b.choice("rst", "none", "inside", "outside", "both")
	}
}

func (b *builder) nat(n *cases.Box) {
	b.timeouts(n)
	if b.chance("addr") {
		n.Addr = netip.MustParseAddr("192.0.2.1")
	}
	if b.chance("stray") {
		n.Stray = b.choice("stray", "reject", "remap")
	}
	if b.chance("filtering") {
		n.Filtering = b.choice("filtering", "none", "address", "port")
	}
	if b.chance("syn") {
		n.SYN = b.choice("syn", "icmp", "drop")
	}
	if b.chance("flows") {
		n.Flows, n.Full = b.int("flows", 1, 9), b.choice("full", "reject", "evict")
	}
	if b.chance("ports") {
		n.Ports = b.int("ports", 1, 9)
	}
}

func (b *builder) timeouts(x *cases.Box) {
	if b.chance("established") {
		x.Established = b.duration("established", 0)
	}
	if b.chance("transitory") {
		x.Transitory = b.duration("transitory", 0)
	}
}

func (b *builder) filter(firewall cases.Ref, ends [2]cases.Ref) cases.Filter {
	f := cases.Filter{
		Box: firewall, Direction: b.choice("direction", "in", "out"),
		Action: b.choice("action", "accept", "drop", "reject"), Comments: b.comments(),
	}
	if b.chance("src") {
		f.Src = ends[0]
	}
	if b.chance("dst") {
		f.Dst = cases.Ref{Name: "10.9.9.9"}
	}
	if b.chance("ports") {
		f.SrcPort, f.DstPort = b.int("sport", 1, 65535), b.int("dport", 1, 65535)
	}
	return f
}

func (b *builder) forge(from, observer cases.Ref) cases.Forge {
	f := cases.Forge{
		From: from, Box: observer, Match: link.MustMatch("data").String(),
		Flags: b.choice("flags", "RA", "FA", "PA"), Comments: b.comments(),
	}
	switch b.number("which", 0, 3) {
	case 1:
		f.First = b.int("n", 1, 9)
		f.Last = f.First
	case 2:
		f.First, f.Last = b.int("from", 1, 9), cases.IntValue(9)
	case 3:
		f.First = b.int("from", 1, 9)
	}
	if b.chance("to") {
		f.To = b.choice("to", "receiver", "sender", "both")
	}
	if b.chance("seq") {
		f.Seq = b.choice("seq", "seen-5", "n0", "wnd10")
	}
	if b.chance("ack") {
		f.Ack = b.int("ack", 0, 1000)
	}
	if b.chance("after") {
		f.After = b.duration("after", 0)
	}
	if b.chance("count") {
		f.Count, f.Stride = b.int("count", 1, 9), b.int("stride", -9, 9)
	}
	if b.chance("win") {
		f.Window = b.int("win", 1, 9)
	}
	if b.chance("data") {
		f.Data = b.text()
	}
	return f
}
