package invariant

import (
	"slices"
	"strings"
)

// Deviation is a way in which an engine is known to break an invariant.
type Deviation struct {
	Engine    string // "netstack", or the name of a profile
	Invariant string // the name
	Case      string // as in [Violation.Case]
	// Where is the place in the engine's source, with its version.
	Where string
	// What it does there.
	What string
	// Modelled says that the profile with the engine's name does it too: a host with
	// the model is known for it as well.
	Modelled bool
}

// netstackVersion is the version of gVisor that the places below are of.
const netstackVersion = "gvisor v0.0.0-20260905035102-160fafc42237"

// Engine names that [Deviations] knows.
const (
	netstack = "netstack"
	// netstackModel is the profile netstack as scenarios name it; the others have one
	// name.
	netstackModel = "netstack-model"
	linux         = "linux"
	windows       = "windows"
)

// The cases that deviations name.
const (
	caseUnscaled     = "offered in SYN-RECEIVED"
	caseCookie       = "SYN cookie"
	caseLateCookie   = "late cookie"
	caseOldCookie    = "old cookie"
	caseAheadWindow  = "window of an ACK of nothing"
	caseOldWindow    = "window of an old segment"
	caseEarlyACK     = "FIN acknowledged"
	caseFullBuffer   = "receive buffer full"
	caseSecondFIN    = "FIN behind the FIN"
	caseDiscarded    = "discarded by RST"
	caseNoTimer      = "no timer"
	caseShrunkWindow = "shrunk window"
	caseNoRoundTrip  = "no round trip"
	caseCrossed      = "crossed handshakes"
	caseSecondSYN    = "second SYN"

	caseShutListener = "shut listener"
)

