package cases

import (
	"slices"
	"strings"

	"rstlab/netsim/link"
)

// slot is a place for a value: what may stand there.
type slot struct {
	kinds   []Kind
	min     int64    // least Num of the numeric kinds
	max     int64    // greatest Num; 0 is no limit
	choices []string // the words, when KindWord is among the kinds
	words   *words   // or else which words are meant
}

// words are a set of words that has too many to be listed.
type words struct {
	form string
	has  func(string) bool
}

// fits reports whether values of the kind may stand in the slot; a bare number
// may stand for bytes.
func (s *slot) fits(k Kind) bool {
	return slices.Contains(s.kinds, k) || k == KindInt && slices.Contains(s.kinds, KindSize)
}

// form says what the slot takes: "a duration such as 5ms".
func (s *slot) form() string {
	forms := make([]string, len(s.kinds))
	for i, k := range s.kinds {
		forms[i] = kindForms[k]
		if k == KindWord && len(s.choices) > 0 {
			forms[i] = strings.Join(s.choices, " or ")
		}
		if k == KindWord && s.words != nil {
			forms[i] = s.words.form
		}
	}
	return strings.Join(forms, ", or ")
}

// parse reads a literal or a reference to a parameter.
func (s *slot) parse(text string) (Value, *mistake) {
	v, wrong := parseLiteral(text)
	looks := literalKind(text)
	if looks == KindParam {
		return v, wrong
	}
	if !s.fits(looks) {
		if looks == KindWord && len(s.choices) > 0 {
			return Value{}, &mistake{quote(text) + " is not known here", oneOf(text, s.choices)}
		}
		return Value{}, s.mismatch(text, looks)
	}
	if wrong != nil {
		return Value{}, wrong
	}
	v = s.convert(v)
	return v, s.check(v)
}

// mismatch says that a literal is of another kind.
func (s *slot) mismatch(text string, looks Kind) *mistake {
	if text == "" {
		return &mistake{"no value", "write " + s.form()}
	}
	shown := text
	if looks != KindText {
		shown = quote(text)
	}
	if looks == KindInt || looks == KindNone {
		for _, k := range s.kinds {
			if example := unitExample(k, text); example != "" {
				return &mistake{shown + " needs a unit", "write " + example}
			}
		}
	}
	if looks == KindNone {
		return &mistake{shown + " is no whole number", "write " + s.form()}
	}
	return &mistake{shown + " is " + looks.String(), "write " + s.form()}
}

// unitExample is what a bare number may have meant, for a kind that has units.
func unitExample(k Kind, number string) string {
	switch k {
	case KindDuration:
		if number == "0" {
			return "0s"
		}
		return number + "ms or " + number + "s"
	case KindProbability:
		hundredth, err := link.ParseProbability(number + "%")
		if strings.Contains(number, ".") && err == nil && 100*hundredth <= link.Always {
			return (100 * hundredth).String()
		}
		return number + "%"
	case KindRate:
		return number + "mbit"
	}
	return ""
}

// convert gives a value of a kind that fits the kind that the slot wants.
func (s *slot) convert(v Value) Value {
	if v.Kind == KindInt && !slices.Contains(s.kinds, KindInt) && slices.Contains(s.kinds, KindSize) {
		v.Kind = KindSize
	}
	return v
}

// check reports what is wrong with a value other than a reference.
func (s *slot) check(v Value) *mistake {
	switch {
	case v.Kind == KindNone || v.Kind == KindParam:
		return nil
	case !s.fits(v.Kind):
		return s.mismatch(v.String(), v.Kind)
	case v.Kind == KindWord && len(s.choices) > 0 && !slices.Contains(s.choices, v.Text):
		return &mistake{quote(v.Text) + " is not known here", oneOf(v.Text, s.choices)}
	case v.Kind == KindWord && s.words != nil && !s.words.has(v.Text):
		return &mistake{quote(v.Text) + " is not known here", "write " + s.words.form}
	case v.Kind == KindText && v.Text == "":
		return &mistake{"an empty text", "write at least one character"}
	case !v.Kind.numeric():
		return nil
	}
	limit := func(n int64) string { return Value{Kind: v.Kind, Num: n}.String() }
	switch {
	case v.Num < s.min:
		return &mistake{v.String() + " is too small", "the least is " + limit(s.min)}
	case s.max > 0 && v.Num > s.max:
		return &mistake{v.String() + " is too large", "the greatest is " + limit(s.max)}
	}
	return nil
}

// The slots that stand in more than one place.
var (
	durationSlot    = slot{kinds: []Kind{KindDuration}}
	probabilitySlot = slot{kinds: []Kind{KindProbability}}
	portSlot        = slot{kinds: []Kind{KindInt}, min: 1, max: 65535}
	switchSlot      = slot{kinds: []Kind{KindWord}, choices: []string{"on", "off"}}
	bufferSlot      = slot{kinds: []Kind{KindSize}, min: 1, max: 1 << 30}
	countSlot       = slot{kinds: []Kind{KindInt}, min: 1, max: 1 << 30}
)

func intSlot(least, greatest int64) slot {
	return slot{kinds: []Kind{KindInt}, min: least, max: greatest}
}
