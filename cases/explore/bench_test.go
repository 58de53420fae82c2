package explore_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/cases/explore"
)

// BenchmarkWorkers compares a sweep by one worker with the same by one a core,
// in turn, so that both meet the same machine.
func BenchmarkWorkers(b *testing.B) {
	cores := runtime.GOMAXPROCS(0)
	spent := map[int]time.Duration{}
	points := 0
	for b.Loop() {
		points = 0
		for _, workers := range []int{1, cores} {
			sweep := race(b, 999)
			begin := time.Now()
			require.NoError(b, sweep.Run(b.Context(), explore.Options{Workers: workers}, func(explore.Point) error {
				points++
				return nil
			}))
			spent[workers] += time.Since(begin)
		}
		points /= 2
	}
	runs := float64(points * b.N)
	b.ReportMetric(runs/spent[1].Seconds(), "runs/s/core")
	b.ReportMetric(float64(spent[1])/float64(spent[cores])/float64(cores), fmt.Sprintf("efficiency-%d-cores", cores))
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
