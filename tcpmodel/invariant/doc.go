// Package invariant checks a run's trace against what must hold of TCP whatever
// the engines, the links and the programs are.
//
//   - An [Invariant] is one rule: a name, the sentence it comes from, and whether
//     that is a MUST or a SHOULD. [All] lists them.
//   - A [Checker] takes the events of a run one after the other; it is a
//     [rstlab/netsim/trace.Sink]. [Check] does the same with a whole trace.
//   - A [Violation] names the event at which the rule was broken, with time, host
//     and connection. Of a connection only the first is reported for each rule and case.
//   - A [Deviation] is a violation that a known engine is known for, with the
//     place in its source. It is still reported, but marked.
//
// To check a trace:
//
//	for _, v := range invariant.Check(t, invariant.Config{}) {
//		if v.Known == nil {
//			fmt.Println(v) // event 17 at 150ms: server 10.0.0.2:80 > 10.0.0.1:49152: …
//		}
//	}
//
// To check a run while it goes on, without keeping its trace:
//
//	c := invariant.New(invariant.Config{})
//	r, err := bound.Run(cases.RunConfig{Sinks: []trace.Sink{c}})
//	violations := c.Finish(invariant.End{At: r.Stats.Time.Since()})
//
// # How octets are followed
//
// What a program reads must be what the other one wrote. This is checked in three
// parts, so that a violation says who is at fault: the octets that a host sends
// were given to send (sent-as-written), a packet arrives with the octets with
// which it left (delivered-as-sent), and a read gives the octets that were
// delivered, in their order (read-as-delivered).
//
// # What is kept in memory
//
// Of each connection: what was sent and not yet acknowledged, and what was
// delivered and not yet read. Of each packet in flight its payload, for the
// latest 8,192 packets. Of each host the numbers of the latest 1,024 SYN cookies.
// Closed connections are forgotten with their descriptor.
//
// # Limitations
//
// A trace must be whole: from the begin of the run, of all hosts. What is sent is
// compared with what a send was given as far as the trace has that (see
// [trace.Event]): of an older trace the first 32 octets; how many there were is
// compared always. A state change is in the
// trace after the segments of the same step, so that rules about states look at
// the state before the step. Segments that were damaged on the way count as not
// delivered; where the damage may have spared TCP (a few fields of the IPv6
// header) they count as perhaps delivered, and of a connection with a segment that
// was damaged twice only the states are checked. Where segments were forged, the octets
// of that connection are counted but not compared. Urgent data, SACK blocks and
// timestamps are not looked at.
package invariant
