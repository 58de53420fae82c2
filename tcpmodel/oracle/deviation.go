package oracle

import (
	"slices"

	"rstlab/tcpmodel"
)

// Deviation is a way in which a stack is known to leave what its profile says: a
// disagreement that it explains is known. What a profile can say is a field of it, and
// no deviation.
type Deviation struct {
	Engine string // "netstack"
	Case   string // as in [tcpmodel.Refusal]
	Clause tcpmodel.Clause
	// Where is the place in the engine's source, with its version.
	Where string
	// What it does there.
	What string
}

// netstackVersion is the version of gVisor that the places below are of.
const netstackVersion = "gvisor v0.0.0-20260905035102-160fafc42237"

var deviations = []Deviation{
	{
		Engine: tcpmodel.Netstack.Name, Case: tcpmodel.CaseMiscount, Clause: tcpmodel.TimeoutRetransmit,
		Where: "pkg/tcpip/transport/tcp/snd.go:1081 (postXmit), " + netstackVersion,
		What: `The retransmission timer is armed only when Outstanding is above 0. That is a count of segments, which a recovery can
bring to 0 while SND.UNA is not SND.NXT: what is lost is never sent again.`,
	},
	{
		Engine: tcpmodel.Netstack.Name, Case: tcpmodel.CaseMiscount, Clause: tcpmodel.NagleHold,
		Where: "pkg/tcpip/transport/tcp/snd.go:874 (maybeSendSegment), " + netstackVersion,
		What: `The Nagle algorithm holds text back while Outstanding is above 0, and not while SND.UNA is below SND.NXT: after a recovery a
short segment leaves although another is not acknowledged.`,
	},
	{
		Engine: tcpmodel.Netstack.Name, Case: tcpmodel.CaseLateProbe, Clause: tcpmodel.TimeoutRetransmit,
		Where: "pkg/tcpip/transport/tcp/rack.go:191 (schedulePTO), " + netstackVersion,
		What: `A tail loss probe is scheduled in place of the time-out, after two round trips, and not no later than it (RFC 8985 section
7.2). Without timestamps the round trip of an octet behind one that was lost has the time-outs of that one in it. So nothing
is sent for longer than the greatest time-out, two minutes.`,
	},
	{
		Engine: tcpmodel.Netstack.Name, Case: tcpmodel.CaseFutureAck, Clause: tcpmodel.TimeoutRetransmit,
		Where: "pkg/tcpip/transport/tcp/snd.go:1545 (handleRcvdSegment), " + netstackVersion,
		What: `In ESTABLISHED an ACK of what was never sent is not dropped, and without timestamps it gives a round trip: since the octet was
sent that is measured, and before there was one since the zero of the clock, which on a real host is its boot. RFC 9293 section
3.10.7.4: "If the ACK acks something not yet sent (SEG.ACK > SND.NXT), then send an ACK, drop the segment, and return." One
forged segment makes the next tail loss probe, which has no bound, wait for a quarter of the uptime.`,
	},
	{
		Engine: tcpmodel.Netstack.Name, Case: tcpmodel.CasePutOff, Clause: tcpmodel.TimeoutRetransmit,
		Where: "pkg/tcpip/transport/tcp/snd.go:1079 (postXmit), " + netstackVersion,
		What: `What the application sends starts the time of a tail loss probe anew although nothing leaves, because the Nagle algorithm or
a window holds it, and no time-out runs beside the probe. So what is lost is not sent again as long as one writes a little more
often than every two round trips, until a segment is full. RFC 8985 section 7.2 schedules the probe when "new data" is
transmitted, and no later than the time-out, which RFC 6298 (5.1) starts with the segment.`,
	},
	{
		Engine: tcpmodel.Netstack.Name, Case: tcpmodel.CasePutOff, Clause: tcpmodel.PersistProbe,
		Where: "pkg/tcpip/transport/tcp/snd.go:1045 (enableZeroWindowProbing), " + netstackVersion,
		What: `What the application sends while the peer's window is closed starts the time until the window is probed anew: one that writes
more often than the time-out is never told that the window has opened again, when that segment was lost. RFC 9293 section
3.8.6.1: "The sending TCP peer must regularly transmit at least one octet of new data (if available), or retransmit to the
receiving TCP peer even if the send window is zero".`,
	},
	{
		Engine: tcpmodel.Netstack.Name, Case: tcpmodel.CaseLateProbe, Clause: tcpmodel.PersistProbe,
		Where: "pkg/tcpip/transport/tcp/rack.go:248 (probeTimerExpired), " + netstackVersion,
		What: `A tail loss probe that goes off while the peer's window is closed sends nothing, and starts the time until the window is
probed anew (snd.go:1045, enableZeroWindowProbing): the first probe comes two round trips and a time-out after the window has
closed, where RFC 9293 section 3.8.6.1 has it sent "when a zero window has existed for the retransmission timeout period"
(SHLD-29).`,
	},
	{
		Engine: tcpmodel.Netstack.Name, Case: tcpmodel.CaseShrunkWindow, Clause: tcpmodel.TimeoutRetransmit,
		Where: "pkg/tcpip/transport/tcp/snd.go:961 (maybeSendSegment), " + netstackVersion,
		What: `When the peer's window shrinks to less than a segment, what is in flight is neither sent again nor is the window probed. RFC 9293
section 3.8.6: "a sending TCP peer MUST be robust against window shrinking" (MUST-34), and octets beyond the new edge
"SHOULD be retransmitted normally" (SHLD-16).`,
	},
	{
		Engine: tcpmodel.Netstack.Name, Case: tcpmodel.CaseUserTime, Clause: tcpmodel.TimeoutR2,
		Where: "pkg/tcpip/transport/tcp/snd.go:584 (retransmitTimerExpired), " + netstackVersion,
		What: `The user time-out counts from when the segment was sent that was the first to be sent again, and begins anew only when
nothing is in flight: a connection that loses now and then is ended although all that is older was acknowledged (RFC 5482
section 2: "how long transmitted data may remain unacknowledged").`,
	},
	{
		Engine: tcpmodel.Netstack.Name, Case: tcpmodel.CaseDeadTimer, Clause: tcpmodel.KeepAliveProbe,
		Where: "pkg/tcpip/transport/tcp/connect.go:1410 (keepaliveTimerExpired), " + netstackVersion,
		What: `Keepalive that is switched off, and on again after its time, never sends a probe. The timer's clock goes off while the option
is off, and keepaliveTimerExpired returns before checkExpiration notes that; enable in timer.go then relies on a clock that
has run out. RFC 9293 section 3.8.4 has the application turn keepalive on or off for each connection (MUST-24).`,
	},
	{
		Engine: tcpmodel.Netstack.Name, Case: tcpmodel.CaseTimeWait, Clause: tcpmodel.KeepAliveProbe,
		Where: "pkg/tcpip/transport/tcp/connect.go:1275 (handleSegmentsLocked), " + netstackVersion,
		What: `Keepalive goes on in TIME-WAIT, and what arrives there, the peer's FIN too, does not start its idle time anew: a probe is
sent sooner than one interval after the last segment.`,
	},
	{
		Engine: tcpmodel.Netstack.Name, Case: tcpmodel.CaseCubic, Clause: tcpmodel.SlowStart,
		Where: "pkg/tcpip/transport/tcp/cubic.go:251 (getCwnd), " + netstackVersion,
		What: `With CUBIC one ACK can open the congestion window by any number of segments: W_est is a function of the time since the
last congestion event, and not of the segments acknowledged (RFC 9438 section 4.3), and the target is not bounded by 1.5
windows (section 4.2). After a long time-out a burst follows.`,
	},
	{
		Engine: tcpmodel.Netstack.Name, Case: tcpmodel.CaseNoRoundTrip, Clause: tcpmodel.SendText,
		Where: "pkg/tcpip/transport/tcp/cubic.go:253 (getCwnd), " + netstackVersion,
		What: `With CUBIC, and without timestamps, the connection stalls for ever when nothing but retransmissions was acknowledged before
congestion avoidance begins: W_est has the time divided by the smoothed round trip (line 247), which is 0 until one was measured, and
what int makes of infinity, on amd64 the least number there is, becomes the congestion window. Nothing is sent any more, and no timer
runs.`,
	},
	{
		Engine: tcpmodel.Netstack.Name, Case: tcpmodel.CaseSecondSyn, Clause: tcpmodel.SynChallenged,
		Where: "pkg/tcpip/transport/tcp/connect.go:436 (synRcvdState), " + netstackVersion,
		What: `In SYN-RECEIVED after an active OPEN a SYN with another number draws a RST, and the handshake begins again with another
initial sequence number, while the state stays SYN-RECEIVED. RFC 9293 has a challenge ACK: who can guess a number in the window
restarts the connection.`,
	},
	{
		Engine: tcpmodel.Netstack.Name, Case: caseShutListener, Clause: tcpmodel.ListenReset,
		Where: "pkg/tcpip/transport/tcp/accept.go:456 (handleListenSegment), " + netstackVersion,
		What:  `A listener after shutdown(SHUT_RD) answers every segment with RST, a RST too.`,
	},
}

// caseShutListener is a RST that a RST draws from a listener after shutdown.
const caseShutListener = "shut listener"

// Deviations are the known ones.
func Deviations() []Deviation { return slices.Clone(deviations) }

// Unknown are the disagreements that no deviation explains.
func Unknown(all []Disagreement) []Disagreement {
	return slices.DeleteFunc(slices.Clone(all), func(d Disagreement) bool { return d.Known != nil })
}

// known is the deviation that explains a disagreement of a host; nil for none.
func known(p *tcpmodel.Profile, where string, c tcpmodel.Clause) *Deviation {
	for i := range deviations {
		if d := &deviations[i]; d.Engine == p.Name && d.Case == where && d.Clause == c {
			return d
		}
	}
	return nil
}
