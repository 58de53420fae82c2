package bubble_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/bubble"
)

// failing is the environment variable that has a test of failures fail in earnest.
const failing = "BUBBLE_TEST_FAIL"

// failsWith runs f in a bubble of a process of its own, where the test has to
// fail within the limit of real time, and returns what that printed.
func failsWith(t *testing.T, limit time.Duration, f func(t *testing.T)) string {
	if os.Getenv(failing) == t.Name() {
		synctest.Test(t, f)
		return ""
	}
	cmd := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.timeout", limit.String(), "-test.v")
	cmd.Env = append(os.Environ(), failing+"="+t.Name())
	out, err := cmd.CombinedOutput()
	require.Error(t, err, "%s", out)
	return string(out)
}

func TestADeadLockNamesTheCallsAndSockets(t *testing.T) {
	out := failsWith(t, time.Minute, func(t *testing.T) {
		_, client, server := pairOf(t)
		l, err := server.Listen("tcp", ":80")
		require.NoError(t, err)
		c, err := client.Dial("tcp", "server:80")
		require.NoError(t, err)
		s, err := l.Accept()
		require.NoError(t, err)
		go func() {
			time.Sleep(time.Second)
			l.Accept()
		}()
		go s.Read(make([]byte, 1))
		_, err = c.Read(make([]byte, 1))
		require.ErrorIs(t, err, net.ErrClosed)
	})
	if out == "" {
		return
	}
	require.Contains(t, out, "dead-lock")
	require.Regexp(t, `client: read 10\.0\.0\.1:\d+ > 10\.0\.0\.2:80 ESTABLISHED, since 30ms`, out)
	require.Regexp(t, `server: read 10\.0\.0\.2:80 > 10\.0\.0\.1:\d+ ESTABLISHED, since 30ms`, out)
	require.Regexp(t, `server: accept .*:80, since 1\.03s`, out)
	require.NotContains(t, out, "panic", "the calls return, so the test ends")
}

func TestADeadLockOfTheProgramAloneIsReportedBySynctestAndItsGoroutinesByTheLog(t *testing.T) {
	out := failsWith(t, time.Minute, func(t *testing.T) {
		_, client, server := pairOf(t)
		l, err := server.Listen("tcp", ":80")
		require.NoError(t, err)
		_, err = client.Dial("tcp", "server:80")
		require.NoError(t, err)
		go waitsForItself(l)
		<-make(chan int)
	})
	if out != "" {
		require.Contains(t, out, "deadlock: all goroutines in bubble are blocked")
		require.Contains(t, out, "nothing has happened on the network from 20ms to 1000h0m0.02s of virtual time, and no call waits")
		require.Regexp(t, `goroutine \d+ \[chan receive\] at .*waitsForItself`, out)
	}
}

func waitsForItself(net.Listener) { <-make(chan int) }

func TestAProgramMayOutsleepTheHorizon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := bubble.New(t, bubble.Config{Horizon: time.Minute})
		client, server := n.Pair(rtt100)
		_, err := server.Listen("tcp", ":80")
		require.NoError(t, err)
		for range 3 {
			_, err = client.Dial("tcp", "server:80")
			require.NoError(t, err)
			time.Sleep(time.Hour) // and no call waits
		}
	})
}

func TestALiveLockIsReported(t *testing.T) {
	out := failsWith(t, time.Minute, func(t *testing.T) {
		n, _, _ := pairOf(t)
		go func() {
			for {
				n.Wait()
				if n.Hash() == "" {
					return
				}
			}
		}()
		time.Sleep(time.Second)
		t.FailNow()
	})
	if out != "" {
		require.Contains(t, out, "live-lock")
	}
}

