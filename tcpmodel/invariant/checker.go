package invariant

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// Config says what a checker needs to know beside the trace. The zero value is
// good.
type Config struct {
	// Engines are the TCPs of hosts by name, for known deviations; a host that
	// is not named has netstack.
	Engines map[string]string
	// Cubic are the hosts, by name, whose congestion control is CUBIC, for the same.
	Cubic map[string]bool

	// What the bound on closing is made of ([Config.Bound]), in virtual time; zero
	// means the greatest that a known engine has.
	MaxRTO   time.Duration // greatest retransmission timeout; 0 means 120 s
	Retries  int           // retransmissions before a connection is given up; 0 means 15
	FinWait2 time.Duration // how long an orphan stays in FIN-WAIT-2; 0 means 60 s
	TimeWait time.Duration // 0 means 60 s; RFC 9293 section 3.4.2 has twice 2 minutes
}

// Bound is how long a connection takes at most to be CLOSED at both ends, from
// when both programs have closed it and the last packet of it was lost:
//
//	(Retries+2)·MaxRTO + FinWait2 + TimeWait
//
// An end that has something to say says it again after MaxRTO at the latest, and
// is answered: by an acknowledgment, or by RST where nobody is left. When
// nothing answers it gives up after Retries more. Then the two waits may follow.
func (cfg Config) Bound() time.Duration {
	rto := cmp.Or(cfg.MaxRTO, 120*time.Second)
	return time.Duration(cmp.Or(cfg.Retries, 15)+2)*rto +
		cmp.Or(cfg.FinWait2, 60*time.Second) + cmp.Or(cfg.TimeWait, 60*time.Second)
}

// End says how a run ended.
type End struct {
	At time.Duration // the virtual time
	// Idle says that nothing was left to happen: what is not CLOSED then never
	// will be.
	Idle bool
}

// Checker checks a run while it goes on. It implements [trace.Sink]. The zero
// value is not ready: see [New].
type Checker struct {
	cfg     Config
	hosts   map[string]*host
	flights flights
	flips   trace.Flips
	found   []Violation
	last    trace.Event // without slices: for what did not happen
	faultAt time.Duration
	order   uint64

	// The segments whose arrival the present step answers, and the connection
	// that must be CLOSED when it is over.
	cause   []arrival
	causeAt trace.Event
	ending  *conn

	// A connection that has sent a segment before it began.
	unborn   *conn
	unbornAt trace.Event
}

var _ trace.Sink = (*Checker)(nil)

// arrival is a segment that was delivered.
type arrival struct {
	tuple   tuple
	segment wire.Segment
}

// New is a checker that has seen nothing yet.
func New(cfg Config) *Checker {
	return &Checker{cfg: cfg, hosts: map[string]*host{}, flights: flights{byNumber: map[uint64]flight{}}}
}

// Check checks a whole trace. Where cfg does not name the engine of a host, the
// trace's header does. The run is taken to have ended at the last event, with
// something left to happen; use a [Checker] to say more.
func Check(t *trace.Trace, cfg Config) []Violation {
	engines := map[string]string{}
	for _, h := range t.Header.Hosts {
		if h.Engine != "" {
			engines[h.Name] = h.Engine
		}
	}
	maps.Copy(engines, cfg.Engines)
	cfg.Engines = engines
	k := New(cfg)
	end := End{}
	for i := range t.Events {
		k.Event(&t.Events[i]) //nolint:errcheck // it has none
		end.At = t.Events[i].At
	}
	return k.Finish(end)
}

// Event takes the next event. It always returns nil.
func (k *Checker) Event(e *trace.Event) error {
	k.step(e)
	switch e.Kind {
	case trace.Sent:
		k.sent(e)
	case trace.Injected:
		k.flights.add(e.Number, flight{packet: e.Packet, forged: true})
		k.faultAt = e.At // it can keep a connection from its end, as a loss can
	case trace.Delivered:
		k.delivered(e)
	case trace.Dropped:
		k.lost(e)
	case trace.Call:
		k.call(e)
	case trace.Return:
		k.returned(e)
	case trace.StateChange:
		k.stateChange(e)
	case trace.Fault:
		k.fault(e)
	case trace.Forwarded:
		k.flips.Forwarded(e)
	}
	k.last = trace.Event{Seq: e.Seq, At: e.At, Kind: e.Kind, Host: e.Host}
	return nil
}

