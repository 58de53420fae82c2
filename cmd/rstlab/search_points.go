package main

import (
	"io"

	"rstlab/cases/explore"
)

// pointsFile is the file of --ndjson of a search that knows its points only at
// its end.
type pointsFile struct {
	to   io.Writer // nil for none
	file *newFile  // nil for none and for standard output
}

// points begins the file, so that one that cannot be written is known before
// the search.
func (f *searchFlags) points(stdout io.Writer) (*pointsFile, error) {
	to, file, err := f.ndjson.create(stdout)
	return &pointsFile{to, file}, err
}

// write writes the points and gives the file its name.
func (p *pointsFile) write(h explore.Header, points []explore.Point) error {
	if p.to == nil {
		return nil
	}
	w, err := explore.NewWriter(p.to, h)
	if err != nil {
		return err
	}
	for _, point := range points {
		if err := w.Write(point); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil || p.file == nil {
		return err
	}
	return p.file.commit()
}

// discard removes what was begun and not completed.
func (p *pointsFile) discard() {
	if p.file != nil {
		p.file.discard()
	}
}
