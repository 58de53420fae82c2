package gen

import (
	"time"

	"rstlab/cases"
)

// middle is what stands in the middle: nothing, a router, or a kind of middlebox.
// An observer stands between two.
func (b *builder) middle(hosts int) string {
	if !b.oneIn(4, "something in the middle") {
		return ""
	}
	if b.cfg.Perfect {
		return "router"
	}
	kinds := []string{"router", string(cases.BoxFirewall), string(cases.BoxNAT)}
	if hosts == 2 {
		kinds = append(kinds, string(cases.BoxObserver))
	}
	return pick(b.choices, "middle", kinds...)
}

// box makes what stands in the middle.
func (b *builder) box(middle string) {
	x := cases.Box{Kind: cases.BoxKind(middle), Name: middle}
	switch x.Kind {
	case "":
		return
	case cases.BoxFirewall:
		x.Outside = []cases.Ref{{Name: server}}
		if b.oneIn(3, "server inside") {
			x.Outside = []cases.Ref{{Name: "client"}}
		}
		b.firewall(&x)
	case cases.BoxNAT:
		x.Outside = []cases.Ref{{Name: server}}
		b.nat(&x)
	case cases.BoxObserver:
		for range 1 + b.upTo(1, "forges") {
			b.forge()
		}
	default:
		b.s.Routers = []cases.Router{{Name: middle}}
		return
	}
	b.s.Boxes = []cases.Box{x}
}

// memory is how long a middlebox remembers.
func (b *builder) memory(x *cases.Box) {
	span := func(label string) cases.Value {
		return cases.DurationValue(pick[time.Duration](b.choices, label, 60, 1, 5, 300) * time.Second)
	}
	if b.oneIn(3, "established") {
		x.Established = span("established")
	}
	if b.oneIn(4, "transitory") {
		x.Transitory = span("transitory")
	}
}

func (b *builder) firewall(x *cases.Box) {
	word := func(label string, of ...string) cases.Value { return cases.WordValue(pick(b.choices, label, of...)) }
	b.memory(x)
	if x.Outside[0].Name != server || b.oneIn(6, "default") {
		x.Default = word("default", "accept", "reject", "prohibit", "drop")
	}
	if b.oneIn(3, "stray") {
		x.Stray = word("stray", "reject", "accept", "prohibit", "drop")
	}
	if b.oneIn(4, "reset idle") {
		x.ResetIdle = cases.WordValue("on")
	}
	if b.oneIn(6, "flows") {
		x.Flows, x.Full = cases.IntValue(1), word("full", "drop", "reject", "prohibit")
	}
	if b.oneIn(4, "kill") {
		x.Kill, x.Reset = b.wait("kill"), word("rst", "both", "inside", "outside", "none")
	}
	if b.oneIn(4, "filter") {
		f := cases.Filter{
			Box: cases.Ref{Name: x.Name}, Direction: word("direction", "out", "in"),
			Action: word("action", "accept", "drop", "reject", "prohibit"), DstPort: cases.IntValue(port),
		}
		if b.oneIn(2, "from") {
			f.Src = cases.Ref{Name: "client"}
		}
		b.s.Filters = []cases.Filter{f}
	}
}

func (b *builder) nat(x *cases.Box) {
	word := func(label string, of ...string) cases.Value { return cases.WordValue(pick(b.choices, label, of...)) }
	b.memory(x)
	if b.oneIn(3, "stray") {
		x.Stray = word("stray", "remap", "reject", "drop")
	}
	if b.oneIn(4, "filtering") {
		x.Filtering = word("filtering", "port", "address", "none")
	}
	if b.oneIn(6, "unknown SYN") {
		x.SYN = word("syn", "drop", "icmp")
	}
	if b.oneIn(6, "flows") {
		x.Flows, x.Full = cases.IntValue(1), word("full", "evict", "drop", "reject")
	}
	if b.oneIn(8, "ports") {
		x.Ports = cases.IntValue(1)
	}
}

// forge has the observer between server and client answer some packets.
func (b *builder) forge() {
	word := func(label string, of ...string) cases.Value { return cases.WordValue(pick(b.choices, label, of...)) }
	f := cases.Forge{
		From: cases.Ref{Name: pick(b.choices, "packets of", "client", server)}, Box: cases.Ref{Name: string(cases.BoxObserver)},
		Match: pick(b.choices, "match", "data", "ack", "F", "S", "SA"),
		Flags: word("flags", "R", "RA", "FA", "PA", "A"),
		To:    word("to", "sender", "receiver", "both"),
	}
	f.First = cases.IntValue(1 + b.upTo(2, "which"))
	f.Last = f.First
	if b.oneIn(4, "several") {
		f.Last = cases.IntValue(f.First.Int() + 5) // not all: the answers may match, too
	}
	if b.oneIn(2, "late") {
		f.After = b.wait("after")
	}
	if b.oneIn(3, "seq") {
		f.Seq = word("seq", "seen1", "seen-1", "seen100", "n0", "wnd0", "wnd-1")
	}
	if b.oneIn(5, "count") {
		f.Count, f.Stride = cases.IntValue(2), cases.IntValue(pick(b.choices, "stride", 1, 1460))
	}
	if f.Flags.Text == "PA" {
		f.Data = cases.TextValue("forged")
	}
	b.s.Forges = append(b.s.Forges, f)
}
