package tcpmodel

import (
	"syscall"
	"time"

	"rstlab/netsim/wire"
)

// Op is what a [Call] asks for: the user/TCP interface of RFC 9293 section
// 3.9.1 with the half-close of sockets.
type Op uint8

// The calls.
const (
	OpOpen     Op = iota // active OPEN: begins the handshake
	OpListen             // passive OPEN
	OpSend               // SEND: queues Data, as much as there is room for
	OpReceive            // RECEIVE: moves received text into Data
	OpPeek               // RECEIVE that leaves the text in the queue
	OpShutSend           // ends sending: FIN after everything queued
	OpShutRecv           // ends receiving for the application
	OpClose              // CLOSE: the application lets go of the connection
	OpAbort              // ABORT
	OpKill               // ABORT by somebody else than the application, which keeps the socket
	OpStatus             // STATUS
	OpSet                // sets Option to Value
)

var opNames = [...]string{
	"OPEN", "LISTEN", "SEND", "RECEIVE", "PEEK", "SHUT-SEND", "SHUT-RECEIVE", "CLOSE", "ABORT", "KILL", "STATUS", "SET",
}

// String is the call's name: "SEND".
func (o Op) String() string {
	if int(o) < len(opNames) {
		return opNames[o]
	}
	return "OP-?"
}

// Call is one call of the application.
type Call struct {
	Op     Op
	Data   []byte // SEND: what to send; RECEIVE, PEEK: where to put what came
	Option Option // SET
	Value  int64  // SET
}

// Result is what a call gave.
type Result struct {
	N     int           // bytes sent or received
	Errno syscall.Errno // 0 is success; EAGAIN where a blocking socket would wait
	// Status is STATUS's answer.
	Status Status
}

// Status is what STATUS tells (RFC 9293 section 3.9.1.6).
type Status struct {
	State          wire.State
	SndUna, SndNxt uint32
	SndWnd         uint32
	RcvNxt, RcvWnd uint32
	Unread         int // bytes received and not read
	Unsent         int // bytes queued and not sent
	Unacked        int // bytes queued and not acknowledged
	CWnd           int // segments
	SRTT, RTO      time.Duration
	Failure        syscall.Errno // what ended the connection; 0 when nothing did
}

// Option is a setting of an endpoint. Durations are nanoseconds, switches 0 or 1.
type Option uint8

// The settings, with the name that socket(7) and tcp(7) give them.
const (
	NoDelay         Option = iota // TCP_NODELAY
	KeepAlive                     // SO_KEEPALIVE
	KeepIdle                      // TCP_KEEPIDLE
	KeepInterval                  // TCP_KEEPINTVL
	KeepCount                     // TCP_KEEPCNT
	ReceiveBuffer                 // SO_RCVBUF, bytes
	SendBuffer                    // SO_SNDBUF, bytes
	UserTimeout                   // TCP_USER_TIMEOUT (RFC 5482)
	SynCount                      // TCP_SYNCNT
	Linger                        // SO_LINGER: -1 off; 0 makes CLOSE an ABORT
	MaxSegment                    // TCP_MAXSEG, bytes
	FinWait2Timeout               // TCP_LINGER2
	QuickAck                      // TCP_QUICKACK
	numOptions
)

// options are the settings of an endpoint.
type options [numOptions]int64

func defaultOptions(p *Profile) options {
	var o options
	o[KeepIdle] = int64(p.KeepIdle)
	o[KeepInterval] = int64(p.KeepInterval)
	o[KeepCount] = int64(p.KeepCount)
	o[ReceiveBuffer] = int64(p.ReceiveBuffer)
	o[SendBuffer] = int64(p.SendBuffer)
	o[SynCount] = int64(p.SynRetries)
	o[Linger] = -1
	o[FinWait2Timeout] = int64(p.FinWait2Time)
	return o
}

// Transition is a change of state.
type Transition struct{ From, To wire.State }

// Output is what a step came to. It is valid until the next step of the same
// endpoint.
type Output struct {
	Segments []Segment    // to be sent, in order
	Changes  []Transition // in order
	Clauses  ClauseSet    // the rules that were followed
	Ready    bool         // reading or writing may have become possible, or the end come
}
