package bubble_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/bubble"
)

// connected calls f in a bubble with both ends of a connection.
func connected(t *testing.T, f func(t *testing.T, client, server bubble.Conn)) {
	synctest.Test(t, func(t *testing.T) {
		_, client, server := pairOf(t)
		l, err := server.Listen("tcp", ":80")
		require.NoError(t, err)
		c, err := client.Dial("tcp", "server:80")
		require.NoError(t, err)
		s, err := l.Accept()
		require.NoError(t, err)
		f(t, c.(bubble.Conn), s.(bubble.Conn))
	})
}

func TestCloseEndsWhatBlocksOnTheConn(t *testing.T) {
	connected(t, func(t *testing.T, c, _ bubble.Conn) {
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				_, err := c.Read(make([]byte, 1))
				requireClosed(t, "read", err)
			})
			wg.Go(func() {
				var err error
				for err == nil { // nobody reads
					_, err = c.Write(make([]byte, 100_000))
				}
				requireClosed(t, "write", err)
			})
		}
		time.Sleep(time.Second)
		begin := time.Now()
		require.NoError(t, c.Close())
		requireClosed(t, "close", c.Close())
		_, err := c.Read(nil)
		requireClosed(t, "read", err)
		_, err = c.Write([]byte("x"))
		requireClosed(t, "write", err)
		requireClosed(t, "close", c.CloseWrite())
		wg.Wait()
		require.Equal(t, begin, time.Now())
	})
}

func requireClosed(t *testing.T, op string, err error) {
	t.Helper()
	var e *net.OpError
	if !errors.As(err, &e) || e.Op != op || !errors.Is(err, net.ErrClosed) || !strings.HasSuffix(err.Error(), ": use of closed network connection") {
		t.Errorf("%s: got %v", op, err)
	}
}

func TestCloseEndsAccept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, _, server := pairOf(t)
		l, err := server.Listen("tcp", ":80")
		require.NoError(t, err)
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				_, err := l.Accept()
				requireClosed(t, "accept", err)
			})
		}
		time.Sleep(time.Second)
		require.NoError(t, l.Close())
		requireClosed(t, "close", l.Close())
		wg.Wait()
		_, err = server.Listen("tcp", ":80")
		require.NoError(t, err, "the address is free at once")
	})
}

func TestADeadlineSetByAnotherGoroutineEndsABlockedCall(t *testing.T) {
	connected(t, func(t *testing.T, c, _ bubble.Conn) {
		begin := time.Now()
		time.AfterFunc(time.Second, func() { c.SetReadDeadline(time.Now().Add(time.Second)) })
		_, err := c.Read(make([]byte, 1))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, 2*time.Second, time.Since(begin))
		_, err = c.Read(make([]byte, 1))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded, "also later calls")
		require.NoError(t, c.SetDeadline(time.Now().Add(-1)))
		_, err = c.Write([]byte("x"))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.NoError(t, c.SetDeadline(time.Time{}))
		_, err = c.Write([]byte("x"))
		require.NoError(t, err)
	})
}

func TestConcurrentWritesAreNotMixedAndDoNotStarveOthers(t *testing.T) {
	connected(t, func(t *testing.T, c, s bubble.Conn) {
		const size = 3_000_000 // far more than the buffers hold
		var wg sync.WaitGroup
		for i := range 3 {
			wg.Go(func() {
				n, err := c.Write(bytes.Repeat([]byte{'a' + byte(i)}, size))
				if n != size || err != nil {
					t.Errorf("wrote %d: %v", n, err)
				}
			})
		}
		_, err := s.Write([]byte("hello"))
		require.NoError(t, err)
		_, err = io.ReadFull(c, make([]byte, 5))
		require.NoError(t, err, "reading goes on while writes are blocked")
		go func() {
			wg.Wait()
			c.CloseWrite()
		}()
		got, err := io.ReadAll(s)
		require.NoError(t, err)
		require.Len(t, got, 3*size)
		for i := range 3 {
			part := got[i*size : (i+1)*size]
			require.Equal(t, size, bytes.Count(part, part[:1]), "part %d", i)
		}
	})
}

func TestHalfCloseLeavesTheOtherDirection(t *testing.T) {
	connected(t, func(t *testing.T, c, s bubble.Conn) {
		_, err := c.ReadFrom(strings.NewReader("request"))
		require.NoError(t, err)
		require.NoError(t, c.CloseWrite())
		request, err := io.ReadAll(s)
		require.NoError(t, err)
		require.Equal(t, "request", string(request))
		_, err = s.Write([]byte("answer"))
		require.NoError(t, err)
		require.NoError(t, s.Close())
		var answer bytes.Buffer
		_, err = c.WriteTo(&answer)
		require.NoError(t, err)
		require.Equal(t, "answer", answer.String())
	})
}

