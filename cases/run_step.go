package cases

import (
	"net/netip"
	"slices"
	"strconv"
	"syscall"
	"time"

	"rstlab/netsim"
	"rstlab/netsim/engine"
	"rstlab/netsim/vtime"
)

// program is a proc of a scenario while it runs.
type program struct {
	*runner
	source   *Proc
	proc     *netsim.Proc // nil before it begins
	host     string
	at       int // of the current step in runner.seen
	current  *netsim.Socket
	listener *netsim.Socket
	fresh    *netsim.Socket // made by a set, for the next listen or connect
	reads    []byte         // what one call reads into
}

// run does the steps one after the other, and notes each before and after.
func (p *program) run(steps []Step) {
	for i := range steps {
		step := &steps[i]
		p.yield(step)
		p.at = len(p.seen)
		p.seen = append(p.seen, Observation{Proc: p.proc.Name(), Step: i, Op: step.Op(), Begin: p.proc.Elapsed()})
		o := Observation{}
		p.do(step, &o)
		seen := &p.seen[p.at]
		seen.Errno, seen.N, seen.Want, seen.Data, seen.Value = o.Errno, o.N, o.Want, o.Data, o.Value
		seen.Done, seen.At = true, p.proc.Elapsed()
		if o.Errno != "" && step.Or.Is("exit") {
			return
		}
	}
}

// yield lets a chooser decide when the step is done. A step that acts on a
// socket touches its own host only.
func (p *program) yield(step *Step) {
	if p.choosing && step.Verb != VerbSleep && step.Verb != VerbAt && !p.waits(step) && !p.arms(step) { // which let others go first anyway
		p.proc.Yield(findVerb(step.Verb).socket == noSocket)
	}
}

// hurries reports whether a chooser need not be asked where no other program and no
// outcome shows a difference: there is no time, and nobody kills the program while it
// sleeps or waits.
func (p *program) hurries() bool { return p.contained && p.choosing && !p.cfg.Choosing.Whole }

// arms reports whether the step sets the first deadline of a socket: whenever that is
// done before a call looks at it, the deadline can be over then.
func (p *program) arms(step *Step) bool {
	if !p.hurries() || p.shared || p.current == nil || !step.sets(OptionDeadline) {
		return false
	}
	first := slices.IndexFunc(p.source.Steps, func(s Step) bool { return s.sets(OptionDeadline) })
	return step == &p.source.Steps[first]
}

// waits reports whether all that the step would do now is to block.
func (p *program) waits(step *Step) bool {
	if !p.hurries() || p.shared {
		return false
	}
	switch s := p.socket(step.On); step.Verb {
	case VerbAccept:
		s = p.listener
		return s != nil && s.AcceptWaits()
	case VerbRecv, VerbPeek, VerbRecvLoop:
		return s != nil && s.RecvWaits()
	}
	return false
}

// do does one step. Each case blocks as the call does.
func (p *program) do(step *Step, o *Observation) {
	switch step.Verb {
	case VerbSleep:
		if !p.hurries() {
			p.proc.Sleep(step.Time.Duration())
		}
	case VerbAt:
		if at := vtime.Time(step.Time.Duration()); at > vtime.FromDate(p.proc.Now()) && !p.hurries() {
			p.proc.SleepUntil(at)
		}
	case VerbKill:
		if victim := p.procs[step.Proc.Name]; victim != nil { // it has begun
			p.killed[step.Proc.Name] = true
			victim.Kill()
		}
	case VerbDown:
		if step.How.Is("arrives") {
			p.cut(step, (*netsim.Link).Drain, (*netsim.Link).DrainFrom)
		} else {
			p.cut(step, (*netsim.Link).Down, (*netsim.Link).DownFrom)
		}
	case VerbUp:
		p.cut(step, (*netsim.Link).Up, (*netsim.Link).UpFrom)
	case VerbSocket:
		o.fail(p.socketStep(step))
	case VerbPowerOff, VerbPowerOn, VerbReboot, VerbRoute, VerbNoRoute, VerbNeighbour, VerbDestroy, VerbWhen:
		p.fault(step, o)
	case VerbInject:
		o.fail(p.inject(step))
	case VerbListen:
		o.fail(p.listen(step))
	case VerbConnect:
		o.fail(p.connect(step))
	case VerbAccept:
		o.fail(p.accept(step))
	default:
		p.use(step, o)
	}
}

