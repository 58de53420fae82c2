package oracle

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"time"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
)

// Config says what a checker needs to know beside the trace. The zero value is
// good for a run in which every host has netstack with its own settings.
type Config struct {
	// Profiles are those of the hosts by name; a host that is not named has
	// [tcpmodel.Netstack], and one with nil is not followed.
	Profiles map[string]*tcpmodel.Profile
	// Timeless says that time was set aside in the run: a time to linger was over whenever
	// that was chosen.
	Timeless bool
}

// Disagreement is the first event of a connection that the model cannot follow.
type Disagreement struct {
	// Seq and At are those of the event. Of what did not happen they are those of
	// the last event of the instant in which it should have.
	Seq  uint64
	At   time.Duration
	Host string
	// Local and Remote are the connection, FD its descriptor; zero where there
	// is none.
	Local, Remote netip.AddrPort
	FD            int
	// State is that of the model before the event.
	State wire.State
	// Clause is the rule that the event breaks.
	Clause tcpmodel.Clause
	// Did is what the host did, Would what the model would do or allow.
	Did, Would string
	// Known is the deviation that explains it, or nil.
	Known *Deviation
}

// Error is the disagreement on one line.
func (d *Disagreement) Error() string {
	where := d.Host
	if d.Remote.IsValid() {
		where += fmt.Sprintf(" %v > %v", d.Local, d.Remote)
	}
	if d.FD != 0 {
		where += fmt.Sprintf(" [%d]", d.FD)
	}
	text := fmt.Sprintf("event %d at %v: %s in %v: %s; the model: %s (%v)", d.Seq, d.At, where, d.State, d.Did, d.Would, d.Clause)
	if d.Known != nil {
		text += "; known of " + d.Known.Engine + ": " + d.Known.Where
	}
	return text
}

// End is how a run ended.
type End struct {
	At time.Duration
	// Idle says that nothing was left to happen: no packet was in flight, no timer was set,
	// and no program could go on. What must happen in the end then never does.
	Idle bool
}

// Checker follows a run while it goes on. It implements [trace.Sink]. The zero
// value is not ready: see [New].
type Checker struct {
	cfg     Config
	hosts   map[string]*host
	order   []*host
	touched []*conn // in this instant
	timed   []*conn // that have deadlines
	calling []*socket
	found   []Disagreement
	last    trace.Event // without slices
	stats   Stats
	flips   trace.Flips
}

var _ trace.Sink = (*Checker)(nil)

// Stats is what a checker has done.
type Stats struct {
	Connections int // ends of connections that were followed
	Segments    int // that were sent on them
	Results     int // of calls that were compared
	// Unfollowed are ends of connections that were not followed, or no further.
	Unfollowed [NumReasons]int
	Clauses    tcpmodel.ClauseSet // that the model followed
}

// Reason is why a connection is not followed, or no further.
type Reason uint8

// The reasons.
const (
	SynCookie  Reason = iota // it began by a SYN cookie, or in the place of another, of which too little is known
	Damaged                  // a packet was damaged more than once, so that its checksum may be right
	Crowded                  // the receive buffer is full but for what tuning may have made of it: what comes may be dropped
	Deviates                 // it did what is a known deviation
	Disagrees                // it did what the model does not follow
	NumReasons               // the number of reasons
)

var reasonNames = [NumReasons]string{
	"unknown SYN cookie", "damaged twice", "receive buffer full", "known deviation", "disagreement",
}

// String is the reason in two to four words.
func (r Reason) String() string { return reasonNames[r] }

// Add adds what another checker has done.
func (s *Stats) Add(o *Stats) {
	s.Connections += o.Connections
	s.Segments += o.Segments
	s.Results += o.Results
	for r := range o.Unfollowed {
		s.Unfollowed[r] += o.Unfollowed[r]
	}
	s.Clauses = s.Clauses.Union(o.Clauses)
}

// String is what was followed, on one line: "4 ends of connections followed, 1 not to
// their end: damaged twice 1".
func (s *Stats) String() string {
	text := fmt.Sprintf("%d ends of connections followed", s.Connections)
	total, why := 0, ""
	for r, n := range s.Unfollowed {
		if n > 0 {
			total += n
			why += fmt.Sprintf(", %v %d", Reason(r), n)
		}
	}
	if total > 0 {
		text += fmt.Sprintf(", %d not to their end: %s", total, why[2:])
	}
	return text
}

// New is a checker that has seen nothing yet.
func New(cfg Config) *Checker {
	return &Checker{cfg: cfg, hosts: map[string]*host{}}
}

// Check follows a whole trace. Where cfg names no profile of a host and the
// trace's header says that its engine is another than netstack, the host is not
// followed.
func Check(t *trace.Trace, cfg Config) []Disagreement {
	profiles := map[string]*tcpmodel.Profile{}
	for _, h := range t.Header.Hosts {
		if h.Engine != "" && h.Engine != tcpmodel.Netstack.Name {
			profiles[h.Name] = nil
		}
	}
	maps.Copy(profiles, cfg.Profiles)
	cfg.Profiles = profiles
	k := New(cfg)
	for i := range t.Events {
		k.Event(&t.Events[i]) //nolint:errcheck // it has none
	}
	return k.Finish(End{At: k.last.At})
}

// Stats is what was done so far.
func (k *Checker) Stats() Stats { return k.stats }

