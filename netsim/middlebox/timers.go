package middlebox

import (
	"slices"
	"time"

	"rstlab/netsim/wire"
)

// timer is something that a box will do by itself.
type timer struct {
	at      time.Duration
	session *session      // to look at
	kill    bool          // it is to be killed, else its idle time may be over
	packets []wire.Packet // to be sent
	flow    pair          // what an unsolicited SYN was for
}

// timers are what a box will do by itself, in order of time and then of
// setting.
type timers struct{ list []timer }

func (t *timers) add(at time.Duration, what timer) {
	what.at = at
	i, _ := slices.BinarySearchFunc(t.list, at, func(x timer, at time.Duration) int {
		if x.at <= at {
			return -1
		}
		return 1
	})
	t.list = slices.Insert(t.list, i, what)
}

func (t *timers) next() (at time.Duration, ok bool) {
	if len(t.list) == 0 {
		return 0, false
	}
	return t.list[0].at, true
}

// take takes the first timer, if it is due.
func (t *timers) take(now time.Duration) (timer, bool) {
	if len(t.list) == 0 || t.list[0].at > now {
		return timer{}, false
	}
	first := t.list[0]
	t.list = slices.Delete(t.list, 0, 1)
	return first, true
}

// due takes all timers that are due, and gives what they send.
func (t *timers) due(now time.Duration) []wire.Packet {
	var sent []wire.Packet
	for {
		x, ok := t.take(now)
		if !ok {
			return sent
		}
		sent = append(sent, x.packets...)
	}
}

// cancel takes out the timers about a flow.
func (t *timers) cancel(flow pair) {
	t.list = slices.DeleteFunc(t.list, func(x timer) bool { return x.session == nil && x.flow == flow })
}
