package netsim

import (
	"errors"
	"net"
	"net/netip"
	"strconv"
	"syscall"
	"time"

	"rstlab/netsim/engine"
	"rstlab/netsim/vtime"
)

// backlog of a listener: the default of net.core.somaxconn since Linux 5.4.
const backlog = 4096

// Dial opens a connection as [net.Dial]: network is "tcp", "tcp4" or "tcp6",
// address is "server:80", "10.0.0.2:80" or "[fd00::2]:80". The addresses of a
// name are tried in turn.
func (p *Proc) Dial(network, address string) (*Conn, error) {
	return p.DialTimeout(network, address, 0)
}

// DialTimeout is Dial with a limit of virtual time for all attempts together;
// 0 is no limit but TCP's own.
func (p *Proc) DialTimeout(network, address string, timeout time.Duration) (*Conn, error) {
	d := Dialer{}
	if timeout > 0 {
		d.Deadline = p.Now().Add(timeout)
	}
	return d.Dial(p, network, address)
}

// Dialer dials once, with what can be said about that. The zero value is
// [Proc.Dial].
type Dialer struct {
	// Deadline is the date, on the clock of [Proc.Now], at which all attempts
	// together have failed; zero is never.
	Deadline time.Time

	socket    *Socket // of the attempt under way
	cancelled bool
}

// Dial opens a connection from p's host; see [Proc.Dial].
func (d *Dialer) Dial(p *Proc, network, address string) (*Conn, error) {
	if p.host == nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: sysError("socket", syscall.ENETDOWN)}
	}
	targets, err := p.host.resolve(network, address)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	var first error
	for _, target := range targets {
		s, err := d.dial(p, target)
		if err == nil {
			return newConn(s, network), nil
		}
		err = &net.OpError{Op: "dial", Net: network, Addr: netAddr(target), Err: err}
		if first == nil {
			first = err
		}
		if d.cancelled || !d.Deadline.IsZero() && !p.Now().Before(d.Deadline) {
			break
		}
	}
	return nil, first
}

// Cancel ends a Dial that is under way, from outside its proc: it fails as at
// its deadline.
func (d *Dialer) Cancel() {
	d.cancelled = true
	if d.socket != nil {
		d.socket.write.set(d.socket, vtime.Epoch)
	}
}

func (d *Dialer) dial(p *Proc, target netip.AddrPort) (*Socket, error) {
	s, errno := p.Socket(engine.FamilyOf(target.Addr()))
	if errno != 0 {
		return nil, sysError("socket", errno)
	}
	d.socket = s
	defer func() { d.socket = nil }()
	s.write.set(s, d.Deadline)
	call := s.connect(target)
	if err := outcome("connect", call); err != nil {
		s.Close()
		if call.expired {
			err = &timeoutError{}
		}
		return nil, err
	}
	s.write.set(s, time.Time{})
	return s, nil
}

// newConn wraps a connected socket; like Go's net it turns the Nagle algorithm
// off.
func newConn(s *Socket, network string) *Conn {
	s.eng.SetOption(engine.NoDelay, 1)
	return &Conn{s: s, network: network}
}

