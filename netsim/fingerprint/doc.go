// Package fingerprint writes what a value holds as bytes, so that two values
// that hold the same give the same bytes wherever they are in memory. A search
// of orders uses it to see that it has been in a state before.
//
//	plan := fingerprint.NewPlan(fingerprint.Rules{
//		Skip: map[string]string{"tcp.Endpoint.stats": "counts, which nothing reads"},
//	})
//	b, err := plan.Append(nil, endpoint)
//
// Everything that can be reached from a value is written, unexported fields
// too, except what [Rules] name: pointers by what they point to, and by a number
// where that was written before, so that cycles end; maps in the order of
// their keys. What cannot be written (a function, a channel, a map whose keys
// have no order) is an error that says where it is: nothing is left out without
// a word.
//
// # Limitations
//
// A value must not change while it is written. Two functions cannot be told
// apart, so each field that holds one must be named in [Rules], with the reason
// why it does not matter.
package fingerprint
