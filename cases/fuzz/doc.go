// Package fuzz runs generated scenarios and looks for what must not be.
//
//   - [Check] runs one scenario, and says which property does not hold: the
//     invariants of package tcpmodel/invariant, that it runs at all, that it runs
//     the same way twice, that its text is read back as the same scenario.
//   - [Coverage] counts what runs have reached: states, transitions, steps.
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
// # Limitations
//
// A panic on a goroutine of netstack's own ends the process. A run that does not
// come to an end within [Campaign.Patience] of real time is reported, and goes on
// in the background.
package fuzz
