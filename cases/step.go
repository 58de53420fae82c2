package cases

// Verb is what a step does.
type Verb string

// The verbs; see the table in the package documentation.
const (
	VerbListen   Verb = "listen"
	VerbAccept   Verb = "accept"
	VerbConnect  Verb = "connect"
	VerbSend     Verb = "send"
	VerbRecv     Verb = "recv"
	VerbRecvLoop Verb = "recvloop"
	VerbPeek     Verb = "peek"
	VerbShutdown Verb = "shutdown"
	VerbClose    Verb = "close"
	VerbAbort    Verb = "abort"
	VerbSet      Verb = "set"
	VerbGet      Verb = "get"
	VerbState    Verb = "state"
	VerbSocket   Verb = "socket"
	VerbRecvNB   Verb = "recvnb"
	VerbPoll     Verb = "poll"
	VerbOutq     Verb = "outq"
	VerbSleep    Verb = "sleep"
	VerbAt       Verb = "at"
	VerbKill     Verb = "kill"
	VerbDown     Verb = "down"
	VerbUp       Verb = "up"
	VerbInject   Verb = "inject"

	VerbPowerOff  Verb = "poweroff"
	VerbPowerOn   Verb = "poweron"
	VerbReboot    Verb = "reboot"
	VerbRoute     Verb = "route"
	VerbNoRoute   Verb = "noroute"
	VerbNeighbour Verb = "neighbour"
	VerbDestroy   Verb = "destroy"
	VerbWhen      Verb = "when"
)

// Step is one thing that a proc does. Which fields count depends on the verb.
type Step struct {
	Verb Verb

	// On names the socket to act on, of any proc of the host; not set is the
	// proc's current socket. As names the socket that socket, listen, accept or
	// connect makes.
	On, As Ref

	Peer    Ref   // connect: the host; inject: the host that the segment is for
	Port    Value // listen, connect
	Backlog Value // listen: connections that wait to be accepted; not set is [DefaultBacklog]
	Data    Value // send, inject: a text, or a size for that much of [Filler]
	Fill    Value // send of a size: what is repeated; not set is [Filler]
	Max     Value // recv, recvnb, recvloop, peek: bytes that one read takes at most; not set is [DefaultRead]
	Every   Value // recvloop: pause between reads; inject: pause between segments
	How     Value // shutdown: read, write or both; neighbour: missing or cached; down: lost or arrives
	Option  Ref   // set, get: the name of an [Option]
	Value   Value // set
	Or      Value // connect, send, recv: exit ends the proc when the call fails
	Time    Value // sleep: a span; at: the time since the run began
	Proc    Ref   // kill, destroy
	A, B    Ref   // down, up: the ends of the link
	From    Ref   // down, up: the end whose packets are meant; not set is both

	Node  Ref   // poweroff, poweron, reboot, route, noroute, neighbour, when: where
	Dest  Ref   // route, noroute: the host or router that the route leads to
	Via   Ref   // route: the next node; neighbour: the one meant, not set is all; inject: where it enters, not set is the receiver
	Event Value // when: sends, receives, misses or enters
	What  Ref   // when: a match in the notation of link.ParseMatch, or the state entered
	Nth   Value // when: which one, counted from 1; not set is the first

	Forged // inject

	Comments
	Pos Pos
}

// Forged is the segment that an inject forges. What is not set is that of the
// connection that is meant; see the package documentation.
type Forged struct {
	Flags            Value // a word of the letters F, S, R, P and A
	Seq, Ack         Value // a number of the wire, or a word: n0, n-1, wnd0
	Off              Value // added to Seq
	Src              Ref   // a host or an address
	SrcPort, DstPort Value
	Window           Value // as on the wire: not scaled
	Ports            Value // how many source ports, from SrcPort on; not set is 1
	Guesses, Stride  Value // how many sequence numbers, and how far apart; not set is 1
}

const (
	// DefaultBacklog is the backlog of a listener that does not say.
	DefaultBacklog = 128
	// DefaultRead is how many bytes a read takes that does not say.
	DefaultRead = 4096
)

// Filler writes the data that a send of a size sends, from byte offset on: the
// letters a to z, over and over.
func Filler(p []byte, offset int) {
	for i := range p {
		p[i] = 'a' + byte((offset+i)%26)
	}
}

// bytesOf is the data of a send, inject or forge.
func bytesOf(v Value) []byte {
	if v.Kind == KindText {
		return []byte(v.Text)
	}
	data := make([]byte, v.Int())
	Filler(data, 0)
	return data
}

// payload is the data of a send.
func (s *Step) payload() []byte {
	data := bytesOf(s.Data)
	if fill := s.Fill.Text; fill != "" && s.Data.Kind != KindText {
		for i := range data {
			data[i] = fill[i%len(fill)]
		}
	}
	return data
}

// Bytes is the number of bytes that a step sends.
func (s *Step) Bytes() int {
	if s.Data.Kind == KindText {
		return len(s.Data.Text)
	}
	return s.Data.Int()
}
