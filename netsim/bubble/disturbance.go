package bubble

import "runtime/metrics"

// disturbances counts what may have changed the order of goroutines on one
// processor since the process began: garbage collections, which stop goroutines
// where they are, and that the operating system took the processor away. (Go
// takes it from a goroutine that has had it for 10 ms of real time: one that was
// interrupted may look like that.)
func disturbances() (count uint64) {
	sample := []metrics.Sample{{Name: "/gc/cycles/total:gc-cycles"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() == metrics.KindUint64 {
		count = sample[0].Value.Uint64()
	}
	return count + interruptions()
}
