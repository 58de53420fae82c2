package tcpmodel

import (
	"cmp"
	"math"
	"syscall"
	"time"

	"rstlab/netsim/wire"
)

// Endpoint is one connection: a TCB (RFC 9293 section 3.3.1) as a value that is
// given segments, calls and the time, and answers what to send. Times are spans
// since any fixed instant, and never run backwards.
type Endpoint struct {
	p     *Profile
	state wire.State
	opt   options
	timers
	out  Output
	room struct { // where the slices below begin, so that a short life allocates little
		segments [2]Segment
		changes  [4]Transition
		rtx      [2]sent
		chunks   [2]chunk
	}
	now  time.Duration
	seen ClauseSet // over the life of the endpoint

	passive  bool // opened by LISTEN
	ofCookie bool // begun by the ACK of a SYN cookie
	follows  bool // sends nothing by itself: see [Follower]
	ipv6     bool
	orphan   bool          // CLOSE was called
	failure  syscall.Errno // what ended the connection
	soft     syscall.Errno // of an ICMP error, since the last ACK: the reason of a time-out
	announced,
	mss int // MSS that is announced; the largest text of a segment, in bytes

	// Send sequence space.
	iss, una, nxt  uint32
	wnd, maxWnd    uint32 // SND.WND and the largest ever
	wl1, wl2       uint32
	sml            uint32 // end of the last short segment
	high           uint32 // end of what had been sent when recovery began, first of the SYN
	retransStamp   time.Duration
	writes         []write // of the text that was not sent
	buf            []byte  // text from base on: unacknowledged, then unsent
	base           uint32
	lastByte       byte // the last that was acknowledged, for probes
	hasLast        bool
	finQueued      bool
	finSent        bool
	pushed         uint32 // end of the last send()
	hasPushed      bool
	rtx            []sent // sent and not acknowledged, in order
	sndScale       uint8
	transmissions  uint64        // of segments with numbers, ever
	retransmits    int           // time-outs in a row
	timeouts       int           // of the SYN
	probes         int           // keepalive or window probes without an answer
	blocked        bool          // a SEND found no room
	shut           bool          // the window has closed before what is in flight
	probeAnswered  bool          // the segment that is being processed answers a window probe
	answeredAt     time.Duration // when the answers that are limited began to be counted
	answered       int           // how many there were since
	unanswered     int           // keepalive probes: see restartKeepAlive
	rcvd           time.Duration // when anything last arrived
	sentData       time.Duration // when text was last sent
	sentAt         time.Duration // and anything
	persistBackoff uint

	congestion
	sendChunks
	rack rack
	rtt

	// Receive sequence space.
	irs, rcvNxt uint32
	rcvShut     bool // SHUT-RECEIVE or CLOSE
	finRcvd     bool
	recvState
	memory windowMemory
	ackState

	// Options in use.
	sackOK, tsOK bool
	tsOffset     uint32
	tsRecent     uint32
	tsRecentAt   time.Duration
	tsFirst      uint32 // TSval of the first and of the last SYN-ACK
	tsLast       uint32
	synOptions   Options // of the first SYN or SYN-ACK that was sent
}

// EndpointConfig is what an endpoint is made of.
type EndpointConfig struct {
	Profile *Profile
	// MSS is the largest text of a segment that the link takes, options aside,
	// in bytes: its MTU less 40 for IPv4, less 60 for IPv6.
	MSS int
	// ISN is the initial sequence number, TSOffset what the timestamp clock
	// starts from.
	ISN, TSOffset uint32
	// IPv6 is whether its datagrams are of IPv6.
	IPv6 bool
}

// NewEndpoint returns a TCB in CLOSED.
func NewEndpoint(cfg EndpointConfig) *Endpoint {
	e := &Endpoint{
		p: cfg.Profile, iss: cfg.ISN, tsOffset: cfg.TSOffset,
		announced: cfg.MSS, ipv6: cfg.IPv6, opt: defaultOptions(cfg.Profile),
	}
	if m := cfg.Profile.MaxMSS; m > 0 && e.announced > m {
		e.announced = m
	}
	e.una, e.nxt, e.base = cfg.ISN, cfg.ISN, cfg.ISN+1
	e.out.Segments, e.out.Changes = e.room.segments[:0], e.room.changes[:0]
	e.rtx, e.chunks = e.room.rtx[:0], e.room.chunks[:0]
	return e
}

