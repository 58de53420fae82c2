package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"rstlab/cases"
)

// The exit statuses; see the package documentation.
const (
	exitOK          = 0
	exitDiffers     = 1
	exitWrong       = 2
	exitInterrupted = 130 // 128 + SIGINT, as shells have it
)

// errDiffers says that something is not as it should be, and that this was
// reported already.
var errDiffers = errors.New("not as expected")

// errStopped says that the command was interrupted, and that what was done by
// then was printed.
var errStopped = errors.New("interrupted")

// wrong is a mistake of the user with its remedy: "problem; remedy".
func wrong(remedy, problem string, args ...any) error {
	return errors.New(fmt.Sprintf(problem, args...) + "; " + remedy)
}

// exitStatus reports the error of a command and gives the exit status.
func exitStatus(cmd *cobra.Command, err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errDiffers):
		return exitDiffers
	case errors.Is(err, errStopped):
		return exitInterrupted
	case errors.Is(err, context.Canceled):
		cmd.PrintErrln(cmd.CommandPath() + ": interrupted; nothing was written")
		return exitInterrupted
	}
	for _, line := range errorLines(cmd.CommandPath(), err) {
		cmd.PrintErrln(line)
	}
	return exitWrong
}

// errorLines are the single errors in err, one a line. One with a place in a
// file begins with "file:line:col:", for editors; others with the command.
func errorLines(command string, err error) []string {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var lines []string
		for _, one := range joined.Unwrap() {
			lines = append(lines, errorLines(command, one)...)
		}
		return lines
	}
	text := strings.TrimPrefix(err.Error(), "cases: ")
	text = strings.TrimPrefix(text, "explore: ")
	var mistake *cases.Error
	if errors.As(err, &mistake) && mistake.Pos.String() != "" {
		return []string{text}
	}
	return []string{command + ": " + text}
}
