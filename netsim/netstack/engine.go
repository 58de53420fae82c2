package netstack

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"syscall"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/waiter"

	"rstlab/netsim/engine"
	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
)

const nicID tcpip.NICID = 1

// Config says what host an engine is for.
type Config struct {
	// Addrs are the host's addresses, IPv4 or IPv6, at least one.
	Addrs []netip.Addr
	// MTU of the host's interface in bytes; 0 means 1500.
	MTU int
	// Agenda takes the engine's timers.
	Agenda *vtime.Agenda
	// Fired is called after each timer, so that the host settles.
	Fired func()
	// Seed is the start of the engine's random streams: initial sequence
	// numbers, ephemeral ports, timestamp offsets, hash keys.
	Seed uint64
	// TimeWait is how long a connection stays in TIME-WAIT; 0 means netstack's
	// 60 s.
	TimeWait time.Duration
	// Congestion is the congestion control, "reno" or "cubic"; "" means reno.
	Congestion string
	// NoSACK turns selective acknowledgements (RFC 2018) off.
	NoSACK bool
	// NoRACK turns the detection of losses by time (RFC 8985), and the tail loss probes
	// that go with it, off: what is lost is told by duplicate acknowledgements (RFC 6675).
	NoRACK bool
	// Retries is how often a segment is retransmitted before the connection is
	// given up (tcp_retries2 of Linux); 0 means netstack's 15.
	Retries int
	// FinTimeout is how long an orphan stays in FIN-WAIT-2 (tcp_fin_timeout of
	// Linux); 0 means netstack's 60 s.
	FinTimeout time.Duration
}

// Engine is a host's TCP/IP on a gVisor stack. It implements [engine.Engine].
type Engine struct {
	stack *stack.Stack
	clock *vtime.Clock
	nic   nic
	ipv4  bool
	ipv6  bool

	lastID  int            // of the sockets
	conns   map[flow]*conn // every connection of the stack, by flow
	recent  *conn          // the connection found last
	lastOrd int            // of the conns
	touched []*conn        // connections whose state may have changed
	arrived []flow         // of the segments delivered since the last barrier
	relayed bool           // one of them goes from one processor to another
	parting []*conn        // connections whose socket was closed in this step
	watched bool           // false: what happened may have hit connections nobody watches
	orphans []*conn        // connections without a socket: not yet accepted

	mu    sync.Mutex // netstack's processors report readiness while Settle waits
	ready []*Socket

	out engine.Output
}

var _ engine.Engine = (*Engine)(nil)

