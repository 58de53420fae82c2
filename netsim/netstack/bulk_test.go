package netstack_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/waiter"

	"rstlab/netsim"
)

const window = 128 << 10

const bulkBytes = 100 << 20

// cpuTime is the CPU time that the process has used.
func cpuTime(tb testing.TB) time.Duration {
	var u syscall.Rusage
	require.NoError(tb, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// wire carries packets from one host to another as they come, on the real clock.
func (h *bareHost) wire(ctx context.Context, to *bareHost, count *int, wg *sync.WaitGroup) {
	defer wg.Done()
	for {
		pkt := h.nic.ReadContext(ctx)
		if pkt == nil {
			return
		}
		*count++
		in := stack.NewPacketBuffer(stack.PacketBufferOptions{Payload: pkt.ToBuffer()})
		pkt.DecRef()
		to.nic.InjectInbound(header.IPv4ProtocolNumber, in)
		in.DecRef()
	}
}

// bareBulk sends size bytes between two stacks wired back to back.
func bareBulk(tb testing.TB, size int) (packets int) {
	client, server := newBareHost(tb, 1), newBareHost(tb, 2)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	var there, back int
	wg.Add(3)
	go client.wire(ctx, server, &there, &wg)
	go server.wire(ctx, client, &back, &wg)
	listener := server.listen(tb, 80)
	go func() {
		defer wg.Done()
		entry, ready := waiter.NewChannelEntry(waiter.WritableEvents)
		q := new(waiter.Queue)
		c, err := client.stack.NewEndpoint(header.TCPProtocolNumber, header.IPv4ProtocolNumber, q)
		if err != nil {
			panic(err)
		}
		q.EventRegister(&entry)
		c.SocketOptions().SetSendBufferSize(window, false)
		c.Connect(tcpip.FullAddress{Addr: server.addr, Port: 80})
		<-ready
		chunk := make([]byte, 64<<10)
		for sent := 0; sent < size; {
			n, err := c.Write(bytes.NewReader(chunk[:min(len(chunk), size-sent)]), tcpip.WriteOptions{Atomic: true})
			sent += int(n)
			if err != nil {
				<-ready
			}
		}
		c.Close()
	}()
	var s tcpip.Endpoint
	var sq *waiter.Queue
	for {
		var err tcpip.Error
		if s, sq, err = listener.Accept(nil); err == nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	entry, ready := waiter.NewChannelEntry(waiter.ReadableEvents)
	sq.EventRegister(&entry)
	buf := make([]byte, 64<<10)
	for got := 0; got < size; {
		w := tcpip.SliceWriter(buf)
		r, err := s.Read(&w, tcpip.ReadOptions{})
		got += r.Count
		if err != nil {
			<-ready
		} else {
			s.(interface{ ModerateRecvBuf(int) }).ModerateRecvBuf(r.Count)
		}
	}
	cancel()
	wg.Wait()
	client.close()
	server.close()
	return there + back
}

func simBulk(tb testing.TB, size int, gro bool) uint64 {
	n := netsim.New(netsim.Config{HashOnly: true})
	defer n.Close()
	client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{GRO: gro})
	n.Link(client, server, netsim.LinkConfig{RTT: 20 * time.Millisecond})
	server.Go("", func(p *netsim.Proc) {
		l, err := p.Listen("tcp", ":80")
		require.NoError(tb, err)
		c, err := l.Accept()
		require.NoError(tb, err)
		buf := make([]byte, 64<<10)
		got := 0
		for {
			k, err := c.Read(buf)
			got += k
			if err == io.EOF {
				break
			}
			require.NoError(tb, err)
		}
		require.Equal(tb, size, got)
		c.Close()
	})
	client.Go("", func(p *netsim.Proc) {
		c, err := p.Dial("tcp", "server:80")
		require.NoError(tb, err)
		require.NoError(tb, c.SetWriteBuffer(window/2)) // doubled, as Linux does
		chunk := make([]byte, 64<<10)
		for sent := 0; sent < size; sent += len(chunk) {
			_, err = c.Write(chunk)
			require.NoError(tb, err)
		}
		c.Close()
	})
	require.NoError(tb, n.Run())
	return n.Stats().Packets
}

// BenchmarkBulkAgainstBare sends 100 MiB over a link of 10 ms each way, and over
// bare stacks wired back to back on the real clock, in turn, and reports the
// CPU time of a packet. With GRO the packets are much the same as on the bare
// wire, where segments that arrive while the receiver is busy are handled
// together; without it every segment is a step and is acknowledged.
func BenchmarkBulkAgainstBare(b *testing.B) {
	for _, gro := range []bool{false, true} {
		b.Run(fmt.Sprintf("gro=%t", gro), func(b *testing.B) {
			var bare, sim perPacket
			for b.Loop() {
				bare.measure(b, func() uint64 { return uint64(bareBulk(b, bulkBytes)) })
				sim.measure(b, func() uint64 { return simBulk(b, bulkBytes, gro) })
			}
			b.ReportMetric(bare.cost(), "bare-cpu-ns/packet")
			b.ReportMetric(sim.cost(), "sim-cpu-ns/packet")
			b.ReportMetric(sim.cost()/bare.cost(), "sim/bare")
		})
	}
}

type perPacket struct {
	cpu     time.Duration
	packets uint64
}

func (p *perPacket) measure(tb testing.TB, run func() uint64) {
	begin := cpuTime(tb)
	p.packets += run()
	p.cpu += cpuTime(tb) - begin
}

func (p *perPacket) cost() float64 { return float64(p.cpu.Nanoseconds()) / float64(p.packets) }
