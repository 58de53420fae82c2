package main

import (
	"io"
	"path"
	"strings"

	"rstlab/cases"
)

// isGlob reports whether an argument is a pattern for names of the catalogue.
func isGlob(arg string) bool { return strings.ContainsAny(arg, "*?[") }

// matching are the names of the catalogue that a pattern fits, in the notation
// of [path.Match]. One without a slash is for topics.
func matching(glob string) ([]string, error) {
	var names []string
	for _, name := range cases.Names() {
		subject := name
		if !strings.Contains(glob, "/") {
			subject = topicOf(name)
		}
		fits, err := path.Match(glob, subject)
		if err != nil {
			return nil, wrong("write * for anything but /, ? for one letter, [abc] for one of these", "%q is no pattern", glob)
		}
		if fits {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil, wrong("rstlab list shows all", "no scenario of the catalogue fits %q", glob)
	}
	return names, nil
}

// selected are the scenarios that the arguments name, each once: by name, glob
// or file. Without arguments it is the whole catalogue.
func selected(args []string, stdin io.Reader) ([]*cases.Scenario, error) {
	if len(args) == 0 {
		return cases.All(), nil
	}
	var all []*cases.Scenario
	taken := map[string]bool{}
	for _, arg := range args {
		names := []string{arg}
		if isGlob(arg) && !isFile(arg) {
			var err error
			if names, err = matching(arg); err != nil {
				return nil, err
			}
		}
		for _, name := range names {
			if taken[name] {
				continue
			}
			taken[name] = true
			s, err := loadScenario(name, stdin)
			if err != nil {
				return nil, err
			}
			all = append(all, s)
		}
	}
	return all, nil
}
