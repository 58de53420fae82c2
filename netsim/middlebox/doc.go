// Package middlebox is what stands between the hosts of a connection and meddles
// with it: firewalls, network address translators, and observers that forge
// segments.
//
// It is pure: it imports package wire only, time is an argument, the next
// deadline is a query, and nothing in it starts a goroutine or keeps a timer.
//
//   - [Box] is any of them. It judges each packet that arrives from a [Side], and
//     its [Result] is what becomes of the packet and what the box sends besides.
//   - [Firewall] decides about the segment that opens a flow, and then passes the
//     flow until it was idle for too long, or it kills it.
//   - [NAT] translates addresses and ports, as RFC 5382 has it.
//   - [Observer] holds nothing up; on what it sees it forges segments to one end or
//     both.
//   - [End] is what the segments that pass show of one end of a connection: what
//     it sends next, what it expects next, its window. A [Number] of a forged
//     segment counts from there.
//
// In use, with send and schedule standing for the caller's:
//
//	nat, err := middlebox.NewNAT(middlebox.NATConfig{Address: netip.MustParseAddr("192.0.2.1")})
//	result := nat.Handle(now, middlebox.Inside, &packet)
//	if result.Drop == "" {
//		send(result.Packet)
//	}
//	for _, p := range result.Send {
//		send(p)
//	}
//	if at, ok := nat.Deadline(); ok {
//		schedule(at, func() { … nat.Expire(at) … })
//	}
//
// # Order
//
// Nothing depends on the order of a map. Flows are kept in the order in which they
// began, ports are given out in order, and what is due at one instant is sent in
// the order in which it was asked for.
//
// # Idle flows
//
// That a flow is forgotten is no event: it is noticed when the next segment comes.
// So a box that has nothing to send keeps no run going. A flow's idle time counts
// from its last segment, in either direction.
//
// # Limitations
//
//   - TCP, and ICMP errors about it; NAT over IPv4 only.
//   - No application-level gateways, no SYN proxies, no port forwarding, and no
//     check that sequence numbers are in the window.
//   - What an end has received is inferred from what passed: a segment that is
//     lost behind the box counts as received until the next acknowledgment.
//   - A NAT has one address and translates between two sides.
package middlebox
