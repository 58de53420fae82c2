package cases

import (
	"fmt"
	"slices"
	"strings"

	"rstlab/netsim"
	"rstlab/netsim/modelstack"
	"rstlab/tcpmodel"
)

// DefaultStack is the stack of a host that names none: gVisor's netstack.
const DefaultStack = "netstack"

// modelSuffix tells the model of netstack from netstack.
const modelSuffix = "-model"

// Stacks are the stacks that a host can have, sorted: netstack, and the profiles
// of package tcpmodel by name. The profile netstack is "netstack-model".
func Stacks() []string {
	all := []string{DefaultStack}
	for _, p := range tcpmodel.Profiles() {
		all = append(all, stackName(p))
	}
	slices.Sort(all)
	return all
}

func stackName(p *tcpmodel.Profile) string {
	if p.Name == DefaultStack {
		return p.Name + modelSuffix
	}
	return p.Name
}

// ExampleStacks are the stacks of the hosts for an example, by name: the
// example's, but where a host names its own. It goes into [RunConfig.Stacks].
func (s *Scenario) ExampleStacks(e Example) map[string]string {
	stacks := map[string]string{}
	for i := range s.Hosts {
		if h := &s.Hosts[i]; !h.Stack.IsSet() && e.Stack.Name != DefaultStack {
			stacks[h.Name] = e.Stack.Name
		}
	}
	return stacks
}

// profileOf is the profile of a stack; nil for netstack and for an unknown name.
func profileOf(stack string) *tcpmodel.Profile {
	for _, p := range tcpmodel.Profiles() {
		if stackName(p) == stack {
			return p
		}
	}
	return nil
}

// profileName is the name of a stack's profile.
func profileName(stack string) string { return strings.TrimSuffix(stack, modelSuffix) }

// model makes the engine of a host that runs a profile, with the host's own
// settings over those of the profile.
func (h *Host) model(stack string, made func(*modelstack.Engine)) func(netsim.EngineConfig) (netsim.Engine, error) {
	settings := h.HostSettings
	return func(cfg netsim.EngineConfig) (netsim.Engine, error) {
		p := profileOf(stack)
		if p == nil {
			return nil, fmt.Errorf("unknown stack %q: want one of %v", stack, Stacks())
		}
		tuned := *p
		settings.tune(&tuned)
		e, err := modelstack.New(modelstack.Config{
			Profile: &tuned, Addrs: cfg.Addrs, MTU: cfg.MTU, Agenda: cfg.Agenda, Fired: cfg.Fired, Seed: cfg.Seed,
		})
		if err != nil {
			return nil, err
		}
		made(e)
		return e, nil
	}
}

// tune sets what the host says of its TCP.
func (s *HostSettings) tune(p *tcpmodel.Profile) {
	p.SACK = p.SACK && !s.SACK.Is("off")
	p.Timestamps = p.Timestamps && !s.Timestamps.Is("off") || s.Timestamps.Is("on")
	if s.Retries.IsSet() {
		p.Retries = s.Retries.Int()
	}
	if s.Congestion.IsSet() {
		p.Cubic = s.Congestion.Is("cubic")
	}
	if s.FinTimeout.IsSet() {
		p.FinWait2Time = s.FinTimeout.Duration()
	}
	if s.TimeWait.IsSet() {
		p.TimeWait = s.TimeWait.Duration()
	}
	if s.RFC1337.IsSet() {
		p.Assassination = s.RFC1337.Is("off")
	}
	if s.SynRetries.IsSet() {
		p.SynRetries = s.SynRetries.Int()
	}
	if s.SynLinear.IsSet() {
		p.SynLinear = s.SynLinear.Int()
	}
	if s.SynAckRetries.IsSet() {
		p.SynAckRetries = s.SynAckRetries.Int()
	}
}

// Engines are the stacks that the hosts run, every one by its name, with stacks as in
// [RunConfig.Stacks]: for package tcpmodel/invariant.
func (b Bound) Engines(stacks map[string]string) map[string]string {
	cfg := RunConfig{Stacks: stacks}
	all := map[string]string{}
	for i := range b.Scenario.Hosts {
		h := &b.Scenario.Hosts[i]
		all[h.Name] = cfg.stack(h)
	}
	return all
}

// Profiles are what the hosts that run netstack are known to do, with their own
// settings: for package tcpmodel/oracle. A host with another stack has nil, and so
// have routers and middleboxes.
func (b Bound) Profiles(stacks map[string]string) map[string]*tcpmodel.Profile {
	cfg := RunConfig{Stacks: stacks}
	all := map[string]*tcpmodel.Profile{}
	for i := range b.Scenario.Routers {
		all[b.Scenario.Routers[i].Name] = nil
	}
	for i := range b.Scenario.Boxes {
		all[b.Scenario.Boxes[i].Name] = nil
	}
	for i := range b.Scenario.Hosts {
		h := &b.Scenario.Hosts[i]
		all[h.Name] = nil
		if cfg.stack(h) == DefaultStack {
			tuned := tcpmodel.Netstack
			h.tune(&tuned)
			all[h.Name] = &tuned
		}
	}
	return all
}
