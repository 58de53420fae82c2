package netsim

import "iter"

// coroutine runs procs, one after the other: making one costs more than many
// calls.
type coroutine struct {
	proc  *Proc // nil when it is free
	next  func() (struct{}, bool)
	stop  func() // unwinds the proc
	yield func(struct{}) bool
}

// coroutine is one that is free.
func (n *Network) coroutine() *coroutine {
	if last := len(n.idle) - 1; last >= 0 {
		co := n.idle[last]
		n.idle = n.idle[:last]
		return co
	}
	co := &coroutine{}
	co.next, co.stop = iter.Pull(func(yield func(struct{}) bool) {
		co.yield = yield
		growStack(0)
		for co.proc != nil {
			co.proc.main()
			co.proc = nil
			if !yield(struct{}{}) {
				return // the network has closed
			}
		}
	})
	return co
}

// procStack is how many bytes of stack the calls of a proc take, or somewhat less.
const procStack = 6 << 10

// growStack has the goroutine's stack grow in one step while there is little on
// it. Else it grows several times, each time with all that is on it by then,
// which takes a tenth of the time of a short run.
//
//go:noinline
func growStack(i int) byte {
	var frame [procStack]byte
	return frame[i]
}