// resolve turns an address of Go's net into addresses and ports. No host is
// this one.
func (h *Host) resolve(network, address string) ([]netip.AddrPort, error) {
	if err := checkNetwork(network); err != nil {
		return nil, err
	}
	if address == "" {
		return nil, errors.New("missing address")
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	number, err := parsePort(network, port)
	if err != nil {
		return nil, err
	}
	found := h.n.addrs
	if host != "" {
		found = h.net.lookup(host)
	}
	if len(found) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	var targets []netip.AddrPort
	for _, a := range found {
		if network == "tcp" || a.Is4() == (network == "tcp4") {
			targets = append(targets, netip.AddrPortFrom(a, number))
		}
	}
	if len(targets) == 0 {
		return nil, &net.AddrError{Err: "no suitable address found", Addr: host}
	}
	return targets, nil
}

func checkNetwork(network string) error {
	if network != "tcp" && network != "tcp4" && network != "tcp6" {
		return net.UnknownNetworkError(network)
	}
	return nil
}

// parsePort takes a port by number; none is 0. There are no names of services.
func parsePort(network, port string) (uint16, error) {
	if port == "" {
		return 0, nil
	}
	number, err := strconv.Atoi(port)
	if errors.Is(err, strconv.ErrSyntax) {
		return 0, &net.DNSError{Err: "unknown port", Name: network + "/" + port, IsNotFound: true}
	}
	if err != nil || number < 0 || number > 65535 {
		return 0, &net.AddrError{Err: "invalid port", Addr: port}
	}
	return uint16(number), nil
}

// Listen listens as [net.Listen]: network is "tcp", "tcp4" or "tcp6", address
// is ":80" for all of the host's addresses, or one of them. Port 0 is any free
// one.
func (p *Proc) Listen(network, address string) (*Listener, error) {
	if p.host == nil {
		return nil, &net.OpError{Op: "listen", Net: network, Err: sysError("socket", syscall.ENETDOWN)}
	}
	at, err := p.host.listenAddr(network, address)
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Err: err}
	}
	shown := netAddr(at)
	if address == "" || address[0] == ':' {
		shown = &net.TCPAddr{Port: int(at.Port())}
	}
	s, errno := p.Socket(engine.FamilyOf(at.Addr()))
	if errno != 0 {
		return nil, &net.OpError{Op: "listen", Net: network, Addr: shown, Err: sysError("socket", errno)}
	}
	s.eng.SetOption(engine.ReuseAddress, 1)
	if network == "tcp6" {
		s.eng.SetOption(engine.IPv6Only, 1)
	}
	step := "bind"
	if errno = s.Bind(at); errno == 0 {
		step, errno = "listen", s.Listen(backlog)
	}
	if errno != 0 {
		s.Close()
		return nil, &net.OpError{Op: "listen", Net: network, Addr: shown, Err: sysError(step, errno)}
	}
	return &Listener{s: s, network: network}, nil
}

// listenAddr is the address to bind to: the unspecified one takes connections
// of both families when the host has both.
func (h *Host) listenAddr(network, address string) (netip.AddrPort, error) {
	if err := checkNetwork(network); err != nil {
		return netip.AddrPort{}, err
	}
	if address == "" {
		address = ":0"
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return netip.AddrPort{}, err
	}
	if literal, err := netip.ParseAddr(host); host != "" && (err != nil || !literal.IsUnspecified()) {
		targets, err := h.resolve(network, address)
		if err != nil {
			return netip.AddrPort{}, err
		}
		return targets[0], nil
	}
	at := netip.IPv6Unspecified()
	switch {
	case network == "tcp4" || network == "tcp" && !h.has(engine.IPv6):
		at = netip.IPv4Unspecified()
	case network == "tcp6" && host == "0.0.0.0":
		return netip.AddrPort{}, &net.AddrError{Err: "no suitable address found", Addr: host}
	}
	number, err := parsePort(network, port)
	return netip.AddrPortFrom(at, number), err
}

func (h *Host) has(f engine.Family) bool {
	for _, a := range h.n.addrs {
		if engine.FamilyOf(a) == f {
			return true
		}
	}
	return false
}

// Listener takes connections as Go's net gives it: a [net.Listener].
type Listener struct {
	s       *Socket
	network string // "tcp", "tcp4", "tcp6": for errors
}

var _ net.Listener = (*Listener)(nil)

// Socket is the socket below the listener.
func (l *Listener) Socket() *Socket { return l.s }

// Accept implements [net.Listener].
func (l *Listener) Accept() (net.Conn, error) {
	c, err := l.AcceptTCP()
	if err != nil {
		return nil, err
	}
	return c, nil
}

// AcceptTCP is Accept with the type that it really returns.
func (l *Listener) AcceptTCP() (*Conn, error) {
	if l.s.closed {
		return nil, l.wrap("accept", net.ErrClosed)
	}
	call := l.s.accept()
	if err := outcome("accept", call); err != nil {
		return nil, l.wrap("accept", err)
	}
	return newConn(call.accepted, l.network), nil
}

// Close implements [net.Listener]. Connections that wait to be accepted are
// reset.
func (l *Listener) Close() error {
	if l.s.closed {
		return l.wrap("close", net.ErrClosed)
	}
	l.s.evict()
	if errno := l.s.Close(); errno != 0 {
		return l.wrap("close", sysError("close", errno))
	}
	return nil
}

// Addr implements [net.Listener].
func (l *Listener) Addr() net.Addr { return netAddr(l.s.LocalAddr()) }

// SetDeadline sets until when Accept waits; the zero time is for ever.
func (l *Listener) SetDeadline(t time.Time) error {
	if l.s.closed {
		return net.ErrClosed // bare, as net has it
	}
	l.s.read.set(l.s, t)
	return nil
}

func (l *Listener) wrap(op string, err error) error {
	return &net.OpError{Op: op, Net: l.network, Addr: l.Addr(), Err: err}
}
