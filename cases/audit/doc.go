// Package audit puts together what must hold of every run of a scenario: the
// invariants of package [rstlab/tcpmodel/invariant], and that the model of netstack
// can follow each host that runs it ([rstlab/tcpmodel/oracle]).
//
//   - An [Audit] watches one run. It knows from the scenario which TCP each host
//     has, so that a host is excused by the known deviations of its own engine alone.
//   - [Found] is what it has found, known or not.
//
// To audit a run:
//
//	a := audit.New(bound, cfg)
//	cfg.Sinks = append(cfg.Sinks, a.Sinks()...)
//	r, err := bound.Run(cfg)
//	for _, e := range a.Finish(r).Unknown() {
//		fmt.Println(e)
//	}
//
// # Limitations
//
// Hosts that run a profile of package tcpmodel are under the invariants only. A run that
// gave an error has no result, and nothing is known of it.
package audit
