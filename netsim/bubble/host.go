package bubble

import (
	"context"
	"net"
	"time"

	"rstlab/netsim"
)

// Host is a computer on the network.
type Host struct {
	net   *Network
	index int
	sim   *netsim.Host
}

// Sim is the host below.
func (h *Host) Sim() *netsim.Host { return h.sim }

// noSocket orders requests that have no socket yet behind those that have.
const noSocket = 1 << 60

// Listen listens as [net.Listen] on this host.
func (h *Host) Listen(network, address string) (net.Listener, error) {
	var l *listener
	err := error(&net.OpError{Op: "listen", Net: network, Err: net.ErrClosed})
	h.do(&request{socket: noSocket, op: "listen", arg: address, run: func(p *netsim.Proc) {
		var sim *netsim.Listener
		if sim, err = p.Listen(network, address); err == nil {
			l = &listener{host: h, sim: sim, addr: sim.Addr(), fd: sim.Socket().FD()}
		}
	}})
	if err != nil {
		return nil, err
	}
	return l, nil
}

// Dial opens a connection as [net.Dial] from this host. Names are those of the
// network's hosts.
func (h *Host) Dial(network, address string) (net.Conn, error) {
	return h.DialContext(context.Background(), network, address)
}

// DialContext is Dial that gives up when ctx ends, as [net.Dialer.DialContext].
// It is what http.Transport.DialContext takes.
func (h *Host) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	fail := func(err error) error { return &net.OpError{Op: "dial", Net: network, Err: err} }
	if err := ctx.Err(); err != nil {
		return nil, fail(contextError(err))
	}
	var c *conn
	dialer := &netsim.Dialer{}
	err := fail(net.ErrClosed)
	r := &request{host: h.index, socket: noSocket, op: "dial", arg: address, what: h.sim.Name() + ": dial " + address}
	r.run = func(p *netsim.Proc) {
		var sim *netsim.Conn
		if sim, err = dialer.Dial(p, network, address); err == nil {
			c = h.newConn(sim)
		}
	}
	if !h.net.submit(r) {
		return nil, err
	}
	select {
	case <-r.done:
	case <-ctx.Done():
		h.do(&request{socket: noSocket, op: "cancel", arg: address, run: func(*netsim.Proc) { dialer.Cancel() }})
		<-r.done
		if err == nil {
			c.Close()
		}
		return nil, fail(contextError(ctx.Err()))
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// contextError is what net makes of a context's error.
func contextError(err error) error {
	if err == context.DeadlineExceeded {
		return timeout{}
	}
	return errCanceled{}
}

// timeout and errCanceled print as net's own errors do, and match the context's.
type timeout struct{}

func (timeout) Error() string   { return "i/o timeout" }
func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }
func (timeout) Is(err error) bool {
	return err == context.DeadlineExceeded
}

type errCanceled struct{}

func (errCanceled) Error() string     { return "operation was canceled" }
func (errCanceled) Is(err error) bool { return err == context.Canceled }

// do performs a request and waits for it.
func (h *Host) do(r *request) {
	r.host = h.index
	if r.what == "" {
		r.what = h.sim.Name() + ": " + r.op
	}
	if h.net.submit(r) {
		<-r.done
	}
}

type listener struct {
	host *Host
	sim  *netsim.Listener
	addr net.Addr
	fd   int
}

func (l *listener) Accept() (net.Conn, error) {
	var c *conn
	err := error(&net.OpError{Op: "accept", Net: "tcp", Addr: l.Addr(), Err: net.ErrClosed})
	l.host.do(&request{
		socket: l.fd, op: "accept", what: l.host.sim.Name() + ": accept on " + l.Addr().String(),
		run: func(*netsim.Proc) {
			var sim *netsim.Conn
			if sim, err = l.sim.AcceptTCP(); err == nil {
				c = l.host.newConn(sim)
			}
		},
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

func (l *listener) Close() error {
	var err error
	l.host.do(&request{socket: l.fd, op: "close", run: func(*netsim.Proc) { err = l.sim.Close() }})
	return err
}

func (l *listener) Addr() net.Addr { return l.addr }

func (l *listener) SetDeadline(t time.Time) (err error) {
	l.host.do(&request{socket: l.fd, op: "set", run: func(*netsim.Proc) { err = l.sim.SetDeadline(t) }})
	return err
}
