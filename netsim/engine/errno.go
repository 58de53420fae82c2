package engine

import (
	"strconv"
	"syscall"
)

// errnoNames are the errors that a TCP socket reports, by their POSIX name. A
// trace names errors this way because their numbers and texts differ between
// operating systems.
var errnoNames = []struct {
	errno syscall.Errno
	name  string
}{
	{syscall.EACCES, "EACCES"},
	{syscall.EADDRINUSE, "EADDRINUSE"},
	{syscall.EADDRNOTAVAIL, "EADDRNOTAVAIL"},
	{syscall.EAFNOSUPPORT, "EAFNOSUPPORT"},
	{syscall.EAGAIN, "EAGAIN"},
	{syscall.EALREADY, "EALREADY"},
	{syscall.EBADF, "EBADF"},
	{syscall.EBUSY, "EBUSY"},
	{syscall.ECANCELED, "ECANCELED"},
	{syscall.ECONNABORTED, "ECONNABORTED"},
	{syscall.ECONNREFUSED, "ECONNREFUSED"},
	{syscall.ECONNRESET, "ECONNRESET"},
	{syscall.EDESTADDRREQ, "EDESTADDRREQ"},
	{syscall.EEXIST, "EEXIST"},
	{syscall.EFAULT, "EFAULT"},
	{syscall.EHOSTDOWN, "EHOSTDOWN"},
	{syscall.EHOSTUNREACH, "EHOSTUNREACH"},
	{syscall.EINPROGRESS, "EINPROGRESS"},
	{syscall.EINVAL, "EINVAL"},
	{syscall.EIO, "EIO"},
	{syscall.EISCONN, "EISCONN"},
	{syscall.EMFILE, "EMFILE"},
	{syscall.EMSGSIZE, "EMSGSIZE"},
	{syscall.ENETDOWN, "ENETDOWN"},
	{syscall.ENETUNREACH, "ENETUNREACH"},
	{syscall.ENOBUFS, "ENOBUFS"},
	{syscall.ENODEV, "ENODEV"},
	{syscall.ENOENT, "ENOENT"},
	{ENONET, "ENONET"},
	{syscall.ENOPROTOOPT, "ENOPROTOOPT"},
	{syscall.ENOTCONN, "ENOTCONN"},
	{syscall.ENOTTY, "ENOTTY"},
	{syscall.EOPNOTSUPP, "EOPNOTSUPP"},
	{syscall.EPERM, "EPERM"},
	{syscall.EPIPE, "EPIPE"},
	{syscall.EPROTONOSUPPORT, "EPROTONOSUPPORT"},
	{syscall.EPROTO, "EPROTO"},
	{syscall.ETIMEDOUT, "ETIMEDOUT"},
}

// ErrnoName is the POSIX name of errno ("ECONNRESET"), "" for 0, and the
// number as text for one that TCP sockets do not report.
func ErrnoName(errno syscall.Errno) string {
	if errno == 0 {
		return ""
	}
	for _, e := range errnoNames {
		if e.errno == errno {
			return e.name
		}
	}
	return "E" + strconv.Itoa(int(errno))
}

// ErrnoByName is the inverse of [ErrnoName]; ok is false for an unknown name.
func ErrnoByName(name string) (errno syscall.Errno, ok bool) {
	for _, e := range errnoNames {
		if e.name == name {
			return e.errno, true
		}
	}
	return 0, false
}
