package fuzz_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"rstlab/cases"
	"rstlab/cases/fuzz"
	"rstlab/cases/gen"
	"rstlab/cases/shrink"
	"rstlab/netsim/link"
)

func zzuntie(s *cases.Scenario) {
	k := time.Duration(1)
	odd := func(d time.Duration) cases.Value {
		k = (k*48271 + 11) % 99991
		return cases.DurationValue(d.Truncate(100*time.Microsecond) + k)
	}
	for i := range s.Links {
		l := &s.Links[i]
		l.AB.Delay = odd(0)
		l.BA.Delay = odd(0)
		if os.Getenv("RATE") != "" && !l.Both.Rate.IsSet() {
			l.Both.Rate = cases.RateValue(link.Gbit)
		}
	}
	for i := range s.Procs {
		for j := range s.Procs[i].Steps {
			x := &s.Procs[i].Steps[j]
			if x.Time.IsSet() {
				x.Time = odd(x.Time.Duration())
			}
			if x.Every.IsSet() {
				x.Every = odd(x.Every.Duration())
			}
			if x.Verb == cases.VerbSet && x.Value.Kind == cases.KindDuration && x.Option.Name == "deadline" {
				x.Value = odd(x.Value.Duration())
			}
		}
	}
}


func zzcompare(s *cases.Scenario, seed uint64) *fuzz.Disagreement {
	b, err := s.Bind(nil)
	if err != nil {
		return nil
	}
	var rs [2]*cases.Result
	for i, st := range []string{cases.DefaultStack, "netstack-model"} {
		r, err := b.Run(cases.RunConfig{Seed: seed, Stacks: map[string]string{"": st}, StepLimit: fuzz.StepLimit})
		if err != nil {
			return nil
		}
		rs[i] = r
	}
	return fuzz.Compare(rs[0], rs[1])
}

func TestZZScan(t *testing.T) {
	from, _ := strconv.ParseUint(os.Getenv("FROM"), 10, 64)
	to, _ := strconv.ParseUint(os.Getenv("TO"), 10, 64)
	n := 0
	for seed := from; seed < to; seed++ {
		if only := os.Getenv("ONLY"); only != "" && !strings.Contains(","+only+",", fmt.Sprintf(",%d,", seed)) {
			continue
		}
		s := gen.Scenario(gen.Random(seed), gen.Config{Stacks: []string{cases.DefaultStack}, Perfect: os.Getenv("LOSSY") == ""})
		zzuntie(s)
		d := zzcompare(s, seed)
		if d == nil {
			continue
		}
		n++
		fmt.Printf("seed %d: %s\n", seed, d)
		if os.Getenv("SHRINK") != "" {
			kind := d.Kind()
			sd := uint64(0)
			if x := zzcompare(s, 0); x == nil || x.Kind() != kind {
				sd = seed
			}
			tries := 0
			s, _ = shrink.Scenario(s, func(x *cases.Scenario) bool {
				tries++
				y := x.Clone()
				zzuntie(y)
				e := zzcompare(y, sd)
				return e != nil && e.Kind() == kind
			}, shrink.Config{Stop: func() bool { return tries > 3000 }})
			zzuntie(s)
			d = zzcompare(s, sd)
			fmt.Printf("   small (seed %d): %s\n%s\n", sd, d, cases.Print(s))
		}
		os.WriteFile(fmt.Sprintf("/tmp/agree/%s%d.txt", os.Getenv("LOSSY"), seed), []byte(cases.Print(s)), 0o644)
	}
	fmt.Println("differ", n)
}
