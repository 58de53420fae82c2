package netsim

import (
	"net/netip"
	"slices"

	"rstlab/netsim/middlebox"
	"rstlab/netsim/trace"
	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
)

// Middlebox is a node that forwards as a router does and meddles with what
// passes: a firewall, a NAT, an observer. How near it is to each end is a matter
// of the links on both sides of it.
//
// The trace has what it loses as dropped, with its reason; a packet that it has
// rewritten as forwarded, under its number, with what was rewritten; what it
// forges as injected; and what it sends in its own name, such as ICMP, as sent.
type Middlebox struct {
	n       node
	box     middlebox.Box
	outside []string
	alarm   vtime.Event
}

// Name implements [Node].
func (m *Middlebox) Name() string { return m.n.name }

func (m *Middlebox) node() *node { return &m.n }

// Box is what the middlebox does.
func (m *Middlebox) Box() middlebox.Box { return m.box }

// Middlebox adds a middlebox. outside are the names of those neighbours from
// which packets come from outside; all others are inside. addrs are its
// addresses; none means those that a router has.
func (n *Network) Middlebox(name string, box middlebox.Box, addrs []netip.Addr, outside ...string) *Middlebox {
	m := n.addMiddlebox(name, addrs, outside)
	m.box = box
	return m
}

func (n *Network) addMiddlebox(name string, addrs []netip.Addr, outside []string) *Middlebox {
	m := &Middlebox{outside: slices.Clone(outside)}
	m.n.box = m
	m.alarm.Init(m.expire)
	if len(addrs) == 0 {
		addrs = n.routerAddrs()
	}
	n.addNode(&m.n, name, slices.Clone(addrs), netip.Addr{})
	return m
}

// routerAddrs are the addresses of the next node, if it is no host.
func (n *Network) routerAddrs() []netip.Addr {
	i := len(n.nodes) + 1
	return []netip.Addr{
		netip.AddrFrom4([4]byte{10, 255, byte(i >> 8), byte(i)}),
		netip.AddrFrom16([16]byte{0: 0xfd, 7: 0xff, 14: byte(i >> 8), 15: byte(i)}),
	}
}

// Firewall adds a [middlebox.Firewall]. outside is as in [Network.Middlebox].
// Mistakes in cfg are reported by [Network.Err].
func (n *Network) Firewall(name string, cfg middlebox.FirewallConfig, outside ...string) *Middlebox {
	m := n.addMiddlebox(name, nil, outside)
	box, err := middlebox.NewFirewall(cfg, m.n.addrs...)
	return n.furnish(m, box, err)
}

// NAT adds a [middlebox.NAT]. outside is as in [Network.Middlebox]. An address
// that is not set in cfg is the node's. Mistakes in cfg are reported by
// [Network.Err].
func (n *Network) NAT(name string, cfg middlebox.NATConfig, outside ...string) *Middlebox {
	var addrs []netip.Addr
	if cfg.Address.IsValid() {
		addrs = []netip.Addr{cfg.Address}
	}
	m := n.addMiddlebox(name, addrs, outside)
	cfg.Address = m.n.addrs[0]
	box, err := middlebox.NewNAT(cfg)
	return n.furnish(m, box, err)
}

// Observer adds a [middlebox.Observer]. outside is as in [Network.Middlebox], and
// matters only to triggers that tell the sides apart. Mistakes in cfg are
// reported by [Network.Err].
func (n *Network) Observer(name string, cfg middlebox.ObserverConfig, outside ...string) *Middlebox {
	m := n.addMiddlebox(name, nil, outside)
	box, err := middlebox.NewObserver(cfg)
	return n.furnish(m, box, err)
}

func (n *Network) furnish(m *Middlebox, box middlebox.Box, err error) *Middlebox {
	m.box = box
	if err != nil {
		n.mistake("%q: %w", m.n.name, err)
	}
	return m
}

// meddle shows a packet that has arrived to the box, and does what it says.
func (m *Middlebox) meddle(f *flight) {
	n, v := m.n.net, &m.n
	if f.delivery.Flip != 0 && m.damaged(f) {
		return
	}
	side := middlebox.Outside
	if f.port != nil && !slices.Contains(m.outside, f.port.at.name) {
		side = middlebox.Inside
	}
	result := m.box.Handle(n.Now().Since(), side, &f.packet)
	if result.Drop == "" && result.Note != "" {
		m.rewrite(f, &result)
	}
	if result.Drop != "" {
		n.recordPacket(trace.Dropped, v, f, "", result.Drop)
		n.recycle(f)
	} else {
		f.note = result.Note
		n.forward(v, f)
	}
	m.emit(result.Send)
	m.arm()
}

// damaged decides about a packet of which a bit was flipped. What only looks
// passes it on; what keeps track of connections drops a segment with a wrong
// checksum. It reports whether nothing is left to do.
func (m *Middlebox) damaged(f *flight) bool {
	n := m.n.net
	packet, err := wire.Parse(f.datagram())
	if err == nil {
		f.raw, f.packet, f.delivery.Flip = f.datagram(), packet, 0
		return false
	}
	if _, looks := m.box.(*middlebox.Observer); looks {
		n.forward(&m.n, f)
		return true
	}
	n.recordPacket(trace.Dropped, &m.n, f, "", "damaged segment")
	n.recycle(f)
	return true
}

// rewrite has the packet be the one that the box has made of it.
func (m *Middlebox) rewrite(f *flight, result *middlebox.Result) {
	raw, err := wire.Build(result.Packet)
	if err != nil {
		result.Drop = err.Error()
		return
	}
	f.raw, f.packet = raw, result.Packet
}

// emit sends packets of the box's own.
func (m *Middlebox) emit(packets []wire.Packet) {
	for _, p := range packets {
		kind := trace.Injected
		if slices.Contains(m.n.addrs, p.Src) {
			kind = trace.Sent
		}
		raw, err := wire.Build(p)
		if err != nil {
			panic("netsim: " + m.n.name + ": " + err.Error())
		}
		packet, err := wire.ParseTrusted(raw)
		if err != nil {
			panic("netsim: " + m.n.name + ": " + err.Error())
		}
		m.n.net.launchAs(kind, &m.n, raw, packet)
	}
}

// arm sets the alarm for what the box does next by itself.
func (m *Middlebox) arm() {
	if at, ok := m.box.Deadline(); ok {
		m.n.net.agenda.Schedule(vtime.Time(at), &m.alarm)
	} else {
		m.n.net.agenda.Cancel(&m.alarm)
	}
}

func (m *Middlebox) expire() {
	m.emit(m.box.Expire(m.n.net.Now().Since()))
	m.arm()
}
