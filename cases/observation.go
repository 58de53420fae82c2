package cases

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Observation is a step that a run began: the call as the program sees it.
type Observation struct {
	Proc string `json:"proc"`
	Step int    `json:"step"` // index in [Proc.Steps]
	// Op is the verb; for get it is the option.
	Op    string        `json:"op"`
	Begin time.Duration `json:"begin"` // when it was called, since the run began
	At    time.Duration `json:"at"`    // when it returned
	// Done says that it returned. It did not when the run ended first, or
	// with Killed because the proc was killed or its host switched off.
	Done   bool `json:"done"`
	Killed bool `json:"killed,omitempty"`
	// Errno is the POSIX name of the error; "" for success.
	Errno string `json:"errno,omitempty"`
	// N is how many bytes were sent or read, in all. A recv or peek that is
	// done with 0 and no error saw the end of the stream, and a recvloop that
	// is done without an error did.
	N int `json:"n"`
	// Want is how many bytes were to be sent.
	Want int `json:"want,omitempty"`
	// Data is what was read; of more than 32 bytes it need not hold any.
	Data []byte `json:"data,omitempty"`
	// Value is what state, poll, outq and get asked for: "CLOSE-WAIT",
	// "IN|OUT", "100", "ECONNRESET", "0".
	Value string `json:"value,omitempty"`
}

// Seen is the observation as an outcome has it.
func (o Observation) Seen() Seen {
	return Seen{Op: o.Op, Result: strings.Join(o.results(), ","), At: o.At}
}

func (o Observation) results() []string {
	var results []string
	switch {
	case o.Op == string(VerbRecvLoop) && o.N > 0:
		results = append(results, dataText(o.Data, o.N))
	case !o.Done || o.Errno != "":
	case o.Value != "":
		return []string{o.Value}
	case o.Op == string(VerbSend) && o.N < o.Want:
		return []string{strconv.Itoa(o.N) + "B"}
	case o.reads() && o.N > 0:
		return []string{dataText(o.Data, o.N)}
	}
	switch {
	case o.Killed:
		return append(results, resultKilled)
	case !o.Done:
		return append(results, resultBlocked)
	case o.Errno != "":
		return append(results, o.Errno)
	case o.reads():
		return append(results, resultEOF)
	}
	return []string{resultOK}
}

func (o Observation) reads() bool {
	return o.Op == string(VerbRecv) || o.Op == string(VerbRecvNB) || o.Op == string(VerbPeek) || o.Op == string(VerbRecvLoop)
}

// OutcomeOf is the outcome of what the procs of a scenario saw. The
// observations may be in any order; those of one proc are taken by Step.
func OutcomeOf(procs []Proc, observations []Observation) Outcome {
	o := Outcome{Procs: make([]ProcOutcome, 0, len(procs))}
	var own []*Observation
	for i := range procs {
		own = own[:0]
		for k := range observations {
			if observations[k].Proc == procs[i].Name {
				own = append(own, &observations[k])
			}
		}
		slices.SortStableFunc(own, func(a, b *Observation) int { return a.Step - b.Step })
		p := ProcOutcome{Proc: procs[i].Name}
		if len(own) > 0 {
			p.Seen = make([]Seen, 0, len(own))
		}
		for _, ob := range own {
			p.Seen = append(p.Seen, ob.Seen())
		}
		o.Procs = append(o.Procs, p)
	}
	return o
}
