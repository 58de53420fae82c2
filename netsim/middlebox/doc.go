// Package middlebox is what stands between the hosts of a connection and meddles
// with it.
//
// It is pure: it imports package wire only, time is an argument, and nothing in
// it starts a goroutine or keeps a timer.
//
//   - [End] is what the segments that pass show of one end of a connection: what
//     it sends next, what it expects next, its window.
//
// # Limitations
//
// TCP only.
package middlebox
