package main

import (
	"errors"
	"io"

	"github.com/spf13/cobra"

	"rstlab/cases/explore"
)

func newMergeCommand() *cobra.Command {
	out := fileFlag{flag: "output"}
	cmd := &cobra.Command{
		Use:   "merge FILE... -o FILE",
		Short: "put what several shards have found together",
		Long: `Merge puts files of --ndjson together that the shards of one search have
written: each point once, in order. Files of different searches are refused, and
so are files that tell a point differently.

For a sweep, the file is what the search would have written without --shard.
rstlab phase and rstlab bisect take the file with --ndjson and --resume: they
run what is missing where the parts meet, and draw.

Files of rstlab orderings --state are merged when those of all shards are there.
rstlab orderings takes the result with --state and --resume: it runs what the
shards have left, and shows what they found.`,
		Example: `  rstlab merge 1.ndjson 2.ndjson -o all.ndjson
  rstlab merge 1.orderings 2.orderings -o all.orderings`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return wrong("write rstlab merge FILE... -o FILE", "no file")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return merge(cmd, args, &out) },
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return []cobra.Completion{"ndjson", "orderings"}, cobra.ShellCompDirectiveFilterFileExt
		},
	}
	cmd.Flags().VarP(&out, "output", "o", "write the points to `FILE`; - is standard output")
	check(cmd.MarkFlagFilename("output", "ndjson", "orderings"))
	return cmd
}

func merge(cmd *cobra.Command, args []string, out *fileFlag) error {
	if !out.given {
		return wrong("add -o FILE, or -o - for standard output", "no place for the result")
	}
	if holdsOrderings(args[0]) {
		return mergeOrderings(cmd, args, out)
	}
	var f searchFlags
	defer f.close()
	var files []*explore.Reader
	var errs []error
	for _, name := range args {
		r, err := f.open(name, "write the path of a file that --ndjson has written")
		if err == nil && len(files) > 0 {
			first := files[0].Header()
			err = first.SameAs(r)
		}
		errs = append(errs, err)
		files = append(files, r)
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return out.fill(cmd.OutOrStdout(), func(to io.Writer) error { return mergeTo(to, files) })
}

func mergeTo(to io.Writer, files []*explore.Reader) error {
	header := files[0].Header()
	header.Shard = ""
	w, err := explore.NewWriter(to, header)
	if err != nil {
		return err
	}
	if err := explore.Merge(files, w.Write); err != nil {
		return err
	}
	return w.Flush()
}
