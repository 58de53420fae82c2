package netsim_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
)

// tcpConn is what *net.TCPConn and *netsim.Conn have in common.
type tcpConn interface {
	net.Conn
	CloseRead() error
	CloseWrite() error
	SetLinger(int) error
	SetNoDelay(bool) error
	SetKeepAlive(bool) error
	SetReadBuffer(int) error
	SetWriteBuffer(int) error
}

type tcpListener interface {
	net.Listener
	SetDeadline(time.Time) error
}

// netWorld is Go's net, real or simulated, as one program on one host sees it.
type netWorld struct {
	t      *testing.T
	host   string
	past   time.Time
	listen func(network, address string) (net.Listener, error)
	dial   func(network, address string, timeout time.Duration) (net.Conn, error)
	// pause lets what was sent arrive.
	pause func()
}

// pair is the two ends of a connection.
func (w *netWorld) pair(network string) (client, server tcpConn) {
	l := w.listener(network)
	defer l.Close()
	c, err := w.dial(network, l.Addr().String(), 0)
	require.NoError(w.t, err)
	s, err := l.Accept()
	require.NoError(w.t, err)
	return c.(tcpConn), s.(tcpConn)
}

func (w *netWorld) listener(network string) tcpListener {
	l, err := w.listen(network, w.host+":0")
	require.NoError(w.t, err)
	return l.(tcpListener)
}

// reset is a connection whose peer has sent RST.
func (w *netWorld) reset() tcpConn {
	c, s := w.pair("tcp")
	require.NoError(w.t, s.SetLinger(0))
	require.NoError(w.t, s.Close())
	w.pause()
	return c
}

// closed is a connection that was closed.
func (w *netWorld) closed() tcpConn {
	c, s := w.pair("tcp")
	s.Close()
	c.Close()
	return c
}

// unused is an address that nobody listens on.
func (w *netWorld) unused() string {
	l := w.listener("tcp")
	l.Close()
	return l.Addr().String()
}

// dialError is the error of a dial that must not hang.
func (w *netWorld) dialError(network, address string) error {
	_, err := w.dial(network, address, 0)
	return err
}

func (w *netWorld) listenError(network, address string) error {
	_, err := w.listen(network, address)
	return err
}

func readError(c net.Conn) error {
	_, err := c.Read(make([]byte, 10))
	return err
}

func writeError(c net.Conn) error {
	_, err := c.Write([]byte("x"))
	return err
}

// second is the error of the second time.
func second(f func(net.Conn) error, c net.Conn) error {
	f(c)
	return f(c)
}

