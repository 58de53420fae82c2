package vtime

// The heap is 4-ary: half as deep as a binary one, and the children of a node
// share a cache line.
const arity = 4

func before(a, b *Event) bool {
	return a.at < b.at || a.at == b.at && a.seq < b.seq
}

func (a *Agenda) set(i int, e *Event) {
	a.heap[i] = e
	e.place = i + 1
}

// pop shortens the heap by its last element and returns that.
func (a *Agenda) pop() *Event {
	end := len(a.heap) - 1
	last := a.heap[end]
	a.heap[end] = nil
	a.heap = a.heap[:end]
	return last
}

func (a *Agenda) fix(i int) {
	if !a.down(i) {
		a.up(i)
	}
}

func (a *Agenda) up(i int) {
	e := a.heap[i]
	for i > 0 {
		parent := (i - 1) / arity
		if !before(e, a.heap[parent]) {
			break
		}
		a.set(i, a.heap[parent])
		i = parent
	}
	a.set(i, e)
}

// down moves the event at i towards the leaves and reports whether it moved.
func (a *Agenda) down(i int) bool {
	e, start := a.heap[i], i
	for {
		first := arity*i + 1
		if first >= len(a.heap) {
			break
		}
		least := first
		for c := first + 1; c < min(first+arity, len(a.heap)); c++ {
			if before(a.heap[c], a.heap[least]) {
				least = c
			}
		}
		if !before(a.heap[least], e) {
			break
		}
		a.set(i, a.heap[least])
		i = least
	}
	a.set(i, e)
	return i != start
}
