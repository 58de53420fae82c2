package cases

import "slices"

// verbInfo describes a verb. Parsing, printing, checking and documentation of
// steps all come from the table of these; only what runs stands in it.
type verbInfo struct {
	verb   Verb
	help   string
	since  string // the version of the format that brought it
	args   []argument
	socket socketUse
}

// argument is an argument of a verb: positional, or key=value when it has a
// key. Positional ones come first, optional ones after the others.
type argument struct {
	form     string // how usage shows it: "PORT"
	key      string
	optional bool
	// Exactly one of these says where the argument goes.
	value func(*Step) *Value
	ref   func(*Step) *Ref
	peer  bool // HOST:PORT

	slot slot    // for value; set takes that of its option
	to   refKind // for ref
}

// refKind is what a [Ref] of a step names.
type refKind uint8

const (
	toSocket refKind = iota
	toNewSocket
	toProc
	toNode // a host or router
	toHost
	toPowered    // a host or router, but no middlebox: those are not switched off
	toEnd        // an end of a link
	toProcSocket // a socket on the host of the step's Proc
	toEvent      // a match or state, as the step's Event says
	toSettable   // an option that can be set
	toGettable   // an option that can be read
	toSource     // a host or an address
)

// socketUse is what a verb needs of the socket it acts on.
type socketUse uint8

const (
	noSocket   socketUse = iota
	makes                // makes the current socket
	opens                // makes one that is neither listener nor connection yet
	anySocket            // any socket
	setsSocket           // any socket, and makes one when the proc has none
	connection           // a connection
	ends                 // any socket, which is gone afterwards
	endsConn             // a connection, which is gone afterwards
)

func onSocket() argument {
	return argument{form: "NAME", key: "on", optional: true, to: toSocket, ref: func(s *Step) *Ref { return &s.On }}
}

func asSocket() argument {
	return argument{form: "NAME", key: "as", optional: true, to: toNewSocket, ref: func(s *Step) *Ref { return &s.As }}
}

func readMax() argument {
	return argument{
		form: "N", optional: true, value: func(s *Step) *Value { return &s.Max },
		slot: slot{kinds: []Kind{KindSize}, min: 1, max: 16 << 20},
	}
}

// orExit is the argument of calls whose failure can end the program.
func orExit() argument {
	return argument{
		form: "exit", key: "or", optional: true, value: func(s *Step) *Value { return &s.Or },
		slot: slot{kinds: []Kind{KindWord}, choices: []string{"exit"}},
	}
}

func optionName(to refKind) argument {
	return argument{form: "OPTION", to: to, ref: func(s *Step) *Ref { return &s.Option }}
}

func timeArg(form string) argument {
	return argument{form: form, slot: durationSlot, value: func(s *Step) *Value { return &s.Time }}
}

func linkEnds() []argument {
	return []argument{
		{form: "A", to: toEnd, ref: func(s *Step) *Ref { return &s.A }},
		{form: "B", to: toEnd, ref: func(s *Step) *Ref { return &s.B }},
		{form: "NODE", key: "from", optional: true, to: toNode, ref: func(s *Step) *Ref { return &s.From }},
	}
}