// netCases are situations that end in an error.
var netCases = []struct {
	name string
	err  func(*netWorld) error
}{
	{"dial, refused", func(w *netWorld) error { return w.dialError("tcp", w.unused()) }},
	{"dial tcp4, refused", func(w *netWorld) error { return w.dialError("tcp4", w.unused()) }},
	{"dial, unknown network", func(w *netWorld) error { return w.dialError("tcpx", w.host+":1") }},
	{"dial, no address", func(w *netWorld) error { return w.dialError("tcp", "") }},
	{"dial, no port", func(w *netWorld) error { return w.dialError("tcp", w.host) }},
	{"dial, too many colons", func(w *netWorld) error { return w.dialError("tcp", "a:b:c") }},
	{"dial, port out of range", func(w *netWorld) error { return w.dialError("tcp", w.host+":65536") }},
	{"dial, negative port", func(w *netWorld) error { return w.dialError("tcp", w.host+":-1") }},
	{"dial, unknown service", func(w *netWorld) error { return w.dialError("tcp", w.host+":nosuchservice") }},
	{"dial tcp6 to an IPv4 address", func(w *netWorld) error { return w.dialError("tcp6", w.unused()) }},
	{"listen, in use", func(w *netWorld) error {
		l := w.listener("tcp")
		defer l.Close()
		return w.listenError("tcp", l.Addr().String())
	}},
	{"listen on all addresses, in use", func(w *netWorld) error {
		l, err := w.listen("tcp", ":0")
		require.NoError(w.t, err)
		defer l.Close()
		_, port, err := net.SplitHostPort(l.Addr().String())
		require.NoError(w.t, err)
		return w.listenError("tcp", ":"+port)
	}},
	{"listen, an address of nobody here", func(w *netWorld) error { return w.listenError("tcp", "192.0.2.1:0") }},
	{"listen, unknown network", func(w *netWorld) error { return w.listenError("tcpx", ":1") }},
	{"listen, no port", func(w *netWorld) error { return w.listenError("tcp", w.host) }},
	{"listen, port out of range", func(w *netWorld) error { return w.listenError("tcp", w.host+":99999") }},
	{"listen on all addresses, port out of range", func(w *netWorld) error { return w.listenError("tcp", ":99999") }},
	{"accept, closed", func(w *netWorld) error {
		l := w.listener("tcp")
		l.Close()
		_, err := l.Accept()
		return err
	}},
	{"accept, deadline", func(w *netWorld) error {
		l := w.listener("tcp")
		defer l.Close()
		require.NoError(w.t, l.SetDeadline(w.past))
		_, err := l.Accept()
		return err
	}},
	{"accept tcp4, closed", func(w *netWorld) error {
		l := w.listener("tcp4")
		l.Close()
		_, err := l.Accept()
		return err
	}},
	{"close a listener twice", func(w *netWorld) error {
		l := w.listener("tcp")
		l.Close()
		return l.Close()
	}},
	{"listener deadline, closed", func(w *netWorld) error {
		l := w.listener("tcp")
		l.Close()
		return l.SetDeadline(w.past)
	}},
	{"read, end of the stream", func(w *netWorld) error {
		c, s := w.pair("tcp")
		defer c.Close()
		s.Close()
		w.pause()
		return readError(c)
	}},
	{"read, reset", func(w *netWorld) error { return readError(w.reset()) }},
	{"read a second time, reset", func(w *netWorld) error { return second(readError, w.reset()) }},
	{"write, reset", func(w *netWorld) error { return writeError(w.reset()) }},
	{"write a second time, reset", func(w *netWorld) error { return second(writeError, w.reset()) }},
	{"write, the peer has closed", func(w *netWorld) error {
		c, s := w.pair("tcp")
		defer c.Close()
		s.Close()
		w.pause()
		require.NoError(w.t, writeError(c), "the first write draws the RST")
		w.pause()
		return writeError(c)
	}},
	{"write after CloseWrite", func(w *netWorld) error {
		c, s := w.pair("tcp")
		defer c.Close()
		defer s.Close()
		require.NoError(w.t, c.CloseWrite())
		return writeError(c)
	}},
	{"read after CloseRead", func(w *netWorld) error {
		c, s := w.pair("tcp")
		defer c.Close()
		defer s.Close()
		require.NoError(w.t, c.CloseRead())
		return readError(c)
	}},
	{"write nothing, reset", func(w *netWorld) error {
		_, err := w.reset().Write(nil)
		return err
	}},
	{"read, closed", func(w *netWorld) error { return readError(w.closed()) }},
	{"read nothing, closed", func(w *netWorld) error {
		_, err := w.closed().Read(nil)
		return err
	}},
	{"write, closed", func(w *netWorld) error { return writeError(w.closed()) }},
	{"write nothing, closed", func(w *netWorld) error {
		_, err := w.closed().Write(nil)
		return err
	}},
	{"read tcp4, closed", func(w *netWorld) error {
		c, s := w.pair("tcp4")
		s.Close()
		c.Close()
		return readError(c)
	}},
	{"read an accepted tcp4, closed", func(w *netWorld) error {
		c, s := w.pair("tcp4")
		s.Close()
		c.Close()
		return readError(s)
	}},
	{"close, closed", func(w *netWorld) error { return w.closed().Close() }},
	{"CloseRead, closed", func(w *netWorld) error { return w.closed().CloseRead() }},
	{"CloseWrite, closed", func(w *netWorld) error { return w.closed().CloseWrite() }},
	{"CloseWrite, reset", func(w *netWorld) error { return w.reset().CloseWrite() }},
	{"CloseWrite in TIME-WAIT", func(w *netWorld) error {
		c, s := w.pair("tcp")
		require.NoError(w.t, c.CloseWrite())
		w.pause()
		require.NoError(w.t, s.Close())
		w.pause()
		return c.CloseWrite()
	}},
	{"SetDeadline, closed", func(w *netWorld) error { return w.closed().SetDeadline(w.past) }},
	{"SetReadDeadline, closed", func(w *netWorld) error { return w.closed().SetReadDeadline(w.past) }},
	{"SetWriteDeadline, closed", func(w *netWorld) error { return w.closed().SetWriteDeadline(w.past) }},
	{"SetLinger, closed", func(w *netWorld) error { return w.closed().SetLinger(1) }},
	{"SetNoDelay, closed", func(w *netWorld) error { return w.closed().SetNoDelay(true) }},
	{"SetKeepAlive, closed", func(w *netWorld) error { return w.closed().SetKeepAlive(true) }},
	{"SetReadBuffer, closed", func(w *netWorld) error { return w.closed().SetReadBuffer(1000) }},
	{"SetWriteBuffer, closed", func(w *netWorld) error { return w.closed().SetWriteBuffer(1000) }},
	{"read, deadline", func(w *netWorld) error {
		c, s := w.pair("tcp")
		defer c.Close()
		defer s.Close()
		require.NoError(w.t, writeError(s))
		w.pause()
		require.NoError(w.t, c.SetReadDeadline(w.past))
		return readError(c)
	}},
	{"write, deadline", func(w *netWorld) error {
		c, s := w.pair("tcp")
		defer c.Close()
		defer s.Close()
		require.NoError(w.t, c.SetWriteDeadline(w.past))
		return writeError(c)
	}},
	{"write nothing, deadline", func(w *netWorld) error {
		c, s := w.pair("tcp")
		defer c.Close()
		defer s.Close()
		require.NoError(w.t, c.SetDeadline(w.past))
		_, err := c.Write(nil)
		return err
	}},
	{"read, closed and deadline", func(w *netWorld) error {
		c, s := w.pair("tcp")
		defer s.Close()
		require.NoError(w.t, c.SetDeadline(w.past))
		c.Close()
		return readError(c)
	}},
}

