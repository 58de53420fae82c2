package cases

import (
	"net/netip"
	"strings"
)

// Scenario is an experiment as a value: who is there, what joins them, what
// each program does, and what is expected to come of it. [Parse] reads one,
// [Print] writes one; see the package documentation for the text form.
type Scenario struct {
	// Name is not part of the text: the file's name gives it.
	Name string
	// Claim says in prose what the scenario shows: its first paragraph is the
	// claim itself, in a sentence or two. Lines are as in the file.
	Claim string

	Source   []Cite // documents that describe the situation
	RFC      []Cite // clauses of RFCs that decide it: RFC9293-3.10.4
	Params   []Param
	Hosts    []Host
	Routers  []Router
	Knows    []Neighbours // what nodes know of their neighbours
	Boxes    []Box        // middleboxes
	Links    []Link
	Rules    []Rule   // in the order in which they are asked
	Filters  []Filter // those of one firewall in the order in which they are asked
	Forges   []Forge
	Limit    Limit
	Procs    []Proc
	Examples []Example

	Below []string // comments after the last element
}

// Headline is the first paragraph of the claim, on one line.
func (s *Scenario) Headline() string {
	first, _, _ := strings.Cut(s.Claim, "\n\n")
	return strings.Join(strings.Fields(first), " ")
}

// GoString is the scenario's text, which is what one wants to see of it in the
// log of a test.
func (s *Scenario) GoString() string { return "\n" + Print(s) }

// Comments are the comments that belong to an element. They survive Parse and
// Print. A line has no "#" and no line break.
type Comments struct {
	Above  []string
	Beside string
}

// Ref is the name of another element, where it is referred to.
type Ref struct {
	Name string
	Pos  Pos
}

// String is the name.
func (r Ref) String() string { return r.Name }

// Cite is the name of a document, or a clause of an RFC.
type Cite struct {
	Text string
	Comments
	Pos Pos
}

// Param is a parameter: "$name" stands for its value.
type Param struct {
	Name    string
	Default Value
	// Min and Max are the range of a numeric parameter, Choices the values of
	// one that has a few. Neither means that any value of the default's kind
	// goes.
	Min, Max Value
	Choices  []Value
	Comments // Beside, or else Above, describes the parameter
	Pos      Pos
}

// Doc describes the parameter; "" when nothing was said about it.
func (p Param) Doc() string {
	if p.Beside != "" {
		return p.Beside
	}
	return strings.Join(p.Above, " ")
}

// Range is what the parameter may be: "0s..2s", "{read,write}", or the kind of
// its default: "a duration".
func (p Param) Range() string {
	switch {
	case p.Min.IsSet() || p.Max.IsSet():
		return p.Min.literal() + ".." + p.Max.literal()
	case len(p.Choices) > 0:
		choices := make([]string, len(p.Choices))
		for i, c := range p.Choices {
			choices[i] = c.literal()
		}
		return "{" + strings.Join(choices, ",") + "}"
	}
	return p.Default.Kind.String()
}

// Host is a computer.
type Host struct {
	Name string
	// Stack is the TCP implementation; not set is the example's, or netstack.
	Stack Value
	// Addrs are its addresses; none means that the simulator gives one.
	Addrs []netip.Addr
	// HostSettings are settings of its TCP.
	HostSettings
	Comments
	Pos Pos
}

// HostSettings are settings of a host's TCP. Not set means as in the zero
// netsim.HostConfig.
type HostSettings struct {
	SACK, Timestamps     Value // on or off
	Retries              Value // a number
	FinTimeout, TimeWait Value // durations
	MTU                  Value // bytes, as a number
	Congestion           Value // reno or cubic
	RFC1337              Value // on or off
	SynRetries           Value // a number
	SynLinear            Value // a number
	SynAckRetries        Value // a number
}

// Router forwards packets between its links.
type Router struct {
	Name string
	Comments
	Pos Pos
}

// Neighbours says what a node knows of the link addresses of its neighbours when
// it is switched on.
type Neighbours struct {
	Node  Ref
	State Value // missing or cached; a node of which nothing is said has them cached
	Comments
	Pos Pos
}

// Link joins two nodes.
type Link struct {
	A, B Ref
	// RTT is added to the delays of Both, AB and BA: half of it each way.
	RTT Value
	// Both holds for both directions; AB, from A to B, and BA override it
	// setting by setting.
	Both, AB, BA LinkSettings
	Comments
	Pos Pos
}

// LinkSettings are the settings of one direction, or of both. Not set means as
// in the zero link.Config: a perfect link.
type LinkSettings struct {
	Delay, Jitter                               Value // durations
	Reorder                                     Value // on or off
	Loss                                        Value // a probability
	BurstP, BurstR, BurstLossBad, BurstLossGood Value // probabilities
	Duplicate                                   Value // a probability
	DuplicateDelay                              Value // a duration
	Corrupt                                     Value // a probability
	Rate                                        Value
	Queue                                       Value // a size or packets
	MTU                                         Value // bytes, as a number
}

// Rule decides about certain packets on a link.
type Rule struct {
	From, To Ref // neighbours: the direction
	Verdict  Verdict
	Arg      Value  // the delay of VerdictDelay and VerdictDup, the bit of VerdictCorrupt
	Match    string // in the notation of link.ParseMatch
	// First and Last are the first and last matching packet meant, from 1. Not
	// set is the first there is, and no end.
	First, Last Value
	Comments
	Pos Pos
}

// Limit ends a run that does not end by itself.
type Limit struct {
	Time Value // virtual time; not set is up to the runner
	Comments
	Pos Pos
}

// Proc is a program on a host: its steps are done one after the other, each
// when the one before it has completed, whether that failed or not. After the
// last step its sockets stay as they are until the run ends.
type Proc struct {
	Host Ref
	// Script is a proc that runs on no host, and has no sockets: an operator.
	Script bool
	Name   string // unique in the scenario; the host's name unless given
	// Begin is boot for a proc that begins when its host is switched on or
	// rebooted for the first time; not set is at time 0.
	Begin Value
	Steps []Step
	Comments
	Pos Pos
}

// Example is a run with a known outcome.
type Example struct {
	Set   []Setting // parameters that are not left at their defaults
	Stack Ref       // the stack of the hosts that do not name their own
	Want  Outcome
	Comments
	Pos Pos
}

// Setting gives a parameter its value.
type Setting struct {
	Name  string
	Value Value
	Pos   Pos
}
