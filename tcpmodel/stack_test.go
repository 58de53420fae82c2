package tcpmodel_test

import (
	"net/netip"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
)

// syn is a SYN from a port of the first host.
func syn(port uint16, seq uint32) wire.Packet {
	return wire.Packet{
		Src: worldAddrs[0], Dst: worldAddrs[1], TTL: 64, DF: true,
		TCP: wire.Segment{SrcPort: port, DstPort: 80, Seq: seq, Flags: wire.SYN, Window: 65535},
	}
}

// answers are the packets since the last call, to a port.
func (w *world) answers(port uint16) (all []wire.Segment) {
	for _, p := range w.packets {
		if p.TCP.DstPort == port {
			all = append(all, p.TCP)
		}
	}
	w.packets = nil
	return all
}

// silent has nothing arrive.
func (w *world) silent() *world {
	w.fate = func(*wire.Packet) []time.Duration { return nil }
	return w
}

func TestAPortWithoutAListenerDrawsRST(t *testing.T) {
	w := newWorld(&tcpmodel.RFC9293, &tcpmodel.RFC9293)
	k := w.connect(0, 81)
	w.run(time.Second)
	require.Equal(t, syscall.ECONNREFUSED, k.Endpoint().Failure())
	note(w.clauses())
}

func TestSynsBeyondTheQueueAreDroppedWithoutCookies(t *testing.T) {
	w := newWorld(&tcpmodel.RFC9293, &tcpmodel.RFC9293).silent()
	w.listen(1, 80, 2)
	for port := uint16(1000); port < 1003; port++ {
		w.deliver(1, syn(port, 1))
	}
	require.Len(t, w.answers(1001), 1)
	w.deliver(1, syn(1003, 1))
	require.Empty(t, w.answers(1003))
	require.True(t, w.clauses().Has(tcpmodel.SynQueueFull))
	note(w.clauses())
}

func TestACookieMakesTheConnection(t *testing.T) {
	w := newWorld(&tcpmodel.Linux, &tcpmodel.Linux).silent()
	l := w.listen(1, 80, 0)
	w.deliver(1, syn(1000, 1))
	first := syn(1001, 77)
	first.TCP.Options = wire.Options(nil).AppendMSS(1460)
	w.deliver(1, first)
	answer := w.answers(1001)
	require.Len(t, answer, 1)
	require.Equal(t, wire.SYN|wire.ACK, answer[0].Flags)
	require.True(t, w.clauses().Has(tcpmodel.SynCookieSent))
	ack := syn(1001, 78)
	ack.TCP.Flags, ack.TCP.Ack = wire.ACK, answer[0].Seq+1
	w.deliver(1, ack)
	require.True(t, w.clauses().Has(tcpmodel.SynCookieTaken))
	k := w.accept(1, l)
	require.Equal(t, wire.Established, k.Endpoint().State())
	wrong := syn(1002, 78)
	wrong.TCP.Flags, wrong.TCP.Ack = wire.ACK, 12345
	w.deliver(1, wrong)
	require.Equal(t, wire.RST, w.answers(1002)[0].Flags, "no cookie")
	note(w.clauses())
}

func TestAFullAcceptQueueDropsTheLastAckAndNewSyns(t *testing.T) {
	w := newWorld(&tcpmodel.Linux, &tcpmodel.Linux)
	l := w.listen(1, 80, 0)
	a := w.connect(0, 80)
	w.run(100 * time.Millisecond)
	b := w.connect(0, 80)
	w.run(100 * time.Millisecond)
	require.Equal(t, wire.Established, a.Endpoint().State())
	require.Equal(t, wire.SynSent, b.Endpoint().State(), "backlog 0 takes one on Linux")
	require.True(t, w.clauses().Has(tcpmodel.AcceptQueueFull))
	w.accept(1, l)
	w.run(2 * time.Second)
	require.Equal(t, wire.Established, b.Endpoint().State(), "the SYN came again")
	note(w.clauses())
}

