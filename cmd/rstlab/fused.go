package main

import (
	"runtime"

	"github.com/spf13/cobra"

	"rstlab/netsim"
)

// unfused is the flag for Go with which nothing is fused, see [netsim.FusesFloats].
const unfused = "-gcflags=all=-d=fmahash=qn"

// fusedNotice is what commands begin with that run something, on the standard error; "" says
// nothing.
var fusedNotice = noticeOf(netsim.FusesFloats())

// noticeOf is what a program has to say that fuses, see [netsim.FusesFloats].
func noticeOf(fuses bool) string {
	if !fuses {
		return ""
	}
	return `rstlab: note: for ` + runtime.GOARCH + ` this program was compiled to round x*y + z once, not twice: timers of
rstlab: note: gVisor's TCP, and traces and hashes with them, may differ from other machines by nanoseconds.
rstlab: note: They are the same everywhere after: export GOFLAGS=` + unfused + `; go build ./cmd/rstlab
`
}

// tellsOfFusing has the commands begin with the notice.
func tellsOfFusing(commands ...*cobra.Command) []*cobra.Command {
	for _, c := range commands {
		c.PreRun = func(cmd *cobra.Command, _ []string) { cmd.PrintErr(fusedNotice) }
	}
	return commands
}
