package cases

import (
	"strconv"
	"time"

	"rstlab/netsim/link"
)

// Kind is the type of a [Value].
type Kind uint8

// The kinds, with their notation.
const (
	KindNone        Kind = iota // no value
	KindParam                   // $name: the value of a parameter
	KindDuration                // 1.5s, 100ms, 20us, 5ns, 2m7s
	KindInt                     // 3, -1
	KindSize                    // bytes: 1448, 64KB (1000 bytes), 64KiB (1024 bytes)
	KindPackets                 // 20pkt
	KindProbability             // 1%, 0.25%, 12ppm
	KindRate                    // bits per second: 10mbit, 1.5gbit; unlimited
	KindWord                    // on
	KindText                    // "503 busy", quoted as in Go
)

var kindNames = [...]string{
	"no value", "a parameter", "a duration", "a number", "a size", "a number of packets",
	"a probability", "a rate", "a word", "a text",
}

// kindForms say how a value of the kind is written.
var kindForms = [...]string{
	"", "$name", "a duration such as 5ms", "a number such as 3", "a size such as 1448 or 64KiB",
	"a number of packets such as 20pkt", "a probability such as 1%", "a rate such as 10mbit",
	"a word", `a quoted text such as "GET /"`,
}

// String is the kind with its article: "a duration".
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "kind " + strconv.Itoa(int(k))
}

// numeric reports whether values of the kind have an order.
func (k Kind) numeric() bool { return k >= KindDuration && k <= KindRate }

// Value is a typed value in a scenario, or a reference to a parameter. The zero
// Value stands for a setting that is not given.
type Value struct {
	Kind Kind
	// Num is the value of the numeric kinds: nanoseconds, a number, bytes,
	// packets, parts per million, bits per second (0 is unlimited).
	Num int64
	// Text is a word or text, or the name of a parameter.
	Text string
	Pos  Pos
}

// ParamValue is a reference to the parameter of that name.
func ParamValue(name string) Value { return Value{Kind: KindParam, Text: name} }

// DurationValue is a span of virtual time.
func DurationValue(d time.Duration) Value { return Value{Kind: KindDuration, Num: int64(d)} }

// IntValue is a number.
func IntValue(n int) Value { return Value{Kind: KindInt, Num: int64(n)} }

// SizeValue is a number of bytes.
func SizeValue(bytes int) Value { return Value{Kind: KindSize, Num: int64(bytes)} }

// PacketsValue is a number of packets.
func PacketsValue(n int) Value { return Value{Kind: KindPackets, Num: int64(n)} }

// ProbabilityValue is a probability.
func ProbabilityValue(p link.Probability) Value { return Value{Kind: KindProbability, Num: int64(p)} }

// RateValue is a rate of transmission.
func RateValue(r link.BitRate) Value { return Value{Kind: KindRate, Num: int64(r)} }

// WordValue is a word such as on.
func WordValue(w string) Value { return Value{Kind: KindWord, Text: w} }

// TextValue is a text.
func TextValue(t string) Value { return Value{Kind: KindText, Text: t} }

// IsSet reports whether there is a value.
func (v Value) IsSet() bool { return v.Kind != KindNone }

// Is reports whether the value is this word.
func (v Value) Is(word string) bool { return v.Kind == KindWord && v.Text == word }

// Duration is the value as a span; 0 when it is none.
func (v Value) Duration() time.Duration { return time.Duration(v.num(KindDuration)) }

// Int is the value as a number, of bytes or packets too; 0 when it is none.
func (v Value) Int() int { return int(v.num(KindInt, KindSize, KindPackets)) }

// Probability is the value as a probability; 0 when it is none.
func (v Value) Probability() link.Probability { return link.Probability(v.num(KindProbability)) }

// Rate is the value as a rate; 0, which is unlimited, when it is none.
func (v Value) Rate() link.BitRate { return link.BitRate(v.num(KindRate)) }

func (v Value) num(kinds ...Kind) int64 {
	for _, k := range kinds {
		if v.Kind == k {
			return v.Num
		}
	}
	return 0
}

// String is the value in the notation of a scenario; equal values print alike,
// and what it prints is read as an equal value. "" for no value.
func (v Value) String() string {
	switch v.Kind {
	case KindNone:
		return ""
	case KindParam:
		return "$" + v.Text
	case KindDuration:
		return formatUnit(v.Num, durationUnits)
	case KindInt:
		return strconv.FormatInt(v.Num, 10)
	case KindSize:
		if v.Num == 0 {
			return "0"
		}
		return formatUnit(v.Num, binarySizeUnits)
	case KindPackets:
		return strconv.FormatInt(v.Num, 10) + packetsUnit
	case KindProbability:
		return v.Probability().String()
	case KindRate:
		return v.Rate().String()
	case KindWord:
		return v.Text
	case KindText:
		return quote(v.Text)
	}
	return v.Kind.String()
}

// literal is String in a form that shows the kind: a size has a unit.
func (v Value) literal() string {
	text := v.String()
	if c := text[max(0, len(text)-1):]; v.Kind == KindSize && c >= "0" && c <= "9" {
		text += "B"
	}
	return text
}

// quote quotes a text in a way that a terminal survives.
func quote(text string) string { return strconv.QuoteToASCII(text) }

// unit is a unit of measure.
type unit struct {
	name string
	size int64
}

const packetsUnit = "pkt"

// The units, from large to small. Minutes and hours are read too, but never
// written: time in a scenario is compared with time in a trace.
var (
	durationUnits = []unit{
		{"s", int64(time.Second)},
		{"ms", int64(time.Millisecond)},
		{"us", int64(time.Microsecond)},
		{"ns", int64(time.Nanosecond)},
	}
	binarySizeUnits  = []unit{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"", 1}}
	decimalSizeUnits = []unit{{"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}, {"B", 1}}
)

// formatUnit writes n in the largest unit of which it is a whole multiple.
func formatUnit(n int64, units []unit) string {
	for _, u := range units {
		if n%u.size == 0 {
			return strconv.FormatInt(n/u.size, 10) + u.name
		}
	}
	panic("cases: unreachable: the last unit is 1")
}
