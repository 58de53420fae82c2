package main

import (
	"bytes"
	"errors"
	"io"
	"slices"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"rstlab/cases"
)

// fmtFlags are the flags of fmt.
type fmtFlags struct{ list, diff, write bool }

func newFmtCommand() *cobra.Command {
	var f fmtFlags
	cmd := &cobra.Command{
		Use:   "fmt [-d] [-l] [-w] [FILE...]",
		Short: "write scenario files in their canonical form",
		Long: `Fmt prints scenarios in their canonical form: elements in a fixed order, columns
aligned, comments kept. Without files, or for "-", it reads standard input.

The flags are those of gofmt, and so is the exit status: 0, or 1 when there is
a difference to show with -d. It is 2 for wrong input; when one file has a
mistake, no file is written.`,
		Example: `  rstlab fmt -w mine.txt
  rstlab fmt -d mine.txt
  test -z "$(rstlab fmt -l *.txt)"`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return []cobra.Completion{"txt"}, cobra.ShellCompDirectiveFilterFileExt
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	cmd.Flags().BoolVarP(&f.diff, "diff", "d", false, "print what would change")
	cmd.Flags().BoolVarP(&f.list, "list", "l", false, "print the names of the files that would change")
	cmd.Flags().BoolVarP(&f.write, "write", "w", false, "rewrite the files that change")
	return cmd
}

// formatted is a scenario file with its canonical form.
type formatted struct {
	name     string
	src, out []byte
}

// run formats all files before it writes the first.
func (f *fmtFlags) run(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		args = []string{"-"}
	}
	if f.write && slices.Contains(args, "-") {
		return wrong("name files, or leave -w out", "-w cannot rewrite standard input")
	}
	files := make([]formatted, len(args))
	errs := make([]error, len(args))
	for i, name := range args {
		files[i], errs[i] = format(name, cmd.InOrStdin())
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return f.apply(cmd.OutOrStdout(), files)
}

// format reads a file and finds its canonical form.
func format(name string, stdin io.Reader) (formatted, error) {
	f := formatted{name: name}
	var err error
	if name == "-" {
		f.name = stdinName
		f.src, err = readStdin(stdin)
	} else {
		f.src, err = readFile(name)
	}
	if err != nil {
		return f, err
	}
	s, err := cases.Parse(f.name, f.src)
	if err != nil {
		return f, err
	}
	f.out = []byte(cases.Print(s))
	return f, nil
}

// apply does with the files what the flags say.
func (f *fmtFlags) apply(stdout io.Writer, files []formatted) error {
	var differs error
	for i := range files {
		file := &files[i]
		same := bytes.Equal(file.src, file.out)
		var out []byte
		switch {
		case !f.list && !f.diff && !f.write:
			out = file.out
		case same:
			continue
		}
		if f.list {
			out = append(out, file.name+"\n"...)
		}
		if f.write {
			if err := file.rewrite(); err != nil {
				return err
			}
		}
		if f.diff {
			out = append(out, diff.Diff(file.name+".orig", file.src, file.name, file.out)...)
			differs = errDiffers
		}
		if _, err := stdout.Write(out); err != nil {
			return err
		}
	}
	return differs
}

// rewrite puts the canonical form in the place of the file.
func (f *formatted) rewrite() error {
	file, err := createFile(f.name)
	if err != nil {
		return err
	}
	defer file.discard()
	if _, err := file.Write(f.out); err != nil {
		return wrong("the file is unchanged", "%q cannot be written: %v", f.name, cause(err))
	}
	return file.commit()
}
