package vtime_test

import (
	"fmt"
	"testing"
	"time"

	"rstlab/netsim/vtime"
)

// BenchmarkAgenda is the cost of an event that schedules its successor, while so
// many others are pending.
func BenchmarkAgenda(b *testing.B) {
	for _, pending := range []int{10, 1_000, 100_000} {
		b.Run(fmt.Sprintf("pending=%d", pending), func(b *testing.B) {
			var a vtime.Agenda
			random := uint32(1)
			for range pending {
				var e *vtime.Event
				e = vtime.NewEvent(func() {
					random = random*1664525 + 1013904223
					a.Schedule(a.Now().Add(time.Duration(random)), e)
				})
				e.Run()
			}
			b.ReportAllocs()
			for b.Loop() {
				a.Next().Run()
			}
		})
	}
}

// BenchmarkTimer is the cost of what TCP does with its retransmission timer for
// each segment: reset it before it fires.
func BenchmarkTimer(b *testing.B) {
	var a vtime.Agenda
	c := vtime.NewClock(&a, nil)
	for range 1000 {
		c.AfterFunc(time.Hour, func() {})
	}
	timer := c.AfterFunc(time.Second, func() {})
	b.ReportAllocs()
	for b.Loop() {
		timer.Reset(time.Second)
		timer.Stop()
	}
}
