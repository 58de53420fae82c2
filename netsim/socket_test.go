package netsim_test

import (
	"net/netip"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/engine"
	"rstlab/netsim/wire"
)

// reset is what a proc does with its end to have the peer see an ABORT.
func reset(tb testing.TB) func(*netsim.Proc, *netsim.Socket) {
	return func(_ *netsim.Proc, s *netsim.Socket) {
		require.Zero(tb, s.SetOption(engine.Linger, 0))
		require.Zero(tb, s.Close())
	}
}

func TestAnErrorIsReportedOnceToWhoeverAsksFirst(t *testing.T) {
	b := make([]byte, 10)
	for name, ask := range map[string]func(*netsim.Socket) syscall.Errno{
		"recv":     func(s *netsim.Socket) syscall.Errno { _, errno := s.Recv(b); return errno },
		"tryrecv":  func(s *netsim.Socket) syscall.Errno { _, errno := s.TryRecv(b); return errno },
		"peek":     func(s *netsim.Socket) syscall.Errno { _, errno := s.Peek(b); return errno },
		"send":     func(s *netsim.Socket) syscall.Errno { _, errno := s.Send(b); return errno },
		"SO_ERROR": (*netsim.Socket).SocketError,
	} {
		t.Run(name, func(t *testing.T) {
			d := newDuo(t)
			d.connected(func(p *netsim.Proc, s *netsim.Socket) {
				p.Sleep(rtt)
				require.Equal(t, "ECONNRESET", engine.ErrnoName(ask(s)), "whoever asks first is told")
				require.Zero(t, s.SocketError(), "then the slot is empty")
				recvs(t, s, "")
				sendFails(t, s, syscall.EPIPE)
			}, reset(t))
			d.run()
		})
	}
}

func TestAFINBeforeTheRSTHidesItFromReaders(t *testing.T) {
	d := newDuo(t)
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		p.Sleep(10 * rtt)
		recvs(t, s, "reply")
		recvs(t, s, "")
		require.Equal(t, syscall.EPIPE, s.SocketError(), "SO_ERROR shows it")
		recvs(t, s, "")
		sendFails(t, s, syscall.EPIPE)
	}, func(p *netsim.Proc, s *netsim.Socket) {
		sends(t, s, "reply")
		require.Zero(t, s.Shutdown(false, true))
		p.Sleep(2 * rtt)
		reset(t)(p, s)
	})
	d.run()
}

func TestASendCutOffByAResetReturnsWhatWasTaken(t *testing.T) {
	d := newDuo(t)
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		n, errno := s.Send(make([]byte, 50_000_000))
		require.Zero(t, errno, "the error is for the next call")
		require.Positive(t, n)
		require.Less(t, n, 50_000_000)
		sendFails(t, s, syscall.ECONNRESET)
		sendFails(t, s, syscall.EPIPE)
	}, func(p *netsim.Proc, s *netsim.Socket) {
		p.Sleep(5 * rtt)
		require.Zero(t, s.Close(), "with unread data: RST")
	})
	d.run()
}

func TestAPeekTakesNothing(t *testing.T) {
	d := newDuo(t)
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		b := make([]byte, 3)
		for range 2 {
			n, errno := s.Peek(b)
			require.Zero(t, errno)
			require.Equal(t, "hel", string(b[:n]))
		}
		recvs(t, s, "hello")
		_, errno := s.TryRecv(b)
		require.Equal(t, syscall.EAGAIN, errno)
		require.Zero(t, s.Close())
	}, func(p *netsim.Proc, s *netsim.Socket) {
		sends(t, s, "hello")
		p.Sleep(rtt)
		require.Zero(t, s.Close())
	})
	d.run()
}

