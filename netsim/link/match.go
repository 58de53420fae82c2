package link

import (
	"slices"
	"strings"

	"rstlab/netsim/wire"
)

// Match says which packets are meant, as one word that a reader of tcpdump
// knows: terms joined by commas, all of which must hold, each negated by a
// leading "!". The zero value is "any". A Match is immutable.
//
//	any      every packet
//	tcp      a TCP segment
//	icmp     an ICMP or ICMPv6 message
//	data     a segment with payload
//	dataF    a segment with payload or FIN
//	ack      a pure acknowledgement: no flag but ACK and no payload
//	S        SYN without ACK
//	SA       SYN and ACK
//	F        FIN, whatever else
//	R        RST, whatever else
//	rexmit   a segment that occupies sequence numbers which its flow has sent before
//
//	flags=S.          exactly these flags, in the letters of tcpdump; "none" for no flag
//	len>1000          payload length; also =, !=, <, <=, >=
//	win=0             window as on the wire, not scaled
//	sport=80          source port
//	dport=80          destination port
//	contains="503"    payload contains the text, quoted as in Go
//
// A term about TCP does not hold for an ICMP message, so its negation does. As
// in "notR" and "notdata", "not" may stand for "!" before a name.
//
// rexmit depends on what was seen before; see [Matcher].
type Match struct {
	terms []term
}

// MustMatch is [ParseMatch] for constants in programs: it panics where that
// reports an error.
func MustMatch(text string) Match {
	m, err := ParseMatch(text)
	if err != nil {
		panic(err)
	}
	return m
}

// And is the match for which both hold.
func (m Match) And(other Match) Match {
	return Match{terms: slices.Concat(m.terms, other.terms)}
}

// String prints the match in the form that [ParseMatch] takes. It contains no
// white space.
func (m Match) String() string {
	if len(m.terms) == 0 {
		return "any"
	}
	words := make([]string, len(m.terms))
	for i, t := range m.terms {
		words[i] = t.String()
	}
	return strings.Join(words, ",")
}

// Matcher returns a matcher that has seen nothing yet.
func (m Match) Matcher() *Matcher {
	r := &Matcher{match: m}
	if slices.ContainsFunc(m.terms, func(t term) bool { return t.kind == isRexmit }) {
		r.sent = make(history)
	}
	return r
}

// Matcher is a [Match] in use. It must be shown every packet in the order of
// sending: rexmit compares with those it was shown before.
type Matcher struct {
	match Match
	sent  history // nil when no term needs it
}

// Match reports whether the packet matches.
func (r *Matcher) Match(p *wire.Packet) bool {
	rexmit := r.sent != nil && r.sent.resent(p)
	for i := range r.match.terms {
		if t := &r.match.terms[i]; t.holds(p, rexmit) == t.not {
			return false
		}
	}
	return true
}
