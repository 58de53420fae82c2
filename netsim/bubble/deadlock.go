package bubble

import (
	"fmt"
	"slices"
	"strings"
)

// String says who waits in which call on which socket since when.
func (r *request) String() string {
	where := "network"
	if r.host != nil {
		where = r.host.sim.Name()
	}
	if r.label != "" {
		where += "/" + r.label
	}
	what := r.what
	if r.conn != nil {
		what = fmt.Sprintf("%v > %v %v", r.conn.local, r.conn.remote, r.conn.sim.State())
	}
	return fmt.Sprintf("%s: %s %s, since %v", where, r.op, what, r.since)
}

// listed is how many calls or goroutines a message names.
const listed = 20

// waits lists the calls that wait, in canonical order.
func (n *Network) waits() string {
	calls := slices.Clone(n.begun)
	slices.SortFunc(calls, (*request).compare)
	return lines(calls)
}

// lines is a line for each item, as many as fit.
func lines[T fmt.Stringer](items []T) string {
	var b strings.Builder
	for i, item := range items {
		if i == listed {
			fmt.Fprintf(&b, "\n\t… and %d more", len(items)-i)
			break
		}
		fmt.Fprintf(&b, "\n\t%v", item)
	}
	return b.String()
}

// deadlock describes the calls that wait.
func (n *Network) deadlock() string {
	return fmt.Sprintf("bubble: dead-lock: no call has begun or ended from %v to %v of virtual time, and %d wait; they now fail with net.ErrClosed%s\nIn the program:%s",
		n.progress, now(), len(n.begun), n.waits(), lines(bubbleGoroutines()))
}

// note says what the program's goroutines do when nothing has happened on the
// network until the horizon, though no call waits. They may be waiting for a
// timer still; but when they wait for each other, synctest ends the bubble with a
// panic that does not say where.
func (n *Network) note() {
	list := bubbleGoroutines()
	if len(list) == 0 {
		return
	}
	n.t.Logf("bubble: nothing has happened on the network from %v to %v of virtual time, and no call waits. If synctest reports a dead-lock now, it is the program's own:%s",
		n.progress, now(), lines(list))
}
