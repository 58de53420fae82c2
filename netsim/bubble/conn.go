package bubble

import (
	"io"
	"net"
	"sync/atomic"
	"time"

	"rstlab/netsim"
	"rstlab/netsim/vtime"
)

// Conn is what connections of a [Host] offer beside [net.Conn]: the methods of
// [net.TCPConn], but for File, SyscallConn and MultipathTCP, as there is no file
// descriptor. All may be called by several goroutines at once.
type Conn interface {
	net.Conn
	io.ReaderFrom
	io.WriterTo
	CloseRead() error
	CloseWrite() error
	SetLinger(sec int) error
	SetNoDelay(noDelay bool) error
	SetKeepAlive(on bool) error
	SetKeepAliveConfig(cfg net.KeepAliveConfig) error
	SetKeepAlivePeriod(d time.Duration) error
	SetReadBuffer(bytes int) error
	SetWriteBuffer(bytes int) error
	SetUserTimeout(d time.Duration) error
}

var _ Conn = (*conn)(nil)

// conn is a connection for the goroutines of the bubble: each call goes to the
// driver and waits there.
type conn struct {
	host          *Host
	label         string // of its dial
	sim           *netsim.Conn
	fd            int
	local, remote net.Addr
	closed        atomic.Bool
	linger        atomic.Int64 // of SO_LINGER, in seconds; negative is off
	read, write   gate

	// Guarded by Network.mu.
	ahead int // bytes of Writes that have returned and are not yet in the send buffer
	sets  int // deadlines for writing that are over before they are set

	// The driver's.
	sends int        // requests for the bytes ahead
	held  []*request // that end sending: they come after the bytes ahead
}

// newConn wraps a connection; the driver calls it.
func (h *Host) newConn(sim *netsim.Conn) *conn {
	c := &conn{host: h, sim: sim, fd: sim.Socket().FD(), local: sim.LocalAddr(), remote: sim.RemoteAddr()}
	c.linger.Store(-1)
	return c
}

func (c *conn) request(o op) *request {
	r := c.host.net.request(c.host, o)
	r.conn, r.socket, r.label = c, c.fd, c.label
	return r
}

// call performs a request. An error that is not yet one of package net becomes
// one: the network has ended, or the connection's host has.
func (c *conn) call(r *request) (int, error) {
	o := r.op
	if c.closed.Load() {
		return 0, c.closedError(o)
	}
	n, err := c.host.net.call(r)
	if err == net.ErrClosed || err != nil && c.closed.Load() {
		err = c.closedError(o)
	}
	return n, err
}

func (c *conn) closedError(o op) error {
	return &net.OpError{Op: o.String(), Net: "tcp", Source: c.local, Addr: c.remote, Err: net.ErrClosed}
}

// Read implements [net.Conn].
func (c *conn) Read(b []byte) (int, error) {
	r := c.request(opRead)
	r.buf, r.gate = b, &c.read
	return c.call(r)
}

// Write implements [net.Conn]. While the send buffer has room it returns at once:
// a program may hold a mutex around it, and who waits for a mutex keeps a bubble
// from being idle.
func (c *conn) Write(b []byte) (int, error) {
	if c.writeAhead(b) {
		return len(b), nil
	}
	r := c.request(opWrite)
	r.buf, r.gate = b, &c.write
	return c.call(r)
}

// maxAhead is the default of [Config.WriteAhead].
const maxAhead = 64 << 10

// writeAhead queues b, if a Write of it would begin at once and not fail. What the
// network is like is known: it does nothing while goroutines run. A deadline that
// is not over yet decides nothing, so that it does not matter whether another
// goroutine has come to set one.
func (c *conn) writeAhead(b []byte) bool {
	n := c.host.net
	r := c.request(opSend)
	limit, socket := maxAhead, c.sim.Socket()
	n.mu.Lock()
	defer n.mu.Unlock()
	ready := len(b) > 0 && c.sets == 0 && !c.closed.Load() && !n.closing
	if n.cfg.WriteAhead == 0 {
		ready = ready && socket.Sendable()
	} else {
		limit = n.cfg.WriteAhead
		ready = ready && socket.Sending()
	}
	if !ready || c.ahead+len(b) > limit {
		n.recycle(r)
		return false
	}
	r.own = append(r.own[:0], b...)
	r.buf = r.own
	c.ahead += len(b)
	n.enqueue(r)
	return true
}

// sent takes note that bytes ahead are in the send buffer, or lost.
func (c *conn) sent(r *request) {
	n := c.host.net
	n.mu.Lock()
	c.ahead -= len(r.buf)
	n.mu.Unlock()
	if c.sends--; c.sends > 0 {
		return
	}
	held := c.held
	c.held = nil
	for _, r := range held {
		n.begin(r)
	}
}

// hold keeps back what ends sending until the bytes ahead are in the send buffer.
// A Read must not wait for that.
func (c *conn) hold(r *request) {
	c.held = append(c.held, r)
	if r.op == opClose {
		_ = c.sim.SetReadDeadline(vtime.Epoch)
	}
}

// copyBuffer is the size of the buffer of ReadFrom and WriteTo, that of
// [io.Copy].
const copyBuffer = 32 << 10

// ReadFrom implements [io.ReaderFrom].
func (c *conn) ReadFrom(r io.Reader) (int64, error) {
	return io.CopyBuffer(struct{ io.Writer }{c}, struct{ io.Reader }{r}, make([]byte, copyBuffer))
}

