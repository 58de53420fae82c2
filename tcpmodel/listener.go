package tcpmodel

import (
	"cmp"
	"time"

	"rstlab/netsim/wire"
)

// arriveListener is a segment for a listener and no connection of it.
func (s *Stack) arriveListener(now time.Duration, l *Socket, f wire.Flow, g *Segment) {
	if l.ep.crowdedOut(g) {
		s.cite(TextNoRoom)
		return
	}
	if l.shut {
		s.arriveShutListener(f, g)
		return
	}
	if g.Flags&(wire.SYN|wire.ACK|wire.RST) != wire.SYN {
		if g.Flags&(wire.SYN|wire.ACK|wire.RST) == wire.ACK && s.takeCookie(now, l, f, g) {
			return
		}
		o := l.ep.Arrive(now, g) // answers without a change of state
		s.out.Clauses = s.out.Clauses.Union(o.Clauses)
		s.seen = s.seen.Union(o.Clauses)
		for i := range o.Segments {
			s.transmit(f, &o.Segments[i])
		}
		return
	}
	if !s.p.OverflowResets && s.full(l) {
		s.cite(AcceptQueueFull)
		return
	}
	if l.half >= cmp.Or(s.p.SynQueue, l.backlog+s.p.HalfOpenExtra) {
		if s.p.SynCookies {
			s.cite(SynCookieSent)
			s.sendCookie(now, l, f, g)
			return
		}
		s.cite(SynQueueFull)
		return
	}
	s.spawn(now, l, f, g, s.isn(now, f))
}

// arriveShutListener is a segment for a listener after shutdown(SHUT_RD), which
// netstack answers with RST whatever it is (accept.go, handleListenSegment).
func (s *Stack) arriveShutListener(f wire.Flow, g *Segment) {
	s.cite(ClosedSegment)
	asked := *g
	asked.Flags &^= wire.RST
	if reset, ok := resetFor(&asked); ok {
		s.transmit(f, &reset)
	}
}

// spawn makes a connection for a SYN.
func (s *Stack) spawn(now time.Duration, l *Socket, f wire.Flow, g *Segment, isn uint32) {
	ep := l.ep.fork(s.endpointConfig(f, isn))
	c := s.add(f, ep, nil, l)
	l.half++
	s.collect(c, ep.Arrive(now, g))
}

// full reports whether as many connections wait to be accepted as may.
func (s *Stack) full(l *Socket) bool {
	limit := l.backlog + s.p.BacklogExtra
	if s.p.BacklogHalf {
		limit += l.backlog / 2
	}
	return len(l.queue) >= limit
}

// overflow is the ACK that completes a handshake and finds the accept queue full: it
// comes behind all other checks of the segment. It is dropped: the SYN-ACK is sent
// again, and then there may be room (Linux net/ipv4/tcp_ipv4.c, tcp_v4_syn_recv_sock;
// netstack connect.go, synRcvdState). Or the connection is reset (FreeBSD
// net.inet.tcp.syncache.rst_on_sock_fail).
func (e *Endpoint) overflow(s *Segment) {
	e.cite(AcceptQueueFull)
	if e.p.OverflowResets {
		e.refuseHandshake(s)
	}
}

// complete puts a connection into the accept queue.
func (s *Stack) complete(c *conn) {
	if c.parent == nil || c.queued {
		return
	}
	c.parent.half--
	c.queued = true
	c.parent.queue = append(c.parent.queue, c)
	s.ready(c.parent)
}

// endListener resets the connections that wait to be accepted and drops those
// whose handshake is not complete.
func (s *Stack) endListener(now time.Duration, l *Socket) {
	queue := l.queue
	l.queue = nil
	for _, c := range queue {
		c.parent = nil
		if c.ep.state != wire.Closed {
			_, o := c.ep.Call(now, Call{Op: OpAbort})
			s.collect(c, o)
		}
	}
	for _, c := range append([]*conn(nil), s.list...) {
		if c.parent == l {
			s.changed(c, Transition{c.ep.state, wire.Closed})
			c.ep.end(0)
			s.forget(c)
		}
	}
}
