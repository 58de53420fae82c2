package netsim

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"syscall"
	"time"

	"rstlab/netsim/engine"
	"rstlab/netsim/wire"
)

// Conn is a TCP connection as Go's net gives it: a [net.Conn] with the methods
// of [net.TCPConn]. Errors are those of net on Linux.
type Conn struct {
	s       *Socket
	network string // "tcp", "tcp4", "tcp6": for errors
}

var (
	_ net.Conn      = (*Conn)(nil)
	_ io.ReaderFrom = (*Conn)(nil)
	_ io.WriterTo   = (*Conn)(nil)
)

// Socket is the socket below the connection.
func (c *Conn) Socket() *Socket { return c.s }

// State is the state of the connection (RFC 9293 section 3.3.2).
func (c *Conn) State() wire.State { return c.s.State() }

// Read implements [net.Conn]. At the end of the stream the error is [io.EOF].
func (c *Conn) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, c.usable("read")
	}
	return c.readResult(c.s.recv("recv", p, false, true))
}

// readResult is what Read returns of a call that is complete.
func (c *Conn) readResult(call *call) (int, error) {
	if call.n == 0 && call.errno == 0 && !call.expired && !call.evicted {
		return 0, io.EOF
	}
	return call.n, c.error("read", call)
}

// Write implements [net.Conn]: it writes all of p unless it fails.
func (c *Conn) Write(p []byte) (int, error) {
	if err := c.usable("write"); err != nil {
		return 0, err
	}
	sent := 0
	for {
		call := c.s.send(p[sent:])
		sent += call.n
		if err := c.error("write", call); err != nil || sent == len(p) {
			return sent, err
		}
	}
}

// copyBuffer is the size of the buffer of ReadFrom and WriteTo, that of
// [io.Copy].
const copyBuffer = 32 << 10

// ReadFrom implements [io.ReaderFrom]: it writes what r has to the end.
func (c *Conn) ReadFrom(r io.Reader) (int64, error) {
	return io.CopyBuffer(struct{ io.Writer }{c}, struct{ io.Reader }{r}, make([]byte, copyBuffer))
}

// WriteTo implements [io.WriterTo]: it reads to the end of the stream.
func (c *Conn) WriteTo(w io.Writer) (int64, error) {
	return io.CopyBuffer(struct{ io.Writer }{w}, struct{ io.Reader }{c}, make([]byte, copyBuffer))
}

// Close implements [net.Conn]. Calls that block on the connection return
// [net.ErrClosed].
func (c *Conn) Close() error {
	if err := c.usable("close"); err != nil {
		return err
	}
	c.s.evict()
	return c.errno("close", c.s.Close())
}

// CloseRead ends receiving for the application (SHUT_RD).
func (c *Conn) CloseRead() error {
	if err := c.usable("close"); err != nil {
		return err
	}
	return c.errno2("close", "shutdown", c.s.Shutdown(true, false))
}

// CloseWrite ends sending: the peer reads the end of the stream after
// everything written before (SHUT_WR).
func (c *Conn) CloseWrite() error {
	if err := c.usable("close"); err != nil {
		return err
	}
	return c.errno2("close", "shutdown", c.s.Shutdown(false, true))
}

// LocalAddr implements [net.Conn].
func (c *Conn) LocalAddr() net.Addr { return netAddr(c.s.LocalAddr()) }

// RemoteAddr implements [net.Conn].
func (c *Conn) RemoteAddr() net.Addr { return netAddr(c.s.RemoteAddr()) }

// SetDeadline implements [net.Conn], on the clock of [Proc.Now].
func (c *Conn) SetDeadline(t time.Time) error {
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}

// SetReadDeadline implements [net.Conn].
func (c *Conn) SetReadDeadline(t time.Time) error {
	if c.s.closed {
		return c.setError(net.ErrClosed)
	}
	c.s.read.set(c.s, t)
	return nil
}

// SetWriteDeadline implements [net.Conn].
func (c *Conn) SetWriteDeadline(t time.Time) error {
	if c.s.closed {
		return c.setError(net.ErrClosed)
	}
	c.s.write.set(c.s, t)
	return nil
}

