package cases

import (
	"math"
	"math/bits"
	"strconv"
	"strings"
	"time"

	"rstlab/netsim/link"
)

// mistake is a problem without a place.
type mistake struct{ problem, remedy string }

// literalKind is the kind that the text has by its look. Anything that looks
// like nothing else is a word.
func literalKind(text string) Kind {
	if text == "" {
		return KindNone
	}
	if text == "unlimited" {
		return KindRate
	}
	switch c := text[0]; {
	case c == '$':
		return KindParam
	case c == '"':
		return KindText
	case c != '-' && c != '.' && (c < '0' || c > '9'):
		return KindWord
	}
	suffix := strings.TrimLeft(text, "-.0123456789")
	switch lower := strings.ToLower(suffix); {
	case suffix == "":
		if strings.Contains(text, ".") {
			return KindNone
		}
		return KindInt
	case suffix == "%" || suffix == "ppm":
		return KindProbability
	case strings.HasSuffix(lower, "bit"):
		return KindRate
	case suffix == packetsUnit:
		return KindPackets
	case strings.HasSuffix(lower, "b"):
		return KindSize
	}
	return KindDuration
}

// parseLiteral reads a value or the name of a parameter.
func parseLiteral(text string) (Value, *mistake) {
	v := Value{Kind: literalKind(text)}
	var wrong *mistake
	switch v.Kind {
	case KindNone:
		wrong = &mistake{strconv.Quote(text) + " is no value", "write a number with a unit such as 5ms, a word, or a quoted text"}
	case KindParam:
		v.Text = text[1:]
		wrong = checkName("$", v.Text)
	case KindDuration:
		v.Num, wrong = parseDuration(text)
	case KindInt:
		v.Num, wrong = parseInt(text)
	case KindSize:
		v.Num, wrong = parseSize(text)
	case KindPackets:
		v.Num, wrong = parseInt(strings.TrimSuffix(text, packetsUnit))
	case KindProbability:
		p, err := link.ParseProbability(text)
		v.Num, wrong = int64(p), fromLink(err)
	case KindRate:
		r, err := link.ParseBitRate(text)
		v.Num, wrong = int64(r), fromLink(err)
		if wrong == nil && r > math.MaxInt64 {
			wrong = &mistake{"rate " + quote(text) + " is too large", "write unlimited"}
		}
	case KindWord:
		v.Text, wrong = text, checkName("", text)
	case KindText:
		v.Text, wrong = parseText(text)
	}
	if wrong != nil {
		return Value{}, wrong
	}
	return v, nil
}

// fromLink takes an error of package link apart: "link: problem; remedy".
func fromLink(err error) *mistake {
	if err == nil {
		return nil
	}
	problem, remedy, _ := strings.Cut(strings.TrimPrefix(err.Error(), "link: "), "; ")
	return &mistake{problem, remedy}
}

// mistakes takes apart what link's Validate reports.
func mistakes(err error) []*mistake {
	var all []*mistake
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range joined.Unwrap() {
			all = append(all, fromLink(one))
		}
	}
	return all
}

func parseDuration(text string) (int64, *mistake) {
	d, err := time.ParseDuration(text)
	switch {
	case err != nil || strings.ContainsAny(text, "+-"):
		return 0, &mistake{quote(text) + " is no duration", "write a number of ns, us, ms, s, m or h, such as 5ms"}
	default:
		return int64(d), nil
	}
}

func parseInt(text string) (int64, *mistake) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, &mistake{quote(text) + " is no number", "write digits, such as 3"}
	}
	return n, nil
}

func parseSize(text string) (int64, *mistake) {
	number := strings.TrimRight(text, "BKMGTibkmgt")
	for _, units := range [][]unit{binarySizeUnits, decimalSizeUnits} {
		for _, u := range units {
			if u.name != text[len(number):] {
				continue
			}
			n, err := strconv.ParseUint(number, 10, 62)
			hi, lo := bits.Mul64(n, uint64(u.size))
			if err != nil || hi > 0 || lo > math.MaxInt64 {
				return 0, &mistake{quote(text) + " is no size", "write a whole number of bytes, such as 1500"}
			}
			return int64(lo), nil
		}
	}
	return 0, &mistake{quote(text) + " is no size", "the units are B, KB (1000 bytes), MB, GB, KiB (1024 bytes), MiB and GiB"}
}

// maxText is the longest text in bytes; longer data is given by its size.
const maxText = 64 << 10

func parseText(text string) (string, *mistake) {
	plain, err := strconv.Unquote(text)
	switch {
	case err != nil:
		return "", &mistake{text + " is not quoted as in Go", `use \" \\ \n \t \xNN inside the quotes`}
	case len(plain) > maxText:
		return "", &mistake{"the text is longer than 64 KiB", "give the number of bytes instead"}
	}
	return plain, nil
}

// checkName checks the form of a name. sigil stands before it in messages.
func checkName(sigil, name string) *mistake {
	const form = "a name is a letter, then letters, digits, _ or -, at most 64 in all"
	if name == "" || len(name) > maxName {
		return &mistake{quote(sigil+name) + " is no name", form}
	}
	for i := range len(name) {
		c := name[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if letter || i > 0 && (c >= '0' && c <= '9' || c == '_' || c == '-') {
			continue
		}
		return &mistake{quote(sigil+name) + " is no name", form}
	}
	return nil
}
