package truth

// Comparison is a file held against a run.
type Comparison struct {
	File        *File
	Stack       string
	Differences []Difference // calls in order, then segments by direction and order
	Tolerated   []Tolerated
	NotModelled []NotModelled
}

// comparison is one in the making.
type comparison struct {
	file        *File
	record      *Record
	differences []Difference
	tolerated   []Tolerated
}

// Compare holds a run of the translation against what was recorded.
func (t *Translation) Compare(r *Record) *Comparison {
	c := &comparison{file: t.File, record: r}
	c.compareCalls()
	c.comparePackets()
	return &Comparison{
		File: t.File, Stack: t.Stack, Differences: c.differences, Tolerated: c.tolerated, NotModelled: t.NotModelled,
	}
}
