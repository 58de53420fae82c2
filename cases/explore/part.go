package explore

import (
	"rstlab/netsim/trace"
)

// Parting is where two runs part: the first event that one host saw otherwise,
// or earlier in its own order of events. Times do not count, nor do options
// with time stamps: a change by a nanosecond changes them all.
type Parting struct {
	Host string
	A, B int // index of that event in either trace; the number of events when it is missing
}

// Part compares two traces, host by host, and gives nil when no host saw a
// difference.
func Part(a, b *trace.Trace) *Parting {
	seenA, seenB := byHost(a), byHost(b)
	var first *Parting
	for _, host := range hostsOf(a, b) {
		here := partHost(a, b, seenA[host], seenB[host])
		if here == nil {
			continue
		}
		here.Host = host
		if first == nil || min(here.A, here.B) < min(first.A, first.B) {
			first = here
		}
	}
	return first
}

// byHost are the indices of the events of each host.
func byHost(t *trace.Trace) map[string][]int {
	hosts := map[string][]int{}
	for i := range t.Events {
		hosts[t.Events[i].Host] = append(hosts[t.Events[i].Host], i)
	}
	return hosts
}

// hostsOf are the hosts of both traces, in the order of their first events.
func hostsOf(traces ...*trace.Trace) []string {
	var hosts []string
	seen := map[string]bool{}
	for _, t := range traces {
		for i := range t.Events {
			if h := t.Events[i].Host; !seen[h] {
				seen[h] = true
				hosts = append(hosts, h)
			}
		}
	}
	return hosts
}

func partHost(a, b *trace.Trace, inA, inB []int) *Parting {
	for k := 0; k < len(inA) || k < len(inB); k++ {
		at := Parting{A: len(a.Events), B: len(b.Events)}
		if k < len(inA) {
			at.A = inA[k]
		}
		if k < len(inB) {
			at.B = inB[k]
		}
		if k >= len(inA) || k >= len(inB) || !alike(a.Events[at.A], b.Events[at.B]) {
			return &at
		}
	}
	return nil
}

// alike reports whether two events are the same but for their times.
func alike(a, b trace.Event) bool {
	for _, e := range []*trace.Event{&a, &b} {
		e.Seq, e.At, e.Number = 0, 0, 0
		e.Packet.TCP.Options = nil
	}
	return a.Equal(&b)
}

// Marked is a copy of the trace with a fault before the event i that says text:
// pictures show it as a line across all hosts.
func Marked(t *trace.Trace, i int, text string) *trace.Trace {
	mark := trace.Event{Kind: trace.Fault, Fault: text}
	switch {
	case i < len(t.Events):
		mark.At = t.Events[i].At
	case i > 0:
		mark.At = t.Events[i-1].At
	}
	marked := &trace.Trace{Header: t.Header}
	marked.Events = append(marked.Events, t.Events[:i]...)
	marked.Events = append(marked.Events, mark)
	marked.Events = append(marked.Events, t.Events[i:]...)
	for k := range marked.Events {
		marked.Events[k].Seq = uint64(k + 1)
	}
	return marked
}
