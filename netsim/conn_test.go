package netsim_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/engine"
	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
)

func netsimTime(d time.Duration) vtime.Time { return vtime.Time(d) }

func TestAReadEndsAtItsDeadline(t *testing.T) {
	d := newDuo(t)
	d.dial(func(p *netsim.Proc, c *netsim.Conn) {
		begin := p.Elapsed()
		require.NoError(t, c.SetReadDeadline(p.Now().Add(time.Second)))
		require.ErrorIs(t, readError(c), os.ErrDeadlineExceeded)
		require.Equal(t, time.Second, p.Elapsed()-begin)
		require.ErrorIs(t, readError(c), os.ErrDeadlineExceeded, "it stays over")
		require.NoError(t, writeError(c), "writing has its own")
		require.NoError(t, c.SetReadDeadline(time.Time{}))
		require.NoError(t, readError(c), "no deadline any more")
		require.Equal(t, 3*time.Second, p.Elapsed()-begin)
		require.NoError(t, c.SetReadDeadline(p.Now().Add(time.Second)))
		require.ErrorIs(t, readError(c), os.ErrDeadlineExceeded)
		require.Equal(t, 4*time.Second, p.Elapsed()-begin)
	})
	d.serve(func(p *netsim.Proc, c *netsim.Conn) {
		p.Sleep(3*time.Second - rtt)
		require.NoError(t, writeError(c))
	})
	d.run()
}

func TestADeadlineSetDuringACallCountsForIt(t *testing.T) {
	for name, c := range map[string]struct {
		first, then time.Duration // 0 is none
		want        time.Duration
	}{
		"none, then one":             {0, time.Second, time.Second},
		"none, then past":            {0, -time.Second, 500 * ms},
		"one, then an earlier":       {5 * time.Second, time.Second, time.Second},
		"one, then a later":          {time.Second, 2 * time.Second, 2 * time.Second},
		"one, then now":              {time.Second, 500 * ms, 500 * ms},
		"one, then none: data comes": {time.Second, 0, 3 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDuo(t)
			date := func(at time.Duration) time.Time {
				if at == 0 {
					return time.Time{}
				}
				return vtime.Epoch.Add(at)
			}
			d.dial(func(p *netsim.Proc, conn *netsim.Conn) {
				require.NoError(t, conn.SetReadDeadline(date(c.first)))
				p.Host().Go("setter", func(q *netsim.Proc) {
					q.SleepUntil(netsimTime(500 * ms))
					require.NoError(t, conn.SetReadDeadline(date(c.then)))
				})
				err := readError(conn)
				require.Equal(t, c.then == 0, err == nil)
				require.Equal(t, c.want, p.Elapsed())
			})
			d.serve(func(p *netsim.Proc, conn *netsim.Conn) {
				p.SleepUntil(netsimTime(3*time.Second - rtt/2))
				conn.Write([]byte("x"))
			})
			d.run()
		})
	}
}

func TestAWriteCutShortByItsDeadlineSaysHowMuchWasWritten(t *testing.T) {
	d := newDuo(t)
	var written int
	d.dial(func(p *netsim.Proc, c *netsim.Conn) {
		require.NoError(t, c.SetWriteDeadline(p.Now().Add(time.Second)))
		n, err := c.Write(make([]byte, 50_000_000))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Positive(t, n)
		require.Less(t, n, 50_000_000)
		written = n
		require.NoError(t, c.Close())
	})
	d.serve(func(p *netsim.Proc, c *netsim.Conn) {
		p.Sleep(2 * time.Second)
		n, err := io.Copy(io.Discard, c)
		require.NoError(t, err)
		require.EqualValues(t, written, n, "what was written arrives")
	})
	d.run()
}

func TestDataThatArrivesAtTheDeadlineIsRead(t *testing.T) {
	d := newDuo(t)
	d.dial(func(p *netsim.Proc, c *netsim.Conn) {
		require.NoError(t, c.SetReadDeadline(vtime.Epoch.Add(time.Second)))
		require.NoError(t, readError(c), "the network comes first within an instant")
		require.Equal(t, time.Second, p.Elapsed())
	})
	d.serve(func(p *netsim.Proc, c *netsim.Conn) {
		p.SleepUntil(netsimTime(time.Second - rtt/2))
		require.NoError(t, writeError(c))
	})
	d.run()
}