// cut does down and up: to both directions of a link, or to one.
func (p *program) cut(step *Step, both func(*netsim.Link), one func(*netsim.Link, netsim.Node)) {
	l := p.links[[2]string{step.A.Name, step.B.Name}]
	if step.From.Name == "" {
		both(l)
		return
	}
	one(l, p.nodes[step.From.Name])
}

func (o *Observation) fail(errno syscall.Errno) { o.Errno = engine.ErrnoName(errno) }

// socket is the socket that a step acts on; nil when there is none (yet).
func (p *program) socket(on Ref) *netsim.Socket {
	if on.Name != "" {
		return p.sockets[socketName{p.host, on.Name}]
	}
	return p.current
}

// take makes s the current socket and gives it its name.
func (p *program) take(s *netsim.Socket, as Ref) {
	p.current = s
	if as.Name != "" {
		p.sockets[socketName{p.host, as.Name}] = s
	}
}

// socketStep makes a socket of the family of the host's first address.
func (p *program) socketStep(step *Step) syscall.Errno {
	s, errno := p.proc.Socket(engine.FamilyOf(p.proc.Host().Addrs()[0]))
	if errno != 0 {
		return errno
	}
	p.take(s, step.As)
	p.fresh = s
	return 0
}

// open is the socket for a listen or connect: the one that a set has made, or
// a new one.
func (p *program) open(family engine.Family) (*netsim.Socket, syscall.Errno) {
	if s := p.fresh; s != nil {
		p.fresh = nil
		return s, 0
	}
	return p.proc.Socket(family)
}

// address is the host's first address.
func (p *program) address(host string, port Value) netip.AddrPort {
	return netip.AddrPortFrom(p.hosts[host].Addrs()[0], uint16(port.Int()))
}

// anyAddress is a port of every address of the program's host.
func (p *program) anyAddress(port Value) netip.AddrPort {
	local := netip.IPv4Unspecified()
	if p.proc.Host().Addrs()[0].Is6() {
		local = netip.IPv6Unspecified()
	}
	return netip.AddrPortFrom(local, uint16(port.Int()))
}

func (p *program) listen(step *Step) syscall.Errno {
	s := p.socket(step.On)
	if step.On.Name == "" {
		var errno syscall.Errno
		if s, errno = p.open(engine.FamilyOf(p.proc.Host().Addrs()[0])); errno != 0 {
			return errno
		}
	}
	if s == nil {
		return syscall.EBADF
	}
	p.take(s, step.As)
	p.listener = s
	if errno := s.Bind(p.anyAddress(step.Port)); errno != 0 {
		return errno
	}
	backlog := DefaultBacklog
	if step.Backlog.IsSet() {
		backlog = step.Backlog.Int()
	}
	return s.Listen(backlog)
}

func (p *program) connect(step *Step) syscall.Errno {
	peer := p.address(step.Peer.Name, step.Port)
	s := p.socket(step.On)
	if step.On.Name == "" {
		var errno syscall.Errno
		if s, errno = p.open(engine.FamilyOf(peer.Addr())); errno != 0 {
			return errno
		}
	}
	if s == nil {
		return syscall.EBADF
	}
	p.take(s, step.As)
	return s.Connect(peer)
}

func (p *program) accept(step *Step) syscall.Errno {
	l := p.listener
	if step.On.Name != "" {
		l = p.socket(step.On)
	}
	if l == nil {
		return syscall.EBADF
	}
	s, errno := l.Accept()
	if errno == 0 {
		p.take(s, step.As)
	}
	return errno
}