// forged are the arguments of a forged segment.
func forged() []argument {
	option := func(key, form string, in slot, value func(*Step) *Value) argument {
		return argument{form: form, key: key, optional: true, slot: in, value: value}
	}
	return []argument{
		{form: "HOST", to: toHost, ref: func(s *Step) *Ref { return &s.Peer }},
		{form: "FLAGS", slot: flagsSlot, value: func(s *Step) *Value { return &s.Flags }},
		{form: "SEQ", key: "seq", slot: seqSlot, value: func(s *Step) *Value { return &s.Seq }},
		option("off", "N", intSlot(-1<<31, 1<<31), func(s *Step) *Value { return &s.Off }),
		option("ack", "SEQ", ackSlot, func(s *Step) *Value { return &s.Ack }),
		{form: "HOST|ADDRESS", key: "src", optional: true, to: toSource, ref: func(s *Step) *Ref { return &s.Src }},
		option("sport", "PORT", portSlot, func(s *Step) *Value { return &s.SrcPort }),
		option("dport", "PORT", portSlot, func(s *Step) *Value { return &s.DstPort }),
		option("win", "N", intSlot(0, 65535), func(s *Step) *Value { return &s.Window }),
		option("data", "DATA", forgedDataSlot, func(s *Step) *Value { return &s.Data }),
		{form: "NODE", key: "via", optional: true, to: toNode, ref: func(s *Step) *Ref { return &s.Via }},
		option("ports", "N", intSlot(1, 65535), func(s *Step) *Value { return &s.Ports }),
		option("guesses", "N", intSlot(1, 1<<20), func(s *Step) *Value { return &s.Guesses }),
		option("stride", "N", intSlot(-1<<31, 1<<31), func(s *Step) *Value { return &s.Stride }),
		option("every", "DUR", durationSlot, func(s *Step) *Value { return &s.Every }),
	}
}

// forgedDataSlot takes what fits into one segment of an Ethernet.
var forgedDataSlot = slot{kinds: []Kind{KindText, KindSize}, min: 1, max: 1460}

