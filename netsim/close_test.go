package netsim_test

import (
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/engine"
	"rstlab/netsim/wire"
)

func TestCloseLingersUntilEverythingIsAcknowledged(t *testing.T) {
	d := newDuo(t)
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		require.Zero(t, s.SetOption(engine.Linger, int64(10*time.Second)))
		sends(t, s, "hello")
		begin := p.Elapsed()
		require.Zero(t, s.Close())
		require.Equal(t, rtt, p.Elapsed()-begin, "until the FIN is acknowledged")
	}, func(_ *netsim.Proc, s *netsim.Socket) {
		recvs(t, s, "hello")
		recvs(t, s, "")
		require.Zero(t, s.Close())
	})
	d.run()
	require.Empty(t, d.resets("client"))
}

func TestCloseThatLingersInVainReturnsZero(t *testing.T) {
	d := newDuo(t)
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		require.Zero(t, s.SetOption(engine.Linger, int64(3*time.Second)))
		d.link.Down()
		sends(t, s, "hello")
		begin := p.Elapsed()
		require.Zero(t, s.Close(), "it is no error that the time was over")
		require.Equal(t, 3*time.Second, p.Elapsed()-begin)
		d.link.Up()
	}, func(_ *netsim.Proc, s *netsim.Socket) {
		recvs(t, s, "hello")
		recvs(t, s, "")
	})
	d.run()
}

func TestCloseThatLingersEndsWithAReset(t *testing.T) {
	d := newDuo(t)
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		require.Zero(t, s.SetOption(engine.Linger, int64(10*time.Second)))
		sends(t, s, string(make([]byte, 500_000)))
		begin := p.Elapsed()
		require.Zero(t, s.Close())
		require.Less(t, p.Elapsed()-begin, time.Second)
	}, func(p *netsim.Proc, s *netsim.Socket) {
		p.Sleep(5 * rtt)
		require.Zero(t, s.Close())
	})
	d.run()
	require.NotEmpty(t, d.resets("server"))
}

func TestCloseWithUnreadDataDoesNotLinger(t *testing.T) {
	d := newDuo(t)
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		p.Sleep(rtt)
		require.Zero(t, s.SetOption(engine.Linger, int64(10*time.Second)))
		begin := p.Elapsed()
		require.Zero(t, s.Close())
		require.Equal(t, begin, p.Elapsed())
	}, func(_ *netsim.Proc, s *netsim.Socket) { sends(t, s, "unread") })
	d.run()
	require.Len(t, d.resets("client"), 1)
}

func TestConnCloseWithLinger(t *testing.T) {
	d := newDuo(t)
	d.dial(func(p *netsim.Proc, c *netsim.Conn) {
		require.NoError(t, c.SetLinger(5))
		_, err := c.Write([]byte("hello"))
		require.NoError(t, err)
		begin := p.Elapsed()
		require.NoError(t, c.Close())
		require.Equal(t, rtt, p.Elapsed()-begin)
	})
	d.serve(func(*netsim.Proc, *netsim.Conn) {})
	d.run()
}

// On Linux a descriptor that another thread uses lives on until its call returns
// (testdata/linux.txt has no such scenario; fs/file.c, fget).
func TestASocketClosedUnderABlockedRecvLivesUntilThatReturns(t *testing.T) {
	d := newDuo(t)
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		p.Host().Go("closer", func(q *netsim.Proc) {
			q.Sleep(100 * ms)
			require.Zero(t, s.Close())
			require.Equal(t, syscall.EBADF, s.Close(), "the descriptor is gone")
			require.Equal(t, wire.Established, s.State(), "the connection is not")
		})
		recvs(t, s, "late")
		recvFails(t, s, syscall.EBADF)
		p.Sleep(4 * rtt)
	}, func(p *netsim.Proc, s *netsim.Socket) {
		p.Sleep(200 * ms)
		sends(t, s, "late")
		recvs(t, s, "")
		require.Zero(t, s.Close())
	})
	d.run()
}

