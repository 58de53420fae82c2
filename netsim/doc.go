// Package netsim runs hosts, links and TCP sockets in virtual time, the same way
// every time. It answers what each program reads when a connection is closed or
// reset, and whether that depends on timing. [Example] is the shortest way in.
//
//   - [Network] owns the agenda of what happens next, the seed and the trace.
//     [Network.Run] runs until nothing is left to happen.
//   - [Host] is a computer: addresses, an [Engine] (its TCP/IP: gVisor's netstack
//     unless said otherwise), procs and their sockets. It can be powered off
//     and rebooted. [Router] forwards, and can be powered off too.
//   - [Middlebox] forwards too, and meddles: a [Network.Firewall], a
//     [Network.NAT], a [Network.Observer] that forges segments. [Network.Inject]
//     forges one anywhere; [Host.Endpoint] tells what its receiver expects.
//   - [Link] joins two of them; each direction has delay, loss and the like
//     ([LinkConfig]) and exact rules ([Link.From]).
//   - [Proc] is application code, started with [Host.Go]. It looks like ordinary
//     blocking code, but exactly one proc runs at a time.
//   - [Conn] and [Listener] are what package net has, with its errors; [Socket]
//     is the same with the calls and errno values of Linux.
//
// # Order
//
// A run is a function of what was built and the seed. Everything that can happen
// stands in one agenda, ordered by time and then by the order in which it was
// scheduled. At one instant the network comes first and applications last:
// packets arrive and timers fire, then blocked calls are tried again in the
// order in which they were made, then procs run in the order in which they were
// woken. What a host sends in one step reaches its links in the order of flows.
// [Network.Hash] identifies the run. It is the same on every machine as long as the
// compiler rounds netstack's products of floats as it does for most: see [FusesFloats].
//
// # The sockets
//
// Where TCP implementations differ, the engine decides. What Linux does above
// TCP is done here, alike for all engines: received data stays readable after a
// RST; the error is reported once, to the call that asks first; a FIN before
// the RST hides it from readers for good; a send that is cut off returns how
// much it had queued, and the error waits for the next call; close with
// SO_LINGER waits; accept hands out connections that are already reset. The Nagle
// algorithm is on for a Socket and, as in Go, off for a Conn.
//
// # Faults
//
// Links go down and up, nodes are switched off and on, procs are killed
// ([Proc.Kill]) and connections destroyed ([Socket.Destroy]); routes
// ([Network.SetRoute]) and what nodes know of their neighbours
// ([NeighbourState]) change, all at any time: from [Network.At], from a proc, from
// one that runs on no host ([Network.Go]), or at an event ([Network.Trigger]). Each
// stands in the trace. What reports an unreachable destination to TCP is ICMP; what TCP
// makes of it is the engine's. netstack ends a connect with it, and takes it for the
// error of a later time-out of a connection, as Linux does; but unlike Linux it does
// not forget it with the next ACK, and it ignores time exceeded and, of IPv6,
// address unreachable.
//
//	n.Trigger(1, netsim.Sends(server, link.MustMatch("F"))).Do(router.PowerOff)
//
// # Limitations
//
// TCP over IPv4 and IPv6 only: no UDP, no loopback interface (a host can connect
// to its own address), no fragments. Routes are those at first, the shortest, until
// they are changed: no protocol mends them. What is sent to an address of nobody
// is lost without a word. A resolution of a neighbour is no packet, and loss or
// rate of the link do not concern it; an entry that is there never gets old. ICMP
// errors are not limited in rate. Ports have numbers only. TCP retransmits and probes without end where RFC 9293 has it
// do so: an orphan before a closed window keeps a run going until
// [Config.TimeLimit].
//
// A proc must block only in calls of this package: a channel or a mutex that
// another proc would have to release stops the run for good. Code takes no
// virtual time. A socket that a proc leaves open stays open, and one on which
// another proc blocks outlives the proc that is killed. To run ordinary
// goroutines see package netsim/bubble.
package netsim
