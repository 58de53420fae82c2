package link

import "time"

// queue knows the packets that wait for the transmitter: how many there are
// and when each leaves. It is a ring that grows to the longest queue there was.
type queue struct {
	ring  []waiting
	head  int // index of the packet that leaves first
	count int
	bytes int
}

type waiting struct {
	leaves time.Duration // when its transmission begins
	size   int           // bytes
}

// advance takes out the packets whose transmission has begun by now.
func (q *queue) advance(now time.Duration) {
	for q.count > 0 && q.ring[q.head].leaves <= now {
		q.bytes -= q.ring[q.head].size
		q.head = (q.head + 1) % len(q.ring)
		q.count--
	}
}

// fits reports whether one more packet may wait; a limit of 0 is none.
func (q *queue) fits(size, maxPackets, maxBytes int) bool {
	if maxPackets > 0 && q.count >= maxPackets {
		return false
	}
	return maxBytes == 0 || size <= maxBytes-q.bytes
}

func (q *queue) push(leaves time.Duration, size int) {
	if q.count == len(q.ring) {
		ring := make([]waiting, max(16, 2*len(q.ring)))
		for i := range q.count {
			ring[i] = q.ring[(q.head+i)%len(q.ring)]
		}
		q.ring, q.head = ring, 0
	}
	q.ring[(q.head+q.count)%len(q.ring)] = waiting{leaves, size}
	q.count++
	q.bytes += size
}

func (q *queue) clear() { q.head, q.count, q.bytes = 0, 0, 0 }
