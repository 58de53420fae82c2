package netsim

import "syscall"

// Destroy ends the connection from outside, as an operator does with ss -K
// (SOCK_DESTROY of sock_diag(7)): RST to the peer where TCP's ABORT call sends
// one, and ECONNABORTED to the application, whose blocked calls return it and
// whose descriptor stays open. What it has not read stays readable (Linux
// net/ipv4/tcp.c, tcp_abort and tcp_done_with_error). A listener stops listening.
//
// It acts on a connection that a descriptor refers to; ENOENT for a socket that
// was closed or has no connection, as sock_diag has it for one that it does not
// find.
func (s *Socket) Destroy() syscall.Errno {
	if s.closed || s.host.engine == nil {
		return syscall.ENOENT
	}
	what := "destroy " + s.describe()
	errno := s.eng.Abort()
	if errno == 0 {
		s.host.net.fault(&s.host.n, what)
	}
	s.host.settle()
	s.wake()
	return errno
}
