package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"rstlab/cases"
)

// stdinName is what standard input is called in messages.
const stdinName = "stdin"

// maxInput is the number of bytes that are read of a scenario: more than the
// parser takes, which has a message for that.
const maxInput = 2 << 20

// loadScenario finds the scenario that the user named: one of the catalogue, a
// file, or "-" for standard input.
func loadScenario(arg string, stdin io.Reader) (*cases.Scenario, error) {
	switch {
	case arg == "-":
		src, err := readStdin(stdin)
		if err != nil {
			return nil, err
		}
		return cases.Parse(stdinName, src)
	case slices.Contains(cases.Names(), arg) || !isFile(arg):
		return cases.Load(arg)
	}
	src, err := readFile(arg)
	if err != nil {
		return nil, err
	}
	return cases.Parse(arg, src)
}

// isFile reports whether an argument names a file rather than a scenario of the
// catalogue: it has .txt in it or looks like no name, or there is such a file.
func isFile(arg string) bool {
	if strings.Contains(arg, ".txt") || strings.HasPrefix(arg, ".") || strings.HasPrefix(arg, "/") || strings.HasSuffix(arg, "/") {
		return true
	}
	info, err := os.Stat(arg)
	return err == nil && !info.IsDir()
}

func readStdin(stdin io.Reader) ([]byte, error) {
	src, err := io.ReadAll(io.LimitReader(stdin, maxInput))
	if err != nil {
		return nil, fmt.Errorf("standard input cannot be read: %w", err)
	}
	return src, nil
}

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fileError(name, err)
	}
	defer f.Close() //nolint:errcheck // only read from
	src, err := io.ReadAll(io.LimitReader(f, maxInput))
	if err != nil {
		return nil, fileError(name, err)
	}
	return src, nil
}

// fileError says why a scenario file cannot be read.
func fileError(name string, err error) error {
	known := strings.TrimSuffix(name, ".txt")
	info, statErr := os.Stat(name)
	switch {
	case slices.Contains(cases.Names(), known):
		return wrong("for the scenario of the catalogue write "+known, "no file %q", name)
	case errors.Is(err, fs.ErrNotExist):
		return wrong("write the path of a scenario file, or a name that rstlab list shows", "no file %q", name)
	case errors.Is(err, fs.ErrPermission):
		return wrong("change its permissions", "file %q cannot be read", name)
	case statErr == nil && info.IsDir():
		return wrong("name a file in it", "%q is a directory", name)
	}
	return wrong("write the path of a scenario file", "file %q cannot be read: %v", name, cause(err))
}

// cause is an error of a file without the name of the file.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
