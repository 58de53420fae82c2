package oracle

import (
	"strconv"
	"syscall"
	"time"

	"rstlab/netsim/wire"
)

// result is what a call gives.
type result struct {
	n     int
	errno string
	data  []byte
	note  string
	vague bool // n is the followed TCP's choice, from least to n
	least int
	other string // the error that is as good, when nothing was taken
}

func (r result) String() string {
	switch {
	case r.errno != "":
		return r.errno
	case r.note != "":
		return r.note
	}
	return strconv.Itoa(r.n)
}

// expect is what a call gives now; ok is false while it blocks.
func (s *socket) expect(c *call, now time.Duration, commit bool) (r result, ok bool) {
	switch {
	case c.outlasts != nil:
		return c.outlasts.want, !c.outlasts.lingers(now)
	case c.done:
		return result{errno: c.errno}, true
	}
	switch c.op {
	case "recv", "peek":
		data, errno := s.receive(now, c.n, c.op == "peek", commit)
		if errno == "EAGAIN" {
			return result{errno: errno}, false
		}
		return result{n: len(data), errno: errno, data: data}, true
	case "send":
		return s.expectSend(c, commit)
	case "connect":
		return s.expectConnect(c, commit)
	case "accept":
		if !s.listening || s.refuses {
			return result{errno: "EINVAL"}, true
		}
		if len(s.queue) == 0 {
			return result{}, false
		}
		return result{note: s.queue[0].tuple.Remote.String()}, true
	case "getsockopt":
		if c.args != "SO_ERROR" {
			return result{vague: true}, true
		}
		note := "0"
		if s.err != "" {
			note = s.err
			if commit {
				s.err = ""
			}
		}
		return result{note: note}, true
	}
	return result{vague: true}, true
}

func (s *socket) expectSend(c *call, commit bool) (result, bool) {
	switch errno := s.unsendable(); {
	case errno == "EAGAIN":
		return result{errno: errno}, false
	case errno != "" && c.queued > 0:
		return result{n: c.queued, vague: true, other: s.sendErrno(commit)}, true // how much there was room for
	case errno != "":
		return result{errno: s.sendErrno(commit)}, true
	case c.n == 0:
		return result{}, true
	}
	return result{n: c.n, least: c.n, vague: true}, true
}

// sendErrno is why a send cannot be done: the error slot, or EPIPE.
func (s *socket) sendErrno(commit bool) string {
	errno := s.err
	if commit {
		s.err = ""
	}
	if errno == "" {
		errno = "EPIPE"
	}
	return errno
}

func (s *socket) expectConnect(c *call, commit bool) (result, bool) {
	if s.conn == nil {
		return result{vague: true}, true // what is wrong with addresses and ports is no TCP's
	}
	switch s.state() {
	case wire.SynSent, wire.SynReceived:
		return result{errno: "EINPROGRESS"}, false
	case wire.Closed:
		errno := s.err
		if commit {
			s.failed = true
			errno = s.takeError()
		}
		if errno == "" {
			errno = "ECONNABORTED"
		}
		return result{errno: errno}, true
	default:
		return result{}, true
	}
}

// reading is how many octets the recvs may take that have not returned.
func (c *conn) reading() (n int) {
	if c.socket != nil {
		for _, x := range c.socket.calls {
			if x.op == "recv" {
				n += x.n
			}
		}
	}
	return n
}

// errnoName is the POSIX name of the errors that a connection ends with.
func errnoName(e syscall.Errno) string {
	switch e {
	case 0:
		return ""
	case syscall.ECONNRESET:
		return "ECONNRESET"
	case syscall.ECONNREFUSED:
		return "ECONNREFUSED"
	case syscall.ECONNABORTED:
		return "ECONNABORTED"
	case syscall.ETIMEDOUT:
		return "ETIMEDOUT"
	case syscall.EPIPE:
		return "EPIPE"
	case syscall.EHOSTUNREACH:
		return "EHOSTUNREACH"
	case syscall.ENETUNREACH:
		return "ENETUNREACH"
	case syscall.ENOPROTOOPT:
		return "ENOPROTOOPT"
	case syscall.EOPNOTSUPP:
		return "EOPNOTSUPP"
	case syscall.EPROTO:
		return "EPROTO"
	}
	return e.Error()
}
