package tcpmodel

import (
	"syscall"
	"time"
)

// Profile is what one operating system's TCP does where implementations differ.
// Every field has a source for each profile in [ProfileTable].
type Profile struct {
	Name  string // "linux"
	Title string // "Linux 6.18"

	// Validation of segments.

	// ResetValidation is which RST ends a connection.
	ResetValidation ResetValidation
	// SynSentResetExact refuses a RST in SYN-SENT whose sequence number is not
	// RCV.NXT, 0: an answer to a SYN has it.
	SynSentResetExact bool
	// SynReceivedReset is the same for a connection in SYN-RECEIVED.
	SynReceivedReset ResetValidation
	// SynReceivedAckFirst has an unacceptable acknowledgment in SYN-RECEIVED refused
	// before the sequence number is looked at.
	SynReceivedAckFirst bool
	// SynReceivedAnyAck does not look at the acknowledgment in SYN-RECEIVED after an
	// active OPEN: any ends the handshake.
	SynReceivedAnyAck bool
	// SynReceivedAnswersAll answers any segment outside the window in SYN-RECEIVED, one
	// without ACK too, and one with text no more often than others.
	SynReceivedAnswersAll bool
	// SynReceivedResetAcks gives the RST that a SYN draws in SYN-RECEIVED an
	// acknowledgment: <SEQ=SEG.ACK or 0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>.
	SynReceivedResetAcks bool
	// SynChallenge answers a SYN on a synchronised connection with a challenge
	// ACK (RFC 5961 section 4.2); else it is a RST (RFC 793).
	SynChallenge bool
	// AckRange refuses an ACK older than SND.UNA - MAX.SND.WND (RFC 5961 section 5.2).
	AckRange bool
	// AckFromISS refuses, in addition, an ACK of what came before the connection's
	// own SYN.
	AckFromISS bool
	// AckOfISS takes one that acknowledges the number before that SYN all the same, after
	// an active OPEN.
	AckOfISS bool
	// OldAckTaken takes the acknowledgment of a segment whose text is old, or finds
	// a closed window, although the segment is not acceptable.
	OldAckTaken bool
	// SackEdgeReset accepts a RST at the right edge of the highest SACK block that was sent.
	SackEdgeReset bool
	// FinEdgeReset accepts a RST at RCV.NXT-1, the number of the peer's FIN, in
	// CLOSE-WAIT, CLOSING and LAST-ACK.
	FinEdgeReset bool
	// ResetLastAck measures a RST from the last acknowledgment sent, not from
	// RCV.NXT: while an ACK is delayed, a RST behind the text is not exact.
	ResetLastAck bool
	// SynReceivedStrict has an ACK in SYN-RECEIVED that does not complete the
	// handshake end a passive connection, with a RST to its sender.
	SynReceivedStrict bool
	// LeftEdgeLastAck takes the last acknowledgment sent, not RCV.NXT, for the
	// left edge of the receive window.
	LeftEdgeLastAck bool
	// RightEdgeOpen accepts a segment that begins exactly at the right edge of the window.
	RightEdgeOpen bool
	// TextWindow has the window test count the text of a segment only, not SYN and
	// FIN, and include the right edge of the window, which moves with RCV.NXT until
	// another is announced.
	TextWindow bool
	// Paws refuses segments with an old timestamp (RFC 7323 section 5).
	Paws bool
	// PawsTextOnly answers such a segment only when it has text.
	PawsTextOnly bool
	// PawsAckSilent drops a segment with an old timestamp silently when it is an ACK
	// without text that begins below RCV.NXT.
	PawsAckSilent bool
	// EcrCheck refuses, in SYN-SENT and SYN-RECEIVED, an ACK that echoes a timestamp
	// which no SYN or SYN-ACK carried.
	EcrCheck bool
	// LateTimestamp takes TS.Recent from a segment that is processed to its end only:
	// not from a SYN, and in the closing states neither from one that acknowledges what
	// was never sent nor from one with text behind the FIN.
	LateTimestamp bool
	// SynReceivedTimestamp drops, in SYN-RECEIVED, an ACK without timestamps when they
	// were agreed on (RFC 7323 section 3.2).
	SynReceivedTimestamp bool
	// OldWindows takes SND.WND from every acceptable segment, without the check of
	// SND.WL1 and SND.WL2.
	OldWindows bool
	// FutureAckSilent drops an ACK of what was never sent silently in ESTABLISHED; else it
	// is answered with an ACK. FutureAckText takes the text of such a segment all the same.
	FutureAckSilent, FutureAckText bool
	// CrossedSynAck is what the SYN-ACK of a simultaneous open does.
	CrossedSynAck CrossedSynAck
	// LateFinDropped does not keep a FIN without text that arrives before the
	// text that precedes it.
	LateFinDropped bool
	// AsideHeap keeps each copy of text that arrives out of order, in a heap: which of
	// those with one number comes first is its order.
	AsideHeap bool
	// SecondFin takes a FIN that lies right behind the peer's FIN for one more, and
	// acknowledges it.
	SecondFin bool
	// TextAfterFinResets resets a connection in CLOSING or LAST-ACK when text arrives
	// that lies behind the peer's FIN; else it is ignored.
	TextAfterFinResets bool
	// TextOverFinResets resets a connection when text arrives that begins before the
	// peer's FIN and ends behind it; else it is ignored.
	TextOverFinResets bool
	// BehindFinDropped drops a segment that begins behind the peer's FIN, and in
	// CLOSE-WAIT one with text there, before its acknowledgment is taken.
	BehindFinDropped bool
	// ChallengeText answers a segment with text whose acknowledgment or flags call for a
	// challenge ACK always, whatever ChallengeInterval is.
	ChallengeText bool
	// ChallengeInterval is the time in which one connection sends at most ChallengeCount
	// challenge ACKs and answers to unacceptable segments without text (RFC 5961
	// section 7).
	ChallengeInterval time.Duration
	ChallengeCount    int
	// HandshakeApart has ChallengeInterval begin anew when a passive OPEN is complete.
	HandshakeApart bool
	// FinAnswered exempts a FIN from this limit, as text is.
	FinAnswered bool

	// Closing.

	// CloseUnreadResets has close() with unread data send RST (RFC 2525 section
	// 2.17); else it is FIN.
	CloseUnreadResets bool
	// TimeWaitUnreadResets has it do so in TIME-WAIT too.
	TimeWaitUnreadResets bool
	// LingerResetsOpen has close() with SO_LINGER of zero reset only in the states
	// in which ABORT sends RST; in CLOSING and LAST-ACK it is an ordinary close.
	LingerResetsOpen bool
	// AckInOrderOnly has the ACK of our FIN change the state only in a segment that
	// is the next in order.
	AckInOrderOnly bool
	// ShutHandshake is what shutdown() does to a connection that is being opened.
	ShutHandshake ShutHandshake
	// OrphanReset is the RST that text draws after close().
	OrphanReset OrphanReset
	// ResetEdge is the number of a RST where the peer has made its window smaller.
	ResetEdge ResetEdge
	// ResetWindowless has a RST offer no window; else it offers what any segment does.
	ResetWindowless bool
	// RefusalTimestamps has a RST in answer to a segment of a connection carry timestamps.
	RefusalTimestamps bool
	// AbortAfterShutdown resets a connection on which text arrives after
	// shutdown(SHUT_RDWR).
	AbortAfterShutdown bool
	// RefusedFirst has a closed connection refuse text before the acknowledgment that comes
	// with it is taken.
	RefusedFirst bool
	// AheadRefused has a closed connection in FIN-WAIT-1 and FIN-WAIT-2 take a
	// segment without text that begins beyond RCV.NXT for one with text: an ACK
	// behind text that was lost resets it.
	AheadRefused bool
	// AbortAlwaysResets has ABORT in CLOSING, LAST-ACK and TIME-WAIT send RST.
	AbortAlwaysResets bool
	// SynReceivedLingerBare has CLOSE with SO_LINGER of zero in SYN-RECEIVED send
	// <SEQ=0><ACK=0><CTL=RST,ACK>.
	SynReceivedLingerBare bool
	// SynReceivedCloseQuiet has CLOSE in SYN-RECEIVED delete the TCB as in SYN-SENT,
	// without FIN or RST.
	SynReceivedCloseQuiet bool
	// SynReceivedNoReceive refuses RECEIVE in SYN-RECEIVED with ENOTCONN.
	SynReceivedNoReceive bool
	// SynReceivedAbortQuiet has ABORT in SYN-RECEIVED send no RST.
	SynReceivedAbortQuiet bool
	// KeepReceived leaves received data readable after a RST.
	KeepReceived bool
	// ResetErrno is the error that a RST leaves; CloseWaitErrno the same in CLOSE-WAIT,
	// SynReceivedErrno in SYN-RECEIVED after an active OPEN.
	ResetErrno, CloseWaitErrno, SynReceivedErrno syscall.Errno
	// FinWait2Time is how long a closed socket stays in FIN-WAIT-2.
	FinWait2Time time.Duration
	// FinWait2Bare keeps only the addresses and sequence numbers of a closed
	// socket in FIN-WAIT-2, as of one in TIME-WAIT: ChallengeInterval begins anew there.
	FinWait2Bare bool
	// TimeWait is how long a connection stays in TIME-WAIT.
	TimeWait time.Duration
	// Assassination lets a RST end TIME-WAIT (RFC 1337 section 3 advises against it).
	Assassination bool
	// TimeWaitFinOnly restarts TIME-WAIT only for the FIN that comes again, and
	// answers the rest without a limit.
	TimeWaitFinOnly bool
	// TimeWaitReuse lets a SYN with a higher sequence number or timestamp open
	// a new connection in TIME-WAIT; with TimeWaitReuseSeq only the number counts.
	TimeWaitReuse, TimeWaitReuseSeq bool
	// TimeWaitAnySyn has any segment with SYN beyond RCV.NXT end TIME-WAIT when there is
	// a listener, which answers it; timestamps do not count.
	TimeWaitAnySyn bool

	// Opening.

	// NumberTick is the clock of initial sequence numbers: they grow by one in that time
	// (RFC 6528).
	NumberTick time.Duration
	// SynRetries is how many times a SYN is sent again, SynLinear how many of
	// them, in addition, come without a longer time-out, SynAckRetries the same
	// for a SYN-ACK.
	SynRetries, SynLinear, SynAckRetries int
	// SynHurry is the time-out of a SYN after an ACK that was not acceptable: it doubles
	// from there to the end of the back-off; 0 leaves it as it is.
	SynHurry time.Duration
	// SynKept has a SYN or SYN-ACK that is sent again carry the options of the first SYN,
	// its timestamp too, and a simultaneous open go on with the time-out of the SYN; its
	// SYN-ACK permits SACK where the peer's SYN does.
	SynKept bool
	// SynAckAgain answers a SYN that comes again after a passive OPEN with the SYN-ACK.
	SynAckAgain bool
	// SynCountHeeded is whether TCP_SYNCNT and TCP_USER_TIMEOUT apply while
	// connecting.
	SynCountHeeded bool
	// IcmpSynReceived has an ICMP error end a connection in SYN-RECEIVED, as one in
	// SYN-SENT.
	IcmpSynReceived bool
	// IcmpFew has of ICMP errors only Destination Unreachable reach TCP, and over IPv6
	// only its codes 0 (no route) and 4 (port).
	IcmpFew bool
	// IcmpAnySeq heeds an ICMP error whatever sequence number the segment had that it
	// is about; else it must be one that is not acknowledged (RFC 5927 section 4.1).
	IcmpAnySeq bool
	// ConnectTime is how long an active OPEN takes at most; 0 is as long as the
	// retransmissions of the SYN.
	ConnectTime time.Duration
	// EndFreesPort has the end of a connection free the port that its socket is bound to;
	// else the socket keeps it until CLOSE.
	EndFreesPort bool
	// BacklogExtra is how many connections more than the backlog wait to be accepted,
	// HalfOpenExtra how many more half-open ones a listener keeps, BacklogHalf that half
	// as many as the backlog come on top of BacklogExtra.
	BacklogExtra, HalfOpenExtra int
	BacklogHalf                 bool
	// OverflowResets takes SYNs however many connections wait to be accepted, and
	// resets the connection whose handshake is complete when there is no room; else
	// SYNs and ACKs are dropped, and the peer tries again.
	OverflowResets bool
	// SynQueue is how many half-open connections a listener keeps; 0 is as many as
	// the backlog and HalfOpenExtra.
	SynQueue int
	// OwnOptions has an accepted connection begin with the default options, and the
	// listener's user time-out; else it has those of the listener.
	OwnOptions bool
	// ShutListenerStays keeps a listener after shutdown(SHUT_RD) in LISTEN, where it
	// answers every segment with RST; else it is CLOSED.
	ShutListenerStays bool
	// SynCookies answers SYNs without keeping state while the queue of half-open
	// connections is full (RFC 4987 section 3.6); else they are dropped.
	SynCookies bool
	// CookieWindow is the window that they offer, in octets; 0 is that of any SYN-ACK.
	CookieWindow int
	// CookieSum has the sequence number of the SYN added to the cookie, so that an ACK
	// in which SEQ and ACK are too small or large by the same is good, too; else the
	// number is hashed.
	CookieSum bool
	// CookieTick is the clock of cookies, and CookieAge how many ticks old one may be.
	CookieTick time.Duration
	CookieAge  int
	// CookieLate takes the ACK of a cookie, too, when the SYN came again and the handshake
	// is one with state by then.
	CookieLate bool
	// CookieTimestamps has them echo the peer's timestamp, and go on with that option.
	CookieTimestamps bool

	// Retransmission and probes.

	// InitialRTO, MinRTO and MaxRTO bound the retransmission time-out (RFC 6298 section 2).
	InitialRTO, MinRTO, MaxRTO time.Duration
	// FallbackRTO is the time-out after a handshake that has given no measurement (RFC 6298
	// rule 5.7); 0 is InitialRTO.
	FallbackRTO time.Duration
	// WeighedRTT weighs each measurement of the round trip by how many there are in one
	// (RFC 7323 appendix G). Timestamps that are in use are the only source, and until
	// they give a measurement a time-out stays backed off.
	WeighedRTT bool
	// FloorOnVariance applies MinRTO to the variance instead of the sum.
	FloorOnVariance bool
	// SlopRTO is added to each time-out, after back-off, but not to the first of a SYN.
	SlopRTO time.Duration
	// Retries is R2 (RFC 9293 section 3.8.3): after as much time as this many
	// time-outs from MinRTO take, or when TimeRetries is false after as many
	// retransmissions, the connection ends.
	Retries int
	// TimeRetries counts time and not retransmissions.
	TimeRetries bool
	// SegmentRetries counts how often the earliest segment was sent again, by whichever
	// timer, and not time-outs in a row.
	SegmentRetries bool
	// OrphanRetries is Retries for a connection without a socket, and for its
	// zero-window probes; 0 is the same number.
	OrphanRetries int
	// TimeoutReset sends a RST when a connection is given up after R2, the user
	// time-out or the probing of a closed window.
	TimeoutReset bool
	// ProbesCounted gives a closed window up after as many probes without an answer
	// as Retries; nor does their time double more often.
	ProbesCounted bool
	// ProbeTimesOut has a probe of a closed window be a time-out as others are: it backs
	// the time-out off, and sets the congestion window to one segment. An answer makes
	// good for one probe, not for all. A SEND, and what arrives but an answer, has the
	// time until the next probe begin anew.
	ProbeTimesOut bool
	// ProbeAckRestarts has an ACK that leaves the window closed begin the time until the next
	// probe anew.
	ProbeAckRestarts bool
	// MinProbe and MaxProbe bound the time between two probes of a closed window;
	// 0 is MinRTO and MaxRTO.
	MinProbe, MaxProbe time.Duration
	// TailLossProbe sends the last segment once more before the time-out (RFC 8985 section 7).
	TailLossProbe bool
	// Rack finds losses by time, not by three segments above (RFC 8985 section 6).
	Rack bool
	// RackTies takes of what was sent at one instant that which lies behind an acknowledged
	// segment for sent before it; else that which lies before it.
	RackTies bool
	// RackTopBlock has only the highest SACK block of an ACK tell RACK what was delivered; of
	// the others that is learned when SND.UNA covers them.
	RackTopBlock bool
	// RackEcho has RACK know by the echoed timestamp, too, which transmission an ACK is of,
	// and take the shortest round trip from its own measurements.
	RackEcho bool
	// FackKept keeps the highest number that was ever acknowledged as RACK.fack; else it is
	// the highest segment that is selectively acknowledged.
	FackKept bool
	// RackTimerKept lets the reordering timer run beside the others, and does not begin it
	// anew, until what was in flight when the last recovery began is acknowledged; else it
	// takes the place of the time-out and of the tail loss probe.
	RackTimerKept bool
	// ProbesTimed has the user time-out end the probing of a closed window even
	// though the peer answers, and that of an orphan when the time between probes
	// has reached MaxRTO.
	ProbesTimed bool
	// SoftErrorKept has an ICMP error that ended nothing be the error of a time-out later,
	// also when something was acknowledged since.
	SoftErrorKept bool
	// UserTimeoutKept has the user time-out count, from the first retransmission or from
	// when the window closed, until nothing is in flight or the window opens, though the peer
	// answers. A time-out that is backed off ends no later than it does; one that only begins
	// anew may.
	UserTimeoutKept bool
	// TailProbeMargin is how much later than two round trips it goes, TailProbeSlack the
	// same when only one segment is in flight, for the peer's delayed ACK.
	TailProbeMargin, TailProbeSlack time.Duration
	// TailProbeRestarts has the time-out begin anew with it (RFC 8985 section 7.3), and
	// nothing but text that was sent before be in it, once until that is acknowledged. All
	// that arrives sets it anew.
	TailProbeRestarts bool
	// ProbeBeforeRTO has it go no later than the time-out would (RFC 8985 section
	// 7.2).
	ProbeBeforeRTO bool
	// KeepIdle, KeepInterval and KeepCount are the defaults of keepalive
	// (RFC 9293 section 3.8.4).
	KeepIdle, KeepInterval time.Duration
	KeepCount              int
	// KeepRestarts begins the idle time of keepalive anew with everything that arrives and
	// with every option of it that is set, and goes on with it in TIME-WAIT.
	KeepRestarts bool
	// KeepReset sends a RST when keepalive gives up.
	KeepReset bool
	// Tick is the granularity of timers: G of RFC 6298.
	Tick time.Duration
	// LateTimers has the timers of tail loss probes, reordering and delayed ACKs take whole
	// ticks, from the next one on: half of one later than asked for, on average.
	LateTimers bool
	// LazyTimers leaves what wakes the host for a timer that is stopped or set to a later time
	// as it is, and sets it again then: which is first of what is due at one instant shows it.
	LazyTimers bool

	// Acknowledging.

	// DelAck is the delayed-ACK time-out (RFC 9293 section 3.8.6.3: "less than
	// 0.5 seconds"); 0 is no delay.
	DelAck time.Duration
	// CompressAcks holds duplicate ACKs back for a millisecond when three were sent
	// and the peer knows SACK.
	CompressAcks bool
	// AsideAcked acknowledges text out of order before anything else is sent that the segment
	// gives occasion to; else what is sent acknowledges it.
	AsideAcked bool
	// QuickAcks is how many segments are acknowledged at once when data begins
	// to arrive.
	QuickAcks int
	// AdaptiveDelAck delays an ACK by as long as text takes to follow on text, and by no
	// more than a round trip; DelAck is the least where neither is known. Reading may end the delay.
	AdaptiveDelAck bool
	// DelAckFin delays the acknowledgment of a FIN like that of text; else it is
	// sent at once.
	DelAckFin bool

	// Sending.

	// InitialWindow is the initial congestion window in segments (RFC 6928).
	InitialWindow int
	// Cubic uses CUBIC (RFC 8312) for congestion control, which the model does not
	// compute; else it is Reno (RFC 5681).
	Cubic bool
	// ProportionalReduction has the congestion window shrink in recovery with what the peer
	// receives (RFC 6937), and a time-out in recovery not halve ssthresh again; else it is
	// ssthresh at once.
	ProportionalReduction bool
	// ForwardRTO sends new text after a time-out before more of what may be lost, and undoes
	// the time-out when what was sent once has arrived (RFC 5682).
	ForwardRTO bool
	// Eifel undoes a recovery when an ACK echoes a timestamp from before it (RFC 3522 and
	// 4015).
	Eifel bool
	// FinCounted holds a FIN back, too, while the congestion window is full.
	FinCounted bool
	// PipeCounted counts what is in flight, and does not look it up: a segment more with each
	// transmission but a probe, and one less with each that is acknowledged and was not
	// selectively before; in a recovery with SACK it is computed (RFC 6675 section 5), and a
	// time-out begins with 0 and sends all again, in order. So nothing new is sent for the
	// first duplicate ACKs (RFC 3042 would), nor for what is selectively acknowledged,
	// before a recovery. That begins with the third, although there is Rack, unless reordering
	// was seen or no more is acknowledged than was sent when the last recovery or time-out
	// began (RFC 6582 section 3.2 step 2), and has a congestion window of ssthresh and three
	// segments. A tail loss probe that is acknowledged is a recovery of its own.
	PipeCounted bool
	// TimeoutForgetsSack has a time-out forget what the peer has selectively acknowledged
	// (RFC 2018 section 8).
	TimeoutForgetsSack bool
	// FlightHalved has each loss and each time-out set ssthresh to half of what is in
	// flight (RFC 5681 equation 4); else it is half of the congestion window, once a
	// recovery.
	FlightHalved bool
	// UnusedWindowGrows has the congestion window grow although it is not used, and with
	// the ACK that ends a recovery; else RFC 7661 is heeded.
	UnusedWindowGrows bool
	// CreditKept grows the congestion window, in congestion avoidance, by the acknowledged
	// segments divided by the window, and keeps as rest what is left of them when divided
	// by the new window: all of them, mostly, so that the next ACK has it grow again; else
	// what it grew for is used up (RFC 5681 section 3.1).
	CreditKept bool
	// IdleHalves has a SEND after a pause halve the congestion window for each time-out
	// that went by (RFC 2861); else what is sent after one begins with the initial window.
	IdleHalves bool
	// AckEndsPause has an ACK that is sent end that pause as text does, and looks for one
	// with each segment that arrives and in flight or not; else a pause is without text, and
	// nothing is in flight (RFC 5681 section 4.1).
	AckEndsPause bool
	// HalfWindow is when half of the largest window is enough for a short segment.
	HalfWindow HalfWindow
	// NagleMinshall holds a short segment back only while another short one is
	// unacknowledged; else while anything is (RFC 9293 section 3.7.4).
	NagleMinshall bool
	// FinJoinsText puts the FIN on the last segment that is not sent yet, which
	// the Nagle algorithm then does not hold back; else the FIN waits behind it.
	FinJoinsText bool
	// CollapseRetransmits puts short segments that follow on one that is sent again,
	// as many as fit.
	CollapseRetransmits bool
	// SendChunks has the send buffer take whole packets, of many segments, as long as
	// it is not full, and count what they take besides their text.
	SendChunks bool
	// WritesApart keeps the text of each SEND apart: it is joined to the next only
	// where that fits the segment whole, what is left of one that was split is not held
	// back by the Nagle algorithm, and a FIN needs no window. A sender that found no room
	// is told when half of the buffer is free.
	WritesApart bool
	// PushPairs sets PSH at the end of each burst that the stack hands to its
	// segmentation offload.
	PushPairs bool
	// DefersBursts has a burst that would be short wait for more window, when an ACK is due
	// within a millisecond.
	DefersBursts bool

	// Options and buffers.

	Timestamps, WindowScale, SACK bool
	// SackSpace keeps room in every segment for as many SACK blocks as there can be,
	// once SACK was agreed on; else for those that it has.
	SackSpace bool
	// SackEstablished sends SACK blocks in ESTABLISHED alone, and there in a RST, too.
	SackEstablished bool
	// ScoreboardBlocks is how many blocks that the peer has reported by SACK are remembered:
	// when there are as many, no other is heeded. 0 is no limit.
	ScoreboardBlocks int
	// ProbeByte has a zero-window probe carry an acknowledged byte; else no text.
	ProbeByte bool
	// MaxMSS is the largest MSS that is announced over IPv4; 0 is no limit.
	MaxMSS int
	// ReceiveBuffer and SendBuffer are the defaults of SO_RCVBUF and SO_SNDBUF in
	// bytes, MaxReceiveBuffer and MaxSendBuffer how far they can be set.
	ReceiveBuffer, SendBuffer, MaxReceiveBuffer, MaxSendBuffer int
	// DoubleBuffers doubles a size that is set, for the stack's own bookkeeping.
	DoubleBuffers bool
	// ChargeOverhead counts the memory that a packet really takes against the
	// receive buffer.
	ChargeOverhead bool
	// SegmentMemory is what a received segment takes of the receive buffer beside its
	// datagram, in bytes, where the buffer counts the memory of segments and half of it
	// is window, with the segment being processed; 0 is a buffer that counts otherwise.
	SegmentMemory int
	// ScaleShift is the window scale that is announced for the default buffer.
	ScaleShift uint8
	// MinReceiveBuffer and MinSendBuffer are the least sizes of the buffers in bytes.
	MinReceiveBuffer, MinSendBuffer int
}
