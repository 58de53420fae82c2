//go:build !linux

package record

import (
	"context"
	"fmt"
	"runtime"

	"rstlab/cases/truth"
)

// Available says why nothing can be recorded here: it needs Linux.
func Available() error {
	return fmt.Errorf("%w: this is %s, not Linux", ErrUnavailable, runtime.GOOS)
}

// Run does not work here.
func Run(context.Context, *truth.File) (*Recording, error) { return nil, Available() }
