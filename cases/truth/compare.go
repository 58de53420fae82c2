package truth

import "fmt"

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
	bothReal    bool             // either side may be late: it is a recording
	unmatched   []*Packet        // segments that only one side has, tolerated
	beyond      map[string]int64 // see cutOffFlows
}

// Compare runs the scenario of a file on a stack and holds the run against what
// was recorded.
//
// Where the segments of a bulk transfer are of another size, that is a
// difference, and would be one in every segment after it. So the scenario is run
// once more with an MTU that makes them equal, and what differs then is told
// besides.
func Compare(f *File, stack string) (*Comparison, error) {
	t, err := Translate(f, stack)
	if err != nil {
		return nil, err
	}
	r, err := t.Run()
	if err != nil {
		return nil, err
	}
	c := &comparison{file: f, record: r}
	want, got := fullSize(f.Packets), fullSize(r.Packets)
	if want > 0 && got > 0 && want != got {
		c.differ("segment size", sizeText(want), sizeText(got))
		t.setMTU(linuxMTU + want - got)
		if c.record, err = t.Run(); err != nil {
			return nil, err
		}
	}
	c.compare()
	return &Comparison{
		File: f, Stack: stack, Differences: c.differences, Tolerated: c.tolerated, NotModelled: t.NotModelled,
	}, nil
}

func (c *comparison) compare() {
	c.compareCalls()
	c.comparePackets()
}

// CompareRecordings holds a second recording of a scenario against the first, as
// Compare does a run. They need the same script.
func CompareRecordings(first, second *File) *Comparison {
	r := &Record{Packets: second.Packets, Calls: make([]CallRecord, len(first.Calls))}
	for i := range min(len(first.Calls), len(second.Calls)) {
		if result := second.Calls[i].Result; result != nil {
			o, _ := parseResult(result.Text) // the reader has checked it
			r.Calls[i] = CallRecord{outcome: o, At: result.At}
		}
	}
	c := &comparison{file: first, record: r, bothReal: true}
	c.compare()
	return &Comparison{File: first, Stack: second.Kernel, Differences: c.differences, Tolerated: c.tolerated}
}

// linuxMTU is that of the recorder's devices.
const linuxMTU = 1500

// fullSize is the length of the largest segment, where one is full: 0 when all
// are smaller than any MSS of an Ethernet.
func fullSize(packets []Packet) int {
	largest := 0
	for i := range packets {
		largest = max(largest, packets[i].Len)
	}
	if largest < 1200 {
		return 0
	}
	return largest
}

func sizeText(n int) string { return fmt.Sprintf("%d bytes", n) }
