package bubble

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// How much of a trace a report shows: all of it while there are few connections
// and events, else the connections that matter most.
const (
	fewConns   = 3
	fewEvents  = 400
	mostConns  = 4
	mostEvents = 4000
)

// connKey names a connection by its ends, the lower first.
type connKey struct{ low, high netip.AddrPort }

func keyOf(a, b netip.AddrPort) connKey {
	if a.Compare(b) > 0 {
		a, b = b, a
	}
	return connKey{a, b}
}

// connSeen is what a trace tells about one connection.
type connSeen struct {
	from, to  netip.AddrPort // who began
	events    []int          // indices in the trace
	reset     bool
	lost      int // packets dropped
	fins      map[netip.AddrPort]bool
	failed    string // the last error of a call on it
	waits     map[string]string
	lastEvent int
}

// fdKey is a descriptor in one life of a host.
type fdKey struct {
	host string
	life int
	fd   int
}

// view is the part of a trace that a report shows.
type view struct {
	trace *trace.Trace
	shown []*connSeen
	left  int // connections not shown
}

// selectConns finds the connections that matter. Faults are always shown.
func selectConns(t *trace.Trace) *view {
	conns, general := sortEvents(t)
	v := &view{trace: t, shown: conns}
	if len(conns) <= fewConns && len(t.Events) <= fewEvents {
		return v
	}
	ranked := slices.Clone(conns)
	slices.SortStableFunc(ranked, func(a, b *connSeen) int {
		return cmp.Or(cmp.Compare(b.weight(), a.weight()), cmp.Compare(b.lastEvent, a.lastEvent))
	})
	keep := general
	v.shown = nil
	for _, c := range ranked {
		enough := len(v.shown) == mostConns || len(v.shown) > 0 && (len(keep)+len(c.events) > mostEvents || c.weight() == 0)
		if enough {
			break
		}
		v.shown = append(v.shown, c)
		keep = append(keep, c.events...)
	}
	v.left = len(conns) - len(v.shown)
	slices.Sort(keep)
	v.trace = &trace.Trace{Header: t.Header}
	for _, i := range keep {
		v.trace.Events = append(v.trace.Events, t.Events[i])
	}
	return v
}

// weight is how much a connection matters: resets and errors first, then losses,
// then calls that wait, then one that is still open; 0 for one that was closed
// cleanly from both sides.
func (c *connSeen) weight() int {
	w := 0
	if c.reset {
		w += 16
	}
	if c.failed != "" {
		w += 8
	}
	if c.lost > 0 {
		w += 4
	}
	if len(c.fins) == 1 || len(c.waits) > 0 {
		w += 2
	}
	if len(c.fins) < 2 {
		w++
	}
	return w
}

// sortEvents gives each event to its connection. general are the faults.
func sortEvents(t *trace.Trace) (conns []*connSeen, general []int) {
	s := &eventSorter{open: map[connKey]*connSeen{}, byFD: map[fdKey]*connSeen{}, early: map[fdKey][]int{}, lives: map[string]int{}}
	for i := range t.Events {
		e := &t.Events[i]
		switch {
		case e.Kind == trace.Fault:
			general = append(general, i)
			if e.Host != "" && (e.Fault == "power off" || e.Fault == "reboot") {
				s.lives[e.Host]++
			}
		case e.Kind.IsPacket():
			s.packet(i, e)
		default:
			s.local(i, e)
		}
	}
	return s.conns, general
}

type eventSorter struct {
	conns []*connSeen
	open  map[connKey]*connSeen // the latest connection of these ends
	byFD  map[fdKey]*connSeen
	early map[fdKey][]int // calls on a descriptor whose connection is not known yet
	lives map[string]int
}

func (s *eventSorter) conn(from, to netip.AddrPort) *connSeen {
	key := keyOf(from, to)
	c := s.open[key]
	if c == nil {
		c = &connSeen{from: from, to: to, fins: map[netip.AddrPort]bool{}, waits: map[string]string{}}
		s.open[key] = c
		s.conns = append(s.conns, c)
	}
	return c
}

func (c *connSeen) add(i int) {
	c.events = append(c.events, i)
	c.lastEvent = i
}

