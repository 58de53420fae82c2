package tcpmodel

import (
	"time"

	"rstlab/netsim/wire"
)

// cookieMSS are the sizes that a SYN cookie can stand for (RFC 4987 section 3.6).
var cookieMSS = [...]uint16{536, 1300, 1440, 1460}

// indexOfMSS is the index of the greatest of them that is no greater; 0 for none.
func indexOfMSS(mss uint16) uint32 {
	index := uint32(0)
	for i, m := range cookieMSS {
		if mss >= m {
			index = uint32(i)
		}
	}
	return index
}

// cookie is the initial sequence number of a SYN-ACK for which no state is kept:
// a hash of the flow, the time, and a hash of both with an index of the MSS (Linux
// net/ipv4/syncookies.c, secure_tcp_syn_cookie).
func (s *Stack) cookie(f wire.Flow, irs, tick, index uint32) uint32 {
	return s.cookieBase(f, irs) + tick<<cookieBits + (s.cookieHash(f, tick)+index)&cookieMask
}

const (
	cookieBits = 24
	cookieMask = 1<<cookieBits - 1
	tickMask   = 1<<(32-cookieBits) - 1
)

func (s *Stack) cookieHash(f wire.Flow, tick uint32) uint32 {
	return uint32(s.hash(f, 0x636f6f6b6965^uint64(tick)<<1))
}

// cookieBase is the part of a cookie that does not change with time.
func (s *Stack) cookieBase(f wire.Flow, irs uint32) uint32 {
	h := s.hash(f, 0x636f6f6b6965^1)
	if s.p.CookieSum {
		return uint32(h) + irs
	}
	return uint32(h ^ mix(uint64(irs)+0x9e3779b97f4a7c15))
}

// cookieIndex is the index in a cookie; ok is false when it is none, or too old.
func (s *Stack) cookieIndex(now time.Duration, f wire.Flow, isn, irs uint32) (index uint32, ok bool) {
	v := isn - s.cookieBase(f, irs)
	tick := v >> cookieBits
	if age := s.p.cookieTick(now) - tick; age&tickMask > uint32(s.p.CookieAge) {
		return 0, false
	}
	index = (v - s.cookieHash(f, tick)) & cookieMask
	return index, index < uint32(len(cookieMSS))
}

// sinceBoot is what the clock of cookies says at time 0, as netstack's does in
// package netsim/vtime: at which moments it ticks is otherwise free.
const sinceBoot = time.Hour

// cookieTick is the time of a cookie: eight bits.
func (p *Profile) cookieTick(now time.Duration) uint32 {
	return uint32((now+sinceBoot)/p.CookieTick) & tickMask
}

// sendCookie answers a SYN without keeping state. Of its options the MSS survives,
// and with [Profile.CookieTimestamps] these.
func (s *Stack) sendCookie(now time.Duration, l *Socket, f wire.Flow, g *Segment) {
	answer := Segment{
		Seq: s.cookie(f, g.Seq, s.p.cookieTick(now), indexOfMSS(g.Options.MSS)), Ack: g.Seq + 1,
		Flags: wire.SYN | wire.ACK, Window: s.cookieWindow(l, f),
	}
	answer.Options.MSS = uint16(s.announcedMSS(f.Local.Addr()))
	if o := &answer.Options; s.p.CookieTimestamps && g.Options.HasTimestamps {
		o.HasTimestamps, o.TSEcr = true, g.Options.TSVal
		o.TSVal = s.endpointConfig(f, 0).TSOffset + uint32(now/time.Millisecond)
	}
	s.transmit(f, &answer)
}

// cookieWindow is the window that a SYN cookie offers.
func (s *Stack) cookieWindow(l *Socket, f wire.Flow) uint16 {
	if w := s.p.CookieWindow; w > 0 {
		return uint16(min(int64(w), l.ep.opt[ReceiveBuffer]))
	}
	ep := l.ep.fork(s.endpointConfig(f, 0))
	ep.prepareReceive()
	ep.openWindow(true)
	return uint16(ep.rcvWnd)
}

// takeCookie makes a connection of an ACK that echoes a cookie.
func (s *Stack) takeCookie(now time.Duration, l *Socket, f wire.Flow, g *Segment) bool {
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
	syn := s.p.synOfCookie(g, cookieMSS[index])
	ep.Arrive(now, &syn) // what the SYN would have done
	ep.beginByCookie()
	l.ep.charged += ep.twice(g)
	o := ep.Arrive(now, g)
	if len(o.Changes) > 0 {
		o.Changes[0].From = wire.Listen // nobody saw it in SYN-RECEIVED
	} else {
		s.changed(c, Transition{wire.Listen, ep.state})
	}
	s.collect(c, o)
	return true
}

// synOfCookie is the SYN that the ACK of a cookie tells of.
func (p *Profile) synOfCookie(g *Segment, mss uint16) Segment {
	syn := Segment{Seq: g.Seq - 1, Flags: wire.SYN, Window: g.Window, Options: Options{MSS: mss}}
	if p.CookieTimestamps {
		syn.Options.HasTimestamps, syn.Options.TSVal = g.Options.HasTimestamps, g.Options.TSVal
	}
	return syn
}

// beginByCookie says that the SYN-ACK of a connection in SYN-RECEIVED was sent before, nobody
// knows when (Karn).
func (e *Endpoint) beginByCookie() {
	e.ofCookie = true
	e.rtx[0].retrans = 1
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
	e.takeLateCookie(g.Ack-1, cookieMSS[index])
}

// takeLateCookie has a connection in SYN-RECEIVED go on with the number and the MSS of a cookie.
func (e *Endpoint) takeLateCookie(iss uint32, mss uint16) {
	e.iss = iss
	e.una, e.nxt, e.base, e.sml, e.high = e.iss, e.iss+1, e.iss+1, e.iss, e.iss+1
	e.rtx[0].seq, e.rtx[0].end = e.iss, e.iss+1
	e.mss = max(min(int(mss), e.announced)-(e.announced-e.advMSS), 1)
}
