package cases

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"rstlab/netsim"
)

// AppendState implements [netsim.Programs]: what the procs of the scenario have
// seen, where they are and which sockets they know. Times are left out, as an
// outcome does not show them.
func (r *runner) AppendState(b []byte) ([]byte, error) {
	for _, p := range r.programs {
		if slices.ContainsFunc(p.source.Steps, func(s Step) bool { return s.Verb == VerbInject }) {
			return b, fmt.Errorf("cases: proc %s counts what it injects", p.source.Name)
		}
		b = appendBool(b, p.proc != nil, r.killed[p.source.Name])
		b = appendFD(appendFD(appendFD(b, p.current), p.listener), p.fresh)
		begin := len(b)
		for i := range r.seen {
			if o := &r.seen[i]; o.Proc == p.source.Name {
				b = o.appendState(b)
			}
		}
		b = binary.AppendUvarint(b, uint64(len(b)-begin))
	}
	for _, name := range r.socketNames() {
		b = appendText(appendText(b, name.host), name.name)
		b = appendFD(b, r.sockets[name])
	}
	return b, nil
}

// Held implements [netsim.Programs].
func (r *runner) Held() []*netsim.Socket {
	var all []*netsim.Socket
	add := func(s *netsim.Socket) {
		if s != nil && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	for _, p := range r.programs {
		add(p.current)
		add(p.listener)
		add(p.fresh)
	}
	for _, name := range r.socketNames() {
		add(r.sockets[name])
	}
	return all
}

// Opens implements [netsim.Programs].
func (r *runner) Opens(host string) bool {
	for _, p := range r.programs {
		next := 0
		for i := range r.seen {
			if r.seen[i].Proc == p.source.Name {
				next = r.seen[i].Step + 1
			}
		}
		if p.host == host && slices.ContainsFunc(p.source.Steps[next:], func(s Step) bool {
			return s.Verb == VerbConnect || s.Verb == VerbListen
		}) {
			return true
		}
	}
	return false
}

func (r *runner) socketNames() []socketName {
	return slices.SortedFunc(maps.Keys(r.sockets), func(a, b socketName) int {
		return cmp.Or(cmp.Compare(a.host, b.host), cmp.Compare(a.name, b.name))
	})
}

func (o *Observation) appendState(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(o.Step))
	b = appendBool(b, o.Done, o.Killed)
	b = appendText(appendText(b, o.Errno), o.Value)
	b = binary.AppendVarint(binary.AppendVarint(b, int64(o.N)), int64(o.Want))
	if o.N <= maxShown {
		b = appendText(b, string(o.Data)) // of more an outcome shows the length only
	}
	return b
}

func appendFD(b []byte, s *netsim.Socket) []byte {
	if s == nil {
		return append(b, 0)
	}
	return binary.AppendVarint(b, int64(s.FD()))
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendBool(b []byte, values ...bool) []byte {
	for _, v := range values {
		if v {
			b = append(b, 1)
		} else {
			b = append(b, 0)
		}
	}
	return b
}

// rest are the steps that a program will still do; with the current one, unless it is
// done.
func (p *program) rest() []Step {
	next := 0
	for i := range p.runner.seen {
		if o := &p.runner.seen[i]; o.Proc == p.source.Name {
			next = o.Step
			if o.Done {
				next++
			}
		}
	}
	return p.source.Steps[next:]
}

// Local implements [netsim.Programs].
func (r *runner) Local() bool {
	return r.contained && !slices.ContainsFunc(r.programs, func(p *program) bool {
		return slices.ContainsFunc(p.rest(), func(s Step) bool { return s.Verb == VerbConnect || s.Verb == VerbListen })
	})
}

// Decided implements [netsim.Programs]: the outcome is known when all that is left is
// to close sockets, which always succeeds unless it has to wait.
func (r *runner) Decided() bool {
	return r.contained && !r.shared && !r.scenario.lingers() && !slices.ContainsFunc(r.programs, func(p *program) bool {
		return slices.ContainsFunc(p.rest(), func(s Step) bool {
			return s.Verb != VerbClose && s.Verb != VerbAbort && s.Verb != VerbSleep && s.Verb != VerbAt
		})
	})
}

// lingers reports whether a close may have to wait.
func (s *Scenario) lingers() bool {
	return slices.ContainsFunc(s.Procs, func(p Proc) bool {
		return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.sets(OptionLinger) })
	})
}

func (s *Step) sets(o Option) bool { return s.Verb == VerbSet && s.Option.Name == string(o) }

// Looks implements [netsim.Programs].
func (r *runner) Looks(host string) (reads, writes bool) {
	for _, p := range r.programs {
		if p.host != host {
			continue
		}
		for _, s := range p.rest() {
			switch s.Verb {
			case VerbSleep, VerbAt, VerbSet, VerbShutdown, VerbClose, VerbAbort:
			case VerbAccept, VerbRecv, VerbRecvNB, VerbPeek, VerbRecvLoop:
				reads = true
			case VerbSend, VerbConnect:
				writes = true
			default:
				reads, writes = true, true
			}
		}
	}
	return reads, writes
}

// actsOnSockets reports whether all that the procs of a scenario do is calls on their
// own sockets, from the beginning, and nothing shows when they sleep.
func (s *Scenario) actsOnSockets() bool {
	return !slices.ContainsFunc(s.Procs, func(p Proc) bool {
		return p.Begin.IsSet() || slices.ContainsFunc(p.Steps, func(s Step) bool {
			switch s.Verb {
			case VerbSleep, VerbAt, VerbListen, VerbAccept, VerbConnect, VerbSend, VerbRecv, VerbRecvNB, VerbPeek, VerbRecvLoop,
				VerbShutdown, VerbClose, VerbAbort, VerbSet, VerbGet, VerbState, VerbPoll, VerbSocket:
				return false
			}
			return true
		})
	})
}

// namesSockets reports whether a step names a socket.
func (s *Scenario) namesSockets() bool {
	return slices.ContainsFunc(s.Procs, func(p Proc) bool {
		return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.On.Name != "" || s.As.Name != "" })
	})
}
