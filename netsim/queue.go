package netsim

import "slices"

// queue is a first-in first-out list that reuses its memory.
type queue[T comparable] struct {
	items []T
	head  int
}

func (q *queue[T]) empty() bool { return q.head == len(q.items) }

func (q *queue[T]) push(item T) { q.items = append(q.items, item) }

func (q *queue[T]) pop() T {
	var none T
	item := q.items[q.head]
	q.items[q.head] = none
	q.head++
	if q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
	}
	return item
}

// all are the items, in order. They are the queue's own.
func (q *queue[T]) all() []T { return q.items[q.head:] }

// remove takes an item out from wherever it stands.
func (q *queue[T]) remove(item T) {
	if i := slices.Index(q.all(), item); i >= 0 {
		q.items = slices.Delete(q.items, q.head+i, q.head+i+1)
	}
}