// WriteTo implements [io.WriterTo].
func (c *conn) WriteTo(w io.Writer) (int64, error) {
	return io.CopyBuffer(struct{ io.Writer }{w}, struct{ io.Reader }{c}, make([]byte, copyBuffer))
}

// Close implements [net.Conn]. It queues and returns at once, but with a
// positive time of SetLinger, when it waits as close(2) does.
func (c *conn) Close() error {
	if c.closed.Swap(true) {
		return c.closedError(opClose)
	}
	r := c.request(opClose)
	if c.linger.Load() > 0 {
		r.op = opCloseWrite // its caller waits
	}
	r.run = func(*netsim.Proc) error { return c.sim.Close() }
	if r.op.queues() {
		c.host.net.post(r)
		return nil
	}
	_, err := c.host.net.call(r)
	if err == net.ErrClosed {
		return nil // the network has ended
	}
	return err
}

func (c *conn) do(o op, run func() error) error {
	r := c.request(o)
	r.run = func(*netsim.Proc) error { return run() }
	_, err := c.call(r)
	return err
}

// CloseRead ends receiving.
func (c *conn) CloseRead() error { return c.do(opCloseRead, c.sim.CloseRead) }

// CloseWrite ends sending: the peer reads the end of the stream.
func (c *conn) CloseWrite() error { return c.do(opCloseWrite, c.sim.CloseWrite) }

// LocalAddr implements [net.Conn].
func (c *conn) LocalAddr() net.Addr { return c.local }

// RemoteAddr implements [net.Conn].
func (c *conn) RemoteAddr() net.Addr { return c.remote }

// The deadlines that a request sets.
const (
	readDeadline = 1 << iota
	writeDeadline
	pastDeadline // one for writing that is over: a Write behind it fails
)

// SetDeadline implements [net.Conn].
func (c *conn) SetDeadline(t time.Time) error { return c.setDeadline(t, readDeadline|writeDeadline) }

// SetReadDeadline implements [net.Conn].
func (c *conn) SetReadDeadline(t time.Time) error { return c.setDeadline(t, readDeadline) }

// SetWriteDeadline implements [net.Conn].
func (c *conn) SetWriteDeadline(t time.Time) error { return c.setDeadline(t, writeDeadline) }

// setDeadline only queues: it comes before all calls that wait, so that no
// goroutine can tell.
func (c *conn) setDeadline(t time.Time, which int) error {
	r := c.request(opSet)
	r.when, r.n = t, which
	if which&writeDeadline != 0 && !t.IsZero() && !t.After(time.Now()) {
		r.n |= pastDeadline
		c.host.net.mu.Lock()
		c.sets++
		c.host.net.mu.Unlock()
	}
	if c.closed.Load() || !c.host.net.post(r) {
		return &net.OpError{Op: "set", Net: "tcp", Addr: c.local, Err: net.ErrClosed}
	}
	return nil
}

func (c *conn) applyDeadline(r *request) error {
	if r.n&pastDeadline != 0 {
		c.host.net.mu.Lock()
		c.sets--
		c.host.net.mu.Unlock()
	}
	switch r.n &^ pastDeadline {
	case readDeadline:
		return c.sim.SetReadDeadline(r.when)
	case writeDeadline:
		return c.sim.SetWriteDeadline(r.when)
	}
	return c.sim.SetDeadline(r.when)
}

// SetLinger sets what becomes of data not yet acknowledged at Close (SO_LINGER).
func (c *conn) SetLinger(sec int) error {
	err := c.do(opOption, func() error { return c.sim.SetLinger(sec) })
	if err == nil {
		c.linger.Store(int64(sec))
	}
	return err
}

// SetNoDelay turns the Nagle algorithm off or on.
func (c *conn) SetNoDelay(noDelay bool) error {
	return c.do(opOption, func() error { return c.sim.SetNoDelay(noDelay) })
}

// SetKeepAlive turns keep-alive probes on or off.
func (c *conn) SetKeepAlive(on bool) error {
	return c.do(opOption, func() error { return c.sim.SetKeepAlive(on) })
}

// SetKeepAliveConfig configures keep-alive probes.
func (c *conn) SetKeepAliveConfig(cfg net.KeepAliveConfig) error {
	return c.do(opOption, func() error { return c.sim.SetKeepAliveConfig(cfg) })
}

// SetKeepAlivePeriod sets how long a connection is idle before it is probed.
func (c *conn) SetKeepAlivePeriod(d time.Duration) error {
	return c.SetKeepAliveConfig(net.KeepAliveConfig{Enable: true, Idle: d, Interval: -1, Count: -1})
}

// SetReadBuffer sets the size of the receive buffer.
func (c *conn) SetReadBuffer(bytes int) error {
	return c.do(opOption, func() error { return c.sim.SetReadBuffer(bytes) })
}

// SetWriteBuffer sets the size of the send buffer.
func (c *conn) SetWriteBuffer(bytes int) error {
	return c.do(opOption, func() error { return c.sim.SetWriteBuffer(bytes) })
}

// SetUserTimeout sets how long sent data may stay unacknowledged (RFC 5482).
func (c *conn) SetUserTimeout(d time.Duration) error {
	return c.do(opOption, func() error { return c.sim.SetUserTimeout(d) })
}
