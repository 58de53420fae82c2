package tcpmodel

import (
	"time"

	"rstlab/netsim/wire"
)

// ListenFollower follows what a listener of another TCP does and keeps no state of: the SYN
// cookies that it sends, and that their ACKs begin a connection (RFC 4987 section 3.6). Its
// profile must have CookieSum.
//
// What is hashed into a cookie is known to its host alone. But of one flow and one tick of the
// clock it is always the same, and all that comes to it is SEG.SEQ of the SYN and the index of an
// MSS. So a cookie that was sent tells which segments are taken for the ACK of one. (Where the
// index carries into the bits of the tick it does not: once in four million.)
type ListenFollower struct {
	ep     *Endpoint // in LISTEN: what was set, and the memory that is given away
	window uint16    // that cookies offer
	flows  map[wire.Flow]*sentCookies
}

// sentCookies are those of one flow.
type sentCookies struct {
	base      map[uint32]uint32 // by the tick: the number of the one with index 0 less SEG.SEQ of the SYN
	announced uint16            // the MSS
	tsOffset  uint32
	timed     bool // the offset of timestamps is known
}

// NewListenFollower follows a listener from LISTEN on, for which o was set before.
func NewListenFollower(p *Profile, o FollowOptions) *ListenFollower {
	ep := NewEndpoint(EndpointConfig{Profile: p})
	for _, x := range o {
		ep.setOption(x.Option, x.Value)
	}
	window := min(int64(p.CookieWindow), ep.opt[ReceiveBuffer])
	return &ListenFollower{ep: ep, window: uint16(window), flows: map[wire.Flow]*sentCookies{}}
}

// Set is a setting of the listener's socket.
func (l *ListenFollower) Set(o Option, v int64) { l.ep.setOption(o, v) }

// Crowded reports whether the listener may drop a segment before it looks at it: it has text,
// and the texts that came with ACKs of cookies have used up the listener's memory, of which each
// takes up to twice what is counted here.
func (l *ListenFollower) Crowded(s *Segment) bool {
	return len(s.Payload) > 0 && 2*int64(l.ep.charged) > l.ep.opt[ReceiveBuffer]
}

// Sent takes a SYN cookie that answers a SYN at a time. Of the options of the SYN it has none but
// the timestamps (netstack accept.go, handleListenSegment).
func (l *ListenFollower) Sent(now time.Duration, f wire.Flow, syn, cookie *Segment) *Refusal {
	p, o := l.ep.p, &cookie.Options
	timed := p.CookieTimestamps && syn.Options.HasTimestamps
	switch {
	case o.HasScale || o.SACKPermitted || o.HasTimestamps != timed || timed && o.TSEcr != syn.Options.TSVal:
		return refuse(SynCookieSent, showSegment(cookie), "no options but the MSS, and timestamps when the SYN has them")
	case cookie.Window != l.window:
		return refuse(SynCookieSent, showSegment(cookie), "a window of %d octets", l.window)
	}
	sent := l.flows[f]
	if sent == nil {
		sent = &sentCookies{base: map[uint32]uint32{}}
		l.flows[f] = sent
	}
	sent.announced = o.MSS
	if timed {
		sent.tsOffset, sent.timed = o.TSVal-uint32(now/time.Millisecond), true
	}
	tick, index := p.cookieTick(now), indexOfMSS(syn.Options.MSS)
	base := cookie.Seq - syn.Seq - index
	if before, again := sent.base[tick]; again && (base-before)&cookieMask != 0 {
		return refuse(SynCookieSent, showSegment(cookie), "SEQ %d: for each SYN in %v the same number added to SEG.SEQ and the index of the MSS", syn.Seq+before+index, p.CookieTick)
	}
	sent.base[tick] = base
	return nil
}

// Taken is the MSS of the SYN cookie that a segment is taken for the ACK of; ok is false for
// none. That one was sent for another SYN, or with another MSS, is all the same.
func (l *ListenFollower) Taken(now time.Duration, f wire.Flow, s *Segment) (mss uint16, ok bool) {
	sent := l.flows[f]
	if sent == nil || s.Flags&(wire.ACK|wire.RST) != wire.ACK {
		return 0, false
	}
	p := l.ep.p
	for age := range uint32(p.CookieAge) + 1 {
		base, ok := sent.base[(p.cookieTick(now)-age)&tickMask]
		if index := s.Ack - s.Seq - base; ok && index < uint32(len(cookieMSS)) {
			return cookieMSS[index], true
		}
	}
	return 0, false
}

// Begin follows a connection from the ACK of a cookie on that stands for an MSS, with what was
// set on the listener. It is nil when the timestamps of the ACK are not known to begin with those
// of a cookie.
func (l *ListenFollower) Begin(now time.Duration, f wire.Flow, o FollowOptions, mss uint16, ack *Segment) *Follower {
	p, sent := l.ep.p, l.flows[f]
	syn := p.synOfCookie(ack, mss)
	if syn.Options.HasTimestamps && !sent.timed {
		return nil
	}
	own := Segment{Seq: ack.Ack - 1, Options: Options{
		MSS: sent.announced, HasTimestamps: syn.Options.HasTimestamps, HasScale: p.WindowScale, SACKPermitted: p.SACK,
	}}
	c := newFollower(p, o, &own)
	c.ep.tsOffset = sent.tsOffset
	c.ep.state, c.ep.passive = wire.Listen, true
	c.ep.memory.fixed, c.ep.rcvLocked = false, false // see [FollowPassive]
	c.Arrive(now, &syn)
	c.ep.beginByCookie()
	c.owed, c.resent, c.sends = c.owed[:0], 1, now
	c.offered = c.ep.rcvNxt + c.ep.rcvWnd
	c.first = max(int(c.ep.rcvWnd), 1)
	l.ep.charged += c.ep.twice(ack)
	c.Arrive(now, ack)
	return c
}

// TakesCookie has a connection in SYN-RECEIVED go on with the number and the MSS of a SYN cookie
// whose ACK arrives next: see [Profile.CookieLate].
func (f *Follower) TakesCookie(mss uint16, ack *Segment) {
	iss := ack.Ack - 1
	f.edge += iss - f.ep.iss
	f.ep.takeLateCookie(iss, mss)
	f.sentMSS, f.tried, f.lost = int(mss), iss, iss
}

// Completes reports whether a segment can end the handshake of a connection in
// SYN-RECEIVED: its acknowledgment is that of the SYN-ACK.
func (f *Follower) Completes(s *Segment) bool {
	return !s.Flags.Has(wire.ACK) || s.Ack == f.ep.iss+1
}