func TestAnAcceptEndsAtItsDeadline(t *testing.T) {
	d := newDuo(t)
	d.server.Go("", func(p *netsim.Proc) {
		l, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		require.NoError(t, l.SetDeadline(p.Now().Add(time.Second)))
		_, err = l.Accept()
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, time.Second, p.Elapsed())
		require.NoError(t, l.SetDeadline(time.Time{}))
		c, err := l.Accept()
		require.NoError(t, err)
		require.NoError(t, c.Close())
	})
	d.client.Go("", func(p *netsim.Proc) {
		p.Sleep(2 * time.Second)
		c, err := p.Dial("tcp", "server:80")
		require.NoError(t, err)
		require.ErrorIs(t, readError(c), io.EOF)
	})
	d.run()
}

func TestADeadlineOfAClosedConnIsForgotten(t *testing.T) {
	d := newDuo(t)
	d.dial(func(p *netsim.Proc, c *netsim.Conn) {
		require.NoError(t, c.SetDeadline(p.Now().Add(1000*time.Hour)))
		require.NoError(t, c.Close())
	})
	d.serve(func(_ *netsim.Proc, c *netsim.Conn) { c.Close() })
	d.run()
	require.Less(t, d.Now().Since(), time.Hour)
}

func TestReadFromAndWriteToCopyToTheEnd(t *testing.T) {
	d := newDuo(t)
	text := strings.Repeat("all of it, ", 20_000)
	d.dial(func(_ *netsim.Proc, c *netsim.Conn) {
		n, err := c.ReadFrom(strings.NewReader(text))
		require.NoError(t, err)
		require.EqualValues(t, len(text), n)
		require.NoError(t, c.Close())
	})
	d.serve(func(_ *netsim.Proc, c *netsim.Conn) {
		var b bytes.Buffer
		n, err := c.WriteTo(&b)
		require.NoError(t, err, "the end of the stream is no error")
		require.EqualValues(t, len(text), n)
		require.Equal(t, text, b.String())
	})
	d.run()
}

func TestConnAddresses(t *testing.T) {
	d := newDuo(t)
	d.dial(func(_ *netsim.Proc, c *netsim.Conn) {
		require.Equal(t, "tcp", c.LocalAddr().Network())
		require.Equal(t, "10.0.0.2:80", c.RemoteAddr().String())
		local := c.LocalAddr().(*net.TCPAddr)
		require.Equal(t, "10.0.0.1", local.IP.String())
		require.NotZero(t, local.Port)
		require.Equal(t, wire.Established, c.State())
		require.Contains(t, c.String(), "ESTABLISHED")
		require.NoError(t, c.Close())
		require.Equal(t, local, c.LocalAddr(), "a closed connection knows its addresses")
		require.Equal(t, "10.0.0.2:80", c.RemoteAddr().String())
	})
	d.serve(func(p *netsim.Proc, c *netsim.Conn) {
		require.Equal(t, "10.0.0.2:80", c.LocalAddr().String())
		require.Equal(t, "10.0.0.1", c.RemoteAddr().(*net.TCPAddr).IP.String())
	})
	d.run()
}

func TestConnSettings(t *testing.T) {
	d := newDuo(t)
	d.dial(func(_ *netsim.Proc, c *netsim.Conn) {
		s := c.Socket()
		wants := func(o engine.Option, want int64) {
			t.Helper()
			got, errno := s.Option(o)
			require.Zero(t, errno)
			require.Equal(t, want, got, "%v", o)
		}
		wants(engine.NoDelay, 1)
		require.NoError(t, c.SetNoDelay(false))
		wants(engine.NoDelay, 0)
		require.NoError(t, c.SetLinger(3))
		wants(engine.Linger, int64(3*time.Second))
		require.NoError(t, c.SetLinger(-1))
		wants(engine.Linger, -1)
		require.NoError(t, c.SetUserTimeout(time.Minute))
		wants(engine.UserTimeout, int64(time.Minute))
		require.NoError(t, c.SetReadBuffer(10_000))
		wants(engine.ReceiveBuffer, 20_000)
		require.NoError(t, c.SetWriteBuffer(10_000))
		wants(engine.SendBuffer, 20_000)
		require.NoError(t, c.SetKeepAliveConfig(net.KeepAliveConfig{Enable: true, Idle: time.Second}))
		wants(engine.KeepAlive, 1)
		wants(engine.KeepAliveIdle, int64(time.Second))
		wants(engine.KeepAliveInterval, int64(15*time.Second))
		wants(engine.KeepAliveCount, 9)
		require.NoError(t, c.SetKeepAliveConfig(net.KeepAliveConfig{Idle: -1, Interval: 2 * time.Second, Count: -1}))
		wants(engine.KeepAlive, 0)
		wants(engine.KeepAliveIdle, int64(time.Second))
		wants(engine.KeepAliveInterval, int64(2*time.Second))
		require.NoError(t, c.SetKeepAlive(true))
		wants(engine.KeepAlive, 1)
		require.NoError(t, c.SetKeepAlive(false))
		require.Error(t, c.SetUserTimeout(-1))
		require.NoError(t, c.Close())
	})
	d.serve(func(_ *netsim.Proc, c *netsim.Conn) { c.Close() })
	d.run()
}

