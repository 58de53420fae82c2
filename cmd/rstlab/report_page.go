package main

import (
	"bufio"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"rstlab/cases/explore"
)

// reportFlags are the flags of report.
type reportFlags struct {
	set, stack []string
	seed       uint64
	out        string
}

// reportFile is the page that report writes.
const reportFile = "index.html"

func newReportCommand() *cobra.Command {
	var f reportFlags
	cmd := &cobra.Command{
		Use:   "report NAME|FILE -o DIR [--set PARAM=VALUE]...",
		Short: "write a page with all there is to say about a scenario",
		Long: `Report writes DIR/index.html, a page that needs nothing else and can be sent to
somebody: the claim, its sources and parameters, a run as a ladder, diagrams of
the outcomes, the boundaries along each parameter to one unit with the runs on
both sides, and what each stack makes of the examples.

A parameter given with --set has that value on the whole page.`,
		Example: `  rstlab report reply-503/close-before-request -o out
  rstlab report mine.txt -o out --set rtt=20ms`,
		Args:              oneScenario("report"),
		ValidArgsFunction: completeScenarios,
		RunE:              func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&f.set, "set", nil, "give a parameter its value; `PARAM=VALUE`, again for each parameter")
	defineStack(cmd, &f.stack)
	flags.Uint64Var(&f.seed, "seed", 0, "where everything random begins; `N` is a whole number from 0 to 2^64-1")
	flags.StringVarP(&f.out, "output", "o", "", "write the page to the directory `DIR`, which is made if need be")
	check(cmd.RegisterFlagCompletionFunc("set", completeSettings))
	check(cmd.RegisterFlagCompletionFunc("seed", cobra.NoFileCompletions))
	check(cmd.MarkFlagDirname("output"))
	return cmd
}

func (f *reportFlags) run(cmd *cobra.Command, arg string) error {
	if f.out == "" {
		return wrong("add -o DIR", "no place for the page")
	}
	set, err := settings(f.set)
	if err != nil {
		return err
	}
	space, err := loadSpace(cmd, arg, set, f.stack, f.seed)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(f.out, 0o777); err != nil {
		return wrong("choose another directory", "%q cannot be made: %v", f.out, cause(err))
	}
	file, err := createFile(filepath.Join(f.out, reportFile))
	if err != nil {
		return err
	}
	defer file.discard()
	bar := newProgress(cmd.ErrOrStderr(), "report")
	page := &explore.Report{Space: space}
	buf := bufio.NewWriter(file)
	err = page.Write(cmd.Context(), explore.Options{Progress: bar.show}, buf)
	bar.end()
	if err != nil {
		return err
	}
	if err := buf.Flush(); err != nil {
		return err
	}
	if err := file.commit(); err != nil {
		return err
	}
	return writeLines(cmd.OutOrStdout(), []string{file.name})
}
