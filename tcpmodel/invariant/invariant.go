package invariant

import (
	"fmt"
	"net/netip"
	"slices"
	"time"
)

// Level says how strongly a rule is worded.
type Level uint8

const (
	// Must is a rule that no implementation may break.
	Must Level = iota
	// Should is a rule that one may break for good reasons.
	Should
)

// String is "MUST" or "SHOULD".
func (l Level) String() string {
	if l == Should {
		return "SHOULD"
	}
	return "MUST"
}

// Invariant is a rule that every run keeps.
type Invariant struct {
	// Name is short, of letters and "-", and does not change.
	Name string
	// Rule says in a sentence what holds.
	Rule string
	// Quote is the sentence of Source that it follows from.
	Quote  string
	Source string // "RFC9293-3.10.7.1", "POSIX recv"
	Level  Level
}

// rule is an [Invariant] by its place in the table.
type rule int

const (
	sentAsWritten rule = iota
	deliveredAsSent
	readAsDelivered
	peekAsRead
	eofAfterFIN
	nothingAfterEOF
	resetAfterRST
	refusedAfterRST
	closedSendsRST
	resetForm
	noRSTForRST
	ackAlwaysSet
	sequenceHasNoGap
	sameOctetsAgain
	finIsLast
	finAfterAllData
	withinWindow
	ackReceived
	ackNeverBack
	windowNotShrunk
	quietAfterFIN
	stateFollows
	stateInFigure
	stateHasCause
	resetEnds
	noTimeWaitAfterReset
	closesInTime
	acknowledgedInTheEnd
	numRules
)

var table = [numRules]Invariant{
	sentAsWritten: {
		"sent-as-written", "A host sends the octets that send was given, in that order, and no others.",
		"TCP provides a reliable, in-order, byte-stream service to applications.", "RFC9293-2.2", Must,
	},
	deliveredAsSent: {
		"delivered-as-sent", "A packet arrives with the octets with which it left, or is marked as damaged.",
		"TCP provides a reliable, in-order, byte-stream service to applications.", "RFC9293-2.2", Must,
	},
	readAsDelivered: {
		"read-as-delivered", "What a program reads was delivered, without a gap before it, in the order of its sequence numbers.",
		"Segments are processed in sequence. Initial tests on arrival are used to discard old duplicates, but further processing is done in SEG.SEQ order.",
		"RFC9293-3.10.7.4", Must,
	},
	peekAsRead: {
		"peek-as-read", "A peek shows the octets that the next read gives.",
		"MSG_PEEK: Peeks at an incoming message. The data is treated as unread and the next recv() or similar function shall still return this data.",
		"POSIX recv", Must,
	},
	eofAfterFIN: {
		"eof-after-fin", "A read meets the end of the stream when the peer's FIN and everything before it was delivered and read, after shutdown(SHUT_RD), or when the error that ended the connection was reported before.",
		"If no messages are available to be received and the peer has performed an orderly shutdown, recv() shall return 0.", "POSIX recv", Must,
	},
	nothingAfterEOF: {
		"nothing-after-eof", "After the end of the stream there is neither data nor ECONNRESET to read.",
		"The user who CLOSEs may continue to RECEIVE until the TCP receiver is told that the remote peer has CLOSED also.", "RFC9293-3.6", Must,
	},
	resetAfterRST: {
		"econnreset-after-rst", "ECONNRESET is reported only on a connection to which a RST was delivered, or that has sent one after shutdown(SHUT_RD).",
		"[ECONNRESET] A connection was forcibly closed by a peer.", "POSIX recv", Must,
	},
	refusedAfterRST: {
		"econnrefused-after-rst", "ECONNREFUSED is reported only after a RST or an ICMP error.",
		"[ECONNREFUSED] The target address was not listening for connections or refused the connection request.", "POSIX connect", Must,
	},
	closedSendsRST: {
		"closed-sends-only-rst", "A connection that is CLOSED sends nothing but RST.",
		"CLOSED is fictional because it represents the state when there is no TCB, and therefore, no connection.", "RFC9293-3.3.2", Must,
	},
	resetForm: {
		"rst-form", "A RST sent where there is no connection has the numbers of the segment that it answers.",
		"The acknowledgment and sequence field values are selected to make the reset sequence acceptable to the TCP endpoint that sent the offending segment.",
		"RFC9293-3.10.7.1", Must,
	},
	noRSTForRST: {
		"no-rst-for-rst", "A RST is never answered with a RST.",
		"An incoming segment containing a RST is discarded. An incoming segment not containing a RST causes a RST to be sent in response.",
		"RFC9293-3.10.7.1", Must,
	},
	ackAlwaysSet: {
		"ack-always-set", "Every segment but a first SYN and a RST acknowledges.",
		"Once a connection is established, this is always sent.", "RFC9293-3.1", Must,
	},
	sequenceHasNoGap: {
		"no-gap-in-sequence", "A segment begins at SND.NXT or below.",
		"When the sender creates a segment and transmits it, the sender advances SND.NXT.", "RFC9293-3.4", Must,
	},
	sameOctetsAgain: {
		"same-octets-again", "An octet that is sent again is the one that was sent before.",
		"A fundamental notion in the design is that every octet of data sent over a TCP connection has a sequence number.", "RFC9293-3.4", Must,
	},
	finIsLast: {
		"fin-is-last", "Nothing is sent behind the FIN, and the FIN keeps its sequence number.",
		"FIN: No more data from sender.", "RFC9293-3.1", Must,
	},
	finAfterAllData: {
		"fin-after-all-data", "The FIN stands behind all octets that send took.",
		"Queue this until all preceding SENDs have been segmentized, then form a FIN segment and send it.", "RFC9293-3.10.4", Must,
	},
	withinWindow: {
		"within-window", "Data lies within the window that the peer has offered, but for one octet that probes.",
		"The window sent in each segment indicates the range of sequence numbers the sender of the window (the data receiver) is currently prepared to accept.",
		"RFC9293-3.8.6", Must,
	},
	ackReceived: {
		"ack-only-received", "Nothing is acknowledged that was not delivered, with all before it.",
		"An acknowledgment of sequence number X indicates that all octets up to but not including X have been received.", "RFC9293-3.4", Must,
	},
	ackNeverBack: {
		"ack-never-back", "SEG.ACK never goes back.",
		"Once the TCP endpoint takes responsibility for the data, it advances RCV.NXT over the data accepted, and adjusts RCV.WND as appropriate to the current buffer availability.", "RFC9293-3.10.7.4", Must,
	},
	windowNotShrunk: {
		"window-not-shrunk", "The right edge of the offered window does not move left by more than the rounding of window scaling.",
		"A TCP receiver SHOULD NOT shrink the window, i.e., move the right window edge to the left (SHLD-14).", "RFC9293-3.8.6", Should,
	},
	quietAfterFIN: {
		"quiet-after-fin", "In FIN-WAIT-2 and TIME-WAIT neither data nor FIN is sent.",
		"FIN-WAIT-2 - represents waiting for a connection termination request from the remote TCP peer.", "RFC9293-3.3.2", Must,
	},
	stateFollows: {
		"state-follows", "A connection leaves the state that it entered before.",
		"A connection progresses through a series of states during its lifetime.", "RFC9293-3.3.2", Must,
	},
	stateInFigure: {
		"state-in-figure", "State changes are those of figure 5 and of the text around it, or several of them in one step.",
		"The state diagram in Figure 5 illustrates only state changes, together with the causing events and resulting actions.", "RFC9293-3.3.2", Must,
	},
	stateHasCause: {
		"state-has-cause", "A state is entered only when the segments that lead to it were sent and delivered.",
		"The state diagram in Figure 5 illustrates only state changes, together with the causing events and resulting actions.", "RFC9293-3.3.2", Must,
	},
	resetEnds: {
		"exact-rst-ends", "A RST with SEQ = RCV.NXT ends a synchronised connection at once.",
		"If the RST bit is set and the sequence number exactly matches the next expected sequence number (RCV.NXT), then TCP endpoints MUST reset the connection in the manner prescribed below according to the connection state.",
		"RFC9293-3.10.7.4", Must,
	},
	noTimeWaitAfterReset: {
		"no-time-wait-after-reset", "A connection that was reset does not enter TIME-WAIT.",
		"All segment queues should be flushed. Users should also receive an unsolicited general \"connection reset\" signal. Enter the CLOSED state, delete the TCB, and return.", "RFC9293-3.10.7.4", Must,
	},
	closesInTime: {
		"closes-in-time", "When both programs have closed and no more packets are lost, both ends are CLOSED after [Config.Bound].",
		"When the number of transmissions of the same segment reaches a threshold R2 greater than R1, close the connection.", "RFC9293-3.8.3", Must,
	},
	acknowledgedInTheEnd: {
		"acknowledged-in-the-end", "A run does not end with nothing left to happen while a connection waits for the acknowledgment of a SYN, of what send took, or of a FIN that was sent.",
		"Because segments may be lost due to errors (checksum test failure) or network congestion, TCP uses retransmission to ensure delivery of every segment.",
		"RFC9293-3.8", Must,
	},
}

