package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rstlab/cases"
)

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "rstlab",
		Short: "replay what happens when a TCP connection is closed or reset",
		Long: `rstlab replays what happens when a TCP connection is closed or reset: which
packets pass, and what each program reads. Scenarios run on a production TCP
(gVisor netstack) in virtual time: the same scenario, parameters and seed give
the same trace on every machine.`,
		Example: `  rstlab list
  rstlab run reply-503/close-before-request
  rstlab run reply-503/close-before-request --set rtt=20ms --set pause=0s`,
		Version:       readVersion().Version,
		Args:          commandArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceErrors: true,
		SilenceUsage:  true,

		SuggestionsMinimumDistance: 2, // letters, as cobra's own messages have it
	}
	root.SetVersionTemplate("rstlab {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(newHelpCommand())
	root.AddCommand(
		newFmtCommand(),
		newListCommand(),
		newMergeCommand(),
		newProfilesCommand(),
		newRecordCommand(),
		newVersionCommand(),
	)
	root.AddCommand(tellsOfFusing(
		newBisectCommand(),
		newFuzzCommand(),
		newOrderingsCommand(),
		newPhaseCommand(),
		newReplayCommand(),
		newReportCommand(),
		newRunCommand(),
		newShrinkCommand(),
		newSweepCommand(),
		newTruthCommand(),
	)...)
	return root
}

// addCompletion adds cobra's command with the scripts for shells, which print
// to the standard output that root has by now.
func addCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	completion, _, err := root.Find([]string{"completion"})
	check(err)
	completion.Args = commandArgs
	completion.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	for _, shell := range completion.Commands() {
		shell.Args = noArgs
	}
}

// commandArgs refuses what is left over where only a command can follow.
func commandArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if slices.Contains(cases.Names(), args[0]) {
		return wrong("write rstlab run "+args[0], "%s is a scenario, not a command", args[0])
	}
	if near := cmd.SuggestionsFor(args[0]); args[0] != "" && len(near) > 0 {
		return wrong("did you mean "+strings.Join(near, " or ")+"?", "unknown command %q", args[0])
	}
	return wrong("the commands are "+strings.Join(commandNames(cmd), ", "), "unknown command %q", args[0])
}

func commandNames(cmd *cobra.Command) []string {
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() || c.Name() == "help" {
			names = append(names, c.Name())
		}
	}
	slices.Sort(names)
	return names
}

// noArgs refuses every argument.
func noArgs(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return wrong("leave it out", "unexpected argument %q", args[0])
	}
	return nil
}

// flagError says what is wrong with a flag, and what to write.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	var syntax *pflag.InvalidSyntaxError
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return err
	case errors.As(err, &unknown):
		name := "--" + unknown.GetSpecifiedName()
		if letters := unknown.GetSpecifiedShortnames(); letters != "" {
			name = "-" + unknown.GetSpecifiedName()
		}
		return wrong("the flags are "+strings.Join(flagNames(cmd), ", "), "unknown flag %q", name)
	case errors.As(err, &bare):
		return wrong("write "+usageOf(bare.GetFlag()), "flag --%s needs a value", bare.GetFlag().Name)
	case errors.As(err, &invalid):
		return wrong("write "+usageOf(invalid.GetFlag()), "flag --%s: wrong value %q", invalid.GetFlag().Name, invalid.GetValue())
	case errors.As(err, &syntax):
		return wrong("the flags are "+strings.Join(flagNames(cmd), ", "), "%q is no flag", syntax.GetSpecifiedFlag())
	}
	return err
}

// usageOf is how a flag is written: "--seed N".
func usageOf(f *pflag.Flag) string {
	value, usage := pflag.UnquoteUsage(f)
	if value == "" { // a switch
		return "--" + f.Name + " alone, or --" + f.Name + "=false"
	}
	return "--" + f.Name + " " + value + " (" + usage + ")"
}

func flagNames(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand
		}
		names = append(names, name)
	})
	slices.Sort(names)
	return names
}
