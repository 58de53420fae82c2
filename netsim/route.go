package netsim

import "fmt"

// SetRoute has packets for dst leave the node at, a host or router, towards its
// neighbour via from now on, in place of the shortest path. Nothing checks where
// they get to: routes can be wrong and go in circles. It stays when the node is
// switched off and on. An error says that no link joins at and via.
func (n *Network) SetRoute(at, dst, via Node) error {
	v := at.node()
	for _, p := range v.ports {
		if p.peer == via.node() {
			n.fault(v, "route to "+dst.Name()+" via "+via.Name())
			v.setRoute(dst.node(), p)
			return nil
		}
	}
	return fmt.Errorf("netsim: %s: route to %s via %s: no link joins %s and %s", at.Name(), dst.Name(), via.Name(), at.Name(), via.Name())
}

// RemoveRoute leaves the node without a route to dst: packets for it are dropped,
// and their sender is told with ICMP net unreachable. A host tells itself so, and
// its connect fails with ENETUNREACH.
func (n *Network) RemoveRoute(at, dst Node) {
	n.fault(at.node(), "no route to "+dst.Name())
	at.node().setRoute(dst.node(), nil)
}

// ResetRoute undoes [Network.SetRoute] and [Network.RemoveRoute]: packets for dst
// take the shortest path again.
func (n *Network) ResetRoute(at, dst Node) {
	n.fault(at.node(), "shortest route to "+dst.Name())
	delete(at.node().static, dst.node())
}

func (v *node) setRoute(dst *node, p *port) {
	if v.static == nil {
		v.static = map[*node]*port{}
	}
	v.static[dst] = p
}

// route is the port by which a packet leaves v towards dst: the one that was
// set, or on a path of the fewest links, of several the one that was created
// first. It is nil when there is none. Links and routers that are down count:
// nobody tells the others.
func (n *Network) route(v, dst *node) *port {
	if p, ok := v.static[dst]; ok {
		return p
	}
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
