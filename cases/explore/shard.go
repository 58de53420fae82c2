package explore

import (
	"fmt"
	"strconv"
	"strings"
)

// Shard is a part of a search, so that several machines can share it. The zero
// Shard is all of it.
type Shard struct{ I, N int64 } // the I-th of N, from 1

// ParseShard reads "2/3", the second of three parts.
func ParseShard(text string) (Shard, error) {
	i, n, ok := strings.Cut(text, "/")
	first, err1 := strconv.ParseInt(i, 10, 32)
	of, err2 := strconv.ParseInt(n, 10, 32)
	if !ok || err1 != nil || err2 != nil || first < 1 || first > of {
		return Shard{}, mistake("write I/N, as 1/2 and 2/2", "%q is no shard", text)
	}
	return Shard{first, of}, nil
}

// String is the shard as ParseShard reads it, and "" for all.
func (s Shard) String() string {
	if s.N == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.I, s.N)
}

// has reports whether item i, from 0, is in the shard.
func (s Shard) has(i int64) bool { return s.N == 0 || i%s.N == s.I-1 }

// Count is how many of n items are in the shard.
func (s Shard) Count(n int64) int64 {
	if s.N == 0 {
		return n
	}
	return (n - s.I + s.N) / s.N
}
