package netsim

import (
	"cmp"
	"errors"
	"net/netip"
	"slices"
	"time"

	"rstlab/netsim/engine"
	"rstlab/netsim/netstack"
	"rstlab/netsim/trace"
	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
)

// defaultMTU is that of Ethernet (RFC 894).
const defaultMTU = 1500

// Engine is a host's TCP/IP.
type Engine = engine.Engine

// HostConfig says what a host is like. The zero value is a netstack host with
// one IPv4 address.
type HostConfig struct {
	// Addrs are the host's addresses, IPv4 or IPv6. None means one IPv4 address
	// in order of creation: 10.0.0.1, 10.0.0.2, …
	Addrs []netip.Addr
	// MTU of the host's interface in bytes; 0 means that of its links, at most
	// 1500.
	MTU int
	// TimeWait is how long its connections stay in TIME-WAIT (RFC 9293 section
	// 3.6.1: two maximum segment lifetimes); 0 means 60 s, as Linux has it.
	TimeWait time.Duration
	// Congestion is the congestion control: "reno", the default, or "cubic".
	Congestion string
	// NoSACK turns selective acknowledgements (RFC 2018) off.
	NoSACK bool
	// NoRACK turns the detection of losses by time (RFC 8985) off.
	NoRACK bool
	// Retries is how often a segment is retransmitted before the connection is
	// given up (tcp_retries2 of Linux); 0 means the engine's default, 15.
	Retries int
	// FinTimeout is how long an orphan stays in FIN-WAIT-2 (tcp_fin_timeout of
	// Linux); 0 means 60 s.
	FinTimeout time.Duration
	// NoTimestamps turns the timestamps option (RFC 7323) off. netstack cannot do
	// without: [Network.Err] reports it.
	NoTimestamps bool
	// GRO turns generic receive offload on: data segments of one connection that
	// arrive at one instant are handed to TCP together, up to 64 KiB, so that
	// it acknowledges them together. Off, every segment is a step of its own.
	GRO bool
	// Engine makes the host's TCP/IP, at first and after each reboot; nil is
	// netstack, to which alone TimeWait, Congestion, NoSACK, NoRACK, Retries,
	// FinTimeout and NoTimestamps apply.
	Engine func(EngineConfig) (Engine, error)
	// EngineName is what the trace calls Engine: "tcpmodel/linux"; "" means
	// "netstack".
	EngineName string
}

// EngineConfig is what an engine needs to know of its host.
type EngineConfig struct {
	Addrs  []netip.Addr
	MTU    int
	Agenda *vtime.Agenda // takes the engine's timers
	Fired  func()        // to be called after each timer: the host settles
	Seed   uint64        // of everything random in the engine
}

// Host is a computer on the network: addresses, an engine, procs and their
// sockets.
type Host struct {
	n       node
	net     *Network
	name    string
	cfg     HostConfig
	engine  engine.Engine // nil while the host is off
	boots   int
	sockets roster[*Socket] // open, in order of creation
	byID    map[int]*Socket // by number of the engine's socket, while open
	lastFD  int
	// lingering are the sockets in a close that waits for its connection, which
	// has no descriptor any more.
	lingering []*Socket
	endpoints endpoints
}

// Name implements [Node].
func (h *Host) Name() string { return h.name }

func (h *Host) node() *node { return &h.n }

// Addrs are the host's addresses.
func (h *Host) Addrs() []netip.Addr { return h.n.addrs }

