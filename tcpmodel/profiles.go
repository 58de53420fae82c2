package tcpmodel

import (
	"syscall"
	"time"
)

// RFC9293 is the standard, with its SHOULDs and with the defaults of its
// companions (RFC 5681, 5961, 6298, 6928, 7323).
var RFC9293 = Profile{
	Name: "rfc9293", Title: "RFC 9293",
	ResetValidation: Exact, SynSentResetExact: true, SynReceivedReset: Exact, SynChallenge: true, AckRange: true,
	ChallengeInterval: 5 * time.Second, ChallengeCount: 10,
	CloseUnreadResets: true, OrphanReset: AtSegAck, KeepReceived: true,
	ResetErrno: syscall.ECONNRESET, CloseWaitErrno: syscall.ECONNRESET, SynReceivedErrno: syscall.ECONNREFUSED,
	FinWait2Time: 60 * time.Second, TimeWait: 240 * time.Second, TimeWaitReuse: true,
	NumberTick: 4 * time.Microsecond, SynRetries: 7, SynAckRetries: 7, SynCountHeeded: true, BacklogExtra: 1, HalfOpenExtra: 1,
	InitialRTO: time.Second, FallbackRTO: 3 * time.Second, MinRTO: time.Second, MaxRTO: 60 * time.Second,
	Retries: 7, OrphanRetries: 7,
	KeepIdle: 2 * time.Hour, KeepInterval: 75 * time.Second, KeepCount: 9,
	Tick: time.Millisecond, DelAck: 200 * time.Millisecond,
	InitialWindow: 10, HalfWindow: HalfWhenIdle, Timestamps: true, Paws: true, WindowScale: true, SACK: true,
	ReceiveBuffer: 65535, SendBuffer: 65535, MaxReceiveBuffer: 1 << 30, MaxSendBuffer: 1 << 30,
	MinReceiveBuffer: 1024, MinSendBuffer: 2048,
}

// Linux is Linux 6.18 with its default settings (reno, tcp_rfc1337=0).
var Linux = Profile{
	Name: "linux", Title: "Linux 6.18",
	ResetValidation: Exact, SynReceivedReset: Exact, SynChallenge: true, AckRange: true, AckFromISS: true, AckOfISS: true,
	SackEdgeReset: true, FinEdgeReset: true, LeftEdgeLastAck: true, RightEdgeOpen: true,
	PawsAckSilent: true, EcrCheck: true, ChallengeInterval: 500 * time.Millisecond, ChallengeCount: 1, FinAnswered: true, HandshakeApart: true, CrossedSynAck: CrossedEndsAnswered,
	TextOverFinResets: true, CloseUnreadResets: true, OrphanReset: AtSegAck, ResetEdge: EdgeInOwnScale, AbortAfterShutdown: true, ShutHandshake: ShutResetsOpening, KeepReceived: true,
	ResetErrno: syscall.ECONNRESET, CloseWaitErrno: syscall.EPIPE, SynReceivedErrno: syscall.ECONNRESET,
	FinWait2Time: 60 * time.Second, FinWait2Bare: true, TimeWait: 60 * time.Second,
	Assassination: true, TimeWaitReuse: true,
	NumberTick: 4 * time.Microsecond, SynRetries: 6, SynLinear: 4, SynAckRetries: 5, SynAckAgain: true, SynCountHeeded: true, BacklogExtra: 1, HalfOpenExtra: 1, SynCookies: true, CookieSum: true, CookieTick: time.Minute, CookieAge: 1,
	InitialRTO: time.Second, FallbackRTO: 3 * time.Second, MinRTO: 200 * time.Millisecond, MaxRTO: 120 * time.Second, FloorOnVariance: true,
	Retries: 15, TimeRetries: true, OrphanRetries: 8, TailLossProbe: true, TailProbeMargin: 2 * time.Millisecond, TailProbeSlack: 200 * time.Millisecond, ProbeBeforeRTO: true, Rack: true, ProbesTimed: true, ProbesCounted: true, ProbeAckRestarts: true,
	KeepIdle: 2 * time.Hour, KeepInterval: 75 * time.Second, KeepCount: 9, KeepReset: true,
	Tick: 4 * time.Millisecond, LateTimers: true, DelAck: 40 * time.Millisecond, QuickAcks: 16, AdaptiveDelAck: true, CompressAcks: true, DelAckFin: true,
	InitialWindow: 10, ProportionalReduction: true, ForwardRTO: true, Eifel: true, FinCounted: true, IdleHalves: true, NagleMinshall: true, FinJoinsText: true, PushPairs: true, DefersBursts: true, CollapseRetransmits: true, SendChunks: true,
	Timestamps: true, Paws: true, WindowScale: true, SACK: true,
	ReceiveBuffer: 131072, SendBuffer: 46080, MaxReceiveBuffer: 212992, MaxSendBuffer: 4 << 20,
	DoubleBuffers: true, ChargeOverhead: true, ScaleShift: 10, MinReceiveBuffer: 2304, MinSendBuffer: 4608,
}

