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

// listed is how many calls a message names.
const listed = 20

// waits lists the calls that wait, in canonical order.
func (n *Network) waits() string {
	calls := slices.Clone(n.begun)
	slices.SortFunc(calls, (*request).compare)
	var b strings.Builder
	for i, r := range calls {
		if i == listed {
			fmt.Fprintf(&b, "\n\t… and %d more", len(calls)-i)
			break
		}
		fmt.Fprintf(&b, "\n\t%v", r)
	}
	return b.String()
}

// deadlock describes the calls that wait.
func (n *Network) deadlock() string {
	return fmt.Sprintf("bubble: dead-lock: no call has begun or ended from %v to %v of virtual time, and %d wait; they now fail with net.ErrClosed%s\nIn the program:%s",
		n.progress, now(), len(n.begun), n.waits(), listGoroutines(bubbleGoroutines()))
}