var deviations = []Deviation{
	{
		Engine: netstack, Invariant: table[noRSTForRST].Name, Case: caseShutListener, Modelled: true,
		Where: "pkg/tcpip/transport/tcp/accept.go:456 (handleListenSegment), " + netstackVersion,
		What:  `A listener after shutdown(SHUT_RD) answers every segment with RST, a RST too.`,
	},
	{
		Engine: netstack, Invariant: table[windowNotShrunk].Name, Case: caseUnscaled, Modelled: true,
		Where: "pkg/tcpip/transport/tcp/connect.go:431 (synRcvdState), " + netstackVersion,
		What: `In SYN-RECEIVED the ACK in answer to a segment outside the window, such as a SYN that was sent twice, has the
window as it is and not shifted by the scale that the peer applies to it: 2^scale times what there is room for.`,
	},
	{
		Engine: netstack, Invariant: table[stateHasCause].Name, Case: caseCookie, Modelled: true,
		Where: "pkg/tcpip/transport/tcp/accept.go:178 (isCookieValid), " + netstackVersion,
		What: `A SYN cookie is SEG.SEQ of the SYN plus a hash plus a number for the MSS, 0 to 3. So not only the ACK that ends the
handshake is taken for one. One in which SEQ and ACK lie equally far behind their initial numbers is: a last ACK of a
connection that was reset, with an octet or FIN in each direction, opens it again, with nobody at the other end. And one in
which SEQ is a few octets further is, with another MSS: when the first octets are lost, the connection begins behind them,
and acknowledges them. And a cookie is good for two minutes at least, as often as it comes.`,
	},
	{
		Engine: netstack, Invariant: table[stateHasCause].Name, Case: caseOldCookie, Modelled: true,
		Where: "pkg/tcpip/transport/tcp/connect.go:410 (synRcvdState), " + netstackVersion,
		What: `A half-open connection takes the ACK of a SYN cookie too, also of one that was taken up before for a connection that has
ended since: late copies of a SYN and of the ACK of then open the connection again, with the number of then. RFC 9293 section
3.10.7.4: "If the segment acknowledgment is not acceptable, form a reset segment".`,
	},
	{
		Engine: netstack, Invariant: table[ackAlwaysSet].Name, Case: caseSecondSYN,
		Where: "pkg/tcpip/transport/tcp/connect.go:451 (synRcvdState), " + netstackVersion,
		What: `In SYN-RECEIVED after an active OPEN a SYN with another number, which a challenge ACK should answer (RFC5961-4.2), has the
handshake begin again: what the peer's SYN said is forgotten, and a SYN without ACK is sent, with the initial sequence number of that
moment, while the state stays SYN-RECEIVED.`,
	},
	{
		Engine: netstack, Invariant: table[stateHasCause].Name, Case: caseCrossed,
		Where: "pkg/tcpip/transport/tcp/connect.go:476 (synRcvdState), " + netstackVersion,
		What: `In SYN-RECEIVED after an active OPEN the acknowledgment is not looked at: checkAck is called only for connections of a
listener. Any segment with ACK in the window ends the handshake, also one that acknowledges nothing that was sent.`,
		Modelled: true,
	},
	{
		Engine: netstack, Invariant: table[windowNotShrunk].Name, Case: caseCookie, Modelled: true,
		Where: "pkg/tcpip/transport/tcp/accept.go:544 (handleListenSegment), " + netstackVersion,
		What:  `A SYN cookie offers the listener's window, 65535 octets; the connection that comes of it has the smaller one of all others.`,
	},
	{
		Engine: netstack, Invariant: table[windowNotShrunk].Name, Case: caseLateCookie, Modelled: true,
		Where: "pkg/tcpip/transport/tcp/connect.go:422 (synRcvdState), " + netstackVersion,
		What: `A half-open connection that takes up a SYN cookie that was sent before has its number and MSS, and goes on to scale
windows, which the cookie did not offer: the peer reads a window of 2^scale times less than there is room for. (When it has answered a
copy of the SYN before that, the window of that answer was not shifted either, and is read 2^scale times too large.)`,
	},
	{
		Engine: netstack, Invariant: table[withinWindow].Name, Case: caseLateCookie, Modelled: true,
		Where: "pkg/tcpip/transport/tcp/connect.go:422 (synRcvdState), " + netstackVersion,
		What: `A half-open connection that takes up a SYN cookie that was sent before goes on to scale windows, which the cookie did not
offer: those of the peer are taken for 2^scale times larger than they are, and data is sent for which there is no room.`,
	},
	{
		Engine: netstack, Invariant: table[withinWindow].Name, Case: caseOldWindow,
		Where: "pkg/tcpip/transport/tcp/snd.go:1617 (handleRcvdSegment), " + netstackVersion,
		What: `The window is taken from every acceptable ACK, and counted from SND.UNA, without the check of SND.WL1 and SND.WL2 that
"prevents using old segments to update the window" (RFC9293-3.10.7.4). An old ACK that arrives late opens a window that the
peer has closed; so does one from before the connection, which RFC 5961 section 5.2 has discarded.`,
		Modelled: true,
	},
	{
		Engine: netstack, Invariant: table[withinWindow].Name, Case: caseAheadWindow, Modelled: true,
		Where: "pkg/tcpip/transport/tcp/snd.go:1617 (handleRcvdSegment), " + netstackVersion,
		What: `In ESTABLISHED the window is taken even from a segment that acknowledges what was never sent, and should be dropped: "If the
ACK acks something not yet sent (SEG.ACK > SND.NXT), then send an ACK, drop the segment, and return" (RFC9293-3.10.7.4). Who
guesses a sequence number in the window opens the one that the peer has closed.`,
	},
	{
		Engine: netstack, Invariant: table[closesInTime].Name, Case: caseNoTimer, Modelled: true,
		Where: "pkg/tcpip/transport/tcp/snd.go:1081 (postXmit), " + netstackVersion,
		What: `After a tail loss probe the retransmission timer is armed if Outstanding is above 0. That is a count of segments, which a
recovery can bring to 0 while SND.UNA is not SND.NXT. When the probe is lost too, nothing is ever sent again.`,
	},
	{
		Engine: netstack, Invariant: table[acknowledgedInTheEnd].Name, Case: caseNoTimer, Modelled: true,
		Where: "pkg/tcpip/transport/tcp/snd.go:1081 (postXmit), " + netstackVersion,
		What:  `The retransmission timer is armed only when Outstanding, which a recovery can bring to 0, is above 0: what is lost is never sent again.`,
	},
	{
		Engine: netstack, Invariant: table[acknowledgedInTheEnd].Name, Case: caseShrunkWindow, Modelled: true,
		Where: "pkg/tcpip/transport/tcp/snd.go:961 (maybeSendSegment), " + netstackVersion,
		What:  `What lies beyond the edge of a window that has shrunk is not sent again, and the window is not probed.`,
	},
	{
		Engine: netstack, Invariant: table[acknowledgedInTheEnd].Name, Case: caseNoRoundTrip,
		Where: "pkg/tcpip/transport/tcp/cubic.go:253 (getCwnd), " + netstackVersion,
		What: `With CUBIC, and without timestamps, the congestion window is the least number there is when congestion avoidance begins before
a round trip was measured: nothing is sent any more.`,
	},
	{
		Engine: netstack, Invariant: table[closesInTime].Name, Case: caseShrunkWindow, Modelled: true,
		Where: "pkg/tcpip/transport/tcp/snd.go:961 (maybeSendSegment), " + netstackVersion,
		What: `When the peer's window shrinks to less than a segment, the time-out sends nothing, and as no segment is counted in flight the
timer is not set again: what is lost stays lost. RFC 9293 section 3.8.6: octets beyond the new edge "SHOULD be retransmitted
normally" (SHLD-16).`,
	},
	{
		Engine: netstack, Invariant: table[closesInTime].Name, Case: caseEarlyACK,
		Where: "pkg/tcpip/transport/tcp/rcv.go:300 (consumeSegment), " + netstackVersion,
		What: `The ACK of a FIN changes the state only when its segment is the next in order. When it is not, as when it overtakes the peer's
FIN, the sender of this side counts its FIN as acknowledged all the same and stops its timer: FIN-WAIT-1, CLOSING or LAST-ACK can
last for ever.`,
		Modelled: true,
	},
	{
		Engine: netstack, Invariant: table[closesInTime].Name, Case: caseFullBuffer,
		Where: "pkg/tcpip/transport/tcp/segment_queue.go:60 (enqueue), " + netstackVersion,
		What: `A segment with text that comes while more is in the receive buffer than it may hold is dropped before its ACK is looked at,
also where nobody will read what is in it. When what waits there for text before it was too much for a buffer that was made smaller,
and the ACK of the FIN comes with text only, or behind it, FIN-WAIT-1 lasts for ever. RFC 9293 section 3.10.7.4: "If the RCV.WND is zero,
no segments will be acceptable, but special allowance should be made to accept valid ACKs, URGs, and RSTs."`,
		Modelled: true,
	},
	{
		Engine: netstack, Invariant: table[ackReceived].Name, Case: caseSecondFIN,
		Where: "pkg/tcpip/transport/tcp/rcv.go:250 (consumeSegment), " + netstackVersion,
		What: `A FIN right behind the peer's FIN, forged or of another connection, is taken as one more and acknowledged. The peer has
not sent it and says so in an ACK, which is answered, and so on.`,
		Modelled: true,
	},
	{
		Engine: linux, Invariant: table[stateHasCause].Name, Case: caseCookie,
		Where: "tcpmodel/cookie.go (takeCookie), as Linux net/ipv4/syncookies.c (cookie_v4_check)",
		What: `A SYN cookie of the last two minutes is good as often as it comes: a copy of the ACK that ended the handshake opens a
connection again that was reset meanwhile.`,
	},
	{
		Engine: windows, Invariant: table[eofAfterFIN].Name, Case: caseDiscarded,
		Where: "tcpmodel/profiles.go (KeepReceived of Windows)",
		What: `What was received is lost with a RST, and a reader that had a FIN before it reads the end of the stream: the socket layer
has the rules of a Linux socket, on which a FIN hides the RST.`,
	},
}

// Deviations are the known ones.
func Deviations() []Deviation { return slices.Clone(deviations) }

// known is the deviation that explains a violation of a host with this engine.
func known(engine string, v *Violation) *Deviation {
	engine, model := strings.CutPrefix(engine, "tcpmodel/") // as the header of a trace has it
	if engine == netstackModel {
		engine, model = netstack, true
	}
	for i := range deviations {
		d := &deviations[i]
		if model && engine == netstack && !d.Modelled {
			continue
		}
		if d.Engine == engine && d.Invariant == v.Invariant.Name && d.Case == v.Case {
			return d
		}
	}
	return nil
}
