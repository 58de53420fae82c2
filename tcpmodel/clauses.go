package tcpmodel

// The clauses, in the order of the documents' processing.
const (
	OpenActive Clause = iota
	OpenPassive
	OpenAgain
	SendClosed
	SendEarly
	SendText
	SendClosing
	ReceiveText
	ReceiveWait
	ReceiveEnd
	ReceiveClosed
	CloseClosed
	CloseUnopened
	CloseSynReceived
	CloseEstablished
	CloseCloseWait
	CloseDone
	CloseUnread
	CloseLinger
	ShutReceive
	FinWait2Limit
	AbortClosed
	AbortUnopened
	AbortReset
	AbortQuiet
	AbortKilled
	ClosedReset
	ClosedSegment
	ListenReset
	ListenAck
	ListenSyn
	ListenOther
	SynSentBadAck
	SynSentBadEcho
	SynSentReset
	SynSentResetNoAck
	SynSentResetSeq
	SynSentSynAck
	SynSentSimultaneous
	SynSentNeither
	SeqAcceptable
	SeqUnacceptable
	SeqUnacceptableReset
	Paws
	SynReceivedEcho
	SynAckAgain
	AnswerAck
	AnswerLimited
	ChallengeAck
	ResetInWindow
	ResetExact
	ResetChallenge
	ResetSackEdge
	FinEdgeResetRule
	ResetSynReceivedPassive
	ResetSynReceivedActive
	ResetSynchronized
	ResetClosing
	SynReceivedSynAck
	SynReceivedSynPassive
	SynChallenged
	SynResets
	AckOff
	SynReceivedAck
	SynReceivedBadAck
	AckEstablished
	AckFinWait1
	AckClosing
	AckLastAck
	AckFuture
	AckTooOld
	AckOld
	AckNew
	AckDuplicate
	WindowTaken
	WindowOld
	WindowOpened
	TextInOrder
	TextAside
	TextJoined
	TextOld
	TextNoRoom
	TextAfterFin
	TextRefused
	TextAfterClose
	FinEstablished
	FinFinWait1
	FinFinWait2
	TimeWaitFin
	TimeWaitBareAck
	TimeWaitKept
	TimeWaitAssassinated
	TimeWaitReused
	TimeWaitOver
	TimeoutRetransmit
	TimeoutR2
	TimeoutSynAgain
	TimeoutSyn
	LossProbe
	RackTimer
	PersistProbe
	PersistOver
	AckSecond
	AckDelayed
	AckDelayedSent
	AckAtOnce
	AckCompressed
	KeepAliveProbe
	KeepAliveBusy
	KeepAliveOver
	NagleHold
	SwsSender
	SwsReceiver
	RttSample
	RttKarn
	RttTimestamp
	RtoUnchanged
	RtoOff
	RtoRestart
	SlowStart
	CongestionAvoidance
	RestartIdle
	FastRetransmit
	RecoveryPartial
	RecoveryUndone
	AcceptQueueFull
	SynQueueFull
	SynCookieSent
	SynCookieTaken
	IcmpIgnored
	IcmpOpening
	IcmpTooBig
	RecoveryOver
	TimestampMissing
	RackLost
	TailProbeLost

	// NumClauses is the number of clauses.
	NumClauses
)

