package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rstlab/cases"
)

// completeTopics proposes the topics of the catalogue.
func completeTopics(_ *cobra.Command, args []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var found []cobra.Completion
	for _, topic := range topics() {
		if len(args) == 0 && strings.HasPrefix(topic, prefix) {
			found = append(found, topic)
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}

// completeScenarios proposes the names of the catalogue. Where none fits, the
// shell proposes files.
func completeScenarios(cmd *cobra.Command, args []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if all, err := cmd.Flags().GetBool("all"); len(args) > 0 && (err != nil || !all) {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var found []cobra.Completion
	for _, name := range cases.Names() {
		if !strings.HasPrefix(name, prefix) {
			continue
		}
		if s, err := cases.Load(name); err == nil {
			found = append(found, cobra.CompletionWithDesc(name, s.Headline()))
		}
	}
	return found, cobra.ShellCompDirectiveDefault
}

// completeSettings proposes what can follow --set: the parameters of the
// scenario that are not set yet, and after "=" the choices of the parameter or
// else its default and the ends of its range.
func completeSettings(cmd *cobra.Command, args []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) != 1 || args[0] == "-" {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	s, err := loadScenario(args[0], nil)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	name, _, value := strings.Cut(prefix, "=")
	if value {
		return completeValues(s, name, prefix), cobra.ShellCompDirectiveNoFileComp
	}
	given, _ := cmd.Flags().GetStringArray("set")
	set, _ := settings(given)
	var found []cobra.Completion
	for i := range s.Params {
		p := &s.Params[i]
		if _, ok := set[p.Name]; !ok && strings.HasPrefix(p.Name, prefix) {
			found = append(found, cobra.CompletionWithDesc(p.Name+"=", strings.TrimSpace(p.Range()+" "+p.Doc())))
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// completeValues proposes values for a parameter.
func completeValues(s *cases.Scenario, name, prefix string) []cobra.Completion {
	var found []cobra.Completion
	for i := range s.Params {
		p := &s.Params[i]
		if p.Name != name {
			continue
		}
		values := p.Choices
		if len(values) == 0 {
			values = []cases.Value{p.Default, p.Min, p.Max}
		}
		for _, v := range values {
			text := name + "=" + v.String()
			if v.IsSet() && strings.HasPrefix(text, prefix) && !slices.Contains(found, text) {
				found = append(found, text)
			}
		}
	}
	return found
}

// completeParams proposes the parameters of the scenario.
func completeParams(_ *cobra.Command, args []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var found []cobra.Completion
	if len(args) != 1 || args[0] == "-" {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	s, err := loadScenario(args[0], nil)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	for i := range s.Params {
		p := &s.Params[i]
		if strings.HasPrefix(p.Name, prefix) {
			found = append(found, cobra.CompletionWithDesc(p.Name, strings.TrimSpace(p.Range()+" "+p.Doc())))
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}
