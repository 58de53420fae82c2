// Package engine is the seam between a simulated host and the TCP/IP
// implementation that runs on it.
//
// An [Engine] is one host's TCP/IP: gVisor's netstack today, the reference
// model and the real Linux kernel behind the same interface later. It owns no
// goroutine that the caller must know of and never blocks: the caller hands it
// packets and calls, then asks with [Engine.Settle] what came of them.
//
//	socket, errno := eng.Open(engine.IPv4)
//	errno = socket.Connect(netip.MustParseAddrPort("10.0.0.2:80")) // EINPROGRESS
//	out := eng.Settle()      // out.Packets has the SYN
//	eng.Deliver(synAck)      // a packet for this host
//	out = eng.Settle()       // out.Changes: SYN-SENT -> ESTABLISHED
//
// It is a package of its own, below netsim and its engines, so that neither
// has to import the other.
//
// # Limitations
//
// A [Socket] is what TCP itself offers. The rules of a Linux socket (the one
// error slot, lingering close, partial sends) are netsim's and are the same
// above every engine.
package engine
