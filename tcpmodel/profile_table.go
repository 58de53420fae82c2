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
	"FreeBSD 14, sys/netinet",
	"not documented: as RFC 9293",
}

var rows = []row{
	{"ResetValidation", "which RST ends a synchronised connection", func(p *Profile) any { return p.ResetValidation }, [5]string{"RFC 9293 3.10.7.4, RFC 5961 3.2", "tcp_input.c, tcp_validate_incoming", "connect.go, handleReset", "tcp_input.c, tcp_do_segment (net.inet.tcp.insecure_rst=0)", ""}},
	{"SynReceivedReset", "which RST ends one in SYN-RECEIVED", func(p *Profile) any { return p.SynReceivedReset }, [5]string{"RFC 9293 3.10.7.4", "tcp_minisocks.c, tcp_check_req", "connect.go, synRcvdState", "tcp_syncache.c, syncache_chkrst", ""}},
	{"SynReceivedAckFirst", "in SYN-RECEIVED the ACK is checked before the sequence number", func(p *Profile) any { return p.SynReceivedAckFirst }, [5]string{"RFC 9293 3.10.7.4", "tcp_minisocks.c, tcp_check_req", "connect.go, synRcvdState", "tcp_syncache.c, syncache_expand", ""}},
	{"SynChallenge", "a SYN on a synchronised connection draws a challenge ACK", func(p *Profile) any { return p.SynChallenge }, [5]string{"RFC 9293 3.10.7.4, RFC 5961 4.2", "tcp_input.c, tcp_validate_incoming", "connect.go, handleSegmentLocked", "tcp_input.c, tcp_do_segment (net.inet.tcp.insecure_syn=0)", ""}},
	{"AckRange", "an ACK older than SND.UNA-MAX.SND.WND is answered and dropped", func(p *Profile) any { return p.AckRange }, [5]string{"RFC 5961 5.2", "tcp_input.c, tcp_ack", "snd.go, handleRcvdSegment", "tcp_input.c, tcp_do_segment", ""}},
	{"SackEdgeReset", "a RST at the right edge of the highest SACK block ends the connection", func(p *Profile) any { return p.SackEdgeReset }, [5]string{"", "tcp_input.c, tcp_validate_incoming", "connect.go, handleReset", "tcp_input.c, tcp_do_segment", ""}},
	{"FinEdgeReset", "so does one at RCV.NXT-1 after the peer's FIN", func(p *Profile) any { return p.FinEdgeReset }, [5]string{"", "tcp_input.c, tcp_reset_check", "rcv.go, acceptable", "tcp_input.c, tcp_do_segment", ""}},
	{"LeftEdgeLastAck", "the left edge of the window is the last ACK sent, not RCV.NXT", func(p *Profile) any { return p.LeftEdgeLastAck }, [5]string{"RFC 9293 3.4", "tcp_input.c, tcp_sequence", "rcv.go, acceptable", "tcp_input.c, tcp_do_segment (last_ack_sent)", ""}},
	{"RightEdgeOpen", "a segment that begins at the right edge is acceptable", func(p *Profile) any { return p.RightEdgeOpen }, [5]string{"RFC 9293 3.4", "tcp_input.c, tcp_sequence", "rcv.go, acceptable", "tcp_input.c, tcp_do_segment", ""}},
	{"TextWindow", "the window test counts text only, and its right edge is included", func(p *Profile) any { return p.TextWindow }, [5]string{"RFC 9293 3.4", "tcp_input.c, tcp_sequence", "rcv.go, acceptable; header/tcp.go, Acceptable", "tcp_input.c, tcp_do_segment", ""}},
	{"Paws", "segments with an old timestamp are refused", func(p *Profile) any { return p.Paws }, [5]string{"RFC 7323 5", "tcp_input.c, tcp_paws_discard", "rcv.go, handleTimeWaitSegment: \"we do not yet support PAWS\"", "tcp_input.c, tcp_do_segment", "RFC 7323 5; timestamps are off unless set"}},
	{"PawsAckSilent", "but an old ACK without text is not answered", func(p *Profile) any { return p.PawsAckSilent }, [5]string{"RFC 7323 5.3: an acknowledgment in reply", "tcp_input.c, tcp_disordered_ack_check", "", "tcp_input.c, tcp_do_segment", ""}},
	{"EcrCheck", "in SYN-RECEIVED an ACK must echo the timestamp of a SYN-ACK", func(p *Profile) any { return p.EcrCheck }, [5]string{"", "tcp_minisocks.c, tcp_check_req", "connect.go, synRcvdState", "tcp_syncache.c, syncache_expand", ""}},
	{"FutureAckSilent", "in ESTABLISHED an ACK of what was never sent is dropped silently", func(p *Profile) any { return p.FutureAckSilent }, [5]string{"RFC 9293 3.10.7.4", "tcp_input.c, tcp_rcv_established", "snd.go, handleRcvdSegment", "tcp_input.c, tcp_do_segment", ""}},
	{"FutureAckText", "but its text is taken", func(p *Profile) any { return p.FutureAckText }, [5]string{"RFC 9293 3.10.7.4", "tcp_input.c, tcp_rcv_established", "connect.go, handleSegmentLocked: the receiver comes before the sender", "tcp_input.c, tcp_do_segment", ""}},
	{"SynAckUnacceptable", "the SYN-ACK of a simultaneous open draws an ACK only", func(p *Profile) any { return p.SynAckUnacceptable }, [5]string{"RFC 9293 3.5", "tcp_input.c, tcp_rcv_state_process", "connect.go, synRcvdState", "tcp_input.c, tcp_do_segment", ""}},
	{"LateFinDropped", "a FIN without text that overtakes text is dropped", func(p *Profile) any { return p.LateFinDropped }, [5]string{"RFC 9293 3.10.7.4", "tcp_input.c, tcp_data_queue_ofo", "rcv.go, handleRcvdSegment: its end is taken for acknowledged", "tcp_reass.c, tcp_reass", ""}},
	{"ChallengeInterval", "least time between two challenge ACKs of a connection", func(p *Profile) any { return p.ChallengeInterval }, [5]string{"RFC 5961 7 leaves it open", "tcp_input.c, tcp_send_challenge_ack (tcp_invalid_ratelimit)", "endpoint.go, allowOutOfWindowAck", "tcp_input.c, tcp_send_challenge_ack (net.inet.tcp.ack_war_cnt, of all connections: not modelled)", ""}},
	{"FinAnswered", "a FIN that is not acceptable is answered without this limit", func(p *Profile) any { return p.FinAnswered }, [5]string{"RFC 9293 3.10.7.4", "tcp_input.c, tcp_oow_rate_limited", "snd.go, maybeSendOutOfWindowAck: only text is", "tcp_input.c, tcp_do_segment", ""}},
	{"CloseUnreadResets", "close() with unread data sends RST", func(p *Profile) any { return p.CloseUnreadResets }, [5]string{"RFC 9293 3.6.1, RFC 2525 2.17", "tcp.c, __tcp_close", "endpoint.go, closeLocked", "tcp_usrreq.c, tcp_disconnect: the receive buffer is flushed", "Winsock, closesocket"}},
	{"TimeWaitUnreadResets", "and it does so in TIME-WAIT", func(p *Profile) any { return p.TimeWaitUnreadResets }, [5]string{"RFC 9293 3.10.4", "tcp_minisocks.c, tcp_time_wait: the socket has closed before", "endpoint.go, shutdownLocked", "tcp_timewait.c, tcp_twstart", ""}},
	{"LingerResetsOpen", "SO_LINGER of zero has no effect in CLOSING and LAST-ACK", func(p *Profile) any { return p.LingerResetsOpen }, [5]string{"RFC 9293 3.10.5", "tcp.c, __tcp_close", "endpoint.go, closeLocked", "tcp_usrreq.c, tcp_disconnect", ""}},
	{"AckInOrderOnly", "the ACK of the FIN counts in the next segment in order only", func(p *Profile) any { return p.AckInOrderOnly }, [5]string{"RFC 9293 3.10.7.4", "tcp_input.c, tcp_rcv_state_process", "rcv.go, consumeSegment", "tcp_input.c, tcp_do_segment", ""}},
	{"ShutOpeningResets", "shutdown() while connecting fails the connect with ECONNRESET", func(p *Profile) any { return p.ShutOpeningResets }, [5]string{"RFC 9293 3.10.4: \"error: closing\"", "af_inet.c, inet_shutdown; tcp.c, tcp_disconnect", "endpoint.go, shutdownLocked", "tcp_usrreq.c, tcp_usr_shutdown", ""}},
	{"OrphanReset", "the RST that data after close() draws", func(p *Profile) any { return p.OrphanReset }, [5]string{"RFC 9293 3.5.2", "tcp_ipv4.c, tcp_v4_send_reset", "connect.go, resetConnectionLocked", "tcp_input.c, tcp_do_segment (dropwithreset)", ""}},
	{"AbortAfterShutdown", "data after shutdown(SHUT_RDWR) resets the connection", func(p *Profile) any { return p.AbortAfterShutdown }, [5]string{"", "tcp_input.c, tcp_rcv_state_process", "rcv.go, handleRcvdSegmentClosing", "tcp_input.c, tcp_do_segment", ""}},
	{"AheadRefused", "after close() an ACK beyond RCV.NXT is taken for text, and refused", func(p *Profile) any { return p.AheadRefused }, [5]string{"RFC 9293 3.10.7.4", "tcp_input.c, tcp_rcv_state_process", "rcv.go, handleRcvdSegmentClosing", "tcp_input.c, tcp_do_segment", ""}},
	{"KeepReceived", "received data stays readable after a RST", func(p *Profile) any { return p.KeepReceived }, [5]string{"RFC 9293 3.10.7.4 flushes segment queues, not what was received", "tcp.c, tcp_recvmsg_locked", "endpoint.go, Read", "sys/kern/uipc_socket.c, soreceive_stream", "RFC 9112 9.6: \"the reset packet might erase the client's unacknowledged input buffers\""}},
	{"ResetErrno", "what a RST leaves in ESTABLISHED", func(p *Profile) any { return p.ResetErrno }, [5]string{"RFC 9293 3.10.7.4", "tcp_input.c, tcp_reset", "connect.go, handleReset", "tcp_input.c, tcp_do_segment", "Winsock, WSAECONNRESET"}},
	{"CloseWaitErrno", "what it leaves in CLOSE-WAIT", func(p *Profile) any { return p.CloseWaitErrno }, [5]string{"RFC 9293 3.10.7.4", "tcp_input.c, tcp_reset", "connect.go, handleReset", "tcp_input.c, tcp_do_segment", "Winsock, WSAECONNRESET"}},
	{"FinWait2Time", "how long a closed socket stays in FIN-WAIT-2", func(p *Profile) any { return p.FinWait2Time }, [5]string{"RFC 9293 has no limit; 60 s so that a run ends", "tcp_fin_timeout", "protocol.go, DefaultTCPLingerTimeout", "net.inet.tcp.finwait2_timeout", "Microsoft, TcpFinWait2Delay"}},
	{"FinWait2Bare", "a closed socket in FIN-WAIT-2 is reduced to its numbers", func(p *Profile) any { return p.FinWait2Bare }, [5]string{"", "tcp_minisocks.c, tcp_timewait_state_process", "", "", ""}},
	{"TimeWait", "how long TIME-WAIT lasts", func(p *Profile) any { return p.TimeWait }, [5]string{"RFC 9293 3.4.2: 2 MSL of 2 minutes", "include/net/tcp.h, TCP_TIMEWAIT_LEN", "protocol.go, DefaultTCPTimeWaitTimeout", "net.inet.tcp.msl, twice", "Microsoft, TcpTimedWaitDelay"}},
	{"Assassination", "a RST ends TIME-WAIT", func(p *Profile) any { return p.Assassination }, [5]string{"RFC 1337 3", "tcp_minisocks.c, tcp_timewait_state_process (tcp_rfc1337=0)", "rcv.go, handleTimeWaitSegment", "tcp_timewait.c, tcp_twcheck", ""}},
	{"TimeWaitFinOnly", "only the FIN that comes again restarts TIME-WAIT", func(p *Profile) any { return p.TimeWaitFinOnly }, [5]string{"RFC 9293 3.10.7.4", "tcp_minisocks.c, tcp_timewait_state_process", "rcv.go, handleTimeWaitSegment", "tcp_timewait.c, tcp_twcheck", ""}},
	{"TimeWaitReuse", "a newer SYN opens a new connection in TIME-WAIT", func(p *Profile) any { return p.TimeWaitReuse }, [5]string{"RFC 9293 3.6.1 (MAY-2), RFC 6191", "tcp_minisocks.c, tcp_timewait_state_process", "rcv.go, handleTimeWaitSegment", "tcp_timewait.c, tcp_twcheck", ""}},
	{"SynRetries", "retransmissions of a SYN", func(p *Profile) any { return p.SynRetries }, [5]string{"RFC 9293 3.8.3: at least 3 minutes", "tcp_syn_retries", "protocol.go, DefaultSynRetries", "tcp_timer.h, TCP_MAXRXTSHIFT, less those of SynLinear", "Microsoft, Get-NetTCPSetting, MaxSynRetransmissions"}},
	{"SynLinear", "and of these without back-off", func(p *Profile) any { return p.SynLinear }, [5]string{"RFC 6298 5.5", "tcp_syn_linear_timeouts", "connect.go, backoffTimer", "tcp_timer.c, tcp_syn_backoff", ""}},
	{"SynAckRetries", "retransmissions of a SYN-ACK", func(p *Profile) any { return p.SynAckRetries }, [5]string{"RFC 9293 3.8.3", "tcp_synack_retries", "connect.go, retransmitHandlerLocked", "tcp_syncache.c, net.inet.tcp.syncache.rexmtlimit", "Microsoft, Get-NetTCPSetting, MaxSynRetransmissions"}},
	{"SynAckAgain", "a SYN that comes again draws the SYN-ACK, not an ACK", func(p *Profile) any { return p.SynAckAgain }, [5]string{"RFC 9293 3.10.7.4", "tcp_minisocks.c, tcp_check_req", "connect.go, synRcvdState", "tcp_syncache.c, syncache_add", ""}},
	{"SynCountHeeded", "TCP_SYNCNT and TCP_USER_TIMEOUT apply while connecting", func(p *Profile) any { return p.SynCountHeeded }, [5]string{"RFC 9293 3.9.1.1: a timeout of OPEN", "tcp_timer.c, tcp_write_timeout", "connect.go, retransmitHandlerLocked", "there is no such option", "there is no such option"}},
	{"IcmpSynReceived", "an ICMP error ends a connection in SYN-RECEIVED", func(p *Profile) any { return p.IcmpSynReceived }, [5]string{"RFC 9293 3.9.2.2", "tcp_ipv4.c, tcp_v4_err", "endpoint.go, onICMPError", "tcp_syncache.c, syncache_unreach", ""}},
	{"ConnectTime", "the longest that an active OPEN takes", func(p *Profile) any { return p.ConnectTime }, [5]string{"", "", "", "net.inet.tcp.keepinit", ""}},
	{"BacklogExtra", "connections beyond the backlog that wait to be accepted", func(p *Profile) any { return p.BacklogExtra }, [5]string{"", "include/net/sock.h, sk_acceptq_is_full", "accept.go, acceptQueueIsFull", "sys/kern/uipc_socket.c, solisten_proto", ""}},
	{"SynCookies", "SYNs beyond the queue are answered without state", func(p *Profile) any { return p.SynCookies }, [5]string{"RFC 4987 3.6 describes them", "tcp_syncookies", "accept.go, handleListenSegment", "net.inet.tcp.syncookies", ""}},
	{"CookieWindow", "window of the answer to these; 0 is that of any SYN-ACK", func(p *Profile) any { return p.CookieWindow }, [5]string{"", "syncookies.c, cookie_v4_check", "accept.go, handleListenSegment", "tcp_syncache.c, syncache_respond", ""}},
	{"InitialRTO", "retransmission time-out before a measurement", func(p *Profile) any { return p.InitialRTO }, [5]string{"RFC 6298 2.1", "include/net/tcp.h, TCP_TIMEOUT_INIT", "connect.go, InitialRTO", "net.inet.tcp.rexmit_initial", "Microsoft, Get-NetTCPSetting, InitialRto"}},
	{"MinRTO", "its floor", func(p *Profile) any { return p.MinRTO }, [5]string{"RFC 6298 2.4", "include/net/tcp.h, TCP_RTO_MIN", "snd.go, MinRTO", "tcp(4): rexmit_min and rexmit_slop", "Microsoft, Get-NetTCPSetting, MinRto"}},
	{"MaxRTO", "its ceiling", func(p *Profile) any { return p.MaxRTO }, [5]string{"RFC 6298 2.5", "include/net/tcp.h, TCP_RTO_MAX", "snd.go, MaxRTO", "tcp_timer.h, TCPTV_REXMTMAX", ""}},
	{"FloorOnVariance", "the floor is that of the variance, not of the sum", func(p *Profile) any { return p.FloorOnVariance }, [5]string{"RFC 6298 2.4", "tcp_input.c, tcp_rtt_estimator", "snd.go, updateRTO", "tcp_var.h, TCP_REXMTVAL", ""}},
	{"Retries", "R2: retransmissions before a connection is given up", func(p *Profile) any { return p.Retries }, [5]string{"RFC 9293 3.8.3: at least 100 seconds", "tcp_retries2", "snd.go, MaxRetries", "tcp_timer.h, TCP_MAXRXTSHIFT", "Microsoft, TcpMaxDataRetransmissions"}},
	{"TimeRetries", "they stand for the time that they would take", func(p *Profile) any { return p.TimeRetries }, [5]string{"RFC 9293 3.8.3: \"time units or as a count\"", "tcp_timer.c, retransmits_timed_out", "snd.go, retransmitTimerExpired", "tcp_timer.c, tcp_timer_rexmt", ""}},
	{"OrphanRetries", "R2 of a connection without a socket", func(p *Profile) any { return p.OrphanRetries }, [5]string{"", "tcp_timer.c, tcp_orphan_retries", "", "", ""}},
	{"TailLossProbe", "the last segment is sent once more before the time-out", func(p *Profile) any { return p.TailLossProbe }, [5]string{"RFC 8985 7 is optional", "tcp_output.c, tcp_schedule_loss_probe", "rack.go, probeTimerExpired", "tcp_stacks/rack.c; not in the default stack", "Windows has RACK and TLP for some templates"}},
	{"Rack", "losses are found by time, not by three segments above", func(p *Profile) any { return p.Rack }, [5]string{"RFC 8985 6 is optional", "tcp_recovery.c, tcp_rack_mark_lost", "snd.go, walkSACK: on, with details of its own that are not modelled", "tcp_stacks/rack.c; not in the default stack", "Windows has RACK for some templates"}},
	{"ProbesTimed", "the user time-out ends the probing of a closed window", func(p *Profile) any { return p.ProbesTimed }, [5]string{"RFC 9293 3.8.6.1: MUST allow the connection to stay open (MUST-37)", "tcp_timer.c, tcp_probe_timer", "snd.go, retransmitTimerExpired", "tcp_timer.c, tcp_timer_persist", ""}},
	{"TailProbeSlack", "and this much later for one segment alone", func(p *Profile) any { return p.TailProbeSlack }, [5]string{"RFC 8985 7.2: TLP.max_ack_delay", "tcp_output.c, tcp_schedule_loss_probe", "rack.go, schedulePTO", "", ""}},
	{"ProbeBeforeRTO", "but no later than the time-out", func(p *Profile) any { return p.ProbeBeforeRTO }, [5]string{"RFC 8985 7.2", "tcp_output.c, tcp_schedule_loss_probe", "rack.go, schedulePTO: only when the timer runs", "", ""}},
	{"KeepIdle", "idle time before keepalive", func(p *Profile) any { return p.KeepIdle }, [5]string{"RFC 9293 3.8.4 (MUST-28)", "tcp_keepalive_time", "protocol.go, DefaultKeepaliveIdle", "net.inet.tcp.keepidle", "Microsoft, KeepAliveTime"}},
	{"KeepInterval", "time between probes", func(p *Profile) any { return p.KeepInterval }, [5]string{"", "tcp_keepalive_intvl", "protocol.go, DefaultKeepaliveInterval", "net.inet.tcp.keepintvl", "Microsoft, KeepAliveInterval"}},
	{"KeepCount", "probes without an answer", func(p *Profile) any { return p.KeepCount }, [5]string{"", "tcp_keepalive_probes", "protocol.go, DefaultKeepaliveCount", "net.inet.tcp.keepcnt", "Microsoft, SIO_KEEPALIVE_VALS"}},
	{"KeepReset", "keepalive that gives up sends RST", func(p *Profile) any { return p.KeepReset }, [5]string{"", "tcp_timer.c, tcp_keepalive_timer", "connect.go, keepaliveTimerExpired", "tcp_subr.c, tcp_drop", ""}},
	{"Tick", "granularity of timers", func(p *Profile) any { return p.Tick }, [5]string{"RFC 6298 2: G", "CONFIG_HZ=250", "the virtual clock is exact", "callouts are exact", "the system tick is 10 to 16 ms"}},
	{"DelAck", "delayed-ACK time-out", func(p *Profile) any { return p.DelAck }, [5]string{"RFC 9293 3.8.6.3: less than 500 ms", "include/net/tcp.h, TCP_DELACK_MIN", "connect.go, handleSegmentsLocked: no delay", "net.inet.tcp.delacktime", "Microsoft, Get-NetTCPSetting, DelayedAckTimeout"}},
	{"CompressAcks", "duplicate ACKs after the third wait for a millisecond", func(p *Profile) any { return p.CompressAcks }, [5]string{"RFC 5681 4.2: an immediate duplicate ACK", "tcp_input.c, __tcp_ack_snd_check (tcp_comp_sack_delay_ns)", "rcv.go, handleRcvdSegment", "tcp_input.c, tcp_do_segment", ""}},
	{"QuickAcks", "segments that are acknowledged at once when data begins", func(p *Profile) any { return p.QuickAcks }, [5]string{"", "include/net/tcp.h, TCP_MAX_QUICKACKS", "", "", ""}},
	{"DelAckFin", "the ACK of a FIN is delayed like others", func(p *Profile) any { return p.DelAckFin }, [5]string{"RFC 9293 3.10.7.4: \"send an acknowledgment for the FIN\"", "tcp_input.c, tcp_fin (pingpong mode)", "rcv.go, consumeSegment", "tcp_input.c, tcp_do_segment (TF_ACKNOW)", ""}},
	{"InitialWindow", "initial congestion window in segments", func(p *Profile) any { return p.InitialWindow }, [5]string{"RFC 6928", "include/net/tcp.h, TCP_INIT_CWND", "snd.go, InitialCwnd", "net.inet.tcp.initcwnd_segments", "Microsoft, Get-NetTCPSetting, InitialCongestionWindow"}},
	{"NagleMinshall", "Nagle holds a short segment only behind another short one", func(p *Profile) any { return p.NagleMinshall }, [5]string{"RFC 9293 3.7.4", "tcp_output.c, tcp_minshall_check", "snd.go, maybeSendSegment", "tcp_output.c, tcp_output", ""}},
	{"FinJoinsText", "the FIN goes with the last text, which Nagle then does not hold", func(p *Profile) any { return p.FinJoinsText }, [5]string{"RFC 9293 3.10.4: after all SENDs are segmentized", "tcp_output.c, tcp_send_fin", "snd.go, maybeSendSegment", "tcp_output.c, tcp_output", ""}},
	{"PushPairs", "PSH at the end of each burst of segmentation offload", func(p *Profile) any { return p.PushPairs }, [5]string{"", "tcp_output.c, __tcp_transmit_skb", "snd.go, splitSeg", "", ""}},
	{"CollapseRetransmits", "short segments go together when they are sent again", func(p *Profile) any { return p.CollapseRetransmits }, [5]string{"RFC 9293 3.7.4 leaves it open", "tcp_output.c, tcp_retrans_try_collapse", "snd.go, sendSegment", "tcp_output.c, tcp_output sends from SND.UNA on, new text too: not modelled", ""}},
	{"SendChunks", "the send buffer takes whole packets while it is not full", func(p *Profile) any { return p.SendChunks }, [5]string{"", "tcp.c, tcp_sendmsg_locked", "endpoint.go, queueSegment", "sys/kern/uipc_socket.c, sosend_generic_locked", ""}},
	{"Timestamps", "the timestamps option", func(p *Profile) any { return p.Timestamps }, [5]string{"RFC 7323", "tcp_timestamps", "connect.go, handshake.start", "net.inet.tcp.rfc1323", "Microsoft, Get-NetTCPSetting, Timestamps: Disabled"}},
	{"WindowScale", "window scaling", func(p *Profile) any { return p.WindowScale }, [5]string{"RFC 7323", "tcp_window_scaling", "connect.go, rcvWndScaleForHandshake", "net.inet.tcp.rfc1323", "Microsoft, Get-NetTCPSetting, ScalingHeuristics"}},
	{"SACK", "selective acknowledgments", func(p *Profile) any { return p.SACK }, [5]string{"RFC 2018", "tcp_sack", "protocol.go, sackEnabled", "net.inet.tcp.sack.enable", "Microsoft, SackOpts"}},
	{"OptionSpace", "bytes that options take off a segment's text", func(p *Profile) any { return p.OptionSpace }, [5]string{"RFC 6691", "tcp_output.c, tcp_current_mss", "endpoint.go, maxOptionSize", "tcp_subr.c, tcp_maxseg", ""}},
	{"ProbeByte", "a zero-window probe carries an octet", func(p *Profile) any { return p.ProbeByte }, [5]string{"RFC 9293 3.8.6.1", "tcp_output.c, tcp_xmit_probe_skb", "snd.go, sendZeroWindowProbe", "tcp_output.c, tcp_output (t_force)", ""}},
	{"MaxMSS", "largest MSS that is announced", func(p *Profile) any { return p.MaxMSS }, [5]string{"", "", "", "", ""}},
	{"ReceiveBuffer", "receive buffer in bytes", func(p *Profile) any { return p.ReceiveBuffer }, [5]string{"", "tcp_rmem", "protocol.go, DefaultReceiveBufferSize", "net.inet.tcp.recvspace", "Microsoft, SO_RCVBUF"}},
	{"SendBuffer", "send buffer in bytes", func(p *Profile) any { return p.SendBuffer }, [5]string{"", "tcp_input.c, tcp_sndbuf_expand", "protocol.go, DefaultSendBufferSize", "net.inet.tcp.sendspace", "Microsoft, SO_SNDBUF"}},
	{"MaxReceiveBuffer", "the most that SO_RCVBUF sets", func(p *Profile) any { return p.MaxReceiveBuffer }, [5]string{"", "net.core.rmem_max", "protocol.go, MaxBufferSize", "kern.ipc.maxsockbuf", ""}},
	{"MaxSendBuffer", "the most that SO_SNDBUF sets", func(p *Profile) any { return p.MaxSendBuffer }, [5]string{"", "net.core.wmem_max, tcp_wmem", "protocol.go, MaxBufferSize", "kern.ipc.maxsockbuf", ""}},
	{"MinReceiveBuffer", "the least that SO_RCVBUF sets", func(p *Profile) any { return p.MinReceiveBuffer }, [5]string{"", "include/net/sock.h, SOCK_MIN_RCVBUF", "protocol.go, MinBufferSize", "", ""}},
	{"DoubleBuffers", "a size that is set is doubled", func(p *Profile) any { return p.DoubleBuffers }, [5]string{"", "socket(7)", "as Linux", "", ""}},
	{"ChargeOverhead", "the buffer holds whole packets, not only their text", func(p *Profile) any { return p.ChargeOverhead }, [5]string{"", "tcp_input.c, tcp_measure_rcv_mss", "", "", ""}},
	{"ScaleShift", "window scale of the default buffer", func(p *Profile) any { return p.ScaleShift }, [5]string{"", "tcp_output.c, tcp_select_initial_window", "endpoint.go, rcvWndScaleForHandshake", "tcp_syncache.c, syncache_add", ""}},
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
