package bubble

import (
	"context"
	"net"
	"net/netip"
	"os"
	"syscall"

	"rstlab/netsim"
)

// Host is a computer on the network.
type Host struct {
	net   *Network
	index int
	sim   *netsim.Host
}

// Sim is the host below; see [Network.Sim].
func (h *Host) Sim() *netsim.Host { return h.sim }

// Name is the host's name.
func (h *Host) Name() string { return h.sim.Name() }

// errDown is the error of socket calls on a host that is off.
var errDown = os.NewSyscallError("socket", syscall.ENETDOWN)

// Listen listens as [net.Listen] on this host. The listener has SetDeadline
// beside the methods of [net.Listener].
func (h *Host) Listen(network, address string) (net.Listener, error) {
	var l *listener
	r := h.net.request(h, opListen)
	r.socket, r.arg, r.what = noSocket, network+" "+address, address
	r.run = func(p *netsim.Proc) error {
		if !h.sim.Up() {
			return &net.OpError{Op: "listen", Net: network, Err: errDown}
		}
		sim, err := p.Listen(network, address)
		if err == nil {
			l = &listener{host: h, sim: sim, addr: sim.Addr(), fd: sim.Socket().FD()}
		}
		return err
	}
	if _, err := h.net.call(r); err == net.ErrClosed {
		return nil, &net.OpError{Op: "listen", Net: network, Err: err}
	} else if err != nil {
		return nil, err
	}
	return l, nil
}

// Dial opens a connection as [net.Dial] from this host. Names are those of the
// network's hosts. The connection is a [Conn].
func (h *Host) Dial(network, address string) (net.Conn, error) {
	return h.DialContext(context.Background(), network, address)
}

// labelKey is the key of the label in a context.
type labelKey struct{}

// WithLabel names what is done with the context. [Host.DialContext] takes the name
// as sort key: when several goroutines dial one address at one instant, their
// connections are made in the order of the labels, whatever the scheduler does.
// Traces and messages show the label beside the name of the host, at the dial and at
// all calls of the connection.
func WithLabel(ctx context.Context, label string) context.Context {
	return context.WithValue(ctx, labelKey{}, label)
}

// DialContext is Dial that gives up when ctx ends, as [net.Dialer.DialContext]
// does. It is what http.Transport.DialContext takes.
func (h *Host) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if ctx.Err() != nil {
		return nil, h.dialError(ctx, network, address)
	}
	var c *conn
	var over, cancelled bool // the driver's
	dialer := &netsim.Dialer{}
	r := h.net.request(h, opDial)
	r.socket, r.arg, r.what = noSocket, network+" "+address, address
	r.label, _ = ctx.Value(labelKey{}).(string)
	r.run = func(p *netsim.Proc) error {
		defer func() { over = true }()
		if !h.sim.Up() {
			return &net.OpError{Op: "dial", Net: network, Err: errDown}
		}
		if cancelled {
			return os.ErrDeadlineExceeded
		}
		sim, err := dialer.Dial(p, network, address)
		if err == nil {
			c = h.newConn(sim)
			c.label = r.label
		}
		return err
	}
	if ctx.Done() != nil {
		// The driver alone decides whether the dial or the end of the context
		// comes first.
		stop := context.AfterFunc(ctx, func() {
			cancel := h.net.request(h, opCancel)
			cancel.socket = noSocket
			cancel.run = func(*netsim.Proc) error {
				if !over {
					cancelled = true
					dialer.Cancel()
				}
				return nil
			}
			h.net.post(cancel)
		})
		defer stop()
	}
	_, err := h.net.call(r)
	switch {
	case err == nil:
		return c, nil
	case cancelled:
		return nil, h.dialError(ctx, network, address)
	case err == net.ErrClosed:
		return nil, &net.OpError{Op: "dial", Net: network, Addr: h.net.addrOf(address), Err: err}
	}
	return nil, err
}

// dialError is what package net makes of the end of a context.
func (h *Host) dialError(ctx context.Context, network, address string) error {
	err := error(errCanceled{})
	if ctx.Err() == context.DeadlineExceeded {
		err = timeout{}
	}
	return &net.OpError{Op: "dial", Net: network, Addr: h.net.addrOf(address), Err: err}
}

// addrOf is an address for messages; nil when it cannot be resolved.
func (n *Network) addrOf(address string) net.Addr {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, h := range n.hosts {
		if h.sim.Name() == host {
			host = h.sim.Addrs()[0].String()
		}
	}
	a, err := netip.ParseAddrPort(net.JoinHostPort(host, port))
	if err != nil {
		return nil
	}
	return net.TCPAddrFromAddrPort(a)
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
