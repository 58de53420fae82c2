package invariant

import (
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// follows are the states that a connection can be in after one step, by the state
// before it, but for CLOSED, to which all lead: by RST, ABORT, a timeout. The
// first in each list are the arrows of figure 5; then come those that one segment
// or call takes together, or that the text allows.
var follows = [wire.NumStates][]wire.State{
	wire.Closed: {wire.Listen, wire.SynSent},
	wire.Listen: {
		wire.SynSent, wire.SynReceived,
		// A SYN cookie keeps no state until the ACK of the SYN comes (RFC 4987
		// section 3.6), with FIN perhaps.
		wire.Established, wire.CloseWait,
	},
	wire.SynSent: {
		wire.SynReceived, wire.Established,
		wire.CloseWait, // SYN,ACK,FIN
	},
	wire.SynReceived: {
		wire.Established, wire.FinWait1,
		wire.Listen,                                // RST after a passive OPEN (section 3.10.7.4)
		wire.CloseWait,                             // ACK of the SYN with FIN
		wire.FinWait2, wire.Closing, wire.TimeWait, // and when CLOSE was called before
	},
	wire.Established: {wire.FinWait1, wire.CloseWait},
	wire.FinWait1: {
		wire.FinWait2, wire.Closing,
		wire.TimeWait, // ACK of the FIN with FIN
	},
	wire.FinWait2:  {wire.TimeWait},
	wire.CloseWait: {wire.LastAck},
	wire.Closing:   {wire.TimeWait},
	wire.LastAck:   {},
	wire.TimeWait: {
		// "the connection … MAY accept a new SYN from the remote TCP endpoint to reopen
		// the connection directly from TIME-WAIT" (section 3.6.1).
		wire.SynReceived, wire.Listen,
	},
}

// inFigure reports whether a connection can go from one state to the other in
// one step.
func inFigure(from, to wire.State) bool {
	if to == wire.Closed {
		return true
	}
	for _, s := range follows[from] {
		if s == to {
			return true
		}
	}
	return false
}

// stateChange checks the transition of a connection.
func (k *Checker) stateChange(e *trace.Event) {
	h := k.host(e.Host)
	t := wire.FlowOf(e.Local, e.Remote)
	c := h.inState(t, e.From)
	if c == nil {
		c = k.unexpected(h, t, e)
	}
	k.descriptor(h, c, e)
	c.moved = true
	if !inFigure(e.From, e.To) {
		k.breach(stateInFigure, c, e, "%v -> %v", e.From, e.To)
	}
	if synchronised(e.To) {
		k.born(c, e)
	}
	if c.mayTakeUp() && synchronised(e.To) {
		c.takeUp(c.taken)
	}
	if i := k.oldCookie(c); i >= 0 && synchronised(e.To) {
		k.takeUpOld(c, i, e)
	}
	switch missing := c.missing(e.To); {
	case missing == "" || c.phantom && c != k.unborn:
	case e.From == wire.SynReceived && c.crossed:
		c.early = true
		k.breachCase(caseCrossed, stateHasCause, c, e, "%v, and %s", e.To, missing)
	case e.From == wire.Listen:
		c.phantom, k.unborn = true, nil
		k.breachCase(k.cookieCase(c), stateHasCause, c, e, "%v, and %s", e.To, missing)
	default:
		k.breach(stateHasCause, c, e, "%v, and %s", e.To, missing)
	}
	if e.To == wire.TimeWait && (c.ended != 0 || c.rstSent) {
		k.breach(noTimeWaitAfterReset, c, e, "%v -> %v after a RST", e.From, e.To)
	}
	c.crossed = c.crossed || e.From == wire.SynSent && e.To == wire.SynReceived
	if e.From == wire.Listen && e.To == wire.SynReceived {
		c.noCookie()
	}
	wasPending := !synchronised(c.state)
	c.state = e.To
	switch {
	case e.To == wire.Closed:
		h.remove(c)
	case wasPending && synchronised(e.To) && c.fd == 0 && !c.isOrphan:
		h.waiting = append(h.waiting, c)
	}
}

// born checks a connection that begins by a SYN cookie: the segment that brings the
// cookie must be the first behind the SYN. c has not changed its state yet.
func (k *Checker) born(c *conn, e *trace.Event) {
	if c.state != wire.Listen || c.moved && e.Kind != trace.StateChange || c.phantom || !c.received.known {
		return
	}
	for i := range k.cause {
		a := &k.cause[i]
		if a.tuple != c.tuple || !opens(&a.segment) {
			continue // a RST opens nothing
		}
		if at := c.received.offset(a.segment.Seq); at != 1 {
			c.phantom = true
			k.breachCase(k.cookieCase(c), stateHasCause, c, e, "a segment with SEQ = IRS+%d begins the connection, and what is before it is lost", at)
			return
		}
		if own := c.sent.offset(a.segment.Ack); c.sent.known && own != 1 {
			c.phantom = true
			k.breachCase(k.cookieCase(c), stateHasCause, c, e, "a segment with ACK = ISS+%d begins the connection: of a SYN cookie with another MSS", own)
			return
		}
	}
}

// inState is the oldest connection of a tuple that is in a state.
func (h *host) inState(t tuple, s wire.State) *conn {
	for _, c := range h.conns[t] {
		if c.state == s {
			return c
		}
	}
	return nil
}

// unexpected is the connection of a state change from a state that no connection
// of the tuple is in. One that begins is new.
func (k *Checker) unexpected(h *host, t tuple, e *trace.Event) *conn {
	if e.From == wire.Closed || e.From == wire.Listen {
		if c := h.newest(t); c != nil && !c.moved {
			c.state = e.From
			return c
		}
		return h.add(t, k.next(e), e.From)
	}
	c := h.newest(t)
	if c == nil {
		c = h.add(t, k.next(e), e.From)
		k.breach(stateFollows, c, e, "from %v, and there was no connection", e.From)
	} else {
		k.breach(stateFollows, c, e, "from %v, and the connection was in %v", e.From, c.state)
		c.state = e.From
	}
	return c
}

// descriptor notes which socket a connection belongs to.
func (k *Checker) descriptor(h *host, c *conn, e *trace.Event) {
	d := h.fds[e.FD]
	if e.FD == 0 || d == nil || d.conn == c {
		return
	}
	d.conn, d.failed, d.eof, d.readShut = c, false, false, false
	c.fd = e.FD
}

// missing says which segment was not sent or delivered that must have been for a
// connection to be in the state; "" when all were.
func (c *conn) missing(to wire.State) string {
	rx, tx := &c.received, &c.sent
	heardFIN, ackedFIN := false, false
	switch to {
	case wire.Closed, wire.Listen, wire.SynSent:
		return ""
	case wire.SynReceived, wire.Established, wire.FinWait1:
	case wire.FinWait2:
		ackedFIN = true
	case wire.CloseWait, wire.Closing, wire.LastAck:
		heardFIN = true
	case wire.TimeWait:
		heardFIN, ackedFIN = true, true
	}
	switch {
	case !rx.known:
		return "no SYN was delivered"
	case to != wire.SynReceived && to != wire.FinWait1 && tx.una < 1 && !c.early:
		return "no acknowledgment of the SYN was delivered"
	case heardFIN && !rx.heardFIN():
		return "no FIN was delivered, with all before it"
	case ackedFIN && tx.fin == 0:
		return "no FIN was sent"
	case ackedFIN && tx.una <= tx.fin:
		return "no acknowledgment of the FIN was delivered"
	}
	return ""
}