// Event takes the next event. It always returns nil.
func (k *Checker) Event(e *trace.Event) error {
	if e.At > k.last.At {
		k.endInstant(e.At)
	}
	k.last = trace.Event{Seq: e.Seq, At: e.At, Kind: e.Kind, Host: e.Host}
	if e.Kind == trace.Forwarded {
		k.flips.Forwarded(e)
		return nil
	}
	h := k.host(e.Host)
	if h == nil {
		return nil
	}
	switch e.Kind {
	case trace.Sent:
		k.sent(h, e)
	case trace.Delivered:
		k.delivered(h, e)
	case trace.Call:
		k.call(h, e)
	case trace.Return:
		k.returned(h, e)
	case trace.StateChange:
		k.stateChange(h, e)
	case trace.Fault:
		k.fault(h, e)
	case trace.Forwarded, trace.Dropped, trace.Injected:
	}
	return nil
}

// Finish ends the check and returns all disagreements in the order of their
// events. What must have happened by the end of the run, and did not, is one too: when
// nothing is left to happen, all that must happen in the end.
func (k *Checker) Finish(end End) []Disagreement {
	k.endInstant(max(end.At, k.last.At))
	if end.Idle {
		k.endIdle()
	}
	slices.SortStableFunc(k.found, func(a, b Disagreement) int { return cmp.Compare(a.Seq, b.Seq) })
	return k.found
}

// host is the host of that name; nil for one that is not followed.
func (k *Checker) host(name string) *host {
	h, ok := k.hosts[name]
	if ok || name == "" {
		return h
	}
	p, named := k.cfg.Profiles[name]
	if !named {
		p = &tcpmodel.Netstack
	}
	if p != nil {
		h = newHost(name, p)
		k.order = append(k.order, h)
	}
	k.hosts[name] = h
	return h
}

// disagree reports the first disagreement of a connection, which is not followed
// any further.
func (k *Checker) disagree(c *conn, r *tcpmodel.Refusal) { k.disagreeAt(c, &k.last, r) }

func (k *Checker) disagreeAt(c *conn, e *trace.Event, r *tcpmodel.Refusal) {
	if r == nil || c.lost {
		return
	}
	d := Disagreement{
		Seq: e.Seq, At: e.At, Host: c.host.name, Local: c.tuple.Local, Remote: c.tuple.Remote, FD: c.fd(),
		State: c.before, Clause: r.Clause, Did: r.Did, Would: r.Would, Known: known(c.host.profile, r.Case, r.Clause),
	}
	k.add(d)
	if d.Known != nil {
		k.abandon(c, Deviates)
	} else {
		k.abandon(c, Disagrees)
	}
}

func (k *Checker) add(d Disagreement) { k.found = append(k.found, d) }

// abandon ends the following of a connection.
func (k *Checker) abandon(c *conn, why Reason) {
	if !c.lost {
		c.lost = true
		k.stats.Unfollowed[why]++
	}
}

// endInstant checks what must have happened in the instant that is over, and up
// to the next one.
func (k *Checker) endInstant(next time.Duration) {
	for i := 0; i < len(k.calling); i++ {
		k.calling[i].outlastQuietly(k)
	}
	for i := 0; i < len(k.touched); i++ {
		k.settle(k.touched[i], k.last.At)
	}
	k.touched = k.touched[:0]
	for _, h := range k.order {
		h.endInstant(k)
	}
	for i := 0; i < len(k.calling); i++ {
		k.calling[i].overdue(k)
	}
	k.calling = slices.DeleteFunc(k.calling, func(s *socket) bool { return len(s.calls) == 0 })
	k.overdue(next)
}

// overdue checks what must have happened before the next instant though nothing else did.
func (k *Checker) overdue(next time.Duration) {
	left := k.timed[:0]
	for _, c := range k.timed {
		at, ok := c.model.Due()
		if c.lost || !ok {
			c.timed = false
			continue
		}
		if at < next {
			c.before = c.model.State()
			k.disagree(c, c.model.Missed(next))
		}
		left = append(left, c)
	}
	k.timed = left
}

// endIdle checks what must happen in the end: nothing does any more.
func (k *Checker) endIdle() {
	for _, c := range k.timed {
		if at, ok := c.model.Due(); ok && !c.lost {
			c.before = c.model.State()
			k.disagree(c, c.model.Missed(max(at, k.last.At)+1))
		}
	}
}

// settle checks a connection at the end of an instant.
func (k *Checker) settle(c *conn, now time.Duration) {
	c.touched = false
	if c.lost {
		return
	}
	k.stats.Clauses = k.stats.Clauses.Union(c.model.Followed())
	if c.state == wire.Listen && k.wasCookie(c) {
		return
	}
	if is := c.model.State(); is != c.state {
		k.disagree(c, &tcpmodel.Refusal{
			Clause: lastOf(c.model.Clauses()), Did: fmt.Sprintf("in %v", c.state), Would: fmt.Sprintf("in %v", is),
		})
		return
	}
	k.disagree(c, c.model.Missed(now))
	if c.state == wire.Closed {
		c.host.forget(c)
		return
	}
	if !c.timed && !c.lost {
		c.timed = true
		k.timed = append(k.timed, c)
	}
}

// touch has a connection checked at the end of the instant.
func (k *Checker) touch(c *conn) {
	if !c.touched {
		c.touched = true
		k.touched = append(k.touched, c)
	}
}

// lastOf is the clause of a step that says most: the last of the processing.
func lastOf(s tcpmodel.ClauseSet) tcpmodel.Clause {
	all := s.All()
	if len(all) == 0 {
		return tcpmodel.SeqAcceptable
	}
	return all[len(all)-1]
}
