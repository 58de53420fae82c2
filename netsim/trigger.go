package netsim

import (
	"slices"

	"rstlab/netsim/link"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// Trigger is something that will happen in a run, such as the second segment with
// data that a host sends, and what is to be done then. Make one with
// [Network.Trigger].
type Trigger struct {
	net  *Network
	want func(*trace.Event) bool
	left int // how many of the events are still to come
	todo []func()
}

// Trigger makes a trigger that fires with the nth event of the trace, counted from
// 1 and from now on, that is wanted: see [Sends], [Receives], [Misses] and
// [Enters]. want is shown every event once, in order; it must do nothing else but
// look. To have all events of a run counted make the trigger before Run.
func (n *Network) Trigger(nth int, want func(*trace.Event) bool) *Trigger {
	t := &Trigger{net: n, want: want, left: max(nth, 1)}
	if !n.watching {
		n.watching = true
		n.rec.Attach((*watcher)(n))
	}
	n.triggers = append(n.triggers, t)
	return t
}

// Fired reports whether the event has happened.
func (t *Trigger) Fired() bool { return t.left == 0 }

// Do calls f when the trigger fires: at that instant, after what the network has
// scheduled for it so far, as [Network.At] does. On a trigger that has fired
// already, f is called now. f must not block.
func (t *Trigger) Do(f func()) {
	if t.Fired() {
		t.net.After(0, f)
		return
	}
	t.todo = append(t.todo, func() { t.net.After(0, f) })
}

// Await blocks the proc until the trigger fires. It goes on at that instant, after
// everything that the network does then; at once when the trigger has fired.
func (p *Proc) Await(t *Trigger) {
	p.mustRun("awaits a trigger")
	if t.Fired() {
		return
	}
	t.todo = append(t.todo, func() { p.net.wake(p) })
	for !t.Fired() {
		p.park("await", nil)
	}
}

// watcher is the network as the sink of its own trace.
type watcher Network

// Event implements [trace.Sink].
func (n *watcher) Event(e *trace.Event) error {
	fired := false
	for _, t := range n.triggers {
		if t.want(e) {
			t.left--
			fired = fired || t.left == 0
		}
	}
	if !fired {
		return nil
	}
	done := slices.Clone(n.triggers)
	n.triggers = slices.DeleteFunc(n.triggers, (*Trigger).Fired)
	for _, t := range done {
		if t.Fired() {
			for _, f := range t.todo {
				f()
			}
			t.todo = nil
		}
	}
	return nil
}

// Sends is what [Network.Trigger] wants of a packet that matches and leaves the
// node, a router's forwarded ones included. Whether it is a retransmission
// (rexmit) is judged by what the node has sent since the condition was made.
// Use each condition once: it remembers what it has seen.
func Sends(at Node, match link.Match) func(*trace.Event) bool {
	matcher, name := match.Matcher(), at.Name()
	return func(e *trace.Event) bool {
		return (e.Kind == trace.Sent || e.Kind == trace.Forwarded || e.Kind == trace.Injected) &&
			e.Host == name && matcher.Match(&e.Packet)
	}
}

// Receives is [Sends] for a packet that is delivered to the host. Here rexmit
// says that sequence numbers of the segment have arrived before.
func Receives(at *Host, match link.Match) func(*trace.Event) bool {
	matcher, name := match.Matcher(), at.Name()
	return func(e *trace.Event) bool {
		return e.Kind == trace.Delivered && e.Host == name && matcher.Match(&e.Packet)
	}
}

// Misses is [Sends] for a packet to an address of the node that is dropped on the
// way, wherever. Here rexmit says that sequence numbers of the segment were
// dropped before.
func Misses(to Node, match link.Match) func(*trace.Event) bool {
	matcher, v := match.Matcher(), to.node()
	return func(e *trace.Event) bool {
		return e.Kind == trace.Dropped && slices.Contains(v.addrs, e.Packet.Dst) && matcher.Match(&e.Packet)
	}
}

// Enters is what [Network.Trigger] wants of a connection of the host that enters a
// TCP state.
func Enters(at *Host, state wire.State) func(*trace.Event) bool {
	name := at.Name()
	return func(e *trace.Event) bool {
		return e.Kind == trace.StateChange && e.Host == name && e.To == state
	}
}
