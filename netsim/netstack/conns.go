package netstack

import (
	"slices"

	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"

	"rstlab/netsim/engine"
	"rstlab/netsim/wire"
)

// conn is what the engine knows of one connection of the stack: the state it
// reported last. netstack has no call-back for state transitions, so the
// engine looks at each connection that a step may have changed: the one a
// segment was for, those that signalled readiness, those that a call was made
// on and, after a timer, an ICMP error or the end of a listener, those that
// nobody watches.
type conn struct {
	flow    flow
	order   int // of creation
	ep      *tcp.Endpoint
	socket  *Socket // nil before accept and after close
	state   wire.State
	touched bool
}

// Connections implements [engine.Counting].
func (e *Engine) Connections() (all, opening int) {
	for _, c := range e.conns {
		if c.state == wire.SynSent {
			opening++
		}
	}
	return len(e.conns) + int(e.stack.Stats().TCP.ListenOverflowSynCookieSent.Value()), opening
}

// known is the connection of a flow that the engine follows; nil for none.
func (e *Engine) known(f flow) *conn {
	if c := e.recent; c != nil && c.flow == f {
		return c
	}
	return e.conns[f]
}

// relays reports whether a segment passes from one of netstack's processors to
// another: a SYN for a connection in TIME-WAIT goes on to the listener's
// (transport/tcp/connect.go, handleTimeWaitSegments). That one may have
// acknowledged the pause by then, so that such a segment needs a second
// barrier.
func (e *Engine) relays(f flow, packet []byte) bool {
	c := e.known(f)
	return c != nil && c.state == wire.TimeWait && isSYN(packet)
}

// anyClosed reports whether a connection that several segments were for has
// ended. netstack then hands those that it had not yet handled to the
// listener's processor (connect.go, tryDeliverSegmentFromClosedEndpoint).
func (e *Engine) anyClosed() bool {
	for _, f := range e.arrived {
		if c := e.conns[f]; c != nil && stateOf(c.ep.EndpointState()) == wire.Closed {
			return true
		}
	}
	return false
}

// touchFlow marks the connection of a received segment.
func (e *Engine) touchFlow(f flow) {
	if f == (flow{}) {
		// An ICMP error may end a connection, and netstack tells only sockets.
		e.watched = false
		return
	}
	c := e.known(f)
	if c == nil || c.state == wire.TimeWait {
		// A new connection may have taken the place of one in TIME-WAIT.
		c = e.discover(f, c)
	}
	if c != nil {
		e.recent = c
		e.touch(c)
	}
}

// discover looks for a connection that the stack has made by itself, for a SYN
// that a listener took.
func (e *Engine) discover(f flow, known *conn) *conn {
	ep, ok := f.find(e.stack).(*tcp.Endpoint)
	if !ok || known != nil && known.ep == ep {
		return known
	}
	id := ep.TransportEndpointInfo.ID
	if id.RemotePort != f.remotePort || id.RemoteAddress != addressOf(f.remote().Addr()) {
		return known // the listener itself
	}
	if known != nil {
		e.touch(known)
	}
	c := e.track(f, ep, nil)
	c.state = wire.Listen
	e.orphans = append(e.orphans, c)
	return c
}

// track begins to follow a connection.
func (e *Engine) track(f flow, ep *tcp.Endpoint, s *Socket) *conn {
	e.lastOrd++
	c := &conn{flow: f, order: e.lastOrd, ep: ep, socket: s}
	e.conns[f] = c
	return c
}

func (e *Engine) touch(c *conn) {
	if !c.touched {
		c.touched = true
		e.touched = append(e.touched, c)
	}
}

// adopt gives an accepted connection its socket.
func (e *Engine) adopt(s *Socket) {
	c := e.conns[s.flow()]
	if c == nil || c.ep != s.ep {
		return // it ended while it waited to be accepted
	}
	c.socket, s.conn = s, c
	e.watch(c)
}

// watch takes a connection off the list of those that nobody watches.
func (e *Engine) watch(c *conn) {
	if i := slices.Index(e.orphans, c); i >= 0 {
		e.orphans = slices.Delete(e.orphans, i, i+1)
	}
}

func (e *Engine) takeChanges(changes []engine.Change) []engine.Change {
	if len(e.touched) > 1 {
		slices.SortFunc(e.touched, func(a, b *conn) int { return a.order - b.order })
	}
	for _, c := range e.touched {
		c.touched = false
		if now := stateOf(c.ep.EndpointState()); now != c.state {
			changes = append(changes, stateChange(c, now))
			c.state = now
		}
		if c.state == wire.Closed {
			e.forget(c)
		}
	}
	e.touched = e.touched[:0]
	for _, c := range e.parting {
		c.socket = nil
	}
	e.parting = e.parting[:0]
	return changes
}

func (e *Engine) forget(c *conn) {
	if e.conns[c.flow] == c {
		delete(e.conns, c.flow)
	}
	if e.recent == c {
		e.recent = nil
	}
	e.watch(c)
}
