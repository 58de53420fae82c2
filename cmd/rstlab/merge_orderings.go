package main

import (
	"bufio"
	"errors"
	"os"

	"github.com/spf13/cobra"

	"rstlab/cases/explore"
)

// holdsOrderings reports whether a file is one of rstlab orderings --state.
func holdsOrderings(name string) bool {
	file, err := os.Open(name)
	if err != nil {
		return false // whoever reads it says why
	}
	defer file.Close()                              //nolint:errcheck // only read from
	begin, _ := bufio.NewReader(file).Peek(4 << 10) // of a shorter file all
	return explore.HoldsOrderings(begin)
}

// mergeOrderings is merge of the shards of a search of orderings.
func mergeOrderings(cmd *cobra.Command, args []string, out *fileFlag) error {
	var files []*explore.OrderingsFile
	var errs []error
	for _, name := range args {
		f, err := readOrderings(name)
		errs = append(errs, err)
		files = append(files, f)
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	merged, err := explore.MergeOrderings(files)
	if err != nil {
		return err
	}
	return out.fill(cmd.OutOrStdout(), merged.Write)
}

func readOrderings(name string) (*explore.OrderingsFile, error) {
	file, err := openOrderings(name, "write the path of a file that --state has written")
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read from
	return explore.ReadOrderings(name, file)
}
