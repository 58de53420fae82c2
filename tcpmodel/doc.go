// Package tcpmodel is an executable reference TCP: RFC 9293 and its companions as
// values that are given segments, calls and the time, and answer what to send.
// It performs nothing, keeps no clock and starts no goroutine.
//
// Its nouns:
//
//   - [Endpoint] is one connection, a TCB. [Endpoint.Arrive] takes a segment,
//     [Endpoint.Call] a call of the application, [Endpoint.Expire] what is due at
//     a time that [Endpoint.NextDeadline] tells. Each returns an [Output].
//   - [Stack] is a host's TCP, of the same shape: packets, listeners with their
//     queues, ports, and RST for what belongs to nothing. [Socket] is what an
//     application holds of it.
//   - [Profile] says where real stacks differ: [RFC9293], [Linux], [Netstack],
//     [FreeBSD] and [Windows]. [ProfileTable] has the source of each value.
//   - [Clause] is a rule; every branch names the one it obeys, and a step's
//     output says which were followed.
//
// A client opens a connection to nobody:
//
//	client := tcpmodel.NewEndpoint(tcpmodel.EndpointConfig{Profile: &tcpmodel.Linux, MSS: 1460})
//	_, out := client.Call(0, tcpmodel.Call{Op: tcpmodel.OpOpen})
//	syn := out.Segments[0]                       // Flags [S]
//	at, _ := client.NextDeadline()               // 1 s: the SYN again
//	out = client.Expire(at)
//	out = client.Arrive(at, &tcpmodel.Segment{   // refused
//		Flags: wire.RST | wire.ACK, Ack: syn.Seq + 1,
//	})
//	out.Clauses.Has(tcpmodel.SynSentReset)       // RFC9293-3.10.7.3-RST
//
// The files mirror RFC 9293 section 3.10: open, send, receive, close, abort, one
// for each check of an arriving segment (arrives_seq, arrives_rst, …), and
// timeouts.
//
// # Limitations
//
//   - No urgent data, no ECN, no Fast Open, no path MTU probing, no security
//     compartments.
//   - Congestion control is Reno with NewReno or SACK recovery; there is no RACK
//     but its tail loss probe, no D-SACK and no undo.
//   - Receive buffers do not tune themselves.
//   - TIME-WAIT does not answer OPENs of the same host: the port is in use.
//   - What a profile does not name is as in RFC 9293, or where that leaves it
//     open as in Linux. The profile windows is made of documents, not of source.
//
// # Profiles
//
// The table is [ProfileTable] without the sources; rstlab profiles shows both.
//
//profiles:begin
//profiles:end
package tcpmodel
