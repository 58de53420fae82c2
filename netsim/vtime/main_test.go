package vtime_test

import (
	"testing"

	"go.uber.org/goleak"
)

// Under GOOS=js the runtime keeps a goroutine of its own for Node's events.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}
