package fuzz_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"rstlab/cases"
	"rstlab/cases/fuzz"
	"rstlab/cases/gen"
	"rstlab/netsim/wire"
)

func TestTry(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("N"))
	from, _ := strconv.Atoi(os.Getenv("FROM"))
	cov := &fuzz.Coverage{}
	kinds := map[string]int{}
	for i := from; i < from+n; i++ {
		s := gen.Scenario(gen.Random(uint64(i)), gen.Config{})
		begin := time.Now()
		seen := fuzz.Check(s, uint64(i), cov)
		if d := time.Since(begin); d > 300*time.Millisecond {
			fmt.Printf("SLOW seed %d: %v events %v\n%s\n", i, d, seen.Failures, cases.Print(s))
			if seen.Result != nil {
				fmt.Println(seen.Result.Stats)
			}
		}
		for _, f := range seen.Failures {
			kinds[f.Kind]++
			if kinds[f.Kind] <= 2 {
				fmt.Printf("== seed %d: %s\n%s\n", i, f.Error(), cases.Print(s))
			}
		}
	}
	fmt.Println(kinds, cov.Runs, cov.Events, cov.Steps, cov.Results)
	for i, a := range cov.Transitions {
		for j, k := range a {
			if k > 0 {
				fmt.Println(wire.State(i), wire.State(j), k)
			}
		}
	}
}
