package vtime_test

import (
	"fmt"
	"time"

	"rstlab/netsim/vtime"
)

// The loop takes the first event, moves the time to it and runs it.
func Example() {
	var agenda vtime.Agenda
	ring := vtime.NewEvent(func() { fmt.Println("it rings at", agenda.Now()) })
	agenda.Schedule(agenda.Now().Add(time.Hour), ring)
	clock := vtime.NewClock(&agenda, func() { fmt.Println("the host settles") })
	clock.AfterFunc(time.Minute, func() { fmt.Println("a timer fires at", agenda.Now()) })
	for event := agenda.Next(); event != nil; event = agenda.Next() {
		event.Run()
	}
	// Output:
	// a timer fires at 1m0s
	// the host settles
	// it rings at 1h0m0s
}
