package main

import (
	"strings"

	"github.com/spf13/cobra"
)

// newHelpCommand is cobra's help, but for commands that there are not.
func newHelpCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "explain a command",
		Example: "  rstlab help run",
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			switch {
			case err != nil || len(rest) > 0 && about == cmd.Root():
				return wrong("the commands are "+strings.Join(commandNames(cmd.Root()), ", "), "no help about %q", strings.Join(args, " "))
			case len(rest) > 0:
				return wrong("write rstlab help "+about.Name(), "no help about %q of %s", strings.Join(rest, " "), about.CommandPath())
			}
			about.InitDefaultHelpFlag() // only commands that run have their default flags
			about.InitDefaultVersionFlag()
			return about.Help()
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
			var found []cobra.Completion
			for _, c := range cmd.Root().Commands() {
				if len(args) == 0 && c.IsAvailableCommand() && strings.HasPrefix(c.Name(), prefix) {
					found = append(found, cobra.CompletionWithDesc(c.Name(), c.Short))
				}
			}
			return found, cobra.ShellCompDirectiveNoFileComp
		},
	}
}
