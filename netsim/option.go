package netsim

import (
	"fmt"
	"strconv"
	"syscall"
	"time"

	"rstlab/netsim/engine"
)

// SetOption sets a socket option (setsockopt(2)). See [engine.Option] for the
// options and their units.
func (s *Socket) SetOption(o engine.Option, value int64) syscall.Errno {
	c := &call{op: "setsockopt", args: fmt.Sprintf("%v, %d", o, value)}
	c.attempt = func(c *call) bool {
		if c.errno = s.eng.SetOption(o, value); c.errno == 0 && o == engine.Linger {
			s.linger = time.Duration(max(value, -1))
		}
		s.host.settle()
		return true
	}
	s.do(c)
	return c.errno
}

// Option reads a socket option (getsockopt(2)).
func (s *Socket) Option(o engine.Option) (int64, syscall.Errno) {
	var value int64
	c := &call{op: "getsockopt", args: o.String()}
	c.attempt = func(c *call) bool {
		value, c.errno = s.eng.Option(o)
		c.note = strconv.FormatInt(value, 10)
		return true
	}
	s.do(c)
	return value, c.errno
}

// SocketError reads and clears the error slot (SO_ERROR).
func (s *Socket) SocketError() syscall.Errno {
	var slot syscall.Errno
	c := &call{op: "getsockopt", args: "SO_ERROR"}
	c.attempt = func(c *call) bool {
		slot = s.takeError()
		if c.note = engine.ErrnoName(slot); slot == 0 {
			c.note = "0"
		}
		return true
	}
	s.do(c)
	return slot
}
