package tcpmodel

// ResetValidation is how a RST is checked.
type ResetValidation uint8

const (
	// InWindow accepts a RST anywhere in the receive window (RFC 793).
	InWindow ResetValidation = iota
	// Exact accepts one at RCV.NXT only, and answers others in the window with
	// a challenge ACK (RFC 5961 section 3.2, RFC 9293 section 3.10.7.4).
	Exact
)

// String is "in window" or "exact".
func (v ResetValidation) String() string {
	if v == Exact {
		return "exact"
	}
	return "in window"
}

// ShutHandshake is what shutdown() does in SYN-SENT and SYN-RECEIVED.
type ShutHandshake uint8

const (
	// ShutCloses is the CLOSE of RFC 9293 section 3.10.4: SYN-SENT ends, and in
	// SYN-RECEIVED the FIN follows the handshake.
	ShutCloses ShutHandshake = iota
	// ShutResetsOpening has it fail the OPEN in SYN-SENT with ECONNRESET.
	ShutResetsOpening
	// ShutResetsBoth has it do so in SYN-RECEIVED too.
	ShutResetsBoth
)

// String is "closes", "SYN-SENT" or "both": where it fails the OPEN.
func (h ShutHandshake) String() string {
	switch h {
	case ShutResetsOpening:
		return "SYN-SENT"
	case ShutResetsBoth:
		return "both"
	case ShutCloses:
	}
	return "closes"
}

// CrossedSynAck is what the peer's SYN-ACK does in SYN-RECEIVED after a simultaneous open.
type CrossedSynAck uint8

const (
	// CrossedEnds has it lead to ESTABLISHED (RFC 9293 section 3.5, figure 8).
	CrossedEnds CrossedSynAck = iota
	// CrossedEndsAnswered has it do so, and answers it with an ACK too, as its SYN was
	// received before. Our own SYN-ACK is one more transmission of the SYN there: the
	// time-out and the count of the SYN go on, and the round trip is measured from it.
	CrossedEndsAnswered
	// CrossedUnacceptable answers it with an ACK only, as its SYN lies below the window;
	// the peer's ACK then ends the handshake.
	CrossedUnacceptable
)

// String is "ESTABLISHED", "and ACK" or "ACK only".
func (c CrossedSynAck) String() string {
	switch c {
	case CrossedEndsAnswered:
		return "and ACK"
	case CrossedUnacceptable:
		return "ACK only"
	case CrossedEnds:
	}
	return "ESTABLISHED"
}

// OrphanReset is the form of the RST that text draws after close().
type OrphanReset uint8

const (
	// AtSegAck is <SEQ=SEG.ACK><CTL=RST>, as if there were no connection.
	AtSegAck OrphanReset = iota
	// AtSndNxt is <SEQ=SND.NXT><ACK=RCV.NXT><CTL=RST,ACK>.
	AtSndNxt
)

// String is the segment in the notation of RFC 9293.
func (r OrphanReset) String() string {
	if r == AtSndNxt {
		return "<SEQ=SND.NXT><ACK=RCV.NXT><CTL=RST,ACK>"
	}
	return "<SEQ=SEG.ACK><CTL=RST>"
}

// ResetEdge is the number of a RST that ends a connection, where the peer has made its
// window smaller and SND.NXT no longer lies in it.
type ResetEdge uint8

const (
	// EdgeAtNxt is SND.NXT (RFC 9293 section 3.10.5), which the peer drops.
	EdgeAtNxt ResetEdge = iota
	// EdgeOfWindow is the right edge of the window. netstack means to except what is less than
	// a unit of the window scale beyond it, and measures from SND.NXT back to that edge, which
	// is never so little (connect.go, resetConnectionLocked).
	EdgeOfWindow
	// EdgeInOwnScale is the same, unless SND.NXT is less than a unit of our own window scale
	// beyond it.
	EdgeInOwnScale
)

// String is "SND.NXT", "window" or "own scale".
func (r ResetEdge) String() string {
	switch r {
	case EdgeOfWindow:
		return "window"
	case EdgeInOwnScale:
		return "own scale"
	case EdgeAtNxt:
	}
	return "SND.NXT"
}

// HalfWindow is when a segment leaves that is short because of the window, if it fills
// half of the largest window that was offered (RFC 9293 section 3.8.6.2.1, condition 3).
type HalfWindow uint8

const (
	// HalfNever has it wait until the window takes what is to be sent.
	HalfNever HalfWindow = iota
	// HalfWhenIdle sends it when the Nagle algorithm holds nothing back: nothing is in
	// flight.
	HalfWhenIdle
	// HalfAlways sends it whatever is in flight.
	HalfAlways
)

// String is "never", "idle" or "always".
func (h HalfWindow) String() string {
	switch h {
	case HalfWhenIdle:
		return "idle"
	case HalfAlways:
		return "always"
	case HalfNever:
	}
	return "never"
}
