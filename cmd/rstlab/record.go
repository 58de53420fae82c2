package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/spf13/cobra"

	"rstlab/cases/truth"
	"rstlab/cases/truth/record"
)

// recordFlags are the flags of record.
type recordFlags struct {
	out        string
	jobs, runs int
	ids        []string
}

func newRecordCommand() *cobra.Command {
	var f recordFlags
	cmd := &cobra.Command{
		Use:   "record DIR|FILE...",
		Short: "record what the Linux kernel of this machine does",
		Long: `Record runs scenarios in the notation of the recordings that rstlab truth reads
on the Linux kernel of this machine, in real time: two network namespaces, a TUN
device each, and between them a relay that delays, drops and forges packets. It
writes what happened to --out, as ID.txt, in the form that rstlab truth reads.
Of a file it takes the script; results and transcript that it may have are not
looked at.

Each scenario is run --runs times, and the first is kept when all agree in what
each call returned and in every segment, up to jitter. For one that does not, it
prints the first difference, and nothing is written.

It needs Linux, root (CAP_NET_ADMIN) and /dev/net/tun. The machine should have
little else to do: times are real. The exit status is 0, 1 when runs of a
scenario differ, and 2 for wrong input or where nothing can be recorded.`,
		Example: `  rstlab record x.txt --out recorded && rstlab truth recorded --stack linux
  rstlab record cases/truth/testdata/linux-6.18 --id 4a --runs 1 --out again`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return wrong("write rstlab record FILE, with scenarios", "nothing to record")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	cmd.Flags().StringArrayVar(&f.ids, "id", nil, "only the scenario with this `ID`; may be given again")
	cmd.Flags().IntVar(&f.jobs, "jobs", 4, "record `N` scenarios at a time")
	cmd.Flags().StringVar(&f.out, "out", ".", "write the recordings to this `DIR`")
	cmd.Flags().IntVar(&f.runs, "runs", 3, "run each scenario `N` times")
	return cmd
}

func (f *recordFlags) run(cmd *cobra.Command, args []string) error {
	if f.jobs < 1 || f.runs < 1 {
		return wrong("write numbers from 1", "--jobs %d --runs %d", f.jobs, f.runs)
	}
	files, err := readRecordings(args)
	if err != nil {
		return err
	}
	chosen := truthFlags{ids: f.ids}
	if files, err = chosen.chosen(files); err != nil {
		return err
	}
	if err := record.Available(); err != nil {
		return err
	}
	// A system call that blocks holds a processor of Go's for a while: some more keep
	// the relay and the clock of the script going.
	runtime.GOMAXPROCS(processors * f.jobs)
	lines, err := f.recordAll(cmd.Context(), files)
	for _, line := range lines {
		cmd.Println(line)
	}
	return err
}

// processors is how many of Go's processors one scenario needs.
const processors = 8

// recordAll records scenarios, some at a time, and tells of each that did
// not agree.
func (f *recordFlags) recordAll(ctx context.Context, files []*truth.File) ([]string, error) {
	errs := make([]error, len(files))
	told := make([]string, len(files))
	var workers sync.WaitGroup
	var next atomic.Int64
	for range min(f.jobs, len(files)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(files)) && ctx.Err() == nil; i = next.Add(1) - 1 {
				told[i], errs[i] = f.recordOne(ctx, files[i])
			}
		})
	}
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var lines []string
	stable := 0
	for i, text := range told {
		switch {
		case text != "":
			lines = append(lines, files[i].ID+"  "+text)
		case errs[i] == nil:
			stable++
		}
	}
	lines = append(lines, fmt.Sprintf("%d of %d recorded in %s", stable, len(files), f.out))
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if stable < len(files) {
		return lines, errDiffers
	}
	return lines, nil
}

// recordOne records a scenario, and says in what its runs differ.
func (f *recordFlags) recordOne(ctx context.Context, file *truth.File) (differs string, err error) {
	var first *record.Recording
	var kept *truth.File
	for range f.runs {
		r, err := record.Run(ctx, file)
		if err != nil {
			return "", err
		}
		again, err := r.File()
		if err != nil {
			return "", err
		}
		if first == nil {
			first, kept = r, again
			continue
		}
		if c := truth.CompareRecordings(kept, again); len(c.Differences) > 0 {
			return "runs differ: " + strings.ReplaceAll(c.Differences[0].String(), " | ", "; then "), nil
		}
	}
	return "", writeScenario(filepath.Join(f.out, file.ID+".txt"), first.Text())
}
