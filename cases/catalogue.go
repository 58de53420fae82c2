package cases

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

//go:embed catalogue
var catalogue embed.FS

// Names are the scenarios of the catalogue, sorted: "topic/what-happens". Those
// of the matrix (see [Matrix]) are made from a table, the others are files.
func Names() []string {
	var names []string
	err := fs.WalkDir(catalogue, "catalogue", func(path string, d fs.DirEntry, err error) error {
		if name, ok := strings.CutSuffix(path, ".txt"); ok && err == nil && !d.IsDir() {
			names = append(names, strings.TrimPrefix(name, "catalogue/"))
		}
		return err
	})
	if err != nil {
		panic("cases: unreachable: embedded files can be read: " + err.Error())
	}
	for i := range rstStates {
		names = append(names, rstStates[i].scenario())
	}
	slices.Sort(names)
	return names
}

// Source is the text of a scenario of the catalogue.
func Source(name string) ([]byte, error) {
	if !slices.Contains(Names(), name) {
		return nil, fmt.Errorf("cases: no scenario %q in the catalogue; %s", name, similarName(name))
	}
	if s := findRSTState(name); s != nil {
		return s.text(), nil
	}
	return catalogue.ReadFile("catalogue/" + name + ".txt")
}

// Load is the scenario of that name in the catalogue. Each call gives a new
// one.
func Load(name string) (*Scenario, error) {
	src, err := Source(name)
	if err != nil {
		return nil, err
	}
	file := "catalogue/" + name + ".txt"
	if findRSTState(name) != nil {
		file = name // there is no such file
	}
	s, err := Parse(file, src)
	if err != nil {
		return nil, err
	}
	s.Name = name
	return s, nil
}

// All is the whole catalogue, sorted by name.
func All() []*Scenario {
	names := Names()
	all := make([]*Scenario, len(names))
	for i, name := range names {
		s, err := Load(name)
		if err != nil {
			panic("cases: unreachable: tests parse the catalogue: " + err.Error())
		}
		all[i] = s
	}
	return all
}

// maxSimilar is how many names a remedy proposes at most.
const maxSimilar = 10

// similarName is the remedy for a name that is not in the catalogue: names
// spelt alike, or those that contain it.
func similarName(name string) string {
	names := Names()
	if near := nearest(name, names); len(near) > 0 {
		return oneOf(name, names)
	}
	near := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return name == "" || !strings.Contains(n, name) })
	if len(near) == 0 {
		near = slices.DeleteFunc(names, func(n string) bool { return len(nearest(name, strings.Split(n, "/"))) == 0 })
	}
	if len(near) == 0 || len(near) > maxSimilar {
		return "rstlab list shows all"
	}
	return "did you mean " + strings.Join(near, " or ") + "?"
}
