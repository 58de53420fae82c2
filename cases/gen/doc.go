// Package gen generates scenarios: small ones, valid, in which connections get
// into every state that programs and links can bring about.
//
//   - A [Chooser] makes all choices. [Random] draws them from a seed; in tests
//     pgregory.net/rapid makes them, and shrinks them when a property fails.
//     Choice 0 is the plainest everywhere, so that fewer and smaller choices give
//     a shorter scenario.
//   - [Scenario] makes a scenario of what is chosen.
//
// A scenario a seed:
//
//	s := gen.Scenario(gen.Random(42), gen.Config{})
//	b, err := s.Bind(nil)
//	if err != nil {
//		return err // a mistake in this package
//	}
//	r, err := b.Run(cases.RunConfig{Seed: 42})
//
// With rapid:
//
//	type chooser struct{ t *rapid.T }
//
//	func (c chooser) Choose(label string, n int) int {
//		return rapid.IntRange(0, n-1).Draw(c.t, label)
//	}
//
// # What is generated
//
// All steps and all directives of the language: hosts with their stacks and
// settings, a router, firewall, NAT or observer with its filters and forges,
// neighbours, links and rules, servers, clients, hosts that connect to each other
// at one time, procs that meddle with those of their host, and scripts of an
// operator who cuts links, switches hosts off, changes routes, destroys connections
// and forges segments.
//
// # Limitations
//
// Scenarios have one server and one or two clients, joined by a link each or
// through one node in the middle, and no parameters or examples. No link is
// without delay: over such a link netstack sends what is in flight again and again.
package gen
