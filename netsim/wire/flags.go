package wire

// Flags are the control bits of a segment (RFC 9293 section 3.1).
type Flags uint8

// The control bits, at their positions in the header.
const (
	FIN Flags = 1 << iota
	SYN
	RST
	PSH
	ACK
	URG
	ECE
	CWR
)

// flagLetters are the letters of tcpdump, in the order in which it prints them.
var flagLetters = [...]struct {
	flag   Flags
	letter byte
}{
	{FIN, 'F'}, {SYN, 'S'}, {RST, 'R'}, {PSH, 'P'}, {ACK, '.'}, {URG, 'U'}, {ECE, 'E'}, {CWR, 'W'},
}

// Has reports whether all bits of want are set.
func (f Flags) Has(want Flags) bool { return f&want == want }

// String prints the flags as tcpdump does: "S.", "R", "P.", and "none".
func (f Flags) String() string {
	if f == 0 {
		return "none"
	}
	var b [8]byte
	n := 0
	for _, l := range flagLetters {
		if f.Has(l.flag) {
			b[n] = l.letter
			n++
		}
	}
	return string(b[:n])
}

// ParseFlags is the inverse of [Flags.String]; it takes the letters in any
// order, each at most once. ok is false for any other text.
func ParseFlags(text string) (f Flags, ok bool) {
	if text == "none" {
		return 0, true
	}
	for i := range len(text) {
		var bit Flags
		for _, l := range flagLetters {
			if l.letter == text[i] {
				bit = l.flag
			}
		}
		if bit == 0 || f.Has(bit) {
			return 0, false
		}
		f |= bit
	}
	return f, text != ""
}
