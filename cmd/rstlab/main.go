package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// gcPercent is GOGC for a program that does nothing but short runs. Each leaves
// its network behind and the heap holds next to nothing else: at Go's own 100 it
// is collected hundreds of times a second, which takes a fifth of the time. The
// heap grows to 32 MB instead of 4 MB.
const gcPercent = 800

// run is the whole program but for the process around it: it runs the command
// line args and gives the exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) (exitCode int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the next signal ends the process
	return runContext(ctx, args, stdin, stdout, stderr)
}

// runContext is run until ctx is done.
func runContext(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) (exitCode int) {
	root := newRootCommand()
	root.SetArgs(append([]string{}, args...)) // of nil, cobra takes the arguments of the process
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	addCompletion(root)
	cmd, err := root.ExecuteContextC(ctx)
	return exitStatus(cmd, err)
}
