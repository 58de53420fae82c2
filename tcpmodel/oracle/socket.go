package oracle

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
)

// socket is a descriptor with the rules of a Linux socket above TCP, as the trace
// tells of it.
type socket struct {
	host  *host
	fd    int
	owner string
	conn  *conn
	calls []*call

	bound     netip.AddrPort
	listening bool
	refuses   bool // a listener after shutdown
	unjudged  bool // an operator has ended it, or a result was not the model's
	backlog   int
	atListen  int // how many of the options were set before LISTEN
	queue     []*conn
	listens   *tcpmodel.ListenFollower
	cookies   map[tuple]bool // where it may have sent a SYN cookie that is not known

	connecting bool          // connect was called, and its SYN has not come yet
	linger     time.Duration // of SO_LINGER; what is not above 0 has no close wait
	target     netip.AddrPort
	options    tcpmodel.FollowOptions

	connected, failed, ended, fin bool
	readShut, writeShut           bool
	err                           string // the error slot
	closed, closing               bool
}

func (h *host) socket(fd int, proc string) *socket {
	s := h.sockets[fd]
	if s == nil {
		s = &socket{host: h, fd: fd, owner: proc}
		h.sockets[fd] = s
		h.listed = append(h.listed, s)
	}
	return s
}

// inherited are the settings of a listener that its connections have (netstack
// accept.go, createConnectingEndpoint and propagateInheritableOptionsLocked): of its
// receive buffer the size that it had at LISTEN.
func (s *socket) inherited() tcpmodel.FollowOptions {
	var o tcpmodel.FollowOptions
	for i, x := range s.options {
		if x.Option == tcpmodel.UserTimeout || x.Option == tcpmodel.ReceiveBuffer && i < s.atListen {
			o = append(o, x)
		}
	}
	return o
}

// entered is a state change of the connection (netsim's Socket.entered).
func (s *socket) entered(c *conn, from, to wire.State) {
	switch to {
	case wire.Established:
		s.connected = true
	case wire.CloseWait, wire.Closing, wire.LastAck, wire.TimeWait:
		s.connected, s.fin = true, true
	case wire.Closed:
		s.ended = true
		s.err = ""
		if c.model != nil {
			s.err = errnoName(c.model.TakeFailure())
		}
		if s.err == "ECONNRESET" && from == wire.CloseWait {
			s.err = "EPIPE"
		}
	case wire.Listen, wire.SynSent, wire.SynReceived, wire.FinWait1, wire.FinWait2:
	}
}

// adopt gives an accepted connection its socket.
func (s *socket) adopt(c *conn) {
	s.conn, c.socket, c.listener = c, s, nil
	s.connected = true
	switch c.state {
	case wire.CloseWait, wire.Closing, wire.LastAck, wire.TimeWait:
		s.fin = true
	case wire.Closed:
		s.ended = true
		if c.model != nil {
			s.err = errnoName(c.model.TakeFailure())
		}
	default:
	}
}

// takeError empties the error slot.
func (s *socket) takeError() string {
	errno := s.err
	s.err = ""
	return errno
}

func (s *socket) state() wire.State {
	if s.conn == nil {
		return wire.Closed
	}
	if s.conn.lost || s.conn.model == nil {
		return s.conn.state
	}
	return s.conn.model.State()
}

// certain reports whether results can be told.
func (s *socket) certain() bool { return !s.unjudged && (s.conn == nil || !s.conn.lost) }

// unsendable is why nothing can be sent (netsim's Socket.unsendable).
func (s *socket) unsendable() string {
	if s.err != "" || s.writeShut || s.ended {
		return "EPIPE"
	}
	switch s.state() {
	case wire.Established, wire.CloseWait:
		return ""
	case wire.SynSent, wire.SynReceived:
		return "EAGAIN"
	default:
		return "EPIPE"
	}
}

func (s *socket) unread() int {
	if s.conn == nil || s.conn.model == nil {
		return 0
	}
	return s.conn.model.Status().Unread
}

// receive is what a recv or peek gives now (netsim's Socket.receive). commit says
// that it has returned, and takes the data and the error.
func (s *socket) receive(now time.Duration, n int, peek, commit bool) (data []byte, errno string) {
	if unread := s.unread(); unread > 0 && n > 0 {
		buf := make([]byte, min(n, unread))
		op := tcpmodel.OpPeek
		if commit && !peek {
			op = tcpmodel.OpReceive
		}
		r := s.conn.model.Call(now, tcpmodel.Call{Op: op, Data: buf})
		return buf[:r.N], ""
	}
	switch {
	case s.fin:
		return nil, ""
	case s.err != "":
		if commit {
			return nil, s.takeError()
		}
		return nil, s.err
	case s.readShut || s.ended && s.connected:
		return nil, ""
	case !s.connected && s.state() == wire.Closed:
		return nil, "ENOTCONN"
	case s.state() == wire.SynReceived && s.host.profile.SynReceivedNoReceive:
		return nil, "ENOTCONN"
	}
	return nil, "EAGAIN"
}

