package cases

// The verbs of what is done to the network from outside, and the one that waits
// for what happens in it.

func nodeArg(form string, to refKind) argument {
	return argument{form: form, to: to, ref: func(s *Step) *Ref { return &s.Node }}
}

// neighbourSlot is what a node can know of a neighbour.
var neighbourSlot = slot{kinds: []Kind{KindWord}, choices: []string{"missing", "cached"}}

// The events that a step can wait for.
const (
	eventSends    = "sends"
	eventReceives = "receives"
	eventMisses   = "misses"
	eventEnters   = "enters"
)

var faultVerbs = []verbInfo{
	{
		verb: VerbPowerOff, since: "0.2", help: "switch a host or router off, as a crash does: its programs end, what reaches it is lost without a word",
		args: []argument{nodeArg("NODE", toPowered)},
	},
	{
		verb: VerbPowerOn, since: "0.2", help: "switch a host or router on; on one that is on it does nothing",
		args: []argument{nodeArg("NODE", toPowered)},
	},
	{
		verb: VerbReboot, since: "0.2", help: "switch a host off and on at once: its programs end, and it has forgotten its connections",
		args: []argument{nodeArg("HOST", toHost)},
	},
	{
		verb: VerbRoute, since: "0.2", help: "have packets for DEST leave NODE towards its neighbour VIA, in place of the shortest path",
		args: []argument{
			nodeArg("NODE", toNode),
			{form: "DEST", to: toNode, ref: func(s *Step) *Ref { return &s.Dest }},
			{form: "VIA", to: toNode, ref: func(s *Step) *Ref { return &s.Via }},
		},
	},
	{
		verb: VerbNoRoute, since: "0.2", help: "leave NODE without a route to DEST: it answers with ICMP net unreachable, a host tells itself",
		args: []argument{nodeArg("NODE", toNode), {form: "DEST", to: toNode, ref: func(s *Step) *Ref { return &s.Dest }}},
	},
	{
		verb: VerbNeighbour, since: "0.2",
		help: "change what NODE knows of the link addresses of its neighbours, or of one: missing has the next packet wait until it is resolved",
		args: []argument{
			nodeArg("NODE", toNode),
			{form: "missing|cached", slot: neighbourSlot, value: func(s *Step) *Value { return &s.How }},
			{form: "NODE", key: "to", optional: true, to: toNode, ref: func(s *Step) *Ref { return &s.Via }},
		},
	},
	{
		verb: VerbDestroy, since: "0.2",
		help: "kill the connection of a proc as an operator does (ss -K): that on its current socket, or on the named one of its host; ENOENT when there is none",
		args: []argument{
			{form: "PROC", to: toProc, ref: func(s *Step) *Ref { return &s.Proc }},
			{form: "NAME", key: "on", optional: true, to: toProcSocket, ref: func(s *Step) *Ref { return &s.On }},
		},
	},
	{
		verb: VerbWhen, since: "0.2",
		help: "wait for an event, the first or the N-th since the run began: a packet that matches, or a connection that enters a state",
		args: []argument{
			nodeArg("NODE", toNode),
			{
				form: "sends|receives|misses|enters", slot: slot{kinds: []Kind{KindWord}, choices: []string{eventSends, eventReceives, eventMisses, eventEnters}},
				value: func(s *Step) *Value { return &s.Event },
			},
			{form: "MATCH|STATE", to: toEvent, ref: func(s *Step) *Ref { return &s.What }},
			{form: "N", optional: true, slot: countSlot, value: func(s *Step) *Value { return &s.Nth }},
		},
	},
}
