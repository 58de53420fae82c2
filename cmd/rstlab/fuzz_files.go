package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rstlab/cases"
	"rstlab/cases/fuzz"
)

// foundFiles are the scenarios that a campaign writes. What it finds is there at once, so
// that nothing is lost when it is killed.
type foundFiles struct {
	flags   *fuzzFlags
	written []string
}

// add writes what was just found. What goes wrong is not said before the end, when all
// is written again.
func (w *foundFiles) add(finding fuzz.Finding) {
	name := w.name(&finding)
	if write(name, finding.Small) == nil {
		w.written = append(w.written, name)
	}
}

// end writes the scenarios of a report, which have been made small, gives the names of
// the files, and takes away those of runs that were not the first to show something.
func (w *foundFiles) end(r *fuzz.Report) (files []string, err error) {
	for i := range r.Findings {
		name := w.name(&r.Findings[i])
		files = append(files, name)
		err = errors.Join(err, write(name, r.Findings[i].Small))
	}
	for _, name := range w.written {
		if !slices.Contains(files, name) {
			err = errors.Join(err, os.Remove(name))
		}
	}
	return files, err
}

func (w *foundFiles) name(finding *fuzz.Finding) string {
	return filepath.Join(w.flags.dir, fmt.Sprintf("fuzz-%s-%d-%d.txt", fileName(finding.Kind), w.flags.seed, finding.Run))
}

// write writes a scenario to a file.
func write(name string, s *cases.Scenario) error {
	file, err := createFile(name)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(file, cases.Print(s)); err != nil {
		file.discard()
		return wrong("choose another directory", "%q cannot be written: %v", name, cause(err))
	}
	return file.commit()
}

// fileName is a text with only letters, digits and "-".
func fileName(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9')
	}), "-")
}
