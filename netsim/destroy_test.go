package netsim_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/engine"
	"rstlab/netsim/trace"
	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
)

func TestDestroyResetsThePeerAndAbortsTheProgram(t *testing.T) {
	d := newDuo(t)
	var victim *netsim.Socket
	d.connected(func(_ *netsim.Proc, s *netsim.Socket) {
		recvFails(t, s, syscall.ECONNRESET)
	}, func(p *netsim.Proc, s *netsim.Socket) {
		victim = s
		recvFails(t, s, syscall.ECONNABORTED)
		require.Equal(t, time.Second, p.Elapsed())
		recvs(t, s, "")
		sendFails(t, s, syscall.EPIPE)
		require.Zero(t, s.SocketError(), "the error was reported")
		require.Equal(t, syscall.ENOENT, s.Destroy(), "there is nothing left")
		require.Zero(t, s.Close(), "the descriptor stayed open")
	})
	d.Go("operator", func(p *netsim.Proc) {
		p.Sleep(time.Second)
		require.Zero(t, victim.Destroy())
	})
	d.run()
	resets := d.resets("server")
	require.Len(t, resets, 1)
	require.Equal(t, wire.RST|wire.ACK, resets[0].Flags)
	found := false
	for _, e := range d.Trace().Events {
		if e.Kind == trace.Fault {
			require.Equal(t, "server", e.Host)
			require.Regexp(t, `^destroy 10\.0\.0\.2:80 > 10\.0\.0\.1:\d+ ESTABLISHED$`, e.Fault)
			found = true
		}
	}
	require.True(t, found)
}

// Linux net/ipv4/tcp.c: tcp_abort leaves the receive queue, and tcp_recvmsg_locked
// takes data before the error.
func TestDestroyLeavesWhatWasReceived(t *testing.T) {
	d := newDuo(t)
	d.connected(func(_ *netsim.Proc, s *netsim.Socket) {
		sends(t, s, "hello, ")
		sends(t, s, "world")
		recvFails(t, s, syscall.ECONNRESET)
	}, func(p *netsim.Proc, s *netsim.Socket) {
		p.Sleep(10 * rtt)
		require.Zero(t, s.Destroy())
		require.Equal(t, 12, s.Unread())
		b := make([]byte, 5)
		n, errno := s.Peek(b)
		require.Zero(t, errno)
		require.Equal(t, "hello", string(b[:n]))
		recvs(t, s, "hello, world")
		require.Zero(t, s.Unread())
		recvFails(t, s, syscall.ECONNABORTED)
		recvs(t, s, "")
	})
	d.run()
}

func TestDestroyInOtherStates(t *testing.T) {
	for name, c := range map[string]struct {
		act    func(t *testing.T, d *duo)
		resets int // that the server has sent
	}{
		"a connect that waits": {func(t *testing.T, d *duo) {
			d.server.PowerOff()
			d.client.Go("", func(p *netsim.Proc) {
				s := socket(t, p)
				d.After(time.Second, func() { require.Zero(t, s.Destroy()) })
				require.Equal(t, "ECONNABORTED", engine.ErrnoName(s.Connect(d.serverPort(80))))
				require.Equal(t, time.Second, p.Elapsed())
			})
		}, 0},
		"a listener": {func(t *testing.T, d *duo) {
			d.server.Go("", func(p *netsim.Proc) {
				s := socket(t, p)
				require.Zero(t, s.Bind(d.serverPort(80)))
				require.Zero(t, s.Listen(5))
				d.After(time.Second, func() { require.Zero(t, s.Destroy()) })
				_, errno := s.Accept()
				require.Equal(t, "EINVAL", engine.ErrnoName(errno))
				require.Equal(t, time.Second, p.Elapsed())
				require.Zero(t, s.Close())
			})
		}, 0},
		"a socket that was closed": {func(t *testing.T, d *duo) {
			d.connected(idle, func(_ *netsim.Proc, s *netsim.Socket) {
				require.Zero(t, s.Close())
				require.Equal(t, "ENOENT", engine.ErrnoName(s.Destroy()))
			})
		}, 0},
		"a socket that was never connected": {func(t *testing.T, d *duo) {
			d.client.Go("", func(p *netsim.Proc) {
				require.Equal(t, "ENOENT", engine.ErrnoName(socket(t, p).Destroy()))
			})
		}, 0},
		"a host that is off": {func(t *testing.T, d *duo) {
			d.connected(idle, func(p *netsim.Proc, s *netsim.Socket) {
				d.Go("operator", func(*netsim.Proc) {
					d.server.PowerOff()
					require.Equal(t, "ENOENT", engine.ErrnoName(s.Destroy()))
				})
				p.Sleep(time.Second)
			})
		}, 0},
		"FIN-WAIT-2": {func(t *testing.T, d *duo) {
			d.connected(idle, func(p *netsim.Proc, s *netsim.Socket) {
				require.Zero(t, s.Shutdown(false, true))
				p.Sleep(2 * rtt)
				require.Equal(t, wire.FinWait2, s.State())
				require.Zero(t, s.Destroy())
				recvFails(t, s, syscall.ECONNABORTED)
			})
		}, 1},
		// A FIN that came first hides the error from readers, as it hides a RST.
		"CLOSE-WAIT": {func(t *testing.T, d *duo) {
			d.connected(func(_ *netsim.Proc, s *netsim.Socket) {
				require.Zero(t, s.Shutdown(false, true))
			}, func(p *netsim.Proc, s *netsim.Socket) {
				p.Sleep(2 * rtt)
				require.Equal(t, wire.CloseWait, s.State())
				require.Zero(t, s.Destroy())
				recvs(t, s, "")
				sendFails(t, s, syscall.ECONNABORTED)
				sendFails(t, s, syscall.EPIPE)
			})
		}, 1},
		// A send that was cut off returns how much it had queued.
		"a send that waits": {func(t *testing.T, d *duo) {
			d.connected(idle, func(p *netsim.Proc, s *netsim.Socket) {
				d.At(vtime.Time(10*time.Second), func() { require.Zero(t, s.Destroy()) })
				n, errno := s.Send(make([]byte, 50<<20))
				require.Zero(t, errno)
				require.Positive(t, n)
				require.Less(t, n, 50<<20)
				require.Equal(t, 10*time.Second, p.Elapsed())
				sendFails(t, s, syscall.ECONNABORTED)
			})
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDuo(t)
			c.act(t, d)
			d.run()
			require.Len(t, d.resets("server"), c.resets)
		})
	}
}
