// Package fuzz runs generated scenarios and looks for what must not be.
//
//   - [Check] runs one scenario, and says which property does not hold: the
//     invariants of package tcpmodel/invariant, that package tcpmodel/oracle can follow
//     each host that runs netstack, that it runs at all, that it runs the same way twice,
//     that its text is read back as the same scenario.
//   - A [Deviation] explains what a stack is known to break. It is counted, and
//     cases/differences.md has the list, with a scenario for each.
//   - [Coverage] counts what runs have reached: states, transitions, steps, and the
//     clauses of hosts that run a model.
//   - [Compare] says where programs see something else on another stack.
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
//	clauses      118 of 132 of package tcpmodel
//	followed     16144 ends of connections on netstack, 909 of them not to their end
//	steps        31 of 31
//
//	entered       times   entered      times
//	CLOSED        16478   FIN-WAIT-2    3983
//	SYN-SENT      13871   CLOSE-WAIT    4598
//	SYN-RECEIVED  10642   CLOSING        252
//	ESTABLISHED   18891   LAST-ACK      2644
//	FIN-WAIT-1     5450   TIME-WAIT     2195
//
// Not reached are calls that the socket layer answers itself (RFC9293-3.10.1-EXISTS,
// 3.10.2-CLOSED, 3.10.2-SYN, 3.10.2-CLOSING, 3.10.3-CLOSED, 3.10.4-SYN-RECEIVED,
// 3.10.5-UNOPENED), what no profile does (RFC793-3.9-SYN), and what is rare:
// RFC7323-3.2-SYN-SENT, RFC5961-5.2, RFC9293-3.6.1-REOPEN, 3.8.4-DEAD, 3.10.7.3-RST-SEQ
// and 3.10.7.4-SYN-PASSIVE. The report names them.
//
// # netstack and its model
//
// On links that lose nothing, 75 of 12000 generated scenarios have a call that
// [Compare] finds to differ between netstack and the profile netstack. Most are a FIN
// and a RST, or data, that meet at one instant; some are netstack's receive buffer,
// which counts the memory of segments and so holds half as much, and shutdown of a
// connection that has ended. They have not been explained one by one.
//
// # Limitations
//
// About one generated run in 5,000 takes more than [StepLimit] steps: segments that
// are forged or come twice have two ends acknowledge each other on and on, where
// a profile has no limit for that (RFC 5961 section 7), and over a link without any
// delay a sender can retransmit at one instant without end. A campaign reports them.
//
// A panic on a goroutine of netstack's own ends the process. A run that does not
// come to an end within [Campaign.Patience] of real time is reported, and goes on
// in the background.
package fuzz
