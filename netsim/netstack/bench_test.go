package netstack_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gvisor.dev/gvisor/pkg/tcpip"

	"rstlab/netsim"
)

func bareRace(tb testing.TB) int {
	client, server := newBareHost(tb, 1), newBareHost(tb, 2)
	defer client.close()
	defer server.close()
	listener := server.listen(tb, 80)
	c := client.endpoint(tb)
	err := c.Connect(tcpip.FullAddress{Addr: server.addr, Port: 80})
	require.IsType(tb, &tcpip.ErrConnectStarted{}, err)
	packets := pass(client, server)
	s, _, err := listener.Accept(nil)
	require.Nil(tb, err)
	write(tb, s, "503 busy")
	s.Close()
	write(tb, c, "GET /")
	packets += pass(client, server)
	c.Close()
	return packets + pass(client, server)
}

func simRace(tb testing.TB) uint64 {
	n := netsim.New(netsim.Config{})
	defer n.Close()
	client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
	n.Link(client, server, netsim.LinkConfig{RTT: 100 * time.Millisecond})
	server.Go("", func(p *netsim.Proc) {
		l, err := p.Listen("tcp", ":80")
		require.NoError(tb, err)
		c, err := l.Accept()
		require.NoError(tb, err)
		c.Write([]byte("503 busy"))
		c.Close()
	})
	client.Go("", func(p *netsim.Proc) {
		c, err := p.Dial("tcp", "server:80")
		require.NoError(tb, err)
		c.Write([]byte("GET /"))
		b := make([]byte, 100)
		for err == nil {
			_, err = c.Read(b)
		}
		c.Close()
	})
	require.NoError(tb, n.Run())
	return n.Stats().Packets
}

func BenchmarkRace(b *testing.B) {
	b.Run("bare", func(b *testing.B) {
		for range b.N {
			bareRace(b)
		}
	})
	b.Run("sim", func(b *testing.B) {
		for range b.N {
			simRace(b)
		}
	})
}

func TestRacePackets(t *testing.T) {
	t.Log(bareRace(t), simRace(t))
}