// step ends the step before when e begins another: what an arrival causes
// follows it at once, on the same host.
func (k *Checker) step(e *trace.Event) {
	same := e.Host == k.causeAt.Host && e.At == k.causeAt.At
	switch e.Kind {
	case trace.Sent, trace.StateChange, trace.Dropped:
	case trace.Delivered:
		same = same && k.last.Kind == trace.Delivered // several may be handed over together
	default:
		same = false
	}
	if same {
		return
	}
	k.cause = k.cause[:0]
	if c := k.unborn; c != nil {
		k.unborn = nil
		c.host.remove(c)
		k.breach(closedSendsRST, c, &k.unbornAt, "a segment from a connection that there is not")
	}
	if c := k.ending; c != nil {
		k.ending = nil
		if c.state != wire.Closed {
			at := trace.Event{Seq: c.ended, At: c.endedAt, Host: c.host.name}
			k.breach(resetEnds, c, &at, "in %v the RST has SEQ = RCV.NXT, and the connection lives on", c.state)
		}
	}
}

// breach is a way in which a connection has broken a rule.
type breach struct {
	rule  rule
	which string
}

// breach reports a violation on a connection, the first of its rule.
func (k *Checker) breach(r rule, c *conn, e *trace.Event, format string, args ...any) {
	k.breachCase("", r, c, e, format, args...)
}

func (k *Checker) breachCase(which string, r rule, c *conn, e *trace.Event, format string, args ...any) {
	v := Violation{
		Invariant: table[r], Seq: e.Seq, At: e.At, Host: e.Host, FD: e.FD, Case: which,
		Message: fmt.Sprintf(format, args...),
	}
	if c != nil {
		if c.broken[breach{r, which}] {
			return
		}
		if c.broken == nil {
			c.broken = map[breach]bool{}
		}
		c.broken[breach{r, which}] = true
		v.Local, v.Remote = c.tuple.Local, c.tuple.Remote
		v.FD = cmp.Or(v.FD, c.fd)
	}
	engine := k.cfg.Engines[v.Host]
	v.Known = known(cmp.Or(engine, netstack), &v)
	k.found = append(k.found, v)
}

func (k *Checker) host(name string) *host {
	h := k.hosts[name]
	if h == nil {
		h = &host{name: name, cubic: k.cfg.Cubic[name]}
		h.reset()
		k.hosts[name] = h
	}
	return h
}

// fault takes note of what was done to the network. A process that is killed, a
// host that is switched off and a link that is cut have consequences here.
func (k *Checker) fault(e *trace.Event) {
	k.faultAt = e.At
	name, killed := strings.CutPrefix(e.Fault, "kill ")
	switch {
	case killed && e.Host != "":
		k.host(e.Host).kill(name, e.At)
	case e.Host != "" && (e.Fault == "reboot" || strings.HasPrefix(e.Fault, "power")):
		k.host(e.Host).reset()
	}
}

// Finish ends the check and returns all violations in the order of their events.
func (k *Checker) Finish(end End) []Violation {
	k.step(&trace.Event{Kind: trace.Fault, At: end.At})
	for _, name := range slices.Sorted(maps.Keys(k.hosts)) {
		for _, c := range k.hosts[name].everyConn() {
			k.closes(c, end)
			if end.Idle {
				k.acknowledged(c)
			}
		}
	}
	slices.SortStableFunc(k.found, func(a, b Violation) int { return cmp.Compare(a.Seq, b.Seq) })
	return k.found
}

// closes checks that a connection that both programs have closed is over, or
// may still be going on.
func (k *Checker) closes(c *conn, end End) {
	if !c.isOrphan || !c.moved || c.phantom || c.state == wire.Closed {
		return
	}
	since := max(c.closedAt, c.lossAt, k.faultAt)
	if p := c.peer; p != nil && p.state != wire.Closed && !p.host.gone(p) {
		if !p.isOrphan {
			return
		}
		since = max(since, p.closedAt, p.lossAt)
	}
	e := k.last
	e.Host = c.host.name
	which := c.whyNoEnd(end.Idle)
	switch {
	case end.Idle:
		k.breachCase(which, closesInTime, c, &e, "still in %v, and nothing is left to happen", c.state)
	case end.At-since > k.cfg.Bound():
		k.breachCase(which, closesInTime, c, &e, "still in %v at %v, %v after the last close, loss and fault", c.state, end.At, end.At-since)
	}
}

// whyNoEnd is the case of a connection that does not end. idle says that nothing is left
// to happen.
func (c *conn) whyNoEnd(idle bool) string {
	tx := &c.sent
	waits := tx.fin != 0 && (c.state == wire.FinWait1 || c.state == wire.Closing || c.state == wire.LastAck)
	finAcked := waits && tx.una > tx.fin // and the state did not change
	switch {
	case finAcked && tx.finBehind == 0:
		return caseEarlyACK
	case finAcked && tx.finBehind > c.received.acked:
		return caseFullBuffer
	case idle && synchronised(c.state) && tx.heard < tx.next && tx.nowEdge < tx.next:
		return caseShrunkWindow
	case idle && tx.una < tx.next && tx.recovered:
		return caseNoTimer
	case idle && c.host.cubic && synchronised(c.state) && tx.una == tx.next:
		return caseNoRoundTrip
	}
	return ""
}
