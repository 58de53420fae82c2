package netsim

import (
	"slices"
	"strconv"
	"syscall"
	"time"

	"rstlab/netsim/engine"
	"rstlab/netsim/trace"
	"rstlab/netsim/vtime"
)

// call is a socket call in progress. attempt does what can be done now and
// reports whether the call is complete; the loop calls it again whenever the
// socket may have become ready.
type call struct {
	proc     *Proc // who waits; nil outside procs
	op, args string
	attempt  func(*call) bool
	deadline *deadline
	sends    bool // comes after the sends that are already blocked

	n        int
	errno    syscall.Errno
	given    []byte // what send is given
	data     []byte // what recv got
	note     string
	accepted *Socket
	expired  bool // the deadline came first
	evicted  bool // the socket was closed first
	over     bool // it has returned, or been dropped
}

// do makes a call and blocks the proc until it is complete.
func (s *Socket) do(c *call) {
	n := s.host.net
	c.proc = n.running
	if c.proc != nil && c.proc.killed {
		panic(killedError{c.proc})
	}
	s.begin(c)
	s.look(c.deadline)
	switch {
	case s.closed:
		c.errno = syscall.EBADF
	case c.deadline != nil && c.deadline.expired:
		c.expired = true
	case c.sends && s.sending(), !c.attempt(c):
		s.block(c)
		return
	}
	s.finish(c)
}

func (s *Socket) block(c *call) {
	if c.proc == nil {
		panic("netsim: " + c.op + " would block, and is not called by a proc: call it in a function started with Host.Go")
	}
	s.calls = append(s.calls, c)
	if c.proc.task != nil {
		c.proc.waiting, c.proc.since, c.proc.socket = c.op, s.host.net.Now(), s
		return // the loop comes back to it
	}
	for !c.over {
		c.proc.park(c.op+"("+s.argsOf(c)+")", s)
	}
}

// retry tries the blocked calls again, in the order in which they were made.
func (s *Socket) retry() {
	s.waking = false
	sending := false
	for i := 0; i < len(s.calls); {
		c := s.calls[i]
		s.look(c.deadline)
		switch {
		case !(c.sends && sending) && c.attempt(c):
		case c.deadline != nil && c.deadline.expired:
			c.expired = true
		default:
			i++
			sending = sending || c.sends
			continue
		}
		if s.closing && s.linger > 0 && len(s.calls) == 1 {
			s.closing = false
			if !s.letGo(s.linger) {
				c.attempt, c.deadline = s.outlast(), nil
				return
			}
		}
		s.calls = slices.Delete(s.calls, i, i+1)
		s.finish(c)
		s.host.net.wake(c.proc)
	}
	if s.closing && len(s.calls) == 0 {
		s.closing = false
		s.letGo(0)
	}
}

// sending reports whether a send is blocked: another must not overtake it.
func (s *Socket) sending() bool {
	return slices.ContainsFunc(s.calls, func(c *call) bool { return c.sends })
}

// wake has the blocked calls tried again, in their turn.
func (s *Socket) wake() {
	if !s.waking && (len(s.calls) > 0 || s.closing) {
		s.waking = true
		s.host.net.awake.push(s)
	}
}

// evict ends all blocked calls: the socket is being closed under them.
func (s *Socket) evict() {
	calls := s.calls
	s.calls = nil
	for _, c := range calls {
		c.evicted = true
		s.finish(c)
		s.host.net.wake(c.proc)
	}
}

// abandon drops the calls that a killed proc is blocked in.
func (s *Socket) abandon(p *Proc) {
	s.look(nil)
	s.calls = slices.DeleteFunc(s.calls, func(c *call) bool { return c.proc == p })
	switch {
	case s.closing:
		s.wake()
	case s.limit != nil && len(s.calls) == 0:
		s.drop() // nobody lingers any more
	}
}

func (s *Socket) argsOf(c *call) string {
	if c.args == "" {
		return strconv.Itoa(s.fd)
	}
	return strconv.Itoa(s.fd) + ", " + c.args
}

func (s *Socket) procName(c *call) string {
	if c.proc == nil {
		return ""
	}
	return c.proc.name
}

func (s *Socket) begin(c *call) {
	e := &s.host.net.event
	*e = trace.Event{
		At: s.host.net.Now().Since(), Kind: trace.Call, Host: s.host.name,
		FD: s.fd, Proc: s.procName(c), Op: c.op, Args: c.args,
	}
	if len(c.given) > quoted && s.host.net.rec.Watched() {
		e.Data = slices.Clone(c.given)
	}
	s.host.net.rec.Record(e)
}

func (s *Socket) finish(c *call) {
	c.over = true
	switch {
	case c.evicted:
		c.errno, c.note = syscall.EBADF, "closed by another call"
	case c.expired:
		// A send that was cut short returns how much was queued.
		c.note = "deadline exceeded"
		if c.n == 0 {
			c.errno = syscall.EAGAIN
		}
	}
	e := &s.host.net.event
	*e = trace.Event{
		At: s.host.net.Now().Since(), Kind: trace.Return, Host: s.host.name,
		FD: s.fd, Proc: s.procName(c), Op: c.op,
		N: c.n, Errno: engine.ErrnoName(c.errno), Data: c.data, Note: c.note,
	}
	if s.host.net.rec.Watched() {
		e.Data = slices.Clone(e.Data)
	}
	s.host.net.rec.Record(e)
}

// deadline is an instant after which calls of one kind fail.
type deadline struct {
	event   vtime.Event
	expired bool
}

// set arms the deadline; the zero time disarms it.
func (d *deadline) set(s *Socket, t time.Time) {
	s.look(d)
	agenda := &s.host.net.agenda
	agenda.Cancel(&d.event)
	d.expired = false
	switch {
	case t.IsZero():
	case !t.After(agenda.Now().Date()):
		d.expired = true
		s.wake()
	default:
		d.event.Init(func() {
			d.expired = true
			s.wake()
		})
		d.event.SetOwner(s)
		agenda.Schedule(vtime.FromDate(t), &d.event)
	}
}

// SetDeadline sets the date, on the clock of [Proc.Now], at which blocked and
// future calls of the socket fail; the zero time is never.
func (s *Socket) SetDeadline(t time.Time) {
	s.read.set(s, t)
	s.write.set(s, t)
}