// use does the steps that act on a socket that is there.
func (p *program) use(step *Step, o *Observation) {
	s := p.socket(step.On)
	if s == nil && step.Verb == VerbSet && step.On.Name == "" {
		family := engine.FamilyOf(p.proc.Host().Addrs()[0])
		var errno syscall.Errno
		if s, errno = p.proc.Socket(family); errno != 0 {
			o.fail(errno)
			return
		}
		p.fresh, p.current = s, s
	}
	if s == nil {
		o.fail(syscall.EBADF)
		return
	}
	switch step.Verb {
	case VerbSend:
		p.send(s, step, o)
	case VerbRecv, VerbRecvNB, VerbPeek:
		p.read(s, step, o)
	case VerbRecvLoop:
		p.readAll(s, step, o)
	case VerbShutdown:
		o.fail(s.Shutdown(!step.How.Is("write"), !step.How.Is("read")))
	case VerbClose:
		o.fail(p.close(s))
	case VerbAbort:
		s.SetOption(engine.Linger, 0)
		o.fail(p.close(s))
	case VerbSet:
		o.fail(p.set(s, step))
	case VerbGet:
		o.Value = "0"
		if errno := s.SocketError(); errno != 0 {
			o.Value = engine.ErrnoName(errno)
		}
	case VerbState:
		o.Value = s.State().String()
	case VerbPoll:
		o.Value = s.Poll().String()
	case VerbOutq:
		n, errno := s.Outq()
		o.Value = strconv.Itoa(n)
		o.fail(errno)
	default:
		panic("cases: step " + string(step.Verb) + " has no execution")
	}
}

// close closes a socket. When it is the current one, the proc has none any more,
// so that a set begins a new one.
func (p *program) close(s *netsim.Socket) syscall.Errno {
	errno := s.Close()
	if p.current == s {
		p.current = nil
	}
	return errno
}

func (p *program) send(s *netsim.Socket, step *Step, o *Observation) {
	data := step.payload()
	n, errno := s.Send(data)
	o.N, o.Want = n, len(data)
	o.fail(errno)
}

// buffer is room for what a step reads at a time.
func (p *program) buffer(step *Step) []byte {
	n := DefaultRead
	if step.Max.IsSet() {
		n = step.Max.Int()
	}
	if len(p.reads) < n {
		p.reads = make([]byte, n)
	}
	return p.reads[:n]
}

func (p *program) read(s *netsim.Socket, step *Step, o *Observation) {
	b := p.buffer(step)
	receive := s.Recv
	switch step.Verb {
	case VerbPeek:
		receive = s.Peek
	case VerbRecvNB:
		receive = s.TryRecv
	}
	n, errno := receive(b)
	o.N = n
	o.fail(errno)
	o.keep(b[:n])
}

func (p *program) readAll(s *netsim.Socket, step *Step, o *Observation) {
	b := p.buffer(step)
	for {
		n, errno := s.Recv(b)
		o.N += n
		o.fail(errno)
		o.keep(b[:n])
		if n == 0 {
			return
		}
		// What was read so far is seen even when the loop never ends.
		p.seen[p.at].N, p.seen[p.at].Data = o.N, o.Data
		if every := step.Every.Duration(); every > 0 {
			p.proc.Sleep(every)
		}
	}
}

// keep appends to the data as much as an outcome shows.
func (o *Observation) keep(data []byte) {
	if room := maxShown + 1 - len(o.Data); room > 0 {
		o.Data = append(o.Data, data[:min(len(data), room)]...)
	}
}

// options are the options of scenarios that are options of sockets as they are.
var options = map[Option]engine.Option{
	OptionNoDelay:      engine.NoDelay,
	OptionKeepAlive:    engine.KeepAlive,
	OptionKeepIdle:     engine.KeepAliveIdle,
	OptionKeepInterval: engine.KeepAliveInterval,
	OptionKeepCount:    engine.KeepAliveCount,
	OptionRcvBuf:       engine.ReceiveBuffer,
	OptionSndBuf:       engine.SendBuffer,
	OptionUserTimeout:  engine.UserTimeout,
	OptionSynCount:     engine.SynCount,
	OptionLinger:       engine.Linger,
}

func (p *program) set(s *netsim.Socket, step *Step) syscall.Errno {
	v := step.Value
	switch Option(step.Option.Name) {
	case OptionPort:
		// Not to every address: netstack then does not give the port back after a
		// connect, for it releases the reservation under the address that it has
		// by then (transport/tcp/endpoint.go, cleanupLocked).
		return s.Bind(netip.AddrPortFrom(p.proc.Host().Addrs()[0], uint16(v.Int())))
	case OptionDeadline:
		until := time.Time{}
		if !v.Is("off") {
			until = p.proc.Now().Add(v.Duration())
		}
		s.SetDeadline(until)
		return 0
	}
	value := v.Num
	switch {
	case v.Is("on"):
		value = 1
	case v.Is("off") && Option(step.Option.Name) == OptionLinger:
		value = -1
	case v.Is("off"):
		value = 0
	}
	return s.SetOption(options[Option(step.Option.Name)], value)
}
