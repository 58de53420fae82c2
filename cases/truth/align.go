package truth

import "strings"

// hunk is a stretch in which two lists of segments differ: want[i:j] stands where
// got[k:l] came.
type hunk struct{ i, j, k, l int }

// maxTable bounds the work of align; what is larger is one hunk.
const maxTable = 1 << 24

// align finds the fewest segments in which the lists differ, and says where: a
// longest common subsequence. An elided segment of want equals any data or pure
// ACK segment.
func align(want, got []Packet) []hunk {
	start := 0
	for start < len(want) && start < len(got) && equal(&want[start], &got[start]) {
		start++
	}
	n, m := len(want), len(got)
	for n > start && m > start && equal(&want[n-1], &got[m-1]) {
		n, m = n-1, m-1
	}
	if n == start && m == start {
		return nil
	}
	if (n-start)*(m-start) > maxTable {
		return []hunk{{start, n, start, m}}
	}
	return walk(want[start:n], got[start:m], start)
}

// walk is align without the ends that are alike.
func walk(want, got []Packet, offset int) []hunk {
	// longest[i][j] is the length of the longest common subsequence of want[i:] and
	// got[j:].
	longest := make([][]int32, len(want)+1)
	for i := range longest {
		longest[i] = make([]int32, len(got)+1)
	}
	for i := len(want) - 1; i >= 0; i-- {
		for j := len(got) - 1; j >= 0; j-- {
			if equal(&want[i], &got[j]) {
				longest[i][j] = longest[i+1][j+1] + 1
			} else {
				longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			}
		}
	}
	var hunks []hunk
	i, j := 0, 0
	for i < len(want) || j < len(got) {
		if i < len(want) && j < len(got) && equal(&want[i], &got[j]) {
			i, j = i+1, j+1
			continue
		}
		h := hunk{i: i, k: j}
		for i < len(want) || j < len(got) {
			switch {
			case i < len(want) && j < len(got) && equal(&want[i], &got[j]):
			case j == len(got) || i < len(want) && longest[i+1][j] >= longest[i][j+1]:
				i++
				continue
			default:
				j++
				continue
			}
			break
		}
		h.j, h.l = i, j
		hunks = append(hunks, hunk{h.i + offset, h.j + offset, h.k + offset, h.l + offset})
	}
	return hunks
}

// equal reports whether a recorded segment is the one that came here. The flag
// PSH is compared apart, so that it does not part what is alike.
func equal(want, got *Packet) bool {
	if want.Elided > 0 || got.Elided > 0 {
		return (want.Elided > 0 || want.plain()) && (got.Elided > 0 || got.plain())
	}
	w, g := want.Segment, got.Segment
	w.Flags, g.Flags = strings.Replace(w.Flags, "P", "", 1), strings.Replace(g.Flags, "P", "", 1)
	return w == g
}
