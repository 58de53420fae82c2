package trace

import (
	"bytes"
	"net/netip"
	"time"
)

// Epoch is the instant on the calendar at which virtual time begins, unless a
// header says otherwise: the one at which a testing/synctest bubble begins.
var Epoch = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)

// Format is the version of the text and NDJSON formats. Readers refuse others.
const Format = 1

// Trace is what happened in a run, in the order in which it happened.
type Trace struct {
	Header Header
	Events []Event
}

// Header says what was run. No field is needed; none is covered by the hash.
type Header struct {
	Scenario string // the scenario's name
	Seed     uint64
	// Start is the instant on the calendar of virtual time 0; UTC. [Epoch], or the
	// zero time for "not said", which writers of calendar times take for Epoch.
	Start time.Time
	// Hosts are the hosts and routers, in the order in which a ladder shows them,
	// left to right. Those that only events name come after these.
	Hosts []Host
}

// Host is one host or router of a run.
type Host struct {
	Name   string
	Addrs  []netip.Addr
	Engine string // its TCP: "netstack", "tcpmodel/linux"; "" for a router or where it is not said
}

// start is the calendar instant of virtual time 0.
func (h *Header) start() time.Time {
	if h.Start.IsZero() {
		return Epoch
	}
	return h.Start
}

// Hash is the hash of the events, equal to that of the [Recorder] that recorded
// them.
func (t *Trace) Hash() Hash {
	var h hasher
	h.reset()
	for i := range t.Events {
		h.event(&t.Events[i])
	}
	return h.sum()
}

// nodes are the names of all hosts, routers and link ends: the header's first, in
// its order, then as events name them.
func (t *Trace) nodes() []string {
	var names []string
	seen := make(map[string]bool)
	add := func(name string) {
		if name != "" && !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	for i := range t.Header.Hosts {
		add(t.Header.Hosts[i].Name)
	}
	for i := range t.Events {
		add(t.Events[i].Host)
		add(t.Events[i].Peer)
	}
	return names
}

// Equal reports whether e and f are the same in every field; a nil slice
// equals an empty one.
func (e *Event) Equal(f *Event) bool {
	if !bytes.Equal(appendHead(nil, e), appendHead(nil, f)) {
		return false
	}
	data1, payload1, body1 := e.blobs()
	data2, payload2, body2 := f.blobs()
	return bytes.Equal(data1, data2) && bytes.Equal(payload1, payload2) && bytes.Equal(body1, body2)
}