// fork is a copy of a listener for one connection, with its own numbers.
func (e *Endpoint) fork(cfg EndpointConfig) *Endpoint {
	f := NewEndpoint(cfg)
	if e.p.OwnOptions {
		f.opt[UserTimeout] = e.opt[UserTimeout]
	} else {
		f.opt, f.rcvLocked, f.sndLocked = e.opt, e.rcvLocked, e.sndLocked
	}
	f.passive, f.state = true, wire.Listen
	if f.countsMemory() {
		// netstack accept.go, createConnectingEndpoint: the size that the buffer had at
		// LISTEN, and as if nobody had set it.
		f.opt[ReceiveBuffer] = e.memory.atListen
	}
	return f
}

// State is the state of the connection.
func (e *Endpoint) State() wire.State { return e.state }

// Profile is the profile the endpoint follows.
func (e *Endpoint) Profile() *Profile { return e.p }

// Clauses are the rules that were followed so far.
func (e *Endpoint) Clauses() ClauseSet { return e.seen }

// NextDeadline is when [Endpoint.Expire] must be called next; ok is false when
// no timer is set.
func (e *Endpoint) NextDeadline() (at time.Duration, ok bool) { return e.next, e.on != 0 }

// Arrive processes a segment (RFC 9293 section 3.10.7).
func (e *Endpoint) Arrive(now time.Duration, s *Segment) *Output {
	e.begin(now)
	if e.crowdedOut(s) {
		e.cite(TextNoRoom)
		return &e.out
	}
	e.holdArriving(s)
	opening := e.state == wire.SynReceived && len(s.Payload) == 0 && !s.Flags.Has(wire.FIN)
	heard := e.synchronized() || e.state == wire.SynReceived && !opening
	switch e.state {
	case wire.Closed:
		e.arriveClosed(s)
	case wire.Listen:
		e.arriveListen(s)
	case wire.SynSent:
		e.arriveSynSent(s)
	case wire.SynReceived, wire.Established, wire.FinWait1, wire.FinWait2,
		wire.CloseWait, wire.Closing, wire.LastAck:
		e.arriveSynchronized(s)
	case wire.TimeWait:
		e.arriveTimeWait(s)
	}
	e.memory.arriving = 0
	switch {
	case heard:
		e.restartKeepAlive(e.state != wire.TimeWait) // netstack connect.go, handleSegmentsLocked
	case opening && e.p.KeepRestarts: // not by the end of the handshake: netstack dispatcher.go, handleConnecting
		e.timers.stop(tKeepAlive)
	}
	return &e.out
}

// Call makes a call of the application (RFC 9293 sections 3.10.1 to 3.10.6).
func (e *Endpoint) Call(now time.Duration, c Call) (Result, *Output) {
	e.begin(now)
	var r Result
	switch c.Op {
	case OpOpen:
		r.Errno = e.open()
	case OpListen:
		r.Errno = e.listen()
	case OpSend:
		r.N, r.Errno = e.send(c.Data)
	case OpReceive:
		r.N, r.Errno = e.receive(c.Data, false)
	case OpPeek:
		r.N, r.Errno = e.receive(c.Data, true)
	case OpShutSend:
		r.Errno = e.shutSend()
	case OpShutRecv:
		r.Errno = e.shutReceive()
	case OpClose:
		r.Errno = e.close()
	case OpAbort:
		r.Errno = e.abort()
	case OpKill:
		r.Errno = e.kill()
	case OpStatus:
		r.Status = e.Status()
	case OpSet:
		r.Errno = e.setOption(c.Option, c.Value)
	default:
		r.Errno = syscall.EINVAL
	}
	return r, &e.out
}

// Expire does what is due at now (RFC 9293 section 3.10.8).
func (e *Endpoint) Expire(now time.Duration) *Output {
	e.begin(now)
	for {
		which, ok := e.due(now)
		if !ok {
			return &e.out
		}
		e.expire(which)
	}
}

func (e *Endpoint) begin(now time.Duration) {
	e.now = now
	e.out.Segments = e.out.Segments[:0]
	e.out.Changes = e.out.Changes[:0]
	e.out.Clauses = ClauseSet{}
	e.out.Ready = false
	e.probeAnswered = false
}

// cite notes that a rule is followed.
func (e *Endpoint) cite(c Clause) {
	e.out.Clauses.add(c)
	e.seen.add(c)
}

// become changes the state.
func (e *Endpoint) become(to wire.State) {
	e.out.Changes = append(e.out.Changes, Transition{e.state, to})
	e.out.Ready = true
	e.state = to
	if to == wire.Closed {
		e.timers.stopAll()
	}
}

