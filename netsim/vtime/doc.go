// Package vtime is virtual time: the instant, the agenda of what happens next,
// and the clock that a gVisor stack reads and sets its timers on.
//
// A simulation has one [Agenda]. Everything that will happen is an [Event] in
// it, ordered by (time, sequence number); the loop takes the first, moves the
// time to it and runs it. Nothing else moves the time:
//
//	var agenda vtime.Agenda
//	ring := vtime.NewEvent(func() { fmt.Println("now it is", agenda.Now()) })
//	agenda.Schedule(agenda.Now().Add(time.Second), ring)
//	for {
//		event := agenda.Next()
//		if event == nil {
//			break
//		}
//		event.Run()
//	}
//
// A [Clock] shows the agenda to gVisor as a [tcpip.Clock]: its timers are
// events, fire on the loop's goroutine, and stand in the one order.
//
// # Limitations
//
// Virtual time starts at 0 and ends at [MaxTime], 292 years later; an event
// later than that is scheduled at MaxTime. The code that an event runs takes
// no virtual time.
package vtime
