// Package tcpmodel is an executable reference TCP: RFC 9293 and its companions as
// values that are given segments, calls and the time, and answer what to send.
// It performs nothing, keeps no clock and starts no goroutine.
//
// Its nouns:
//
//   - [Endpoint] is one connection, a TCB. [Endpoint.Arrive] takes a segment,
//     [Endpoint.Call] a call of the application, [Endpoint.Expire] what is due at
//     a time that [Endpoint.NextDeadline] tells. Each returns an [Output].
//   - [Stack] is a host's TCP, of the same shape: packets, listeners with their
//     queues, ports, and RST for what belongs to nothing. [Socket] is what an
//     application holds of it.
//   - [Profile] says where real stacks differ: [RFC9293], [Linux], [Netstack],
//     [FreeBSD] and [Windows]. [ProfileTable] has the source of each value.
//   - [Clause] is a rule; every branch names the one it obeys, and a step's
//     output says which were followed.
//
// A client opens a connection to nobody:
//
//	client := tcpmodel.NewEndpoint(tcpmodel.EndpointConfig{Profile: &tcpmodel.Linux, MSS: 1460})
//	_, out := client.Call(0, tcpmodel.Call{Op: tcpmodel.OpOpen})
//	syn := out.Segments[0]                       // Flags [S]
//	at, _ := client.NextDeadline()               // 1 s: the SYN again
//	out = client.Expire(at)
//	out = client.Arrive(at, &tcpmodel.Segment{   // refused
//		Flags: wire.RST | wire.ACK, Ack: syn.Seq + 1,
//	})
//	out.Clauses.Has(tcpmodel.SynSentReset)       // RFC9293-3.10.7.3-RST
//
// The files mirror RFC 9293 section 3.10: open, send, receive, close, abort, one
// for each check of an arriving segment (arrives_seq, arrives_rst, …), and
// timeouts.
//
// # Limitations
//
//   - No urgent data, no ECN, no Fast Open, no path MTU probing, no security
//     compartments.
//   - Congestion control is Reno with NewReno or SACK recovery; of Linux there are RACK
//     with its tail loss probe, PRR, F-RTO and the Eifel response, of netstack its own
//     RACK and recovery. There is no D-SACK, and no CUBIC.
//   - Receive buffers do not tune themselves, but for that of netstack.
//   - TIME-WAIT does not answer OPENs of the same host: the port is in use.
//   - What a profile does not name is as in RFC 9293, or where that leaves it
//     open as in Linux. The profile windows is made of documents, not of source, and
//     most of its values stand in none: these are assumed, their sources say so, and
//     the last line of the table counts them.
//   - ICMP errors have the effect and the errno that they have on Linux. FreeBSD
//     waits for a second one after three retransmissions (tcp_subr.c, tcp_notify)
//     unless the port or the protocol is unreachable.
//   - Keepalive is on where it is set. FreeBSD has it on for every connection
//     (net.inet.tcp.always_keepalive=1), and no run would end.
//   - Whoever asks first takes the error of a connection, as on Linux. On FreeBSD a
//     SEND after a RST gets EPIPE and leaves ECONNRESET to RECEIVE
//     (sys/kern/uipc_socket.c, sosend_generic_locked); Windows has WSAENETRESET for
//     keepalive that gives up (Microsoft, ServicePoint.SetTcpKeepAlive).
//
// # Profiles
//
// This is [ProfileTable]; [Profile] says what each field means.
// rstlab profiles shows the sources too.
//
//	                       rfc9293       linux       netstack      freebsd       windows
//	ResetValidation        exact         exact       exact         exact         exact
//	SynSentResetExact      yes           no          no            no            no
//	SynReceivedReset       exact         exact       in window     exact         exact
//	SynReceivedAckFirst    no            no          yes           yes           no
//	SynReceivedAnyAck      no            no          yes           no            no
//	SynReceivedAnswersAll  no            no          yes           no            no
//	SynReceivedResetAcks   no            no          yes           no            no
//	SynReceivedStrict      no            no          no            yes           no
//	SynChallenge           yes           yes         yes           yes           yes
//	AckRange               yes           yes         no            yes           no
//	AckFromISS             no            yes         no            yes           no
//	AckOfISS               no            yes         no            no            no
//	OldAckTaken            no            no          no            yes           no
//	SackEdgeReset          no            yes         no            no            no
//	FinEdgeReset           no            yes         no            no            no
//	ResetLastAck           no            no          no            yes           no
//	LeftEdgeLastAck        no            yes         no            no            no
//	RightEdgeOpen          no            yes         no            no            no
//	TextWindow             no            no          yes           no            no
//	Paws                   yes           yes         no            yes           yes
//	OldWindows             no            no          yes           no            no
//	PawsTextOnly           no            no          no            yes           no
//	PawsAckSilent          no            yes         no            no            no
//	EcrCheck               no            yes         no            no            no
//	LateTimestamp          no            no          yes           no            no
//	SynReceivedTimestamp   no            no          yes           no            no
//	FutureAckSilent        no            no          yes           no            no
//	FutureAckText          no            no          yes           no            no
//	CrossedSynAck          ESTABLISHED   and ACK     ACK only      ESTABLISHED   ESTABLISHED
//	LateFinDropped         no            no          yes           no            no
//	AsideHeap              no            no          yes           no            no
//	SecondFin              no            no          yes           no            no
//	TextAfterFinResets     no            no          yes           no            no
//	TextOverFinResets      no            yes         no            no            no
//	BehindFinDropped       no            no          yes           no            no
//	ChallengeInterval      5s            500ms       500ms         1s            5s
//	ChallengeCount         10            1           1             5             10
//	ChallengeText          no            no          yes           no            no
//	HandshakeApart         no            yes         no            yes           no
//	FinAnswered            no            yes         no            no            no
//	CloseUnreadResets      yes           yes         yes           no            yes
//	TimeWaitUnreadResets   no            no          yes           no            no
//	LingerResetsOpen       no            no          yes           no            no
//	AckInOrderOnly         no            no          yes           no            no
//	ShutHandshake          closes        SYN-SENT    both          closes        closes
//	OrphanReset            SEG.ACK       SEG.ACK     SND.NXT       SEG.ACK       SEG.ACK
//	ResetEdge              SND.NXT       own scale   window        SND.NXT       SND.NXT
//	ResetWindowless        no            no          yes           no            no
//	RefusalTimestamps      no            no          yes           no            no
//	AbortAfterShutdown     no            yes         no            no            no
//	RefusedFirst           no            no          yes           no            no
//	AheadRefused           no            no          yes           no            no
//	SynReceivedAbortQuiet  no            no          yes           no            no
//	SynReceivedLingerBare  no            no          yes           no            no
//	AbortAlwaysResets      no            no          yes           no            no
//	SynReceivedCloseQuiet  no            no          yes           no            no
//	SynReceivedNoReceive   no            no          yes           no            no
//	KeepReceived           yes           yes         yes           yes           no
//	ResetErrno             ECONNRESET    ECONNRESET  ECONNRESET    ECONNRESET    ECONNRESET
//	CloseWaitErrno         ECONNRESET    EPIPE       EPIPE         ECONNRESET    ECONNRESET
//	SynReceivedErrno       ECONNREFUSED  ECONNRESET  ECONNREFUSED  ECONNREFUSED  ECONNREFUSED
//	FinWait2Time           1m            1m          1m            11m15s        2m
//	FinWait2Bare           no            yes         no            no            no
//	TimeWait               4m            1m          1m            1m            2m
//	Assassination          no            yes         no            no            no
//	TimeWaitFinOnly        no            no          yes           yes           no
//	TimeWaitReuse          yes           yes         yes           yes           yes
//	TimeWaitAnySyn         no            no          yes           no            no
//	TimeWaitReuseSeq       no            no          no            yes           no
//	NumberTick             4µs          4µs        64ns          4µs          4µs
//	SynRetries             7             6           6             12            4
//	SynLinear              0             4           0             0             0
//	SynHurry               -             -           2µs          -             -
//	SynAckRetries          7             5           6             3             4
//	SynKept                no            no          yes           no            no
//	SynAckAgain            no            yes         no            yes           no
//	SynCountHeeded         yes           yes         no            no            no
//	IcmpSynReceived        no            no          yes           no            no
//	IcmpFew                no            no          yes           no            no
//	IcmpAnySeq             no            no          yes           no            no
//	ConnectTime            -             -           -             1m15s         -
//	EndFreesPort           no            no          yes           yes           no
//	BacklogExtra           1             1           1             1             1
//	BacklogHalf            no            no          no            yes           no
//	OverflowResets         no            no          no            yes           no
//	SynQueue               0             0           0             15360         0
//	OwnOptions             no            no          yes           no            no
//	ShutListenerStays      no            no          yes           no            no
//	HalfOpenExtra          1             1           0             0             1
//	SynCookies             no            yes         yes           yes           no
//	CookieWindow           0             0           65535         0             0
//	CookieSum              no            yes         yes           no            no
//	CookieTick             -             1m          1m4s          1m            -
//	CookieAge              0             1           2             1             0
//	CookieLate             no            no          yes           no            no
//	CookieTimestamps       no            no          yes           no            no
//	InitialRTO             1s            1s          1s            1s            1s
//	MinRTO                 1s            200ms       200ms         30ms          300ms
//	MaxRTO                 1m            2m          2m            1m4s          1m
//	FallbackRTO            3s            3s          -             -             3s
//	WeighedRTT             no            no          yes           no            no
//	FloorOnVariance        no            yes         no            no            no
//	SlopRTO                -             -           -             200ms         -
//	Retries                7             15          15            12            5
//	TimeRetries            no            yes         no            no            no
//	SegmentRetries         no            no          yes           no            no
//	OrphanRetries          7             8           0             12            5
//	TimeoutReset           no            no          no            yes           no
//	ProbesCounted          no            yes         yes           yes           no
//	ProbeAckRestarts       no            yes         no            no            no
//	ProbeTimesOut          no            no          yes           no            no
//	MinProbe               -             -           -             5s            -
//	MaxProbe               -             -           -             1m            -
//	TailLossProbe          no            yes         yes           no            no
//	Rack                   no            yes         yes           no            no
//	RackTies               no            no          yes           no            no
//	RackTopBlock           no            no          yes           no            no
//	RackEcho               no            no          yes           no            no
//	FackKept               no            no          yes           no            no
//	RackTimerKept          no            no          yes           no            no
//	ProbesTimed            no            yes         no            no            no
//	SoftErrorKept          no            no          yes           no            no
//	UserTimeoutKept        no            no          yes           no            no
//	TailProbeMargin        -             2ms         -             -             -
//	TailProbeSlack         -             200ms       200ms         -             -
//	TailProbeRestarts      no            no          yes           no            no
//	ProbeBeforeRTO         no            yes         no            no            no
//	KeepIdle               2h            2h          2h            2h            2h
//	KeepInterval           1m15s         1m15s       1m15s         1m15s         1s
//	KeepCount              9             9           9             8             10
//	KeepRestarts           no            no          yes           no            no
//	KeepReset              no            yes         no            yes           yes
//	Tick                   1ms           4ms         1ms           1ms           10ms
//	LazyTimers             no            no          yes           no            no
//	LateTimers             no            yes         no            no            no
//	DelAck                 200ms         40ms        -             40ms          40ms
//	CompressAcks           no            yes         no            no            no
//	AsideAcked             no            no          yes           no            no
//	QuickAcks              0             16          0             0             0
//	AdaptiveDelAck         no            yes         no            no            no
//	DelAckFin              no            yes         no            no            no
//	InitialWindow          10            10          10            10            10
//	Cubic                  no            no          no            no            no
//	ProportionalReduction  no            yes         no            no            no
//	ForwardRTO             no            yes         no            no            no
//	Eifel                  no            yes         no            no            no
//	FinCounted             no            yes         yes           no            no
//	PipeCounted            no            no          yes           no            no
//	TimeoutForgetsSack     no            no          yes           no            no
//	FlightHalved           no            no          yes           no            no
//	UnusedWindowGrows      no            no          yes           no            no
//	AckEndsPause           no            no          yes           no            no
//	CreditKept             no            no          yes           no            no
//	IdleHalves             no            yes         no            no            no
//	HalfWindow             idle          never       never         always        idle
//	NagleMinshall          no            yes         no            no            no
//	FinJoinsText           no            yes         no            yes           yes
//	WritesApart            no            no          yes           no            no
//	PushPairs              no            yes         no            no            no
//	DefersBursts           no            yes         no            no            no
//	CollapseRetransmits    no            yes         no            no            no
//	SendChunks             no            yes         no            no            no
//	Timestamps             yes           yes         yes           yes           no
//	WindowScale            yes           yes         yes           yes           yes
//	SACK                   yes           yes         yes           yes           yes
//	SackSpace              no            no          yes           no            no
//	SackEstablished        no            no          yes           no            no
//	ScoreboardBlocks       0             0           100           0             0
//	ProbeByte              no            no          yes           yes           yes
//	MaxMSS                 0             0           0             0             0
//	ReceiveBuffer          65535         131072      1048576       65536         65535
//	SendBuffer             65535         46080       1048576       32768         65536
//	MaxReceiveBuffer       1073741824    212992      4194304       1864135       16777216
//	MaxSendBuffer          1073741824    4194304     4194304       1864135       16777216
//	MinReceiveBuffer       1024          2304        4096          1             1024
//	MinSendBuffer          2048          4608        4096          2048          2048
//	DoubleBuffers          no            yes         yes           no            no
//	ChargeOverhead         no            yes         no            no            no
//	SegmentMemory          0             0           576           0             0
//	ScaleShift             0             10          7             6             8
//	(in no document)       0             0           0             0             163
package tcpmodel
