package engine

import (
	"net/netip"
	"syscall"

	"rstlab/netsim/wire"
)

// Family is the address family of a socket.
type Family uint8

const (
	// IPv4 is AF_INET.
	IPv4 Family = iota
	// IPv6 is AF_INET6; a socket bound to [::] takes IPv4 connections too.
	IPv6
)

// FamilyOf is the family of an address.
func FamilyOf(a netip.Addr) Family {
	if a.Is4() {
		return IPv4
	}
	return IPv6
}

// Engine is one host's TCP/IP. Its methods are called by one goroutine.
type Engine interface {
	// Open makes a socket. EAFNOSUPPORT when the host has no address of the
	// family.
	Open(Family) (Socket, syscall.Errno)
	// Deliver hands the host one IP datagram, as it arrived from the link. The
	// engine does not keep the slice.
	Deliver(packet []byte)
	// Settle waits until the engine has done everything that follows from the
	// calls so far, and says what that was. It must be called after every
	// Deliver, every timer and every socket call. The Output and its slices,
	// though not the packets in them, are valid until the next Settle.
	Settle() *Output
	// SetMTU tells the engine the MTU of its link, in bytes.
	SetMTU(mtu int)
	// Close ends the engine at once, without a packet: power off. Nothing of it
	// stays behind.
	Close()
}

// Output is what an engine did up to a [Engine.Settle].
type Output struct {
	// Packets are the IP datagrams sent, in an order that is the same in every
	// run: sorted by flow, within a flow as emitted. They belong to the caller.
	Packets [][]byte
	// Ready are the sockets whose readiness may have changed, in order of
	// creation.
	Ready []Socket
	// Changes are the state transitions of connections, in order of the
	// connection's creation.
	Changes []Change
}

// Change is the transition of a connection from one state to another.
type Change struct {
	Socket        Socket // nil when no descriptor refers to the connection
	Local, Remote netip.AddrPort
	From, To      wire.State
}

// Socket is a TCP socket that never blocks. Errors are POSIX errno values as
// Linux gives them; 0 is success.
type Socket interface {
	// ID is the socket's number on its host in order of creation, from 1.
	ID() int
	Bind(netip.AddrPort) syscall.Errno
	// Listen makes the socket a listener for at most backlog connections that
	// wait to be accepted.
	Listen(backlog int) syscall.Errno
	// Connect begins an active OPEN: EINPROGRESS.
	Connect(netip.AddrPort) syscall.Errno
	// Accept takes the next established connection; EAGAIN when there is none.
	Accept() (Socket, syscall.Errno)
	// Send queues as much of p as there is room for; EAGAIN when there is none.
	// It is not called on a connection that has ended.
	Send(p []byte) (int, syscall.Errno)
	// Recv takes (or with peek copies) received data. 0 without an errno is the
	// end of the stream, EAGAIN is "nothing yet". Data received before the
	// connection ended stays readable.
	Recv(p []byte, peek bool) (int, syscall.Errno)
	// Shutdown ends sending (FIN after what is queued), receiving or both.
	Shutdown(read, write bool) syscall.Errno
	// Close gives the socket back. The connection goes on by itself as TCP says:
	// RST when received data was not read (RFC 2525 section 2.17), else FIN.
	// With Linger set to 0 it is an ABORT: RST.
	Close()
	// Abort is the ABORT call of RFC 9293 section 3.10.5 on a socket that stays
	// open: RST to the peer as the state demands, and [Socket.TakeFailure] says
	// ECONNABORTED. What was received stays readable. ENOENT when there is
	// nothing to end.
	Abort() syscall.Errno
	// SetOption and Option set and read an option.
	SetOption(Option, int64) syscall.Errno
	Option(Option) (int64, syscall.Errno)
	// State is the connection's state.
	State() wire.State
	// TakeFailure returns the error that ended the connection (ECONNRESET,
	// ETIMEDOUT, ECONNREFUSED, …) once, then 0.
	TakeFailure() syscall.Errno
	// Acceptable reports whether Accept would give a connection, Readable
	// whether Recv would not say EAGAIN, Writable whether Send would not.
	Acceptable() bool
	Readable() bool
	Writable() bool
	// Unread is the number of received bytes that wait to be read.
	Unread() int
	LocalAddr() netip.AddrPort
	RemoteAddr() netip.AddrPort
}

// ReceiveEnder is a [Socket] whose TCP behaves differently once the application
// has ended receiving: Linux answers text that arrives after
// shutdown(SHUT_RDWR) with RST. A socket that does not implement it is told
// nothing of shutdown(SHUT_RD).
type ReceiveEnder interface {
	// EndReceive says that the application will receive no more.
	EndReceive()
}

// Counting is an [Engine] that can say how many connections it has.
type Counting interface {
	// Connections counts those in states other than CLOSED and LISTEN, without a socket
	// too, and of them those in SYN-SENT. SYN cookies that were sent count, for ever.
	Connections() (all, opening int)
}

// Stated is an [Engine] that can say in which state it is, for searches that
// want to know whether they have been there before.
type Stated interface {
	// AppendState appends what the engine will do from now on as bytes: when they
	// are the same for two engines of one configuration, at one instant, the engines
	// give the same answers to the same packets, calls and timers, but for the
	// identification in IPv4 headers. The sockets are those that the caller holds, in
	// an order of its own. opens says that Connect or Listen may be called again, for
	// which ports are drawn. It is called when the engine has settled. The error says
	// which part of the state has no such form.
	AppendState(b []byte, held []Socket, opens bool) ([]byte, error)
}
