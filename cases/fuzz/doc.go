// Package fuzz runs generated scenarios and looks for what must not be.
//
//   - [Check] runs one scenario, and says which property does not hold: the
//     invariants of package tcpmodel/invariant, that it runs at all, that it runs
//     the same way twice, that its text is read back as the same scenario.
//     [CheckOracle] also has package tcpmodel/oracle follow it, which cannot yet
//     follow about one generated run of 170: forged segments, bound ports, deadlines.
//   - [Coverage] counts what runs have reached: states, transitions, steps, and the
//     clauses of hosts that run a model.
//   - [Compare] says where programs see something else on another stack, and [Agree]
//     compares netstack with its model where that must not be.
//   - A [Campaign] runs many scenarios on all cores, keeps the first that breaks
//     each property, and makes it small.
//
// A campaign of a thousand runs:
//
//	report := fuzz.Campaign{Seed: 1, Runs: 1000}.Run(ctx)
//	for _, f := range report.Findings {
//		fmt.Println(f.Failure)
//		fmt.Print(cases.Print(f.Small)) // replays it
//	}
//
// What a campaign finds is a function of its seed and of how many scenarios it
// has run, whatever the number of cores.
//
// # What generated scenarios reach
//
// Measured with "rstlab fuzz --runs 10000": two of three hosts run netstack, the others
// one of the profiles of package tcpmodel.
//
//	states       10 of 11: all but LISTEN, which is no state of a connection
//	transitions  25
//	clauses      114 of 129 of package tcpmodel
//	steps        31 of 31
//
//	entered       times   entered      times
//	CLOSED        16474   FIN-WAIT-2    3997
//	SYN-SENT      13872   CLOSE-WAIT    4610
//	SYN-RECEIVED  10642   CLOSING        251
//	ESTABLISHED   18908   LAST-ACK      2653
//	FIN-WAIT-1     5459   TIME-WAIT     2194
//
// Not reached are calls that the socket layer answers itself (RFC9293-3.10.1-EXISTS,
// 3.10.2-CLOSED, 3.10.2-SYN, 3.10.2-CLOSING, 3.10.3-CLOSED, 3.10.4-SYN-RECEIVED,
// 3.10.5-UNOPENED), what no profile does (RFC793-3.9-SYN), and what is rare:
// RFC7323-3.2-SYN-SENT, RFC5961-5.2, RFC9293-3.6.1-REOPEN, 3.8.4-DEAD, 3.8.6.1-LIMIT,
// 3.10.7.4-SYN-PASSIVE and 3.10.7.4-TEXT-ZERO. The report names them.
//
// # netstack and its model
//
// Over links that lose nothing programs see the same on netstack and on the profile
// netstack: [Agree] runs both, [Untied] so that no two things happen to a host at one
// instant, and a campaign makes one run of eight [Comparable]. MEASURED
//
// # Runs without an end
//
// Two ends that each find the other's segments unacceptable acknowledge each other on
// and on. RFC 5961 section 7 asks for a limit, and every profile has one: see
// ChallengeInterval and ChallengeCount of [tcpmodel.Profile]. ENDLESS
//
// # Limitations
//
// A run that takes more than [StepLimit] steps is reported: over a link without any
// delay, which is not generated, a sender of netstack retransmits at one instant
// without end.
//
// A panic on a goroutine of netstack's own ends the process. A run that does not
// come to an end within [Campaign.Patience] of real time is reported, and goes on
// in the background.
package fuzz
