package casestest

import (
	"time"

	"pgregory.net/rapid"

	"rstlab/cases"
	"rstlab/netsim/link"
)

// procs gives every host a server or a client; the last also has a proc that
// acts on the sockets of others.
func (b *builder) procs() {
	for i, h := range b.s.Hosts {
		p := cases.Proc{Host: cases.Ref{Name: h.Name}, Name: h.Name, Comments: b.comments()}
		if b.chance("own name") {
			p.Name = b.name("proc")
		}
		socket := cases.Ref{}
		if b.chance("named") {
			socket.Name = b.name("socket")
		}
		if i == 0 {
			b.server(&p, socket)
		} else {
			b.client(&p, socket)
		}
		b.talk(&p)
		if b.number("boot", 0, 9) == 0 {
			p.Begin = cases.WordValue("boot")
		}
		b.s.Procs = append(b.s.Procs, p)
		if socket.Name != "" {
			b.s.Procs = append(b.s.Procs, b.meddler(h, socket))
		}
	}
	if b.chance("script") {
		b.s.Procs = append(b.s.Procs, b.script())
	}
}

// script acts on the network from outside.
func (b *builder) script() cases.Proc {
	p := cases.Proc{Script: true, Name: b.name("script"), Comments: b.comments()}
	for range b.number("faults", 1, 5) {
		b.add(&p, b.fault())
	}
	return p
}

func (b *builder) fault() cases.Step {
	host := cases.Ref{Name: rapid.SampledFrom(b.s.Hosts).Draw(b.t, "at").Name}
	router := cases.Ref{Name: b.s.Routers[0].Name}
	s := cases.Step{Node: host, Verb: rapid.SampledFrom([]cases.Verb{
		cases.VerbPowerOff, cases.VerbPowerOn, cases.VerbReboot, cases.VerbRoute, cases.VerbNoRoute,
		cases.VerbNeighbour, cases.VerbDestroy, cases.VerbWhen, cases.VerbAt,
	}).Draw(b.t, "fault")}
	switch s.Verb {
	case cases.VerbPowerOff, cases.VerbPowerOn:
		if b.chance("router") {
			s.Node = router
		}
	case cases.VerbRoute:
		s.Dest, s.Via = router, router
	case cases.VerbNoRoute:
		s.Dest = cases.Ref{Name: b.s.Hosts[0].Name}
	case cases.VerbNeighbour:
		s.How = b.choice("knows", "missing", "cached")
		if b.chance("to") {
			s.Via = router
		}
	case cases.VerbDestroy:
		s.Node, s.Proc = cases.Ref{}, cases.Ref{Name: b.s.Procs[0].Name}
	case cases.VerbAt:
		s.Node, s.Time = cases.Ref{}, b.duration("time", time.Microsecond)
	case cases.VerbWhen:
		b.when(&s)
	}
	return s
}

func (b *builder) when(s *cases.Step) {
	event := rapid.SampledFrom([]string{"sends", "receives", "misses", "enters"}).Draw(b.t, "event")
	s.Event = cases.WordValue(event)
	if s.What.Name = "FIN-WAIT-1"; event != "enters" {
		match := rapid.SampledFrom([]string{"F", "data,!rexmit", "flags=S.", `contains="a\x20=b"`, "len>=3"}).Draw(b.t, "match")
		s.What.Name = link.MustMatch(match).String()
	}
	if b.chance("nth") {
		s.Nth = b.int("nth", 1, 9)
	}
}

func (b *builder) add(p *cases.Proc, s cases.Step) {
	s.Comments = b.comments()
	p.Steps = append(p.Steps, s)
}

func (b *builder) server(p *cases.Proc, socket cases.Ref) {
	if b.chance("set first") {
		b.add(p, b.set())
	}
	listen := cases.Step{Verb: cases.VerbListen, Port: b.int("port", 1, 65535)}
	if b.chance("backlog") {
		listen.Backlog = b.int("backlog", 0, 100)
	}
	if b.chance("own socket") {
		l := cases.Ref{Name: b.name("listener")}
		b.add(p, cases.Step{Verb: cases.VerbSocket, As: l})
		listen.On = l
	}
	b.add(p, listen)
	b.add(p, cases.Step{Verb: cases.VerbAccept, As: socket})
}

func (b *builder) client(p *cases.Proc, socket cases.Ref) {
	if b.chance("set first") {
		b.add(p, b.set())
	}
	b.add(p, cases.Step{
		Verb: cases.VerbConnect, As: socket,
		Peer: cases.Ref{Name: b.s.Hosts[0].Name}, Port: b.int("port", 1, 65535),
	})
}

