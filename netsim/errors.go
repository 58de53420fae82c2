package netsim

import (
	"context"
	"net"
	"os"
	"syscall"
)

// sysError is an errno as Go's net reports it.
func sysError(call string, errno syscall.Errno) error { return os.NewSyscallError(call, errno) }

// timeoutError is what net gives for a dial that took too long.
type timeoutError struct{}

func (*timeoutError) Error() string        { return "i/o timeout" }
func (*timeoutError) Timeout() bool        { return true }
func (*timeoutError) Temporary() bool      { return true }
func (*timeoutError) Is(target error) bool { return target == context.DeadlineExceeded }

// outcome is the error of a call that has ended, in the shapes of Go's net; nil
// when it succeeded.
func outcome(syscallName string, c *call) error {
	switch {
	case c.evicted, c.errno == syscall.EBADF:
		return net.ErrClosed
	case c.expired:
		return os.ErrDeadlineExceeded
	case c.errno != 0:
		return sysError(syscallName, c.errno)
	}
	return nil
}