func TestCloseAfterWriteSendsEverything(t *testing.T) {
	connected(t, func(t *testing.T, c, s bubble.Conn) {
		require.NoError(t, c.SetWriteBuffer(4096))
		sent := 0
		require.NoError(t, c.SetWriteDeadline(time.Now().Add(time.Second)))
		for {
			n, err := c.Write(make([]byte, 10_000)) // nobody reads
			sent += n
			if err != nil {
				require.ErrorIs(t, err, os.ErrDeadlineExceeded)
				break
			}
		}
		go func() {
			_, err := c.Read(make([]byte, 1))
			requireClosed(t, "read", err)
		}()
		require.NoError(t, c.Close())
		time.Sleep(time.Minute)
		got, err := io.ReadAll(s)
		require.NoError(t, err)
		require.Len(t, got, sent)
	})
}

func TestCloseWithLingerZeroResetsEvenWithUnsentData(t *testing.T) {
	connected(t, func(t *testing.T, c, s bubble.Conn) {
		require.NoError(t, c.SetWriteBuffer(4096))
		go func() {
			for {
				if _, err := c.Write(make([]byte, 10_000)); err != nil {
					requireClosed(t, "write", err)
					return
				}
			}
		}()
		time.Sleep(time.Second)
		require.NoError(t, c.SetLinger(0))
		require.NoError(t, c.Close())
		time.Sleep(time.Second)
		_, err := io.Copy(io.Discard, s)
		require.ErrorIs(t, err, syscall.ECONNRESET)
	})
}

func TestCloseWithLingerWaits(t *testing.T) {
	connected(t, func(t *testing.T, c, s bubble.Conn) {
		require.NoError(t, c.SetLinger(5))
		_, err := c.Write([]byte("hello"))
		require.NoError(t, err)
		begin := time.Now()
		require.NoError(t, c.Close())
		require.Equal(t, 20*time.Millisecond, time.Since(begin))
	})
}

func TestAResetIsSeenByTheNextCall(t *testing.T) {
	connected(t, func(t *testing.T, c, s bubble.Conn) {
		require.NoError(t, s.SetLinger(0))
		require.NoError(t, s.Close())
		time.Sleep(time.Second)
		_, err := c.Write([]byte("x"))
		require.ErrorIs(t, err, syscall.ECONNRESET)
		_, err = c.Write([]byte("x"))
		require.ErrorIs(t, err, syscall.EPIPE)
	})
}

func TestTheErrorsOfACancelledDialAreThoseOfNet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, client, _ := pairOf(t)
		const nobody = "10.0.0.9:80" // the SYN is lost
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := client.DialContext(ended, "tcp", nobody)
		require.EqualError(t, err, "dial tcp 10.0.0.9:80: operation was canceled")
		require.ErrorIs(t, err, context.Canceled)

		during, cancel := context.WithCancel(t.Context())
		begin := time.Now()
		time.AfterFunc(time.Second, cancel)
		_, err = client.DialContext(during, "tcp", nobody)
		require.EqualError(t, err, "dial tcp 10.0.0.9:80: operation was canceled")
		require.Equal(t, time.Second, time.Since(begin))

		late, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		_, err = client.DialContext(late, "tcp", nobody)
		require.EqualError(t, err, "dial tcp 10.0.0.9:80: i/o timeout")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		var e net.Error
		require.ErrorAs(t, err, &e)
		require.True(t, e.Timeout())
		require.Equal(t, 3*time.Second, time.Since(begin))
	})
}

func TestADialThatEndsWithItsContextSucceeds(t *testing.T) {
	oneHash(t, 20, []int{1, 2}, func(t *testing.T) string {
		n, client, server := pairOf(t)
		_, err := server.Listen("tcp", ":80")
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		_, err = client.DialContext(ctx, "tcp", "server:80")
		require.NoError(t, err, "at one instant the network comes first")
		return n.Hash()
	})
}

func TestAHostThatIsOffHasNoSockets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, client, server := pairOf(t)
		l, err := server.Listen("tcp", ":80")
		require.NoError(t, err)
		c, err := client.Dial("tcp", "server:80")
		require.NoError(t, err)
		time.AfterFunc(time.Second, func() {
			n.Do(func(*netsim.Network) {
				server.Sim().PowerOff()
				client.Sim().PowerOff()
			})
		})
		_, err = c.Read(make([]byte, 1))
		requireClosed(t, "read", err)
		_, err = l.Accept()
		requireClosed(t, "accept", err)
		_, err = client.Dial("tcp", "server:80")
		require.ErrorIs(t, err, syscall.ENETDOWN)
		_, err = server.Listen("tcp", ":81")
		require.ErrorIs(t, err, syscall.ENETDOWN)
	})
}
