package explore

import (
	"encoding/csv"
	"io"
)

// CSVWriter writes points as comma-separated values (RFC 4180): a column for
// each parameter that varies, then the outcome and the hash.
type CSVWriter struct{ w *csv.Writer }

// NewCSVWriter writes the line with the names of the columns.
func NewCSVWriter(w io.Writer, s *Space) (*CSVWriter, error) {
	out := &CSVWriter{csv.NewWriter(w)}
	var names []string
	for _, a := range s.Axes {
		names = append(names, a.Param)
	}
	return out, out.w.Write(append(names, "outcome", "hash"))
}

// Write adds a point.
func (w *CSVWriter) Write(p Point) error {
	var row []string
	for _, set := range p.Set {
		row = append(row, set.Value.String())
	}
	return w.w.Write(append(row, p.Outcome, p.Hash))
}

// Flush writes what is held back.
func (w *CSVWriter) Flush() error {
	w.w.Flush()
	return w.w.Error()
}
