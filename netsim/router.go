package netsim

import "net/netip"

// Router forwards packets between its links, by the shortest path or by
// [Network.SetRoute]. It reports what it cannot forward to the sender by ICMP: net
// unreachable without a route, host unreachable when the next node does not
// answer (see [NeighbourState]), time exceeded, and packet too big.
type Router struct{ n node }

// Name implements [Node].
func (r *Router) Name() string { return r.n.name }

func (r *Router) node() *node { return &r.n }

// Router adds a router, switched on. Its addresses, from which it reports errors,
// are 10.255.x.y and fd00:0:0:ff::xy.
func (n *Network) Router(name string) *Router {
	r := &Router{}
	i := len(n.nodes) + 1
	n.addNode(&r.n, name, []netip.Addr{
		netip.AddrFrom4([4]byte{10, 255, byte(i >> 8), byte(i)}),
		netip.AddrFrom16([16]byte{0: 0xfd, 7: 0xff, 14: byte(i >> 8), 15: byte(i)}),
	}, netip.Addr{})
	return r
}

// Up reports whether the router is switched on.
func (r *Router) Up() bool { return !r.n.off }

// PowerOff switches the router off: what reaches it is lost without a word. What
// it has sent is on its way. The nodes around it notice nothing; their routes
// still lead here.
func (r *Router) PowerOff() {
	if r.n.off {
		return
	}
	r.n.net.fault(&r.n, "power off")
	r.n.off = true
	r.n.forget(routerOff)
}

// PowerOn switches the router on again. It has its routes, but of its neighbours
// it knows only what it knew at first.
func (r *Router) PowerOn() {
	if r.n.off {
		r.n.net.fault(&r.n, "power on")
		r.n.off = false
	}
}
