package modelstack

import (
	"errors"
	"net/netip"
	"slices"
	"syscall"
	"time"

	"rstlab/netsim/engine"
	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
)

// Config says what host an engine is for.
type Config struct {
	// Profile is which TCP it is.
	Profile *tcpmodel.Profile
	// Addrs are the host's addresses, IPv4 or IPv6, at least one.
	Addrs []netip.Addr
	// MTU of the host's interface in bytes; 0 means 1500.
	MTU int
	// Agenda takes the engine's timers.
	Agenda *vtime.Agenda
	// Fired is called after each timer, so that the host settles.
	Fired func()
	// Seed is the start of everything random in the engine.
	Seed uint64
}

// Engine is a host's TCP/IP on a [tcpmodel.Stack]. It implements
// [engine.Engine].
type Engine struct {
	stack   *tcpmodel.Stack
	agenda  *vtime.Agenda
	fired   func()
	alarm   vtime.Event
	armed   bool
	place   uint64 // of the alarm
	sockets map[*tcpmodel.Socket]*Socket
	out     engine.Output // what Settle gave last
	pending engine.Output // what it will give next
	closed  bool
}

var _ engine.Engine = (*Engine)(nil)

// New builds a stack. An error names the field of cfg that is at fault.
func New(cfg Config) (*Engine, error) {
	switch {
	case cfg.Profile == nil:
		return nil, errors.New("modelstack: Config.Profile is nil: name one of tcpmodel.Profiles")
	case len(cfg.Addrs) == 0:
		return nil, errors.New("modelstack: Config.Addrs is empty: a host needs at least one address")
	case cfg.Agenda == nil:
		return nil, errors.New("modelstack: Config.Agenda is nil: timers need one")
	}
	e := &Engine{
		stack: tcpmodel.NewStack(tcpmodel.StackConfig{
			Profile: cfg.Profile, Addrs: cfg.Addrs, MTU: cfg.MTU, Seed: cfg.Seed, Places: cfg.Agenda.Place,
		}),
		agenda: cfg.Agenda, fired: cfg.Fired,
		sockets: map[*tcpmodel.Socket]*Socket{},
	}
	e.alarm.Init(e.expire)
	return e, nil
}

// Stack is the model below the engine.
func (e *Engine) Stack() *tcpmodel.Stack { return e.stack }

// Connections implements [engine.Counting].
func (e *Engine) Connections() (all, opening int) { return e.stack.Connections() }

func (e *Engine) now() time.Duration { return e.agenda.Now().Since() }

// Open implements [engine.Engine].
func (e *Engine) Open(f engine.Family) (engine.Socket, syscall.Errno) {
	k, errno := e.stack.Open(f == engine.IPv6)
	if errno != 0 {
		return nil, errno
	}
	return e.socket(k), 0
}

func (e *Engine) socket(k *tcpmodel.Socket) *Socket {
	s := e.sockets[k]
	if s == nil {
		s = &Socket{engine: e, model: k}
		e.sockets[k] = s
	}
	return s
}

// Deliver implements [engine.Engine]. A damaged packet is dropped in silence (RFC
// 9293 section 3.1: a receiver must check the checksum).
func (e *Engine) Deliver(datagram []byte) {
	p, err := wire.Parse(slices.Clone(datagram))
	if err != nil {
		return
	}
	e.take(e.stack.Arrive(e.now(), &p))
}

func (e *Engine) expire() {
	e.armed = false
	e.take(e.stack.Expire(e.now()))
	if e.fired != nil {
		e.fired()
	}
}

// take keeps what a step came to until Settle, and sets the alarm for what
// comes next.
func (e *Engine) take(o *tcpmodel.StackOutput) {
	for i := range o.Packets {
		raw, err := wire.Build(o.Packets[i])
		if err != nil {
			panic("modelstack: the model made a packet that cannot be built: " + err.Error())
		}
		e.pending.Packets = append(e.pending.Packets, raw)
	}
	for _, c := range o.Changes {
		change := engine.Change{Local: c.Local, Remote: c.Remote, From: c.From, To: c.To}
		if c.Socket != nil {
			change.Socket = e.socket(c.Socket)
		}
		e.pending.Changes = append(e.pending.Changes, change)
	}
	for _, k := range o.Ready {
		e.ready(e.socket(k))
	}
	e.rearm()
}

func (e *Engine) ready(s *Socket) {
	if !s.signalled {
		s.signalled = true
		e.pending.Ready = append(e.pending.Ready, s)
	}
}

func (e *Engine) rearm() {
	at, place, ok := e.stack.NextDeadline()
	switch {
	case e.closed || !ok:
		if e.armed {
			e.agenda.Cancel(&e.alarm)
			e.armed = false
		}
	case !e.armed || e.alarm.At() != vtime.Time(at) || e.place != place:
		e.agenda.ScheduleIn(vtime.Time(at), place, &e.alarm)
		e.armed, e.place = true, place
	}
}

// Settle implements [engine.Engine].
func (e *Engine) Settle() *engine.Output {
	e.out, e.pending = e.pending, engine.Output{
		Packets: e.out.Packets[:0], Ready: e.out.Ready[:0], Changes: e.out.Changes[:0],
	}
	slices.SortFunc(e.out.Ready, func(a, b engine.Socket) int { return a.ID() - b.ID() })
	for _, s := range e.out.Ready {
		s.(*Socket).signalled = false
	}
	return &e.out
}

// SetMTU implements [engine.Engine].
func (e *Engine) SetMTU(mtu int) { e.stack.SetMTU(mtu) }

// Close implements [engine.Engine].
func (e *Engine) Close() {
	e.closed = true
	e.rearm()
}