// SetLinger sets what Close does with data not yet acknowledged (SO_LINGER):
// negative, it is sent in the background; 0, it is thrown away and RST is
// sent; positive, Close waits for it up to that many seconds.
func (c *Conn) SetLinger(sec int) error {
	value := int64(-1)
	if sec >= 0 {
		value = int64(sec) * int64(time.Second)
	}
	return c.set(engine.Linger, value)
}

// SetNoDelay turns the Nagle algorithm off (true) or on. Dialled and accepted
// connections begin with it off, as Go's do.
func (c *Conn) SetNoDelay(noDelay bool) error { return c.set(engine.NoDelay, flag(noDelay)) }

// SetKeepAlive turns keep-alive probes on or off.
func (c *Conn) SetKeepAlive(on bool) error { return c.set(engine.KeepAlive, flag(on)) }

// SetKeepAliveConfig configures keep-alive probes; as in [net.KeepAliveConfig]
// a field of zero means Go's default (15 s, 15 s, 9) and a negative one leaves
// the setting as it is.
func (c *Conn) SetKeepAliveConfig(cfg net.KeepAliveConfig) error {
	const seconds = 15 * time.Second
	settings := []struct {
		option      engine.Option
		value, zero int64
	}{
		{engine.KeepAliveIdle, int64(cfg.Idle), int64(seconds)},
		{engine.KeepAliveInterval, int64(cfg.Interval), int64(seconds)},
		{engine.KeepAliveCount, int64(cfg.Count), 9},
	}
	if err := c.SetKeepAlive(cfg.Enable); err != nil {
		return err
	}
	for _, o := range settings {
		if o.value == 0 {
			o.value = o.zero
		}
		if o.value < 0 {
			continue
		}
		if err := c.set(o.option, o.value); err != nil {
			return err
		}
	}
	return nil
}

// SetReadBuffer sets the size of the receive buffer in bytes (SO_RCVBUF).
func (c *Conn) SetReadBuffer(bytes int) error { return c.setBuffer(engine.ReceiveBuffer, bytes) }

// SetWriteBuffer sets the size of the send buffer in bytes (SO_SNDBUF).
func (c *Conn) SetWriteBuffer(bytes int) error { return c.setBuffer(engine.SendBuffer, bytes) }

// SetUserTimeout sets how long sent data may stay unacknowledged before the
// connection is given up (TCP_USER_TIMEOUT, RFC 5482); 0 is TCP's own limit.
func (c *Conn) SetUserTimeout(d time.Duration) error { return c.set(engine.UserTimeout, int64(d)) }

func (c *Conn) setBuffer(o engine.Option, bytes int) error {
	if c.s.closed {
		return c.setError(net.ErrClosed)
	}
	return c.set(o, int64(bytes))
}

// setError is how net reports an error of those settings that connections and
// listeners have in common.
func (c *Conn) setError(err error) error {
	return &net.OpError{Op: "set", Net: c.network, Addr: c.LocalAddr(), Err: err}
}

func (c *Conn) set(o engine.Option, value int64) error {
	if err := c.usable("set"); err != nil {
		return err
	}
	return c.errno2("set", "setsockopt", c.s.SetOption(o, value))
}

func flag(on bool) int64 {
	if on {
		return 1
	}
	return 0
}

// usable is the error of a call on a closed connection.
func (c *Conn) usable(op string) error {
	if c.s.closed {
		return c.wrap(op, net.ErrClosed)
	}
	return nil
}

func (c *Conn) wrap(op string, err error) error {
	return &net.OpError{Op: op, Net: c.network, Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: err}
}

// error is what net returns for a call that has ended so.
func (c *Conn) error(op string, call *call) error {
	if err := outcome(op, call); err != nil {
		return c.wrap(op, err)
	}
	return nil
}

func (c *Conn) errno(op string, errno syscall.Errno) error { return c.errno2(op, op, errno) }

func (c *Conn) errno2(op, syscallName string, errno syscall.Errno) error {
	if errno == 0 {
		return nil
	}
	return c.wrap(op, sysError(syscallName, errno))
}

func netAddr(a netip.AddrPort) net.Addr {
	if !a.IsValid() {
		return nil
	}
	return net.TCPAddrFromAddrPort(a)
}

// String is the connection's addresses and state.
func (c *Conn) String() string { return fmt.Sprintf("%s: %s", c.s.host.name, c.s.describe()) }