// All are the invariants, in the order of the table in the source.
func All() []Invariant { return slices.Clone(table[:]) }

// Violation is a broken invariant.
type Violation struct {
	Invariant Invariant
	// Seq and At are those of the first event that breaks the rule: up to there
	// a ladder shows how it came about. Of what did not happen in time it is the
	// last event.
	Seq  uint64
	At   time.Duration
	Host string
	// Local and Remote are the connection, FD its descriptor; zero where there
	// is none.
	Local, Remote netip.AddrPort
	FD            int
	// Message says what was seen and what was to be expected.
	Message string
	// Case tells apart the ways to break the rule; "" for the ordinary one.
	Case string
	// Known is the deviation that explains it, or nil.
	Known *Deviation
}

// Error is the violation on one line.
func (v Violation) Error() string {
	where := v.Host
	if v.Remote.IsValid() {
		where += fmt.Sprintf(" %v > %v", v.Local, v.Remote)
	}
	if v.FD != 0 {
		where += fmt.Sprintf(" [%d]", v.FD)
	}
	text := fmt.Sprintf("event %d at %v: %s: %s: %s (%s)", v.Seq, v.At, where, v.Invariant.Name, v.Message, v.Invariant.Source)
	if v.Known != nil {
		text += "; known of " + v.Known.Engine + ": " + v.Known.Where
	}
	return text
}

// Unknown are the violations that no deviation explains.
func Unknown(all []Violation) []Violation {
	var unknown []Violation
	for _, v := range all {
		if v.Known == nil {
			unknown = append(unknown, v)
		}
	}
	return unknown
}
