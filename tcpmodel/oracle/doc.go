// Package oracle follows a run through the model of its TCP, and tells of the
// first event that the model cannot follow.
//
//   - A [Checker] takes the events of a run one after the other; it is a
//     [rstlab/netsim/trace.Sink]. [Check] does the same with a whole trace. Each end
//     of each connection on a host with netstack has a [tcpmodel.Follower] with the
//     profile netstack. It is given the segments that the trace says were delivered
//     and the calls that were made, and told of each segment, state and result.
//   - A [Disagreement] has what the host did, what the model would do or allow, the
//     clause and the state. Its connection is not followed any further.
//   - [Stats] says how much was followed, and how much was not.
//
// To follow a run while it goes on:
//
//	c := oracle.New(oracle.Config{Profiles: bound.Profiles(nil)})
//	bound.Run(cases.RunConfig{Sinks: []trace.Sink{c}})
//	for _, d := range c.Finish() {
//		fmt.Println(d.Error())
//	}
//
// # What is free, and what must be
//
// The model does not foretell each segment: a segment is followed when some
// allowed behaviour sends it now, and then its numbers are taken over. Free are
// the initial sequence number, the clock of timestamps, the split of text into
// segments within window and MSS, when text is acknowledged (up to 0.5 s), the
// window that is offered (its right edge does not move left), when something is
// sent again (not before the least time-out, unless something tells of a loss), the
// congestion window up to what slow start allows, and how much a send takes.
//
// At once, in the instant of their cause, must come: SYN and SYN-ACK, RST, challenge
// ACKs and those of text out of order, the FIN and text when nothing is in flight
// and the window is open. States, and the errno, number and octets of each call,
// must be those of the model, and come when the model has them. TIME-WAIT and
// FIN-WAIT-2 end at their time.
//
// Where netstack is known to leave RFC 9293, the profile says so, with the place in
// its source: see [tcpmodel.ProfileTable].
//
// # Limitations
//
// A trace must be whole. Not followed are connections of a SYN cookie (their options
// are in nothing that was kept), those with a packet that may have been damaged
// before a router, and those whose receive buffer was made smaller than the
// window that was offered or is full of small segments: what netstack then drops
// depends on its memory. [Stats] counts them. Of what a send was given the trace
// shows 32 octets, and only these are compared. Of a listener's connections
// netstack passes on the user time-out and the receive buffer alone. Calls that
// end by a deadline are not judged.
package oracle