var verbTable = append([]verbInfo{
	{
		verb: VerbSocket, since: "0.2", socket: opens,
		help: "make a socket; it is the current socket, and the following listen or connect uses it",
		args: []argument{asSocket()},
	},
	{
		verb: VerbListen, since: "0.1", socket: makes,
		help: "listen for connections; the listener is the proc's current socket and what it accepts from; with on= that socket listens",
		args: []argument{
			{form: "PORT", slot: portSlot, value: func(s *Step) *Value { return &s.Port }},
			{form: "N", key: "backlog", optional: true, slot: intSlot(0, 65535), value: func(s *Step) *Value { return &s.Backlog }},
			asSocket(), onSocket(),
		},
	},
	{
		verb: VerbAccept, since: "0.1", socket: makes,
		help: "wait for a connection and take it; it is the current socket",
		args: []argument{asSocket(), onSocket()},
	},
	{
		verb: VerbConnect, since: "0.1", socket: makes,
		help: "connect to a port of a host; a new socket, the one that a set before it made, or with on= that one again",
		args: []argument{{form: "HOST:PORT", peer: true, slot: portSlot}, asSocket(), onSocket(), orExit()},
	},
	{
		verb: VerbSend, since: "0.1", socket: connection,
		help: `send a text ("GET /"), or that many bytes: abc…z over and over, or the text of fill=; waits until all is in the send buffer`,
		args: []argument{
			{
				form: "DATA", slot: slot{kinds: []Kind{KindText, KindSize}, min: 1, max: 1 << 30},
				value: func(s *Step) *Value { return &s.Data },
			},
			{
				form: "TEXT", key: "fill", optional: true, slot: slot{kinds: []Kind{KindText, KindWord}},
				value: func(s *Step) *Value { return &s.Fill },
			},
			onSocket(), orExit(),
		},
	},
	{
		verb: VerbRecv, since: "0.1", socket: connection,
		help: "read once what is there, at most N bytes (4096); waits until there is something",
		args: []argument{readMax(), onSocket(), orExit()},
	},
	{
		verb: VerbRecvNB, since: "0.2", socket: connection,
		help: "as recv, but does not wait (MSG_DONTWAIT): EAGAIN when there is nothing yet",
		args: []argument{readMax(), onSocket(), orExit()},
	},
	{
		verb: VerbRecvLoop, since: "0.1", socket: connection,
		help: "read, at most N bytes (4096) at a time with a pause of DUR between, until EOF or an error",
		args: []argument{
			readMax(),
			{form: "DUR", key: "every", optional: true, slot: durationSlot, value: func(s *Step) *Value { return &s.Every }},
			onSocket(),
		},
	},
	{
		verb: VerbPeek, since: "0.1", socket: connection,
		help: "as recv, but what was read stays in the receive queue",
		args: []argument{readMax(), onSocket()},
	},
	{
		verb: VerbShutdown, since: "0.1", socket: anySocket,
		help: "end reading, writing (FIN after what is queued) or both; the socket stays open",
		args: []argument{
			{
				form: "read|write|both", slot: slot{kinds: []Kind{KindWord}, choices: []string{"read", "write", "both"}},
				value: func(s *Step) *Value { return &s.How },
			},
			onSocket(),
		},
	},
	{
		verb: VerbClose, since: "0.1", socket: ends,
		help: "close the socket: FIN, or RST when received data was not read or linger is 0s",
		args: []argument{onSocket()},
	},
	{
		verb: VerbAbort, since: "0.1", socket: endsConn,
		help: "close the connection with RST at once, as close does after set linger 0s",
		args: []argument{onSocket()},
	},
	{
		verb: VerbSet, since: "0.1", socket: setsSocket,
		help: "set a socket option; without a current socket it makes one, which the following listen or connect uses",
		args: []argument{
			optionName(toSettable),
			{form: "VALUE", value: func(s *Step) *Value { return &s.Value }},
			onSocket(),
		},
	},
	{
		verb: VerbGet, since: "0.1", socket: anySocket,
		help: "read a socket option",
		args: []argument{optionName(toGettable), onSocket()},
	},
	{
		verb: VerbState, since: "0.1", socket: anySocket,
		help: "read the TCP state of the socket: ESTABLISHED",
		args: []argument{onSocket()},
	},
	{
		verb: VerbPoll, since: "0.2", socket: anySocket,
		help: "what poll(2) reports without waiting: IN|OUT|HUP|RDHUP; 0 for nothing, NVAL when it was closed",
		args: []argument{onSocket()},
	},
	{
		verb: VerbOutq, since: "0.2", socket: anySocket,
		help: "sequence numbers that were sent or wait to be sent and are not acknowledged (SIOCOUTQ): bytes, and 1 for a FIN",
		args: []argument{onSocket()},
	},
	{verb: VerbSleep, since: "0.1", help: "wait that long", args: []argument{timeArg("DUR")}},
	{
		verb: VerbAt, since: "0.1", help: "wait until that time since the run began; go on at once when it is past",
		args: []argument{timeArg("TIME")},
	},
	{
		verb: VerbKill, since: "0.1", help: "end a proc as SIGKILL does: its host closes its sockets",
		args: []argument{{form: "PROC", to: toProc, ref: func(s *Step) *Ref { return &s.Proc }}},
	},
	{
		verb: VerbDown, since: "0.1",
		help: "cut a link: nothing passes, and what is in flight is lost, or arrives with flight=arrives; with from= only what that end sends",
		args: append(linkEnds(), argument{
			form: "lost|arrives", key: "flight", optional: true, value: func(s *Step) *Value { return &s.How },
			slot: slot{kinds: []Kind{KindWord}, choices: []string{"lost", "arrives"}},
		}),
	},
	{verb: VerbUp, since: "0.1", help: "mend a link that was cut; with from= only for what that end sends", args: linkEnds()},
	{
		verb: VerbInject, since: "0.2",
		help: "forge a segment that arrives at the host at once, as if its peer had sent it; see below",
		args: forged(),
	},
}, faultVerbs...)

func findVerb(v Verb) *verbInfo {
	i := slices.IndexFunc(verbTable, func(info verbInfo) bool { return info.verb == v })
	if i < 0 {
		return nil
	}
	return &verbTable[i]
}

func verbNames() []string {
	names := make([]string, len(verbTable))
	for i, v := range verbTable {
		names[i] = string(v.verb)
	}
	return names
}

// usage is the verb with its arguments: "listen PORT [backlog=N] [as=NAME]".
func (v *verbInfo) usage() string {
	text := string(v.verb)
	for _, a := range v.args {
		form := a.form
		if a.key != "" {
			form = a.key + "=" + form
		}
		if a.optional {
			form = "[" + form + "]"
		}
		text += " " + form
	}
	return text
}

func (v *verbInfo) keys() []string {
	var keys []string
	for _, a := range v.args {
		if a.key != "" {
			keys = append(keys, a.key)
		}
	}
	return keys
}
