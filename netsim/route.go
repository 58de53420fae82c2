package netsim

// route is the port by which a packet leaves v towards dst: on a path of the
// fewest links, of several the one that was created first. It is nil when
// there is none. Links that are down count: routes are static.
func (n *Network) route(v, dst *node) *port {
	if n.routes == nil {
		n.routes = map[*node][]*port{}
	}
	table := n.routes[dst]
	if table == nil {
		table = n.routesTo(dst)
		n.routes[dst] = table
	}
	return table[v.index]
}

// routesTo finds the way to dst from every node: breadth first, from dst
// backwards.
func (n *Network) routesTo(dst *node) []*port {
	table := make([]*port, len(n.nodes))
	frontier := []*node{dst}
	for len(frontier) > 0 {
		v := frontier[0]
		frontier = frontier[1:]
		if v != dst && v.host != nil {
			continue // a host does not forward
		}
		for _, p := range v.ports {
			w := p.peer
			if w == dst || table[w.index] != nil {
				continue
			}
			table[w.index] = p.other()
			frontier = append(frontier, w)
		}
	}
	return table
}

// other is the other end of p's link.
func (p *port) other() *port {
	if p == &p.link.ends[0] {
		return &p.link.ends[1]
	}
	return &p.link.ends[0]
}
