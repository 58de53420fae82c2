package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/spf13/cobra"

	"rstlab/cases"
	"rstlab/cases/truth"
)

// truthFlags are the flags of truth.
type truthFlags struct {
	json, verbose bool
	stack, write  string
	ids           []string
}

func newTruthCommand() *cobra.Command {
	var f truthFlags
	cmd := &cobra.Command{
		Use:   "truth DIR|FILE...",
		Short: "hold runs against what a kernel was recorded to do",
		Long: `Truth reads recordings of a real kernel: scenarios in a small notation with what
each call returned and which packets passed. It translates each into a scenario,
runs it, and compares every call (result, errno, bytes, time) and every segment
(flags, relative sequence and acknowledgment number, length, order). Of a
directory it takes the files that end in .txt.

It prints a line for each recording, in order:

  agrees                in everything
  differs as explained  every difference has a known cause, which is named
  differs               there is one without a known cause; the first is shown
  not modelled          the recording has a setting that the stack cannot have

and with each that differs the first call or segment that does, with both
sides; -v shows all. Tolerated are jitter, kernel timer slack, delayed ACK and
initial windows; -v and --json tell where. cases/differences.md has the causes.

The exit status is 0, 1 when something differs without a known cause, and 2 for
wrong input.`,
		Example: `  rstlab truth cases/truth/testdata/linux-6.18
  rstlab truth recordings --id 4a --id 4b -v
  rstlab truth recordings --json | jq '.files[] | select(.status == "differs")'
  rstlab truth recordings --id 4a --write . && rstlab run 4a.txt`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return wrong("write rstlab truth DIR, with a directory of recordings", "nothing to compare with")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	cmd.Flags().StringArrayVar(&f.ids, "id", nil, "only the recording with this `ID`; may be given again")
	cmd.Flags().BoolVar(&f.json, "json", false, "print a JSON object")
	cmd.Flags().StringVar(&f.stack, "stack", truth.DefaultStack, "run them on this `STACK`: "+strings.Join(cases.Stacks(), ", "))
	cmd.Flags().BoolVarP(&f.verbose, "verbose", "v", false, "print every difference and what was tolerated")
	cmd.Flags().StringVar(&f.write, "write", "", "write the translated scenarios to this `DIR`, as ID.txt, and do not run them")
	check(cmd.RegisterFlagCompletionFunc("stack", cobra.FixedCompletions(cases.Stacks(), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

func (f *truthFlags) run(cmd *cobra.Command, args []string) error {
	if !slices.Contains(cases.Stacks(), f.stack) {
		return wrong("write one of "+strings.Join(cases.Stacks(), ", "), "no stack %q", f.stack)
	}
	files, err := readRecordings(args)
	if err != nil {
		return err
	}
	if files, err = f.chosen(files); err != nil {
		return err
	}
	if f.write != "" {
		return f.writeAll(files)
	}
	all, err := compareAll(cmd.Context(), files, f.stack)
	if err != nil {
		return err
	}
	if err := f.report(cmd.OutOrStdout(), all); err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(c *truth.Comparison) bool { return c.Status() == truth.Differs }) {
		return errDiffers
	}
	return nil
}

// readRecordings reads files, and the .txt files of directories, in order.
func readRecordings(args []string) ([]*truth.File, error) {
	var files []*truth.File
	var errs []error
	for _, arg := range args {
		names := []string{arg}
		if info, err := os.Stat(arg); err == nil && info.IsDir() {
			if names, err = textFiles(arg); err != nil {
				errs = append(errs, err)
				continue
			}
		}
		for _, name := range names {
			src, err := readFile(name)
			if err == nil {
				var read []*truth.File
				read, err = truth.Read(name, src)
				files = append(files, read...)
			}
			errs = append(errs, err)
		}
	}
	return files, errors.Join(errs...)
}

// textFiles are the .txt files of a directory, sorted by name.
func textFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, wrong("name another directory", "%q cannot be read: %v", dir, cause(err))
	}
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".txt") && !e.IsDir() {
			names = append(names, filepath.Join(dir, e.Name()))
		}
	}
	if len(names) == 0 {
		return nil, wrong("name a directory with recordings", "%q has no .txt file", dir)
	}
	return names, nil
}

// chosen are the recordings that --id names, or all.
func (f *truthFlags) chosen(files []*truth.File) ([]*truth.File, error) {
	if len(f.ids) == 0 {
		return files, nil
	}
	for _, id := range f.ids {
		if !slices.ContainsFunc(files, func(file *truth.File) bool { return file.ID == id }) {
			return nil, wrong("leave --id out to see all", "no recording %q", id)
		}
	}
	return slices.DeleteFunc(files, func(file *truth.File) bool { return !slices.Contains(f.ids, file.ID) }), nil
}

// writeAll writes the scenarios.
func (f *truthFlags) writeAll(files []*truth.File) error {
	for _, file := range files {
		t, err := truth.Translate(file, f.stack)
		if err != nil {
			return err
		}
		if err := writeScenario(filepath.Join(f.write, file.ID+".txt"), t.Text()); err != nil {
			return err
		}
	}
	return nil
}

func writeScenario(name, text string) error {
	out, err := createFile(name)
	if err != nil {
		return err
	}
	defer out.discard()
	if _, err := io.WriteString(out, text); err != nil {
		return wrong("choose another directory", "%q cannot be written: %v", name, cause(err))
	}
	return out.commit()
}

// compareAll runs and compares the recordings, as many at a time as there are
// cores. The results are in the order of the recordings.
func compareAll(ctx context.Context, files []*truth.File, stack string) ([]*truth.Comparison, error) {
	all := make([]*truth.Comparison, len(files))
	errs := make([]error, len(files))
	var workers sync.WaitGroup
	var next atomic.Int64
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(files)) && ctx.Err() == nil; i = next.Add(1) - 1 {
				all[i], errs[i] = truth.Compare(files[i], stack)
			}
		})
	}
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return all, errors.Join(errs...)
}