// Host adds a host, switched on. Mistakes in cfg are reported by
// [Network.Err].
func (n *Network) Host(name string, cfg HostConfig) *Host {
	h := &Host{net: n, name: name, cfg: cfg}
	h.n.host = h
	i := len(n.hosts) + 1
	n.addNode(&h.n, name, slices.Clone(cfg.Addrs), netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
	if cfg.MTU != 0 {
		h.checkMTU(cfg.MTU)
	}
	if cfg.TimeWait < 0 {
		n.mistake("host %q: TimeWait %v: want at least 0", name, cfg.TimeWait)
	}
	if cfg.FinTimeout < 0 {
		n.mistake("host %q: FinTimeout %v: want at least 0", name, cfg.FinTimeout)
	}
	if cfg.Retries < 0 || cfg.Retries > 255 {
		n.mistake("host %q: Retries %d: want 0 to 255", name, cfg.Retries)
	}
	n.hosts = append(n.hosts, h)
	if n.Err() == nil {
		h.boot()
	}
	return h
}

// boot starts a fresh engine.
func (h *Host) boot() {
	h.boots++
	h.lastFD = 2 // 0, 1 and 2 are the standard streams
	h.byID = map[int]*Socket{}
	cfg := EngineConfig{
		Addrs:  h.n.addrs,
		MTU:    cmp.Or(h.cfg.MTU, defaultMTU),
		Agenda: &h.net.agenda,
		Fired:  h.settle,
		Seed:   stream(h.net.cfg.Seed, "host "+h.name) + uint64(h.boots),
	}
	build := h.cfg.Engine
	if build == nil {
		host := h.cfg
		host.NoRACK = host.NoRACK || h.net.choose != nil && h.net.choose.NoRACK
		build = Netstack(host)
	}
	e, err := build(cfg)
	if err != nil {
		h.net.mistake("host %q: %w", h.name, err)
		return
	}
	h.engine = e
}

// Netstack makes the engine of a host that names none.
func Netstack(host HostConfig) func(EngineConfig) (Engine, error) {
	return func(cfg EngineConfig) (Engine, error) {
		if host.NoTimestamps {
			// transport/tcp/connect.go, handshake.start: "TS: true".
			return nil, errors.New("netstack has no switch for timestamps: leave NoTimestamps out")
		}
		e, err := netstack.New(netstack.Config{
			Addrs: cfg.Addrs, MTU: cfg.MTU, Agenda: cfg.Agenda, Fired: cfg.Fired, Seed: cfg.Seed,
			TimeWait: host.TimeWait, Congestion: host.Congestion,
			NoSACK: host.NoSACK, NoRACK: host.NoRACK, Retries: host.Retries, FinTimeout: host.FinTimeout,
		})
		if err != nil {
			return nil, err
		}
		return e, nil
	}
}

func (h *Host) closeEngine() {
	if h.engine != nil {
		h.engine.Close()
		h.engine = nil
	}
}

// checkMTU notes the mistake of an MTU that the host cannot have. RFC 8200
// section 5: "IPv6 requires that every link in the Internet have an MTU of 1280
// octets or greater."
func (h *Host) checkMTU(mtu int) {
	smallest := 68
	if h.has(engine.IPv6) {
		smallest = 1280
	}
	if mtu < smallest || mtu > 65535 {
		h.net.mistake("host %q: MTU %d: want %d to 65535 bytes for its addresses", h.name, mtu, smallest)
	}
}

// setMTU lowers the interface's MTU to that of a link.
func (h *Host) setMTU(mtu int) {
	if mtu < cmp.Or(h.cfg.MTU, defaultMTU) {
		h.cfg.MTU = mtu
		if h.engine != nil {
			h.engine.SetMTU(mtu)
		}
	}
}

// Up reports whether the host is switched on.
func (h *Host) Up() bool { return h.engine != nil }

// PowerOff takes the host off the network without a word: its procs end where
// they are, its TCP state is gone, packets to it are lost, as in a crash.
// [Host.PowerOn] and [Host.Reboot] bring it back.
func (h *Host) PowerOff() {
	h.net.fault(&h.n, "power off")
	h.halt()
	h.net.unwind(h)
}

// PowerOn starts a host that is off, as [Host.Reboot] does. On one that is on it
// does nothing.
func (h *Host) PowerOn() {
	if h.engine == nil {
		h.net.fault(&h.n, "power on")
		h.boot()
	}
}

// Reboot starts the host afresh with the same addresses: connections of its
// former life are unknown to it, and segments of them draw RST (RFC 9293
// section 3.5.1). A host that is on crashes first.
func (h *Host) Reboot() {
	h.net.fault(&h.n, "reboot")
	h.halt()
	h.boot()
	h.net.unwind(h)
}

// halt ends everything on the host at once; its procs are unwound when the loop
// comes to them.
func (h *Host) halt() {
	for _, s := range h.sockets.all() {
		s.closed = true
		s.calls = nil
		s.disarm()
	}
	for _, s := range h.lingering {
		s.look(nil)
		h.net.agenda.Cancel(s.limit)
	}
	h.sockets, h.lingering = roster[*Socket]{}, nil
	h.endpoints.endAll()
	h.closeEngine()
	h.n.forget("host is off")
	for _, p := range h.net.procs.all() {
		if p.host == h {
			h.net.agenda.Cancel(&p.alarm)
			p.killed = true
			h.net.wake(p)
		}
	}
}

// unwind ends the running proc when it has just ended its own host.
func (n *Network) unwind(h *Host) {
	if p := n.running; p != nil && p.host == h {
		panic(killedError{p})
	}
}

// settle takes what the engine has done since the last time and passes it on:
// packets to the links, state changes to the trace, readiness to the sockets.
func (h *Host) settle() {
	if h.engine == nil {
		return
	}
	out := h.engine.Settle()
	for _, raw := range out.Packets {
		h.net.transmit(h, raw)
	}
	for _, c := range out.Changes {
		h.changed(c)
	}
	for _, r := range out.Ready {
		if s := h.byID[r.ID()]; s != nil {
			s.wake()
		}
	}
}

// changed records a state transition and tells the socket.
func (h *Host) changed(c engine.Change) {
	e := &h.net.event
	*e = trace.Event{
		At: h.net.Now().Since(), Kind: trace.StateChange, Host: h.name,
		Local: c.Local, Remote: c.Remote, From: c.From, To: c.To,
	}
	if c.Socket != nil {
		if s := h.byID[c.Socket.ID()]; s != nil {
			e.FD = s.fd
			s.entered(c.From, c.To)
		}
	} else {
		for _, s := range h.lingering {
			s.wake()
		}
	}
	h.net.rec.Record(e)
	if c.To == wire.Closed {
		h.endpoints.ended(Flow{Local: c.Local, Remote: c.Remote})
	}
}

// addrFor is the node's address of the family of a datagram.
func (v *node) addrFor(raw []byte) netip.Addr {
	for _, a := range v.addrs {
		if a.Is4() == (raw[0]>>4 == 4) {
			return a
		}
	}
	return v.addrs[0]
}

// lookup resolves a name or a literal address to the addresses it stands for.
func (n *Network) lookup(name string) []netip.Addr {
	if a, err := netip.ParseAddr(name); err == nil {
		return []netip.Addr{a.Unmap()}
	}
	if v := n.byName[name]; v != nil {
		return v.addrs
	}
	return nil
}
