package bubble

import (
	"net"
	"time"

	"rstlab/netsim"
)

// conn is a connection for the goroutines of the bubble: each call goes to the
// driver and waits there.
type conn struct {
	host          *Host
	sim           *netsim.Conn
	fd            int
	local, remote net.Addr
}

// newConn wraps a connection; the driver calls it.
func (h *Host) newConn(sim *netsim.Conn) *conn {
	return &conn{host: h, sim: sim, fd: sim.Socket().FD(), local: sim.LocalAddr(), remote: sim.RemoteAddr()}
}

// Conn is what connections of a [Host] offer beside [net.Conn].
type Conn interface {
	net.Conn
	CloseRead() error
	CloseWrite() error
	SetLinger(sec int) error
	SetNoDelay(bool) error
	SetKeepAlive(bool) error
	SetKeepAliveConfig(net.KeepAliveConfig) error
	SetReadBuffer(bytes int) error
	SetWriteBuffer(bytes int) error
	SetUserTimeout(time.Duration) error
}

var _ Conn = (*conn)(nil)

func (c *conn) do(op string, run func() error) error {
	err := error(&net.OpError{Op: op, Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: net.ErrClosed})
	c.host.do(&request{
		socket: c.fd, op: op, what: c.host.sim.Name() + ": " + op + " on " + c.LocalAddr().String() + " > " + c.RemoteAddr().String(),
		run: func(*netsim.Proc) { err = run() },
	})
	return err
}

func (c *conn) Read(b []byte) (n int, err error) {
	err = c.do("read", func() (err error) {
		n, err = c.sim.Read(b)
		return err
	})
	return n, err
}

func (c *conn) Write(b []byte) (n int, err error) {
	err = c.do("write", func() (err error) {
		n, err = c.sim.Write(b)
		return err
	})
	return n, err
}

func (c *conn) Close() error         { return c.do("close", c.sim.Close) }
func (c *conn) CloseRead() error     { return c.do("close", c.sim.CloseRead) }
func (c *conn) CloseWrite() error    { return c.do("close", c.sim.CloseWrite) }
func (c *conn) LocalAddr() net.Addr  { return c.local }
func (c *conn) RemoteAddr() net.Addr { return c.remote }
func (c *conn) SetDeadline(t time.Time) error {
	return c.do("set", func() error { return c.sim.SetDeadline(t) })
}
func (c *conn) SetReadDeadline(t time.Time) error {
	return c.do("set", func() error { return c.sim.SetReadDeadline(t) })
}
func (c *conn) SetWriteDeadline(t time.Time) error {
	return c.do("set", func() error { return c.sim.SetWriteDeadline(t) })
}
func (c *conn) SetLinger(sec int) error {
	return c.do("set", func() error { return c.sim.SetLinger(sec) })
}
func (c *conn) SetNoDelay(on bool) error {
	return c.do("set", func() error { return c.sim.SetNoDelay(on) })
}
func (c *conn) SetKeepAlive(on bool) error {
	return c.do("set", func() error { return c.sim.SetKeepAlive(on) })
}
func (c *conn) SetReadBuffer(bytes int) error {
	return c.do("set", func() error { return c.sim.SetReadBuffer(bytes) })
}
func (c *conn) SetWriteBuffer(bytes int) error {
	return c.do("set", func() error { return c.sim.SetWriteBuffer(bytes) })
}

func (c *conn) SetKeepAliveConfig(cfg net.KeepAliveConfig) error {
	return c.do("set", func() error { return c.sim.SetKeepAliveConfig(cfg) })
}

func (c *conn) SetUserTimeout(d time.Duration) error {
	return c.do("set", func() error { return c.sim.SetUserTimeout(d) })
}