// New builds a stack. An error names the field of cfg that is at fault.
func New(cfg Config) (*Engine, error) {
	e := &Engine{conns: map[flow]*conn{}, watched: true}
	e.nic.mtu = uint32(cmp.Or(cfg.MTU, 1500))
	for _, a := range cfg.Addrs {
		e.ipv4 = e.ipv4 || a.Is4()
		e.ipv6 = e.ipv6 || a.Is6()
	}
	e.clock = vtime.NewClock(cfg.Agenda, func() {
		e.watched = false
		cfg.Fired()
	})
	e.stack = newStack(cfg, e.clock, e.ipv4, e.ipv6)
	e.stack.Pause()
	if err := e.configure(cfg); err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

func (e *Engine) configure(cfg Config) error {
	if len(cfg.Addrs) == 0 {
		return fmt.Errorf("netstack: Config.Addrs is empty: a host needs at least one address")
	}
	if err := e.stack.CreateNIC(nicID, &e.nic); err != nil {
		return fmt.Errorf("netstack: create interface: %s", err)
	}
	for _, a := range cfg.Addrs {
		addr := tcpip.ProtocolAddress{
			Protocol:          networkProtocol(a),
			AddressWithPrefix: tcpip.AddrFromSlice(a.AsSlice()).WithPrefix(),
		}
		if err := e.stack.AddProtocolAddress(nicID, addr, stack.AddressProperties{}); err != nil {
			return fmt.Errorf("netstack: Config.Addrs: %s: %s", a, err)
		}
	}
	var routes []tcpip.Route
	if e.ipv4 {
		routes = append(routes, tcpip.Route{Destination: header.IPv4EmptySubnet, NIC: nicID})
	}
	if e.ipv6 {
		routes = append(routes, tcpip.Route{Destination: header.IPv6EmptySubnet, NIC: nicID})
	}
	e.stack.SetRouteTable(routes)
	return e.tune(cfg)
}

// tune sets what differs from netstack's defaults: the Nagle algorithm is on,
// as RFC 1122 section 4.2.3.4 wants and Linux has it.
func (e *Engine) tune(cfg Config) error {
	delay := tcpip.TCPDelayEnabled(true)
	if err := e.stack.SetTransportProtocolOption(tcp.ProtocolNumber, &delay); err != nil {
		return fmt.Errorf("netstack: turn the Nagle algorithm on: %s", err)
	}
	if cfg.NoSACK {
		sack := tcpip.TCPSACKEnabled(false)
		if err := e.stack.SetTransportProtocolOption(tcp.ProtocolNumber, &sack); err != nil {
			return fmt.Errorf("netstack: Config.NoSACK: %s", err)
		}
	}
	if cfg.NoRACK {
		recovery := tcpip.TCPRecovery(0)
		if err := e.stack.SetTransportProtocolOption(tcp.ProtocolNumber, &recovery); err != nil {
			return fmt.Errorf("netstack: Config.NoRACK: %s", err)
		}
	}
	if cfg.Retries != 0 {
		retries := tcpip.TCPMaxRetriesOption(cfg.Retries)
		if err := e.stack.SetTransportProtocolOption(tcp.ProtocolNumber, &retries); err != nil {
			return fmt.Errorf("netstack: Config.Retries: %d: %s", cfg.Retries, err)
		}
	}
	if cfg.FinTimeout != 0 {
		timeout := tcpip.TCPLingerTimeoutOption(cfg.FinTimeout)
		if err := e.stack.SetTransportProtocolOption(tcp.ProtocolNumber, &timeout); err != nil {
			return fmt.Errorf("netstack: Config.FinTimeout: %v: %s", cfg.FinTimeout, err)
		}
	}
	if cfg.TimeWait != 0 {
		timeWait := tcpip.TCPTimeWaitTimeoutOption(cfg.TimeWait)
		if err := e.stack.SetTransportProtocolOption(tcp.ProtocolNumber, &timeWait); err != nil {
			return fmt.Errorf("netstack: Config.TimeWait: %v: %s", cfg.TimeWait, err)
		}
	}
	if cfg.Congestion != "" {
		congestion := tcpip.CongestionControlOption(cfg.Congestion)
		if err := e.stack.SetTransportProtocolOption(tcp.ProtocolNumber, &congestion); err != nil {
			return fmt.Errorf("netstack: Config.Congestion: %q: %s", cfg.Congestion, err)
		}
	}
	return nil
}

// Open implements [engine.Engine].
func (e *Engine) Open(f engine.Family) (engine.Socket, syscall.Errno) {
	proto := header.IPv4ProtocolNumber
	if f == engine.IPv6 {
		proto = header.IPv6ProtocolNumber
	}
	if f == engine.IPv4 && !e.ipv4 || f == engine.IPv6 && !e.ipv6 {
		return nil, syscall.EAFNOSUPPORT
	}
	queue := new(waiter.Queue)
	ep, err := e.stack.NewEndpoint(tcp.ProtocolNumber, proto, queue)
	if err != nil {
		return nil, errnoOf(err)
	}
	return e.newSocket(ep.(*tcp.Endpoint), queue), 0
}

// Deliver implements [engine.Engine].
func (e *Engine) Deliver(packet []byte) {
	f := flowOf(packet)
	e.arrived = append(e.arrived, f)
	e.relayed = e.relayed || e.relays(f, packet)
	e.nic.deliver(packet)
}

// barrier lets netstack's processors do what Deliver has queued for them: one
// acknowledges a pause only when its queue is empty. Between barriers they are
// paused. Socket calls and timers need none: they run on the caller's
// goroutine, and netstack wakes a processor from there only for a connection
// that has segments queued.
func (e *Engine) barrier() {
	if len(e.arrived) == 0 {
		return
	}
	e.stack.Resume()
	e.stack.Pause()
	if e.relayed || len(e.arrived) > 1 && e.anyClosed() {
		e.stack.Resume()
		e.stack.Pause()
		e.relayed = false
	}
	for _, f := range e.arrived {
		e.touchFlow(f)
	}
	e.arrived = e.arrived[:0]
}

// Settle implements [engine.Engine].
func (e *Engine) Settle() *engine.Output {
	e.barrier()
	if !e.watched {
		e.watched = true
		for _, c := range e.orphans {
			e.touch(c)
		}
	}
	e.out.Packets = e.takePackets(e.out.Packets[:0])
	e.out.Ready = e.takeReady(e.out.Ready[:0])
	e.out.Changes = e.takeChanges(e.out.Changes[:0])
	return &e.out
}

// takePackets returns what the stack sent, in canonical order: netstack walks
// maps when it ends many connections at once, so the order of flows is not its
// to choose.
func (e *Engine) takePackets(packets [][]byte) [][]byte {
	e.nic.mu.Lock()
	defer e.nic.mu.Unlock()
	sent := e.nic.sent
	for i := 1; i < len(sent); i++ {
		if sent[i].flow != sent[0].flow {
			slices.SortStableFunc(sent, func(a, b sentPacket) int { return a.flow.compare(b.flow) })
			break
		}
	}
	for i := range sent {
		packets = append(packets, sent[i].bytes)
		sent[i].bytes = nil
	}
	e.nic.sent = sent[:0]
	return packets
}

func (e *Engine) takeReady(ready []engine.Socket) []engine.Socket {
	e.mu.Lock()
	defer e.mu.Unlock()
	slices.SortFunc(e.ready, func(a, b *Socket) int { return a.id - b.id })
	for _, s := range e.ready {
		s.signalled = false
		ready = append(ready, s)
		if s.conn != nil {
			e.touch(s.conn)
		}
	}
	e.ready = e.ready[:0]
	return ready
}

// SetMTU implements [engine.Engine].
func (e *Engine) SetMTU(mtu int) {
	if err := e.stack.SetNICMTU(nicID, uint32(mtu)); err != nil {
		panic(fmt.Sprintf("netstack: set MTU %d: %s", mtu, err))
	}
}

// Close implements [engine.Engine].
func (e *Engine) Close() {
	e.nic.mu.Lock()
	e.nic.closed = true
	e.nic.mu.Unlock()
	e.stack.Resume()
	e.stack.Destroy()
	e.clock.Close()
	e.conns, e.recent = nil, nil
}

// stateChange is what takeChanges reports of one connection.
func stateChange(c *conn, to wire.State) engine.Change {
	ch := engine.Change{Local: c.flow.local(), Remote: c.flow.remote(), From: c.state, To: to}
	if c.socket != nil {
		ch.Socket = c.socket
	}
	return ch
}
