package vtime

import (
	"math"
	"time"
)

// Time is an instant of virtual time: nanoseconds since the run began. Spans
// are [time.Duration].
type Time int64

// MaxTime is the last instant; arithmetic saturates there.
const MaxTime Time = math.MaxInt64

// Epoch is the wall-clock date of Time 0. It is the date at which a
// testing/synctest bubble starts, so that both clocks can be one.
var Epoch = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)

// Add returns t+d, at least 0 and at most [MaxTime].
func (t Time) Add(d time.Duration) Time {
	sum := t + Time(d)
	switch {
	case d >= 0 && sum < t:
		return MaxTime
	case sum < 0:
		return 0
	}
	return sum
}

// Sub returns the span t-u.
func (t Time) Sub(u Time) time.Duration { return time.Duration(t - u) }

// Since returns the span from the start of the run to t.
func (t Time) Since() time.Duration { return time.Duration(t) }

// Date returns t as a date: [Epoch] plus t.
func (t Time) Date() time.Time { return Epoch.Add(time.Duration(t)) }

// FromDate is the inverse of [Time.Date]; a date before Epoch gives 0.
func FromDate(date time.Time) Time { return max(0, Time(date.Sub(Epoch))) }

// String prints t as a span: "1.5s".
func (t Time) String() string { return time.Duration(t).String() }