// No server is shut down, no connection closed, and handlers are in the middle
// of their work.
func TestWhatIsLeftRunningEndsWithTheTest(t *testing.T) {
	ended := make(chan string, 10) // outside: read after the end
	synctest.Test(t, func(t *testing.T) {
		_, client, server := pairOf(t)
		l, err := server.Listen("tcp", ":80")
		require.NoError(t, err)
		go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/slow" {
				_, err := io.Copy(io.Discard, r.Body)
				ended <- fmt.Sprint("handler: ", err != nil)
			}
			io.WriteString(w, "hello")
		}))
		c := clientOn(client)
		_, err = get(c, "http://server/")
		require.NoError(t, err)
		go func() {
			conn, err := client.Dial("tcp", "server:80")
			if err == nil {
				fmt.Fprint(conn, "POST /slow HTTP/1.1\r\nHost: server\r\nContent-Length: 10\r\n\r\nhello")
				_, err = conn.Read(make([]byte, 1))
			}
			ended <- fmt.Sprint("post: ", errors.Is(err, net.ErrClosed))
		}()
		go func() {
			_, err := client.Dial("tcp", "10.9.9.9:80")
			ended <- fmt.Sprint("dial: ", strings.Contains(fmt.Sprint(err), "use of closed"))
		}()
		time.Sleep(time.Second)
	})
	got := map[string]bool{}
	for range 3 {
		got[<-ended] = true
	}
	require.Equal(t, map[string]bool{"handler: true": true, "post: true": true, "dial: true": true}, got)
}

func TestCallsAfterCloseOfTheNetworkFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, client, server := pairOf(t)
		l, err := server.Listen("tcp", ":80")
		require.NoError(t, err)
		c, err := client.Dial("tcp", "server:80")
		require.NoError(t, err)
		n.Close()
		n.Close()
		_, err = c.Read(make([]byte, 1))
		require.ErrorIs(t, err, net.ErrClosed)
		_, err = c.Write(make([]byte, 1))
		require.ErrorIs(t, err, net.ErrClosed)
		require.ErrorIs(t, c.SetDeadline(time.Now()), net.ErrClosed)
		require.ErrorIs(t, c.(bubble.Conn).SetNoDelay(true), net.ErrClosed)
		require.NoError(t, c.Close())
		_, err = l.Accept()
		require.ErrorIs(t, err, net.ErrClosed)
		_, err = client.Dial("tcp", "server:80")
		require.ErrorIs(t, err, net.ErrClosed)
		_, err = server.Listen("tcp", ":81")
		require.ErrorIs(t, err, net.ErrClosed)
		n.Wait()
		n.Do(nil)
	})
}

func TestABubbleThatWaitsForAMutexIsTold(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 8 s of real time")
	}
	out := failsWith(t, 8*time.Second, func(t *testing.T) {
		_, client, server := pairOf(t)
		_, err := server.Listen("tcp", ":80")
		require.NoError(t, err)
		c, err := client.Dial("tcp", "server:80")
		require.NoError(t, err)
		var mu sync.Mutex
		for range 2 {
			go func() {
				mu.Lock()
				defer mu.Unlock()
				c.Write(make([]byte, 10_000_000)) // nobody reads
			}()
		}
		time.Sleep(time.Hour)
	})
	if out != "" {
		require.Contains(t, out, "need Config.WriteAhead")
	}
}

func TestASecondNetworkInABubbleIsRefused(t *testing.T) {
	out := failsWith(t, time.Minute, func(t *testing.T) {
		pairOf(t)
		pairOf(t)
	})
	if out != "" {
		require.Contains(t, out, "this test has a network already, and a bubble has one at a time")
		require.NotContains(t, out, "panic")
	}
}

func TestASecondNetworkMayFollowTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for range 3 {
			n, client, server := pairOf(t)
			_, err := server.Listen("tcp", ":80")
			require.NoError(t, err)
			_, err = client.Dial("tcp", "server:80")
			require.NoError(t, err)
			n.Close()
		}
	})
}

func TestTwoGoroutinesInSynctestWaitAreToldWhatToDo(t *testing.T) {
	out := failsWith(t, time.Minute, func(inner *testing.T) {
		bubble.New(inner, bubble.Config{})
		bubble.New(t, bubble.Config{}) // of another T, which is no bubble's
		time.Sleep(time.Second)
	})
	if out != "" {
		require.Contains(t, out, "call Network.Wait in place of synctest.Wait, and make one network in a bubble")
	}
}
