package bubble

import (
	"cmp"
	"net"
	"strings"
	"time"

	"rstlab/netsim"
	"rstlab/netsim/vtime"
)

// op is what a request asks for. The order is that of the requests of one socket
// at one instant.
type op uint8

const (
	// These only queue: their callers go on at once.
	opCancel op = iota
	opSet       // a deadline
	opSend      // a Write that has returned
	opClose
	// For these callers wait.
	opDo
	opOption
	opAccept
	opRead
	opWrite
	opCloseRead
	opCloseWrite
	opListen
	opDial
	opWait
)

var opNames = [...]string{
	opCancel: "dial", opSet: "set", opSend: "write", opClose: "close", opDo: "do", opOption: "set", opAccept: "accept", opRead: "read",
	opWrite: "write", opCloseRead: "close", opCloseWrite: "close", opListen: "listen", opDial: "dial", opWait: "wait",
}

func (o op) String() string { return opNames[o] }

// queues reports whether the caller goes on at once.
func (o op) queues() bool { return o <= opClose }

// noSocket orders requests that have no socket yet behind those that have.
const noSocket = 1 << 60

// request is a call of a goroutine on its way through the driver.
type request struct {
	op     op
	host   *Host // nil for those of the network
	socket int   // number on the host
	arg    string
	label  string
	seq    uint64 // of submission

	run  func(*netsim.Proc) error // what it does; nil: by op
	conn *conn
	gate *gate // to pass, or nil
	buf  []byte
	own  []byte    // memory for buf
	when time.Time // deadline

	task netsim.Task
	then func(int, error) // the end of the task

	n    int
	err  error
	done chan struct{} // receives when it is complete; nobody listens to one that queues

	what  string     // for messages, when there is no conn
	since vtime.Time // it began
	place int        // in Network.begun
	over  bool
}

func (r *request) hostIndex() int {
	if r.host == nil {
		return -1
	}
	return r.host.index
}

// endsSending reports whether the request is one of a conn after which nothing is
// sent.
func (r *request) endsSending() bool {
	return r.conn != nil && (r.op == opClose || r.op == opCloseWrite)
}

// compare is the canonical order of the requests of one instant. Those that only
// queue come first: their callers may have gone on to what waits behind.
// Among those of one socket they keep the order in which they were submitted,
// all others are ordered by what they are. Only what is alike in everything is
// in the order of submission, which is the scheduler's.
func (r *request) compare(s *request) int {
	if a, b := r.op.queues(), s.op.queues(); a != b {
		if a {
			return -1
		}
		return 1
	}
	if c := cmp.Or(cmp.Compare(r.hostIndex(), s.hostIndex()), cmp.Compare(r.socket, s.socket)); c != 0 {
		return c
	}
	if r.op.queues() {
		return cmp.Compare(r.seq, s.seq)
	}
	return cmp.Or(cmp.Compare(r.op, s.op), strings.Compare(r.arg, s.arg), strings.Compare(r.label, s.label), cmp.Compare(r.seq, s.seq))
}

// request is a fresh one, or one used before.
func (n *Network) request(h *Host, o op) *request {
	n.mu.Lock()
	defer n.mu.Unlock()
	var r *request
	if last := len(n.spare) - 1; last >= 0 {
		r, n.spare = n.spare[last], n.spare[:last]
	} else {
		r = &request{done: make(chan struct{}, 1)}
		r.then = func(count int, err error) {
			r.n, r.err = count, err
			n.complete(r)
		}
	}
	r.op, r.host = o, h
	return r
}

// recycle takes a request back that nobody uses any more; n.mu is held.
func (n *Network) recycle(r *request) {
	*r = request{done: r.done, then: r.then, own: r.own[:0]}
	n.spare = append(n.spare, r)
}

// submit hands a request to the driver; false when the network has ended.
func (n *Network) submit(r *request) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closing {
		return false
	}
	n.enqueue(r)
	return true
}

// enqueue hands a request to the driver; n.mu is held.
func (n *Network) enqueue(r *request) {
	n.seq++
	r.seq = n.seq
	r.err = net.ErrClosed // unless the driver says otherwise
	n.pending = append(n.pending, r)
	n.wakeDriver()
}

// wakeDriver ends the driver's sleep; n.mu is held.
func (n *Network) wakeDriver() {
	if n.asleep {
		n.asleep = false
		n.kick <- struct{}{}
	}
}

// call performs a request and waits for it. The error is what the request gave,
// or [net.ErrClosed], bare, when it was not performed to its end.
func (n *Network) call(r *request) (int, error) {
	count, err := 0, net.ErrClosed
	if n.submit(r) {
		<-r.done
		count, err = r.n, r.err
	}
	n.mu.Lock()
	n.recycle(r)
	n.mu.Unlock()
	return count, err
}

// post queues a request and does not wait; false when the network has ended.
func (n *Network) post(r *request) bool { return n.submit(r) }

// gate lets one request at a time into an operation of a socket, the first come
// first, as the lock of a file descriptor does in package net: a Write is not
// mixed with another.
type gate struct {
	busy  bool
	queue []*request
}

// enter reports whether r may go on now; otherwise it is in the queue.
func (g *gate) enter(r *request) bool {
	if g.busy {
		g.queue = append(g.queue, r)
		return false
	}
	g.busy = true
	return true
}

// leave gives the request that may go on next, or nil.
func (g *gate) leave() *request {
	if len(g.queue) == 0 {
		g.busy, g.queue = false, nil
		return nil
	}
	r := g.queue[0]
	g.queue = g.queue[1:]
	return r
}
