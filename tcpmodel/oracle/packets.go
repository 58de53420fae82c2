package oracle

import (
	"fmt"
	"slices"
	"time"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
)

// sent asks the model whether a segment is allowed.
func (k *Checker) sent(h *host, e *trace.Event) {
	if e.Packet.Proto != wire.TCP {
		return
	}
	t := e.Packet.Flow()
	s := tcpmodel.FromWire(&e.Packet.TCP)
	c := h.conns[t]
	switch {
	case s.Flags.Has(wire.RST) && h.payReset(t, &s):
		return
	case s.Flags&(wire.SYN|wire.ACK) == wire.SYN|wire.ACK && h.answers(k, t, &s, e):
		return
	case s.Flags&(wire.SYN|wire.ACK) == wire.SYN && h.opens(k, t, &s, e):
		return
	}
	if c == nil {
		k.sentByNone(h, t, &s, e)
		return
	}
	if c.lost {
		if s.Flags.Has(wire.SYN|wire.ACK) && (c.state == wire.Listen || c.state == wire.TimeWait) {
			h.unsure(t)
		}
		return
	}
	k.stats.Segments++
	k.shows(c, &s, e.At)
	c.before = c.model.State()
	c.model.Reading(c.reading())
	k.disagree(c, c.model.Sent(e.At, &s))
	k.touch(c)
}

// sentByNone is a segment of no connection. It may be of one that begins in this
// step by a SYN cookie that is not known: the state change follows.
func (k *Checker) sentByNone(h *host, t tuple, s *tcpmodel.Segment, e *trace.Event) {
	if h.blinded == e.At {
		if s.Flags.Has(wire.SYN | wire.ACK) {
			h.unsure(t)
		}
		return
	}
	if s.Flags.Has(wire.RST) && h.shutAnswers(k, t, s, e) {
		return
	}
	d := Disagreement{
		Seq: e.Seq, At: e.At, Host: h.name, Local: t.Local, Remote: t.Remote, Clause: tcpmodel.ClosedSegment,
		Did: fmt.Sprintf("flags %v SEQ %d", s.Flags, s.Seq), Would: "nothing: there is no connection, and nothing to answer",
	}
	if h.perhaps(t) {
		h.early = append(h.early, d)
	} else {
		k.add(d)
	}
}

// shutAnswers reports, as known, a RST that answers one: that a listener after shutdown
// sends.
func (h *host) shutAnswers(k *Checker, t tuple, s *tcpmodel.Segment, e *trace.Event) bool {
	i := slices.Index(h.refused, t)
	if i < 0 {
		return false
	}
	h.refused = slices.Delete(h.refused, i, i+1)
	k.add(Disagreement{
		Seq: e.Seq, At: e.At, Host: h.name, Local: t.Local, Remote: t.Remote, State: wire.Listen, Clause: tcpmodel.ListenReset,
		Did: fmt.Sprintf("flags %v SEQ %d", s.Flags, s.Seq), Would: "nothing: a RST is not answered",
		Known: known(h.profile, caseShutListener, tcpmodel.ListenReset),
	})
	return true
}

// payReset takes away the RST that is owed to a segment of no connection. Of several
// alike it is one that must be sent: those that need not may have been dropped.
func (h *host) payReset(t tuple, s *tcpmodel.Segment) bool {
	alike := func(o reset) bool {
		return o.tuple == t && o.segment.Flags == s.Flags && o.segment.Seq == s.Seq && o.segment.Ack == s.Ack
	}
	i := slices.IndexFunc(h.owed, func(o reset) bool { return alike(o) && !o.optional })
	if i < 0 {
		i = slices.IndexFunc(h.owed, alike)
	}
	if i < 0 {
		return false
	}
	h.owed = slices.Delete(h.owed, i, i+1)
	return true
}

// answers begins to follow a connection of a listener with its SYN-ACK.
func (h *host) answers(k *Checker, t tuple, s *tcpmodel.Segment, e *trace.Event) bool {
	for i := range h.syns {
		x := &h.syns[i]
		if x.tuple != t || x.answered {
			continue
		}
		x.answered = true
		f, r := tcpmodel.FollowPassive(e.At, h.profile, x.listener.inherited(), &x.segment, s)
		c := &conn{host: h, tuple: t, model: f, listener: x.listener, state: wire.Listen, before: wire.Listen}
		if c.mayBeCookie() {
			c.cookie = &handshake{x.segment, *s}
		}
		k.follow(c, r)
		return true
	}
	return false
}

// follow takes up a connection, and what the model says to its first segment.
func (k *Checker) follow(c *conn, r *tcpmodel.Refusal) {
	if c.model != nil && c.tuple.Local.Addr().Is6() {
		c.model.OverIPv6()
	}
	c.old = c.host.conns[c.tuple]
	c.host.conns[c.tuple] = c
	k.stats.Connections++
	k.disagree(c, r)
	k.touch(c)
}

// opens begins to follow an active OPEN with its SYN.
func (h *host) opens(k *Checker, t tuple, s *tcpmodel.Segment, e *trace.Event) bool {
	for i, x := range h.openers {
		if x.target != t.Remote {
			continue
		}
		h.openers = slices.Delete(h.openers, i, i+1)
		x.connecting = false
		f, r := tcpmodel.FollowActive(e.At, h.profile, x.options, s)
		c := &conn{host: h, tuple: t, model: f, socket: x, state: wire.Closed, before: wire.Closed}
		x.conn = c
		k.follow(c, r)
		return true
	}
	return false
}

