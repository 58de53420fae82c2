package fuzz

import (
	"fmt"
	"slices"
	"time"

	"rstlab/cases"
)

// Disagreement is the first call of a scenario that has another result on another
// stack.
type Disagreement struct {
	Proc string
	Step int // index in [cases.Proc.Steps]
	Op   string
	// Results are what the two stacks gave, in the words of an outcome; "data" is a
	// read that gave some.
	Results [2]string
}

// String is "client, step 3: recv gave EOF and ECONNRESET".
func (d Disagreement) String() string {
	return fmt.Sprintf("%s, step %d: %s gave %s and %s", d.Proc, d.Step+1, d.Op, d.Results[0], d.Results[1])
}

// Kind is "recv EOF/ECONNRESET".
func (d Disagreement) Kind() string {
	return d.Op + " " + d.Results[0] + "/" + d.Results[1]
}

// Compare compares what programs saw in two runs of a scenario, and gives the first
// call that differs, in the order of the first run; nil when none does. What RFC
// 9293 leaves free is not compared:
//
//   - when a call returns;
//   - how much one read gives, one send takes, and one recvloop reads until an error
//     ends it: how octets are cut into segments, and how many of these have arrived
//     or left at a time, is free (sections 3.7 and 3.8.6.2);
//   - state, poll and outq, which ask at a time.
//
// What a program reads in all until EOF is compared.
func Compare(a, b *cases.Result) *Disagreement {
	for i := range a.Observations {
		x := &a.Observations[i]
		result := "not begun"
		j := slices.IndexFunc(b.Observations, func(o cases.Observation) bool { return o.Proc == x.Proc && o.Step == x.Step })
		if j >= 0 {
			result = resultOf(&b.Observations[j])
		}
		if own := resultOf(x); own != result {
			return &Disagreement{x.Proc, x.Step, x.Op, [2]string{own, result}}
		}
	}
	return nil
}

// resultOf is the part of a result that is not free.
func resultOf(o *cases.Observation) string {
	reads := slices.Contains([]string{"recv", "recvnb", "recvloop", "peek"}, o.Op)
	switch {
	case o.Killed:
		return "killed"
	case !o.Done:
		return "blocked"
	case o.Errno != "":
		return o.Errno
	case slices.Contains([]string{"state", "poll", "outq"}, o.Op):
		return "ok"
	case o.Value != "":
		return o.Value
	case o.Op == "recvloop" || reads && o.N == 0:
		return "EOF"
	case reads:
		return "data"
	}
	return "ok"
}

// modelOfNetstack is the stack that [Agree] compares netstack with.
const modelOfNetstack = "netstack-model"

// Agree runs a scenario on netstack and on its model, both [Untied], and gives the
// first call that differs. ok is false where nothing follows from that: see
// [Comparable].
func Agree(s *cases.Scenario, seed uint64) (d *Disagreement, ok bool, failure *Failure) {
	if !Comparable(s) {
		return nil, false, nil
	}
	bound, err := Untied(s).Bind(nil)
	if err != nil {
		return nil, false, &Failure{Kind: KindInvalid, Message: err.Error()}
	}
	var results [2]*cases.Result
	for i, stack := range []string{cases.DefaultStack, modelOfNetstack} {
		cfg := cases.RunConfig{Seed: seed, Stacks: map[string]string{"": stack}, StepLimit: stepLimit(bound.Scenario)}
		if results[i], failure = run(bound, cfg); failure != nil {
			return nil, false, failure
		}
	}
	return Compare(results[0], results[1]), true, nil
}

// Comparable reports whether netstack and its model must give programs the same
// results: all hosts run netstack, and without CUBIC, which the model does not compute, the
// network loses, damages, copies and reorders nothing and nobody meddles.
func Comparable(s *cases.Scenario) bool {
	for _, h := range s.Hosts {
		if h.Stack.IsSet() && h.Stack.Text != cases.DefaultStack || h.Congestion.Text == "cubic" {
			return false
		}
	}
	for _, l := range s.Links {
		for _, direction := range []cases.LinkSettings{l.Both, l.AB, l.BA} {
			direction.Delay = cases.Value{}
			if direction != (cases.LinkSettings{}) {
				return false
			}
		}
	}
	if len(s.Rules)+len(s.Boxes)+len(s.Knows) > 0 {
		return false
	}
	return !meddled(s)
}

// meddled reports whether something happens to a program that it does not do itself.
func meddled(s *cases.Scenario) bool {
	hosts := map[string]bool{}
	for _, p := range s.Procs {
		if p.Script || p.Begin.IsSet() || hosts[p.Host.Name] {
			return true
		}
		hosts[p.Host.Name] = true
		for i := range p.Steps {
			switch p.Steps[i].Verb {
			case cases.VerbKill, cases.VerbDown, cases.VerbUp, cases.VerbInject, cases.VerbPowerOff, cases.VerbPowerOn,
				cases.VerbReboot, cases.VerbRoute, cases.VerbNoRoute, cases.VerbNeighbour, cases.VerbDestroy:
				return true
			default:
			}
		}
	}
	return false
}

// waited are the options whose value is a time that a host waits.
var waited = []cases.Option{cases.OptionDeadline, cases.OptionKeepIdle, cases.OptionKeepInterval}

// Untied is the scenario with a little added to each delay of a link, each wait of a
// program and each time that a host is given, another amount everywhere, so that no two things happen to a host at one
// instant, in an order that nothing decides. That of an untied scenario is itself.
func Untied(s *cases.Scenario) *cases.Scenario {
	s = s.Clone()
	const least = 100 * time.Microsecond // more than is ever added
	added := time.Duration(1)
	untie := func(v *cases.Value) {
		added = (added*48271 + 11) % 99_991 // a prime: each amount comes once
		*v = cases.DurationValue(v.Duration().Truncate(least) + added)
	}
	for i := range s.Links {
		untie(&s.Links[i].AB.Delay)
		untie(&s.Links[i].BA.Delay)
	}
	for i := range s.Hosts {
		for _, v := range []*cases.Value{&s.Hosts[i].FinTimeout, &s.Hosts[i].TimeWait} {
			if v.IsSet() {
				untie(v)
			}
		}
	}
	for i := range s.Procs {
		for j := range s.Procs[i].Steps {
			x := &s.Procs[i].Steps[j]
			for _, v := range []*cases.Value{&x.Time, &x.Every, &x.Value} {
				if v.Kind == cases.KindDuration && (v != &x.Value || slices.Contains(waited, cases.Option(x.Option.Name))) {
					untie(v)
				}
			}
		}
	}
	return s
}
