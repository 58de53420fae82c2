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
// that inject) the state is not compared, and the search says so. Searches with states, without
// them, and without any reduction find the same outcomes (orderings_states_test.go).
//
// What this comes to, with the time of one core (rstlab orderings NAME and these
// arguments; "no end" is a search that was stopped there, with branches open):
//
//	reply-503/read-request-first  --in-order                                  752 runs    1,133 states   0.7 s  (29,468 runs with --states 0)
//	reply-503/read-request-first  --stack linux                            96,089 runs   61,750 states    18 s
//	reply-503/read-request-first                                          344,132 runs  161,793 states  no end
//	reply-503/lingering-close     --in-order --set bytes=1000              31,420 runs   32,417 states    17 s
//	reply-503/lingering-close     --in-order --set bytes=1000 --stack rfc9293
//	                                                                        3,482 runs    4,449 states   0.9 s
//	reply-503/lingering-close     --set bytes=1000 --stack rfc9293        226,441 runs  145,731 states  no end
//
// In order, no order loses the reply of read-request-first; lingering-close loses it
// when the time to linger ends before the upload (recvloop=EAGAIN | client:
// send=EPIPE). When packets overtake, both lose it to a RST that comes before it.
//
// A state takes some 150 bytes with the ways that lead to it. What is in memory beside
// them is the branches that are open, some thousands. With no room for more, the search
// goes on with sleep sets alone for the states that are not remembered.
//
// A search of orderings is not sharded: its parts would meet in the same states, which
// none knows of the other, and do most of the work twice. [Orderings.Save] and
// [Orderings.Load] let it go on later.
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
