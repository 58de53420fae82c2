package record

import (
	"container/heap"
	"os"
	"sync"
	"time"

	"rstlab/netsim/wire"
)

// path carries packets between the two devices, as the relay decides.
type path struct {
	*relay
	mu      sync.Mutex // guards the relay and what is under way
	now     func() time.Duration
	tuns    [2]*os.File
	queue   queue
	seq     int
	wake    chan struct{}
	stop    chan struct{}
	workers sync.WaitGroup
}

// parcel is a packet under way.
type parcel struct {
	at  time.Duration
	seq int
	to  int
	raw []byte
	tcp *wire.Packet
}

// queue is a heap of parcels by the time of arrival; those of one instant are in the
// order of sending.
type queue []parcel

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return q[i].at < q[j].at || q[i].at == q[j].at && q[i].seq < q[j].seq
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push is for the package heap.
func (q *queue) Push(x any) { *q = append(*q, x.(parcel)) }

// Pop is for the package heap.
func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}

// start begins to carry.
func (p *path) start() {
	p.wake, p.stop = make(chan struct{}, 1), make(chan struct{})
	for i := range p.tuns {
		p.workers.Go(func() { p.read(i) })
	}
	p.workers.Go(p.deliver)
}

// end stops carrying; the devices must be closed.
func (p *path) end() {
	close(p.stop)
	p.workers.Wait()
}

// read takes what a host sends.
func (p *path) read(from int) {
	buffer := make([]byte, 1<<16)
	for {
		n, err := p.tuns[from].Read(buffer)
		if err != nil {
			return // it was closed
		}
		raw := append([]byte(nil), buffer[:n]...)
		packet, err := wire.ParseTrusted(raw)
		if err != nil || packet.Proto != wire.TCP {
			continue // IGMP and the like
		}
		p.mu.Lock()
		if at, ok := p.send(p.now(), from, &packet); ok {
			p.seq++
			heap.Push(&p.queue, parcel{at, p.seq, 1 - from, raw, &packet})
		}
		p.mu.Unlock()
		select {
		case p.wake <- struct{}{}:
		default:
		}
	}
}

// deliver gives hosts what arrives.
func (p *path) deliver() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		p.mu.Lock()
		wait := time.Hour
		for len(p.queue) > 0 {
			if wait = p.queue[0].at - p.now(); wait > 0 {
				break
			}
			next := heap.Pop(&p.queue).(parcel)
			p.arrived(next.to, next.tcp)
			p.tuns[next.to].Write(next.raw) //nolint:errcheck // a host that is gone hears nothing
			wait = time.Hour
		}
		p.mu.Unlock()
		timer.Reset(wait)
		select {
		case <-timer.C:
		case <-p.wake:
		case <-p.stop:
			return
		}
	}
}
