package netsim_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"gvisor.dev/gvisor/pkg/tcpip"

	"rstlab/netsim"
	"rstlab/netsim/vtime"
)

// heap is the memory in use after a collection.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestRunsLeaveNoGoroutineAndNoMemory(t *testing.T) {
	once := func(i int) {
		for _, program := range programs {
			n := netsim.New(netsim.Config{Seed: uint64(i), HashOnly: true})
			program(n)
			if i%3 == 0 {
				require.NoError(t, n.RunUntil(vtime.Time(150*ms)), "ended on the way")
			} else {
				require.NoError(t, n.Run())
			}
			n.Close()
		}
	}
	for i := range times(30, 10) {
		once(i)
	}
	before, goroutines := heap(), runtime.NumGoroutine()
	for i := range times(600, 20) { // of each of the five programs
		once(i)
	}
	for i := 0; i < 1000 && runtime.NumGoroutine() > goroutines; i++ {
		time.Sleep(time.Millisecond) // until goroutines that have been told to end have
	}
	require.LessOrEqual(t, runtime.NumGoroutine(), goroutines)
	require.Less(t, float64(heap()), float64(before)+512<<10, "the heap is flat")
	require.Empty(t, tcpip.GetDanglingEndpoints())
}

func TestANetworkClosedAnywhereLeavesNothingBehind(t *testing.T) {
	for name, program := range programs {
		ignore := goleak.IgnoreCurrent()
		for steps := range times(60, 20) {
			n := netsim.New(netsim.Config{Seed: 1, HashOnly: true})
			program(n)
			for range steps * steps {
				n.Step()
			}
			n.Close()
		}
		goleak.VerifyNone(t, ignore)
		require.Empty(t, tcpip.GetDanglingEndpoints(), name)
	}
}