// meddler acts on a named socket of its host.
func (b *builder) meddler(h cases.Host, socket cases.Ref) cases.Proc {
	p := cases.Proc{Host: cases.Ref{Name: h.Name}, Name: b.name("proc")}
	b.talk(&p)
	for i := range p.Steps {
		if s := &p.Steps[i]; s.Verb != cases.VerbSleep && s.Verb != cases.VerbAt {
			s.On = socket
		}
	}
	b.add(&p, cases.Step{Verb: cases.VerbKill, Proc: cases.Ref{Name: b.s.Procs[0].Name}})
	l := b.s.Links[0]
	down := cases.Step{Verb: cases.VerbDown, A: l.A, B: l.B}
	if b.chance("drains") {
		down.How = cases.WordValue("arrives")
	}
	b.add(&p, down)
	up := cases.Step{Verb: cases.VerbUp, A: l.B, B: l.A}
	if b.chance("one end") {
		up.From = l.B
	}
	b.add(&p, up)
	b.add(&p, b.inject())
	return p
}

// talk adds steps that need a connection; the last may close it.
func (b *builder) talk(p *cases.Proc) {
	for range b.number("steps", 1, 6) {
		b.add(p, b.step())
	}
	if b.chance("close") {
		verb := rapid.SampledFrom([]cases.Verb{cases.VerbClose, cases.VerbAbort}).Draw(b.t, "end")
		b.add(p, cases.Step{Verb: verb})
	}
}

func (b *builder) step() cases.Step {
	s := cases.Step{Verb: rapid.SampledFrom([]cases.Verb{
		cases.VerbSend, cases.VerbRecv, cases.VerbRecvLoop, cases.VerbPeek, cases.VerbShutdown,
		cases.VerbSet, cases.VerbGet, cases.VerbState, cases.VerbSleep, cases.VerbAt,
		cases.VerbRecvNB, cases.VerbPoll, cases.VerbOutq,
	}).Draw(b.t, "verb")}
	switch s.Verb {
	case cases.VerbSend:
		if b.chance("text") {
			s.Data = b.text()
		} else {
			s.Data = b.size("data", 1<<20)
			if b.chance("fill") {
				s.Fill = b.text()
			}
		}
	case cases.VerbRecv, cases.VerbRecvNB, cases.VerbPeek, cases.VerbRecvLoop:
		if b.chance("max") {
			s.Max = b.size("max", 1<<16)
		}
		if s.Verb == cases.VerbRecvLoop && b.chance("every") {
			s.Every = b.duration("every", 0)
		}
	case cases.VerbShutdown:
		s.How = b.choice("how", "read", "write", "both")
	case cases.VerbSet:
		s = b.set()
	case cases.VerbGet:
		s.Option = cases.Ref{Name: string(cases.OptionError)}
	case cases.VerbSleep, cases.VerbAt:
		s.Time = b.duration("time", time.Microsecond)
	}
	return s
}

// inject is a forged segment to the first host.
func (b *builder) inject() cases.Step {
	s := cases.Step{Verb: cases.VerbInject, Peer: cases.Ref{Name: b.s.Hosts[0].Name}}
	s.Flags = b.choice("flags", "RA", "SA", "PA")
	if b.chance("absolute") {
		s.Seq = b.int("seq", 0, 1<<32-1)
	} else {
		s.Seq = b.choice("seq", "n0", "n-1", "wnd1000")
	}
	if b.chance("ack") {
		s.Ack = b.choice("ack", "n0", "n100")
	}
	if b.chance("off") {
		s.Off = b.int("off", -1000, 1000)
	}
	if b.chance("source") {
		s.Src = cases.Ref{Name: rapid.SampledFrom([]string{b.s.Hosts[1].Name, "10.9.9.9", "fd00::99"}).Draw(b.t, "src")}
		s.SrcPort, s.DstPort = b.int("sport", 1, 65535), b.int("dport", 1, 65535)
	}
	if b.chance("ports") && s.SrcPort.IsSet() {
		s.Ports = b.int("ports", 1, 100)
	}
	if b.chance("guesses") {
		s.Guesses, s.Stride = b.int("guesses", 1, 100), b.int("stride", -5, 5)
	}
	if b.chance("window") {
		s.Window = b.int("win", 0, 65535)
	}
	if b.chance("data") {
		s.Data = b.text()
	}
	if b.chance("via") {
		s.Via = cases.Ref{Name: b.s.Routers[0].Name}
	}
	if b.chance("every") {
		s.Every = b.duration("every", 0)
	}
	return s
}

func (b *builder) set() cases.Step {
	option := rapid.SampledFrom([]cases.Option{
		cases.OptionNoDelay, cases.OptionKeepIdle, cases.OptionKeepCount, cases.OptionRcvBuf, cases.OptionLinger,
	}).Draw(b.t, "option")
	s := cases.Step{Verb: cases.VerbSet, Option: cases.Ref{Name: string(option)}}
	switch option {
	case cases.OptionNoDelay:
		s.Value = b.choice("switch", "on", "off")
	case cases.OptionKeepIdle:
		s.Value = b.duration("idle", 0)
	case cases.OptionKeepCount:
		s.Value = b.int("count", 1, 100)
	case cases.OptionRcvBuf:
		s.Value = b.size("buffer", 1<<20)
	default:
		s.Value = cases.WordValue("off")
	}
	return s
}
