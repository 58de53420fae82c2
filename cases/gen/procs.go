package gen

import "rstlab/cases"

// talker writes the steps of one proc and follows its current socket.
type talker struct {
	*builder
	p    cases.Proc
	open bool // the current socket is a connection
}

func (b *builder) talker(host, name string) *talker {
	return &talker{builder: b, p: cases.Proc{Host: cases.Ref{Name: host}, Name: name}}
}

func (b *talker) add(s cases.Step) { b.p.Steps = append(b.p.Steps, s) }

func (b *talker) done() { b.s.Procs = append(b.s.Procs, b.p) }

// socketOf is the name of the connection that a host's proc opens or accepts.
func socketOf(host string) cases.Ref { return cases.Ref{Name: "of-" + host} }

// server listens, and serves a connection or two, one after the other.
func (b *builder) server() {
	t := b.talker(server, server)
	t.fresh()
	if b.oneIn(10, "listen late") {
		t.add(cases.Step{Verb: cases.VerbSleep, Time: b.wait("listen late")})
	}
	listen := cases.Step{Verb: cases.VerbListen, Port: cases.IntValue(port), As: cases.Ref{Name: "listener"}}
	if b.oneIn(6, "backlog") {
		listen.Backlog = cases.IntValue(b.upTo(2, "backlog"))
	}
	t.add(listen)
	if b.oneIn(6, "accept late") {
		t.add(cases.Step{Verb: cases.VerbSleep, Time: b.wait("accept late")})
	}
	connections := 1
	if len(b.s.Hosts) > 2 || b.oneIn(6, "accept again") {
		connections = 2
	}
	for i := range connections {
		accept := cases.Step{Verb: cases.VerbAccept, On: listen.As}
		if i == 0 {
			accept.As = socketOf(server)
		}
		t.add(accept)
		t.open = true
		if i == 0 && b.oneIn(8, "close listener") {
			t.add(cases.Step{Verb: cases.VerbClose, On: listen.As})
			connections = 1
		}
		t.talk()
		t.end()
		if connections == 1 {
			break
		}
	}
	t.done()
}

// client connects, perhaps again, and talks.
func (b *builder) client(host string) {
	t := b.talker(host, host)
	if b.oneIn(8, "connect late") {
		t.add(cases.Step{Verb: cases.VerbSleep, Time: b.wait("connect late")})
	}
	own := false
	for i := range 1 + b.upTo(5, "connect again")/5 {
		t.fresh()
		if b.oneIn(12, "own port") || own {
			t.add(bind(ownPort))
			own = b.cfg.Perfect // and again from there
		}
		connect := cases.Step{Verb: cases.VerbConnect, Peer: cases.Ref{Name: server}, Port: cases.IntValue(port)}
		if b.oneIn(20, "wrong port") {
			connect.Port = cases.IntValue(port + 1)
		}
		if i == 0 {
			connect.As = socketOf(host)
		}
		t.add(connect)
		t.open = true
		t.talk()
		t.end()
	}
	t.done()
}

// fresh readies the socket that the next listen or connect uses.
func (b *talker) fresh() {
	if b.oneIn(8, "socket") {
		b.add(cases.Step{Verb: cases.VerbSocket})
	}
	if b.oneIn(5, "set before use") {
		b.add(b.set())
	}
	if b.cfg.Perfect && b.oneIn(12, "keepalive") {
		b.keepAlive()
	}
}

// keepAlive has the next connection probed when it is idle.
func (b *talker) keepAlive() {
	set := func(option cases.Option, v cases.Value) {
		b.add(cases.Step{Verb: cases.VerbSet, Option: cases.Ref{Name: string(option)}, Value: v})
	}
	set(cases.OptionKeepAlive, cases.WordValue("on"))
	set(cases.OptionKeepIdle, b.millis("keepidle", 10_000, 60_000, 600_000))
	set(cases.OptionKeepInterval, b.millis("keepintvl", 10_000, 1_000, 75_000))
	if b.oneIn(2, "keepcnt") {
		set(cases.OptionKeepCount, cases.IntValue(1+b.upTo(2, "keepcnt")))
	}
}

// bind has the next connect use a local port.
func bind(local int) cases.Step {
	return cases.Step{Verb: cases.VerbSet, Option: cases.Ref{Name: string(cases.OptionPort)}, Value: cases.IntValue(local)}
}

// peer connects to the other host, from the port that the other connects to. Both
// do so, perhaps at one time.
func (b *builder) peer(host, other string) {
	ports := map[string]int{server: port, "client": ownPort}
	t := b.talker(host, host)
	t.fresh()
	t.add(bind(ports[host]))
	if b.oneIn(2, "connect late") {
		t.add(cases.Step{Verb: cases.VerbSleep, Time: b.wait("connect late")})
	}
	t.add(cases.Step{
		Verb: cases.VerbConnect, Peer: cases.Ref{Name: other}, Port: cases.IntValue(ports[other]),
		As: socketOf(host), Or: cases.WordValue("exit"),
	})
	t.open = true
	t.talk()
	t.end()
	t.done()
}

// end closes the connection in one of the ways there are, or leaves it open.
func (b *talker) end() {
	switch b.upTo(6, "end") {
	case 0, 1:
		b.add(cases.Step{Verb: cases.VerbClose})
	case 2:
		b.add(cases.Step{Verb: cases.VerbRecvLoop})
		b.add(cases.Step{Verb: cases.VerbClose})
	case 3:
		b.shutdown("write")
		b.add(cases.Step{Verb: cases.VerbRecvLoop})
		b.add(cases.Step{Verb: cases.VerbClose})
	case 4:
		b.shutdown("write")
		b.add(cases.Step{Verb: cases.VerbClose})
	case 5:
		b.add(cases.Step{Verb: cases.VerbAbort})
	case 6:
		return
	}
	b.open = false
}

func (b *talker) shutdown(how string) {
	b.add(cases.Step{Verb: cases.VerbShutdown, How: cases.WordValue(how)})
}

// talk adds steps on the connection.
func (b *talker) talk() {
	for range b.upTo(b.cfg.MaxSteps, "steps") {
		b.add(b.step())
	}
}
