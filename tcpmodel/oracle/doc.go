// Package oracle follows a run through the model of its TCP, and tells of the
// first event that the model cannot follow.
//
//   - A [Checker] takes the events of a run one after the other; it is a
//     [rstlab/netsim/trace.Sink]. [Check] does the same with a whole trace. Each end
//     of each connection on a host with netstack has a [tcpmodel.Follower] with the
//     profile netstack. It is given the segments that the trace says were delivered
//     and the calls that were made, and told of each segment, state and result.
//   - A [Disagreement] has what the host did, what the model would do or allow, the
//     clause and the state. Its connection is not followed any further. One that a
//     [Deviation] of netstack explains says so: it is known.
//   - [Stats] says how much was followed, how much was not, and why.
//
// To follow a run while it goes on:
//
//	c := oracle.New(oracle.Config{Profiles: bound.Profiles(nil)})
//	r, err := bound.Run(cases.RunConfig{Sinks: []trace.Sink{c}})
//	for _, d := range c.Finish(oracle.End{At: r.Stats.Time.Since(), Idle: !r.Limited}) {
//		fmt.Println(d.Error())
//	}
//
// # What is free, and what must be
//
// The model does not foretell each segment: a segment is followed when some
// allowed behaviour sends it now, and then its numbers are taken over. Free are
//
//   - the initial sequence number and timestamp, the split of text into segments within
//     window and MSS, PSH but at the end of what was given, and how much a send takes;
//   - when text is acknowledged (up to 0.5 s);
//   - the window that is offered, between what there is room for when no RECEIVE under way has
//     read anything yet, and all that came in the instant takes memory still, and when it is
//     the other way round; its right edge does not move left;
//   - which of the causes there are has something be sent again, and when within these: a
//     time-out, of the first segment, no sooner and no later than it was measured (RFC 6298,
//     with the least and the greatest that the trace leaves open) and backed off; all that
//     was in flight then, once, and after "packet too big"; one tail loss probe after two
//     round trips; three duplicate ACKs; or that something has arrived which was sent no
//     sooner, as RACK has it;
//   - the congestion window, up to what slow start allows, one segment after a time-out and
//     half of what was in flight after a loss, as far as netstack's count of that is known;
//   - when a closed window is probed: not sooner than the least time-out after it was
//     closed or probed, whatever arrives in between, and no later than the time-out, as it
//     was measured and backed off, after anything was sent or arrived;
//   - an echoed timestamp, and a right edge in a RST, that are those from before the
//     segment which is answered.
//
// Nothing is free in what the receive buffer takes: netstack counts the memory of each
// segment, and the model does with it. Text that finds more taken than the buffer has is
// dropped without a word, and text out of order beyond three quarters is acknowledged and
// not kept.
//
// At once, in the instant of their cause, must come: SYN and SYN-ACK, RST, challenge
// ACKs and those of text out of order, the FIN and text when nothing is in flight
// and the window is open. A timestamp is the first one and the milliseconds since. Where
// SACK was agreed an ACK has the blocks of what waits for a gap, the last that changed
// first; and a window is told of that reading or SO_RCVBUF has opened. States, and the
// errno, number and octets of each call, must be those of the model, and come when the
// model has them.
//
// At a time that is known, to the nanosecond, must come: the SYN and SYN-ACK again, each
// after twice the time of the one before, and giving them up; keepalive probes, and giving
// up when they are not answered; the end of TIME-WAIT and FIN-WAIT-2. No later than a time
// that is known: the end by the user time-out, behind a time-out that certainly was one;
// and what is sent again, or probes a window, as long as it may be. A segment is sent again
// as often as R2 by time-outs, and a window probed in vain as often; then the connection is
// CLOSED.
//
// At the end of a run ([Checker.Finish]) nothing of that may be overdue; and when nothing
// is left to happen, nothing may be due at all: no text or FIN that is not acknowledged, no
// closed window before what waits, no connection in SYN-SENT, TIME-WAIT, and so on.
//
// Where netstack leaves RFC 9293 in a way that the model can say, the profile does, with
// the place in its source: see [tcpmodel.ProfileTable]. What is left are the
// [Deviations]: there the model refuses what netstack does, the disagreement is known,
// and cases/differences.md has it.
//
// # SYN cookies
//
// A SYN-ACK behind which no state follows was a SYN cookie, where as many handshakes as the
// backlog are not complete. It has no options but the MSS and timestamps, and the listener's
// window. What netstack hashes into its number cannot be known, but is one number for all SYNs
// of a flow in 64 seconds: so what was sent tells which ACKs begin a connection, with which MSS,
// and which draw a RST, see [tcpmodel.ListenFollower]. Such a connection is followed from its
// ACK on as any other; and so is one that is half-open and takes up a cookie sent before.
//
// # What was measured
//
// Generated runs are followed by every campaign of rstlab fuzz. Of 1000 ends of connections 999
// are followed to their end.
//
// # Limitations
//
// A trace must be whole. Not followed are those connections of a host to which a packet came
// that was damaged twice, so that its checksum may be right, and those to which text comes that
// has room in the receive buffer only if tuning has made it larger than is known: whether
// netstack drops it is in nothing that it sends. Of a SYN cookie it is those where the ACK has
// timestamps and the SYN had none, where the SYN took the place of a connection in TIME-WAIT
// that is not followed, and where the ACK has text and the memory of the listener may be used
// up, which keeps that of each such text for good. [Stats] counts them. Segments that are processed together, by
// a host with GRO, take memory until all of them are: where that decides what is dropped the
// model may see it otherwise. What is sent is compared with
// what a send was given as far as the trace has that (see [trace.Event]): a trace of
// before it had all has 32 octets of each. Of a listener's connections
// netstack passes on the user time-out and the receive buffer alone. Calls that
// end by a deadline are not judged. Hosts that run a model are not followed.
package oracle