// end deletes the TCB. errno is what the application learns.
func (e *Endpoint) end(errno syscall.Errno) {
	if e.failure == 0 {
		e.failure = errno
	}
	e.rtx, e.buf = nil, nil
	e.out.Ready = true
	if e.state != wire.Closed {
		e.become(wire.Closed)
	}
}

// Failure is the error that ended the connection; 0 when none did.
func (e *Endpoint) Failure() syscall.Errno { return e.failure }

// TakeFailure is [Endpoint.Failure], which is 0 from then on.
func (e *Endpoint) TakeFailure() syscall.Errno {
	errno := e.failure
	e.failure = 0
	return errno
}

// Status is what STATUS returns (RFC 9293 section 3.10.6).
func (e *Endpoint) Status() Status {
	return Status{
		State: e.state, SndUna: e.una, SndNxt: e.nxt, SndWnd: e.wnd,
		RcvNxt: e.rcvNxt, RcvWnd: e.receiveWindow(), Unread: e.unread,
		Unsent: e.unsent(), Unacked: len(e.buf), CWnd: e.cwnd,
		SRTT: e.srtt / 8, RTO: e.rto, Failure: e.failure,
	}
}

// Unread is the number of bytes received and not read.
func (e *Endpoint) Unread() int { return e.unread }

// setOption is SET.
func (e *Endpoint) setOption(o Option, v int64) syscall.Errno {
	if o >= numOptions {
		return syscall.ENOPROTOOPT
	}
	switch o {
	case ReceiveBuffer:
		v = e.bufferSize(v, int64(e.p.MinReceiveBuffer), int64(e.p.MaxReceiveBuffer))
		e.rcvLocked = true
		if e.countsMemory() {
			v = e.resizeMemory(v)
		}
	case SendBuffer:
		v = e.bufferSize(v, int64(e.p.MinSendBuffer), int64(e.p.MaxSendBuffer))
		e.sndLocked = true
	case MaxSegment:
		if int(v) < e.announced {
			e.announced = int(v)
		}
	default:
	}
	e.opt[o] = v
	switch o {
	case NoDelay:
		if v != 0 && e.synchronized() && e.hasUnsent() {
			e.push(pushNow)
		}
	case KeepAlive:
		e.startKeepAlive()
		e.restartKeepAlive(true)
	case KeepIdle:
		e.changeKeepIdle()
		e.restartKeepAlive(true)
	case KeepInterval, KeepCount:
		e.restartKeepAlive(true)
	case QuickAck:
		e.quickAckCall(v != 0)
	default:
	}
	return 0
}

func (e *Endpoint) bufferSize(v, smallest, largest int64) int64 {
	if v > largest {
		v = largest
	}
	if e.p.DoubleBuffers {
		v *= 2
	}
	return max(v, smallest)
}

// Option is the value of a setting.
func (e *Endpoint) Option(o Option) int64 {
	switch {
	case o >= numOptions:
		return 0
	case o == MaxSegment:
		return int64(cmp.Or(e.mss, 536))
	}
	return e.opt[o]
}

// synchronized reports whether both sides know each other's numbers.
func (e *Endpoint) synchronized() bool {
	switch e.state {
	case wire.Established, wire.FinWait1, wire.FinWait2, wire.CloseWait, wire.Closing, wire.LastAck:
		return true
	case wire.Closed, wire.Listen, wire.SynSent, wire.SynReceived, wire.TimeWait:
		return false
	}
	return false
}

// impossible is for the branch of a total switch that its caller rules out.
func (e *Endpoint) impossible() {
	panic("tcpmodel: unreachable in " + e.state.String())
}

// finSeq is the number of our FIN, sent or not: the end of the text.
func (e *Endpoint) finSeq() uint32 { return e.base + uint32(len(e.buf)) }

// unsent is the text that was not sent yet, in bytes.
func (e *Endpoint) unsent() int {
	n := int(wire.SeqDiff(e.finSeq(), e.nxt))
	return max(n, 0)
}

// finAcked reports whether our FIN is acknowledged.
func (e *Endpoint) finAcked() bool { return e.finSent && e.una == e.finSeq()+1 }

// tsval is the timestamp clock: milliseconds (RFC 7323 section 5.4).
func (e *Endpoint) tsval() uint32 {
	return e.tsOffset + uint32(e.now/time.Millisecond)
}

const maxInt = math.MaxInt
