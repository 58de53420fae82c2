package truth

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Tolerance is a difference that is none of TCP's: it depends on the machine on
// which the kernel ran.
type Tolerance string

// The tolerances; there are no others.
const (
	// Jitter: the recorder and its relay are real programs. Each packet and call is
	// 1-2 ms late, a handshake and the call that waits for it up to twelve.
	Jitter Tolerance = "jitter"
	// TimerSlack: kernel timers fire 1-7 % late.
	TimerSlack Tolerance = "kernel timer slack"
	// DelayedACK: one side acknowledges at once what the other acknowledges
	// later, with the next segment or with its timer: RFC 9293 section 3.8.6.3,
	// "MUST be less than 0.5 seconds".
	DelayedACK Tolerance = "delayed ACK"
	// InitialWindow: the two offer another receive window and have other socket
	// buffers. What follows is how much of a send is taken that a RST or a close
	// cuts off, where the window's right edge is, and how the bytes of adjacent
	// segments are split over reads.
	InitialWindow Tolerance = "initial windows"
)

const (
	maxJitter   = 15 * time.Millisecond
	early       = time.Millisecond      // a recorded time is cut to whole ms
	maxDelayACK = 45 * time.Millisecond // Linux: TCP_DELACK_MIN, 40 ms, late as all timers are
	slackOf     = 14                    // 1/14 is 7 %
	slackFrom   = 100 * time.Millisecond
)

// Difference is a call or a run of segments that is not as recorded.
type Difference struct {
	// What is the call ("200 A c send 10"), or the direction and place of the
	// segments ("B>A 5").
	What string
	// Want and Got are what was recorded, and what came here.
	Want, Got string
}

// String is "B>A 5: R seq=1 len=0 | RA seq=22 ack=1 len=0".
func (d Difference) String() string { return d.What + ": " + d.Want + " | " + d.Got }

// compareCalls compares every call with what is recorded of it.
func (c *comparison) compareCalls() {
	for i := range c.file.Calls {
		call := &c.file.Calls[i]
		if call.Result == nil {
			continue // the relay's, or of a recorder that did not say
		}
		want, _ := parseResult(call.Result.Text) // the reader has checked it
		got := &c.record.Calls[i]
		if !c.sameResult(call, &want, &got.outcome) {
			c.differ(call.String(), want.text(want.form)+at(want.blocked, call.Result.At), got.outcome.text(want.form)+at(got.outcome.blocked, got.At))
			continue
		}
		if want.blocked {
			continue
		}
		if !c.sameTime(call, got.At) {
			c.differ(call.String(), want.text(want.form)+at(false, call.Result.At), got.outcome.text(want.form)+at(false, got.At))
		}
	}
}

func at(blocked bool, t time.Duration) string {
	if blocked {
		return ""
	}
	return " @" + millis(t) + "ms"
}

// sameTime compares when a call returned, with the tolerances for time.
func (c *comparison) sameTime(call *Call, got time.Duration) bool {
	late := call.Result.At - got
	if c.bothReal {
		late = max(late, -late)
	}
	lasted := call.Result.At - call.At
	switch {
	case late < -early:
		return false
	case late <= maxJitter:
		if late > 0 {
			c.tolerate(Jitter)
		}
		return true
	case lasted > slackFrom && late <= maxJitter+lasted/slackOf:
		c.tolerate(TimerSlack)
		return true
	case late <= maxJitter+maxDelayACK && c.closes(call):
		c.tolerate(DelayedACK)
		return true
	}
	return false
}

// closes reports a call that waits for the acknowledgement of a FIN: one that
// lingers.
func (c *comparison) closes(call *Call) bool { return call.Op == "close" }

// sameResult compares what a call gave.
func (c *comparison) sameResult(call *Call, want, got *outcome) bool {
	switch {
	case call.Op == "killproc":
		return !got.blocked && !want.blocked // it has no result but that it is done
	case call.Op == "poll" && got.word == nothingReady:
		return want.word == nothingReady || want.word == "-" || want.form == numberForm && want.number == 0
	}
	if want.end() != got.end() {
		return false
	}
	switch {
	case want.blocked:
		return true
	case want.form == wordForm:
		return len(got.reads) == 0
	case call.Op == "send":
		return want.number == got.number || c.cutOff(call, want, got)
	case want.form == numberForm && len(got.reads) == 0:
		return want.number == got.number
	}
	if len(want.reads) == 0 && want.form == readsForm { // EOF or an errno alone
		return len(got.reads) == 0
	}
	return c.sameReads(call, want, got)
}

// cutOff tolerates another count of a send that was cut off on both sides.
func (c *comparison) cutOff(call *Call, want, got *outcome) bool {
	asked, number := call.Number(0)
	if number && want.number > 0 && got.number > 0 && want.number < asked && got.number < asked {
		c.tolerate(InitialWindow)
		return true
	}
	return false
}

// sameReads compares what was read: the bytes must be the same; how they are
// split over the reads of a recvloop need not.
func (c *comparison) sameReads(call *Call, want, got *outcome) bool {
	if want.form == numberForm {
		want.reads = []read{{n: want.number}}
	}
	if want.total() != got.total() {
		if c.fromCutOff(call) && want.total() > 0 && got.total() > 0 {
			c.tolerate(InitialWindow)
			return true
		}
		return false
	}
	data, offset := got.data(), 0
	for _, r := range want.reads {
		if r.shown && !strings.HasPrefix(data[offset:], r.data) {
			return false
		}
		offset += r.n
	}
	split := func(a, b read) bool { return a.n == b.n }
	if want.form == readsForm && !slices.EqualFunc(want.reads, got.reads, split) {
		c.tolerate(InitialWindow)
	}
	return true
}

// fromCutOff reports that what the call reads is from a send that was cut off:
// how much of it arrived depends on windows.
func (c *comparison) fromCutOff(call *Call) bool {
	for i := range c.file.Calls {
		other := &c.file.Calls[i]
		if other.Host != peerOf(call.Host) || other.Op != "send" || other.Result == nil {
			continue
		}
		asked, number := other.Number(0)
		want, _ := parseResult(other.Result.Text)
		if number && want.form == numberForm && want.number < asked {
			return true
		}
	}
	return false
}

// differ notes a difference.
func (c *comparison) differ(what, want, got string) {
	c.differences = append(c.differences, Difference{what, want, got})
}

// tolerate notes that a tolerance was needed.
func (c *comparison) tolerate(t Tolerance) {
	for i := range c.tolerated {
		if c.tolerated[i].Tolerance == t {
			c.tolerated[i].Times++
			return
		}
	}
	c.tolerated = append(c.tolerated, Tolerated{t, 1})
}

// Tolerated says how often a tolerance was needed.
type Tolerated struct {
	Tolerance Tolerance
	Times     int
}

// String is "delayed ACK ×2".
func (t Tolerated) String() string { return fmt.Sprintf("%s ×%d", t.Tolerance, t.Times) }
