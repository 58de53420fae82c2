package fuzz

import (
	"fmt"
	"slices"

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
