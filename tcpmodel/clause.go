package tcpmodel

import "fmt"

// Clause is a rule that a branch of the model obeys.
type Clause uint8

// ClauseSet is a set of clauses. The zero value is empty.
type ClauseSet [3]uint64

func (s *ClauseSet) add(c Clause) { s[c>>6] |= 1 << (c & 63) }

// Has reports whether c is in the set.
func (s ClauseSet) Has(c Clause) bool { return s[c>>6]&(1<<(c&63)) != 0 }

// Union is the clauses of both sets.
func (s ClauseSet) Union(t ClauseSet) ClauseSet {
	for i := range s {
		s[i] |= t[i]
	}
	return s
}

// All are the clauses of the set in the order of the registry.
func (s ClauseSet) All() []Clause {
	var all []Clause
	for c := Clause(0); c < NumClauses; c++ {
		if s.Has(c) {
			all = append(all, c)
		}
	}
	return all
}

// ID is the clause's name: the document, the section, and where a section has
// several a word: "RFC9293-3.10.7.4-RST-EXACT".
func (c Clause) ID() string {
	if c < NumClauses {
		return clauses[c].id
	}
	return fmt.Sprintf("CLAUSE-%d", uint8(c))
}

// String is the ID.
func (c Clause) String() string { return c.ID() }

// Text is the sentence that the branch obeys, quoted; for what only an
// implementation does, what that is.
func (c Clause) Text() string {
	if c < NumClauses {
		return clauses[c].text
	}
	return ""
}

// ClauseByID is the inverse of [Clause.ID].
func ClauseByID(id string) (c Clause, ok bool) {
	for i := range clauses {
		if clauses[i].id == id {
			return Clause(i), true
		}
	}
	return 0, false
}
