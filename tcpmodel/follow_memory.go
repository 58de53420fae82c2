package tcpmodel

import (
	"time"

	"rstlab/netsim/wire"
)

// Crowded reports whether it is not known if a segment that comes finds room in the
// receive buffer. The memory that is taken is known, and so is the size of the buffer unless
// tuning may have made it larger: then what has no room in the size that it had, and has room
// in the greatest that it can have, may be dropped silently or not.
func (f *Follower) Crowded(s *Segment) bool {
	e := f.ep
	least, most := int(e.opt[ReceiveBuffer]), f.mostBuffer(0)
	switch {
	case least == most:
		return false
	case e.crowdedOutOf(s, least):
		return !e.crowdedOutOf(s, most)
	}
	aside := s.Len() > 0 && wire.SeqLess(e.rcvNxt, s.Seq) && e.acceptable(s)
	return aside && e.asideFullOf(s, least) && !e.asideFullOf(s, most)
}

// resizes takes note of SO_RCVBUF, which has taken effect. Where it has made the window worth
// telling of there is an ACK at once, whatever is in it (netstack endpoint.go,
// OnSetReceiveBufferSize). What the size was is between two bounds.
func (f *Follower) resizes(now time.Duration, least, most int) {
	e := f.ep
	if !e.countsMemory() || !e.synchronized() && e.state != wire.TimeWait {
		return
	}
	size := int(e.opt[ReceiveBuffer])
	first, last := e.resizeOpens(least, size), e.resizeOpens(most, size)
	switch {
	case first && last:
		e.cite(SwsReceiver)
		e.sendAck()
	case first || last:
		f.resized, f.hasResized = now, true
	}
}
