// Package netstack is a host's TCP/IP on gVisor's netstack, unpatched. It
// implements [engine.Engine].
//
// An [Engine] is one gVisor stack with one interface. What makes it
// deterministic:
//
//   - Time is virtual: the stack's clock and timers are those of a
//     [vtime.Agenda].
//   - Randomness has a seed: the stack draws initial sequence numbers, ports and
//     keys from two streams derived from [Config.Seed].
//   - There is a barrier. netstack handles inbound segments on GOMAXPROCS
//     goroutines of its own ("processors"). They are paused, except in
//     [Engine.Settle] after a Deliver: there they are resumed and paused again,
//     and one acknowledges a pause only when its queue is empty. So nothing runs
//     beside the loop, and everything that follows from a packet has happened
//     when Settle returns.
//   - What a step sends is put into canonical order: by flow, within a flow as
//     sent. netstack walks maps when it ends many connections at once.
//
// What it leaves to the compiler is how netstack's sums of products are rounded, see
// FusesFloats in package netsim.
//
// Use:
//
//	var agenda vtime.Agenda
//	eng, err := netstack.New(netstack.Config{
//		Addrs: []netip.Addr{netip.MustParseAddr("10.0.0.1")}, Agenda: &agenda, Fired: func() {},
//	})
//	defer eng.Close()
//	socket, errno := eng.Open(engine.IPv4)
//	errno = socket.Connect(netip.MustParseAddrPort("10.0.0.2:80")) // EINPROGRESS
//	syn := eng.Settle().Packets[0]
//
// # Differences from netstack's defaults
//
// The Nagle algorithm is on for every socket (TCP_NODELAY turns it off), as RFC
// 1122 section 4.2.3.4 demands and Linux has it. Everything else is as gVisor
// has it: Reno, SACK, RACK, timestamps, window scaling, 60 s in TIME-WAIT and
// FIN-WAIT-2, send and receive buffers of 1 MiB that grow to 4 MiB.
//
// # Limitations
//
// TCP over one interface, without neighbour resolution, loopback interface or
// packet filter. A RST for no connection has no Don't Fragment and a random
// IPv4 identification, as netstack sends it; the latter follows from the seed. An
// ABORT call in CLOSING, LAST-ACK and TIME-WAIT sends a RST, which RFC 9293 section
// 3.10.5 does not have there. Over a link without any delay, a loss can have a
// sender retransmit for every ACK and its peer acknowledge each, without end and
// at one instant: a run ends at its step limit.
package netstack
