package trace

import (
	"fmt"
	"strings"
)

// Difference is the first place where two traces part.
type Difference struct {
	Index int    // of the first event that differs, from 0
	A, B  *Event // that event in either trace; nil where the trace has ended
	text  string
}

// diffContext is how many equal events are shown before the first that differs.
const diffContext = 3

// Diff finds the first event that differs between two traces, and gives nil if
// there is none. Headers are not compared.
func Diff(a, b *Trace) *Difference {
	n := min(len(a.Events), len(b.Events))
	i := 0
	for i < n && a.Events[i].Equal(&b.Events[i]) {
		i++
	}
	if i == len(a.Events) && i == len(b.Events) {
		return nil
	}
	d := &Difference{Index: i}
	if i < len(a.Events) {
		d.A = &a.Events[i]
	}
	if i < len(b.Events) {
		d.B = &b.Events[i]
	}
	d.text = d.describe(a, b)
	return d
}

// String shows the difference with the events before it, as text lines:
//
//	traces differ at event 3 of 4 and 4:
//	  0.000000000 client: connect(3, 10.0.0.2.80) ...
//	  …
//	- 0.010000000 …
//	+ 0.020000000 …
func (d *Difference) String() string { return d.text }

func (d *Difference) describe(a, b *Trace) string {
	var out strings.Builder
	fmt.Fprintf(&out, "traces differ at event %d of %d and %d:\n", d.Index+1, len(a.Events), len(b.Events))
	fa, fb := NewFormatter(&a.Header), NewFormatter(&a.Header)
	for i := range d.Index {
		line := fa.Append(nil, &a.Events[i])
		fb.Append(nil, &b.Events[i])
		if d.Index-i <= diffContext {
			fmt.Fprintf(&out, "  %s\n", line)
		}
	}
	d.side(&out, '-', fa, d.A)
	d.side(&out, '+', fb, d.B)
	return out.String()
}

func (d *Difference) side(out *strings.Builder, sign byte, f *Formatter, e *Event) {
	if e == nil {
		fmt.Fprintf(out, "%c (the trace ends here)\n", sign)
		return
	}
	fmt.Fprintf(out, "%c %s\n", sign, f.Append(nil, e))
}
