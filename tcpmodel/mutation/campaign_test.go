package mutation_test

import (
	"errors"
	"flag"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"rstlab/tcpmodel/mutation"
)

var (
	which  = flag.String("mutants", "", "hunt these mutants: all, or ids separated by commas; a sample when empty")
	update = flag.Bool("update", false, "with -mutants, write what came of them into the table of the package doc")
)

// sample is how many mutants a test without flags builds and hunts.
const sample = 3

func chosen(t *testing.T) []mutation.Mutant {
	t.Helper()
	all := mutation.All()
	switch *which {
	case "all":
		return all
	case "":
		must := slices.DeleteFunc(all, func(m mutation.Mutant) bool { return m.Missed != "" })
		var some []mutation.Mutant
		for i := range sample {
			some = append(some, must[(2*i+1)*len(must)/(2*sample)])
		}
		return some
	}
	var some []mutation.Mutant
	for id := range strings.SplitSeq(*which, ",") {
		i := slices.IndexFunc(all, func(m mutation.Mutant) bool { return m.ID == id })
		require.GreaterOrEqual(t, i, 0, "no mutant %q", id)
		some = append(some, all[i])
	}
	return some
}

// TestEveryMutantIsFound builds each mutant and runs generated scenarios until a
// property does not hold.
func TestEveryMutantIsFound(t *testing.T) {
	mutants := chosen(t)
	verdicts := make([]verdict, len(mutants))
	j := &judge{memo: map[string]func() seen{}, whole: *which != ""}
	dir := t.TempDir()
	failures := make([]error, len(mutants))
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range next {
				verdicts[i], failures[i] = j.hunt(mutants[i], dir)
				t.Log(line(&verdicts[i]))
			}
		})
	}
	for i := range mutants {
		next <- i
	}
	close(next)
	workers.Wait()
	require.NoError(t, errors.Join(failures...))
	if *update {
		require.NotEmpty(t, *which, "-update needs -mutants: a sample does not search for all that the table has")
		require.NoError(t, os.WriteFile(docFile, withTable(t, verdicts), 0o600))
	}
	for _, v := range verdicts {
		if v.mutant.Missed == "" {
			require.True(t, v.seen(), "%s: no property fails in %d scenarios", v.mutant.ID, bound)
		} else {
			require.False(t, v.seen(), "%s is found, and said to be missed: %s", v.mutant.ID, v.mutant.Missed)
		}
	}
}

// TestTheModelWithoutAFaultIsNotFound runs the same hunt for a mutant without a
// fault.
func TestTheModelWithoutAFaultIsNotFound(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	j := &judge{memo: map[string]func() seen{}}
	var v verdict
	require.NoError(t, j.run(&v, self, 40))
	require.False(t, v.seen(), line(&v))
}