func (s *eventSorter) packet(i int, e *trace.Event) {
	p := &e.Packet
	if p.Proto != wire.TCP {
		if quote, ok := p.ICMP.Quoted(); ok && quote.TCP {
			s.conn(quote.Source(), quote.Destination()).add(i)
		}
		return
	}
	from, to := p.Source(), p.Destination()
	key := keyOf(from, to)
	if c := s.open[key]; c != nil && e.Kind == trace.Sent && p.TCP.Flags&(wire.SYN|wire.ACK) == wire.SYN && (len(c.fins) == 2 || c.reset) {
		delete(s.open, key) // the same ports again
	}
	c := s.conn(from, to)
	c.add(i)
	switch {
	case e.Kind == trace.Dropped:
		c.lost++
	case p.TCP.Flags.Has(wire.RST):
		c.reset = true
	case p.TCP.Flags.Has(wire.FIN) && e.Kind == trace.Delivered:
		c.fins[from] = true
	}
}

// local sorts calls and state changes.
func (s *eventSorter) local(i int, e *trace.Event) {
	fd := fdKey{e.Host, s.lives[e.Host], e.FD}
	c := s.byFD[fd]
	if e.Kind == trace.StateChange && e.Remote.IsValid() && e.Remote.Port() != 0 {
		c = s.conn(e.Local, e.Remote)
		if e.FD != 0 {
			s.bind(fd, c)
		}
	}
	if e.Kind == trace.Return && e.Op == "accept" && e.Errno == "" && e.N > 0 {
		accepted := fd
		accepted.fd = e.N
		if c = s.byFD[accepted]; c == nil {
			c = s.acceptedFrom(e.Note)
		}
		if c != nil {
			s.bind(accepted, c)
			c.add(i)
		}
		return
	}
	if c == nil {
		s.early[fd] = append(s.early[fd], i)
		return
	}
	c.add(i)
	switch e.Kind {
	case trace.Call:
		c.waits[fmt.Sprint(fd, e.Op)] = fmt.Sprintf("%s waits in %s(%d)", e.Host, e.Op, e.FD)
	case trace.Return:
		delete(c.waits, fmt.Sprint(fd, e.Op))
		if e.Errno != "" && e.Note != "closed by another call" && e.Note != "deadline exceeded" {
			c.failed = fmt.Sprintf("%s got %s in %s(%d)", e.Host, e.Errno, e.Op, e.FD)
		}
	}
}

// bind says whose descriptor it is, and gives its earlier calls to the
// connection.
func (s *eventSorter) bind(fd fdKey, c *connSeen) {
	if s.byFD[fd] == c {
		return
	}
	s.byFD[fd] = c
	c.events = append(c.events, s.early[fd]...)
	delete(s.early, fd)
}

// acceptedFrom is the connection of a peer whose address accept has returned.
func (s *eventSorter) acceptedFrom(peer string) *connSeen {
	addr, err := netip.ParseAddrPort(peer)
	if err != nil {
		return nil
	}
	for _, c := range slices.Backward(s.conns) {
		if c.from == addr || c.to == addr {
			return c
		}
	}
	return nil
}

// summary is a line for each connection that is shown.
func (v *view) summary() string {
	var b strings.Builder
	switch total := len(v.shown) + v.left; {
	case v.left > 0:
		fmt.Fprintf(&b, "The %d of %d connections that matter most:", len(v.shown), total)
	default:
		fmt.Fprintf(&b, "Connections (%d):", total)
	}
	for _, c := range v.shown {
		fmt.Fprintf(&b, "\n\t%v > %v: %s", c.from, c.to, c.fate())
	}
	b.WriteByte('\n')
	return b.String()
}

// fate is what became of a connection, in words.
func (c *connSeen) fate() string {
	var words []string
	switch {
	case c.reset:
		words = append(words, "reset")
	case len(c.fins) == 2:
		words = append(words, "closed from both sides")
	case len(c.fins) == 1:
		for from := range c.fins { // just one
			words = append(words, fmt.Sprintf("half closed, by %v", from))
		}
	default:
		words = append(words, "open")
	}
	if c.lost > 0 {
		words = append(words, fmt.Sprintf("%d lost", c.lost))
	}
	if c.failed != "" {
		words = append(words, c.failed)
	}
	for _, key := range sortedKeys(c.waits) {
		words = append(words, c.waits[key])
	}
	return strings.Join(words, "; ")
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
