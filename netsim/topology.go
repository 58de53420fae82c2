package netsim

import (
	"cmp"
	"fmt"
	"net/netip"
	"regexp"
	"time"

	"rstlab/netsim/link"
	"rstlab/netsim/trace"
)

// Node is what a link can end at: a [*Host], a [*Router] or a [*Middlebox].
type Node interface {
	// Name is the node's name, unique in its network.
	Name() string
	node() *node
}

// node is what hosts and routers have in common.
type node struct {
	net   *Network
	index int // in Network.nodes
	name  string
	addrs []netip.Addr
	ports []*port // its ends of links, in order of creation
	host  *Host   // nil for a router or middlebox
	box   *Middlebox

	off    bool            // a router that is switched off
	knows  NeighbourState  // what it knows of its neighbours when it is switched on
	static map[*node]*port // routes that were set by hand; nil for an unreachable destination
}

// Link joins two nodes. Each direction has its own settings, rules and fate.
type Link struct {
	name string
	ends [2]port
}

// port is one end of a link, and the direction that leaves there.
type port struct {
	link *Link
	at   *node
	peer *node
	dir  *link.Direction

	neighbour neighbour // what at knows of peer
}

// LinkConfig says what a link does to packets. The zero value is a perfect,
// instantaneous link.
type LinkConfig struct {
	// RTT is added to the delays: half of it to each direction (an odd
	// nanosecond goes to AB).
	RTT time.Duration
	// AB is the direction from the first node to the second, BA the other.
	AB, BA link.Config
}

// Symmetric is the configuration of a link whose directions are alike.
func Symmetric(c link.Config) LinkConfig { return LinkConfig{AB: c, BA: c} }

var nameForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*$`)

// addNode gives a node its place and addresses.
func (n *Network) addNode(v *node, name string, addrs []netip.Addr, automatic netip.Addr) {
	v.net, v.name, v.index = n, name, len(n.nodes)
	if !nameForm.MatchString(name) {
		n.mistake("name %q: want letters, digits, '-', '_' and '.', beginning with a letter or digit", name)
	}
	if n.byName[name] != nil {
		n.mistake("name %q is used twice", name)
	}
	if len(addrs) == 0 {
		addrs = []netip.Addr{automatic}
	}
	for _, a := range addrs {
		switch {
		case !a.IsValid() || a.Zone() != "" || a.Is4In6() || a.IsUnspecified() || a.IsMulticast() || a.IsLoopback():
			n.mistake("node %q: address %v: want a plain unicast IPv4 or IPv6 address", name, a)
		case n.byAddr[a] != nil:
			n.mistake("node %q: address %v belongs to %q already", name, a, n.byAddr[a].name)
		}
		n.byAddr[a] = v
	}
	v.addrs = addrs
	n.byName[name] = v
	n.nodes = append(n.nodes, v)
	n.routes = nil
	engine := ""
	if v.host != nil {
		engine = cmp.Or(v.host.cfg.EngineName, "netstack")
	}
	n.rec.Header.Hosts = append(n.rec.Header.Hosts, trace.Host{Name: name, Addrs: addrs, Engine: engine})
}

// Link joins a and b. Mistakes in cfg are reported by [Network.Err].
func (n *Network) Link(a, b Node, cfg LinkConfig) *Link {
	l := &Link{name: a.Name() + "-" + b.Name()}
	if cfg.RTT < 0 {
		n.mistake("link %s: RTT %v: want at least 0", l.name, cfg.RTT)
	}
	cfg.AB.Delay += cfg.RTT - cfg.RTT/2
	cfg.BA.Delay += cfg.RTT / 2
	if a.node() == b.node() || a.node().net != n || b.node().net != n {
		n.mistake("link %s: want two different nodes of this network", l.name)
		return l
	}
	l.ends[0] = port{link: l, at: a.node(), peer: b.node()}
	l.ends[1] = port{link: l, at: b.node(), peer: a.node()}
	for i, c := range []link.Config{cfg.AB, cfg.BA} {
		p := &l.ends[i]
		name := fmt.Sprintf("%s->%s", p.at.name, p.peer.name)
		dir, err := link.New(name, c, stream(n.cfg.Seed, fmt.Sprintf("link %d %s", len(n.links), name)))
		if err != nil {
			n.mistake("%w", err)
			dir, _ = link.New(name, link.Config{}, 0)
		}
		p.dir = dir
		p.neighbour.init(n, p)
		p.at.ports = append(p.at.ports, p)
		if h := p.at.host; h != nil && c.MTU > 0 {
			h.checkMTU(min(c.MTU, 65535))
			h.setMTU(c.MTU)
		}
	}
	n.links = append(n.links, l)
	n.routes = nil
	return l
}

// Name is the names of the link's nodes: "client-server".
func (l *Link) Name() string { return l.name }

// Links are the network's links, in order of creation.
func (n *Network) Links() []*Link { return n.links }

// Directions are both directions of the link: from the first node that was named
// to the second, and back.
func (l *Link) Directions() [2]*link.Direction {
	return [2]*link.Direction{l.ends[0].dir, l.ends[1].dir}
}

// From is the direction of the link that leaves a node: for rules and
// settings. It is nil when the node is not an end of the link.
func (l *Link) From(v Node) *link.Direction {
	for i := range l.ends {
		if l.ends[i].at == v.node() {
			return l.ends[i].dir
		}
	}
	return nil
}

// Down takes both directions down: what is in flight is lost.
func (l *Link) Down() {
	l.ends[0].at.net.fault(nil, "link "+l.name+" down")
	l.ends[0].dir.SetDown()
	l.ends[1].dir.SetDown()
}

// Drain takes both directions down as [Link.Down] does, but what is in flight arrives.
func (l *Link) Drain() {
	l.ends[0].at.net.fault(nil, "link "+l.name+" drains")
	l.ends[0].dir.SetDraining()
	l.ends[1].dir.SetDraining()
}

// Up ends [Link.Down] and [Link.Drain].
func (l *Link) Up() {
	l.ends[0].at.net.fault(nil, "link "+l.name+" up")
	l.ends[0].dir.SetUp()
	l.ends[1].dir.SetUp()
}

// DownFrom cuts one direction: nothing that the node sends passes, and what is in flight
// from there is lost.
func (l *Link) DownFrom(v Node) {
	l.ends[0].at.net.fault(nil, "link "+l.name+" down from "+v.Name())
	l.From(v).SetDown()
}

// DrainFrom cuts one direction: nothing that the node sends from now on passes.
func (l *Link) DrainFrom(v Node) {
	l.ends[0].at.net.fault(nil, "link "+l.name+" drains from "+v.Name())
	l.From(v).SetDraining()
}

// UpFrom mends one direction.
func (l *Link) UpFrom(v Node) {
	l.ends[0].at.net.fault(nil, "link "+l.name+" up from "+v.Name())
	l.From(v).SetUp()
}
