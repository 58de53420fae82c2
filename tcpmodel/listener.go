package tcpmodel

import (
	"cmp"
	"time"

	"rstlab/netsim/wire"
)

// arriveListener is a segment for a listener and no connection of it.
func (s *Stack) arriveListener(now time.Duration, l *Socket, f flow, g *Segment) {
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
func (s *Stack) arriveShutListener(f flow, g *Segment) {
	s.cite(ClosedSegment)
	asked := *g
	asked.Flags &^= wire.RST
	if reset, ok := resetFor(&asked); ok {
		s.transmit(f, &reset)
	}
}

// spawn makes a connection for a SYN.
func (s *Stack) spawn(now time.Duration, l *Socket, f flow, g *Segment, isn uint32) {
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

// cookieMSS are the sizes that a SYN cookie can stand for (RFC 4987 section 3.6).
var cookieMSS = [...]uint16{536, 1300, 1440, 1460}

// cookie is the initial sequence number of a SYN-ACK for which no state is kept:
// a hash of the flow, the time, and a hash of both with an index of the MSS (Linux
// net/ipv4/syncookies.c, secure_tcp_syn_cookie).
func (s *Stack) cookie(f flow, irs, tick, index uint32) uint32 {
	return s.cookieBase(f, irs) + tick<<cookieBits + (s.cookieHash(f, tick)+index)&cookieMask
}

const (
	cookieBits = 24
	cookieMask = 1<<cookieBits - 1
)

func (s *Stack) cookieHash(f flow, tick uint32) uint32 {
	return uint32(s.hash(f, 0x636f6f6b6965^uint64(tick)<<1))
}

// cookieBase is the part of a cookie that does not change with time.
func (s *Stack) cookieBase(f flow, irs uint32) uint32 {
	h := s.hash(f, 0x636f6f6b6965^1)
	if s.p.CookieSum {
		return uint32(h) + irs
	}
	return uint32(h ^ mix(uint64(irs)+0x9e3779b97f4a7c15))
}

// cookieIndex is the index in a cookie; ok is false when it is none, or too old.
func (s *Stack) cookieIndex(now time.Duration, f flow, isn, irs uint32) (index uint32, ok bool) {
	v := isn - s.cookieBase(f, irs)
	tick := v >> cookieBits
	if age := s.cookieTick(now) - tick; age&(1<<(32-cookieBits)-1) > uint32(s.p.CookieAge) {
		return 0, false
	}
	index = (v - s.cookieHash(f, tick)) & cookieMask
	return index, index < uint32(len(cookieMSS))
}

// sinceBoot is what the clock of cookies says at time 0, as netstack's does in
// package netsim/vtime: at which moments it ticks is otherwise free.
const sinceBoot = time.Hour

// cookieTick is the time of a cookie: eight bits.
func (s *Stack) cookieTick(now time.Duration) uint32 {
	return uint32((now+sinceBoot)/s.p.CookieTick) & (1<<(32-cookieBits) - 1)
}

// sendCookie answers a SYN without keeping state. Of its options the MSS survives,
// and with [Profile.CookieTimestamps] these.
func (s *Stack) sendCookie(now time.Duration, l *Socket, f flow, g *Segment) {
	index := uint32(0)
	for i, m := range cookieMSS {
		if g.Options.MSS >= m {
			index = uint32(i)
		}
	}
	answer := Segment{
		Seq: s.cookie(f, g.Seq, s.cookieTick(now), index), Ack: g.Seq + 1,
		Flags: wire.SYN | wire.ACK, Window: s.cookieWindow(l, f),
	}
	answer.Options.MSS = uint16(s.announcedMSS(f.local.Addr()))
	if o := &answer.Options; s.p.CookieTimestamps && g.Options.HasTimestamps {
		o.HasTimestamps, o.TSEcr = true, g.Options.TSVal
		o.TSVal = s.endpointConfig(f, 0).TSOffset + uint32(now/time.Millisecond)
	}
	s.transmit(f, &answer)
}

// cookieWindow is the window that a SYN cookie offers.
func (s *Stack) cookieWindow(l *Socket, f flow) uint16 {
	if w := s.p.CookieWindow; w > 0 {
		return uint16(min(int64(w), l.ep.opt[ReceiveBuffer]))
	}
	ep := l.ep.fork(s.endpointConfig(f, 0))
	ep.prepareReceive()
	ep.openWindow(true)
	return uint16(ep.rcvWnd)
}

// takeCookie makes a connection of an ACK that echoes a cookie.
func (s *Stack) takeCookie(now time.Duration, l *Socket, f flow, g *Segment) bool {
	if !s.p.SynCookies {
		return false
	}
	isn, irs := g.Ack-1, g.Seq-1
	index, ok := s.cookieIndex(now, f, isn, irs)
	if !ok {
		return false
	}
	if s.full(l) {
		s.cite(AcceptQueueFull)
		return !s.p.OverflowResets
	}
	s.cite(SynCookieTaken)
	ep := l.ep.fork(s.endpointConfig(f, isn))
	c := s.add(f, ep, nil, l)
	l.half++
	syn := Segment{Seq: irs, Flags: wire.SYN, Window: g.Window, Options: Options{MSS: cookieMSS[index]}}
	if s.p.CookieTimestamps {
		syn.Options.HasTimestamps, syn.Options.TSVal = g.Options.HasTimestamps, g.Options.TSVal
	}
	ep.Arrive(now, &syn)  // what the SYN would have done; its SYN-ACK was sent before,
	ep.rtx[0].retrans = 1 // nobody knows when (Karn)
	o := ep.Arrive(now, g)
	if len(o.Changes) > 0 {
		o.Changes[0].From = wire.Listen // nobody saw it in SYN-RECEIVED
	} else {
		s.changed(c, Transition{wire.Listen, ep.state})
	}
	s.collect(c, o)
	return true
}

// lateCookie has a connection in SYN-RECEIVED go on with the number of a cookie that
// was sent before there was state, when its ACK arrives (netstack connect.go,
// synRcvdState: "a cookie that snuck its way in after we stopped using them").
func (s *Stack) lateCookie(now time.Duration, c *conn, g *Segment) {
	e := c.ep
	if !s.p.CookieLate || e.state != wire.SynReceived || c.parent == nil ||
		g.Flags&(wire.ACK|wire.RST) != wire.ACK || g.Ack == e.iss+1 {
		return
	}
	index, ok := s.cookieIndex(now, c.flow, g.Ack-1, g.Seq-1)
	if !ok {
		return
	}
	s.cite(SynCookieTaken)
	e.iss = g.Ack - 1
	e.una, e.nxt, e.base, e.sml, e.high = e.iss, e.iss+1, e.iss+1, e.iss, e.iss+1
	e.rtx[0].seq, e.rtx[0].end = e.iss, e.iss+1
	e.mss = max(min(int(cookieMSS[index]), e.announced)-(e.announced-e.advMSS), 1)
}