// blind ends the following of a host's connections: a packet came that TCP takes or
// not, and of which not even the ports are sure.
func (h *host) blind(k *Checker, now time.Duration) {
	h.blinded = now
	for _, c := range h.all() {
		k.abandon(c, Damaged)
	}
}

// delivered gives the model what the host received.
func (k *Checker) delivered(h *host, e *trace.Event) {
	flip := k.flips.Of(e)
	if flip == trace.UnknownFlip {
		h.blind(k, e.At)
		return
	}
	if flip != 0 && !e.Packet.Uncovered(flip-1) {
		return // the checksum has told: it is discarded
	}
	if e.Packet.Proto != wire.TCP {
		k.icmp(h, e)
		return
	}
	t := e.Packet.Flow().Reverse()
	c := h.conns[t]
	s := tcpmodel.FromWire(&e.Packet.TCP)
	s.Payload = slices.Clone(s.Payload)
	if c != nil && c.lost {
		c.challenged = c.state == wire.TimeWait && s.Flags&(wire.SYN|wire.ACK|wire.RST) == wire.SYN && h.listens(t.Local) != nil
		return
	}
	if c != nil && c.state == wire.Listen && k.wasCookie(c) {
		c = nil
	}
	l := h.listens(t.Local)
	if c != nil && c.model.State() == wire.Closed && c.state == wire.Closed {
		h.forget(c)
		c = nil
	}
	switch {
	case c != nil && l != nil && c.model.Reusable(&s):
		k.replace(c)
		if s.Flags.Has(wire.ACK) {
			h.arriveNowhere(t, &s, l)
		} else {
			h.arriveSyn(t, &s, l)
		}
	case c != nil:
		c.takesCookie(&s, e.At)
		switch {
		case c.overflows(&s):
		case c.model.Crowded(&s):
			k.abandon(c, Crowded)
		default:
			c.before = c.model.State()
			c.model.Arrive(e.At, &s)
			k.touch(c)
			if c.socket != nil && len(c.socket.calls) > 0 {
				c.model.Reads(e.At) // a blocked recv goes on
			}
		}
	case l != nil && s.Flags&(wire.SYN|wire.ACK|wire.RST) == wire.SYN:
		h.arriveSyn(t, &s, l)
	case l != nil && h.begins(k, t, &s, l, e.At):
	default:
		h.arriveNowhere(t, &s, l)
	}
}

// replace ends a connection in TIME-WAIT: a SYN takes its place.
func (k *Checker) replace(c *conn) {
	c.before = c.model.State()
	c.model.Drop()
	k.touch(c)
}

// overflows reports whether the ACK that ends a handshake is dropped because the
// accept queue is full.
func (c *conn) overflows(s *tcpmodel.Segment) bool {
	l := c.listener
	return l != nil && c.model.Overflows(s) && l.full()
}

// full reports whether as many connections wait to be accepted as may.
func (s *socket) full() bool { return len(s.queue) >= s.backlog+s.host.profile.BacklogExtra }

func (h *host) arriveSyn(t tuple, s *tcpmodel.Segment, l *socket) {
	h.syns = append(h.syns, syn{
		tuple: t, segment: *s, listener: l, full: l.full() || l.listens.Crowded(s),
	})
}

// arriveNowhere is a segment for no connection: RFC 9293 sections 3.10.7.1 and
// 3.10.7.2.
func (h *host) arriveNowhere(t tuple, s *tcpmodel.Segment, l *socket) {
	o := reset{tuple: t, state: wire.Closed}
	if s.Flags.Has(wire.RST) && h.isShut(t.Local) {
		h.refused = append(h.refused, t)
		return
	}
	if l != nil {
		o.state = wire.Listen
		if !s.Flags.Has(wire.ACK) && !s.Flags.Has(wire.RST) {
			return // "any other control or data-bearing segment [...] should never be reached"
		}
		o.optional = l.listens.Crowded(s) || l.cookies[t] && s.Flags&(wire.SYN|wire.ACK|wire.RST) == wire.ACK
	}
	ep := tcpmodel.NewEndpoint(tcpmodel.EndpointConfig{Profile: h.profile})
	out := ep.Arrive(0, s)
	for i := range out.Segments {
		o.segment = out.Segments[i]
		h.owed = append(h.owed, o)
	}
}

// icmp gives the model an ICMP error about a segment of one of its connections.
func (k *Checker) icmp(h *host, e *trace.Event) {
	q, ok := e.Packet.ICMP.Quoted()
	if !ok || !q.TCP {
		return
	}
	c := h.conns[tuple{Local: q.Source(), Remote: q.Destination()}]
	if c == nil || c.lost {
		return
	}
	c.before = c.model.State()
	kind := e.Packet.ICMPKind()
	if kind == wire.PacketTooBig {
		mtu, _ := e.Packet.NextHopMTU()
		c.model.TooBig(e.At, int(mtu))
	} else {
		c.model.Unreachable(e.At, q.Seq, h.profile.ICMPErrno(kind, q.Src.Is6()))
	}
	k.touch(c)
}
