package netsim

import (
	"net"
	"os"
	"syscall"
)

// sysError is an errno as Go's net reports it.
func sysError(call string, errno syscall.Errno) error { return os.NewSyscallError(call, errno) }

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
