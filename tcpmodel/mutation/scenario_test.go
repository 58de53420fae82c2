package mutation_test

import (
	"fmt"
	"math/bits"
	"strings"
	"time"

	"rstlab/cases"
	"rstlab/cases/fuzz"
	"rstlab/cases/gen"
)

// bound is how many scenarios a mutant may take to be found.
const bound = 400

// netstack is gVisor's, which no mutant changes, netstackModel its profile.
const (
	netstack      = cases.DefaultStack
	netstackModel = netstack + "-model"
)

// stacks are those on which each scenario is run, all its hosts alike: the
// profiles of the model, and netstack, whose runs the model must be able to follow.
func stacks() []string { return cases.Stacks() }

// seedOf is the seed of a scenario by its number. Neighbours have nothing in
// common.
func seedOf(number int) uint64 {
	hi, lo := bits.Mul64(uint64(number+1)*0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9)
	return hi ^ lo
}

// scenario is a generated scenario by its number. To about every second one an
// attacker is added, because few of the generator's own scenarios have one.
func scenario(number int) (s *cases.Scenario, attacked bool) {
	choices := gen.Random(seedOf(number))
	s = gen.Scenario(choices, gen.Config{})
	if attacked = choices.Choose("attacker", 2) == 1; attacked {
		s.Procs = append(s.Procs, attacker(choices, s))
	}
	return s, attacked
}

// attacker is a proc that forges segments for the connection between the server
// and the client.
func attacker(from gen.Chooser, s *cases.Scenario) cases.Proc {
	choose := func(label string, of ...string) string { return of[from.Choose(label, len(of))] }
	p := cases.Proc{Name: "attacker", Host: cases.Ref{Name: s.Hosts[1].Name}}
	for range 1 + from.Choose("forged", 4) {
		waits := []time.Duration{0, 5, 10, 25, 30, 60, 150, 300, 1100, 3000}
		wait := waits[from.Choose("before", len(waits))] * time.Millisecond
		at := from.Choose("for", 2)
		step := cases.Step{
			Verb: cases.VerbInject, Peer: cases.Ref{Name: s.Hosts[at].Name},
		}
		step.Src = cases.Ref{Name: s.Hosts[1-at].Name}
		step.Flags = cases.WordValue(choose("flags", "R", "R", "RA", "S", "A", "PA", "FA", "SA"))
		step.Seq = cases.WordValue(choose("seq", "n0", "n0", "n1", "n-1", "n500", "n70000", "n-5000", "wnd0", "wnd-1"))
		if strings.HasSuffix(step.Flags.Text, "A") {
			step.Ack = cases.WordValue(choose("ack", "n0", "n0", "n1", "n-1", "n9000", "n-9000"))
		}
		if step.Flags.Text == "PA" {
			step.Data = cases.TextValue("forged")
		}
		p.Steps = append(p.Steps, cases.Step{Verb: cases.VerbSleep, Time: cases.DurationValue(wait)}, step)
	}
	return p
}

// seen is what came of a scenario on a stack.
type seen struct {
	Scenario int
	Stack    string
	Attacked bool
	// Broken are the properties of package cases/fuzz that do not hold: the
	// invariants, no panic, an end, and so on.
	Broken []string
	// Outcome is what the calls gave, Calls the same with the time of each.
	Outcome, Calls string
	// Run is the run itself, where it is one that the oracle of the parent judges; then
	// Unfollowed are the clauses that are not kept, known deviations of netstack aside.
	Run        *recording
	Unfollowed []string
}

// scenarioOn is a scenario by its number with all hosts on one stack.
func scenarioOn(number int, stack string) (s *cases.Scenario, attacked bool) {
	s, attacked = scenario(number)
	for i := range s.Hosts {
		s.Hosts[i].Stack = cases.WordValue(stack)
	}
	return s, attacked
}

// look runs a scenario on a stack and checks it.
func look(number int, stack string) seen {
	s, attacked := scenarioOn(number, stack)
	checked := fuzz.Check(s, seedOf(number), nil)
	all := seen{Scenario: number, Stack: stack, Attacked: attacked}
	for _, f := range checked.Failures {
		all.Broken = append(all.Broken, f.Kind)
	}
	if r := checked.Result; r != nil {
		all.Outcome, all.Calls = r.Outcome.String(), calls(r)
		if stack == netstackModel {
			all.Run = record(s, seedOf(number))
		}
	}
	return all
}

// calls is what each call gave, and when.
func calls(r *cases.Result) string {
	var text strings.Builder
	for _, o := range r.Observations {
		fmt.Fprintf(&text, "%v %s %d %s done=%v killed=%v errno=%s n=%d %x %q %v\n",
			o.Begin, o.Proc, o.Step, o.Op, o.Done, o.Killed, o.Errno, o.N, o.Data, o.Value, o.At)
	}
	return text.String()
}
