package cases

import (
	"slices"
	"strings"
)

// maxName is the greatest length of a name in bytes.
const maxName = 64

// maxCandidates is how many names are compared with a misspelt one, so that
// garbage does not cost much time.
const maxCandidates = 1000

// maxListed is how many words a remedy lists.
const maxListed = 50

// nearest returns the candidates that word may have meant, sorted: those at the
// smallest edit distance, when that is small for the word's length. Case does
// not count.
func nearest(word string, candidates []string) []string {
	if word == "" || len(word) > maxName {
		return nil
	}
	candidates = candidates[:min(len(candidates), maxCandidates)]
	best, limit := []string(nil), 1+len(word)/4
	for _, c := range candidates {
		d := editDistance(strings.ToLower(word), strings.ToLower(c), limit)
		if d > limit || d >= len(word) || d >= len(c) {
			continue
		}
		if d < limit {
			best, limit = nil, d
		}
		best = append(best, c)
	}
	slices.Sort(best)
	return slices.Compact(best)
}

// oneOf is a remedy for a wrong word: the word that was meant, or all there
// are.
func oneOf(word string, candidates []string) string {
	if near := nearest(word, candidates); len(near) > 0 {
		return "did you mean " + strings.Join(near, " or ") + "?"
	}
	all := slices.Sorted(slices.Values(candidates))
	all = slices.Compact(all)
	switch {
	case len(all) == 0:
		return "there is none"
	case len(all) == 1:
		return "write " + all[0]
	case len(all) > maxListed:
		return "write one of " + strings.Join(all[:maxListed], ", ") + ", …"
	}
	return "write one of " + strings.Join(all, ", ")
}

// editDistance is the number of letters to insert, delete, replace, or swap
// with their neighbour that leads from a to b; some number above limit when it
// is above limit.
func editDistance(a, b string, limit int) int {
	if max(len(a)-len(b), len(b)-len(a)) > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			replace := last[j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			row[j] = min(replace, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