func TestDialTriesTheAddressesOfANameInTurn(t *testing.T) {
	n := newNetwork(t, netsim.Config{})
	client := n.Host("client", netsim.HostConfig{Addrs: bothFamiliesOf(1)})
	server := n.Host("server", netsim.HostConfig{Addrs: bothFamiliesOf(2)})
	n.Link(client, server, netsim.LinkConfig{RTT: rtt})
	server.Go("", func(p *netsim.Proc) {
		l, err := p.Listen("tcp6", ":80")
		require.NoError(t, err)
		c, err := l.Accept()
		require.NoError(t, err)
		require.Equal(t, "[fd00::2]:80", c.LocalAddr().String())
	})
	client.Go("", func(p *netsim.Proc) {
		c, err := p.Dial("tcp", "server:80")
		require.NoError(t, err, "IPv4 is refused, IPv6 is not")
		require.Equal(t, "[fd00::2]:80", c.RemoteAddr().String())
		_, err = p.Dial("tcp", "server:81")
		var op *net.OpError
		require.True(t, errors.As(err, &op))
		require.Equal(t, "10.0.0.2:81", op.Addr.String(), "the first error is the one to report")
	})
	require.NoError(t, n.Run())
}

func TestNamesAndLiterals(t *testing.T) {
	n := newNetwork(t, netsim.Config{})
	client := n.Host("client", netsim.HostConfig{Addrs: bothFamiliesOf(1)})
	server := n.Host("server-1.example", netsim.HostConfig{Addrs: bothFamiliesOf(2)})
	n.Link(client, server, netsim.LinkConfig{RTT: rtt})
	server.Go("", func(p *netsim.Proc) {
		l, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		require.Equal(t, "[::]:80", l.Addr().String(), "both families")
		for range 6 {
			_, err := l.Accept()
			require.NoError(t, err)
		}
	})
	client.Go("", func(p *netsim.Proc) {
		for _, c := range []struct{ network, address, want string }{
			{"tcp", "server-1.example:80", "10.0.0.2:80"},
			{"tcp4", "server-1.example:80", "10.0.0.2:80"},
			{"tcp6", "server-1.example:80", "[fd00::2]:80"},
			{"tcp", "10.0.0.2:80", "10.0.0.2:80"},
			{"tcp", "[fd00::2]:80", "[fd00::2]:80"},
			{"tcp", "[::ffff:10.0.0.2]:80", "10.0.0.2:80"},
		} {
			conn, err := p.Dial(c.network, c.address)
			require.NoError(t, err, "%s %s", c.network, c.address)
			require.Equal(t, c.want, conn.RemoteAddr().String())
		}
	})
	require.NoError(t, n.Run())
}

func TestListenOnOneAddressOnly(t *testing.T) {
	n := newNetwork(t, netsim.Config{})
	two := []netip.Addr{netip.MustParseAddr("10.0.0.2"), netip.MustParseAddr("10.0.0.3")}
	client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{Addrs: two})
	n.Link(client, server, netsim.LinkConfig{RTT: rtt})
	server.Go("", func(p *netsim.Proc) {
		l, err := p.Listen("tcp", "10.0.0.3:80")
		require.NoError(t, err)
		_, err = l.Accept()
		require.NoError(t, err)
	})
	client.Go("", func(p *netsim.Proc) {
		_, err := p.Dial("tcp", "10.0.0.2:80")
		require.Error(t, err)
		_, err = p.Dial("tcp", "10.0.0.3:80")
		require.NoError(t, err)
	})
	require.NoError(t, n.Run())
}

