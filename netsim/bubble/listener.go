package bubble

import (
	"net"
	"sync/atomic"
	"time"

	"rstlab/netsim"
)

// listener takes connections for the goroutines of the bubble.
type listener struct {
	host   *Host
	sim    *netsim.Listener
	addr   net.Addr
	fd     int
	closed atomic.Bool
	accept gate
}

func (l *listener) error(op string, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Addr: l.addr, Err: err}
}

func (l *listener) request(o op, run func(*netsim.Proc) error) *request {
	r := l.host.net.request(l.host, o)
	r.socket, r.run, r.what = l.fd, run, l.addr.String()
	return r
}

// Accept implements [net.Listener].
func (l *listener) Accept() (net.Conn, error) {
	if l.closed.Load() {
		return nil, l.error("accept", net.ErrClosed)
	}
	var c *conn
	r := l.request(opAccept, func(*netsim.Proc) error {
		sim, err := l.sim.AcceptTCP()
		if err == nil {
			c = l.host.newConn(sim)
		}
		return err
	})
	r.gate = &l.accept
	if _, err := l.host.net.call(r); err == net.ErrClosed {
		return nil, l.error("accept", err)
	} else if err != nil {
		return nil, err
	}
	return c, nil
}

// Close implements [net.Listener]. It queues and returns at once.
func (l *listener) Close() error {
	if l.closed.Swap(true) {
		return l.error("close", net.ErrClosed)
	}
	l.host.net.post(l.request(opClose, func(*netsim.Proc) error { return l.sim.Close() }))
	return nil
}

// Addr implements [net.Listener].
func (l *listener) Addr() net.Addr { return l.addr }

// SetDeadline sets until when Accept waits; the zero time is for ever.
func (l *listener) SetDeadline(t time.Time) error {
	r := l.request(opCancel, func(*netsim.Proc) error { return l.sim.SetDeadline(t) })
	if l.closed.Load() || !l.host.net.post(r) {
		return l.error("set", net.ErrClosed)
	}
	return nil
}
