package main

import (
	"bufio"
	"io"
	"path/filepath"

	"rstlab/netsim/trace"
)

// The suffixes of traces.
const (
	ndjsonExt = ".ndjson"
	textExt   = ".trace"
)

// output is a file that a run leaves.
type output struct {
	write func(io.Writer, *trace.Trace) error
	to    io.Writer
	file  *newFile // nil for standard output
}

// outputs are the files that a run leaves: all of them or, but for standard
// output, none.
type outputs []output

// create begins the files that the flags ask for, so that one that cannot be
// written is known before the run.
func (f *runFlags) create(stdout io.Writer) (outputs, error) {
	var all outputs
	for _, flag := range f.files() {
		if !flag.given {
			continue
		}
		o := output{write: f.writer(flag), to: stdout}
		if flag.name != stdoutName {
			file, err := createFile(flag.name)
			if err != nil {
				all.discard()
				return nil, err
			}
			o.file, o.to = file, file
		}
		all = append(all, o)
	}
	return all, nil
}

// writer is the format that goes with a flag.
func (f *runFlags) writer(flag *fileFlag) func(io.Writer, *trace.Trace) error {
	switch {
	case flag == &f.pcap:
		return func(w io.Writer, t *trace.Trace) error {
			return trace.WritePCAPNG(w, t, trace.PCAPNGOptions{Host: f.pcapHost})
		}
	case flag == &f.svg:
		return func(w io.Writer, t *trace.Trace) error { return trace.SVG(w, t, trace.SVGOptions{}) }
	case filepath.Ext(flag.name) == textExt:
		return trace.WriteText
	}
	return trace.WriteNDJSON
}

// write writes the files and gives them their names.
func (all outputs) write(t *trace.Trace) error {
	for _, o := range all {
		buf := bufio.NewWriter(o.to)
		err := o.write(buf, t)
		if err == nil {
			err = buf.Flush()
		}
		if err != nil {
			return err
		}
	}
	for _, o := range all {
		if o.file == nil {
			continue
		}
		if err := o.file.commit(); err != nil {
			return err
		}
	}
	return nil
}

// discard removes what was begun and not completed.
func (all outputs) discard() {
	for _, o := range all {
		if o.file != nil {
			o.file.discard()
		}
	}
}
