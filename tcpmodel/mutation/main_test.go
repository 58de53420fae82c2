package mutation_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// childVariable has the test binary of a mutant run the scenarios, and nothing
// else.
const childVariable = "RSTLAB_MUTANT_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		if err := child(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// child runs the scenarios one after the other on each stack, and writes what
// it sees to the standard output. Its parent ends it.
func child() error {
	out := json.NewEncoder(os.Stdout)
	for number := range bound {
		for _, stack := range stacks() {
			if err := out.Encode(look(number, stack)); err != nil {
				return err
			}
		}
	}
	return nil
}
