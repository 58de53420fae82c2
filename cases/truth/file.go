package truth

import (
	"strconv"
	"strings"
	"time"

	"rstlab/cases"
)

// DefaultDuration is how long a scenario is watched that has no "dur".
const DefaultDuration = 900 * time.Millisecond

// File is one recorded scenario: what was done, what each call returned and
// which packets passed.
type File struct {
	// Path is the file it was read from, as it was given.
	Path string
	// Kernel is the first line without its "# ": "Linux 6.18.44, x86_64"; "" when
	// there was none.
	Kernel string
	// ID and Title are those of "== id | title".
	ID, Title string
	// Delay is the one-way delay of the link.
	Delay time.Duration
	// Duration is how long the scenario was watched.
	Duration time.Duration
	// NoTimestamps says that both hosts had the timestamps option off.
	NoTimestamps bool
	// KernelOnly is "kernonly": the recorder printed no results, so that they are
	// taken from the transcript.
	KernelOnly bool
	// Script are the lines of the scenario itself, from "==" on.
	Script  []string
	Sysctls []Sysctl
	Rules   []Rule
	// Calls are the steps of the script in its order; "est" is three of them.
	Calls []Call
	// Packets are the packets of the transcript up to its END.
	Packets []Packet
	Pos     cases.Pos
}

// Sysctl is a kernel setting of both hosts.
type Sysctl struct {
	Name, Value string
	Pos         cases.Pos
}

// Rule is what the relay does to certain packets from one host.
type Rule struct {
	From  string        // A or B
	Match string        // any, data, ack, R, notR, dataF, F, S or SA, as link.ParseMatch takes them
	Nth   int           // which of those that match, from 1; 0 is every one
	Delay time.Duration // how much later they arrive; 0 is that they are dropped
	Pos   cases.Pos
}

// Call is a step of the script: a call that a program made, or (Host R)
// something that the relay did.
type Call struct {
	At     time.Duration
	Host   string // A, B, or R for the relay
	Socket string // the name of the socket; "" for the relay
	Op     string
	Args   []string
	Result *Result // nil for the relay, and when no result is recorded
	Pos    cases.Pos
}

// String is the call as in the script: "100 A c send 10".
func (c *Call) String() string {
	return millis(c.At) + " " + c.words()
}

// words is the call without its time: "A c send 10", as in the results.
func (c *Call) words() string {
	words := []string{c.Host}
	if c.Socket != "" {
		words = append(words, c.Socket)
	}
	return strings.Join(append(append(words, c.Op), c.Args...), " ")
}

// Result is what a call returned.
type Result struct {
	Text string        // as recorded: `5 "HELLO"`, "ECONNRESET", "still blocked at end"
	At   time.Duration // when it returned, or, for one that did not, when the run ended
	Pos  cases.Pos
}

// stillBlocked is the result of a call that did not return.
const stillBlocked = "still blocked at end"

// Blocked reports that the call had not returned when the run ended.
func (r *Result) Blocked() bool { return r.Text == stillBlocked }

// Packet is a segment of the transcript, with numbers relative to the SYN of
// each side.
type Packet struct {
	At       time.Duration
	From, To string // A or B; From is "" for a forged one
	Segment
	Window  int  // as printed; -1 where it is not known
	Elided  int  // n > 0: this stands for n data or pure ACK segments that were not printed
	Dropped bool // it was sent, and did not arrive
	Pos     cases.Pos
}

// Segment is what is compared of a segment.
type Segment struct {
	Flags string // letters of SFRPAUEW in that order: "SA", "PA", "R"
	Seq   int64  // relative to the sender's SYN
	Ack   int64  // relative to the peer's SYN; 0 without the flag A
	Len   int    // bytes of data
	// SeqAbsolute and AckAbsolute say that the number is as on the wire: there
	// was no SYN to count from.
	SeqAbsolute, AckAbsolute bool
}

// Pure reports a pure acknowledgement: A and nothing else.
func (s Segment) Pure() bool { return s.Flags == "A" && s.Len == 0 }

// plain reports a segment such as a transcript leaves out: data or a pure ACK.
func (s Segment) plain() bool { return s.Flags == "A" || s.Flags == "PA" }

// millis is a time in whole ms, as files have it.
func millis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }
