package gen

import (
	"time"

	"rstlab/cases"
)

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
	if b.oneIn(5, "set before listen") {
		t.add(b.set())
	}
	if b.oneIn(10, "listen late") {
		t.add(cases.Step{Verb: cases.VerbSleep, Time: b.wait("listen late")})
	}
	listen := cases.Step{Verb: cases.VerbListen, Port: cases.IntValue(port)}
	if b.oneIn(6, "backlog") {
		listen.Backlog = cases.IntValue(b.upTo(2, "backlog"))
	}
	listen.As = cases.Ref{Name: "listener"}
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
	for i := range 1 + b.upTo(5, "connect again")/5 {
		if b.oneIn(5, "set before connect") {
			t.add(b.set())
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

// step is a step on a connection that is there.
func (b *builder) step() cases.Step {
	switch b.upTo(11, "step") {
	case 0, 1:
		return cases.Step{Verb: cases.VerbSend, Data: b.data(), Or: b.orExit()}
	case 2, 3:
		return cases.Step{Verb: cases.VerbRecv, Max: b.most(), Or: b.orExit()}
	case 4, 5:
		return cases.Step{Verb: cases.VerbSleep, Time: b.wait("sleep")}
	case 6:
		s := cases.Step{Verb: cases.VerbRecvLoop}
		if b.oneIn(2, "read") {
			s.Max = cases.SizeValue(pick(b.choices, "size", 1460, 500, 3000, 1<<20))
		}
		if b.oneIn(3, "every") {
			s.Every = b.millis("every", 10, 1, 100)
		}
		return s
	case 7:
		return cases.Step{Verb: cases.VerbPeek, Max: b.most()}
	case 8:
		return cases.Step{Verb: cases.VerbShutdown, How: cases.WordValue(pick(b.choices, "how", "write", "read", "both"))}
	case 9:
		return b.set()
	case 10:
		if b.oneIn(2, "state") {
			return cases.Step{Verb: cases.VerbState}
		}
		return cases.Step{Verb: cases.VerbGet, Option: cases.Ref{Name: string(cases.OptionError)}}
	default:
		return cases.Step{Verb: cases.VerbAt, Time: b.wait("at")}
	}
}

func (b *builder) orExit() cases.Value {
	if b.oneIn(8, "or exit") {
		return cases.WordValue("exit")
	}
	return cases.Value{}
}

// data is what a send sends: a word, a few segments, or more than a window.
func (b *builder) data() cases.Value {
	switch b.upTo(9, "data") {
	case 0, 1, 2, 3:
		return cases.TextValue(pick(b.choices, "text", "hello", "x", "GET / HTTP/1.1\r\n\r\n"))
	case 4, 5, 6:
		return cases.SizeValue(pick(b.choices, "size", 100, 1460, 1461, 3000, 10_000))
	case 7, 8:
		return cases.SizeValue(pick(b.choices, "window", 30_000, 65_536, 100_000))
	default:
		return cases.SizeValue(pick(b.choices, "bulk", 200_000, 1_000_000))
	}
}

// most is how much a read takes.
func (b *builder) most() cases.Value {
	switch b.upTo(4, "read") {
	case 0, 1:
		return cases.Value{}
	case 2:
		return cases.SizeValue(1)
	case 3:
		return cases.SizeValue(pick(b.choices, "size", 5, 1460, 3000))
	default:
		return cases.SizeValue(1 << 20)
	}
}

// set is a step that sets an option to a value that matters.
func (b *builder) set() cases.Step {
	seconds := func(label string, of ...time.Duration) cases.Value {
		return cases.DurationValue(pick(b.choices, label, of...) * time.Second)
	}
	onOff := func(label string) cases.Value { return cases.WordValue(pick(b.choices, label, "on", "off")) }
	option, value := cases.OptionNoDelay, cases.Value{}
	switch b.upTo(10, "option") {
	case 0:
		value = onOff("nodelay")
	case 1:
		option, value = cases.OptionLinger, seconds("linger", 0, 1, 10, 100)
	case 2:
		option, value = cases.OptionRcvBuf, cases.SizeValue(pick(b.choices, "rcvbuf", 4096, 2304, 1, 65_536, 1<<20))
	case 3:
		option, value = cases.OptionSndBuf, cases.SizeValue(pick(b.choices, "sndbuf", 8192, 4608, 1, 65_536, 1<<20))
	case 4:
		option, value = cases.OptionDeadline, b.wait("deadline")
	case 5:
		option, value = cases.OptionKeepAlive, onOff("keepalive")
	case 6:
		option, value = cases.OptionKeepIdle, seconds("keepidle", 1, 10, 600)
	case 7:
		option, value = cases.OptionKeepInterval, seconds("keepintvl", 1, 10, 75)
	case 8:
		option, value = cases.OptionKeepCount, cases.IntValue(pick(b.choices, "keepcnt", 2, 1, 9))
	case 9:
		option, value = cases.OptionUserTimeout, seconds("usertimeout", 1, 5, 30, 0)
	case 10:
		option, value = cases.OptionSynCount, cases.IntValue(pick(b.choices, "syncnt", 1, 2, 6))
	}
	return cases.Step{Verb: cases.VerbSet, Option: cases.Ref{Name: string(option)}, Value: value}
}

// meddler adds a proc that acts from outside: on the connection of another proc
// of its host, on the proc, or on a link.
func (b *builder) meddler() {
	host := pick(b.choices, "meddles on", b.s.Hosts[:2]...).Name
	t := b.talker(host, "meddler")
	for range 1 + b.upTo(1, "acts") {
		t.add(cases.Step{Verb: cases.VerbSleep, Time: b.wait("meddle after")})
		switch b.upTo(4, "act") {
		case 0:
			t.add(cases.Step{Verb: cases.VerbKill, Proc: cases.Ref{Name: host}})
		case 1:
			l := pick(b.choices, "link", b.s.Links...)
			t.add(cases.Step{Verb: cases.VerbDown, A: l.A, B: l.B})
			if !b.oneIn(4, "stays down") {
				t.add(cases.Step{Verb: cases.VerbSleep, Time: b.wait("down")})
				t.add(cases.Step{Verb: cases.VerbUp, A: l.A, B: l.B})
			}
		case 2:
			t.add(cases.Step{Verb: cases.VerbClose, On: socketOf(host)})
		case 3:
			t.add(cases.Step{Verb: cases.VerbShutdown, On: socketOf(host), How: cases.WordValue(pick(b.choices, "how", "write", "read", "both"))})
		case 4:
			s := b.step()
			if s.Verb != cases.VerbSleep && s.Verb != cases.VerbAt {
				s.On = socketOf(host)
			}
			t.add(s)
		}
	}
	t.done()
}
