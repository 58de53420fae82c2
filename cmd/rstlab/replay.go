package main

import (
	"os"

	"github.com/spf13/cobra"

	"rstlab/cases"
	"rstlab/cases/explore"
)

func newReplayCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "replay FILE",
		Short: "show a run again that rstlab orderings has found",
		Long: `Replay makes a run again from a file of rstlab orderings -o: with its scenario,
parameters and seed, and with every choice of what happened next. It prints the
report of rstlab run.

A file that is damaged, was recorded with another version of gVisor, or whose
run is not the same any more is refused with the reason and status 2.`,
		Example: `  rstlab orderings reply-503/read-request-first --in-order -o found
  rstlab replay found/2.json
  rstlab replay found/2.json --svg race.svg --pcap race.pcapng`,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) == 0:
				return wrong("write rstlab replay FILE", "no file")
			case len(args) > 1:
				return wrong("replay one at a time", "unexpected argument %q after the file", args[1])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.replay(cmd, args[0]) },
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return []cobra.Completion{"json"}, cobra.ShellCompDirectiveFilterFileExt
		},
	}
	f.defineOutputs(cmd)
	return cmd
}

// replay makes the run of a file again and reports.
func (f *runFlags) replay(cmd *cobra.Command, name string) error {
	stdout := cmd.OutOrStdout()
	if _, err := f.check(name, screenOf(stdout).terminal); err != nil {
		return err
	}
	file, err := os.Open(name)
	if err != nil {
		return wrong("write the path of a file that rstlab orderings -o has written", "file %q cannot be read: %v", name, cause(err))
	}
	defer file.Close() //nolint:errcheck // only read from
	recorded, err := explore.ReadReplay(name, file)
	if err != nil {
		return err
	}
	bound, result, err := recorded.Run()
	if err != nil {
		return inFile(name, err)
	}
	if err := f.checkHost(bound.Scenario); err != nil {
		return err
	}
	outputs, err := f.create(stdout)
	if err != nil {
		return err
	}
	defer outputs.discard()
	if err := outputs.write(result.Trace); err != nil {
		return err
	}
	scenario, err := cases.Parse(name, []byte(recorded.Scenario))
	if err != nil {
		return err
	}
	scenario.Name = recorded.Name
	return f.report(stdout, cmd.ErrOrStderr(), &report{arg: name, scenario: scenario, bound: bound, result: result, replayed: true})
}
