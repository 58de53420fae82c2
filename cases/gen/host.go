package gen

import (
	"slices"
	"time"

	"rstlab/cases"
)

// host gives a host its stack and the settings of its TCP.
func (b *builder) host(h *cases.Host, six bool) {
	stack := cases.DefaultStack
	switch {
	case b.cfg.Stacks != nil:
		stack = pick(b.choices, "stack", b.cfg.Stacks...)
	case b.oneIn(3, "a model"):
		others := slices.DeleteFunc(cases.Stacks(), func(s string) bool { return s == cases.DefaultStack })
		stack = pick(b.choices, "stack", others...)
	}
	if stack != cases.DefaultStack {
		h.Stack = cases.WordValue(stack)
	}
	for range b.upTo(5, "host settings") / 5 * (1 + b.upTo(1, "more")) {
		b.hostSetting(h, six)
	}
}

// hostSetting makes one setting. Some are not of netstack.
func (b *builder) hostSetting(h *cases.Host, six bool) {
	count := func(label string, of ...int) cases.Value { return cases.IntValue(pick(b.choices, label, of...)) }
	span := func(label string, of ...time.Duration) cases.Value {
		return cases.DurationValue(pick(b.choices, label, of...) * time.Second)
	}
	kinds := 6
	if h.Stack.IsSet() {
		kinds = 11
	}
	switch b.upTo(kinds-1, "host setting") {
	case 0:
		h.SACK = cases.WordValue("off")
	case 1:
		h.Retries = count("retries", 3, 1, 8)
	case 2:
		h.FinTimeout = span("fintimeout", 5, 1, 120)
	case 3:
		h.TimeWait = span("timewait", 5, 1, 120)
	case 4:
		h.MTU = count("host mtu", 1400, 1280, 9000)
		if !six && b.oneIn(3, "small host mtu") {
			h.MTU = count("small host mtu", 576, 296)
		}
	case 5:
		if !b.cfg.Perfect {
			h.Congestion = cases.WordValue("cubic")
		}
	case 6:
		h.Timestamps = cases.WordValue(pick(b.choices, "timestamps", "off", "on"))
	case 7:
		h.RFC1337 = cases.WordValue(pick(b.choices, "rfc1337", "on", "off"))
	case 8:
		h.SynRetries = count("synretries", 2, 1, 6)
	case 9:
		h.SynLinear = count("synlinear", 0, 1, 4)
	case 10:
		h.SynAckRetries = count("synackretries", 2, 0, 5)
	}
}