func TestAfterARefusalASocketCanConnectAgain(t *testing.T) {
	d := newDuo(t)
	d.client.Go("", func(p *netsim.Proc) {
		s := socket(t, p)
		local := netip.AddrPortFrom(d.client.Addrs()[0], 7777)
		require.Zero(t, s.Bind(local))
		require.Zero(t, s.SetOption(engine.UserTimeout, int64(5*time.Second)))
		require.Zero(t, s.SetOption(engine.NoDelay, 1))
		require.Equal(t, syscall.ECONNREFUSED, s.Connect(d.serverPort(80)))
		require.Zero(t, s.SocketError(), "connect has reported it")
		recvFails(t, s, syscall.ENOTCONN)
		sendFails(t, s, syscall.EPIPE)
		require.Equal(t, syscall.ENOTCONN, s.Shutdown(true, true))
		require.Equal(t, syscall.ECONNREFUSED, s.Connect(d.serverPort(80)), "nobody listens yet")
		p.Sleep(time.Second)
		require.Zero(t, s.Connect(d.serverPort(80)))
		require.Equal(t, local, s.LocalAddr(), "the socket is bound still")
		for o, want := range map[engine.Option]int64{engine.UserTimeout: int64(5 * time.Second), engine.NoDelay: 1} {
			got, errno := s.Option(o)
			require.Zero(t, errno)
			require.Equal(t, want, got, "%v was set before", o)
		}
		recvs(t, s, "hello")
	})
	d.server.Go("", func(p *netsim.Proc) {
		p.Sleep(500 * ms)
		l := socket(t, p)
		require.Zero(t, l.Bind(d.serverPort(80)))
		require.Zero(t, l.Listen(1))
		s, errno := l.Accept()
		require.Zero(t, errno)
		sends(t, s, "hello")
	})
	d.run()
}

func TestConnectOnAConnectedSocket(t *testing.T) {
	d := newDuo(t)
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		require.Equal(t, syscall.EISCONN, s.Connect(d.serverPort(80)))
		require.Equal(t, syscall.EISCONN, s.Connect(d.serverPort(81)))
		p.Sleep(rtt)
		recvFails(t, s, syscall.ECONNRESET)
		require.Equal(t, syscall.EISCONN, s.Connect(d.serverPort(80)), "Linux: the socket stays SS_CONNECTED")
	}, reset(t))
	d.run()
}

func TestConnectOnAListener(t *testing.T) {
	d := newDuo(t)
	d.client.Go("", func(p *netsim.Proc) {
		l := socket(t, p)
		require.Zero(t, l.Listen(1), "Linux binds it to a free port")
		require.NotZero(t, l.LocalAddr().Port())
		require.Equal(t, syscall.EISCONN, l.Connect(d.serverPort(80)), "Linux inet_stream_connect, by state")
		require.Equal(t, syscall.ENOTCONN, first(l.Recv(make([]byte, 1))))
		sendFails(t, l, syscall.EPIPE)
	})
	d.run()
}

// first is the errno of a call.
func first(_ int, errno syscall.Errno) syscall.Errno { return errno }

func TestCallsOnASocketThatIsNotConnected(t *testing.T) {
	d := newDuo(t)
	d.client.Go("", func(p *netsim.Proc) {
		s := socket(t, p)
		require.Equal(t, wire.Closed, s.State())
		recvFails(t, s, syscall.ENOTCONN)
		sendFails(t, s, syscall.EPIPE)
		require.Equal(t, syscall.ENOTCONN, s.Shutdown(false, true))
		_, errno := s.Accept()
		require.Equal(t, syscall.EINVAL, errno)
		require.Zero(t, s.SocketError())
		require.Zero(t, s.Close())
		require.Equal(t, syscall.EBADF, s.Close())
		recvFails(t, s, syscall.EBADF)
		sendFails(t, s, syscall.EBADF)
		require.Equal(t, syscall.EBADF, s.Connect(d.serverPort(80)))
		require.Equal(t, syscall.EBADF, s.Listen(1))
		require.Equal(t, syscall.EBADF, s.SetOption(engine.NoDelay, 1))
	})
	d.run()
}

