package trace

import (
	"net/netip"
	"time"

	"rstlab/netsim/wire"
)

// Event is one thing that happened. Kind says which of the fields below it are
// set; the others are zero. An Event is a plain value: its slices are never
// written to after it was recorded.
type Event struct {
	Seq  uint64        // position in the trace: 1, 2, 3, … (set by the recorder)
	At   time.Duration // virtual time since the start of the run
	Kind Kind
	Host string // the host or router where it happened; "" for the network as a whole

	// Packet events: Sent, Forwarded, Delivered, Dropped, Injected.
	Number uint64      // the packet's number in the run, from 1: one number from its Sent to its Delivered or Dropped
	Copy   int         // 0 for the packet itself, n for its n-th duplicate
	Packet wire.Packet // the packet as it was sent, before any corruption
	Flip   int         // n > 0: bit n-1 of the datagram was flipped on the way (bit 0 is the lowest of byte 0)
	Peer   string      // the node at the other end of the link; "" where there is no link
	Reason string      // Dropped: the rule or setting that did it; Delivered: what delayed it or the like, or ""

	// Call events: Call and Return; FD also in StateChange.
	FD   int    // the socket's number on its host, as a file descriptor; 0 for none
	Proc string // the proc that calls
	Op   string // "connect", "accept", "send", "recv", "shutdown", "close", …
	Args string // Call: the arguments after the descriptor, as strace shows them: `"GET /", 5`; may be ""
	// Return: N is the value (bytes, or a new descriptor for accept), Errno the
	// POSIX name of the error ("ECONNRESET"), "" for success. Data are the
	// bytes that a recv got; a recv of N = 0 without Errno is the end of the stream.
	// Call: Data are the bytes that a send is given, where Args shows only the first
	// of them; nil where nobody looks, and in traces of before there was that.
	N     int
	Errno string
	Data  []byte
	Note  string // Return: more about the result: the address for accept, the value for getsockopt

	// StateChange. An endpoint that has no descriptor (not yet accepted,
	// orphaned, in TIME-WAIT) has FD 0.
	Local, Remote netip.AddrPort
	From, To      wire.State

	// Fault: what was done to the network: "link client-server down", "crash".
	Fault string
}

// Kind is the kind of an [Event].
type Kind uint8

const (
	// Sent is a packet leaving its host, before the link has judged it.
	Sent Kind = iota + 1
	// Forwarded is a packet taken from one link to the next by a router.
	Forwarded
	// Delivered is a packet handed to its destination host.
	Delivered
	// Dropped is the end of a packet that was not delivered.
	Dropped
	// Injected is a forged packet entering the network at Host.
	Injected
	// Call is the begin of a socket call.
	Call
	// Return is its end, at the same instant or later.
	Return
	// StateChange is a connection passing from one TCP state to another.
	StateChange
	// Fault is something done to the network from outside.
	Fault
)
