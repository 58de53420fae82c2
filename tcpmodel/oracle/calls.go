package oracle

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
)

// call is one that has not returned.
type call struct {
	op, args, proc string
	n              int    // octets to send or to receive at most
	known          []byte // the first octets to send, as far as the trace has them
	queued         int    // octets that the model was given
	errno          string // of a call that is done when it begins
	done           bool
	outlasts       *outlasting // it has ended, and has yet to return
	takes          *conn       // the connection that an accept that has ended takes
}

// clause is the rule that a call's result follows.
func (c *call) clause() tcpmodel.Clause {
	switch c.op {
	case "send":
		return tcpmodel.SendText
	case "recv", "peek":
		return tcpmodel.ReceiveText
	case "connect":
		return tcpmodel.OpenActive
	case "accept", "listen":
		return tcpmodel.OpenPassive
	case "shutdown":
		return tcpmodel.CloseEstablished
	default:
		return tcpmodel.CloseDone
	}
}

// optionNames are the settings of the model, by the names in a trace.
var optionNames = map[string]tcpmodel.Option{
	"TCP_NODELAY": tcpmodel.NoDelay, "SO_KEEPALIVE": tcpmodel.KeepAlive, "TCP_KEEPIDLE": tcpmodel.KeepIdle,
	"TCP_KEEPINTVL": tcpmodel.KeepInterval, "TCP_KEEPCNT": tcpmodel.KeepCount, "SO_RCVBUF": tcpmodel.ReceiveBuffer,
	"SO_SNDBUF": tcpmodel.SendBuffer, "TCP_USER_TIMEOUT": tcpmodel.UserTimeout, "TCP_SYNCNT": tcpmodel.SynCount,
	"SO_LINGER": tcpmodel.Linger, "TCP_MAXSEG": tcpmodel.MaxSegment, "TCP_LINGER2": tcpmodel.FinWait2Timeout,
	"TCP_QUICKACK": tcpmodel.QuickAck,
}

// call gives the model a call of the application.
func (k *Checker) call(h *host, e *trace.Event) {
	s := h.socket(e.FD, e.Proc)
	c := &call{op: e.Op, args: e.Args, proc: e.Proc}
	if e.Op == "close" && !s.closed {
		c.outlasts = &outlasting{conn: s.conn, until: e.At + max(s.linger, 0)}
		if s.close(k, e.At); s.closing {
			c.outlasts.conn = nil // another call closes it
		}
	}
	s.calls = append(s.calls, c)
	if len(s.calls) == 1 {
		k.calling = append(k.calling, s)
	}
	if s.closed {
		if c.outlasts == nil {
			c.done, c.errno = true, "EBADF"
		}
		return
	}
	switch e.Op {
	case "connect":
		s.connect(c, e.Args)
	case "send":
		c.known, c.n, _ = e.Given()
		s.feed(k, e.At)
	case "recv", "peek":
		c.n, _ = strconv.Atoi(e.Args)
		if s.conn != nil && !s.conn.lost {
			s.conn.model.Reads(e.At)
		}
	case "shutdown":
		c.done, c.errno = true, s.shutdown(k, e.At, e.Args)
	case "setsockopt":
		s.set(k, e.At, e.Args)
	}
}

// connect begins an active OPEN.
func (s *socket) connect(c *call, args string) {
	to, err := netip.ParseAddrPort(args)
	switch {
	case err != nil:
	case s.connected || s.listening:
		c.done, c.errno = true, "EISCONN"
	default:
		if s.failed {
			s.failed, s.ended, s.err, s.conn = false, false, "", nil
		}
		if s.conn != nil {
			return // another connect is under way
		}
		s.connecting, s.target = true, wire.Unmapped(to)
		s.host.openers = append(s.host.openers, s)
	}
}

// set is setsockopt.
func (s *socket) set(k *Checker, now time.Duration, args string) {
	name, text, _ := strings.Cut(args, ", ")
	value, err := strconv.ParseInt(text, 10, 64)
	o, ok := optionNames[name]
	if err != nil || !ok {
		return
	}
	s.options = append(s.options, tcpmodel.OptionValue{Option: o, Value: value})
	if o == tcpmodel.Linger {
		s.linger = time.Duration(value)
	}
	if s.listening {
		s.listens.Set(o, value)
	}
	c := s.conn
	if c == nil || c.lost {
		return
	}
	if o != tcpmodel.MaxSegment {
		c.before = c.model.State()
		c.model.Call(now, tcpmodel.Call{Op: tcpmodel.OpSet, Option: o, Value: value})
		k.touch(c) // it may have started a timer
	}
}

// feed gives the model the octets of the first send that waits.
func (s *socket) feed(k *Checker, now time.Duration) {
	for _, c := range s.calls {
		if c.op != "send" {
			continue
		}
		if m := s.conn; c.queued == 0 && c.n > 0 && m != nil && !m.lost && s.unsendable() == "" {
			if m.model.Send(now, c.known, c.n) == 0 {
				c.queued = c.n
				k.touch(m)
			}
		}
		return
	}
}

