package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"rstlab/cases"
	"rstlab/cases/explore"
)

// searchFlags are the flags that all searches have.
type searchFlags struct {
	set     []string
	stack   []string
	seed    uint64
	workers int
	ndjson  fileFlag
	resume  bool
	shard   string

	opened []*os.File // for --resume
}

func (f *searchFlags) define(cmd *cobra.Command) {
	f.ndjson.flag = "ndjson"
	flags := cmd.Flags()
	flags.StringArrayVar(&f.set, "set", nil, "give a parameter its value; `PARAM=VALUE`, again for each parameter")
	defineStack(cmd, &f.stack)
	flags.Uint64Var(&f.seed, "seed", 0, "where everything random begins; `N` is a whole number from 0 to 2^64-1")
	flags.IntVar(&f.workers, "workers", 0, "do `N` runs at a time; 0 is one a core, and results are the same with any")
	flags.Var(&f.ndjson, f.ndjson.flag, "write the points that were run to `FILE`, a JSON object a line")
	flags.BoolVar(&f.resume, "resume", false, "go on where the file of --ndjson ends")
	flags.StringVar(&f.shard, "shard", "", "do only the `I/N`-th part, 1/2 or 2/2; rstlab merge puts the files of --ndjson together")
	check(cmd.RegisterFlagCompletionFunc("set", completeSettings))
	for _, name := range []string{"seed", "workers", "shard"} {
		check(cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions))
	}
	check(cmd.MarkFlagFilename("ndjson", "ndjson"))
}

// oneScenario accepts one argument.
func oneScenario(command string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return wrong("write rstlab "+command+" NAME with a name that rstlab list shows, or rstlab "+command+" FILE", "no scenario")
		case len(args) > 1:
			return wrong("write parameters as --set PARAM=VALUE", "unexpected argument %q after the scenario", args[1])
		}
		return nil
	}
}

// space is the scenario with the parameters that are set; nothing varies yet.
func (f *searchFlags) space(cmd *cobra.Command, arg string) (explore.Space, explore.Shard, error) {
	var shard explore.Shard
	set, err := settings(f.set)
	if f.shard != "" {
		var wrongShard error
		shard, wrongShard = explore.ParseShard(f.shard)
		err = errors.Join(err, inFlag("shard", wrongShard))
		if !f.ndjson.given {
			err = errors.Join(err, wrong("add --ndjson FILE", "--shard %s without a file for its points", f.shard))
		}
	}
	switch {
	case f.workers < 0:
		err = errors.Join(err, wrong("write 0 for one a core", "--workers %d is less than none", f.workers))
	case f.resume && (!f.ndjson.given || f.ndjson.name == stdoutName):
		err = errors.Join(err, wrong("add --ndjson FILE with the points that there are", "--resume without a file"))
	}
	if err != nil {
		return explore.Space{}, shard, err
	}
	space, err := loadSpace(cmd, arg, set, f.stack, f.seed)
	return space, shard, err
}

// loadSpace is the scenario that arg names, with what the flags --set, --stack and
// --seed say of its runs.
func loadSpace(cmd *cobra.Command, arg string, set map[string]string, stack []string, seed uint64) (explore.Space, error) {
	s, err := loadScenario(arg, cmd.InOrStdin())
	if err != nil {
		return explore.Space{}, err
	}
	if _, err := s.Bind(set); err != nil {
		return explore.Space{}, setErrors(err)
	}
	stacks, err := explore.ParseStacks(s, stack)
	return explore.Space{Scenario: s, Set: set, Seed: seed, Stacks: stacks}, inFlag("stack", err)
}

// defineStack defines the flag that gives hosts their stacks.
func defineStack(cmd *cobra.Command, stack *[]string) {
	cmd.Flags().StringArrayVar(stack, "stack", nil, "the TCP of all hosts, `NAME`, or of one, HOST=NAME; again for each host")
	check(cmd.RegisterFlagCompletionFunc("stack", cobra.FixedCompletions(cases.Stacks(), cobra.ShellCompDirectiveNoFileComp)))
}

// inFlag says in which flag a mistake is.
func inFlag(flag string, err error) error {
	var m *explore.Error
	if errors.As(err, &m) {
		return wrong(m.Remedy, "--%s: %s", flag, m.Problem)
	}
	if err != nil {
		return fmt.Errorf("--%s %w", flag, err)
	}
	return nil
}

// inFile says in which file a mistake is.
func inFile(name string, err error) error {
	var m *explore.Error
	if errors.As(err, &m) {
		return wrong(m.Remedy, "%s: %s", name, m.Problem)
	}
	return err
}

// opener opens the file to resume from; nil when nothing is to be resumed.
func (f *searchFlags) opener() explore.Opener {
	if !f.resume {
		return nil
	}
	return func() (*explore.Reader, error) {
		return f.open(f.ndjson.name, "leave --resume out to begin, or name another file")
	}
}

// open opens a file with points until close. The remedy is for a file that is
// not there.
func (f *searchFlags) open(name, remedy string) (*explore.Reader, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, wrong(remedy, "file %q cannot be read: %v", name, cause(err))
	}
	f.opened = append(f.opened, file)
	return explore.NewReader(name, file)
}

// close closes what open has opened.
func (f *searchFlags) close() {
	for _, file := range f.opened {
		file.Close() //nolint:errcheck // only read from
	}
	f.opened = nil
}

// stopped is the end of a search that was interrupted: err, unless it says only
// that.
func stopped(cmd *cobra.Command, err error, done string) error {
	if !errors.Is(err, context.Canceled) {
		return err
	}
	cmd.PrintErrln(cmd.CommandPath() + ": interrupted; " + done)
	return errStopped
}

// create begins the file of a f. Without the flag both are nil; file is nil
// for standard output too.
func (f *fileFlag) create(stdout io.Writer) (to io.Writer, file *newFile, err error) {
	switch {
	case !f.given:
		return nil, nil, nil
	case f.name == "":
		return nil, nil, wrong("write --"+f.flag+" FILE", "--%s names no file", f.flag)
	case f.name == stdoutName:
		return stdout, nil, nil
	}
	file, err = createFile(f.name)
	return file, file, err
}

// fill has the file of a flag that was given written: whole, or not at all.
func (f *fileFlag) fill(stdout io.Writer, write func(io.Writer) error) error {
	to, file, err := f.create(stdout)
	if err != nil {
		return err
	}
	if file == nil {
		return write(to)
	}
	defer file.discard()
	if err := write(to); err != nil {
		return err
	}
	return file.commit()
}
