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
// # Limitations
//
// In orderings no time passes but when nothing is left but timers of TCP, so
// that an order in which a retransmission overtakes a packet that is only slow
// is not seen, and what depends on spans of time is not either.
//
// A run that has begun is not interrupted. A run that comes to no end is an
// outcome, "error: …", but takes as long as its limits let it.
package explore