// returned compares what a call gives with the model.
func (k *Checker) returned(h *host, e *trace.Event) {
	s := h.sockets[e.FD]
	if s == nil {
		return
	}
	i := slices.IndexFunc(s.calls, func(c *call) bool { return c.op == e.Op && c.proc == e.Proc })
	if i < 0 {
		return
	}
	c := s.calls[i]
	if c.op == "send" && c.outlasts == nil {
		s.feed(k, e.At) // it may have waited for the connection
	}
	s.calls = slices.Delete(s.calls, i, i+1)
	k.compare(s, c, e)
	if m := s.connOf(c); e.Op == "recv" && m != nil {
		k.touch(m)
	}
	if e.Note == "deadline exceeded" {
		s.lookAgain(e.At)
	}
	switch {
	case e.Op == "send":
		k.sendEnded(s, c, e)
	case e.Errno != "":
		if e.Op == "connect" && s.conn == nil {
			h.openers = slices.DeleteFunc(h.openers, func(x *socket) bool { return x == s })
			s.connecting = false
		}
	case e.Op == "bind":
		s.bound, _ = netip.ParseAddrPort(c.args)
	case e.Op == "listen":
		if !s.listening {
			s.atListen = len(s.options)
			s.listens, s.cookies = tcpmodel.NewListenFollower(h.profile, s.inherited()), map[tuple]bool{}
		}
		s.listening, s.refuses = true, false
		s.backlog, _ = strconv.Atoi(c.args)
	case e.Op == "accept":
		k.accepted(s, c, e)
	}
	s.settle(k, e.At)
}

// sendEnded takes back what a send did not take, and begins the next.
func (k *Checker) sendEnded(s *socket, c *call, e *trace.Event) {
	if m := s.connOf(c); m != nil && !m.lost && c.queued > 0 {
		k.disagree(m, m.model.Took(e.N))
		k.touch(m)
	}
	s.feed(k, e.At)
}

// accepted gives a connection that waits its descriptor.
func (k *Checker) accepted(l *socket, c *call, e *trace.Event) {
	s := l.host.socket(e.N, e.Proc)
	s.options = l.inherited()
	if c.takes != nil {
		s.adopt(c.takes)
	} else if len(l.queue) > 0 {
		s.adopt(l.queue[0])
		l.queue = l.queue[1:]
	}
}

// compare holds a result against that of the model.
func (k *Checker) compare(s *socket, c *call, e *trace.Event) {
	if m := s.connOf(c); s.unjudged || m != nil && m.lost {
		return
	}
	would := ""
	switch {
	case c.outlasts != nil && k.cfg.Timeless:
		return // it was chosen when the time is over
	case c.outlasts != nil && c.outlasts.lingers(e.At):
		would = "lingers"
	case c.outlasts != nil && e.At > c.outlasts.until:
		would = fmt.Sprintf("returns at %v", c.outlasts.until)
	case c.outlasts == nil && e.Note == "deadline exceeded", e.Note == "closed by another call", e.Errno == "EBADF" && c.errno == "":
		return // not TCP's
	case c.op == "bind" || c.op == "listen" || c.op == "setsockopt":
		return
	default:
		k.stats.Results++
		would = s.judge(c, e)
	}
	if would != "" {
		r := result{n: e.N, errno: e.Errno}
		if c.op == "getsockopt" {
			r.note = e.Note
		}
		k.disagreeCall(s, c, &tcpmodel.Refusal{Clause: c.clause(), Did: fmt.Sprintf("%s(%d) = %s", e.Op, s.fd, r), Would: would})
	}
}

// judge is what the model would give instead of a result, "" when it is the same.
func (s *socket) judge(c *call, e *trace.Event) (would string) {
	err := s.err
	want, ok := s.expect(c, e.At, true)
	reads := c.op == "recv" || c.op == "peek"
	switch {
	case !ok && e.Errno == "EAGAIN":
	case !ok:
		return "blocks"
	case c.op == "accept" && want.errno == "" && e.Errno == "":
		if e.Note != want.note && !strings.HasSuffix(e.Note, want.note) {
			return "the connection of " + want.note + ", not of " + e.Note
		}
	case c.op == "getsockopt":
		if want.note != "" && want.note != e.Note {
			return want.note
		}
	case c.op == "send" && want.vague:
		if e.Errno != "" && e.Errno == want.other {
			break
		}
		if want.other != "" && e.Errno == "" {
			s.err = err // it is for the next call
		}
		if e.Errno != "" || e.N < want.least || e.N > want.n {
			return strconv.Itoa(want.n)
		}
	case want.vague:
	case want.errno != e.Errno, reads && want.n != e.N:
		return want.String()
	case reads && len(e.Data) > 0 && !bytes.Equal(e.Data, want.data):
		return fmt.Sprintf("other octets: %.40q, not %.40q", want.data, e.Data)
	}
	return ""
}

// disagreeCall reports a disagreement on a call: of the connection, or of the
// socket where there is none.
func (k *Checker) disagreeCall(s *socket, c *call, r *tcpmodel.Refusal) {
	if m := s.connOf(c); m != nil {
		m.before = m.model.State()
		k.disagree(m, r)
		return
	}
	s.unjudged = true
	k.add(Disagreement{
		Seq: k.last.Seq, At: k.last.At, Host: s.host.name, FD: s.fd, State: s.state(), Clause: r.Clause, Did: r.Did, Would: r.Would,
	})
}
