package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rstlab/cases"
)

// hostStacks takes "--stack windows" and "--stack client=windows" apart.
func hostStacks(values []string, s *cases.Scenario) (map[string]string, error) {
	stacks := map[string]string{}
	var hosts []string
	for _, h := range s.Hosts {
		hosts = append(hosts, h.Name)
	}
	for _, v := range values {
		host, stack, named := strings.Cut(v, "=")
		if !named {
			host, stack = "", v
		}
		_, twice := stacks[host]
		switch {
		case !slices.Contains(cases.Stacks(), stack):
			return nil, wrong("write one of "+strings.Join(cases.Stacks(), ", "), "--stack %s: no stack %q", v, stack)
		case named && !slices.Contains(hosts, host):
			return nil, wrong("write one of "+strings.Join(hosts, ", "), "--stack %s: the scenario has no host %q", v, host)
		case twice:
			return nil, wrong("leave one out", "--stack %s: a second stack for the same", v)
		}
		stacks[host] = stack
	}
	return stacks, nil
}

// soleStack is the stack of all hosts when they have one and the same: examples
// of other stacks expect nothing of the run. "" when they differ.
func soleStack(stacks map[string]string) string {
	switch all, ok := stacks[""]; {
	case len(stacks) == 0:
		return cases.DefaultStack
	case ok && len(stacks) == 1:
		return all
	}
	return ""
}

// completeStacks completes the value of --stack.
func completeStacks(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return cases.Stacks(), cobra.ShellCompDirectiveNoFileComp
}
