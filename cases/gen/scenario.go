package gen

import (
	"net/netip"
	"time"

	"rstlab/cases"
	"rstlab/netsim/link"
)

// Config says what kind of scenarios to make. The zero value is good.
type Config struct {
	// MaxSteps is how many steps a proc has at most between opening and closing
	// its connection; 0 means 6.
	MaxSteps int
	// Perfect makes links that lose, damage, copy and reorder nothing, no rules,
	// no middleboxes, no faults, and no CUBIC; and more often keepalive, and clients that connect
	// again from a port of their own.
	Perfect bool
	// Stacks are those that each host's stack is drawn from, by name; see
	// [cases.Stacks]. nil means the default for most hosts, and any for the rest.
	Stacks []string
}

// limit is when a scenario ends: when the retransmissions of both ends have been
// given up, one after the other, with every wait in between.
const limit = 2 * time.Hour

// Scenario makes a scenario. It is valid, and a function of the choices alone.
func Scenario(from Chooser, cfg Config) *cases.Scenario {
	if cfg.MaxSteps == 0 {
		cfg.MaxSteps = 6
	}
	b := &builder{choices: choices{from}, cfg: cfg, s: &cases.Scenario{Name: "generated"}}
	b.topology()
	if !cfg.Perfect {
		b.rules()
	}
	b.s.Limit.Time = cases.DurationValue(limit)
	if len(b.s.Hosts) == 2 && b.oneIn(8, "both connect") {
		b.peer(server, "client")
		b.peer("client", server)
	} else {
		b.server()
		for _, h := range b.s.Hosts[1:] {
			b.client(h.Name)
		}
	}
	if !cfg.Perfect && b.oneIn(4, "somebody meddles") {
		b.meddler()
	}
	if !cfg.Perfect && b.oneIn(4, "an operator") {
		b.operator()
	}
	return b.s
}

// builder makes one scenario.
type builder struct {
	choices
	cfg Config
	s   *cases.Scenario
}

const (
	server = "server"
	port   = 80
	// ownPort is that from which a client connects that chooses it.
	ownPort = 1000
)

// topology makes the hosts and what joins them: one link, or a router or
// middlebox in the middle.
func (b *builder) topology() {
	names := []string{server, "client"}
	if b.oneIn(6, "second client") {
		names = append(names, "other")
	}
	middle := b.middle(len(names))
	six := middle != string(cases.BoxNAT) && b.oneIn(8, "IPv6")
	for i, name := range names {
		h := cases.Host{Name: name}
		if six {
			h.Addrs = []netip.Addr{netip.AddrFrom16([16]byte{0: 0xfd, 15: byte(i + 1)})}
		}
		b.host(&h, six)
		b.s.Hosts = append(b.s.Hosts, h)
	}
	for _, name := range names {
		switch {
		case middle != "":
			b.link(name, middle, six)
		case name != server:
			b.link(name, server, six)
		}
	}
	b.box(middle)
	if !b.cfg.Perfect && b.oneIn(12, "neighbours") {
		b.s.Knows = []cases.Neighbours{{Node: b.node("of whom"), State: cases.WordValue("missing")}}
	}
}

// node is a host, or what stands in the middle.
func (b *builder) node(label string) cases.Ref {
	var names []string
	for _, h := range b.s.Hosts {
		names = append(names, h.Name)
	}
	for _, r := range b.s.Routers {
		names = append(names, r.Name)
	}
	for _, x := range b.s.Boxes {
		names = append(names, x.Name)
	}
	return cases.Ref{Name: pick(b.choices, label, names...)}
}

func (b *builder) link(from, to string, six bool) {
	l := cases.Link{A: cases.Ref{Name: from}, B: cases.Ref{Name: to}}
	l.RTT = b.millis("rtt", 20, 1, 4, 100, 300, 1000)
	if b.cfg.Perfect {
		b.s.Links = append(b.s.Links, l)
		return
	}
	if b.oneIn(3, "settings of both directions") {
		b.settings(&l.Both, six)
	}
	if b.oneIn(6, "settings of one direction") {
		b.settings(pick(b.choices, "direction", &l.AB, &l.BA), six)
	}
	b.s.Links = append(b.s.Links, l)
}

// settings makes a link less than perfect, in one or two ways.
func (b *builder) settings(s *cases.LinkSettings, six bool) {
	chance := func(label string) cases.Value {
		return cases.ProbabilityValue(pick[link.Probability](b.choices, label, 1, 5, 20, 50) * link.Percent)
	}
	span := func(label string) cases.Value { return b.millis(label, 10, 1, 50, 300) }
	for range 1 + b.upTo(1, "settings") {
		switch b.upTo(7, "setting") {
		case 0:
			s.Loss = chance("loss")
		case 1:
			s.Jitter = span("jitter")
		case 2:
			s.Jitter, s.Reorder = span("jitter"), cases.WordValue("on")
		case 3:
			s.Duplicate, s.DuplicateDelay = chance("dup"), span("dup delay")
		case 4:
			s.Corrupt = chance("corrupt")
		case 5:
			s.Rate = cases.RateValue(pick(b.choices, "rate", link.Mbit, 100*link.Kbit, 10*link.Mbit))
			if b.oneIn(2, "queue") {
				s.Queue = cases.PacketsValue(pick(b.choices, "queue", 10, 3, 1))
			}
		case 6:
			s.MTU = cases.IntValue(pick(b.choices, "mtu", 1400, 1280, 9000))
			if !six && b.oneIn(3, "small mtu") {
				s.MTU = cases.IntValue(pick(b.choices, "small mtu", 576, 296))
			}
		case 7:
			s.BurstP, s.BurstR = chance("burst"), cases.ProbabilityValue(30*link.Percent)
		}
	}
}

// rules makes exact rules, which hit the segments that matter.
func (b *builder) rules() {
	for range b.upTo(2, "rules") {
		l := pick(b.choices, "on link", b.s.Links...)
		r := cases.Rule{From: l.A, To: l.B}
		if b.oneIn(2, "way back") {
			r.From, r.To = r.To, r.From
		}
		r.Match = pick(b.choices, "match", "data", "F", "R", "ack", "S", "SA", "any", "dataF", "rexmit", "len<2")
		switch b.upTo(3, "verdict") {
		case 0:
			r.Verdict = cases.VerdictDrop
		case 1:
			r.Verdict, r.Arg = cases.VerdictDelay, b.wait("late")
		case 2:
			r.Verdict, r.Arg = cases.VerdictDup, b.wait("copy")
		case 3:
			r.Verdict, r.Arg = cases.VerdictCorrupt, cases.IntValue(pick(b.choices, "bit", -1, 0, 100, 170, 200, 300))
		}
		first := 1 + b.upTo(3, "first")
		r.First, r.Last = cases.IntValue(first), cases.IntValue(first)
		switch b.upTo(3, "how many") {
		case 2:
			r.Last = cases.IntValue(first + 1 + b.upTo(5, "more"))
		case 3:
			r.Last = cases.Value{}
		}
		b.s.Rules = append(b.s.Rules, r)
	}
}

// wait is a span of time of the size at which something may change.
func (b *builder) wait(label string) cases.Value {
	return b.millis(label, 50, 10, 0, 1, 100, 200, 250, 500, 1000, 3000, 10_000, 61_000, 150_000)
}

// millis is one of some spans of time.
func (b *builder) millis(label string, of ...time.Duration) cases.Value {
	return cases.DurationValue(pick(b.choices, label, of...) * time.Millisecond)
}
