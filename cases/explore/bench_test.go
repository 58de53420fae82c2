//go:build unix

package explore_test

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/explore"
)

// BenchmarkWorkers compares a sweep by one worker with the same by one a core,
// in turn, so that both meet the same machine. On a machine that has other things to
// do, compare the processor time of a run: efficiency is of the wall clock. Garbage
// is collected as often as in the rstlab command, and one worker has the other cores for that.
func BenchmarkWorkers(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(800))
	for _, stack := range []string{cases.DefaultStack, "linux"} {
		b.Run(stack, func(b *testing.B) { compareWorkers(b, stack) })
	}
}

func compareWorkers(b *testing.B, stack string) {
	cores := runtime.GOMAXPROCS(0)
	spent, used := map[int]time.Duration{}, map[int]time.Duration{}
	points := 0
	for b.Loop() {
		points = 0
		for _, workers := range []int{1, cores} {
			sweep := race(b, 999)
			sweep.Stacks = map[string]string{"": stack}
			begin, cpu := time.Now(), processorTime(b)
			require.NoError(b, sweep.Run(b.Context(), explore.Options{Workers: workers}, func(explore.Point) error {
				points++
				return nil
			}))
			spent[workers] += time.Since(begin)
			used[workers] += processorTime(b) - cpu
		}
		points /= 2
	}
	runs := float64(points * b.N)
	b.ReportMetric(runs/spent[1].Seconds(), "runs/s/core")
	b.ReportMetric(float64(spent[1])/float64(spent[cores])/float64(cores), fmt.Sprintf("efficiency-%d-cores", cores))
	b.ReportMetric(float64(used[1].Microseconds())/runs, "cpu-µs/run-1")
	b.ReportMetric(float64(used[cores].Microseconds())/runs, fmt.Sprintf("cpu-µs/run-%d", cores))
}

// processorTime is what the process has used so far, of all cores.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkOrderings is what one order of events costs.
func BenchmarkOrderings(b *testing.B) {
	o := explore.Orderings{Space: explore.Space{Scenario: load(b, "close-unread/echo-two-bytes")}}
	runs := 0
	for b.Loop() {
		found, err := o.Run(b.Context(), explore.Options{Workers: 1})
		require.NoError(b, err)
		runs += found.Runs
	}
	b.ReportMetric(float64(runs)/b.Elapsed().Seconds(), "runs/s/core")
}
