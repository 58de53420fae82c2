package tcpmodel

import (
	"fmt"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ProfileRow is one way in which stacks differ.
type ProfileRow struct {
	// Field is the name of the field of [Profile].
	Field string
	// Meaning says what the field decides.
	Meaning string
	// Cells are the values, in the order of [Profiles].
	Cells []ProfileCell
}

// ProfileCell is the value that a profile has, and where that is known from.
type ProfileCell struct {
	Value  string // as it is shown
	Source string // RFC and section, file and function of a kernel, or vendor documentation
}

// row is a row as it is written down. The sources stand in the order of
// Profiles; one that is empty is the stack's usual source.
type row struct {
	field, meaning string
	value          func(*Profile) any
	sources        [5]string
}

// usual is the source of what a row does not say more of.
var usual = [5]string{
	"RFC 9293",
	"Linux 6.18, net/ipv4",
	"gVisor v0.0.0-20260905035102, pkg/tcpip/transport/tcp",
	"FreeBSD 14.3, sys/netinet",
	"no document found: assumed, as RFC 9293",
}

var rows = []row{
	{"ResetValidation", "which RST ends a synchronised connection", func(p *Profile) any { return p.ResetValidation }, [5]string{"RFC 9293 3.10.7.4, RFC 5961 3.2", "tcp_input.c, tcp_validate_incoming", "connect.go, handleReset", "tcp_input.c, tcp_do_segment: \"RFC5961 Section 3.2\" (net.inet.tcp.insecure_rst=0)", "no document found: assumed, as RFC 9293 3.10.7.4"}},
	{"SynSentResetExact", "in SYN-SENT a RST must have the number 0", func(p *Profile) any { return p.SynSentResetExact }, [5]string{"RFC 9293 3.10.7.3: SHOULD", "tcp_input.c, tcp_rcv_synsent_state_process", "connect.go, synSentState", "tcp_input.c, tcp_do_segment", "no document found: assumed, as Linux and FreeBSD"}},
	{"SynReceivedReset", "which RST ends one in SYN-RECEIVED", func(p *Profile) any { return p.SynReceivedReset }, [5]string{"RFC 9293 3.10.7.4", "tcp_minisocks.c, tcp_check_req", "connect.go, synRcvdState", "tcp_syncache.c, syncache_chkrst", ""}},
	{"SynReceivedAckFirst", "in SYN-RECEIVED the ACK is checked before the sequence number", func(p *Profile) any { return p.SynReceivedAckFirst }, [5]string{"RFC 9293 3.10.7.4", "tcp_minisocks.c, tcp_check_req", "connect.go, synRcvdState", "tcp_syncache.c, syncache_expand", ""}},
	{"SynReceivedAnyAck", "any ACK ends the handshake of a simultaneous open", func(p *Profile) any { return p.SynReceivedAnyAck }, [5]string{"RFC 9293 3.10.7.4: SND.UNA < SEG.ACK =< SND.NXT", "tcp_input.c, tcp_rcv_state_process", "connect.go, synRcvdState: checkAck only with a listener", "tcp_input.c, tcp_do_segment", ""}},
	{"SynReceivedAnswersAll", "in SYN-RECEIVED all that lies outside the window is answered alike", func(p *Profile) any { return p.SynReceivedAnswersAll }, [5]string{"RFC 9293 3.10.7.4: as in other states", "tcp_minisocks.c, tcp_check_req", "connect.go, synRcvdState", "tcp_syncache.c, syncache_expand", ""}},
	{"SynReceivedResetAcks", "the RST that a SYN draws there has an ACK", func(p *Profile) any { return p.SynReceivedResetAcks }, [5]string{"RFC 9293 3.5.2", "tcp_ipv4.c, tcp_v4_send_reset", "connect.go, synRcvdState", "tcp_subr.c, tcp_respond", ""}},
	{"SynReceivedStrict", "an ACK that does not complete the handshake ends it", func(p *Profile) any { return p.SynReceivedStrict }, [5]string{"RFC 9293 3.10.7.4", "tcp_minisocks.c, tcp_check_req", "connect.go, synRcvdState", "tcp_syncache.c, syncache_expand; tcp_input.c, tcp_input_with_port (syncache_badack)", ""}},
	{"SynChallenge", "a SYN on a synchronised connection draws a challenge ACK", func(p *Profile) any { return p.SynChallenge }, [5]string{"RFC 9293 3.10.7.4, RFC 5961 4.2", "tcp_input.c, tcp_validate_incoming", "connect.go, handleSegmentLocked", "tcp_input.c, tcp_do_segment: \"RFC5961 Section 4.2\" (net.inet.tcp.insecure_syn=0)", ""}},
	{"AckRange", "an ACK older than SND.UNA-MAX.SND.WND is answered and dropped", func(p *Profile) any { return p.AckRange }, [5]string{"RFC 5961 5.2", "tcp_input.c, tcp_ack", "snd.go, handleRcvdSegment", "tcp_input.c, tcp_do_segment (net.inet.tcp.insecure_ack=0)", ""}},
	{"AckFromISS", "so is one older than our SYN", func(p *Profile) any { return p.AckFromISS }, [5]string{"RFC 5961 5.2", "tcp_input.c, tcp_ack: bytes_acked", "snd.go, handleRcvdSegment", "tcp_input.c, tcp_do_segment (rcvghostack)", ""}},
	{"AckOfISS", "but for one of its own number after an active OPEN", func(p *Profile) any { return p.AckOfISS }, [5]string{"RFC 5961 5.2", "tcp_input.c, tcp_snd_una_update", "", "", ""}},
	{"OldAckTaken", "the ACK of a segment with old text, or at a closed window, counts", func(p *Profile) any { return p.OldAckTaken }, [5]string{"RFC 9293 3.10.7.4", "tcp_input.c, tcp_validate_incoming", "connect.go, handleSegmentLocked", "tcp_input.c, tcp_do_segment: \"keep on processing for RST or ACK\"", ""}},
	{"SackEdgeReset", "a RST at the right edge of the highest SACK block ends the connection", func(p *Profile) any { return p.SackEdgeReset }, [5]string{"", "tcp_input.c, tcp_validate_incoming", "connect.go, handleReset", "tcp_input.c, tcp_do_segment: only last_ack_sent resets", ""}},
	{"FinEdgeReset", "so does one at RCV.NXT-1 after the peer's FIN", func(p *Profile) any { return p.FinEdgeReset }, [5]string{"", "tcp_input.c, tcp_reset_check", "rcv.go, acceptable", "tcp_input.c, tcp_do_segment: only last_ack_sent resets", ""}},
	{"ResetLastAck", "a RST is measured from the last ACK sent, not from RCV.NXT", func(p *Profile) any { return p.ResetLastAck }, [5]string{"RFC 9293 3.10.7.4", "tcp_input.c, tcp_validate_incoming", "connect.go, handleReset", "tcp_input.c, tcp_do_segment (last_ack_sent)", ""}},
	{"LeftEdgeLastAck", "the left edge of the window is the last ACK sent, not RCV.NXT", func(p *Profile) any { return p.LeftEdgeLastAck }, [5]string{"RFC 9293 3.4", "tcp_input.c, tcp_sequence", "rcv.go, acceptable", "tcp_input.c, tcp_do_segment (todrop): only for a RST, see ResetLastAck", ""}},
	{"RightEdgeOpen", "a segment that begins at the right edge is acceptable", func(p *Profile) any { return p.RightEdgeOpen }, [5]string{"RFC 9293 3.4", "tcp_input.c, tcp_sequence", "rcv.go, acceptable", "tcp_input.c, tcp_do_segment (todrop): only one without text and RST, which is not modelled", ""}},
	{"TextWindow", "the window test counts text only, and its right edge is included", func(p *Profile) any { return p.TextWindow }, [5]string{"RFC 9293 3.4", "tcp_input.c, tcp_sequence", "rcv.go, acceptable; header/tcp.go, Acceptable", "tcp_input.c, tcp_do_segment (todrop)", ""}},
	{"Paws", "segments with an old timestamp are refused", func(p *Profile) any { return p.Paws }, [5]string{"RFC 7323 5", "tcp_input.c, tcp_validate_incoming", "rcv.go, handleTimeWaitSegment: \"we do not yet support PAWS\"", "tcp_input.c, tcp_do_segment: \"RFC 1323 PAWS\"", "RFC 7323 5; without timestamps it does nothing"}},
	{"OldWindows", "old segments change the send window too", func(p *Profile) any { return p.OldWindows }, [5]string{"RFC 9293 3.10.7.4: SND.WL1, SND.WL2", "tcp_input.c, tcp_may_update_window", "snd.go, handleRcvdSegment", "tcp_input.c, tcp_do_segment", ""}},
	{"PawsTextOnly", "and are answered only when they have text", func(p *Profile) any { return p.PawsTextOnly }, [5]string{"RFC 7323 5.3 R1", "tcp_input.c, tcp_validate_incoming", "", "tcp_input.c, tcp_do_segment (pawsdrop)", ""}},
	{"PawsAckSilent", "but an old ACK without text is not answered", func(p *Profile) any { return p.PawsAckSilent }, [5]string{"RFC 7323 5.3: an acknowledgment in reply", "tcp_input.c, tcp_disordered_ack_check", "", "tcp_input.c, tcp_do_segment", ""}},
	{"EcrCheck", "before ESTABLISHED an ACK must echo the timestamp of a SYN", func(p *Profile) any { return p.EcrCheck }, [5]string{"", "tcp_input.c, tcp_rcv_synsent_state_process; tcp_minisocks.c, tcp_check_req", "connect.go, synSentState and synRcvdState", "tcp_input.c, tcp_do_segment; tcp_syncache.c, syncache_expand: looks at TSval only", ""}},
	{"LateTimestamp", "TS.Recent is taken behind the check of the ACK", func(p *Profile) any { return p.LateTimestamp }, [5]string{"RFC 7323 4.3, 5.3 R3", "tcp_input.c, tcp_replace_ts_recent", "snd.go, handleRcvdSegment; connect.go, handleSegmentLocked", "tcp_input.c, tcp_do_segment", ""}},
	{"SynReceivedTimestamp", "in SYN-RECEIVED an ACK without timestamps is dropped", func(p *Profile) any { return p.SynReceivedTimestamp }, [5]string{"RFC 7323 3.2: SHOULD drop it; here it is taken in every state", "tcp_minisocks.c, tcp_check_req", "connect.go, synRcvdState", "tcp_syncache.c, syncache_expand (net.inet.tcp.tolerate_missing_ts)", ""}},
	{"FutureAckSilent", "in ESTABLISHED an ACK of what was never sent is dropped silently", func(p *Profile) any { return p.FutureAckSilent }, [5]string{"RFC 9293 3.10.7.4", "tcp_input.c, tcp_rcv_established", "snd.go, handleRcvdSegment", "tcp_input.c, tcp_do_segment (tcps_rcvacktoomuch): dropafterack", ""}},
	{"FutureAckText", "but its text is taken", func(p *Profile) any { return p.FutureAckText }, [5]string{"RFC 9293 3.10.7.4", "tcp_input.c, tcp_rcv_established", "connect.go, handleSegmentLocked: the receiver comes before the sender", "tcp_input.c, tcp_do_segment (tcps_rcvacktoomuch)", ""}},
	{"SynAckUnacceptable", "the SYN-ACK of a simultaneous open draws an ACK only", func(p *Profile) any { return p.SynAckUnacceptable }, [5]string{"RFC 9293 3.5", "tcp_input.c, tcp_rcv_state_process", "connect.go, synRcvdState", "tcp_input.c, tcp_do_segment: the SYN is trimmed and the ACK processed", ""}},
	{"LateFinDropped", "a FIN without text that overtakes text is dropped", func(p *Profile) any { return p.LateFinDropped }, [5]string{"RFC 9293 3.10.7.4", "tcp_input.c, tcp_data_queue_ofo", "rcv.go, handleRcvdSegment: its end is taken for acknowledged", "tcp_reass.c, tcp_reass", ""}},
	{"AsideHeap", "each copy of text out of order is kept, in a heap", func(p *Profile) any { return p.AsideHeap }, [5]string{"RFC 9293 3.10.7.4", "tcp_input.c, tcp_data_queue_ofo: the first stays", "rcv.go, handleRcvdSegment; segment_heap.go", "tcp_reass.c, tcp_reass: the first stays", ""}},
	{"SecondFin", "a FIN behind the peer's FIN is taken for one more", func(p *Profile) any { return p.SecondFin }, [5]string{"RFC 9293 3.10.7.4: remain in the state", "tcp_input.c, tcp_fin", "rcv.go, consumeSegment", "tcp_input.c, tcp_do_segment (TCPS_HAVERCVDFIN)", ""}},
	{"TextAfterFinResets", "text behind the peer's FIN resets in CLOSING and LAST-ACK", func(p *Profile) any { return p.TextAfterFinResets }, [5]string{"RFC 9293 3.10.7.4: \"Ignore the segment text.\"", "tcp_input.c, tcp_data_queue", "rcv.go, handleRcvdSegmentClosing", "tcp_input.c, tcp_do_segment", ""}},
	{"TextOverFinResets", "so does text that begins before the FIN and ends behind it, in CLOSE-WAIT too", func(p *Profile) any { return p.TextOverFinResets }, [5]string{"RFC 9293 3.10.7.4: \"Ignore the segment text.\"", "tcp_input.c, tcp_rcv_state_process: TCPABORTONDATA", "rcv.go, handleRcvdSegmentClosing", "tcp_input.c, tcp_do_segment", ""}},
	{"BehindFinDropped", "what begins behind the peer's FIN is dropped whole", func(p *Profile) any { return p.BehindFinDropped }, [5]string{"RFC 9293 3.10.7.4: the ACK comes before the text", "tcp_input.c, tcp_rcv_state_process", "rcv.go, handleRcvdSegmentClosing", "tcp_input.c, tcp_do_segment", ""}},
	{"ChallengeInterval", "the time in which so many challenge ACKs and answers are sent on a connection", func(p *Profile) any { return p.ChallengeInterval }, [5]string{"RFC 5961 7: \"no more than 10 challenge ACKs\" in 5 seconds, as an example", "tcp_input.c, tcp_send_challenge_ack and tcp_oow_rate_limited (tcp_invalid_ratelimit)", "endpoint.go, allowOutOfWindowAck", "tcp_subr.c, tcp_send_challenge_ack (net.inet.tcp.ack_war_timewindow); other answers have no limit there, and this one here", "not documented: as RFC 5961"}},
	{"ChallengeCount", "how many", func(p *Profile) any { return p.ChallengeCount }, [5]string{"RFC 5961 7", "tcp_input.c, tcp_oow_rate_limited", "endpoint.go, allowOutOfWindowAck", "net.inet.tcp.ack_war_cnt", "not documented: as RFC 5961"}},
	{"ChallengeText", "segments with text are answered without that limit", func(p *Profile) any { return p.ChallengeText }, [5]string{"RFC 5961 7 leaves it open", "tcp_input.c, tcp_send_challenge_ack", "snd.go, maybeSendOutOfWindowAck", "tcp_input.c, tcp_send_challenge_ack", ""}},
	{"FinAnswered", "a FIN that is not acceptable is answered without this limit", func(p *Profile) any { return p.FinAnswered }, [5]string{"RFC 9293 3.10.7.4", "tcp_input.c, tcp_oow_rate_limited", "snd.go, maybeSendOutOfWindowAck: only text is", "tcp_input.c, tcp_do_segment", ""}},
	{"CloseUnreadResets", "close() with unread data sends RST", func(p *Profile) any { return p.CloseUnreadResets }, [5]string{"RFC 9293 3.6.1, RFC 2525 2.17", "tcp.c, __tcp_close", "endpoint.go, closeLocked", "tcp_usrreq.c, tcp_disconnect: sbflush, then FIN", "no document found (Microsoft, closesocket, leaves unread data out): assumed, as RFC 2525 2.17"}},
	{"TimeWaitUnreadResets", "and it does so in TIME-WAIT", func(p *Profile) any { return p.TimeWaitUnreadResets }, [5]string{"RFC 9293 3.10.4", "tcp_minisocks.c, tcp_time_wait: the socket has closed before", "endpoint.go, shutdownLocked", "tcp_usrreq.c, tcp_usr_close: nothing in TIME-WAIT", ""}},
	{"LingerResetsOpen", "SO_LINGER of zero has no effect in CLOSING and LAST-ACK", func(p *Profile) any { return p.LingerResetsOpen }, [5]string{"RFC 9293 3.10.5", "tcp.c, __tcp_close", "endpoint.go, closeLocked", "tcp_usrreq.c, tcp_disconnect; sys/kern/uipc_socket.c, soclose: while SS_ISCONNECTED", ""}},
	{"AckInOrderOnly", "the ACK of the FIN counts in the next segment in order only", func(p *Profile) any { return p.AckInOrderOnly }, [5]string{"RFC 9293 3.10.7.4", "tcp_input.c, tcp_rcv_state_process", "rcv.go, consumeSegment", "tcp_input.c, tcp_do_segment (ourfinisacked)", ""}},
	{"ShutHandshake", "where shutdown() fails an OPEN with ECONNRESET", func(p *Profile) any { return p.ShutHandshake }, [5]string{"RFC 9293 3.10.4", "af_inet.c, inet_shutdown: tcp_disconnect; tcp.c, tcp_shutdown; tcp_input.c, tcp_rcv_state_process", "endpoint.go, Shutdown", "tcp_usrreq.c, tcp_usr_shutdown", ""}},
	{"OrphanReset", "the RST that data after close() draws", func(p *Profile) any { return p.OrphanReset }, [5]string{"RFC 9293 3.5.2", "tcp_ipv4.c, tcp_v4_send_reset", "connect.go, resetConnectionLocked", "tcp_input.c, tcp_do_segment (TF_CLOSED); tcp_dropwithreset", ""}},
	{"ResetEdge", "the number of a RST where the window was made smaller than what was sent", func(p *Profile) any { return p.ResetEdge }, [5]string{"RFC 9293 3.10.5: SND.NXT", "tcp_output.c, tcp_send_active_reset, tcp_acceptable_seq", "connect.go, resetConnectionLocked: sndWndEnd", "tcp_output.c, tcp_default_output", ""}},
	{"AbortAfterShutdown", "data after shutdown(SHUT_RDWR) resets the connection", func(p *Profile) any { return p.AbortAfterShutdown }, [5]string{"", "tcp_input.c, tcp_rcv_state_process", "rcv.go, handleRcvdSegmentClosing does, but package netsim/netstack does not tell it of shutdown(SHUT_RD)", "tcp_input.c, tcp_do_segment: only TF_CLOSED, which tcp_usr_close sets", ""}},
	{"RefusedFirst", "its acknowledgment is not taken", func(p *Profile) any { return p.RefusedFirst }, [5]string{"RFC 9293 3.10.7.4: the ACK is the fifth check, the text the seventh", "tcp_input.c, tcp_rcv_state_process", "rcv.go, handleRcvdSegmentClosing", "tcp_input.c, tcp_do_segment", ""}},
	{"AheadRefused", "after close() an ACK beyond RCV.NXT is taken for text, and refused", func(p *Profile) any { return p.AheadRefused }, [5]string{"RFC 9293 3.10.7.4", "tcp_input.c, tcp_rcv_state_process", "rcv.go, handleRcvdSegmentClosing", "tcp_input.c, tcp_do_segment (TF_CLOSED): only with text", ""}},
	{"SynReceivedAbortQuiet", "ABORT in SYN-RECEIVED sends no RST", func(p *Profile) any { return p.SynReceivedAbortQuiet }, [5]string{"RFC 9293 3.10.5", "tcp.c, tcp_need_reset", "endpoint.go, Abort: only of states that are connected", "tcp_subr.c, tcp_drop", ""}},
	{"SynReceivedLingerBare", "the RST of SO_LINGER zero in SYN-RECEIVED has no numbers", func(p *Profile) any { return p.SynReceivedLingerBare }, [5]string{"RFC 9293 3.10.5: <SEQ=SND.NXT>", "tcp.c, tcp_disconnect", "connect.go, resetConnectionLocked: without a sender they are 0", "tcp_usrreq.c, tcp_disconnect", ""}},
	{"AbortAlwaysResets", "ABORT in CLOSING, LAST-ACK and TIME-WAIT sends RST", func(p *Profile) any { return p.AbortAlwaysResets }, [5]string{"RFC 9293 3.10.5: \"Respond with \"ok\" and delete the TCB\"", "tcp.c, tcp_need_reset", "endpoint.go, Abort: of all states that are connected", "tcp_subr.c, tcp_drop", ""}},
	{"SynReceivedCloseQuiet", "CLOSE in SYN-RECEIVED sends no FIN: the connection is deleted", func(p *Profile) any { return p.SynReceivedCloseQuiet }, [5]string{"RFC 9293 3.10.4", "tcp.c, tcp_close_state", "endpoint.go, closeNoShutdownLocked", "tcp_usrreq.c, tcp_usrclosed", ""}},
	{"SynReceivedNoReceive", "RECEIVE in SYN-RECEIVED fails with ENOTCONN", func(p *Profile) any { return p.SynReceivedNoReceive }, [5]string{"RFC 9293 3.10.3: \"Queue for processing after entering ESTABLISHED state.\"", "tcp.c, tcp_recvmsg_locked", "endpoint.go, checkReadLocked", "sys/kern/uipc_socket.c, soreceive_generic_locked", ""}},
	{"KeepReceived", "received data stays readable after a RST", func(p *Profile) any { return p.KeepReceived }, [5]string{"RFC 9293 3.10.7.4 flushes segment queues, not what was received", "tcp.c, tcp_recvmsg_locked", "endpoint.go, Read", "tcp_subr.c, tcp_close; sys/kern/uipc_socket.c, soisdisconnected, soreceive_generic", "no document found: assumed, as RFC 9112 9.6 warns: \"the reset packet might erase the client's unacknowledged input buffers\""}},
	{"ResetErrno", "what a RST leaves in ESTABLISHED", func(p *Profile) any { return p.ResetErrno }, [5]string{"RFC 9293 3.10.7.4", "tcp_input.c, tcp_reset", "connect.go, handleReset", "tcp_input.c, tcp_do_segment (so_error); a SEND gets EPIPE first in sosend_generic_locked: not modelled", "Microsoft, CAsyncSocket::OnClose: WSAECONNRESET, \"The connection was reset by the remote side\""}},
	{"CloseWaitErrno", "what it leaves in CLOSE-WAIT", func(p *Profile) any { return p.CloseWaitErrno }, [5]string{"RFC 9293 3.10.7.4", "tcp_input.c, tcp_reset", "connect.go, handleReset", "tcp_input.c, tcp_do_segment (so_error)", "Microsoft, CAsyncSocket::OnClose: WSAECONNRESET, \"The connection was reset by the remote side\""}},
	{"FinWait2Time", "how long a closed socket stays in FIN-WAIT-2", func(p *Profile) any { return p.FinWait2Time }, [5]string{"RFC 9293 has no limit; 60 s so that a run ends", "tcp_fin_timeout", "protocol.go, DefaultTCPLingerTimeout", "tcp_timer.c, tcp_timer_2msl: TP_MAXIDLE and once TP_KEEPINTVL (net.inet.tcp.fast_finwait2_recycle=0)", "Microsoft KB 923200 (Windows Server 2003): \"FIN_WAIT_2 for two minutes\"; newer not documented"}},
	{"FinWait2Bare", "a closed socket in FIN-WAIT-2 is reduced to its numbers", func(p *Profile) any { return p.FinWait2Bare }, [5]string{"", "tcp_minisocks.c, tcp_timewait_state_process", "", "tcp_timewait.c, tcp_twstart: no compressed states since FreeBSD 14", ""}},
	{"TimeWait", "how long TIME-WAIT lasts", func(p *Profile) any { return p.TimeWait }, [5]string{"RFC 9293 3.4.2: 2 MSL of 2 minutes", "include/net/tcp.h, TCP_TIMEWAIT_LEN", "protocol.go, DefaultTCPTimeWaitTimeout", "tcp_timewait.c, tcp_twstart: 2 * net.inet.tcp.msl of 30 s", "Microsoft TechNet cc757512, TcpTimedWaitDelay (Windows Server 2003): 120 seconds; newer not documented"}},
	{"Assassination", "a RST ends TIME-WAIT", func(p *Profile) any { return p.Assassination }, [5]string{"RFC 1337 3", "tcp_minisocks.c, tcp_timewait_state_process (tcp_rfc1337=0)", "rcv.go, handleTimeWaitSegment", "tcp_timewait.c, tcp_twcheck: \"Drop the segment - see Stevens, vol. 2, p. 964 and RFC 1337\"", ""}},
	{"TimeWaitFinOnly", "only the FIN that comes again restarts TIME-WAIT", func(p *Profile) any { return p.TimeWaitFinOnly }, [5]string{"RFC 9293 3.10.7.4", "tcp_minisocks.c, tcp_timewait_state_process", "rcv.go, handleTimeWaitSegment", "tcp_timewait.c, tcp_twcheck: \"Reset the 2MSL timer if this is a duplicate FIN\"", ""}},
	{"TimeWaitReuse", "a newer SYN opens a new connection in TIME-WAIT", func(p *Profile) any { return p.TimeWaitReuse }, [5]string{"RFC 9293 3.6.1 (MAY-2), RFC 6191", "tcp_minisocks.c, tcp_timewait_state_process", "rcv.go, handleTimeWaitSegment", "tcp_timewait.c, tcp_twcheck", ""}},
	{"TimeWaitAnySyn", "a SYN-ACK ends TIME-WAIT too", func(p *Profile) any { return p.TimeWaitAnySyn }, [5]string{"RFC 9293 3.6.1: a new SYN", "tcp_minisocks.c, tcp_timewait_state_process", "connect.go, handleTimeWaitSegments", "tcp_timewait.c, tcp_twcheck", ""}},
	{"TimeWaitReuseSeq", "by its sequence number alone", func(p *Profile) any { return p.TimeWaitReuseSeq }, [5]string{"RFC 6191 2", "tcp_minisocks.c, tcp_timewait_state_process", "rcv.go, handleTimeWaitSegment", "tcp_timewait.c, tcp_twcheck", ""}},
	{"NumberTick", "clock of initial sequence numbers", func(p *Profile) any { return p.NumberTick }, [5]string{"RFC 9293 3.4.1, RFC 6528 3", "net/core/secure_seq.c, seq_scale: 64 ns; as RFC 6528 here", "connect.go, generateSecureISN", "tcp_subr.c, tcp_new_isn: 1 MB a second and a random number; as RFC 6528 here", ""}},
	{"SynRetries", "retransmissions of a SYN", func(p *Profile) any { return p.SynRetries }, [5]string{"RFC 9293 3.8.3: at least 3 minutes", "tcp_syn_retries", "protocol.go, DefaultSynRetries", "tcp_timer.c, net.inet.tcp.retries: TCP_MAXRXTSHIFT", "Microsoft, Set-NetTCPSetting, MaxSynRetransmissions, without the default: 4 is assumed (TechNet cc758896, Windows Server 2003: 2)"}},
	{"SynLinear", "and of these without back-off", func(p *Profile) any { return p.SynLinear }, [5]string{"RFC 6298 5.5", "tcp_syn_linear_timeouts", "connect.go, backoffTimer", "tcp_timer.c, tcp_backoff begins 1, 2, 4", ""}},
	{"SynHurry", "time-out of the SYN after a bad ACK", func(p *Profile) any { return p.SynHurry }, [5]string{"RFC 6298 2.1: 1 second", "tcp_input.c, tcp_rcv_synsent_state_process: sooner once, without effect on the back-off", "connect.go, synSentState (tcpMinTimeout)", "tcp_input.c, tcp_do_segment", ""}},
	{"SynAckRetries", "retransmissions of a SYN-ACK", func(p *Profile) any { return p.SynAckRetries }, [5]string{"RFC 9293 3.8.3", "tcp_synack_retries", "connect.go, retransmitHandlerLocked", "tcp_syncache.c, SYNCACHE_MAXREXMTS (net.inet.tcp.syncache.rexmtlimit)", "no document found: assumed, as SynRetries (TechNet cc938208, Windows 2000: 2)"}},
	{"SynKept", "a SYN that is sent again has the options of the first", func(p *Profile) any { return p.SynKept }, [5]string{"", "tcp_output.c, tcp_syn_options", "connect.go, retransmitHandlerLocked (sendSYNOpts) and synSentState", "tcp_output.c, tcp_addoptions", ""}},
	{"SynAckAgain", "a SYN that comes again draws the SYN-ACK, not an ACK", func(p *Profile) any { return p.SynAckAgain }, [5]string{"RFC 9293 3.10.7.4", "tcp_minisocks.c, tcp_check_req", "connect.go, synRcvdState", "tcp_syncache.c, syncache_add: \"resend the SYN,ACK\"", ""}},
	{"SynCountHeeded", "TCP_SYNCNT and TCP_USER_TIMEOUT apply while connecting", func(p *Profile) any { return p.SynCountHeeded }, [5]string{"RFC 9293 3.9.1.1: a timeout of OPEN", "tcp_timer.c, tcp_write_timeout", "connect.go, retransmitHandlerLocked", "there is no such option", "no document found: assumed; TCP_MAXRT is not modelled"}},
	{"IcmpSynReceived", "an ICMP error ends a connection in SYN-RECEIVED", func(p *Profile) any { return p.IcmpSynReceived }, [5]string{"RFC 9293 3.9.2.2", "tcp_ipv4.c, tcp_v4_err", "endpoint.go, onICMPError", "tcp_syncache.c, syncache_unreach: not before three retransmissions", ""}},
	{"IcmpFew", "TCP learns of Destination Unreachable only, of IPv6 codes 0 and 4", func(p *Profile) any { return p.IcmpFew }, [5]string{"RFC 9293 3.9.2.2", "net/ipv4/icmp.c, icmp_unreach; net/ipv6/icmp.c, icmpv6_notify", "network/ipv4/icmp.go and network/ipv6/icmp.go, handleICMP", "ip_icmp.c, icmp_input; netinet6/icmp6.c, icmp6_input", ""}},
	{"IcmpAnySeq", "an ICMP error is heeded whatever sequence number it quotes", func(p *Profile) any { return p.IcmpAnySeq }, [5]string{"RFC 5927 4.1", "tcp_ipv4.c, tcp_v4_err", "endpoint.go, onICMPError", "tcp_subr.c, tcp_ctlinput_with_port", ""}},
	{"ConnectTime", "the longest that an active OPEN takes", func(p *Profile) any { return p.ConnectTime }, [5]string{"", "", "", "tcp_timer.h, TCPTV_KEEP_INIT (net.inet.tcp.keepinit)", ""}},
	{"EndFreesPort", "the end of a connection frees the port of its socket", func(p *Profile) any { return p.EndFreesPort }, [5]string{"", "tcp.c, tcp_set_state: not with SOCK_BINDPORT_LOCK", "endpoint.go, cleanupLocked", "in_pcb.c, in_pcbdrop", ""}},
	{"BacklogExtra", "connections beyond the backlog that wait to be accepted", func(p *Profile) any { return p.BacklogExtra }, [5]string{"", "include/net/sock.h, sk_acceptq_is_full", "accept.go, acceptQueueIsFull", "sys/kern/uipc_socket.c, solisten_clone: sol_qlen > 3 * sol_qlimit / 2", ""}},
	{"BacklogHalf", "and half the backlog on top", func(p *Profile) any { return p.BacklogHalf }, [5]string{"", "include/net/sock.h, sk_acceptq_is_full", "accept.go, acceptQueueIsFull", "sys/kern/uipc_socket.c, solisten_clone: 3 * sol_qlimit / 2", ""}},
	{"OverflowResets", "a connection for which the queue has no room is reset", func(p *Profile) any { return p.OverflowResets }, [5]string{"", "tcp_ipv4.c, tcp_v4_syn_recv_sock (tcp_abort_on_overflow=0)", "accept.go, handleListenSegment", "tcp_syncache.c, net.inet.tcp.syncache.rst_on_sock_fail=1", ""}},
	{"SynQueue", "half-open connections of a listener; 0 is the backlog", func(p *Profile) any { return p.SynQueue }, [5]string{"RFC 4987 2 leaves it open", "tcp_input.c, tcp_conn_request (inet_csk_reqsk_queue_is_full)", "accept.go, handleListenSegment", "tcp_syncache.c, TCP_SYNCACHE_HASHSIZE * TCP_SYNCACHE_BUCKETLIMIT, for all listeners", ""}},
	{"OwnOptions", "of the listener's options a connection has the user time-out only", func(p *Profile) any { return p.OwnOptions }, [5]string{"", "sock.c, sk_clone_lock", "accept.go, propagateInheritableOptionsLocked", "sys/kern/uipc_socket.c, solisten_clone", ""}},
	{"ShutListenerStays", "a listener after shutdown(SHUT_RD) answers every segment with RST", func(p *Profile) any { return p.ShutListenerStays }, [5]string{"", "af_inet.c, inet_shutdown", "accept.go, handleListenSegment", "tcp_usrreq.c, tcp_usr_shutdown", ""}},
	{"HalfOpenExtra", "half-open connections beyond the backlog", func(p *Profile) any { return p.HalfOpenExtra }, [5]string{"", "include/net/inet_connection_sock.h, inet_csk_reqsk_queue_is_full", "accept.go, handleListenSegment", "tcp_syncache.c, syncache_insert", ""}},
	{"SynCookies", "SYNs beyond the queue are answered without state", func(p *Profile) any { return p.SynCookies }, [5]string{"RFC 4987 3.6 describes them", "tcp_syncookies", "accept.go, handleListenSegment", "tcp_syncache.c, net.inet.tcp.syncookies=1", ""}},
	{"CookieWindow", "window of the answer to these; 0 is that of any SYN-ACK", func(p *Profile) any { return p.CookieWindow }, [5]string{"", "syncookies.c, cookie_v4_check", "accept.go, handleListenSegment", "tcp_syncache.c, syncache_respond", ""}},
	{"CookieSum", "SEG.SEQ is added to a cookie, not hashed", func(p *Profile) any { return p.CookieSum }, [5]string{"", "syncookies.c, secure_tcp_syn_cookie", "accept.go, createCookie", "tcp_syncache.c, syncookie_generate", ""}},
	{"CookieTick", "clock of the cookies", func(p *Profile) any { return p.CookieTick }, [5]string{"", "include/net/tcp.h, TCP_SYNCOOKIE_PERIOD", "accept.go, timeStamp", "tcp_syncache.c, SYNCOOKIE_LIFETIME is shorter", ""}},
	{"CookieAge", "ticks for which they are good beyond their own", func(p *Profile) any { return p.CookieAge }, [5]string{"", "include/net/tcp.h, MAX_SYNCOOKIE_AGE", "accept.go, maxTSDiff", "", ""}},
	{"CookieLate", "the ACK of one is good in SYN-RECEIVED", func(p *Profile) any { return p.CookieLate }, [5]string{"", "tcp_minisocks.c, tcp_check_req", "connect.go, synRcvdState", "tcp_syncache.c, syncache_expand", ""}},
	{"CookieTimestamps", "they keep the timestamps option", func(p *Profile) any { return p.CookieTimestamps }, [5]string{"", "syncookies.c, cookie_init_timestamp: not modelled", "accept.go, handleListenSegment", "tcp_syncache.c, syncookie_lookup: not modelled", ""}},
	{"InitialRTO", "retransmission time-out before a measurement", func(p *Profile) any { return p.InitialRTO }, [5]string{"RFC 6298 2.1", "include/net/tcp.h, TCP_TIMEOUT_INIT", "connect.go, InitialRTO", "tcp_timer.h, TCPTV_RTOBASE (net.inet.tcp.rexmit_initial)", "Microsoft, Set-NetTCPSetting, InitialRtoMs, without the default: assumed, as RFC 6298 2.1"}},
	{"MinRTO", "its floor", func(p *Profile) any { return p.MinRTO }, [5]string{"RFC 6298 2.4", "include/net/tcp.h, TCP_RTO_MIN", "snd.go, MinRTO", "tcp_timer.h, TCPTV_MIN: hz/33 (net.inet.tcp.rexmit_min)", "Microsoft Networking Blog, TCP Templates for Windows Server 2019: MinRto(ms) 300"}},
	{"MaxRTO", "its ceiling", func(p *Profile) any { return p.MaxRTO }, [5]string{"RFC 6298 2.5", "include/net/tcp.h, TCP_RTO_MAX", "snd.go, MaxRTO", "tcp_timer.h, TCPTV_REXMTMAX", "no document found: assumed, as RFC 6298 2.5"}},
	{"WeighedRTT", "measurements of the round trip count by how many there are in one", func(p *Profile) any { return p.WeighedRTT }, [5]string{"RFC 7323 appendix G is a proposal", "tcp_input.c, tcp_rtt_estimator", "snd.go, updateRTO", "tcp_input.c, tcp_xmit_timer", ""}},
	{"FloorOnVariance", "the floor is that of the variance, not of the sum", func(p *Profile) any { return p.FloorOnVariance }, [5]string{"RFC 6298 2.4", "tcp_input.c, tcp_rtt_estimator", "snd.go, updateRTO", "tcp_var.h, TCP_REXMTVAL", ""}},
	{"SlopRTO", "is added to each time-out, after back-off", func(p *Profile) any { return p.SlopRTO }, [5]string{"RFC 6298 2", "", "", "tcp_timer.h, TCPT_RANGESET (TCPTV_CPU_VAR, hz/5)", ""}},
	{"Retries", "R2: retransmissions before a connection is given up", func(p *Profile) any { return p.Retries }, [5]string{"RFC 9293 3.8.3: at least 100 seconds", "tcp_retries2", "snd.go, MaxRetries", "tcp_timer.c, net.inet.tcp.retries: TCP_MAXRXTSHIFT", "Microsoft KB 170359, TcpMaxDataRetransmissions: 5"}},
	{"TimeRetries", "they stand for the time that they would take", func(p *Profile) any { return p.TimeRetries }, [5]string{"RFC 9293 3.8.3: \"time units or as a count\"", "tcp_timer.c, retransmits_timed_out", "snd.go, retransmitTimerExpired", "tcp_timer.c, tcp_timer_rexmt: counts", ""}},
	{"SegmentRetries", "it counts how often the earliest segment was sent again", func(p *Profile) any { return p.SegmentRetries }, [5]string{"RFC 9293 3.8.3: \"the amount of retransmission that has occurred for the same segment\"; time-outs in a row are counted", "tcp_timer.c, tcp_write_timeout", "snd.go, retransmitTimerExpired (xmitCount)", "tcp_timer.c, tcp_timer_rexmt (t_rxtshift)", ""}},
	{"OrphanRetries", "R2 of a connection without a socket; 0 is Retries", func(p *Profile) any { return p.OrphanRetries }, [5]string{"", "tcp_timer.c, tcp_orphan_retries", "snd.go, retransmitTimerExpired: no other", "tcp_timer.c, tcp_timer_rexmt: the same", ""}},
	{"TimeoutReset", "a connection that is given up sends RST", func(p *Profile) any { return p.TimeoutReset }, [5]string{"RFC 9293 3.8.3: \"close the connection\"", "tcp_timer.c, tcp_write_err", "connect.go, resetConnectionLocked: not for a time-out", "tcp_timer.c, tcp_timer_rexmt, tcp_timer_persist; tcp_subr.c, tcp_drop", ""}},
	{"ProbesCounted", "as many zero-window probes without an answer end it too", func(p *Profile) any { return p.ProbesCounted }, [5]string{"RFC 9293 3.8.6.1: as long as the receiver \"continues to send acknowledgments in response to the probe segments\"", "tcp_timer.c, tcp_probe_timer does; not modelled", "snd.go, retransmitTimerExpired", "tcp_timer.c, tcp_timer_persist (net.inet.tcp.retries)", ""}},
	{"ProbeTimesOut", "a probe is a time-out for the back-off and the congestion window", func(p *Profile) any { return p.ProbeTimesOut }, [5]string{"", "tcp_timer.c, tcp_probe_timer", "snd.go, retransmitTimerExpired, postXmit", "tcp_timer.c, tcp_timer_persist", ""}},
	{"MinProbe", "shortest time between zero-window probes; 0 is MinRTO", func(p *Profile) any { return p.MinProbe }, [5]string{"RFC 9293 3.8.6.1: the retransmission time-out", "tcp_timer.c, tcp_probe_timer", "snd.go, retransmitTimerExpired", "tcp_timer.h, TCPTV_PERSMIN", ""}},
	{"MaxProbe", "the longest; 0 is MaxRTO", func(p *Profile) any { return p.MaxProbe }, [5]string{"RFC 9293 3.8.6.1: exponentially", "tcp_timer.c, tcp_probe_timer", "snd.go, retransmitTimerExpired", "tcp_timer.h, TCPTV_PERSMAX", ""}},
	{"TailLossProbe", "the last segment is sent once more before the time-out", func(p *Profile) any { return p.TailLossProbe }, [5]string{"RFC 8985 7 is optional", "tcp_output.c, tcp_schedule_loss_probe", "rack.go, probeTimerExpired", "tcp_stacks/rack.c has it, the default stack not", "no document found for the default: assumed off"}},
	{"Rack", "losses are found by time, not by three segments above", func(p *Profile) any { return p.Rack }, [5]string{"RFC 8985 6 is optional", "tcp_recovery.c, tcp_rack_mark_lost", "snd.go, walkSACK: on, with details of its own that are not modelled", "tcp_stacks/rack.c; not in the default stack", "Windows has RACK for some templates"}},
	{"ProbesTimed", "the user time-out ends the probing of a closed window", func(p *Profile) any { return p.ProbesTimed }, [5]string{"RFC 9293 3.8.6.1: MUST allow the connection to stay open (MUST-37)", "tcp_timer.c, tcp_probe_timer", "snd.go, retransmitTimerExpired", "tcp_timer.c, tcp_timer_persist", ""}},
	{"SoftErrorKept", "an ICMP error lasts although something is acknowledged", func(p *Profile) any { return p.SoftErrorKept }, [5]string{"", "tcp_input.c, tcp_ack: sk_err_soft = 0", "endpoint.go, lastErrorLocked; connect.go, timerHandler", "", ""}},
	{"UserTimeoutKept", "the user time-out counts until nothing is in flight or a closed window opens", func(p *Profile) any { return p.UserTimeoutKept }, [5]string{"", "", "snd.go, enableZeroWindowProbing, disableZeroWindowProbing and retransmitTimerExpired", "", ""}},
	{"ShutProbed", "text beyond a window that has closed is probed for, not sent again", func(p *Profile) any { return p.ShutProbed }, [5]string{"RFC 9293 3.8.6: a sender MUST be robust against a window that shrinks", "tcp_timer.c, tcp_retransmit_timer: it is sent again", "snd.go, retransmitTimerExpired", "", ""}},
	{"TailProbeMargin", "how much later than two round trips it goes", func(p *Profile) any { return p.TailProbeMargin }, [5]string{"", "tcp_output.c, tcp_schedule_loss_probe (TCP_TIMEOUT_MIN_US)", "rack.go, schedulePTO", "", ""}},
	{"TailProbeSlack", "and this much later for one segment alone", func(p *Profile) any { return p.TailProbeSlack }, [5]string{"RFC 8985 7.2: TLP.max_ack_delay", "tcp_output.c, tcp_schedule_loss_probe", "rack.go, schedulePTO", "tcp_stacks/rack.c has it, the default stack not", ""}},
	{"TailProbeRestarts", "the time-out begins anew with it", func(p *Profile) any { return p.TailProbeRestarts }, [5]string{"RFC 8985 7.3", "tcp_input.c, tcp_rearm_rto: what is left of it", "rack.go, probeTimerExpired", "", ""}},
	{"ProbeBeforeRTO", "but no later than the time-out", func(p *Profile) any { return p.ProbeBeforeRTO }, [5]string{"RFC 8985 7.2", "tcp_output.c, tcp_schedule_loss_probe", "rack.go, schedulePTO: only when the timer runs", "tcp_stacks/rack.c has it, the default stack not", ""}},
	{"KeepIdle", "idle time before keepalive", func(p *Profile) any { return p.KeepIdle }, [5]string{"RFC 9293 3.8.4 (MUST-28)", "tcp_keepalive_time", "protocol.go, DefaultKeepaliveIdle", "tcp_timer.h, TCPTV_KEEP_IDLE (net.inet.tcp.keepidle); for all with always_keepalive=1", "Microsoft, SIO_KEEPALIVE_VALS; ServicePoint.SetTcpKeepAlive: 2 hours"}},
	{"KeepInterval", "time between probes", func(p *Profile) any { return p.KeepInterval }, [5]string{"", "tcp_keepalive_intvl", "protocol.go, DefaultKeepaliveInterval", "tcp_timer.h, TCPTV_KEEPINTVL (net.inet.tcp.keepintvl)", "Microsoft, SIO_KEEPALIVE_VALS; ServicePoint.SetTcpKeepAlive: 1 second"}},
	{"KeepCount", "probes without an answer", func(p *Profile) any { return p.KeepCount }, [5]string{"", "tcp_keepalive_probes", "protocol.go, DefaultKeepaliveCount", "tcp_timer.h, TCPTV_KEEPCNT (net.inet.tcp.keepcnt)", "Microsoft, SIO_KEEPALIVE_VALS; ServicePoint.SetTcpKeepAlive: 10 probes"}},
	{"KeepRestarts", "whatever arrives begins the idle time anew, and TIME-WAIT does not end keepalive", func(p *Profile) any { return p.KeepRestarts }, [5]string{"RFC 9293 3.8.4", "tcp_timer.c, tcp_keepalive_timer", "connect.go, handleSegmentsLocked and resetKeepaliveTimer", "", ""}},
	{"KeepReset", "keepalive that gives up sends RST", func(p *Profile) any { return p.KeepReset }, [5]string{"", "tcp_timer.c, tcp_keepalive_timer", "connect.go, keepaliveTimerExpired", "tcp_timer.c, tcp_timer_keep; tcp_subr.c, tcp_drop", "no document found: assumed"}},
	{"Tick", "granularity of timers", func(p *Profile) any { return p.Tick }, [5]string{"RFC 6298 2: G", "CONFIG_HZ=250", "the virtual clock is exact", "kern.hz=1000", "no document found: assumed 10 ms, of a system tick of 10 to 16 ms"}},
	{"LateTimers", "short timers take whole ticks, from the next one on", func(p *Profile) any { return p.LateTimers }, [5]string{"", "kernel/time/timer.c, calc_index", "the virtual clock is exact", "sbintime_t timers: tcp_timer.c, tcp_timer_activate", ""}},
	{"DelAck", "delayed-ACK time-out", func(p *Profile) any { return p.DelAck }, [5]string{"RFC 9293 3.8.6.3: less than 500 ms", "include/net/tcp.h, TCP_DELACK_MIN", "connect.go, handleSegmentsLocked: no delay", "tcp_timer.h, TCPTV_DELACK: hz/25 (net.inet.tcp.delacktime)", "Microsoft Networking Blog, TCP Templates for Windows Server 2019: DelayedAckTimeout(ms) 40, DelayedAckFrequency 2"}},
	{"CompressAcks", "duplicate ACKs after the third wait for a millisecond", func(p *Profile) any { return p.CompressAcks }, [5]string{"RFC 5681 4.2: an immediate duplicate ACK", "tcp_input.c, __tcp_ack_snd_check (tcp_comp_sack_delay_ns)", "rcv.go, handleRcvdSegment", "tcp_input.c, tcp_do_segment: out of order is TF_ACKNOW", ""}},
	{"QuickAcks", "segments that are acknowledged at once when data begins", func(p *Profile) any { return p.QuickAcks }, [5]string{"", "include/net/tcp.h, TCP_MAX_QUICKACKS", "", "tcp_input.c, DELAY_ACK", ""}},
	{"AdaptiveDelAck", "the delay of an ACK follows how fast text comes, a round trip at most", func(p *Profile) any { return p.AdaptiveDelAck }, [5]string{"RFC 9293 3.8.6.3", "tcp_output.c, tcp_send_delayed_ack; tcp.c, __tcp_cleanup_rbuf", "", "tcp_input.c, DELAY_ACK: net.inet.tcp.delacktime", ""}},
	{"DelAckFin", "the ACK of a FIN is delayed like others", func(p *Profile) any { return p.DelAckFin }, [5]string{"RFC 9293 3.10.7.4: \"send an acknowledgment for the FIN\"", "tcp_input.c, tcp_fin (pingpong mode)", "rcv.go, consumeSegment", "tcp_input.c, tcp_do_segment: \"send ACK now\"", ""}},
	{"InitialWindow", "initial congestion window in segments", func(p *Profile) any { return p.InitialWindow }, [5]string{"RFC 6928", "include/net/tcp.h, TCP_INIT_CWND", "snd.go, InitialCwnd", "tcp_input.c, tcp_compute_initwnd (net.inet.tcp.initcwnd_segments)", "Microsoft Networking Blog, TCP Templates for Windows Server 2019: InitialCongestionWindow(MSS) 10"}},
	{"Cubic", "congestion control is CUBIC", func(p *Profile) any { return p.Cubic }, [5]string{"RFC 5681", "tcp_congestion_control=reno", "snd.go, initCongestionControl", "net.inet.tcp.cc.algorithm: CUBIC, not modelled", "CUBIC, not modelled"}},
	{"ProportionalReduction", "in recovery the congestion window shrinks with what arrives", func(p *Profile) any { return p.ProportionalReduction }, [5]string{"RFC 5681 3.2; RFC 6937 is experimental", "tcp_input.c, tcp_cwnd_reduction", "reno_recovery.go and sack_recovery.go", "tcp_input.c, tcp_do_prr_ack (net.inet.tcp.do_prr=1), which is not modelled", ""}},
	{"ForwardRTO", "after a time-out new text is tried first", func(p *Profile) any { return p.ForwardRTO }, [5]string{"RFC 5682 is optional", "tcp_input.c, tcp_process_loss (tcp_frto=2)", "snd.go, retransmitTimerExpired", "tcp_input.c: none", ""}},
	{"Eifel", "a recovery is undone when an ACK echoes an older timestamp", func(p *Profile) any { return p.Eifel }, [5]string{"RFC 3522 is experimental, RFC 4015 optional", "tcp_input.c, tcp_packet_delayed", "snd.go: none", "tcp_input.c, tcp_do_segment (t_badrxtwin), which is not modelled", ""}},
	{"FinCounted", "a FIN waits for room in the congestion window", func(p *Profile) any { return p.FinCounted }, [5]string{"RFC 5681 3.1 speaks of data", "tcp_output.c, tcp_cwnd_test", "snd.go, maybeSendSegment", "tcp_output.c, tcp_default_output", ""}},
	{"NoLimitedTransmit", "nothing new is sent for the first duplicate ACKs", func(p *Profile) any { return p.NoLimitedTransmit }, [5]string{"RFC 5681 3.2: SHOULD use Limited Transmit", "tcp_input.c, tcp_add_reno_sack", "snd.go, SetPipe: in a recovery only", "tcp_input.c, tcp_do_segment (net.inet.tcp.rfc3042=1)", ""}},
	{"RecoverHeeded", "without SACK nothing is retransmitted fast before more than the last recovery's text is acknowledged", func(p *Profile) any { return p.RecoverHeeded }, [5]string{"RFC 6582 3.2 step 2, which is not modelled", "tcp_input.c, tcp_try_undo_recovery: what is acknowledged is held at high_seq", "snd.go, detectLoss", "tcp_input.c, tcp_do_segment (snd_recover), which is not modelled", ""}},
	{"TimeoutForgetsSack", "a time-out forgets what was selectively acknowledged", func(p *Profile) any { return p.TimeoutForgetsSack }, [5]string{"RFC 2018 8: SHOULD; kept, see RFC 6675 5.1", "tcp_input.c, tcp_timeout_mark_lost: only when the peer reneges", "snd.go, retransmitTimerExpired (scoreboard.Reset)", "tcp_timer.c, tcp_timer_rexmt", ""}},
	{"FlightHalved", "ssthresh is half of what is in flight, anew with each time-out", func(p *Profile) any { return p.FlightHalved }, [5]string{"RFC 5681 equation 4; half of the congestion window is taken", "tcp_cong.c, tcp_reno_ssthresh", "reno.go, reduceSlowStartThreshold", "cc_newreno.c, newreno_cong_signal", ""}},
	{"UnusedWindowGrows", "the congestion window grows although it is not used", func(p *Profile) any { return p.UnusedWindowGrows }, [5]string{"RFC 7661", "tcp_cong.c, tcp_is_cwnd_limited", "reno.go, Update", "", ""}},
	{"AckEndsPause", "an ACK ends that pause as text does; one is looked for with all that arrives", func(p *Profile) any { return p.AckEndsPause }, [5]string{"RFC 5681 4.1: \"has not sent data\"", "tcp_output.c, tcp_event_data_sent", "snd.go, sendData, sendEmptySegment: LastSendTime", "tcp_output.c, tcp_default_output: cc_after_idle", ""}},
	{"CreditKept", "in congestion avoidance what the window has grown for counts again", func(p *Profile) any { return p.CreditKept }, [5]string{"RFC 5681 3.1: 1 full-sized segment per RTT", "tcp_cong.c, tcp_cong_avoid_ai", "reno.go, updateCongestionAvoidance: % of the new SndCwnd", "cc_newreno.c, newreno_ack_received", ""}},
	{"IdleHalves", "a pause halves the congestion window once a time-out", func(p *Profile) any { return p.IdleHalves }, [5]string{"RFC 5681 4.1; RFC 2861", "tcp_output.c, tcp_cwnd_restart", "snd.go, sendData", "tcp_output.c, tcp_default_output: cc_after_idle", ""}},
	{"HalfWindow", "half of the largest window is enough for a short segment", func(p *Profile) any { return p.HalfWindow }, [5]string{"RFC 9293 3.8.6.2.1 (3)", "tcp_output.c, tcp_snd_wnd_test", "snd.go, maybeSendSegment", "tcp_output.c, tcp_default_output: max_sndwnd / 2", ""}},
	{"NagleMinshall", "Nagle holds a short segment only behind another short one", func(p *Profile) any { return p.NagleMinshall }, [5]string{"RFC 9293 3.7.4", "tcp_output.c, tcp_minshall_check", "snd.go, maybeSendSegment", "tcp_output.c, tcp_default_output", ""}},
	{"FinJoinsText", "the FIN goes with the last text, which Nagle then does not hold", func(p *Profile) any { return p.FinJoinsText }, [5]string{"RFC 9293 3.10.4: after all SENDs are segmentized", "tcp_output.c, tcp_send_fin", "snd.go, maybeSendSegment", "tcp_output.c, tcp_default_output: a FIN not sent yet goes out", "no document found: assumed"}},
	{"WritesApart", "the text of a SEND stays apart, and a FIN needs no window", func(p *Profile) any { return p.WritesApart }, [5]string{"RFC 9293 3.7.4", "tcp_output.c, tcp_write_xmit", "snd.go, maybeSendSegment", "tcp_output.c, tcp_output", ""}},
	{"PushPairs", "PSH at the end of each burst of segmentation offload", func(p *Profile) any { return p.PushPairs }, [5]string{"", "tcp_output.c, __tcp_transmit_skb", "snd.go, splitSeg", "tcp_output.c, tcp_default_output: PSH when the buffer empties", ""}},
	{"DefersBursts", "a short burst waits for an ACK that is due within a millisecond", func(p *Profile) any { return p.DefersBursts }, [5]string{"", "tcp_output.c, tcp_tso_should_defer", "", "tcp_output.c, tcp_default_output sends", ""}},
	{"CollapseRetransmits", "short segments go together when they are sent again", func(p *Profile) any { return p.CollapseRetransmits }, [5]string{"RFC 9293 3.7.4 leaves it open", "tcp_output.c, tcp_retrans_try_collapse", "snd.go, sendSegment", "tcp_output.c, tcp_output sends from SND.UNA on, new text too: not modelled", ""}},
	{"SendChunks", "the send buffer takes whole packets while it is not full", func(p *Profile) any { return p.SendChunks }, [5]string{"", "tcp.c, tcp_sendmsg_locked", "endpoint.go, queueSegment", "sys/kern/uipc_socket.c, sosend_generic_locked", ""}},
	{"Timestamps", "the timestamps option", func(p *Profile) any { return p.Timestamps }, [5]string{"RFC 7323", "tcp_timestamps", "connect.go, handshake.start", "net.inet.tcp.rfc1323=1", "Microsoft, Set-NetTCPSetting, Timestamps, without the default: assumed off"}},
	{"WindowScale", "window scaling", func(p *Profile) any { return p.WindowScale }, [5]string{"RFC 7323", "tcp_window_scaling", "connect.go, rcvWndScaleForHandshake", "net.inet.tcp.rfc1323=1", "no document found for this release: assumed on, as RFC 7323 (TechNet cc938205, Windows 2000: Tcp1323Opts)"}},
	{"SACK", "selective acknowledgments", func(p *Profile) any { return p.SACK }, [5]string{"RFC 2018", "tcp_sack", "protocol.go, sackEnabled", "net.inet.tcp.sack.enable=1", "no document found for this release: assumed on, as RFC 2018"}},
	{"SackSpace", "room is kept for SACK blocks in every segment", func(p *Profile) any { return p.SackSpace }, [5]string{"RFC 9293 3.7.1: Eff.snd.MSS is of the options that are sent", "tcp_output.c, tcp_current_mss", "endpoint.go, maxOptionSize", "tcp_subr.c, tcp_maxseg", ""}},
	{"SackEstablished", "SACK blocks are sent in ESTABLISHED alone", func(p *Profile) any { return p.SackEstablished }, [5]string{"RFC 2018 3", "tcp_output.c, tcp_established_options", "connect.go, sendRaw", "tcp_output.c, tcp_default_output", ""}},
	{"ProbeByte", "a zero-window probe carries an octet", func(p *Profile) any { return p.ProbeByte }, [5]string{"RFC 9293 3.8.6.1", "tcp_output.c, tcp_xmit_probe_skb", "snd.go, sendZeroWindowProbe", "tcp_output.c, tcp_default_output (TF_FORCEDATA)", "no document found: assumed"}},
	{"MaxMSS", "largest MSS that is announced", func(p *Profile) any { return p.MaxMSS }, [5]string{"", "", "", "tcp_input.c, tcp_mssopt", ""}},
	{"ReceiveBuffer", "receive buffer in bytes", func(p *Profile) any { return p.ReceiveBuffer }, [5]string{"", "tcp_rmem", "protocol.go, DefaultReceiveBufferSize", "tcp_input.c, tcp_recvspace (net.inet.tcp.recvspace)", "no document found for this release: assumed 64 KB, before auto-tuning"}},
	{"SendBuffer", "send buffer in bytes", func(p *Profile) any { return p.SendBuffer }, [5]string{"", "tcp_input.c, tcp_sndbuf_expand", "protocol.go, DefaultSendBufferSize", "tcp_output.c, tcp_sendspace (net.inet.tcp.sendspace)", "no document found for this release: assumed 64 KB"}},
	{"MaxReceiveBuffer", "the most that SO_RCVBUF sets", func(p *Profile) any { return p.MaxReceiveBuffer }, [5]string{"", "net.core.rmem_max", "protocol.go, MaxBufferSize", "sys/kern/uipc_sockbuf.c, BUF_MAX_ADJ(SB_MAX) (kern.ipc.maxsockbuf); more is ENOBUFS", "no document found: assumed 16 MB, the most of auto-tuning"}},
	{"MaxSendBuffer", "the most that SO_SNDBUF sets", func(p *Profile) any { return p.MaxSendBuffer }, [5]string{"", "net.core.wmem_max, tcp_wmem", "protocol.go, MaxBufferSize", "sys/kern/uipc_sockbuf.c, BUF_MAX_ADJ(SB_MAX) (kern.ipc.maxsockbuf); more is ENOBUFS", "no document found: assumed, as the receive buffer"}},
	{"MinReceiveBuffer", "the least that SO_RCVBUF sets", func(p *Profile) any { return p.MinReceiveBuffer }, [5]string{"", "include/net/sock.h, SOCK_MIN_RCVBUF", "protocol.go, MinBufferSize", "sys/kern/uipc_sockbuf.c, sbsetopt: less is EINVAL", "no document found: assumed"}},
	{"MinSendBuffer", "the least that SO_SNDBUF sets", func(p *Profile) any { return p.MinSendBuffer }, [5]string{"", "include/net/sock.h, SOCK_MIN_SNDBUF", "protocol.go, MinBufferSize", "", ""}},
	{"DoubleBuffers", "a size that is set is doubled", func(p *Profile) any { return p.DoubleBuffers }, [5]string{"", "socket(7)", "as Linux", "sys/kern/uipc_sockbuf.c, sbreserve_locked_limit: sb_hiwat is the size", ""}},
	{"ChargeOverhead", "the buffer holds whole packets, not only their text", func(p *Profile) any { return p.ChargeOverhead }, [5]string{"", "tcp_input.c, tcp_measure_rcv_mss", "", "sys/sys/sockbuf.h, sbspace: also limited by mbufs (sb_mbmax), which is not modelled", ""}},
	{"SegmentMemory", "memory of a segment that the buffer counts beside its datagram; half of the rest is window", func(p *Profile) any { return p.SegmentMemory }, [5]string{"", "", "segment.go, SegOverheadSize and segMemSize; endpoint.go, selectWindowLocked", "", ""}},
	{"ScaleShift", "window scale of the default buffer", func(p *Profile) any { return p.ScaleShift }, [5]string{"", "tcp_output.c, tcp_select_initial_window", "endpoint.go, rcvWndScaleForHandshake", "tcp_usrreq.c, tcp_connect: the least that scales 65535 to kern.ipc.maxsockbuf", "no document found: assumed 8, for 16 MB"}},
}

// ProfileTable is every way in which the profiles differ, with the source of
// each value.
func ProfileTable() []ProfileRow {
	all := make([]ProfileRow, len(rows))
	for i, r := range rows {
		all[i] = ProfileRow{Field: r.field, Meaning: r.meaning}
		for j, p := range Profiles() {
			source := r.sources[j]
			if source == "" {
				source = usual[j]
			}
			all[i].Cells = append(all[i].Cells, ProfileCell{Value: show(r.value(p)), Source: source})
		}
	}
	return all
}

// show is a value as the table has it.
func show(v any) string {
	switch v := v.(type) {
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case time.Duration:
		if v == 0 {
			return "-"
		}
		return strings.TrimSuffix(strings.TrimSuffix(v.String(), "0s"), "0m")
	case syscall.Errno:
		if v == syscall.EPIPE {
			return "EPIPE"
		}
		return "ECONNRESET"
	case int:
		return strconv.Itoa(v)
	default:
		return fmt.Sprint(v)
	}
}
