//go:build !unix

package bubble

// interruptions is not known here.
func interruptions() uint64 { return 0 }
