// Package link is what one direction of a network path does to packets: it
// delays, loses, duplicates, corrupts, reorders, queues and drops them.
//
// It is pure. Time is an argument (a [time.Duration] since the start of the
// run), randomness follows from a seed, and all arithmetic that decides is on
// integers; so the same calls give the same answers on every machine. It holds
// no packet and no queue of events: it says when a packet arrives, and the
// caller comes back at that time.
//
//   - [Config] says what happens to all packets, by rates and probabilities: it
//     is for exploration. Its zero value is a perfect link.
//   - [Rule] decides about single packets, exactly: it is for cases. A
//     [MatchRule] is a rule as data, with a [Match] for which packets and a
//     [Verdict] for what happens to them.
//   - [Direction] is one direction of a link in a run. [Direction.Send] and
//     [Direction.Arrive] answer with an [Outcome] of up to two [Delivery].
//   - [Probability], [BitRate] and [GilbertElliott] are the units, exact and
//     with a text form.
//
// In use, with schedule, deliver and trace standing for the caller's:
//
//	d, err := link.New("client>server", link.Config{Delay: 10 * time.Millisecond}, seed)
//	err = d.AddMatchRule(link.MatchRule{Match: link.MustMatch("R"), From: 2, To: 2,
//		Verdict: link.Verdict{Action: link.Drop}})
//	out := d.Send(now, &packet, size)
//	if out.Dropped != "" {
//		trace(now, out.Dropped)
//	}
//	for _, f := range out.Deliveries() {
//		schedule(f.At, func() {
//			out := d.Arrive(f.At, f, &packet)
//			// dropped: trace it; f.At is now: deliver it; later: schedule it again
//		})
//	}
//
// # Order
//
// Packets arrive in the order in which they were sent, unless Jitter comes with
// Reorder, or a rule delays one of them: that is how a case makes a RST
// overtake a reply. A packet that may not overtake arrives at the instant of
// the one before it, so the caller must deliver what is due at one instant in
// the order of sending.
//
// # Rules
//
// Every rule sees every packet that is sent, in the order of sending, also when
// another rule has decided about it or the link is down. So "the second segment
// with RST" does not depend on what other rules there are. The first rule that
// does not pass wins, and takes the place of the dice; MTU, queue and Rate
// apply all the same. A choice that somebody else is to make, such as an
// explorer of orderings, is a [RuleFunc].
//
// # Faults in flight
//
// [Direction.SetDown] loses what is in flight, even when the link is up again by
// the time of arrival; [Direction.SetDraining] does not. A rule that is added judges the packets in flight too:
// each when it arrives, and a copy as a packet of its own. So it counts the
// packets in the order in which it gets to see them: those sent later when they
// are sent, those in flight when they arrive.
//
// # Randomness
//
// Each kind of draw has its own sequence, and packet n always takes number n of
// it. What is dropped on the wire, by dice or by rule, has had its place in
// queue and order. So adding loss to a configuration takes packets away and
// changes nothing about the others; adding duplication adds copies; and so on.
//
// # Limitations
//
//   - Nothing is fragmented or reassembled: IPv4 packets larger than the MTU
//     without DF are dropped with the reason "needs fragmentation".
//   - The queue is tail drop, without active management and without ECN marks.
//     Drops on the wire are reported when the packet is sent.
//   - Jitter is uniform and independent from packet to packet.
//   - Rate counts IP datagrams: no link layer framing, no cells.
//   - At most one bit of a datagram is flipped: that of the last corruption.
//   - A rule added to a rule list goes to its end.
//   - Match knows no relative sequence numbers, and of ICMP only that it is.
//   - Settings, other than rules and down, do not act on packets in flight.
//
// # Sources
//
// Names and units are those of tc-netem(8) and tc(8). Where this package differs
// from netem: Jitter only adds, packets keep their order unless Reorder is set,
// loss happens after the queue rather than before it, a packet that is both lost
// and duplicated is lost (netem delivers it once), and copies do not pass the
// queue. Words about TCP are those of RFC 9293; flags are written as tcpdump
// prints them.
//
// E. N. Gilbert, "Capacity of a Burst-Noise Channel", Bell System Technical
// Journal 39, 1960. E. O. Elliott, "Estimates of Error Rates for Codes on
// Burst-Noise Channels", Bell System Technical Journal 42, 1963. S. Salsano,
// F. Ludovici, A. Ordine, D. Giannuzzi, "Definition of a general and intuitive
// loss model for packet networks and its implementation in the Netem module in
// the Linux kernel", University of Rome Tor Vergata, 2012.
package link
