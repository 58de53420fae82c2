package mutation

import (
	"bytes"
	"fmt"
	"slices"
)

// Mutant is one deliberate fault in the source of package tcpmodel.
type Mutant struct {
	// ID is short, of letters and "-", and names the fault.
	ID string
	// Fault says in words what the mutated model does wrong.
	Fault string
	// File is the file of package tcpmodel that is rewritten.
	File string
	// Old occurs exactly once in File; New stands in its place.
	Old, New string
	// Missed says what the scenarios lack to find the mutant, as far as reading the
	// source shows; "" for one that must be found.
	Missed string
}

// All are the mutants, in the order of the path of a segment through the model:
// arrivals, calls, what is sent, timers, windows, the host.
func All() []Mutant {
	return slices.Concat(arrivals, closings, sendings, hosts)
}

// Apply is the source of [Mutant.File] with the fault. It fails when Old does not
// occur exactly once: the model has changed, and the mutant must follow.
func (m *Mutant) Apply(source []byte) ([]byte, error) {
	if n := bytes.Count(source, []byte(m.Old)); n != 1 {
		return nil, fmt.Errorf("mutant %s: %s has the old text %d times, want once: adapt Old to the model\n%s", m.ID, m.File, n, m.Old)
	}
	if m.Old == m.New {
		return nil, fmt.Errorf("mutant %s: Old and New are the same", m.ID)
	}
	return bytes.Replace(source, []byte(m.Old), []byte(m.New), 1), nil
}