// Netstack is gVisor's netstack v0.0.0-20260905035102-160fafc42237.
var Netstack = Profile{
	Name: "netstack", Title: "gVisor netstack, September 2026",
	ResetValidation: Exact, SynReceivedReset: InWindow, SynReceivedAckFirst: true, SynReceivedAnyAck: true, SynReceivedAnswersAll: true,
	SynReceivedResetAcks: true, SynChallenge: true,
	TextWindow: true, OldWindows: true, LateTimestamp: true, SynReceivedTimestamp: true, FutureAckSilent: true, FutureAckText: true, CrossedSynAck: CrossedUnacceptable, LateFinDropped: true, AsideHeap: true, SecondFin: true, TextAfterFinResets: true,
	BehindFinDropped: true, ChallengeText: true,
	ChallengeInterval: 500 * time.Millisecond, ChallengeCount: 1, ResetWindowless: true, RefusalTimestamps: true,
	CloseUnreadResets: true, TimeWaitUnreadResets: true, LingerResetsOpen: true, AckInOrderOnly: true, OrphanReset: AtSndNxt, ResetEdge: EdgeOfWindow, RefusedFirst: true, AheadRefused: true, SynReceivedAbortQuiet: true, SynReceivedLingerBare: true, AbortAlwaysResets: true, SynReceivedCloseQuiet: true, SynReceivedNoReceive: true, KeepReceived: true,
	ResetErrno: syscall.ECONNRESET, CloseWaitErrno: syscall.EPIPE, SynReceivedErrno: syscall.ECONNREFUSED,
	FinWait2Time: 60 * time.Second, TimeWait: 60 * time.Second, TimeWaitFinOnly: true, TimeWaitReuse: true, TimeWaitAnySyn: true,
	NumberTick: 64 * time.Nanosecond, SynRetries: 6, SynHurry: 2 * time.Microsecond, SynKept: true, SynAckRetries: 6, IcmpSynReceived: true, IcmpFew: true, IcmpAnySeq: true, EndFreesPort: true, BacklogExtra: 1, OwnOptions: true, ShutListenerStays: true, ShutHandshake: ShutResetsBoth,
	SynCookies: true, CookieWindow: 65535, CookieSum: true, CookieTick: 64 * time.Second, CookieAge: 2, CookieLate: true, CookieTimestamps: true,
	InitialRTO: time.Second, MinRTO: 200 * time.Millisecond, MaxRTO: 120 * time.Second,
	WeighedRTT: true, Retries: 15, SegmentRetries: true, ProbesCounted: true, ProbeTimesOut: true, FlightHalved: true, PipeCounted: true, Rack: true, RackTies: true, RackTopBlock: true, RackEcho: true, FackKept: true, RackTimerKept: true, TimeoutForgetsSack: true, TailLossProbe: true, TailProbeRestarts: true, TailProbeSlack: 200 * time.Millisecond, UserTimeoutKept: true, SoftErrorKept: true,
	KeepIdle: 2 * time.Hour, KeepInterval: 75 * time.Second, KeepCount: 9,
	KeepRestarts: true, Tick: time.Millisecond, LazyTimers: true, AsideAcked: true,
	InitialWindow: 10, FinCounted: true, UnusedWindowGrows: true, CreditKept: true, AckEndsPause: true, WritesApart: true, Timestamps: true, SackSpace: true, SackEstablished: true, ScoreboardBlocks: 100, WindowScale: true, SACK: true, ProbeByte: true,
	ReceiveBuffer: 1 << 20, SendBuffer: 1 << 20, MaxReceiveBuffer: 4 << 20, MaxSendBuffer: 4 << 20,
	DoubleBuffers: true, SegmentMemory: 576, ScaleShift: 7, MinReceiveBuffer: 4096, MinSendBuffer: 4096,
}