func TestSelfConnection(t *testing.T) {
	n := newNetwork(t, netsim.Config{})
	h := n.Host("host", netsim.HostConfig{})
	h.Go("server", func(p *netsim.Proc) {
		l, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		c, err := l.Accept()
		require.NoError(t, err)
		_, err = io.Copy(c, c)
		require.NoError(t, err)
		require.NoError(t, c.Close())
	})
	h.Go("client", func(p *netsim.Proc) {
		for _, address := range []string{"host:80"} {
			c, err := p.Dial("tcp", address)
			require.NoError(t, err)
			_, err = c.Write([]byte("to myself"))
			require.NoError(t, err)
			require.NoError(t, c.CloseWrite())
			got, err := io.ReadAll(c)
			require.NoError(t, err)
			require.Equal(t, "to myself", string(got))
			require.NoError(t, c.Close())
			require.Zero(t, p.Elapsed(), "there is no link and no delay")
		}
	})
	require.NoError(t, n.Run())
}

// A socket may even be connected to itself: a simultaneous open with one end.
func TestASocketConnectedToItself(t *testing.T) {
	n := newNetwork(t, netsim.Config{})
	n.Host("host", netsim.HostConfig{}).Go("", func(p *netsim.Proc) {
		s := socket(t, p)
		own := netip.MustParseAddrPort("10.0.0.1:5000")
		require.Zero(t, s.Bind(own))
		require.Zero(t, s.Connect(own))
		sends(t, s, "echo")
		recvs(t, s, "echo")
		require.Zero(t, s.Close())
	})
	require.NoError(t, n.Run())
}

// The addresses are those that net.Listen of Go 1.26 gives on Linux.
func TestListenAddresses(t *testing.T) {
	n := newNetwork(t, netsim.Config{})
	n.Host("both", netsim.HostConfig{Addrs: bothFamiliesOf(1)}).Go("", func(p *netsim.Proc) {
		for _, c := range []struct{ network, address, want string }{
			{"tcp", ":80", "[::]:80"},
			{"tcp", "0.0.0.0:81", "[::]:81"},
			{"tcp", "[::]:82", "[::]:82"},
			{"tcp", "10.0.0.1:83", "10.0.0.1:83"},
			{"tcp", "[fd00::1]:84", "[fd00::1]:84"},
			{"tcp4", ":85", "0.0.0.0:85"},
			{"tcp4", "0.0.0.0:86", "0.0.0.0:86"},
			{"tcp4", "[::]:87", "0.0.0.0:87"},
			{"tcp4", "[fd00::1]:0", "listen tcp4: address fd00::1: no suitable address found"},
			{"tcp6", ":88", "[::]:88"},
			{"tcp6", "[::]:89", "[::]:89"},
			{"tcp6", "0.0.0.0:0", "listen tcp6: address 0.0.0.0: no suitable address found"},
			{"tcp6", "10.0.0.1:0", "listen tcp6: address 10.0.0.1: no suitable address found"},
		} {
			l, err := p.Listen(c.network, c.address)
			if err != nil {
				require.EqualError(t, err, c.want, "%s %s", c.network, c.address)
				continue
			}
			require.Equal(t, c.want, l.Addr().String(), "%s %s", c.network, c.address)
		}
	})
	n.Host("old", netsim.HostConfig{}).Go("", func(p *netsim.Proc) {
		l, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		require.Equal(t, "0.0.0.0:80", l.Addr().String(), "the host has no IPv6")
		_, err = p.Listen("tcp6", ":80")
		require.EqualError(t, err, "listen tcp6 :80: socket: address family not supported by protocol")
	})
	require.NoError(t, n.Run())
}

// Go's net makes a listener of tcp6 take IPv6 connections only.
func TestListenersOfBothFamiliesShareAPort(t *testing.T) {
	n := newNetwork(t, netsim.Config{})
	h := n.Host("host", netsim.HostConfig{Addrs: bothFamiliesOf(1)})
	h.Go("", func(p *netsim.Proc) {
		l6, err := p.Listen("tcp6", ":80")
		require.NoError(t, err)
		l4, err := p.Listen("tcp4", ":80")
		require.NoError(t, err)
		for _, c := range []struct {
			l       *netsim.Listener
			address string
		}{{l4, "10.0.0.1:80"}, {l6, "[fd00::1]:80"}} {
			_, err = p.Dial("tcp", c.address)
			require.NoError(t, err)
			got, err := c.l.Accept()
			require.NoError(t, err)
			require.Equal(t, c.address, got.LocalAddr().String())
		}
	})
	require.NoError(t, n.Run())
}
