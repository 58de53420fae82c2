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
// # Limitations
//
// Scenarios have one server and one or two clients, joined by a link each or
// through a router, and no parameters or examples. Connections are opened by one
// side only, so that no connection goes from SYN-SENT to SYN-RECEIVED. No link is
// without delay: over such a link netstack sends what is in flight again and again.
package gen
