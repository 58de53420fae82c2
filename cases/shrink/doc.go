// Package shrink makes scenarios small: of one that shows something it finds a
// shorter one, with rounder values, that still shows it.
//
//	small, stats := shrink.Scenario(s, func(s *cases.Scenario) bool {
//		return shows(s) // must be a function of s alone
//	}, shrink.Config{})
//	fmt.Print(cases.Print(small)) // "stats.Tries" scenarios were tried
//
// What is tried, again and again until nothing helps: leaving out procs, hosts,
// routers, middleboxes, what these are told, rules and steps, several at once and then one
// by one; leaving out settings and arguments; and simpler values. Where a router or a
// middlebox is left out, its neighbours are joined. Only valid scenarios are tried. The
// result is a function of the scenario and of what shows says.
//
// # Limitations
//
// The result is a local minimum: no single change of those above makes it
// smaller. Parameters are bound to their defaults first, and claim, sources and
// examples are dropped: they speak of another scenario.
package shrink
