package netsim

import "slices"

// roster is a list in order of arrival from which members leave at a cost that
// does not grow with their number.
type roster[T interface {
	comparable
	position() *int // where the member keeps its place
}] struct {
	members []T // and the zero T where one has left
	gone    int
}

func (r *roster[T]) add(m T) {
	*m.position() = len(r.members)
	r.members = append(r.members, m)
}

// remove takes m out, if it is in the list.
func (r *roster[T]) remove(m T) {
	var none T
	if i := *m.position(); i < len(r.members) && r.members[i] == m {
		r.members[i] = none
		r.gone++
		if r.gone > len(r.members)/2 {
			r.compact()
		}
	}
}

func (r *roster[T]) compact() {
	var none T
	r.members = slices.DeleteFunc(r.members, func(m T) bool { return m == none })
	for i, m := range r.members {
		*m.position() = i
	}
	r.gone = 0
}

func (r *roster[T]) empty() bool { return len(r.members) == r.gone }

// all is a copy: members may come and leave while it is walked.
func (r *roster[T]) all() []T {
	r.compact()
	return slices.Clone(r.members)
}
