package main

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"rstlab/cases"
)

func newListCommand() *cobra.Command {
	var asJSON, matrix bool
	var stack string
	cmd := &cobra.Command{
		Use:   "list [--json] [TOPIC|GLOB] | list --matrix [--stack STACK] [--json]",
		Short: "list the scenarios of the catalogue",
		Long: `List prints the scenarios of the catalogue, or those of one topic, or those that
a glob fits: the name and the claim in short, one a line unless it goes to a
terminal. A topic is what stands before the slash of a name. A glob has * for
anything but a slash, ? for one letter, [abc] for one of these; without a slash
it is for topics.

With --json it prints an array of objects: the whole claim, the documents and
clauses of RFCs it comes from, the parameters with their ranges, and the
examples with the outcomes they expect.

With --matrix it prints what a RST does to a connection, for each state, event
(RST or RST+ACK) and position of the sequence number, and where the stack does
not do what RFC 9293 wants: netstack, or with --stack a profile. Every cell is a
run of rst/in-each-state, and an example of it where the stack is netstack or
differs from it.`,
		Example: `  rstlab list
  rstlab list reply-503
  rstlab list '*/*close*'
  rstlab list --matrix
  rstlab list --matrix --stack linux
  rstlab list --json | jq -r '.[] | .name + ": " + (.rfc | join(" "))'`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return wrong("write one of them, or none for all", "more than one topic: %s", strings.Join(args, " "))
			}
			return nil
		},
		ValidArgsFunction: completeTopics,
		RunE: func(cmd *cobra.Command, args []string) error {
			if matrix {
				if len(args) > 0 {
					return wrong("leave one of them out", "--matrix with %q: there is one matrix", args[0])
				}
				return printMatrix(cmd.OutOrStdout(), stack, asJSON)
			}
			if cmd.Flags().Changed("stack") {
				return wrong("add --matrix, or leave it out", "--stack %s without --matrix: the catalogue is for all stacks", stack)
			}
			names := cases.Names()
			if len(args) == 1 {
				var err error
				if names, err = namesOf(args[0]); err != nil {
					return err
				}
			}
			scenarios := make([]*cases.Scenario, len(names))
			for i, name := range names {
				var err error
				if scenarios[i], err = cases.Load(name); err != nil {
					return err
				}
			}
			if asJSON {
				list := make([]listedScenario, len(scenarios))
				for i, s := range scenarios {
					list[i] = listed(s)
				}
				return writeJSON(cmd.OutOrStdout(), list, indented)
			}
			return writeLines(cmd.OutOrStdout(), listLines(scenarios, screenOf(cmd.OutOrStdout())))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print an array of JSON objects")
	cmd.Flags().BoolVar(&matrix, "matrix", false, "print what a RST does in each state")
	cmd.Flags().StringVar(&stack, "stack", cases.DefaultStack, "the `STACK` that the matrix is of")
	check(cmd.RegisterFlagCompletionFunc("stack", completeStacks))
	return cmd
}

// topicOf is what stands before the slash of a scenario's name.
func topicOf(name string) string {
	topic, _, _ := strings.Cut(name, "/")
	return topic
}

// topics are the topics of the catalogue, sorted.
func topics() []string {
	var all []string
	for _, name := range cases.Names() {
		all = append(all, topicOf(name))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// namesOf are the names of the scenarios of a topic, or those that a glob fits.
func namesOf(topic string) ([]string, error) {
	if isGlob(topic) {
		return matching(topic)
	}
	var names []string
	for _, name := range cases.Names() {
		if name == topic {
			return nil, wrong("write rstlab run "+name+", or rstlab list "+topicOf(name), "%s is a scenario, not a topic", name)
		}
		if topicOf(name) == topic {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil, wrong("the topics are "+strings.Join(topics(), ", "), "no topic %q in the catalogue", topic)
	}
	return names, nil
}

// listLines are a line for each scenario, with a blank one between topics.
func listLines(scenarios []*cases.Scenario, on screen) []string {
	width := 0
	for _, s := range scenarios {
		width = max(width, utf8.RuneCountInString(s.Name))
	}
	width += 2
	var lines []string
	for i, s := range scenarios {
		if i > 0 && topicOf(s.Name) != topicOf(scenarios[i-1].Name) {
			lines = append(lines, "")
		}
		claim := wrap(s.Headline(), on.width-width, strings.Repeat(" ", width))
		pad := strings.Repeat(" ", width-utf8.RuneCountInString(s.Name))
		lines = append(lines, on.paint(bold, s.Name)+pad+claim)
	}
	if on.terminal && len(scenarios) > 0 {
		lines = append(lines, "", on.paint(dim, "rstlab run "+scenarios[0].Name+" runs the first of them."))
	}
	return lines
}
