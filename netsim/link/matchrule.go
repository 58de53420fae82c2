package link

import (
	"errors"
	"fmt"
	"time"

	"rstlab/netsim/wire"
)

// MatchRule is a rule as data: a verdict on the packets that match, or on some
// of them by number. "The second segment with RST is dropped" is
//
//	MatchRule{Match: MustMatch("R"), From: 2, To: 2, Verdict: Verdict{Action: Drop}}
//
// It is a value without state; each [Direction.AddMatchRule] counts for itself.
type MatchRule struct {
	// Name is shown in traces. When empty it is the text of [MatchRule.String].
	Name string
	// Match is which packets count. The zero value is all.
	Match Match
	// From and To are the first and the last matching packet on which the
	// verdict is passed, counted from 1. From 0 is the first, To 0 is no end:
	// so both 0 is every one.
	From, To int
	// Verdict is anything but a pass.
	Verdict Verdict
}

func (m MatchRule) name() string {
	if m.Name != "" {
		return m.Name
	}
	return m.String()
}

// String prints the rule without its name: "drop R 2", "deliver +30ms data",
// "drop ack 1-3", "drop F 2-".
func (m MatchRule) String() string {
	text := fmt.Sprintf("%v %v", m.Verdict, m.Match)
	switch from := max(m.From, 1); {
	case m.To == from:
		return fmt.Sprintf("%s %d", text, m.To)
	case m.To > 0:
		return fmt.Sprintf("%s %d-%d", text, from, m.To)
	case from > 1:
		return fmt.Sprintf("%s %d-", text, from)
	}
	return text
}

// Validate reports every mistake in the rule, each with the name of the field,
// its value and what to use instead.
func (m MatchRule) Validate() error {
	var mistakes []error
	wrong := func(field string, value any, remedy string) {
		mistakes = append(mistakes, fmt.Errorf("rule %q: %s = %v: %s", m.name(), field, value, remedy))
	}
	if m.From < 0 {
		wrong("From", m.From, "packets are counted from 1; use 0 for the first")
	}
	if m.To < 0 {
		wrong("To", m.To, "packets are counted from 1; use 0 for no end")
	}
	if m.To > 0 && m.To < m.From {
		wrong("To", m.To, fmt.Sprintf("before From = %d; use %d or more, or 0 for no end", m.From, m.From))
	}
	v := m.Verdict
	if v.Action == Pass || v.Action > Corrupt {
		wrong("Verdict.Action", v.Action, "the rule would do nothing; use Drop, Deliver, Duplicate or Corrupt")
	}
	if v.Delay < 0 {
		wrong("Verdict.Delay", v.Delay, "a rule cannot make a packet faster; use 0 or more")
	}
	if v.Delay > 0 && v.Action != Deliver && v.Action != Duplicate {
		wrong("Verdict.Delay", v.Delay, fmt.Sprintf("%v has no delay; use 0, or the action Deliver", v.Action))
	}
	if v.Bit != 0 && v.Action != Corrupt {
		wrong("Verdict.Bit", v.Bit, fmt.Sprintf("%v flips no bit; use 0, or the action Corrupt", v.Action))
	}
	return errors.Join(mistakes...)
}

// Rule returns a new [Rule] that has counted nothing yet. Errors are those of
// [MatchRule.Validate].
func (m MatchRule) Rule() (Rule, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	return &countingRule{matcher: m.Match.Matcher(), from: m.From, to: m.To, verdict: m.Verdict}, nil
}

// countingRule is a MatchRule in a run.
type countingRule struct {
	matcher  *Matcher
	count    int
	from, to int
	verdict  Verdict
}

func (r *countingRule) Judge(_ time.Duration, p *wire.Packet) Verdict {
	if !r.matcher.Match(p) {
		return Verdict{}
	}
	r.count++
	if r.count < r.from || r.to > 0 && r.count > r.to {
		return Verdict{}
	}
	return r.verdict
}
