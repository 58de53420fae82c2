package tcpmodel_test

import (
	"testing"
	"time"

	"rstlab/netsim"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
)

// The same scenario on the model alone and on two netstack hosts: a handshake,
// a request, a reply, and an orderly close on both sides. The model must do at
// least 50 times as many a second:
//
//	go test -run - -bench ModelAgainst ./tcpmodel

var request, reply = make([]byte, 100), make([]byte, 1000)

func BenchmarkScenarioOnTheModel(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		modelScenario(b)
	}
}

// modelScenario joins two endpoints by a channel without loss and with a delay.
func modelScenario(b *testing.B) {
	ends := [2]*tcpmodel.Endpoint{
		tcpmodel.NewEndpoint(tcpmodel.EndpointConfig{Profile: &tcpmodel.Linux, MSS: 1460, ISN: 1000}),
		tcpmodel.NewEndpoint(tcpmodel.EndpointConfig{Profile: &tcpmodel.Linux, MSS: 1460, ISN: 2000}),
	}
	now := time.Duration(0)
	var flying, next [8]tcpmodel.Segment
	exchange := func(to int, o *tcpmodel.Output) {
		n := copy(flying[:], o.Segments)
		for n > 0 {
			now += 10 * time.Millisecond
			to = 1 - to
			m := 0
			for i := range n {
				m += copy(next[m:], ends[to].Arrive(now, &flying[i]).Segments)
			}
			flying, n = next, m
		}
	}
	call := func(i int, c tcpmodel.Call) {
		_, o := ends[i].Call(now, c)
		exchange(i, o)
	}
	var buf [2000]byte
	call(1, tcpmodel.Call{Op: tcpmodel.OpListen})
	call(0, tcpmodel.Call{Op: tcpmodel.OpOpen})
	call(0, tcpmodel.Call{Op: tcpmodel.OpSend, Data: request})
	call(1, tcpmodel.Call{Op: tcpmodel.OpReceive, Data: buf[:]})
	call(1, tcpmodel.Call{Op: tcpmodel.OpSend, Data: reply})
	call(0, tcpmodel.Call{Op: tcpmodel.OpReceive, Data: buf[:]})
	call(0, tcpmodel.Call{Op: tcpmodel.OpClose})
	now += 100 * time.Millisecond
	exchange(1, ends[1].Expire(now))
	call(1, tcpmodel.Call{Op: tcpmodel.OpClose})
	now += time.Hour
	ends[0].Expire(now)
	ends[1].Expire(now)
	if ends[0].State() != wire.Closed || ends[1].State() != wire.Closed {
		b.Fatalf("ended in %v and %v", ends[0].State(), ends[1].State())
	}
}

func BenchmarkScenarioOnNetstack(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		netstackScenario(b)
	}
}

// BenchmarkModelAgainstNetstack runs both by turns, so that a busy machine slows
// both, and reports how many scenarios the model does while netstack does one.
func BenchmarkModelAgainstNetstack(b *testing.B) {
	const each = 100 // of the model, so that reading the clock does not count
	var model, netstack time.Duration
	for b.Loop() {
		begin := time.Now()
		for range each {
			modelScenario(b)
		}
		middle := time.Now()
		netstackScenario(b)
		model += middle.Sub(begin)
		netstack += time.Since(middle)
	}
	b.ReportMetric(each*float64(netstack)/float64(model), "times")
}

// netstackScenario is the same between two hosts of the simulator.
func netstackScenario(b *testing.B) {
	n := netsim.New(netsim.Config{HashOnly: true})
	client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
	n.Link(client, server, netsim.LinkConfig{RTT: 20 * time.Millisecond})
	server.Go("server", func(p *netsim.Proc) {
		l, err := p.Listen("tcp", ":80")
		if err != nil {
			b.Error(err)
			return
		}
		c, _ := l.AcceptTCP()
		var buf [2000]byte
		c.Read(buf[:])
		c.Write(reply)
		c.Read(buf[:])
		c.Close()
		l.Close()
	})
	client.Go("client", func(p *netsim.Proc) {
		c, err := p.Dial("tcp", "server:80")
		if err != nil {
			b.Error(err)
			return
		}
		c.Write(request)
		var buf [2000]byte
		c.Read(buf[:])
		c.Close()
	})
	if err := n.Run(); err != nil {
		b.Fatal(err)
	}
	n.Close()
}
