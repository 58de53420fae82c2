package trace

import "slices"

// findLanes finds the hosts that something happens at or that a link leads to, in
// the order of the header; but when they are joined like a string of pearls, in
// that order, so that a router stands between its hosts.
func (d *diagrammer) findLanes() {
	involved := make(map[string]bool)
	links := make(map[string][]string)
	for i := range d.trace.Events {
		e := &d.trace.Events[i]
		involved[e.Host], involved[e.Peer] = true, true
		if e.Host != "" && e.Peer != "" && e.Host != e.Peer && !slices.Contains(links[e.Host], e.Peer) {
			links[e.Host] = append(links[e.Host], e.Peer)
			links[e.Peer] = append(links[e.Peer], e.Host)
		}
	}
	for _, name := range d.trace.nodes() {
		if involved[name] {
			d.lanes = append(d.lanes, name)
		}
	}
	if path := asPath(d.lanes, links); path != nil {
		d.lanes = path
	}
	for i, name := range d.lanes {
		d.lane[name] = i
	}
}

// asPath orders the names from one end to the other if the links join them all in
// one line; otherwise it is nil.
func asPath(names []string, links map[string][]string) []string {
	if len(names) < 3 {
		return nil
	}
	start := ""
	for _, name := range names {
		switch n := len(links[name]); {
		case n == 0 || n > 2:
			return nil
		case n == 1 && start == "":
			start = name
		}
	}
	if start == "" { // a ring
		return nil
	}
	path := []string{start}
	for before := ""; ; {
		at := path[len(path)-1]
		next := slices.IndexFunc(links[at], func(name string) bool { return name != before })
		if next < 0 {
			break
		}
		before = at
		path = append(path, links[at][next])
	}
	if len(path) != len(names) { // several lines
		return nil
	}
	return path
}