// FreeBSD is FreeBSD 14.3 (releng/14.3 at 5982521fe3dd) with its default settings
// and its default stack, on a machine of 64 bits. That keepalive is on for every
// connection (net.inet.tcp.always_keepalive=1) is left to [KeepAlive].
var FreeBSD = Profile{
	Name: "freebsd", Title: "FreeBSD 14.3",
	ResetValidation: Exact, SynReceivedReset: Exact, ResetLastAck: true, SynReceivedAckFirst: true, SynReceivedStrict: true, SynChallenge: true,
	AckRange: true, AckFromISS: true, OldAckTaken: true, PawsTextOnly: true,
	ChallengeInterval: time.Second, ChallengeCount: 5, HandshakeApart: true,
	OrphanReset: AtSegAck, KeepReceived: true,
	ResetErrno: syscall.ECONNRESET, CloseWaitErrno: syscall.ECONNRESET, SynReceivedErrno: syscall.ECONNREFUSED,
	FinWait2Time: 675 * time.Second, TimeWait: 60 * time.Second, TimeWaitFinOnly: true, TimeWaitReuse: true, TimeWaitReuseSeq: true,
	NumberTick: 4 * time.Microsecond, SynRetries: 12, SynAckRetries: 3, SynAckAgain: true, ConnectTime: 75 * time.Second,
	EndFreesPort: true, BacklogExtra: 1, BacklogHalf: true, OverflowResets: true, SynQueue: 512 * 30, SynCookies: true, CookieTick: time.Minute, CookieAge: 1,
	InitialRTO: time.Second, MinRTO: 30 * time.Millisecond, SlopRTO: 200 * time.Millisecond, MaxRTO: 64 * time.Second,
	Retries: 12, OrphanRetries: 12, TimeoutReset: true, ProbesCounted: true, MinProbe: 5 * time.Second, MaxProbe: 60 * time.Second,
	KeepIdle: 2 * time.Hour, KeepInterval: 75 * time.Second, KeepCount: 8, KeepReset: true,
	Tick: time.Millisecond, DelAck: 40 * time.Millisecond,
	InitialWindow: 10, HalfWindow: HalfAlways, Timestamps: true, Paws: true, WindowScale: true, SACK: true, FinJoinsText: true,
	ReceiveBuffer: 65536, SendBuffer: 32768, MaxReceiveBuffer: 1864135, MaxSendBuffer: 1864135,
	ScaleShift: 6, MinReceiveBuffer: 1, MinSendBuffer: 2048, ProbeByte: true,
}

// Windows is Windows Server 2022 with its default settings (template Internet).
// Its TCP is not published: what was found in no document is assumed, mostly as in
// RFC 9293, and its source says so. The documents that sources name:
//
//   - Set-NetTCPSetting: https://learn.microsoft.com/en-us/powershell/module/nettcpip/set-nettcpsetting
//   - TCP Templates for Windows Server 2019 (Networking Blog, October 2018):
//     https://blogs.technet.microsoft.com/networking/2018/10/03/tcp-templates-for-windows/
//   - SIO_KEEPALIVE_VALS: https://learn.microsoft.com/en-us/windows/win32/winsock/sio-keepalive-vals
//   - closesocket: https://learn.microsoft.com/en-us/windows/win32/api/winsock/nf-winsock-closesocket
//   - CAsyncSocket::OnClose:
//     https://learn.microsoft.com/en-us/previous-versions/visualstudio/visual-studio-2010/6654eb41(v=vs.100)
//   - KB 170359 and KB 923200, as archived: https://mskb.pkisolutions.com/kb/170359 and
//     https://mskb.pkisolutions.com/kb/923200
//   - TcpTimedWaitDelay and TcpMaxConnectRetransmissions of Windows Server 2003:
//     https://technet.microsoft.com/en-us/library/cc757512.aspx and
//     https://technet.microsoft.com/en-us/library/cc758896(v=ws.10).aspx
//   - TcpMaxConnectResponseRetransmissions and Tcp1323Opts of Windows 2000:
//     https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-2000-server/cc938208(v=technet.10)
//     and https://technet.microsoft.com/en-us/library/cc938205.aspx
var Windows = Profile{
	Name: "windows", Title: "Windows Server 2022",
	ResetValidation: Exact, SynReceivedReset: Exact, SynChallenge: true,
	ChallengeInterval: 5 * time.Second, ChallengeCount: 10,
	CloseUnreadResets: true, OrphanReset: AtSegAck,
	ResetErrno: syscall.ECONNRESET, CloseWaitErrno: syscall.ECONNRESET, SynReceivedErrno: syscall.ECONNREFUSED,
	FinWait2Time: 120 * time.Second, TimeWait: 120 * time.Second, TimeWaitReuse: true,
	NumberTick: 4 * time.Microsecond, SynRetries: 4, SynAckRetries: 4, BacklogExtra: 1, HalfOpenExtra: 1,
	InitialRTO: time.Second, FallbackRTO: 3 * time.Second, MinRTO: 300 * time.Millisecond, MaxRTO: 60 * time.Second,
	Retries: 5, OrphanRetries: 5,
	KeepIdle: 2 * time.Hour, KeepInterval: time.Second, KeepCount: 10, KeepReset: true,
	Tick: 10 * time.Millisecond, DelAck: 40 * time.Millisecond,
	InitialWindow: 10, HalfWindow: HalfWhenIdle, Paws: true, WindowScale: true, SACK: true, FinJoinsText: true,
	ReceiveBuffer: 65535, SendBuffer: 65536, MaxReceiveBuffer: 16 << 20, MaxSendBuffer: 16 << 20,
	ScaleShift: 8, MinReceiveBuffer: 1024, MinSendBuffer: 2048, ProbeByte: true,
}

// Profiles are all profiles, in the order in which they are listed.
func Profiles() []*Profile {
	return []*Profile{&RFC9293, &Linux, &Netstack, &FreeBSD, &Windows}
}

// ProfileByName is the profile with this name; nil when there is none.
func ProfileByName(name string) *Profile {
	for _, p := range Profiles() {
		if p.Name == name {
			return p
		}
	}
	return nil
}
