//go:build unix

package bubble

import "syscall"

// interruptions is how often the operating system took the processor from one of
// the process's threads that could have gone on (getrusage(2), ru_nivcsw).
func interruptions() uint64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return uint64(u.Nivcsw)
}
