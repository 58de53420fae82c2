// Package explore searches scenarios: how often which outcome comes out, where
// one turns into another, and in which orders of events.
//
// What it stands on is: a run is a function of scenario, parameters and seed
// alone ([rstlab/cases.Bound.Run]), it takes a quarter of a millisecond, and
// runs share nothing, so that many go on at once.
//
//   - [Axis] is a parameter that varies, and its values. [Space] is a scenario,
//     parameters with one value, and axes: its points are runs.
//   - [Point] is a run of a space and its outcome.
//   - [Sweep] runs every point of a grid, [Bisection] finds the values of one parameter
//     at which the outcome changes, [Phase] draws a [Diagram] over two parameters.
//   - [Orderings] sets time aside and runs every order of events. What it stands on is
//     a [Chooser]: [Canonical], [Random], [Exhaustive], [Replay]; a [ReplayFile] keeps
//     the choices of a run.
//   - [Shrink] makes a scenario small, [Report] puts all of this on a page.
//
// In ten lines:
//
//	s, err := cases.Load("reply-503/close-before-request")
//	rtt, err := explore.ParseAxis(s, "rtt=1ms..401ms/40")
//	sweep := explore.Sweep{Space: explore.Space{Scenario: s, Axes: []explore.Axis{rtt}}}
//	var counts explore.Counts
//	err = sweep.Run(ctx, explore.Options{}, func(p explore.Point) error {
//		counts.Add(p)
//		return nil
//	})
//
// # What holds of every search
//
// Results are the same with any number of workers, and are taken in the order
// of the points' numbers. What is in memory is bounded. When the context is
// done a search ends after the runs that go on, and what it gave until then is
// valid. [Writer] keeps points in a file, from which the search can go on, and
// [Merge] puts the files of several [Shard]s together. A file of another search
// is refused with the reason.
//
// # States of orderings
//
// A run that comes to a state in which another has been ends there. A state is all
// on which the rest of a run depends ([rstlab/netsim.StateSum]): what programs have
// seen, sockets, packets in flight by what they hold, and the whole TCP of each host,
// read by reflection but for a list of what has no part in it
// (netsim/netstack/fingerprint.go). Where a part has no such form (triggers, rules of
// links that keep counts in functions, IPv6, hosts that were switched on again, procs
// that inject) the state is not compared, and the search says so.
//
// What makes no difference to any program is not chosen at all (netsim/foregone.go,
// [rstlab/netsim.Choosing]); [Orderings.Whole] does without that.
//
// What this comes to, with the processor time it took (rstlab orderings NAME and these
// arguments; in brackets what it was when everything was offered):
//
//	reply-503/read-request-first --in-order                              200 runs     429 states  0.1 s  (752 runs)
//	reply-503/read-request-first --stack rfc9293                       6,197 runs   6,214 states    1 s
//	reply-503/read-request-first --stack linux                        37,043 runs  28,430 states    7 s
//	reply-503/read-request-first                                      65,061 runs  43,898 states   28 s  (855,773 runs)
//	reply-503/lingering-close --in-order --set bytes=1000              6,487 runs  10,106 states    4 s  (31,420 runs)
//	reply-503/lingering-close --in-order --set bytes=1000 --no-rack    2,626 runs   4,204 states    2 s
//	reply-503/lingering-close --in-order --set bytes=3000 --no-rack   11,956 runs  18,946 states    9 s
//	reply-503/lingering-close --set bytes=10 --stack rfc9293          64,452 runs  61,295 states   14 s
//	reply-503/lingering-close --set bytes=10 --no-rack               593,323 runs 488,170 states  331 s
//	reply-503/lingering-close --set bytes=1000 --no-rack             603,990 runs 507,093 states  318 s
//	reply-503/lingering-close --set bytes=10 --retransmits 0         475,421 runs 395,074 states  325 s
//
// In order, no order loses the reply of read-request-first; lingering-close loses it
// when the time to linger ends before the upload (recvloop=EAGAIN | client:
// send=EPIPE). When packets overtake, both lose it to a RST that comes before it. Then a
// client of lingering-close on netstack can also wait for ever (recv=blocked): a FIN
// without data that has overtaken data is not taken when the data comes (rcv.go,
// handleRcvdSegment, "Skip segment altogether if it has already been acknowledged"), so
// that the RST of the close is not the next in sequence, and the challenge ACK that would
// bring one that is can be the second in half a second, which is not sent (snd.go,
// maybeSendOutOfWindowAck).
//
// The 200000 bytes of lingering-close as it stands are out of reach in order too: 4,000
// runs take 25 s, and 1,805 branches are open after them.
//
// A state takes some 90 bytes with the ways that lead to it (measured: 18,287 states).
// What is in memory beside them is the branches that are open, some thousands. With no
// room for more, the search goes on with sleep sets alone for the states that are not
// remembered.
//
// # Sent again
//
// Where time stands still, netstack sends far too much again. Its RACK takes a segment
// for lost that was sent before an acknowledged one, or at one instant with one in front
// of it, when a round trip and the reordering window have gone by since
// (pkg/tcpip/transport/tcp/rack.go, detectLoss). Here both are zero, and all segments of a
// window are sent at one instant: the acknowledgement of the first has all others sent
// again, and that of a FIN that overtakes data the data, at the same instant, and what
// those draw does so again. So lingering-close had not ended in order with 3000 bytes
// after 98,264 runs, and with 10 bytes, where one may overtake, not after 386,550.
//
// [Orderings.NoRACK] turns that off: what is lost is told by acknowledgements (RFC 6675),
// in which no time has a part. It is another configuration of netstack, and the output
// says so. [Orderings.Retransmits] leaves netstack as it is, and ends each run in which
// more is sent again than may be. The output says how many these were: with several
// segments in flight, most.
//
// # Shards of orderings
//
// A [Shard] of a search begins as all do, until there are 256 open branches for each;
// then each goes on with its own. [MergeOrderings] gives the same outcomes, examples of
// the same length, and says exhaustive when the search in one does. It does not take as
// many runs: shards meet in the same states, which none knows of the other. Of the 6,197
// runs of read-request-first with rfc9293 two shards make 4,123 and 4,112, and of the
// 65,061 with netstack 44,671 and 48,179.
//
// [Orderings.Save] and [Orderings.Load] let a search go on later, and [Orderings.Keep]
// lets it be saved while it goes on.
//
// # Limitations
//
// In orderings no time passes but when nothing is left but timers of TCP, so
// that an order in which a retransmission overtakes a packet that is only slow
// is not seen, and what depends on spans of time is not either.
//
// A run that has begun is not interrupted. A run that comes to no end is an
// outcome, "error: …", but takes as long as its limits let it.
package explore