// shutdown is the result of shutdown (netsim's Socket.shutdown).
func (s *socket) shutdown(k *Checker, now time.Duration, how string) (errno string) {
	read, write := how != "SHUT_WR", how != "SHUT_RD"
	c := s.conn
	if s.listening {
		if read {
			s.endListener(k, now)
		}
		return ""
	}
	state := s.state()
	switch {
	case state == wire.SynSent || state == wire.SynReceived:
		if c != nil && !c.lost {
			c.model.Disconnect(now)
			k.touch(c)
		}
		return ""
	case s.ended || !s.connected || state == wire.TimeWait:
		return "ENOTCONN"
	}
	s.readShut = s.readShut || read // of which netstack is not told: netsim's Socket keeps it
	s.lookAgain(now)
	if write && !s.writeShut {
		s.writeShut = true
		if c != nil && !c.lost {
			c.before = c.model.State()
			s.cutSend()
			c.model.Call(now, tcpmodel.Call{Op: tcpmodel.OpShutSend})
			k.touch(c)
		}
	}
	return ""
}

// sending reports whether a send is blocked.
func (s *socket) sending() bool {
	return slices.ContainsFunc(s.calls, func(c *call) bool { return c.queued > 0 })
}

// lookAgain has calls that are blocked look again whether they can go on: a send may take more
// then.
func (s *socket) lookAgain(now time.Duration) {
	if c := s.conn; c != nil && !c.lost && s.sending() {
		c.model.Tries(now)
	}
}

// cutSend says that the end of sending comes while a send is blocked: how much it has
// taken is told when it returns.
func (s *socket) cutSend() {
	if s.sending() {
		s.conn.model.Cut()
	}
}

// close gives the socket up. While calls are blocked it lives on.
func (s *socket) close(k *Checker, now time.Duration) {
	if s.closed {
		return
	}
	s.closed = true
	if len(s.calls) > 0 {
		s.closing = true
		return
	}
	s.release(k, now)
}

// release closes the connection, or the listener.
func (s *socket) release(k *Checker, now time.Duration) {
	s.closing = false
	if s.listening {
		s.endListener(k, now)
		return
	}
	c := s.conn
	if c == nil {
		return
	}
	s.conn = nil // the descriptor stays known: calls on it give EBADF
	if !c.lost {
		c.before = c.model.State()
		c.model.Call(now, tcpmodel.Call{Op: tcpmodel.OpClose})
		k.touch(c)
	}
	c.socket = nil
}

// settle ends a closed socket that no call uses any more.
func (s *socket) settle(k *Checker, now time.Duration) {
	if !s.closed || len(s.calls) > 0 {
		return
	}
	if s.closing {
		s.release(k, now)
	}
	if i := slices.Index(s.host.listed, s); i >= 0 {
		s.host.listed = slices.Delete(s.host.listed, i, i+1)
	}
}

// endListener resets what waits to be accepted, and drops the rest.
func (s *socket) endListener(k *Checker, now time.Duration) {
	s.refuses = true
	for _, c := range s.queue {
		c.listener = nil
		if !c.lost && c.model.State() != wire.Closed {
			c.before = c.model.State()
			c.model.Call(now, tcpmodel.Call{Op: tcpmodel.OpAbort})
			k.touch(c)
		}
	}
	s.queue = nil
	for _, c := range s.host.all() {
		if c.listener == s && !c.lost && !(c.state == wire.Listen && k.wasCookie(c)) {
			c.listener = nil
			c.model.Drop()
			k.touch(c)
		}
	}
}

// all are the connections, in the order of their tuples.
func (h *host) all() []*conn {
	var all []*conn
	for _, c := range h.conns {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *conn) int {
		if x := a.tuple.Local.Compare(b.tuple.Local); x != 0 {
			return x
		}
		return a.tuple.Remote.Compare(b.tuple.Remote)
	})
	return all
}

// abandon drops the calls of a proc that was killed.
func (s *socket) abandon(k *Checker, proc string) {
	s.calls = slices.DeleteFunc(s.calls, func(c *call) bool {
		if c.proc == proc && c.queued > 0 && s.conn != nil && s.conn.model != nil {
			s.conn.model.Unsure()
		}
		return c.proc == proc
	})
}

// overdue reports a call that could have returned in the instant that is over.
func (s *socket) overdue(k *Checker) {
	sends := false
	for _, c := range s.calls {
		if m := s.connOf(c); s.unjudged || m != nil && m.lost {
			continue
		}
		if c.op == "send" && sends {
			continue
		}
		sends = sends || c.op == "send"
		want, ok := s.expect(c, k.last.At, false)
		if !ok || want.vague && c.outlasts == nil {
			continue
		}
		k.disagreeCall(s, c, &tcpmodel.Refusal{Clause: c.clause(), Did: fmt.Sprintf("%s(%d) still blocks", c.op, s.fd), Would: want.String()})
		return
	}
}