func TestConnCloseEndsWhateverBlocksOnIt(t *testing.T) {
	d := newDuo(t)
	ended := 0
	d.dial(func(p *netsim.Proc, c *netsim.Conn) {
		for _, block := range []func() error{
			func() error { return readError(c) },
			func() error { return readError(c) },
			func() error { _, err := c.Write(make([]byte, 50_000_000)); return err },
		} {
			p.Host().Go("blocked", func(q *netsim.Proc) {
				require.ErrorIs(t, block(), net.ErrClosed)
				require.Equal(t, time.Second, q.Elapsed())
				ended++
			})
		}
		p.SleepUntil(netsimTime(time.Second))
		require.NoError(t, c.Close())
	})
	d.serve(func(p *netsim.Proc, c *netsim.Conn) {
		p.Sleep(2 * time.Second)
		require.NoError(t, c.Close())
	})
	d.run()
	require.Equal(t, 3, ended)
}

func TestListenerCloseEndsABlockedAccept(t *testing.T) {
	d := newDuo(t)
	d.server.Go("", func(p *netsim.Proc) {
		l, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		p.Host().Go("closer", func(q *netsim.Proc) {
			q.Sleep(time.Second)
			require.NoError(t, l.Close())
		})
		_, err = l.Accept()
		require.ErrorIs(t, err, net.ErrClosed)
		require.Equal(t, time.Second, p.Elapsed())
		again, err := p.Listen("tcp", ":80")
		require.NoError(t, err, "the port is free again at once")
		require.NoError(t, again.Close())
	})
	d.run()
}

func TestTwoProcsOnOneSocketAreServedInTheOrderOfTheirCalls(t *testing.T) {
	d := newDuo(t)
	var got []string
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		for _, name := range []string{"first", "second", "third"} {
			p.Host().Go(name, func(q *netsim.Proc) {
				b := make([]byte, 2)
				n, errno := s.Recv(b)
				require.Zero(t, errno)
				got = append(got, name+" "+string(b[:n]))
			})
		}
	}, func(p *netsim.Proc, s *netsim.Socket) {
		p.Sleep(rtt)
		sends(t, s, "aabb")
		p.Sleep(rtt)
		require.Zero(t, s.Close())
	})
	d.run()
	require.Equal(t, []string{"first aa", "second bb", "third "}, got)
}

func TestOneProcReadsWhileAnotherWrites(t *testing.T) {
	d := newDuo(t)
	const size = 500_000
	echoed := 0
	d.dial(func(p *netsim.Proc, c *netsim.Conn) {
		p.Host().Go("reader", func(*netsim.Proc) {
			b := make([]byte, 1<<16)
			for {
				n, err := c.Read(b)
				echoed += n
				if err != nil {
					return
				}
			}
		})
		_, err := c.Write(make([]byte, size))
		require.NoError(t, err)
		require.NoError(t, c.CloseWrite())
	})
	d.serve(func(_ *netsim.Proc, c *netsim.Conn) {
		n, err := c.WriteTo(c)
		require.NoError(t, err)
		require.EqualValues(t, size, n)
		require.NoError(t, c.Close())
	})
	d.run()
	require.Equal(t, size, echoed)
}

func TestKillOfAProcThatLingersLeavesTheConnectionToItself(t *testing.T) {
	d := newDuo(t)
	var victim *netsim.Proc
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		victim = p
		require.Zero(t, s.SetOption(engine.Linger, int64(1000*time.Hour)))
		d.link.Down()
		sends(t, s, "hello")
		s.Close()
		t.Error("it must not return")
	}, func(p *netsim.Proc, s *netsim.Socket) {
		p.Sleep(time.Second)
		victim.Kill()
		d.link.Up()
		recvs(t, s, "hello")
		recvs(t, s, "")
		require.Zero(t, s.Close())
	})
	d.run()
	require.Less(t, d.Now().Since(), 10*time.Minute, "nobody lingers any more")
}
