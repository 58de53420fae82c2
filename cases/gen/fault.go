package gen

import (
	"strings"

	"rstlab/cases"
)

// meddler adds a proc that acts from outside: on the connection of another proc
// of its host, on the proc, or on the network.
func (b *builder) meddler() {
	host := pick(b.choices, "meddles on", b.s.Hosts[:2]...).Name
	t := b.talker(host, "meddler")
	for range 1 + b.upTo(1, "acts") {
		t.await()
		switch b.upTo(5, "act") {
		case 0:
			t.add(cases.Step{Verb: cases.VerbKill, Proc: cases.Ref{Name: host}})
		case 1:
			t.add(cases.Step{Verb: cases.VerbClose, On: socketOf(host)})
		case 2:
			t.add(cases.Step{Verb: cases.VerbShutdown, On: socketOf(host), How: cases.WordValue(pick(b.choices, "how", "write", "read", "both"))})
		case 3:
			s := b.step()
			if s.Verb != cases.VerbSleep && s.Verb != cases.VerbAt {
				s.On = socketOf(host)
			}
			t.add(s)
		case 4:
			t.add(b.destroy(host))
		case 5:
			t.fault()
		}
	}
	t.done()
}

// operator adds a script that does something to the network.
func (b *builder) operator() {
	t := &talker{builder: b, p: cases.Proc{Script: true, Name: "operator"}}
	for range 1 + b.upTo(2, "faults") {
		t.await()
		t.fault()
	}
	t.done()
}

// await waits for a time or for an event.
func (b *talker) await() {
	if b.oneIn(3, "for an event") {
		b.add(b.when())
		if b.oneIn(2, "at once") {
			return
		}
	}
	b.add(cases.Step{Verb: cases.VerbSleep, Time: b.wait("meddle after")})
}

// fault adds a step that does something to the network, and perhaps one that
// undoes it.
func (b *talker) fault() {
	switch b.upTo(7, "fault") {
	case 0:
		l := pick(b.choices, "link", b.s.Links...)
		down := cases.Step{Verb: cases.VerbDown, A: l.A, B: l.B}
		if b.oneIn(4, "one way") {
			down.From = pick(b.choices, "from", l.A, l.B)
		}
		up := down
		up.Verb = cases.VerbUp
		if b.oneIn(3, "drains") {
			down.How = cases.WordValue("arrives")
		}
		b.passing("down", down, up)
	case 1:
		node := b.powered()
		b.boots(node.Name)
		b.passing("off", cases.Step{Verb: cases.VerbPowerOff, Node: node}, cases.Step{Verb: cases.VerbPowerOn, Node: node})
	case 2:
		node := cases.Ref{Name: pick(b.choices, "reboot", b.s.Hosts...).Name}
		b.boots(node.Name)
		b.add(cases.Step{Verb: cases.VerbReboot, Node: node})
	case 3:
		node, dest := b.apart()
		b.add(cases.Step{Verb: cases.VerbRoute, Node: node, Dest: dest, Via: b.neighbour(node)})
	case 4:
		node, dest := b.apart()
		b.add(cases.Step{Verb: cases.VerbNoRoute, Node: node, Dest: dest})
	case 5:
		s := cases.Step{Verb: cases.VerbNeighbour, Node: b.node("forgets"), How: cases.WordValue("missing")}
		back := s
		back.How = cases.WordValue("cached")
		b.passing("missing", s, back)
	case 6:
		b.add(b.destroy(pick(b.choices, "destroy", b.s.Hosts...).Name))
	case 7:
		b.add(b.inject())
	}
}

// passing does something, and mostly undoes it later.
func (b *talker) passing(label string, does, undoes cases.Step) {
	b.add(does)
	if !b.oneIn(4, label+" for good") {
		b.add(cases.Step{Verb: cases.VerbSleep, Time: b.wait(label)})
		b.add(undoes)
	}
}

// destroy kills the connection of a host's proc.
func (b *builder) destroy(host string) cases.Step {
	s := cases.Step{Verb: cases.VerbDestroy, Proc: cases.Ref{Name: host}}
	if b.oneIn(2, "by name") {
		s.On = socketOf(host)
	}
	return s
}

