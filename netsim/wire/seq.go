package wire

// Sequence numbers stand in structs as plain uint32; these functions compare
// them. RFC 9293 section 3.4: "Since the space is finite, all arithmetic dealing
// with sequence numbers must be performed modulo 2^32."

// SeqLess reports whether a comes before b: a < b modulo 2^32. Numbers that are
// exactly 2^31 apart each come before the other; a window is too small for that.
func SeqLess(a, b uint32) bool { return int32(a-b) < 0 }

// SeqLessEq reports whether a comes before b or is b: a =< b modulo 2^32.
func SeqLessEq(a, b uint32) bool { return int32(a-b) <= 0 }

// SeqDiff is a - b: how far a lies ahead of b, negative when it lies behind.
func SeqDiff(a, b uint32) int32 { return int32(a - b) }

// InWindow reports whether seq is one of the size numbers from start on:
// start =< seq < start+size modulo 2^32 (RFC 9293 section 3.4). No number is in
// a window of size 0.
func InWindow(seq, start, size uint32) bool { return seq-start < size }
