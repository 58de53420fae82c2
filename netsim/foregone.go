package netsim

import (
	"slices"

	"rstlab/netsim/engine"
	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
)

// Of some things a run need not choose when they happen: no proc sees a difference.
// They are left out of what is offered, unless [Choosing.Whole] is set.

// contained reports whether all that the procs will still do is calls on sockets that
// they have, each on its own host, and nothing else is planned.
func (n *Network) contained() bool {
	c := n.choose
	if c.Whole || c.Programs == nil || n.watching || !c.Programs.Local() {
		return false
	}
	return !n.planned() && !slices.ContainsFunc(n.procs.all(), func(p *Proc) bool { return p.host == nil || p.task != nil })
}

// unseen reports whether no proc can notice any more what becomes of packets and of
// timers of TCP: all sockets of the hosts with procs are CLOSED, and none will be
// opened.
func (n *Network) unseen() bool {
	for _, p := range n.procs.all() {
		for _, s := range slices.Concat(p.host.sockets.all(), p.host.lingering) {
			if s.State() != wire.Closed {
				return false
			}
		}
	}
	return true
}

// answer has packets arrive that are for hosts without any connection. Such a host
// answers each with a RST or not at all, by what the packet holds alone, whenever it
// arrives and whatever came before it (RFC 9293 section 3.10.7.1). When the answer
// arrives remains to be chosen. This holds as long as no SYN comes and nobody connects.
func (n *Network) answer() {
	c := n.choose
	if c.Overtaking > 0 {
		return // the order of the answers would decide which can overtake
	}
	for again := true; again; {
		again = false
		c.pending = n.agenda.Pending(c.pending[:0])
		if !n.contained() || n.opening() {
			return
		}
		for i, e := range c.pending {
			f, ok := e.Owner().(*flight)
			if ok && n.reflex(f) && !(c.InOrder && behind(f, c.pending[:i])) {
				n.agenda.Cancel(e)
				e.Run()
				n.steps++
				again = true
				break
			}
		}
	}
}

// opening reports whether a SYN can arrive anywhere.
func (n *Network) opening() bool {
	for _, e := range n.choose.pending {
		if f, ok := e.Owner().(*flight); ok && f.packet.TCP.Flags.Has(wire.SYN) && !f.packet.TCP.Flags.Has(wire.ACK) {
			return true
		}
	}
	for _, h := range n.hosts {
		if h.engine == nil {
			continue
		}
		known, ok := h.engine.(engine.Counting)
		if !ok {
			return true
		}
		if _, opening := known.Connections(); opening > 0 {
			return true
		}
	}
	return false
}

// reflex reports whether a packet is about to arrive at a host that answers it by
// what it holds alone, over links that do the same to all packets.
func (n *Network) reflex(f *flight) bool {
	h := f.to.host
	if h == nil || h.engine == nil || f.packet.Proto != wire.TCP || f.port == nil || !f.port.dir.Indifferent() {
		return false
	}
	if known, _ := h.engine.(engine.Counting).Connections(); known > 0 {
		return false
	}
	for _, p := range h.n.ports {
		if !p.dir.Indifferent() {
			return false
		}
	}
	// A segment that a listener answers may be answered otherwise when it is closed.
	return !slices.ContainsFunc(h.sockets.all(), func(s *Socket) bool { return s.State() == wire.Listen }) ||
		!slices.ContainsFunc(n.procs.all(), func(p *Proc) bool { return p.host == h })
}

// idle reports whether a deadline of the socket is looked at no more: no blocked call
// has it, and no call that does will be made.
func (s *Socket) idle(e *vtime.Event) bool {
	d := &s.read
	switch e {
	case &s.read.event:
	case &s.write.event:
		d = &s.write
	default:
		return false // the time to linger
	}
	return s.idleDeadline(d)
}

func (s *Socket) idleDeadline(d *deadline) bool {
	c := s.host.net.choose
	if c.Whole || c.Programs == nil || s.host.net.watching {
		return false
	}
	reads, writes := c.Programs.Looks(s.host.name)
	if d == &s.read && reads || d == &s.write && writes {
		return false
	}
	return !slices.ContainsFunc(s.calls, func(c *call) bool { return c.deadline == d })
}

// AcceptWaits reports whether Accept would block now, and RecvWaits whether Recv
// would. With [Choosing] a proc that will make such a call next can make it at once:
// when it is tried again is chosen then, and it finds what it would have found.
func (s *Socket) AcceptWaits() bool {
	return s.open() && !s.read.expired && s.eng.State() == wire.Listen && !s.eng.Acceptable()
}

// RecvWaits is described at [Socket.AcceptWaits].
func (s *Socket) RecvWaits() bool {
	return s.open() && !s.read.expired && s.eng.State() != wire.Listen && s.nothingToReceive()
}

func (s *Socket) open() bool { return !s.closed && s.host.engine != nil }
