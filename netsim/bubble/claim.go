package bubble

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// claimed are the tests that have a network. In a bubble there is one T: tests in
// bubbles have no subtests.
var claimed sync.Map // of testing.TB

// claim reports whether t may have a network now: it has none.
func claim(t testing.TB) bool {
	_, taken := claimed.LoadOrStore(t, true)
	return !taken
}

func unclaim(t testing.TB) { claimed.Delete(t) }

// explain adds to synctest's panic of two goroutines in its Wait what may have been
// meant.
func explain() {
	r := recover()
	if r == nil {
		return
	}
	if text := fmt.Sprint(r); strings.Contains(text, "synctest.Wait") || strings.Contains(text, "wait already in progress") {
		panic("bubble: " + text + ": call Network.Wait in place of synctest.Wait, and make one network in a bubble, with the T of that bubble")
	}
	panic(r)
}