// powered is a host or router: what can be switched off.
func (b *builder) powered() cases.Ref {
	var names []string
	for _, h := range b.s.Hosts {
		names = append(names, h.Name)
	}
	for _, r := range b.s.Routers {
		names = append(names, r.Name)
	}
	return cases.Ref{Name: pick(b.choices, "power off", names...)}
}

// apart are two nodes, the second a host.
func (b *builder) apart() (node, host cases.Ref) {
	node = b.node("at")
	var others []string
	for _, h := range b.s.Hosts {
		if h.Name != node.Name {
			others = append(others, h.Name)
		}
	}
	return node, cases.Ref{Name: pick(b.choices, "to", others...)}
}

// neighbour is a node that a link joins a node to.
func (b *builder) neighbour(node cases.Ref) cases.Ref {
	var others []cases.Ref
	for _, l := range b.s.Links {
		switch node {
		case l.A:
			others = append(others, l.B)
		case l.B:
			others = append(others, l.A)
		}
	}
	return pick(b.choices, "neighbour", others...)
}

// boots gives a host a proc that serves when it is switched on again, if it has
// none.
func (b *builder) boots(host string) {
	const name = "after-boot"
	for _, p := range b.s.Procs {
		if p.Name == name {
			return
		}
	}
	if host != server || !b.oneIn(2, "serves again") {
		return
	}
	t := b.talker(host, name)
	t.p.Begin = cases.WordValue("boot")
	t.add(cases.Step{Verb: cases.VerbListen, Port: cases.IntValue(port)})
	t.add(cases.Step{Verb: cases.VerbAccept})
	t.talk()
	t.end()
	t.done()
}

// when waits for something to happen.
func (b *builder) when() cases.Step {
	s := cases.Step{Verb: cases.VerbWhen, Node: cases.Ref{Name: pick(b.choices, "when", b.s.Hosts...).Name}}
	event := pick(b.choices, "event", "receives", "sends", "misses", "enters")
	s.Event = cases.WordValue(event)
	if event == "enters" {
		s.What.Name = pick(b.choices, "state", "ESTABLISHED", "SYN-SENT", "SYN-RECEIVED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT", "CLOSED")
	} else {
		s.What.Name = pick(b.choices, "match", "any", "data", "F", "SA", "S", "R", "ack")
	}
	if b.oneIn(3, "not the first") {
		s.Nth = cases.IntValue(2 + b.upTo(2, "which"))
	}
	return s
}

// inject forges a segment of a host's connection.
func (b *builder) inject() cases.Step {
	s := cases.Step{
		Verb: cases.VerbInject,
		Peer: cases.Ref{Name: pick(b.choices, "inject", b.s.Hosts...).Name},
		Forged: cases.Forged{
			Flags: cases.WordValue(pick(b.choices, "flags", "R", "A", "RA", "F", "S", "SA", "PA", "FA")),
			Seq:   b.seqOf(),
		},
	}
	if strings.HasSuffix(s.Flags.Text, "A") && b.oneIn(2, "ack") {
		s.Ack = cases.WordValue(pick(b.choices, "ack", "n0", "n-1", "n1", "n100000", "n-100000", "n-100000000"))
	}
	if s.Flags.Text == "PA" {
		s.Data = cases.TextValue("forged")
	}
	if b.oneIn(4, "window") {
		s.Window = cases.IntValue(pick(b.choices, "win", 1000, 0, 1))
	}
	if b.oneIn(5, "guesses") {
		s.Guesses, s.Stride = cases.IntValue(2+b.upTo(3, "guesses")), cases.IntValue(pick(b.choices, "stride", 1, -1, 1460, 100_000))
	}
	if b.oneIn(5, "on the way") {
		s.Via = b.neighbour(s.Peer)
	}
	return s
}

// seqOf is the number of a forged segment: exact, in the window or outside it.
func (b *builder) seqOf() cases.Value {
	return cases.WordValue(pick(b.choices, "seq", "n0", "n-1", "n1", "n100", "wnd-1", "wnd0", "n-100000"))
}