var addressForm = regexp.MustCompile(`(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\])?:\d{4,5}\b`)

// errorText is everything about an error that a program can see, with its
// addresses by number in order of appearance.
func errorText(err error) string {
	if err == nil {
		return "no error"
	}
	var b strings.Builder
	for e := err; e != nil; e = errors.Unwrap(e) {
		name := strings.NewReplacer("*netsim.", "*net.").Replace(fmt.Sprintf("%T", e))
		fmt.Fprintf(&b, "%s ", name)
	}
	var seen []string
	text := addressForm.ReplaceAllStringFunc(err.Error(), func(a string) string {
		for i, s := range seen {
			if s == a {
				return fmt.Sprintf("ADDR%d", i+1)
			}
		}
		seen = append(seen, a)
		host, _, _ := net.SplitHostPort(a)
		if host != "" && !strings.Contains(host, ":") {
			host = "IP"
		}
		return fmt.Sprintf("ADDR%d(%s)", len(seen), host)
	})
	text = regexp.MustCompile(`\b(127\.0\.0\.1|10\.0\.0\.1)\b`).ReplaceAllString(text, "IP")
	fmt.Fprintf(&b, "%q", text)
	for _, target := range []error{
		io.EOF, net.ErrClosed, os.ErrDeadlineExceeded, context.DeadlineExceeded, syscall.ECONNREFUSED, syscall.ECONNRESET,
		syscall.EPIPE, syscall.EADDRINUSE, syscall.EADDRNOTAVAIL, syscall.ENOTCONN,
	} {
		if errors.Is(err, target) {
			fmt.Fprintf(&b, " is %q", target)
		}
	}
	var ne net.Error
	if errors.As(err, &ne) {
		fmt.Fprintf(&b, " timeout %v", ne.Timeout())
	}
	return b.String()
}

// realNet is Go's net on the loopback interface.
func realNet(t *testing.T) *netWorld {
	return &netWorld{
		t: t, host: "127.0.0.1", past: time.Unix(1, 0), listen: net.Listen,
		dial: func(network, address string, timeout time.Duration) (net.Conn, error) {
			return net.DialTimeout(network, address, timeout)
		},
		pause: func() {}, // the loopback interface delivers at once
	}
}

// simulatedNet is a proc's.
func simulatedNet(t *testing.T, p *netsim.Proc) *netWorld {
	return &netWorld{
		t: t, host: "10.0.0.1", past: p.Now().Add(-time.Second), listen: func(network, address string) (net.Listener, error) {
			l, err := p.Listen(network, address)
			if err != nil {
				return nil, err
			}
			return l, nil
		},
		dial: func(network, address string, timeout time.Duration) (net.Conn, error) {
			c, err := p.DialTimeout(network, address, timeout)
			if err != nil {
				return nil, err
			}
			return c, nil
		},
		pause: func() { p.Sleep(ms) },
	}
}

func TestErrorsAreThoseOfGosNet(t *testing.T) {
	for _, c := range netCases {
		t.Run(c.name, func(t *testing.T) {
			want := errorText(c.err(realNet(t)))
			n := newNetwork(t, netsim.Config{})
			// Both ends are on one host, as on the loopback interface.
			n.Host("host", netsim.HostConfig{Addrs: bothFamiliesOf(1)}).Go("", func(p *netsim.Proc) {
				require.Equal(t, want, errorText(c.err(simulatedNet(t, p))))
			})
			require.NoError(t, n.Run())
		})
	}
}

func TestADialThatTakesTooLongIsATimeout(t *testing.T) {
	d := net.Dialer{Deadline: time.Unix(1, 0)}
	_, err := d.Dial("tcp", "127.0.0.1:1234")
	want := errorText(err)
	n := newNetwork(t, netsim.Config{})
	client := n.Host("client", netsim.HostConfig{})
	client.Go("", func(p *netsim.Proc) {
		_, err := p.DialTimeout("tcp", "10.0.0.1:1234", -1)
		require.Error(t, err)
		_, err = p.DialTimeout("tcp", "server:1234", 3*time.Second)
		require.Equal(t, want, errorText(err))
		require.Equal(t, 3*time.Second, p.Elapsed())
	})
	n.Link(client, n.Host("server", netsim.HostConfig{}), netsim.LinkConfig{}).Down()
	require.NoError(t, n.Run(), "the link to the server is down")
}

func TestNamesOfNobody(t *testing.T) {
	n := newNetwork(t, netsim.Config{})
	n.Host("client", netsim.HostConfig{}).Go("", func(p *netsim.Proc) {
		_, err := p.Dial("tcp", "nosuch:80")
		require.EqualError(t, err, "dial tcp: lookup nosuch: no such host")
		var dns *net.DNSError
		require.ErrorAs(t, err, &dns)
		require.True(t, dns.IsNotFound)
		_, err = p.Listen("tcp", "nosuch:80")
		require.EqualError(t, err, "listen tcp: lookup nosuch: no such host")
	})
	require.NoError(t, n.Run())
}
