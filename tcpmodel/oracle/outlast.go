package oracle

import (
	"time"

	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
)

// outlasting is a call that closes a connection, and with a linger time returns when
// everything is acknowledged or the time is over: close, or the last call of a socket that
// was closed under it (netsim's Socket.retry and Socket.outlast; Linux fs/file_table.c,
// fput: the last that holds the descriptor closes it). What that call gives was settled
// before.
type outlasting struct {
	want  result
	conn  *conn         // that is closed; nil for none
	until time.Duration // when the linger time is over
}

// lingers reports whether the call waits for what was sent to be acknowledged.
func (o *outlasting) lingers(now time.Duration) bool {
	if o.conn == nil || now >= o.until {
		return false
	}
	switch o.conn.state {
	case wire.FinWait1, wire.Closing, wire.LastAck:
		return true
	default:
		return false
	}
}

// connOf is the connection of a call; nil for none.
func (s *socket) connOf(c *call) *conn {
	if c.outlasts != nil {
		return c.outlasts.conn
	}
	return s.conn
}

// lastCall is the blocked call that will close the socket before it returns, or nil.
func (s *socket) lastCall() *call {
	if !s.closing || s.linger <= 0 || len(s.calls) != 1 || !s.certain() {
		return nil
	}
	return s.calls[0]
}

// outlast has the last call of a closed socket end where it can, and close it. There are
// no deadlines any more: close has ended them.
func (s *socket) outlast(k *Checker, now time.Duration) {
	c := s.lastCall()
	if c.op == "send" {
		s.feed(k, now)
	}
	want, ok := s.expect(c, now, true)
	if !ok {
		return
	}
	if c.op == "send" && s.conn != nil {
		s.cutSend()
	}
	c.outlasts = &outlasting{want: want, conn: s.conn, until: now + s.linger}
	if c.op == "accept" && len(s.queue) > 0 {
		c.takes, s.queue = s.queue[0], s.queue[1:]
		c.takes.listener = nil
	}
	s.release(k, now)
}

// shows has a socket closed by its last call when a segment shows that it was: a FIN
// or RST for which the model has no other reason.
func (k *Checker) shows(c *conn, seg *tcpmodel.Segment, now time.Duration) {
	s := c.holder()
	if s == nil || s.lastCall() == nil || c.lost {
		return
	}
	if seg.Flags.Has(wire.FIN) && !c.model.FinQueued() || seg.Flags.Has(wire.RST) && !c.model.OwesReset() {
		s.outlast(k, now)
	}
}

// enters is the same for a state.
func (k *Checker) enters(c *conn, to wire.State, now time.Duration) {
	s := c.holder()
	if s == nil || s.lastCall() == nil || c.lost || c.model.State() == to {
		return
	}
	switch to {
	case wire.FinWait1, wire.LastAck, wire.Closed:
		s.outlast(k, now)
	default:
	}
}

// outlastQuietly is the same where nothing shows it: the last call could end in the
// instant that is over.
func (s *socket) outlastQuietly(k *Checker) {
	c := s.lastCall()
	if c == nil {
		return
	}
	if want, ok := s.expect(c, k.last.At, false); ok && !want.vague {
		s.outlast(k, k.last.At)
	}
}

// holder is the socket that closes a connection when it is closed, or nil.
func (c *conn) holder() *socket {
	if c.socket != nil {
		return c.socket
	}
	return c.listener
}