// clauses is the registry.
var clauses = [NumClauses]struct{ id, text string }{
	OpenActive:              {"RFC9293-3.10.1-ACTIVE", "An initial send sequence number (ISS) is selected. A SYN segment of the form <SEQ=ISS><CTL=SYN> is sent."},
	OpenPassive:             {"RFC9293-3.10.1-PASSIVE", "If passive, enter the LISTEN state and return."},
	OpenAgain:               {"RFC9293-3.10.1-EXISTS", `Return "error: connection already exists".`},
	SendClosed:              {"RFC9293-3.10.2-CLOSED", `Otherwise, return "error: connection does not exist".`},
	SendEarly:               {"RFC9293-3.10.2-SYN", "Queue the data for transmission after entering ESTABLISHED state."},
	SendText:                {"RFC9293-3.10.2-ESTABLISHED", "Segmentize the buffer and send it with a piggybacked acknowledgment (acknowledgment value = RCV.NXT)."},
	SendClosing:             {"RFC9293-3.10.2-CLOSING", `Return "error: connection closing" and do not service request.`},
	ReceiveText:             {"RFC9293-3.10.3-TEXT", "Reassemble queued incoming segments into receive buffer and return to user."},
	ReceiveWait:             {"RFC9293-3.10.3-QUEUE", "If insufficient incoming segments are queued to satisfy the request, queue the request."},
	ReceiveEnd:              {"RFC9293-3.10.3-CLOSING", `If no text is awaiting delivery, the RECEIVE will get an "error: connection closing" response.`},
	ReceiveClosed:           {"RFC9293-3.10.3-CLOSED", `Otherwise, return "error: connection does not exist".`},
	CloseClosed:             {"RFC9293-3.10.4-CLOSED", `Otherwise, return "error: connection does not exist".`},
	CloseUnopened:           {"RFC9293-3.10.4-UNOPENED", `Delete the TCB and return "error: closing" responses to any queued SENDs, or RECEIVEs.`},
	CloseSynReceived:        {"RFC9293-3.10.4-SYN-RECEIVED", "otherwise, queue for processing after entering ESTABLISHED state."},
	CloseEstablished:        {"RFC9293-3.10.4-ESTABLISHED", "Queue this until all preceding SENDs have been segmentized, then form a FIN segment and send it. In any case, enter FIN-WAIT-1 state."},
	CloseCloseWait:          {"RFC9293-3.10.4-CLOSE-WAIT", "Queue this request until all preceding SENDs have been segmentized; then send a FIN segment, enter LAST-ACK state."},
	CloseDone:               {"RFC9293-3.10.4-CLOSING", `Respond with "error: connection closing".`},
	CloseUnread:             {"RFC9293-3.6.1-UNREAD", "If such a host issues a CLOSE call while received data is still pending in the TCP connection, or if new data is received after CLOSE is called, its TCP implementation SHOULD send a RST to show that data was lost (SHLD-3)."},
	CloseLinger:             {"SOCKET-LINGER-ZERO", "close() of a socket with SO_LINGER set to zero seconds is an ABORT (POSIX leaves it to the implementation; every stack here does it)"},
	ShutReceive:             {"SOCKET-SHUT-RD", "shutdown(SHUT_RD) concerns the application alone: no segment is sent"},
	FinWait2Limit:           {"SOCKET-FIN-WAIT-2-TIME", "a connection in FIN-WAIT-2 that no application holds ends after a time; RFC 9293 has no such limit"},
	AbortClosed:             {"RFC9293-3.10.5-CLOSED", `Otherwise, return "error: connection does not exist".`},
	AbortUnopened:           {"RFC9293-3.10.5-UNOPENED", "Delete the TCB, enter CLOSED state, and return."},
	AbortReset:              {"RFC9293-3.10.5-RESET", "Send a reset segment: <SEQ=SND.NXT><CTL=RST>"},
	AbortQuiet:              {"RFC9293-3.10.5-CLOSING", `Respond with "ok" and delete the TCB, enter CLOSED state, and return.`},
	AbortKilled:             {"SOCKET-DESTROY", "an operator ends the connection: ABORT with ECONNABORTED (Linux net/ipv4/tcp.c, tcp_abort)"},
	ClosedReset:             {"RFC9293-3.10.7.1-RST", "An incoming segment containing a RST is discarded."},
	ClosedSegment:           {"RFC9293-3.10.7.1", "An incoming segment not containing a RST causes a RST to be sent in response."},
	ListenReset:             {"RFC9293-3.10.7.2-RST", "An incoming RST segment could not be valid since it could not have been sent in response to anything sent by this incarnation of the connection. An incoming RST should be ignored."},
	ListenAck:               {"RFC9293-3.10.7.2-ACK", "Any acknowledgment is bad if it arrives on a connection still in the LISTEN state. An acceptable reset segment should be formed for any arriving ACK-bearing segment."},
	ListenSyn:               {"RFC9293-3.10.7.2-SYN", "Set RCV.NXT to SEG.SEQ+1, IRS is set to SEG.SEQ, and any other control or text should be queued for processing later. ISS should be selected and a SYN segment sent of the form: <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>"},
	ListenOther:             {"RFC9293-3.10.7.2-OTHER", "This should not be reached. Drop the segment and return."},
	SynSentBadAck:           {"RFC9293-3.10.7.3-ACK", "If SEG.ACK =< ISS or SEG.ACK > SND.NXT, send a reset (unless the RST bit is set, if so drop the segment and return)"},
	SynSentBadEcho:          {"RFC7323-3.2-SYN-SENT", "the echoed timestamp of a SYN-ACK must be one that was sent (Linux net/ipv4/tcp_input.c, tcp_rcv_synsent_state_process)"},
	SynSentReset:            {"RFC9293-3.10.7.3-RST", `If the ACK was acceptable, then signal to the user "error: connection reset", drop the segment, enter CLOSED state, delete TCB, and return.`},
	SynSentResetNoAck:       {"RFC9293-3.10.7.3-RST-NO-ACK", "Otherwise (no ACK), drop the segment and return."},
	SynSentResetSeq:         {"RFC9293-3.10.7.3-RST-SEQ", "A TCP implementation that supports the mitigation described in RFC 5961 SHOULD first check that the sequence number exactly matches RCV.NXT prior to executing the action in the next paragraph."},
	SynSentSynAck:           {"RFC9293-3.10.7.3-SYN-ACK", "If SND.UNA > ISS (our SYN has been ACKed), change the connection state to ESTABLISHED, form an ACK segment <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK> and send it."},
	SynSentSimultaneous:     {"RFC9293-3.10.7.3-SYN", "Otherwise, enter SYN-RECEIVED, form a SYN,ACK segment <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK> and send it."},
	SynSentNeither:          {"RFC9293-3.10.7.3-NEITHER", "Fifth, if neither of the SYN or RST bits is set, then drop the segment and return."},
	SeqAcceptable:           {"RFC9293-3.10.7.4-SEQ", "Segments are processed in sequence."},
	SeqUnacceptable:         {"RFC9293-3.10.7.4-SEQ-ACK", "If an incoming segment is not acceptable, an acknowledgment should be sent in reply (unless the RST bit is set, if so drop the segment and return)"},
	SeqUnacceptableReset:    {"RFC9293-3.10.7.4-SEQ-RST", "unless the RST bit is set, if so drop the segment and return"},
	Paws:                    {"RFC7323-5.3-R1", "If there is a Timestamps option in the arriving segment, SEG.TSval < TS.Recent, TS.Recent is valid (see later discussion), and if the RST bit is not set, then treat the arriving segment as not acceptable"},
	SynReceivedEcho:         {"LINUX-TSECR", "in SYN-RECEIVED an ACK must echo the timestamp of a SYN-ACK that was sent (Linux net/ipv4/tcp_minisocks.c, tcp_check_req)"},
	SynAckAgain:             {"RFC9293-3.10.7.4-SYN-AGAIN", "the SYN of the connection has come again: the SYN-ACK is sent again (Linux net/ipv4/tcp_minisocks.c, tcp_check_req)"},
	AnswerAck:               {"RFC9293-3.10.7.4-SEQ-SEND", "<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>"},
	AnswerLimited:           {"RFC5961-7", "An implementation SHOULD include an ACK throttling mechanism to be conservative."},
	ChallengeAck:            {"RFC5961-3.2-CHALLENGE", "TCP MUST send an acknowledgment (challenge ACK)"},
	ResetInWindow:           {"RFC793-3.4-RST", "In all states except SYN-SENT, all reset (RST) segments are validated by checking their SEQ-fields. A reset is valid if its sequence number is in the window."},
	ResetExact:              {"RFC9293-3.10.7.4-RST-EXACT", "If the RST bit is set and the sequence number exactly matches the next expected sequence number (RCV.NXT), then TCP endpoints MUST reset the connection in the manner prescribed below according to the connection state."},
	ResetChallenge:          {"RFC9293-3.10.7.4-RST-CHALLENGE", "If the RST bit is set and the sequence number does not exactly match the next expected sequence value, yet is within the current receive window, TCP endpoints MUST send an acknowledgment (challenge ACK)"},
	ResetSackEdge:           {"LINUX-RST-SACK", "a RST at the right edge of the highest SACK block is exact (Linux net/ipv4/tcp_input.c, tcp_validate_incoming)"},
	FinEdgeResetRule:        {"LINUX-RST-FIN", "a RST at RCV.NXT-1 after the FIN resets: the peer may not count its FIN (Linux net/ipv4/tcp_input.c, tcp_reset_check)"},
	ResetSynReceivedPassive: {"RFC9293-3.10.7.4-RST-SYN-RECEIVED", "If this connection was initiated with a passive OPEN (i.e., came from the LISTEN state), then return this connection to LISTEN state and return."},
	ResetSynReceivedActive:  {"RFC9293-3.10.7.4-RST-REFUSED", `If this connection was initiated with an active OPEN (i.e., came from SYN-SENT state), then the connection was refused; signal the user "connection refused".`},
	ResetSynchronized:       {"RFC9293-3.10.7.4-RST-RESET", `If the RST bit is set, then any outstanding RECEIVEs and SEND should receive "reset" responses.`},
	ResetClosing:            {"RFC9293-3.10.7.4-RST-CLOSING", "If the RST bit is set, then enter the CLOSED state, delete the TCB, and return."},
	SynReceivedSynAck:       {"RFC9293-3.5-SIMULTANEOUS", "Simultaneous initiation is only slightly more complex"},
	SynReceivedSynPassive:   {"RFC9293-3.10.7.4-SYN-PASSIVE", "If the connection was initiated with a passive OPEN, then return this connection to the LISTEN state and return."},
	SynChallenged:           {"RFC5961-4.2", "If the SYN bit is set, irrespective of the sequence number, TCP MUST send an ACK (also referred to as challenge ACK) to the remote peer"},
	SynResets:               {"RFC793-3.9-SYN", `If the SYN is in the window it is an error, send a reset, any outstanding RECEIVEs and SEND should receive "reset" responses`},
	AckOff:                  {"RFC9293-3.10.7.4-ACK-OFF", "if the ACK bit is off, drop the segment and return"},
	SynReceivedAck:          {"RFC9293-3.10.7.4-ACK-SYN-RECEIVED", "If SND.UNA < SEG.ACK =< SND.NXT, then enter ESTABLISHED state and continue processing"},
	SynReceivedBadAck:       {"RFC9293-3.10.7.4-ACK-RST", "If the segment acknowledgment is not acceptable, form a reset segment <SEQ=SEG.ACK><CTL=RST> and send it."},
	AckEstablished:          {"RFC9293-3.10.7.4-ACK-SAME", "Do the same processing as for the ESTABLISHED state."},
	AckFinWait1:             {"RFC9293-3.10.7.4-ACK-FIN-WAIT-1", "if the FIN segment is now acknowledged, then enter FIN-WAIT-2 and continue processing in that state"},
	AckClosing:              {"RFC9293-3.10.7.4-ACK-CLOSING", "if the ACK acknowledges our FIN, then enter the TIME-WAIT state; otherwise, ignore the segment"},
	AckLastAck:              {"RFC9293-3.10.7.4-ACK-LAST-ACK", "If our FIN is now acknowledged, delete the TCB, enter the CLOSED state, and return."},
	AckFuture:               {"RFC9293-3.10.7.4-ACK-FUTURE", "If the ACK acks something not yet sent (SEG.ACK > SND.NXT), then send an ACK, drop the segment, and return."},
	AckTooOld:               {"RFC5961-5.2", "All incoming segments whose ACK value doesn't satisfy the above condition MUST be discarded and an ACK sent back."},
	AckOld:                  {"RFC9293-3.10.7.4-ACK-OLD", "If the ACK is a duplicate (SEG.ACK =< SND.UNA), it can be ignored."},
	AckNew:                  {"RFC9293-3.10.7.4-ACK-NEW", "If SND.UNA < SEG.ACK =< SND.NXT, then set SND.UNA <- SEG.ACK."},
	AckDuplicate:            {"RFC5681-2-DUPLICATE", `An acknowledgment is considered a "duplicate" in the following algorithms when (a) the receiver of the ACK has outstanding data`},
	WindowTaken:             {"RFC9293-3.10.7.4-WINDOW", "set SND.WND <- SEG.WND, set SND.WL1 <- SEG.SEQ, and set SND.WL2 <- SEG.ACK"},
	WindowOld:               {"RFC9293-3.10.7.4-WINDOW-OLD", "The check here prevents using old segments to update the window."},
	WindowOpened:            {"RFC9293-3.8.6.1-OPEN", "the window is open again: probing ends"},
	TextInOrder:             {"RFC9293-3.10.7.4-TEXT", "Once in the ESTABLISHED state, it is possible to deliver segment data to user RECEIVE buffers."},
	TextAside:               {"RFC9293-3.10.7.4-TEXT-ASIDE", "Segments with higher beginning sequence numbers SHOULD be held for later processing"},
	TextJoined:              {"RFC9293-3.10.7.4-TEXT-JOINED", "further processing is done in SEG.SEQ order"},
	TextOld:                 {"RFC9293-3.10.7.4-TEXT-OLD", "Initial tests on arrival are used to discard old duplicates"},
	TextNoRoom:              {"RFC9293-3.10.7.4-TEXT-ZERO", "If the RCV.WND is zero, no segments will be acceptable, but special allowance should be made to accept valid ACKs, URGs, and RSTs."},
	TextAfterFin:            {"RFC9293-3.10.7.4-TEXT-AFTER-FIN", "This should not occur since a FIN has been received from the remote side. Ignore the segment text."},
	TextRefused:             {"RFC1122-4.2.2.13", "if new data is received after CLOSE is called, its TCP SHOULD send a RST to show that data was lost"},
	TextAfterClose:          {"RFC1122-4.2.2.13-RST", "the RST that shows that data was lost"},
	FinEstablished:          {"RFC9293-3.10.7.4-FIN", "Enter the CLOSE-WAIT state."},
	FinFinWait1:             {"RFC9293-3.10.7.4-FIN-FIN-WAIT-1", "otherwise, enter the CLOSING state"},
	FinFinWait2:             {"RFC9293-3.10.7.4-FIN-FIN-WAIT-2", "Enter the TIME-WAIT state. Start the time-wait timer, turn off the other timers."},
	TimeWaitFin:             {"RFC9293-3.10.7.4-TIME-WAIT", "The only thing that can arrive in this state is a retransmission of the remote FIN. Acknowledge it, and restart the 2 MSL timeout."},
	TimeWaitBareAck:         {"LINUX-TIME-WAIT-ACK", "an ACK without text at RCV.NXT restarts the time (Linux net/ipv4/tcp_minisocks.c, tcp_timewait_state_process)"},
	TimeWaitKept:            {"RFC1337-3-F1", "Ignore RST segments in TIME-WAIT state."},
	TimeWaitAssassinated:    {"RFC9293-3.10.7.4-RST-TIME-WAIT", "If the RST bit is set, then enter the CLOSED state, delete the TCB, and return."},
	TimeWaitReused:          {"RFC9293-3.6.1-REOPEN", "it MAY accept a new SYN from the remote TCP endpoint to reopen the connection directly from TIME-WAIT state (MAY-2)"},
	TimeWaitOver:            {"RFC9293-3.10.8-TIME-WAIT", "If the time-wait timeout expires on a connection, delete the TCB, enter the CLOSED state, and return."},
	TimeoutRetransmit:       {"RFC6298-5.4", "Retransmit the earliest segment that has not been acknowledged by the TCP receiver."},
	TimeoutR2:               {"RFC9293-3.8.3-R2", "When the number of transmissions of the same segment reaches a threshold R2 greater than R1, close the connection."},
	TimeoutSynAgain:         {"RFC9293-3.8.3-SYN", "the SYN or SYN-ACK is sent again"},
	TimeoutSyn:              {"RFC9293-3.8.3-SYN-R2", "However, the values of R1 and R2 may be different for SYN and data segments."},
	RackTimer:               {"RFC8985-6.3", "When RACK_detect_loss() sets a reordering timer, upon its expiry the sender marks what has been lost and sends it again"},
	RackLost:                {"RFC8985-6.2", "For each segment that has not been SACKed, RACK considers that segment lost if another segment that was sent later has been delivered, and the reordering window has passed."},
	TailProbeLost:           {"RFC8985-7.4", "a loss that the probe has repaired calls for the response of congestion control to a loss (netstack rack.go, detectTLPRecovery)"},
	LossProbe:               {"RFC8985-7.3", "When the PTO timer expires, the sender MUST check whether both of the following conditions are met before sending a loss probe"},
	PersistProbe:            {"RFC9293-3.8.6.1", "The sending TCP peer must regularly transmit at least one octet of new data (if available), or retransmit to the receiving TCP peer even if the send window is zero"},
	PersistOver:             {"RFC9293-3.8.6.1-LIMIT", "a connection that no application holds is not probed for ever (Linux net/ipv4/tcp_timer.c, tcp_probe_timer)"},
	AckSecond:               {"RFC9293-3.8.6.3-SECOND", "An ACK SHOULD be generated for at least every second full-sized segment"},
	AckDelayed:              {"RFC9293-3.8.6.3", "A TCP endpoint SHOULD implement a delayed ACK"},
	AckDelayedSent:          {"RFC9293-3.8.6.3-TIME", "the delay MUST be less than 0.5 seconds"},
	AckAtOnce:               {"RFC5681-4.2", "Out-of-order data segments SHOULD be acknowledged immediately, in order to accelerate loss recovery."},
	AckCompressed:           {"LINUX-COMPRESSED-SACK", "after three duplicate ACKs one that says more with SACK may wait for a millisecond (Linux net/ipv4/tcp_input.c, __tcp_ack_snd_check)"},
	KeepAliveProbe:          {"RFC9293-3.8.4", "Keep-alive packets MUST only be sent when no sent data is outstanding, and no data or acknowledgment packets have been received for the connection within an interval"},
	KeepAliveBusy:           {"RFC9293-3.8.4-BUSY", "sent data is outstanding, or something arrived within the interval: no probe"},
	KeepAliveOver:           {"RFC9293-3.8.4-DEAD", "if a keep-alive mechanism is implemented it MUST NOT interpret failure to respond to any specific probe as a dead connection"},
	NagleHold:               {"RFC9293-3.7.4", "If there is unacknowledged data (i.e., SND.NXT > SND.UNA), then the sending TCP endpoint buffers all user data (regardless of the PSH bit) until the outstanding data has been acknowledged or until the TCP endpoint can send a full-sized segment"},
	SwsSender:               {"RFC9293-3.8.6.2.1", "A TCP implementation MUST include a SWS avoidance algorithm in the sender"},
	SwsReceiver:             {"RFC9293-3.8.6.2.2", "A TCP implementation MUST include a SWS avoidance algorithm in the receiver"},
	RttSample:               {"RFC6298-2", "When the first RTT measurement R is made, the host MUST set SRTT <- R"},
	RttKarn:                 {"RFC6298-3", "RTT samples MUST NOT be made using segments that were retransmitted"},
	RttTimestamp:            {"RFC7323-4.1", "A TSecr value received in a segment MAY be used to update the averaged RTT measurement only if the segment advances the left edge of the send window, i.e., SND.UNA is increased."},
	RtoUnchanged:            {"RFC6298-5-COLLAPSE", `once a new RTT measurement is obtained (which can only happen when new data has been sent and acknowledged), the computations outlined in Section 2 are performed, including the computation of RTO, which may result in "collapsing" RTO back down after it has been subject to exponential back off (rule 5.5)`},
	RtoOff:                  {"RFC6298-5.2", "When all outstanding data has been acknowledged, turn off the retransmission timer."},
	RtoRestart:              {"RFC6298-5.3", "When an ACK is received that acknowledges new data, restart the retransmission timer so that it will expire after RTO seconds (for the current value of RTO)."},
	SlowStart:               {"RFC5681-3.1-SLOW", "During slow start, a TCP increments cwnd by at most SMSS bytes for each ACK received that cumulatively acknowledges new data."},
	CongestionAvoidance:     {"RFC5681-3.1-AVOID", "During congestion avoidance, cwnd is incremented by roughly 1 full-sized segment per round-trip time (RTT)."},
	RestartIdle:             {"RFC5681-4.1", "a TCP SHOULD set cwnd to no more than RW before beginning transmission if the TCP has not sent data in an interval exceeding the retransmission timeout"},
	FastRetransmit:          {"RFC5681-3.2", "The fast retransmit algorithm uses the arrival of 3 duplicate ACKs"},
	RecoveryUndone:          {"RFC4015-3.4", "a sender that finds that it has sent again for nothing restores its congestion control state"},
	RecoveryPartial:         {"RFC6582-3.2-PARTIAL", "retransmit the first unacknowledged segment"},
	AcceptQueueFull:         {"SOCKET-BACKLOG", "a SYN, or the ACK that completes a handshake, is dropped while the accept queue is full"},
	SynQueueFull:            {"RFC4987-2", "a SYN is dropped while the queue of half-open connections is full"},
	SynCookieSent:           {"RFC4987-3.6", "SYN cookies allow a server to send a SYN-ACK without keeping state"},
	SynCookieTaken:          {"RFC4987-3.6-ACK", "the ACK of a SYN cookie makes the connection"},
	IcmpIgnored:             {"RFC5927-4.1", "an ICMP error about a segment that is not in flight, or in a state where it is soft, is ignored"},
	IcmpOpening:             {"RFC9293-3.9.2.2", "These are hard error conditions, so TCP implementations SHOULD abort the connection (SHLD-26)."},
	IcmpTooBig:              {"RFC1191-6.4", "the packet that was too big is sent again in smaller ones"},
	TimestampMissing:        {"RFC7323-3.2", "If a non-<RST> segment is received without a TSopt, a TCP SHOULD silently drop the segment."},
	RecoveryOver:            {"RFC6582-3.2-FULL", "If this ACK acknowledges all of the data up to and including recover"},
}
