package cases

import (
	"fmt"
	"syscall"

	"rstlab/netsim"
	"rstlab/netsim/link"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// start has the program begin.
func (p *program) start() {
	run := func(proc *netsim.Proc) { p.run(p.source.Steps) }
	if p.source.Script {
		p.proc = p.net.Go(p.source.Name, run)
	} else {
		p.proc = p.hosts[p.host].Go(p.source.Name, run)
	}
	p.procs[p.source.Name] = p.proc
}

// booted has the programs begin that wait for their host to boot.
func (r *runner) booted(host string) {
	for _, p := range r.programs {
		if p.host == host && p.proc == nil {
			p.start()
		}
	}
}

// ends notes that the programs of a host end with it.
func (r *runner) ends(host string) {
	for _, p := range r.programs {
		if p.host == host && p.proc != nil {
			r.killed[p.source.Name] = true
		}
	}
}

// fault does one step of those that act on the network, or wait for it.
func (p *program) fault(step *Step, o *Observation) {
	node := p.nodes[step.Node.Name]
	switch step.Verb {
	case VerbPowerOff, VerbPowerOn, VerbReboot:
		p.power(step.Verb, step.Node.Name)
	case VerbRoute:
		if err := p.net.SetRoute(node, p.nodes[step.Dest.Name], p.nodes[step.Via.Name]); err != nil {
			panic("cases: " + err.Error()) // Validate wants a link there
		}
	case VerbNoRoute:
		p.net.RemoveRoute(node, p.nodes[step.Dest.Name])
	case VerbNeighbour:
		var peer netsim.Node
		if step.Via.Name != "" {
			peer = p.nodes[step.Via.Name]
		}
		if err := p.net.SetNeighbour(node, peer, neighbourState(step.How)); err != nil {
			panic("cases: " + err.Error()) // Validate wants a link there
		}
	case VerbDestroy:
		o.fail(p.destroy(step))
	default:
		p.proc.Await(p.triggers[step])
	}
}

// power switches a node. A program that switches off its own host does not come
// back from it.
func (p *program) power(verb Verb, name string) {
	h := p.hosts[name]
	switch {
	case h == nil && verb == VerbPowerOff:
		p.nodes[name].(*netsim.Router).PowerOff()
	case h == nil:
		p.nodes[name].(*netsim.Router).PowerOn()
	case verb == VerbPowerOff:
		p.ends(name)
		h.PowerOff()
	case verb == VerbReboot:
		p.ends(name)
		p.net.After(0, func() { p.booted(name) })
		h.Reboot()
	case !h.Up():
		h.PowerOn()
		p.booted(name)
	}
}

func neighbourState(v Value) netsim.NeighbourState {
	if v.Is("missing") {
		return netsim.NeighbourMissing
	}
	return netsim.NeighbourCached
}

// destroy ends the connection of another program, or of this one.
func (p *program) destroy(step *Step) syscall.Errno {
	for _, victim := range p.programs {
		if victim.source.Name != step.Proc.Name {
			continue
		}
		if s := victim.socket(step.On); s != nil {
			return s.Destroy()
		}
	}
	return syscall.ENOENT
}

// addTriggers makes the triggers of a proc's steps, so that they count from the
// begin of the run.
func (r *runner) addTriggers(p *Proc) error {
	for i := range p.Steps {
		step := &p.Steps[i]
		if step.Verb != VerbWhen {
			continue
		}
		want, err := r.condition(step)
		if err != nil {
			return fmt.Errorf("proc %s: %s: %w", p.Name, step, err)
		}
		nth := 1
		if step.Nth.IsSet() {
			nth = step.Nth.Int()
		}
		r.triggers[step] = r.net.Trigger(nth, want)
	}
	return nil
}

// condition is the event that a step waits for.
func (r *runner) condition(step *Step) (func(*trace.Event) bool, error) {
	if step.Event.Is(eventEnters) {
		state, _ := wire.ParseState(step.What.Name)
		return netsim.Enters(r.hosts[step.Node.Name], state), nil
	}
	match, err := link.ParseMatch(step.What.Name)
	if err != nil {
		return nil, err
	}
	node := r.nodes[step.Node.Name]
	switch {
	case step.Event.Is(eventSends):
		return netsim.Sends(node, match), nil
	case step.Event.Is(eventMisses):
		return netsim.Misses(node, match), nil
	}
	return netsim.Receives(r.hosts[step.Node.Name], match), nil
}
