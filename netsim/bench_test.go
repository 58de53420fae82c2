package netsim_test

import (
	"net/netip"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/engine"
	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
)

// idleEngine is an engine that does nothing: what a run costs with it is the
// loop's own cost. With a reply it answers every packet with it.
type idleEngine struct {
	reply []byte
	out   engine.Output
	next  engine.Output
}

func (e *idleEngine) Open(engine.Family) (engine.Socket, syscall.Errno) {
	return nil, syscall.EAFNOSUPPORT
}

func (e *idleEngine) Deliver([]byte) {
	if e.reply != nil {
		e.next.Packets = append(e.next.Packets, e.reply)
	}
}

func (e *idleEngine) Settle() *engine.Output {
	e.out, e.next = e.next, e.out
	e.next.Packets = e.next.Packets[:0]
	return &e.out
}

func (e *idleEngine) SetMTU(int) {}
func (e *idleEngine) Close()     {}

// idle makes hosts with e as their engine.
func (e *idleEngine) config() netsim.HostConfig {
	return netsim.HostConfig{Engine: func(netsim.EngineConfig) (netsim.Engine, error) { return e, nil }}
}

// BenchmarkLoopTimer is the loop's own cost of a timer: agenda, engine call,
// settle.
func BenchmarkLoopTimer(b *testing.B) {
	n := netsim.New(netsim.Config{HashOnly: true, StepLimit: 1 << 62})
	defer n.Close()
	var agenda *vtime.Agenda
	var fired func()
	n.Host("a", netsim.HostConfig{Engine: func(cfg netsim.EngineConfig) (netsim.Engine, error) {
		agenda, fired = cfg.Agenda, cfg.Fired
		return &idleEngine{}, nil
	}})
	var tick *vtime.Event
	tick = vtime.NewEvent(func() {
		fired()
		agenda.Schedule(agenda.Now().Add(time.Millisecond), tick)
	})
	agenda.Schedule(0, tick)
	b.ReportAllocs()
	for b.Loop() {
		n.Step()
	}
}

// BenchmarkLoopPacket is the loop's own cost of a packet of 1500 bytes from
// host to host: parse, trace and hash of its sending and its arrival, link,
// agenda.
func BenchmarkLoopPacket(b *testing.B) {
	n := netsim.New(netsim.Config{HashOnly: true, StepLimit: 1 << 62})
	defer n.Close()
	packet := func(src, dst byte) []byte {
		raw, err := wire.Build(wire.Packet{
			Src: netip.AddrFrom4([4]byte{10, 0, 0, src}), Dst: netip.AddrFrom4([4]byte{10, 0, 0, dst}), TTL: 64, DF: true,
			TCP: wire.Segment{SrcPort: 80, DstPort: 1024, Flags: wire.ACK, Payload: make([]byte, 1460)},
		})
		require.NoError(b, err)
		return raw
	}
	left, right := &idleEngine{reply: packet(1, 2)}, &idleEngine{reply: packet(2, 1)}
	var start func()
	leftConfig := left.config()
	leftConfig.Engine = func(cfg netsim.EngineConfig) (netsim.Engine, error) {
		start = cfg.Fired
		return left, nil
	}
	n.Link(n.Host("left", leftConfig), n.Host("right", right.config()), netsim.LinkConfig{RTT: time.Millisecond})
	left.Deliver(nil)
	start()
	b.ReportAllocs()
	for b.Loop() {
		n.Step()
	}
	require.NotZero(b, n.Stats().Packets)
}
