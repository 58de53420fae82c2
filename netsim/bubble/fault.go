package bubble

import (
	"slices"
	"time"

	"rstlab/netsim"
	"rstlab/netsim/link"
	"rstlab/netsim/trace"
	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
)

// Faults may be set by any goroutine of the bubble, at once or, with
// [Network.At], at an instant. Each goes through [Network.Do]: it comes after
// what the network does at that instant and before the next calls of programs,
// and it stands in the trace. After the end of the network faults do nothing.

// testState is what a test wants of the network beside hosts and links. All but
// alarms belongs to the driver.
type testState struct {
	rules    []*Rule
	waiters  []*waiter
	watching bool                  // the trace has our sink
	alarms   map[vtime.Time]*alarm // of At, guarded by Network.mu
}

// Partition loses every packet between hosts a and b, also those in flight and
// on whatever path of the links there are now, until [Network.Heal].
func (n *Network) Partition(a, b *Host) {
	name := partitionName(a, b)
	from, to := a.sim.Addrs(), b.sim.Addrs()
	cut := link.RuleFunc(func(_ time.Duration, p *wire.Packet) link.Verdict {
		if slices.Contains(from, p.Src) && slices.Contains(to, p.Dst) || slices.Contains(to, p.Src) && slices.Contains(from, p.Dst) {
			return link.Verdict{Action: link.Drop}
		}
		return link.Verdict{}
	})
	n.Do(func(sim *netsim.Network) {
		n.noteFault(name)
		for _, l := range sim.Links() {
			for _, d := range l.Directions() {
				_ = d.AddRule(name, cut) // the only error: they are parted already
			}
		}
	})
}

// Heal ends [Network.Partition] of the same two hosts, in either order.
func (n *Network) Heal(a, b *Host) {
	n.Do(func(sim *netsim.Network) {
		n.noteFault("heal " + a.sim.Name() + " | " + b.sim.Name())
		for _, l := range sim.Links() {
			for _, d := range l.Directions() {
				d.RemoveRule(partitionName(a, b))
				d.RemoveRule(partitionName(b, a))
			}
		}
	})
}

func partitionName(a, b *Host) string { return "partition " + a.sim.Name() + " | " + b.sim.Name() }

// noteFault puts a fault in the trace that the simulation below knows nothing of.
func (n *Network) noteFault(what string) {
	n.sim.Recorder().Record(&trace.Event{At: n.sim.Now().Since(), Kind: trace.Fault, Fault: what})
}

// LinkDown takes both directions of a link down: what is in flight is lost, and
// what is sent until [Network.LinkUp]. No host is told.
func (n *Network) LinkDown(l *netsim.Link) { n.Do(func(*netsim.Network) { l.Down() }) }

// LinkUp ends [Network.LinkDown].
func (n *Network) LinkUp(l *netsim.Link) { n.Do(func(*netsim.Network) { l.Up() }) }

// PowerOff takes the host off the network without a word: its TCP state is gone,
// packets to it are lost. Calls on its sockets, those that wait and later ones,
// fail with [net.ErrClosed], as far as goroutines of a dead computer can run
// at all: Go has no way to stop them, so let them end on the error.
func (h *Host) PowerOff() { h.net.Do(func(*netsim.Network) { h.sim.PowerOff() }) }

// Reboot starts the host afresh with the same addresses, at once: connections of
// its former life are unknown to it, and segments of them draw RST (RFC 9293
// section 3.5.1). A host that is on crashes first, see [Host.PowerOff].
// Listeners are to be made again.
func (h *Host) Reboot() { h.net.Do(func(*netsim.Network) { h.sim.Reboot() }) }
