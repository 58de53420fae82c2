package link

import (
	"errors"
	"fmt"
	"time"
)

// Config says what one direction of a link does to packets. The zero value is a
// perfect link: nothing is lost and everything arrives at the instant at which
// it was sent.
//
// A packet passes the settings in this order: MTU, queue, Rate, then on the
// wire Delay and Jitter, Burst and Loss, Duplicate, Corrupt.
type Config struct {
	// Delay is the propagation delay: at least 0.
	Delay time.Duration

	// Jitter is added to Delay: each packet gets its own share, uniform in
	// [0, Jitter]. So Delay is the least a packet takes, and netem's
	// "delay 100ms 10ms distribution uniform" is Delay 90 ms with Jitter 20 ms.
	Jitter time.Duration

	// Reorder lets a packet with little jitter, or one sent after Delay was
	// reduced, overtake an earlier one. When false the packet arrives at the
	// same instant as the last one sent before it, after it.
	Reorder bool

	// Loss is the probability that a packet is lost, independent of all others.
	Loss Probability

	// Burst is loss in bursts, beside Loss. The zero value is off.
	Burst GilbertElliott

	// Duplicate is the probability that a packet arrives twice. A lost packet
	// is not duplicated, and the copy does not pass queue and Rate.
	Duplicate Probability

	// DuplicateDelay is how long after the packet its copy arrives: at least 0.
	// It applies to Duplicate only; a rule brings its own delay.
	DuplicateDelay time.Duration

	// Corrupt is the probability that one bit of the datagram, uniformly
	// chosen, is flipped; packet and copy each have their own.
	Corrupt Probability

	// Rate is how fast packets are put on the wire, counting the whole IP
	// datagram and nothing below it. 0 is infinitely fast.
	Rate BitRate

	// QueuePackets and QueueBytes limit what may wait for the transmitter,
	// without the packet that is being transmitted. 0 is unlimited. A packet
	// that finds no room is dropped (tail drop). Without Rate nothing waits.
	QueuePackets int
	QueueBytes   int

	// MTU is the largest datagram in bytes that the link carries: 0 for any, or
	// at least 68. A larger one is dropped. With DF, and in IPv6, the sender
	// is to be told: see [Outcome.FragNeeded]. Nothing is ever fragmented.
	MTU int
}

// minMTU is from RFC 791 section 3.2: "Every internet module must be able to
// forward a datagram of 68 octets without further fragmentation."
const minMTU = 68

// Validate reports every mistake in the configuration, each with the name of
// the field, its value and what to use instead. Settings without effect, such
// as a queue without rate, are no mistake, so that a sweep may start at zero.
func (c Config) Validate() error {
	var mistakes []error
	wrong := func(field string, value any, remedy string) {
		mistakes = append(mistakes, fmt.Errorf("%s = %v: %s", field, value, remedy))
	}
	for _, f := range []struct {
		name  string
		value time.Duration
	}{{"Delay", c.Delay}, {"Jitter", c.Jitter}, {"DuplicateDelay", c.DuplicateDelay}} {
		if f.value < 0 {
			wrong(f.name, f.value, "a packet cannot arrive before it was sent; use 0 or more")
		}
	}
	for _, f := range []struct {
		name  string
		value Probability
	}{
		{"Loss", c.Loss},
		{"Burst.P", c.Burst.P},
		{"Burst.R", c.Burst.R},
		{"Burst.LossBad", c.Burst.LossBad},
		{"Burst.LossGood", c.Burst.LossGood},
		{"Duplicate", c.Duplicate},
		{"Corrupt", c.Corrupt},
	} {
		if f.value > Always {
			wrong(f.name, f.value, "above 100%; use at most Always (1,000,000 parts per million)")
		}
	}
	if c.Burst.P > 0 && c.Burst.R == 0 {
		wrong("Burst.R", c.Burst.R, "the bad state would never end; use more than 0%")
	}
	if c.Burst.P > 0 && c.Burst.LossBad == 0 {
		wrong("Burst.LossBad", c.Burst.LossBad, "the bad state would lose nothing; use 100% for the simple Gilbert model, or set Burst.P to 0%")
	}
	for _, f := range []struct {
		name  string
		value int
	}{{"QueuePackets", c.QueuePackets}, {"QueueBytes", c.QueueBytes}} {
		if f.value < 0 {
			wrong(f.name, f.value, "use 0 for an unlimited queue, or 1 or more")
		}
	}
	if c.MTU != 0 && c.MTU < minMTU {
		wrong("MTU", c.MTU, "use 0 for no limit, or 68 bytes or more (RFC 791)")
	}
	return errors.Join(mistakes...)
}
