package tcpmodel_test

import (
	"flag"
	"fmt"
	"os"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"rstlab/tcpmodel"
)

var (
	reachedMu sync.Mutex
	reached   tcpmodel.ClauseSet
)

// note adds clauses to those that the tests have reached.
func note(c tcpmodel.ClauseSet) {
	reachedMu.Lock()
	defer reachedMu.Unlock()
	reached = reached.Union(c)
}

// TestMain fails when the tests, all of them, have not reached a clause.
func TestMain(m *testing.M) {
	flag.Parse()
	status := m.Run()
	if err := goleak.Find(); err != nil {
		fmt.Println(err)
		status = 1
	}
	if status == 0 && flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.list").Value.String() == "" &&
		flag.Lookup("test.fuzz").Value.String() == "" {
		for c := tcpmodel.Clause(0); c < tcpmodel.NumClauses; c++ {
			if !reached.Has(c) {
				fmt.Printf("no test reaches %v: %s\n", c, c.Text())
				status = 1
			}
		}
	}
	os.Exit(status)
}
