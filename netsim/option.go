package netsim

import (
	"fmt"
	"math"
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
		if c.errno = checkOption(o, value); c.errno != 0 {
			return true
		}
		if c.errno = s.eng.SetOption(o, value); c.errno == 0 {
			if !s.connected {
				s.options = append(s.options, setting{o, value})
			}
			if o == engine.Linger {
				s.linger = time.Duration(max(value, -1))
			}
		}
		s.host.settle()
		return true
	}
	s.do(c)
	return c.errno
}

// optionRanges are the values that Linux takes, where it does not take all
// (net/ipv4/tcp.c, do_tcp_setsockopt). Its times are whole seconds; here they
// can be shorter.
var optionRanges = map[engine.Option][2]int64{
	engine.KeepAliveIdle:     {1, int64(32767 * time.Second)},
	engine.KeepAliveInterval: {1, int64(32767 * time.Second)},
	engine.KeepAliveCount:    {1, 127},
	engine.SynCount:          {1, 127},
	engine.UserTimeout:       {0, math.MaxInt64},
	engine.MaxSegment:        {88, 32767},
}

func checkOption(o engine.Option, value int64) syscall.Errno {
	if r, ok := optionRanges[o]; ok && (value < r[0] || value > r[1]) {
		return syscall.EINVAL
	}
	return 0
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
