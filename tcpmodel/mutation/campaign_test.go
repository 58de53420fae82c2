package mutation_test

import (
	"errors"
	"flag"
	"hash/fnv"
	"os"
	"path/filepath"
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
		first := int(modelSum(t) % uint64(len(must)))
		var some []mutation.Mutant
		for i := range sample {
			some = append(some, must[(first+i*len(must)/sample)%len(must)])
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

// modelSum is a number of the model's source: after each change of it a test without flags
// hunts other mutants.
func modelSum(t *testing.T) uint64 {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(modelDir, "*.go"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	sum := fnv.New64a()
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		sum.Write(text)
	}
	return sum.Sum64()
}

// drifted reports whether the table says too much of the checks: any change of the model
// moves the number of scenarios, and one that blunts the checks multiplies it. Checks that have
// become sharper may wait until all is measured again.
func (r tableRow) drifted(v *verdict) bool {
	was, is := sooner(r.found, r.like), sooner(v.found.scenarios, v.like.scenarios)
	return (was > 0) != (is > 0) || is > 4*was+slack
}

// sooner is the less of two numbers of scenarios, where 0 is none.
func sooner(a, b int) int {
	if a == 0 || b > 0 && b < a {
		return b
	}
	return a
}

// slack is how many scenarios more it may take to find a mutant than the table says, beside
// four times as many.
const slack = 25

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
	_, _, rows := readTable(t)
	for _, v := range verdicts {
		i := slices.IndexFunc(rows, func(r tableRow) bool { return r.id == v.mutant.ID })
		require.GreaterOrEqual(t, i, 0, v.mutant.ID)
		require.False(t, rows[i].drifted(&v), "the table has\n%s\nand now it is\n%s\nIf that is meant: %s", rows[i].text, line(&v), command)
	}
}

func TestARowOfAnotherTimeIsFound(t *testing.T) {
	for _, c := range []struct {
		was, is int
		drifted bool
	}{
		{5, 5, false},
		{1, 20, false},
		{163, 5, false},
		{0, 0, false},
		{5, 0, true},
		{0, 5, true},
		{5, 50, true},
	} {
		for _, v := range []verdict{{found: finding{scenarios: c.is}}, {like: finding{scenarios: c.is}}} {
			require.Equal(t, c.drifted, tableRow{found: c.was}.drifted(&v), c)
			require.Equal(t, c.drifted, tableRow{like: c.was}.drifted(&v), c)
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
