package oracle

import (
	"slices"
	"time"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
)

// handshake is a SYN and the SYN-ACK that answered it.
type handshake struct{ syn, synAck tcpmodel.Segment }

// mayBeCookie reports whether a SYN-ACK may have been a SYN cookie, for which no state
// is kept: as many handshakes as the backlog are not complete.
func (c *conn) mayBeCookie() bool {
	if c.listener == nil || !c.host.profile.SynCookies {
		return false
	}
	half := 0
	for _, other := range c.host.conns {
		if other.listener == c.listener && other.state == wire.SynReceived {
			half++
		}
	}
	return half >= c.listener.backlog
}

// wasCookie forgets a connection that never was one: its SYN-ACK was a SYN cookie, which the
// listener has sent.
func (k *Checker) wasCookie(c *conn) bool {
	if c.cookie == nil {
		return false
	}
	k.disagree(c, c.listener.listens.Sent(k.last.At, c.tuple, &c.cookie.syn, &c.cookie.synAck))
	if c.lost {
		return true // whether it begins is not known
	}
	k.stats.Connections--
	c.host.forget(c)
	c.lost = true
	return true
}

// begins has the ACK of a SYN cookie begin a connection. When the accept queue is full it is
// dropped, and where the memory of the listener may be used up it may be.
func (h *host) begins(k *Checker, t tuple, s *tcpmodel.Segment, l *socket, now time.Duration) bool {
	mss, ok := l.listens.Taken(now, t, s)
	if !ok || s.Flags.Has(wire.SYN) {
		return false
	}
	if l.full() {
		return true
	}
	if l.listens.Crowded(s) {
		l.cookies[t] = true
		return false
	}
	c := &conn{host: h, tuple: t, listener: l, state: wire.Listen, before: wire.Listen}
	c.model = l.listens.Begin(now, t, l.inherited(), mss, s)
	k.follow(c, nil)
	if c.model == nil {
		k.abandon(c, SynCookie)
	}
	return true
}

// takesCookie has a connection in SYN-RECEIVED go on with the number of a SYN cookie of its
// listener, when the ACK of that arrives.
func (c *conn) takesCookie(s *tcpmodel.Segment, now time.Duration) {
	if c.listener == nil || !c.host.profile.CookieLate || c.model.State() != wire.SynReceived || c.model.Completes(s) {
		return
	}
	if mss, ok := c.listener.listens.Taken(now, c.tuple, s); ok {
		c.model.TakesCookie(mss, s)
	}
}

// unsure says that a listener has sent a SYN-ACK for a SYN that is not known: it may be a SYN
// cookie, and what is taken for its ACK.
func (h *host) unsure(t tuple) {
	if l := h.listens(t.Local); l != nil && h.profile.SynCookies {
		l.cookies[t] = true
	}
}

// perhaps reports whether a segment that came in this instant may have begun a
// connection: by a SYN cookie that is not known.
func (h *host) perhaps(t tuple) bool {
	return slices.ContainsFunc(h.owed, func(o reset) bool { return o.tuple == t && o.optional })
}

// unknown is a connection that is not followed: of a SYN cookie that is not known, or of a
// SYN that may have been damaged.
func (k *Checker) unknown(h *host, t tuple, e *trace.Event) {
	c := h.conns[t]
	if c == nil {
		c = &conn{host: h, tuple: t, listener: h.listens(t.Local)}
		h.conns[t] = c
	}
	h.owed = slices.DeleteFunc(h.owed, func(o reset) bool { return o.tuple == t })
	h.early = slices.DeleteFunc(h.early, func(d Disagreement) bool { return d.Local == t.Local && d.Remote == t.Remote })
	why := SynCookie
	if h.blinded == e.At {
		why = Damaged
	}
	k.abandon(c, why)
	c.state = e.To
	c.entered(e.From, e.To)
}

// renewed has a connection that is not followed take the place of one: whether the SYN
// could is not known, and so what its numbers must be.
func (k *Checker) renewed(h *host, c *conn) {
	next := &conn{host: h, tuple: c.tuple, listener: h.listens(c.tuple.Local), state: wire.Listen}
	h.conns[c.tuple] = next
	k.abandon(next, SynCookie)
}
