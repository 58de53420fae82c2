package gen

import (
	"time"

	"rstlab/cases"
)

// step is a step on a connection that is there.
func (b *builder) step() cases.Step {
	switch b.upTo(14, "step") {
	case 0, 1:
		return cases.Step{Verb: cases.VerbSend, Data: b.data(), Or: b.orExit()}
	case 2, 3:
		return cases.Step{Verb: cases.VerbRecv, Max: b.most(), Or: b.orExit()}
	case 4, 5:
		return cases.Step{Verb: cases.VerbSleep, Time: b.wait("sleep")}
	case 6:
		s := cases.Step{Verb: cases.VerbRecvLoop}
		if b.oneIn(2, "read") {
			s.Max = cases.SizeValue(pick(b.choices, "size", 1460, 500, 3000, 1<<20))
		}
		if b.oneIn(3, "every") {
			s.Every = b.millis("every", 10, 1, 100)
		}
		return s
	case 7:
		return cases.Step{Verb: cases.VerbPeek, Max: b.most()}
	case 8:
		return cases.Step{Verb: cases.VerbShutdown, How: cases.WordValue(pick(b.choices, "how", "write", "read", "both"))}
	case 9:
		return b.set()
	case 10:
		if b.oneIn(2, "state") {
			return cases.Step{Verb: cases.VerbState}
		}
		return cases.Step{Verb: cases.VerbGet, Option: cases.Ref{Name: string(cases.OptionError)}}
	case 11:
		return cases.Step{Verb: cases.VerbRecvNB, Max: b.most(), Or: b.orExit()}
	case 12:
		return cases.Step{Verb: cases.VerbPoll}
	case 13:
		return cases.Step{Verb: cases.VerbOutq}
	default:
		return cases.Step{Verb: cases.VerbAt, Time: b.wait("at")}
	}
}

func (b *builder) orExit() cases.Value {
	if b.oneIn(8, "or exit") {
		return cases.WordValue("exit")
	}
	return cases.Value{}
}

// data is what a send sends: a word, a few segments, or more than a window.
func (b *builder) data() cases.Value {
	switch b.upTo(9, "data") {
	case 0, 1, 2, 3:
		return cases.TextValue(pick(b.choices, "text", "hello", "x", "GET / HTTP/1.1\r\n\r\n"))
	case 4, 5, 6:
		return cases.SizeValue(pick(b.choices, "size", 100, 1460, 1461, 3000, 10_000))
	case 7, 8:
		return cases.SizeValue(pick(b.choices, "window", 30_000, 65_536, 100_000))
	default:
		return cases.SizeValue(pick(b.choices, "bulk", 200_000, 1_000_000))
	}
}

// most is how much a read takes.
func (b *builder) most() cases.Value {
	switch b.upTo(4, "read") {
	case 0, 1:
		return cases.Value{}
	case 2:
		return cases.SizeValue(1)
	case 3:
		return cases.SizeValue(pick(b.choices, "size", 5, 1460, 3000))
	default:
		return cases.SizeValue(1 << 20)
	}
}

// set is a step that sets an option to a value that matters.
func (b *builder) set() cases.Step {
	seconds := func(label string, of ...time.Duration) cases.Value {
		return cases.DurationValue(pick(b.choices, label, of...) * time.Second)
	}
	onOff := func(label string) cases.Value { return cases.WordValue(pick(b.choices, label, "on", "off")) }
	option, value := cases.OptionNoDelay, cases.Value{}
	switch b.upTo(10, "option") {
	case 0:
		value = onOff("nodelay")
	case 1:
		option, value = cases.OptionLinger, seconds("linger", 0, 1, 10, 100)
	case 2:
		option, value = cases.OptionRcvBuf, cases.SizeValue(pick(b.choices, "rcvbuf", 4096, 2304, 1, 65_536, 1<<20))
	case 3:
		option, value = cases.OptionSndBuf, cases.SizeValue(pick(b.choices, "sndbuf", 8192, 4608, 1, 65_536, 1<<20))
	case 4:
		option, value = cases.OptionDeadline, b.wait("deadline")
	case 5:
		option, value = cases.OptionKeepAlive, onOff("keepalive")
	case 6:
		option, value = cases.OptionKeepIdle, seconds("keepidle", 1, 10, 600)
	case 7:
		option, value = cases.OptionKeepInterval, seconds("keepintvl", 1, 10, 75)
	case 8:
		option, value = cases.OptionKeepCount, cases.IntValue(pick(b.choices, "keepcnt", 2, 1, 9))
	case 9:
		option, value = cases.OptionUserTimeout, seconds("usertimeout", 1, 5, 30, 0)
	case 10:
		option, value = cases.OptionSynCount, cases.IntValue(pick(b.choices, "syncnt", 1, 2, 6))
	}
	return cases.Step{Verb: cases.VerbSet, Option: cases.Ref{Name: string(option)}, Value: value}
}
