package cases_test

import (
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
)

// manyRuns is how many runs the test for leaks does: RSTLAB_RUNS, or enough to
// see a leak of one goroutine or a few hundred bytes a run.
func manyRuns(t *testing.T) int {
	text := os.Getenv("RSTLAB_RUNS")
	if text == "" {
		if testing.Short() {
			return 500
		}
		return 5000
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, "RSTLAB_RUNS is a number of runs")
	return n
}

func heap() (bytes uint64, goroutines int) {
	for range 3 {
		runtime.GC()
	}
	time.Sleep(10 * time.Millisecond) // until goroutines that have returned are gone
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc, runtime.NumGoroutine()
}

func TestRunsLeaveNothingBehind(t *testing.T) {
	var bound []cases.Bound
	for _, s := range cases.All() {
		b, err := s.Bind(nil)
		require.NoError(t, err)
		bound = append(bound, b)
		run(t, b, cases.RunConfig{})
	}
	runs := manyRuns(t)
	bytes, goroutines := heap()
	for i := range runs {
		run(t, bound[i%len(bound)], cases.RunConfig{})
	}
	bytesAfter, goroutinesAfter := heap()
	t.Logf("%d runs: heap %d -> %d bytes, goroutines %d -> %d", runs, bytes, bytesAfter, goroutines, goroutinesAfter)
	require.Equal(t, goroutines, goroutinesAfter, "goroutines are back to the start")
	require.Less(t, bytesAfter, bytes+1<<20, "the heap is flat: at most a MiB more than before")
}