// TestAFullAcceptQueueDropsOnlyWhatEndsAHandshake: netstack looks at the queue last, so that
// what else arrives in SYN-RECEIVED is answered as if there were room.
func TestAFullAcceptQueueDropsOnlyWhatEndsAHandshake(t *testing.T) {
	w := newWorld(&tcpmodel.Netstack, &tcpmodel.Netstack).silent()
	w.listen(1, 80, 2) // three may wait
	ack := func(port uint16, seq, ack uint32) []wire.Segment {
		p := syn(port, seq)
		p.TCP.Flags, p.TCP.Ack = wire.ACK, ack
		p.TCP.Options = wire.Options(nil).AppendNOP().AppendNOP().AppendTimestamps(2, 0)
		w.deliver(1, p)
		return w.answers(port)
	}
	open := func(port uint16) (first uint32) {
		p := syn(port, 77)
		p.TCP.Options = wire.Options(nil).AppendMSS(1460).AppendNOP().AppendNOP().AppendTimestamps(1, 0)
		w.deliver(1, p)
		return w.answers(port)[0].Seq
	}
	for port := uint16(1000); port < 1002; port++ {
		require.Empty(t, ack(port, 78, open(port)+1))
	}
	third, last := open(1002), open(1003)
	require.Empty(t, ack(1002, 78, third+1))
	require.False(t, w.clauses().Has(tcpmodel.AcceptQueueFull))

	require.Empty(t, ack(1003, 78, last+1), "it ends the handshake, and there is no room")
	require.True(t, w.clauses().Has(tcpmodel.AcceptQueueFull))
	probe := ack(1003, 77, last+1)
	require.Len(t, probe, 1)
	require.Equal(t, wire.ACK, probe[0].Flags, "a keepalive probe lies before the window")
	_, echo, _ := probe[0].Options.Timestamps()
	require.Equal(t, uint32(1), echo, "that of the SYN: what was dropped was not looked at")
	reset := ack(1003, 78, last+2)
	require.Len(t, reset, 1)
	require.Equal(t, wire.RST, reset[0].Flags, "it acknowledges what was not sent")
	_, _, stamped := reset[0].Options.Timestamps()
	require.True(t, stamped, "as all that an endpoint of netstack sends")
	require.Zero(t, reset[0].Window)
	note(w.clauses())
}

// TestAFullAcceptQueueOfFreeBSDResets: it holds half the backlog more and one, and
// what does not fit is reset when its handshake is complete.
func TestAFullAcceptQueueOfFreeBSDResets(t *testing.T) {
	w := newWorld(&tcpmodel.FreeBSD, &tcpmodel.FreeBSD)
	l := w.listen(1, 80, 2)
	for range 4 {
		a := w.connect(0, 80)
		w.run(100 * time.Millisecond)
		require.Equal(t, wire.Established, a.Endpoint().State())
	}
	b := w.connect(0, 80)
	w.run(100 * time.Millisecond)
	require.Equal(t, syscall.ECONNRESET, b.Endpoint().Failure())
	require.True(t, w.clauses().Has(tcpmodel.AcceptQueueFull))
	w.accept(1, l)
	c := w.connect(0, 80)
	w.run(100 * time.Millisecond)
	require.Equal(t, wire.Established, c.Endpoint().State(), "there is room again")
	note(w.clauses())
}

// TestFreeBSDKeepsHalfOpenConnectionsBeyondTheBacklog: its cache is of all
// listeners.
func TestFreeBSDKeepsHalfOpenConnectionsBeyondTheBacklog(t *testing.T) {
	w := newWorld(&tcpmodel.FreeBSD, &tcpmodel.FreeBSD).silent()
	w.listen(1, 80, 1)
	for port := uint16(1000); port < 1003; port++ {
		w.deliver(1, syn(port, 1))
		require.Len(t, w.answers(port), 1)
	}
	require.False(t, w.clauses().Has(tcpmodel.SynCookieSent))
	note(w.clauses())
}

func TestAListenerThatClosesResetsWhatWaits(t *testing.T) {
	w := newWorld(&tcpmodel.Linux, &tcpmodel.Linux)
	l := w.listen(1, 80, 5)
	a := w.connect(0, 80)
	w.run(100 * time.Millisecond)
	w.deliver(1, syn(1000, 1))
	w.call(1, l, tcpmodel.Call{Op: tcpmodel.OpClose})
	w.run(100 * time.Millisecond)
	require.Equal(t, syscall.ECONNRESET, a.Endpoint().Failure())
	_, _, pending := w.stacks[1].NextDeadline()
	require.False(t, pending, "half-open connections are gone")
	note(w.clauses())
}

