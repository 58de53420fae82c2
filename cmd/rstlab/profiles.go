package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rstlab/tcpmodel"
)

// listedProfile is a profile as profiles --json prints it.
type listedProfile struct {
	Name   string         `json:"name"`
	Title  string         `json:"title"`
	Fields []listedTraits `json:"fields"`
}

type listedTraits struct {
	Field   string `json:"field"`
	Meaning string `json:"meaning"`
	Value   string `json:"value"`
	Source  string `json:"source"`
}

func newProfilesCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "profiles [NAME]... [--json]",
		Short: "tell the TCPs apart that a host can run",
		Long: `Profiles prints in what the TCPs of operating systems differ, a line for each
difference and a column for each profile; all profiles, or those named. Of a
single profile it prints where each value is known from. A host runs one with
stack=NAME in a scenario, or with --stack HOST=NAME of rstlab run; the profile
netstack is the stack netstack-model, for netstack itself is gVisor's.

With --json it prints an array of profiles, with the source of each value.`,
		Example: `  rstlab profiles
  rstlab profiles linux windows
  rstlab profiles freebsd
  rstlab profiles --json | jq '.[] | select(.name == "linux")'`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return profileNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			chosen, err := chosenProfiles(args)
			if err != nil {
				return err
			}
			switch {
			case asJSON:
				return writeJSON(cmd.OutOrStdout(), listProfiles(chosen), indented)
			case len(chosen) == 1:
				return writeLines(cmd.OutOrStdout(), profileLines(chosen[0]))
			default:
				return writeLines(cmd.OutOrStdout(), profileTable(chosen))
			}
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print an array of objects")
	return cmd
}

func profileNames() []string {
	var names []string
	for _, p := range tcpmodel.Profiles() {
		names = append(names, p.Name)
	}
	return names
}

// chosenProfiles are the places in tcpmodel.Profiles of those that args name;
// all for no args.
func chosenProfiles(args []string) ([]int, error) {
	names := profileNames()
	var chosen []int
	for _, arg := range args {
		i := slices.Index(names, arg)
		if i < 0 {
			return nil, wrong("write one of "+strings.Join(names, ", "), "no profile %q", arg)
		}
		chosen = append(chosen, i)
	}
	if len(args) == 0 {
		for i := range names {
			chosen = append(chosen, i)
		}
	}
	return chosen, nil
}

// profileTable has a line for each difference.
func profileTable(chosen []int) []string {
	head := []string{"field"}
	for _, i := range chosen {
		head = append(head, tcpmodel.Profiles()[i].Name)
	}
	table := columns{append(head, "what it decides")}
	for _, r := range tcpmodel.ProfileTable() {
		line := []string{r.Field}
		for _, i := range chosen {
			line = append(line, r.Cells[i].Value)
		}
		table = append(table, append(line, r.Meaning))
	}
	return table.lines("")
}

// profileLines are one profile with its sources.
func profileLines(i int) []string {
	table := columns{{"field", tcpmodel.Profiles()[i].Title, "source"}}
	for _, r := range tcpmodel.ProfileTable() {
		table = append(table, []string{r.Field, r.Cells[i].Value, r.Cells[i].Source})
	}
	return table.lines("")
}

func listProfiles(chosen []int) []listedProfile {
	var all []listedProfile
	for _, i := range chosen {
		p := tcpmodel.Profiles()[i]
		l := listedProfile{Name: p.Name, Title: p.Title}
		for _, r := range tcpmodel.ProfileTable() {
			l.Fields = append(l.Fields, listedTraits{r.Field, r.Meaning, r.Cells[i].Value, r.Cells[i].Source})
		}
		all = append(all, l)
	}
	return all
}
