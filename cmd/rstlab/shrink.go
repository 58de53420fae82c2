package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"rstlab/cases"
	"rstlab/cases/explore"
)

// shrinkFlags are the flags of shrink.
type shrinkFlags struct {
	set     []string
	seed    uint64
	outcome string
	out     fileFlag
}

func newShrinkCommand() *cobra.Command {
	var f shrinkFlags
	cmd := &cobra.Command{
		Use:   "shrink NAME|FILE [--set PARAM=VALUE]... [--outcome OUTCOME] [-o FILE]",
		Short: "make a scenario as small as it can be with the same outcome",
		Long: `Shrink leaves out programs, hosts, routers, middleboxes, rules, steps, settings
and arguments, and makes values rounder, as long as the outcome stays what it
is; then it prints the scenario that is left.

--outcome names the outcome, or a part of it, that must stay, as in
'client: recv=EOF': the programs that it names see the same, and others may go.
Without it the whole outcome of the run stays.

With Ctrl-C it prints the smallest scenario that it has by then.`,
		Example: `  rstlab shrink reply-503/lingering-close --set rtt=101ms \
      --outcome 'client: send=172360B send=EPIPE' -o small.txt
  rstlab shrink reset/linger-zero`,
		Args:              oneScenario("shrink"),
		ValidArgsFunction: completeScenarios,
		RunE:              func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	f.out.flag = "output"
	flags.StringArrayVar(&f.set, "set", nil, "give a parameter its value; `PARAM=VALUE`, again for each parameter")
	flags.Uint64Var(&f.seed, "seed", 0, "where everything random begins; `N` is a whole number from 0 to 2^64-1")
	flags.StringVar(&f.outcome, "outcome", "", "the `OUTCOME` that must stay, of one program or more")
	flags.VarP(&f.out, f.out.flag, "o", "write the scenario to `FILE`; - is standard output")
	check(cmd.RegisterFlagCompletionFunc("set", completeSettings))
	check(cmd.RegisterFlagCompletionFunc("seed", cobra.NoFileCompletions))
	check(cmd.RegisterFlagCompletionFunc("outcome", cobra.NoFileCompletions))
	check(cmd.MarkFlagFilename("output", "txt"))
	return cmd
}

func (f *shrinkFlags) run(cmd *cobra.Command, arg string) error {
	set, err := settings(f.set)
	if err != nil {
		return err
	}
	s, err := loadScenario(arg, cmd.InOrStdin())
	if err != nil {
		return err
	}
	bound, err := s.Bind(set)
	if err != nil {
		return setErrors(err)
	}
	want, err := f.want(bound)
	if err != nil {
		return err
	}
	to, file, err := f.out.create(cmd.OutOrStdout())
	if err != nil {
		return err
	}
	if file != nil {
		defer file.discard()
	}
	bar := newProgress(cmd.ErrOrStderr(), "shrink")
	tries := int64(0)
	small, ended := explore.Shrink(cmd.Context(), bound, f.seed, want, func() { tries++; bar.show(tries, tries) })
	bar.end()
	ended = stopped(cmd, ended, fmt.Sprintf("this is the smallest of %s", plural(int(tries), "try", "tries")))
	if ended != nil && !errors.Is(ended, errStopped) {
		return ended
	}
	text := cases.Print(small)
	if to == nil {
		to = cmd.OutOrStdout()
	}
	if _, err := fmt.Fprint(to, text); err != nil {
		return err
	}
	if file != nil {
		if err := file.commit(); err != nil {
			return err
		}
	}
	return ended
}

// want is the outcome that must stay.
func (f *shrinkFlags) want(bound cases.Bound) (cases.Outcome, error) {
	r, err := bound.Run(cases.RunConfig{Seed: f.seed})
	if err != nil {
		return cases.Outcome{}, err
	}
	if f.outcome == "" {
		return cases.ParseOutcome(r.Outcome.String()) // without calls that succeed: they may go
	}
	want, err := cases.ParseOutcome(f.outcome)
	var mistake *cases.Error
	if errors.As(err, &mistake) {
		return want, wrong(mistake.Remedy, "--outcome %s: %s", f.outcome, mistake.Problem)
	}
	if err != nil {
		return want, err
	}
	if !r.Outcome.Matches(want) {
		return want, wrong("name that, or set parameters with --set", "--outcome %s: the outcome is %s", want, r.Outcome)
	}
	return want, nil
}
