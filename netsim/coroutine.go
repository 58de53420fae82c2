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