// timeWait brings a connection of host 0 to TIME-WAIT on host 1, which closes
// first.
func timeWait(w *world) (local, remote netip.AddrPort) {
	l := w.listen(1, 80, 5)
	a := w.connect(0, 80)
	w.run(100 * time.Millisecond)
	s := w.accept(1, l)
	w.call(1, s, tcpmodel.Call{Op: tcpmodel.OpClose})
	w.run(100 * time.Millisecond)
	w.call(0, a, tcpmodel.Call{Op: tcpmodel.OpClose})
	w.run(100 * time.Millisecond)
	return s.LocalAddr(), a.LocalAddr()
}

func TestANewerSynOpensAConnectionInTimeWait(t *testing.T) {
	w := newWorld(&tcpmodel.Linux, &tcpmodel.Linux)
	_, peer := timeWait(w)
	w.packets = nil
	old := syn(peer.Port(), 1)
	old.TCP.Seq = 0x7fffffff
	fresh := syn(peer.Port(), 0)
	last := w.changes[len(w.changes)-1]
	require.Equal(t, wire.TimeWait, w.changes[len(w.changes)-2].To)
	require.Equal(t, wire.Closed, last.To)
	for _, seq := range []uint32{1 << 30, 1 << 31, 3 << 30, 0} { // one of them is newer
		fresh.TCP.Seq = seq
		w.deliver(1, fresh)
	}
	require.True(t, w.clauses().Has(tcpmodel.TimeWaitReused))
	note(w.clauses())
}

func TestUnderRFC793ASynInTheWindowResets(t *testing.T) {
	p := tcpmodel.RFC9293
	p.SynChallenge, p.ResetValidation = false, tcpmodel.InWindow
	e := tcpmodel.NewEndpoint(tcpmodel.EndpointConfig{Profile: &p, MSS: 1460, ISN: ourISS})
	e.Call(0, tcpmodel.Call{Op: tcpmodel.OpOpen})
	e.Arrive(0, &tcpmodel.Segment{Flags: wire.SYN | wire.ACK, Seq: peerISS, Ack: ourISS + 1, Window: 1000})
	o := e.Arrive(0, &tcpmodel.Segment{Flags: wire.SYN, Seq: peerISS + 100, Window: 1000})
	require.Len(t, o.Segments, 1)
	require.Equal(t, wire.RST|wire.ACK, o.Segments[0].Flags)
	require.Equal(t, wire.Closed, e.State())
	note(e.Clauses())
}

func TestPortsAndAddresses(t *testing.T) {
	w := newWorld(&tcpmodel.RFC9293, &tcpmodel.RFC9293)
	s := w.stacks[1]
	_, errno := s.Open(true)
	require.Equal(t, syscall.EAFNOSUPPORT, errno, "there is no IPv6 address")
	w.listen(1, 80, 1)
	k, _ := s.Open(false)
	require.Equal(t, syscall.EADDRINUSE, s.Bind(k, netip.MustParseAddrPort("0.0.0.0:80")))
	require.Equal(t, syscall.EADDRNOTAVAIL, s.Bind(k, netip.MustParseAddrPort("10.9.9.9:81")))
	require.Zero(t, s.Bind(k, netip.MustParseAddrPort("10.0.0.2:0")))
	require.GreaterOrEqual(t, k.LocalAddr().Port(), uint16(32768))
	require.Equal(t, syscall.EINVAL, s.Bind(k, netip.MustParseAddrPort("10.0.0.2:81")), "bound already")
	_, errno = s.Accept(k)
	require.Equal(t, syscall.EINVAL, errno)
	errno, _ = s.Connect(0, k, netip.MustParseAddrPort("[fd00::1]:80"))
	require.Equal(t, syscall.EAFNOSUPPORT, errno)
}

