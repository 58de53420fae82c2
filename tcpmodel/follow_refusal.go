package tcpmodel

import (
	"fmt"

	"rstlab/netsim/wire"
)

// Refusal is why a follower cannot go on.
type Refusal struct {
	Clause Clause
	Did    string // what the followed TCP did
	Would  string // what the model would do or allow
	// Case tells apart what a stack is known to do from other breaches of the clause;
	// "" when there is nothing to say.
	Case string
}

// The cases that a refusal names.
const (
	CaseMiscount     = "miscount"      // after a loss: how many segments are in flight
	CaseCubic        = "CUBIC"         // the congestion window is that of CUBIC
	CaseNoRoundTrip  = "no round trip" // CUBIC divides by one that was never measured
	CaseUserTime     = "user time-out" // it is counted over progress
	CaseTimeWait     = "TIME-WAIT"     // keepalive there
	CaseLateProbe    = "late probe"    // of a tail loss, without timestamps
	CaseFutureAck    = "future ACK"    // one of what was not sent was taken for a round trip
	CasePutOff       = "put off"       // a timer, by what the application sends
	CaseDeadTimer    = "dead timer"    // of keepalive, which was off when its clock went off
	CaseShrunkWindow = "shrunk window" // it ends before what is in flight
	CaseSecondSyn    = "second SYN"    // in SYN-RECEIVED came a SYN with another number
)

// in says which case a refusal is of.
func (r *Refusal) in(where string) *Refusal {
	r.Case = where
	return r
}

// Error is both views and the clause.
func (r *Refusal) Error() string {
	return fmt.Sprintf("%s; the model: %s (%s)", r.Did, r.Would, r.Clause)
}

func refuse(c Clause, did, format string, args ...any) *Refusal {
	return &Refusal{Clause: c, Did: did, Would: fmt.Sprintf(format, args...)}
}

// showBlocks are SACK blocks as they stand in a message.
func showBlocks(blocks []wire.SACKBlock) string {
	text := " sack"
	for _, b := range blocks {
		text += fmt.Sprintf(" %d:%d", b.Left, b.Right)
	}
	if len(blocks) == 0 {
		text += " none"
	}
	return text
}

// showSegment is a segment as it stands in a message.
func showSegment(s *Segment) string {
	text := fmt.Sprintf("flags %v SEQ %d", s.Flags, s.Seq)
	if s.Flags.Has(wire.ACK) {
		text += fmt.Sprintf(" ACK %d", s.Ack)
	}
	return fmt.Sprintf("%s window %d, %d octets", text, s.Window, len(s.Payload))
}
