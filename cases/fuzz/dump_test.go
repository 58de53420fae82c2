package fuzz_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"rstlab/cases"
	"rstlab/cases/fuzz"
	"rstlab/cases/gen"
	"rstlab/netsim/trace"
)

func TestDump(t *testing.T) {
	i, _ := strconv.Atoi(os.Getenv("SEED"))
	lim, _ := strconv.Atoi(os.Getenv("STEPS"))
	s := gen.Scenario(gen.Random(uint64(i)), gen.Config{})
	fmt.Println(cases.Print(s))
	b, _ := s.Bind(nil)
	w, _ := trace.NewTextWriter(os.Stdout, &trace.Header{})
	_, err := b.Run(cases.RunConfig{Seed: uint64(i), Sinks: []trace.Sink{w}, StepLimit: uint64(lim)})
	defer fmt.Println()
	fmt.Println(err)
	_ = fuzz.KindHash
}