func TestTimeWaitKeepsAPortFromBeingBoundWithoutReuse(t *testing.T) {
	w := newWorld(&tcpmodel.Linux, &tcpmodel.Linux)
	timeWait(w)
	s := w.stacks[1]
	k, _ := s.Open(false)
	require.Equal(t, syscall.EADDRINUSE, s.Bind(k, netip.MustParseAddrPort("10.0.0.2:80")))
}

func TestAPortIsFreeWhenItsConnectionHasEnded(t *testing.T) {
	port := netip.AddrPortFrom(worldAddrs[0], 1000)
	for _, p := range tcpmodel.Profiles() {
		w := newWorld(p, p)
		s := w.stacks[0]
		k, _ := s.Open(false)
		require.Zero(t, s.Bind(k, port))
		_, out := s.Connect(0, k, netip.AddrPortFrom(worldAddrs[1], 81))
		w.take(0, out)
		w.run(5 * time.Second)
		require.Equal(t, syscall.ECONNREFUSED, k.Endpoint().TakeFailure(), "nobody listens")
		want := syscall.EADDRINUSE
		if p.EndFreesPort {
			want = 0
		}
		other, _ := s.Open(false)
		require.Equal(t, want, s.Bind(other, port), "%s: the socket is not closed yet", p.Name)
		s.Call(w.now, k, tcpmodel.Call{Op: tcpmodel.OpClose})
		again, _ := s.Open(false)
		require.Equal(t, syscall.EADDRINUSE-want, s.Bind(again, port), "%s: closed", p.Name)
	}
}

func TestAnIcmpErrorReachesItsConnection(t *testing.T) {
	w := newWorld(&tcpmodel.Linux, &tcpmodel.Linux).silent()
	k := w.connect(0, 80)
	raw, err := wire.Build(w.packets[0])
	require.NoError(t, err)
	p, err := wire.NewICMPError(wire.HostUnreachable, worldAddrs[1], raw)
	require.NoError(t, err)
	w.deliver(0, p)
	require.Equal(t, syscall.EHOSTUNREACH, k.Endpoint().Failure())
	note(w.clauses())
}

func TestTwoRunsAreTheSame(t *testing.T) {
	var texts [2]string
	for i := range texts {
		w := newWorld(&tcpmodel.Linux, &tcpmodel.Windows)
		timeWait(w)
		w.run(time.Hour)
		for _, p := range w.packets {
			texts[i] += p.String() + "\n"
		}
	}
	require.Equal(t, texts[0], texts[1])
	require.NotEmpty(t, texts[0])
}

// TestATimerOfNetstackWakesTheHostInVain: one that was stopped or set to a later time goes
// off at its first time, and is set again then. In the order of one instant it comes behind
// what was scheduled before that.
func TestATimerOfNetstackWakesTheHostInVain(t *testing.T) {
	for _, p := range []*tcpmodel.Profile{&tcpmodel.Netstack, &tcpmodel.Linux} {
		w := newWorld(p, p)
		w.listen(1, 80, 5)
		a := w.connect(0, 80)
		w.run(100 * time.Millisecond)
		keep := func(idle time.Duration) {
			w.call(0, a, tcpmodel.Call{Op: tcpmodel.OpSet, Option: tcpmodel.KeepIdle, Value: int64(idle)})
			w.call(0, a, tcpmodel.Call{Op: tcpmodel.OpSet, Option: tcpmodel.KeepAlive, Value: 1})
		}
		began := w.now
		keep(time.Second)
		first, place, ok := w.stacks[0].NextDeadline()
		require.True(t, ok)
		require.Equal(t, began+time.Second, first)
		keep(3 * time.Second)
		at, _, _ := w.stacks[0].NextDeadline()
		if p == &tcpmodel.Linux {
			require.Equal(t, began+3*time.Second, at, "it was moved")
			continue
		}
		require.Equal(t, first, at, "it was left")
		w.packets = nil
		w.now = at
		w.take(0, w.stacks[0].Expire(at))
		require.Empty(t, w.packets, "nothing is due")
		again, behind, _ := w.stacks[0].NextDeadline()
		require.Equal(t, began+3*time.Second, again)
		require.Greater(t, behind, place)
	}
}
