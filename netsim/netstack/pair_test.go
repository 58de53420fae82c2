package netstack_test

import (
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/engine"
	"rstlab/netsim/netstack"
	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
)

const (
	ms = time.Millisecond
	// delay is how long a packet takes between the sides of a pair.
	delay = 10 * ms
)

// pair is two engines on one agenda, wired by hand: what one sends arrives at
// the other after delay.
type pair struct {
	tb     testing.TB
	agenda vtime.Agenda
	a, b   *side
	// lose says which packets are lost on the way; nil is none.
	lose func(from *side, p *wire.Packet) bool
}

// side is one engine of a pair, with a record of what it did.
type side struct {
	pair   *pair
	eng    *netstack.Engine
	ip4    netip.Addr
	ip6    netip.Addr
	peer   *side
	sent   []wire.Packet
	raw    [][]byte
	change []engine.Change
	ready  []engine.Socket
}

// newPair builds two hosts with an IPv4 and an IPv6 address each. edit, if not
// nil, changes their configuration.
func newPair(tb testing.TB, edit func(*netstack.Config)) *pair {
	p := &pair{tb: tb}
	p.a, p.b = p.newSide(1, edit), p.newSide(2, edit)
	p.a.peer, p.b.peer = p.b, p.a
	tb.Cleanup(p.close)
	return p
}

func (p *pair) newSide(last byte, edit func(*netstack.Config)) *side {
	s := &side{
		pair: p,
		ip4:  netip.AddrFrom4([4]byte{10, 0, 0, last}),
		ip6:  netip.AddrFrom16([16]byte{0: 0xfd, 15: last}),
	}
	cfg := netstack.Config{Addrs: []netip.Addr{s.ip4, s.ip6}, Agenda: &p.agenda, Fired: s.settle, Seed: uint64(last)}
	if edit != nil {
		edit(&cfg)
	}
	eng, err := netstack.New(cfg)
	require.NoError(p.tb, err)
	s.eng = eng
	return s
}

// close ends both engines; a second call does nothing.
func (p *pair) close() {
	for _, s := range []*side{p.a, p.b} {
		if s.eng != nil {
			s.eng.Close()
			s.eng = nil
		}
	}
}

// settle takes what the engine has done and puts its packets on the way.
func (s *side) settle() {
	out := s.eng.Settle()
	for _, raw := range out.Packets {
		packet, err := wire.Parse(raw)
		require.NoError(s.pair.tb, err, "every packet must be well-formed, checksums included")
		s.sent = append(s.sent, packet)
		s.raw = append(s.raw, raw)
		if s.pair.lose == nil || !s.pair.lose(s, &packet) {
			s.pair.agenda.Schedule(s.pair.agenda.Now().Add(delay), vtime.NewEvent(func() { s.peer.take(raw) }))
		}
	}
	s.change = append(s.change, out.Changes...)
	s.ready = append(s.ready, out.Ready...)
}

// take delivers a datagram at once.
func (s *side) take(raw []byte) {
	if s.eng == nil {
		return
	}
	s.eng.Deliver(raw)
	s.settle()
}

// forge delivers a packet that nobody sent.
func (s *side) forge(p wire.Packet) {
	raw, err := wire.Build(p)
	require.NoError(s.pair.tb, err)
	s.take(raw)
}

// run lets d of virtual time pass.
func (p *pair) run(d time.Duration) {
	until := p.agenda.Now().Add(d)
	for {
		at, ok := p.agenda.Peek()
		if !ok || at > until {
			break
		}
		p.agenda.Next().Run()
	}
	p.agenda.Advance(until)
}

// finish runs until nothing is left to happen.
func (p *pair) finish() {
	for steps := 0; ; steps++ {
		require.Less(p.tb, steps, 1_000_000, "the two hosts must fall silent")
		e := p.agenda.Next()
		if e == nil {
			return
		}
		e.Run()
	}
}

func (s *side) ip(f engine.Family) netip.Addr {
	if f == engine.IPv6 {
		return s.ip6
	}
	return s.ip4
}

func (s *side) open(f engine.Family) engine.Socket {
	sock, errno := s.eng.Open(f)
	require.Zero(s.pair.tb, errno)
	return sock
}

// listen makes a listener on the port.
func (s *side) listen(f engine.Family, port uint16, backlog int) engine.Socket {
	l := s.open(f)
	require.Zero(s.pair.tb, l.Bind(s.addrPort(f, port)))
	require.Zero(s.pair.tb, l.Listen(backlog))
	s.settle()
	return l
}

// connect begins to connect a new socket to the peer's port.
func (s *side) connect(f engine.Family, port uint16) engine.Socket {
	sock := s.open(f)
	require.Equal(s.pair.tb, syscall.EINPROGRESS, sock.Connect(s.peer.addrPort(f, port)))
	s.settle()
	return sock
}

// accept takes a connection that must be there.
func (s *side) accept(l engine.Socket) engine.Socket {
	sock, errno := l.Accept()
	require.Zero(s.pair.tb, errno, "a connection must wait to be accepted")
	s.settle()
	return sock
}

func (s *side) close(sock engine.Socket) {
	sock.Close()
	s.settle()
}

func (s *side) shutdown(sock engine.Socket, read, write bool) {
	require.Zero(s.pair.tb, sock.Shutdown(read, write))
	s.settle()
}

func (s *side) set(sock engine.Socket, o engine.Option, v int64) {
	require.Zero(s.pair.tb, sock.SetOption(o, v), "%v = %d", o, v)
	s.settle()
}

// send sends text, all of it.
func (s *side) send(sock engine.Socket, text string) {
	n, errno := sock.Send([]byte(text))
	require.Zero(s.pair.tb, errno)
	require.Equal(s.pair.tb, len(text), n)
	s.settle()
}

// recv is what Recv gives now.
func (s *side) recv(sock engine.Socket) (string, syscall.Errno) {
	b := make([]byte, 1<<16)
	n, errno := sock.Recv(b, false)
	s.settle()
	return string(b[:n]), errno
}

// received requires that exactly this text can be read now.
func (s *side) received(sock engine.Socket, want string) {
	s.pair.tb.Helper()
	got, errno := s.recv(sock)
	require.Zero(s.pair.tb, errno)
	require.Equal(s.pair.tb, want, got)
}

// established is a connection from a to b: its two sockets and the listener.
func (p *pair) established(f engine.Family) (a, b, listener engine.Socket) {
	listener = p.b.listen(f, 80, 10)
	a = p.a.connect(f, 80)
	p.run(5 * delay)
	return a, p.b.accept(listener), listener
}

// life is the states that the side's connections went through, in order:
// "CLOSED > SYN-SENT > ESTABLISHED". A jump in what was reported shows as " | ".
func (s *side) life() string {
	var b strings.Builder
	last := wire.State(255)
	for _, c := range s.change {
		if c.From != last {
			if b.Len() > 0 {
				b.WriteString(" | ")
			}
			b.WriteString(c.From.String())
		}
		b.WriteString(" > " + c.To.String())
		last = c.To
	}
	return b.String()
}

// flags are the flags of what the side has sent, in order: "S . P. F.".
func (s *side) flags() string {
	var all []string
	for i := range s.sent {
		all = append(all, s.sent[i].TCP.Flags.String())
	}
	return strings.Join(all, " ")
}

// addrPort is the side's address with a port.
func (s *side) addrPort(f engine.Family, port uint16) netip.AddrPort {
	return netip.AddrPortFrom(s.ip(f), port)
}