func TestShutdownOfReceivingConcernsTheApplicationOnly(t *testing.T) {
	d := newDuo(t)
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		p.Sleep(rtt)
		require.Zero(t, s.Shutdown(true, false))
		recvs(t, s, "queued before")
		recvs(t, s, "")
		p.Sleep(4 * rtt)
		recvs(t, s, "sent after")
		recvs(t, s, "")
		sends(t, s, "can send")
		require.Zero(t, s.Close())
	}, func(p *netsim.Proc, s *netsim.Socket) {
		sends(t, s, "queued before")
		p.Sleep(3 * rtt)
		sends(t, s, "sent after")
		recvs(t, s, "can send")
		recvs(t, s, "")
		require.Zero(t, s.Close())
	})
	d.run()
	require.Empty(t, d.resets("client"), "the peer notices nothing")
}

func TestShutdownWakesABlockedRecv(t *testing.T) {
	d := newDuo(t)
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		p.Host().Go("other", func(q *netsim.Proc) {
			q.Sleep(100 * ms)
			require.Zero(t, s.Shutdown(true, false))
		})
		recvs(t, s, "")
		require.Equal(t, rtt*3/2+100*ms, p.Elapsed(), "woken by the shutdown")
	}, idle)
	d.run()
}

func TestShutdownOfAListenerResetsWhoWaits(t *testing.T) {
	d := newDuo(t)
	d.server.Go("", func(p *netsim.Proc) {
		l := socket(t, p)
		require.Zero(t, l.Bind(d.serverPort(80)))
		require.Zero(t, l.Listen(5))
		p.Host().Go("closer", func(q *netsim.Proc) {
			q.Sleep(5 * rtt)
			require.Zero(t, l.Shutdown(true, false))
		})
		_, errno := l.Accept()
		require.Zero(t, errno)
		_, errno = l.Accept()
		require.Equal(t, syscall.EINVAL, errno, "Linux: a blocked accept returns EINVAL")
		_, errno = l.Accept()
		require.Equal(t, syscall.EINVAL, errno)
	})
	d.client.Go("", func(p *netsim.Proc) {
		s := socket(t, p)
		require.Zero(t, s.Connect(d.serverPort(80)))
		p.Sleep(10 * rtt)
		require.Equal(t, syscall.ECONNREFUSED, socket(t, p).Connect(d.serverPort(80)))
	})
	d.run()
}

func TestShutdownWhileConnecting(t *testing.T) {
	d := newDuo(t)
	d.link.Down()
	d.client.Go("", func(p *netsim.Proc) {
		s := socket(t, p)
		p.Host().Go("other", func(q *netsim.Proc) {
			q.Sleep(100 * ms)
			require.Zero(t, s.Shutdown(true, true), "Linux inet_shutdown disconnects in SYN_SENT")
		})
		require.Equal(t, syscall.ECONNRESET, s.Connect(d.serverPort(80)), "Linux tcp_disconnect")
		require.Equal(t, 100*ms, p.Elapsed())
	})
	d.run()
}

func TestAcceptHandsOutConnectionsThatAreAlreadyReset(t *testing.T) {
	d := newDuo(t)
	d.server.Go("", func(p *netsim.Proc) {
		l := socket(t, p)
		require.Zero(t, l.Bind(d.serverPort(80)))
		require.Zero(t, l.Listen(5))
		p.Sleep(10 * rtt)
		s, errno := l.Accept()
		require.Zero(t, errno)
		require.Equal(t, wire.Closed, s.State())
		require.True(t, s.RemoteAddr().IsValid())
		recvs(t, s, "hello")
		recvFails(t, s, syscall.ECONNRESET)
		recvs(t, s, "")
		require.Zero(t, s.Close())
	})
	d.client.Go("", func(p *netsim.Proc) {
		s := socket(t, p)
		require.Zero(t, s.Connect(d.serverPort(80)))
		sends(t, s, "hello")
		p.Sleep(rtt)
		reset(t)(p, s)
	})
	d.run()
}

