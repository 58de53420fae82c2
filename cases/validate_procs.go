package cases

import (
	"cmp"
	"fmt"
	"slices"
)

// checkProcs checks the procs and what their steps refer to.
func (s *Scenario) checkProcs(r *report, t *topology, top Pos) {
	if len(s.Procs) == 0 {
		r.add(top, "add: proc HOST, and steps indented below it", "nobody does anything: there is no proc")
	}
	taken := map[string]string{}
	names := procNames(s.Procs)
	sockets := s.declaredSockets(r)
	for i := range s.Procs {
		if r.full() {
			return
		}
		p := &s.Procs[i]
		if p.Script || t.node(p.Host, t.hosts, "host", r) {
			checkNew(p.Name, p.Pos, "proc", taken, r)
		}
		if p.Script && p.Begin.IsSet() {
			r.add(p.Pos, "leave begin out", "script %s has no host that boots", p.Name)
		}
		if len(p.Steps) == 0 {
			r.add(p.Pos, "indent its steps below it", "proc %s has no steps", p.Name)
		}
		c := &procCheck{r: r, t: t, proc: p, procs: names, sockets: sockets[p.Host.Name], s: s, named: sockets}
		for j := range p.Steps {
			c.step(&p.Steps[j])
		}
	}
}

// declaredSockets are the sockets with a name, by host and name; true for a
// listener.
func (s *Scenario) declaredSockets(r *report) map[string]map[string]bool {
	hosts := map[string]map[string]bool{}
	listens := map[socketName]bool{}
	for i := range s.Procs {
		p := &s.Procs[i]
		names := hosts[p.Host.Name]
		if names == nil {
			names = map[string]bool{}
			hosts[p.Host.Name] = names
		}
		for j := range p.Steps {
			step := &p.Steps[j]
			if step.Verb == VerbListen && step.On.Name != "" {
				listens[socketName{p.Host.Name, step.On.Name}] = true
			}
			if step.As.Name == "" {
				continue
			}
			if wrong := checkName("", step.As.Name); wrong != nil {
				r.add(step.As.Pos, wrong.remedy, "%s", wrong.problem)
			}
			if _, ok := names[step.As.Name]; ok {
				r.add(step.As.Pos, "choose another name", "host %s has a socket %s already", p.Host.Name, step.As.Name)
			}
			names[step.As.Name] = step.Verb == VerbListen
		}
	}
	for host, names := range hosts {
		for name := range names {
			names[name] = names[name] || listens[socketName{host, name}]
		}
	}
	return hosts
}

// procCheck follows the sockets of a proc through its steps.
type procCheck struct {
	r       *report
	t       *topology
	proc    *Proc
	procs   []string
	sockets map[string]bool // the host's named sockets; true for a listener
	s       *Scenario
	named   map[string]map[string]bool // the named sockets of all hosts

	current  socketState
	name     string // of the current socket, if it has one
	closedAt Pos
	listener bool // the proc has one to accept from
	listens  string
}

// socketState is what the current socket is.
type socketState uint8

const (
	noneYet socketState = iota
	fresh               // made by set, not yet used
	aListener
	aConnection
	closed
)

func (c *procCheck) step(s *Step) {
	if c.r.full() {
		return
	}
	info := findVerb(s.Verb)
	if info == nil {
		c.r.add(s.Pos, oneOf(string(s.Verb), verbNames()), "unknown step %s", quote(string(s.Verb)))
		return
	}
	for i := range info.args {
		if a := &info.args[i]; a.ref != nil {
			c.ref(info, a, s)
		}
	}
	switch s.Verb {
	case VerbConnect:
		if !c.proc.Script {
			c.peer(s)
		}
	case VerbRoute, VerbNeighbour, VerbWhen, VerbDestroy:
		c.fault(s)
	case VerbDown, VerbUp:
		if s.A.Name != "" && s.B.Name != "" {
			c.t.joined(s.A, s.B, c.r)
			if from := s.From; from.Name != "" && from.Name != s.A.Name && from.Name != s.B.Name {
				c.r.add(from.Pos, "write from="+s.A.Name+" or from="+s.B.Name, "%s is no end of the link", quote(from.Name))
			}
		}
	case VerbInject:
		c.checkInject(s)
	}
	c.socket(info, s)
}

// ref checks what a step refers to.
func (c *procCheck) ref(info *verbInfo, a *argument, s *Step) {
	ref := *a.ref(s)
	if ref.Name == "" {
		if !a.optional {
			c.r.add(s.Pos, "write "+info.usage(), "%s without %s", s.Verb, a.form)
		}
		return
	}
	switch a.to {
	case toSocket:
		c.socketOf(c.proc.Host, ref)
	case toProcSocket:
		if p := c.s.proc(s.Proc.Name); p != nil && !p.Script {
			c.socketOf(p.Host, ref)
		}
	case toNode:
		c.t.node(ref, c.t.names, "host or router", c.r)
	case toHost:
		c.t.node(ref, c.t.hosts, "host", c.r)
	case toPowered:
		c.t.node(ref, c.t.names, "host or router", c.r)
		if kind := c.t.kinds[ref.Name]; slices.Contains([]BoxKind{BoxFirewall, BoxNAT, BoxObserver}, BoxKind(kind)) {
			c.r.add(ref.Pos, "cut its links with down", "%s %s cannot be switched off or on", kind, ref.Name)
		}
	case toProc:
		c.t.node(ref, c.procs, "proc", c.r)
	case toSource:
		c.t.endpoint(ref, c.r)
	case toSettable, toGettable:
		c.option(ref, a.to)
	}
}

