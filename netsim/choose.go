package netsim

import "errors"

// Chooser decides what happens next where more than one thing can: it is asked
// with the number n of them, 1 or more, and gives one from 0 to n-1. A negative
// answer ends the run where it is, with [ErrStopped].
type Chooser interface {
	Choose(label string, n int) int
}

// Offered is a [Chooser] that is told what it chooses from, just before each
// call of Choose. The slice is good until that returns.
type Offered interface {
	Offer(choices []Choice)
}

// Watching is an [Offered] that is told more between two calls of Choose.
type Watching interface {
	Offered
	// Looked says, before the next Offer, at which deadlines and times to linger
	// the last step looked: another step that is the end of one can be taken
	// before that step or after it with the same end, unless it is among them.
	// The slice is good until Looked returns.
	Looked(at []Choice)
	// Ended says, once, that every proc has ended, or waits for what will not come,
	// or does nothing more that shows anything, and that none will begin any more.
	// What is still to happen makes no difference.
	Ended()
}

// Choosing sets time aside: with a Chooser, a run is a sequence of choices, and
// the durations of links and of sleeps do not count. At any time the chooser
// takes one of: a packet in flight arrives, whichever it is; a blocked call is
// tried whose socket has changed, but not a recv or accept that would block again; a proc goes on after Sleep or [Proc.Yield]; a
// deadline is over; a function given to [Network.At] is called. No time passes
// with any of these. Timers of TCP expire when nothing else can happen: then the
// time moves to the first of them. Of those that are due at one time each can be
// the first.
//
// A proc goes on to its next Sleep, Yield or blocked call in one step.
type Choosing struct {
	// Chooser chooses. nil, the default, is no choice: a run in the order of
	// its times.
	Chooser Chooser
	// Drops and Duplicates are how many packets the chooser may lose, and how
	// many it may deliver and keep in flight. 0 is none.
	Drops, Duplicates int
	// InOrder keeps the packets of each direction of a link in order.
	InOrder bool
	// Overtaking is how many packets of its direction can overtake a packet, at most;
	// 0 is any number. Without a bound there can be no end: a TCP that takes each
	// acknowledgement for a sign of loss sends a segment again and again while the
	// segment is overtaken.
	Overtaking int
	// Retransmits is how many segments the hosts can send again, all together; 0 is
	// any number, less than 0 is none. A run in which one more is sent ends there with
	// [ErrRetransmits], unless no proc can notice anything any more. Without a bound there
	// can be no end: where time stands still, a TCP that measures time to tell what is
	// lost from what is late can send the same again without end.
	Retransmits int
	// NoRACK turns the detection of losses by time off at all netstack hosts. Where time
	// stands still, a round trip and the reordering window are zero, so that the
	// acknowledgement of one segment has what was sent with it sent again, each time.
	NoRACK bool
	// Programs says what the procs will do. nil is nothing: then a [Remembering]
	// Chooser cannot compare states, and everything is offered.
	Programs Programs
	// Whole offers everything that can happen. Otherwise what makes no difference
	// to any proc is not: a segment for a host that has no connection arrives at
	// once, a deadline that no call looks at is left alone, and when nothing that
	// is in flight can reach a proc any more only the procs go on.
	Whole bool
}

// ErrStopped is the end of a run that its [Chooser] has ended.
var ErrStopped = errors.New("netsim: the chooser has ended the run")

// ChoiceKind is what kind of thing a [Choice] is.
type ChoiceKind uint8

const (
	// ChooseDeliver is a packet that arrives.
	ChooseDeliver ChoiceKind = iota + 1
	// ChooseDrop is a packet that is lost.
	ChooseDrop
	// ChooseDuplicate is a packet that arrives and stays in flight too.
	ChooseDuplicate
	// ChooseRetry is a blocked call that is tried again.
	ChooseRetry
	// ChooseProc is a proc that goes on.
	ChooseProc
	// ChooseDeadline is the end of a deadline, or of the time to linger.
	ChooseDeadline
	// ChooseTimer is a timer of TCP that expires.
	ChooseTimer
	// ChooseEvent is a function given to [Network.At].
	ChooseEvent
)

var choiceNames = [...]string{"?", "deliver", "drop", "duplicate", "retry", "proc", "deadline", "timer", "event"}

// String is the kind as a word.
func (k ChoiceKind) String() string {
	if int(k) < len(choiceNames) {
		return choiceNames[k]
	}
	return choiceNames[0]
}

// Choice is a thing that can happen next. Two choices at different hosts do
// not touch each other, in whichever order they are taken, but that Drop and
// Duplicate share what is left of them. A Choice is comparable, and one that is
// not taken stays the same while others are taken at other hosts. In two runs, or
// for two packets that are the same, equal choices in equal states lead to equal
// states; only the number of a timer is good for one state of one run.
type Choice struct {
	Kind ChoiceKind
	Host string // the host or router where it happens; "" when it may touch all
	// Content says which packet it is.
	Content ContentSum
	// Name is the proc.
	Name string
	// Number tells retries and deadlines of one host apart, and timers.
	Number int
}

// Spends reports whether the choice takes of the number of drops or
// duplicates.
func (c *Choice) Spends() bool { return c.Kind == ChooseDrop || c.Kind == ChooseDuplicate }