func TestAcceptHandsOutConnectionsThatArePartlyClosed(t *testing.T) {
	d := newDuo(t)
	d.server.Go("", func(p *netsim.Proc) {
		l := socket(t, p)
		require.Zero(t, l.Bind(d.serverPort(80)))
		require.Zero(t, l.Listen(5))
		p.Sleep(10 * rtt)
		s, errno := l.Accept()
		require.Zero(t, errno)
		require.Equal(t, wire.CloseWait, s.State())
		recvs(t, s, "hello")
		recvs(t, s, "")
		sends(t, s, "reply")
		require.Zero(t, s.Close())
	})
	d.client.Go("", func(p *netsim.Proc) {
		s := socket(t, p)
		require.Zero(t, s.Connect(d.serverPort(80)))
		sends(t, s, "hello")
		require.Zero(t, s.Shutdown(false, true))
		recvs(t, s, "reply")
		recvs(t, s, "")
	})
	d.run()
}

func TestABacklogThatIsFullDropsTheSYN(t *testing.T) {
	d := newDuo(t)
	d.server.Go("", func(p *netsim.Proc) {
		l := socket(t, p)
		require.Zero(t, l.Bind(d.serverPort(80)))
		require.Zero(t, l.Listen(2))
		p.Sleep(2 * time.Second)
		for range 6 {
			s, errno := l.Accept()
			require.Zero(t, errno)
			recvs(t, s, "x")
		}
	})
	for range 6 {
		d.client.Go("", func(p *netsim.Proc) {
			s := socket(t, p)
			require.Zero(t, s.Connect(d.serverPort(80)))
			sends(t, s, "x")
		})
	}
	d.run()
	require.Greater(t, d.Now().Since(), 2*time.Second, "some SYNs had to be sent again")
}

func TestNagleIsOnForSocketsAndOffForConns(t *testing.T) {
	d := newDuo(t)
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		for range 5 {
			sends(t, s, "x")
		}
		p.Sleep(time.Second)
	}, idle)
	d.run()
	require.Len(t, d.dataSegments("client"), 2, "one, and what gathered until its acknowledgment")

	d = newDuo(t)
	d.dial(func(p *netsim.Proc, c *netsim.Conn) {
		for range 5 {
			_, err := c.Write([]byte("x"))
			require.NoError(t, err)
		}
		p.Sleep(time.Second)
	})
	d.serve(func(*netsim.Proc, *netsim.Conn) {})
	d.run()
	require.Len(t, d.dataSegments("client"), 5)
}

func TestOptionsOutOfLinuxsRangesAreInvalid(t *testing.T) {
	d := newDuo(t)
	d.client.Go("", func(p *netsim.Proc) {
		s := socket(t, p)
		for _, c := range []struct {
			option engine.Option
			value  int64
		}{
			{engine.SynCount, 0},
			{engine.SynCount, 128},
			{engine.SynCount, -1},
			{engine.MaxSegment, 87},
			{engine.MaxSegment, 32768},
			{engine.KeepAliveIdle, 0},
			{engine.KeepAliveIdle, int64(32768 * time.Second)},
			{engine.KeepAliveInterval, 0},
			{engine.KeepAliveInterval, -1},
			{engine.KeepAliveCount, 0},
			{engine.KeepAliveCount, 128},
			{engine.KeepAliveCount, 1 << 40},
			{engine.UserTimeout, -1},
		} {
			before, errno := s.Option(c.option)
			require.Zero(t, errno)
			require.Equal(t, syscall.EINVAL, s.SetOption(c.option, c.value), "%v = %d", c.option, c.value)
			after, errno := s.Option(c.option)
			require.Zero(t, errno)
			require.Equal(t, before, after, "%v", c.option)
		}
		require.Equal(t, syscall.ENOPROTOOPT, s.SetOption(engine.Option(99), 1))
	})
	d.run()
}
