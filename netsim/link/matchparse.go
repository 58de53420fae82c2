package link

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rstlab/netsim/wire"
)

// ParseMatch reads the notation described at [Match]; it is the inverse of
// [Match.String]. An error names the term that is wrong and what is known.
func ParseMatch(text string) (Match, error) {
	var m Match
	for rest, more := text, true; more; {
		var word string
		word, rest, more = cutTerm(rest)
		t, err := parseTerm(word)
		if err != nil {
			return Match{}, fmt.Errorf("link: match %q: %w", text, err)
		}
		if t != (term{}) { // any adds nothing
			m.terms = append(m.terms, t)
		}
	}
	return m, nil
}

// cutTerm cuts the text at the first comma that is not between quotes.
func cutTerm(text string) (word, rest string, more bool) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			quoted = !quoted
		case '\\':
			if quoted {
				i++
			}
		case ',':
			if !quoted {
				return text[:i], text[i+1:], true
			}
		}
	}
	return text, "", false
}

func parseTerm(word string) (term, error) {
	if word == "" {
		return term{}, fmt.Errorf("an empty term; write any for every packet, and one comma between terms")
	}
	body, not := strings.CutPrefix(word, "!")
	for kind := termKind(0); kind.plain(); kind++ {
		switch body {
		case termNames[kind]:
			return term{kind: kind, not: not}, nil
		case "not" + termNames[kind]:
			return term{kind: kind, not: !not}, nil
		}
	}
	name, op, value := cutOperator(body)
	kind := slices.Index(termNames[:], name)
	if kind < 0 || termKind(kind).plain() || op < 0 {
		return term{}, fmt.Errorf("unknown term %q; known are %s; put ! before a term for not", word, knownTerms)
	}
	t := term{kind: termKind(kind), not: not, op: comparison(op)}
	err := t.setValue(value)
	if err != nil {
		return term{}, fmt.Errorf("term %q: %w", word, err)
	}
	return t, nil
}

// cutOperator splits "len>=10"; op is -1 when there is none.
func cutOperator(text string) (name string, op int, value string) {
	i := strings.IndexAny(text, "=!<>")
	if i < 0 {
		return text, -1, ""
	}
	name, value, op = text[:i], text[i:], -1
	for c, symbol := range comparisonNames { // the longest wins: ">=" before ">"
		if strings.HasPrefix(value, symbol) && (op < 0 || len(symbol) > len(comparisonNames[op])) {
			op = c
		}
	}
	if op >= 0 {
		value = value[len(comparisonNames[op]):]
	}
	return name, op, value
}

func (t *term) setValue(value string) error {
	if t.kind.numeric() {
		n, err := strconv.ParseUint(value, 10, 16)
		if err != nil {
			return fmt.Errorf("%q is no number from 0 to 65535", value)
		}
		t.number = uint16(n)
		return nil
	}
	if t.op != equal {
		return fmt.Errorf("%s takes only =; put ! before the term for not", termNames[t.kind])
	}
	if t.kind == isFlags {
		flags, ok := wire.ParseFlags(value)
		if !ok {
			return fmt.Errorf("%q are no flags; use the letters of tcpdump, each once: F S R P . (ACK) U E W, or none", value)
		}
		t.flags = flags
		return nil
	}
	text, err := strconv.Unquote(value)
	if err != nil || value[0] != '"' || text == "" {
		return fmt.Errorf(`%s is no text; quote it as in Go: contains="HTTP/1.1\x20503"`, value)
	}
	t.text = text
	return nil
}

// knownTerms lists the notation for messages, sorted.
var knownTerms = func() string {
	var words []string
	for i, name := range termNames {
		switch kind := termKind(i); {
		case kind.plain():
			words = append(words, name)
		case kind.numeric():
			words = append(words, name+"=N")
		case kind == isFlags:
			words = append(words, name+"=LETTERS")
		default:
			words = append(words, name+`="TEXT"`)
		}
	}
	slices.Sort(words)
	return strings.Join(words, ", ") + " (with N also !=, <, <=, >, >=)"
}()