// socketOf reports a socket that the host does not have.
func (c *procCheck) socketOf(host, ref Ref) {
	sockets := c.named[host.Name]
	if _, ok := sockets[ref.Name]; ok {
		return
	}
	var names []string
	for name := range sockets {
		names = append(names, name)
	}
	remedy := "name it with as=" + ref.Name + " where socket, listen, accept or connect makes it"
	if near := nearest(ref.Name, names); len(near) > 0 {
		remedy = oneOf(ref.Name, names)
	}
	c.r.add(ref.Pos, remedy, "host %s has no socket %s", host, quote(ref.Name))
}

func (c *procCheck) option(ref Ref, to refKind) {
	o := findOption(ref.Name)
	switch {
	case o == nil:
		c.r.add(ref.Pos, oneOf(ref.Name, optionNames(to)), "unknown option %s", quote(ref.Name))
	case to == toSettable && !o.settable():
		c.r.add(ref.Pos, oneOf("", optionNames(to)), "option %s cannot be set", o.name)
	case to == toGettable && !o.get:
		c.r.add(ref.Pos, oneOf("", optionNames(to)), "option %s cannot be read", o.name)
	}
}

// peer checks whom a step connects to.
func (c *procCheck) peer(s *Step) {
	if s.Peer.Name == "" {
		c.r.add(s.Pos, "write connect HOST:PORT", "connect without a host")
		return
	}
	if c.t.node(s.Peer, c.t.hosts, "host", c.r) && !c.t.reaches(c.proc.Host.Name, s.Peer.Name) {
		remedy := fmt.Sprintf("add: link %s %s", c.proc.Host, s.Peer)
		c.r.add(s.Peer.Pos, remedy, "no path from %s to %s", c.proc.Host, s.Peer)
	}
	if s.On.Name != "" && s.As.Name != "" {
		c.r.add(s.As.Pos, "leave one out", "connect with on= makes no socket to name")
	}
}

// socket checks that the step has a socket of the right kind to act on, and
// follows what becomes of the current one.
func (c *procCheck) socket(info *verbInfo, s *Step) {
	if info.socket == noSocket {
		return
	}
	if c.proc.Script {
		c.r.add(s.Pos, "write it in a proc of the host", "%s in script %s: it runs on no host and has no sockets", s.Verb, c.proc.Name)
		return
	}
	switch info.socket {
	case makes:
		c.makes(s)
		return
	case opens:
		c.current, c.name = fresh, s.As.Name
		return
	}
	state := c.current
	if s.On.Name != "" {
		state = aConnection
		if c.sockets[s.On.Name] {
			state = aListener
		}
	}
	onlyConn := info.socket == connection || info.socket == endsConn
	switch {
	case state == noneYet && info.socket == setsSocket:
		c.current, c.name = fresh, ""
	case state == closed && info.socket == setsSocket:
		c.current, c.name = fresh, ""
	case state == noneYet, state == fresh && onlyConn:
		c.r.add(s.Pos, "accept or connect first, or name a socket with on=", "%s without a connection", s.Verb)
	case state == closed:
		c.r.add(s.Pos, "name another socket with on=, or leave the step out", "%s after %s", s.Verb, c.closing())
	case state == aListener && onlyConn && s.On.Name == "":
		c.r.add(s.Pos, "accept a connection first, or name one with on=", "%s on a listener", s.Verb)
	}
	if info.socket == ends || info.socket == endsConn {
		c.ends(s)
	}
}

// closing says where the current socket was closed.
func (c *procCheck) closing() string {
	if c.closedAt.Line == 0 {
		return "the socket was closed"
	}
	return fmt.Sprintf("the socket was closed in line %d", c.closedAt.Line)
}

// makes follows a step that makes the current socket.
func (c *procCheck) makes(s *Step) {
	isListener, known := c.sockets[s.On.Name]
	switch {
	case s.Verb == VerbListen:
		if s.On.Name != "" && s.As.Name != "" {
			c.r.add(s.As.Pos, "leave one out", "listen with on= makes no socket to name")
		}
		c.listener, c.listens = true, cmp.Or(s.On.Name, s.As.Name)
		c.current, c.name = aListener, c.listens
		return
	case s.Verb == VerbAccept && s.On.Name == "" && !c.listener:
		c.r.add(s.Pos, "listen first, or name a listener with on=", "accept without a listener")
	case s.Verb == VerbAccept && known && !isListener:
		c.r.add(s.On.Pos, "name a socket that listen made", "accept on a connection")
	case s.Verb == VerbConnect && known && isListener:
		c.r.add(s.On.Pos, "leave on= out", "connect on a listener")
	}
	c.current, c.name = aConnection, s.As.Name
	if s.Verb == VerbConnect && s.On.Name != "" {
		c.name = s.On.Name
	}
}

// ends follows a step that closes a socket.
func (c *procCheck) ends(s *Step) {
	implicit := s.On.Name == ""
	if c.listener && (implicit && c.current == aListener || !implicit && c.listens == s.On.Name) {
		c.listener = false
	}
	if implicit || c.name == s.On.Name {
		c.current, c.closedAt = closed, s.Pos
	}
}
