// Package mutation checks the checks: it makes deliberate faults in the source of
// package tcpmodel, and its tests show that the properties of this project find
// them in generated scenarios.
//
//   - A [Mutant] is one fault: what it is in words, and which text of which file
//     another one replaces. [All] lists them. [Mutant.Apply] makes the source.
//
// The model's own code carries no switches: a test writes the changed file aside
// and builds itself with it (go test -c -overlay), so that it runs the mutant:
//
//	for _, m := range mutation.All() {
//		source, err := m.Apply(original)
//		if err != nil {
//			return err // the model has changed, and the mutant must follow
//		}
//		// write source to a file, name it in an overlay, build, run
//	}
//
// # How a mutant is found
//
// A scenario is one of package cases/gen; to every second one an attacker is
// added, who forges segments. It is run on each profile of the model, all its
// hosts alike. A mutant is found when a property does not hold that holds of the
// model without a fault on the same scenario and profile:
//
//   - the properties of package cases/fuzz: the invariants, no panic, an end,
//     twice the same run. The table has the name.
//   - like-netstack: the calls give the outcome that they give on netstack. It is
//     looked at where the profile netstack without a fault gives that outcome.
//   - like-model: each call gives what it gives on the model without a fault, at
//     the same virtual time. No packets, traces or hashes are compared.
//   - crash, hang: the process ends, or a run does not within a minute.
//
// # Limitations
//
// The generator opens connections from one side only, so that faults in
// simultaneous open are not among the mutants. like-model is a
// comparison with a record of the model itself: it shows that the scenarios
// reach a fault and that programs feel it, not that an independent property knows
// better. So the table also says which other property finds a mutant first, in
// the same scenario or within 60.
//
// # Measured
//
// Of each mutant the table has the number of scenarios up to the first in which a
// property does not hold, that property, and the stack. Where that is like-model
// the last two columns have the same for the other properties, "-" when none
// does within 60 scenarios. It is written by
//
//	go test ./tcpmodel/mutation -run Found -mutants all -update -timeout 2h
package mutation
