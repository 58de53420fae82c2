package cases

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word of a line.
type token struct {
	text string
	pos  Pos
}

// at is the position of the byte with that index in the token.
func (t token) at(index int) Pos {
	pos := t.pos
	pos.Col += utf8.RuneCountInString(t.text[:index])
	return pos
}

// from is the token without its first bytes.
func (t token) from(index int) token { return token{t.text[index:], t.at(index)} }

// splitLine splits a line into tokens and the comment at its end. Tokens are
// separated by blanks; blanks, # and | count for nothing between quotes, blanks
// not between braces at the begin of a token.
func splitLine(line string, pos Pos, r *report) (tokens []token, comment string, commented bool) {
	for i := 0; i < len(line); {
		switch line[i] {
		case ' ', '\t':
			i++
			pos.Col++
			continue
		case '#':
			return tokens, commentText(line[i+1:]), true
		}
		n := tokenLen(line[i:], pos, r)
		tokens = append(tokens, token{line[i : i+n], pos})
		pos.Col += utf8.RuneCountInString(line[i : i+n])
		i += n
	}
	return tokens, "", false
}

// tokenLen is the length of the token at the begin of text.
func tokenLen(text string, pos Pos, r *report) int {
	braces := text[0] == '{'
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			end := closingQuote(text[i:])
			if end < 0 {
				r.add(token{text, pos}.at(i), `close it with "`, "text without end")
				return len(text)
			}
			i += end
		case braces && c == '}':
			return i + 1
		case !braces && (c == ' ' || c == '\t'):
			return i
		}
	}
	if braces {
		r.add(pos, "close them with }", "choices without end")
	}
	return len(text)
}

// closingQuote is the index of the quote that ends a text which begins with
// one; -1 when there is none.
func closingQuote(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

// cutUnquoted cuts a token at the first separator that is not between quotes.
func cutUnquoted(t token, separator byte) (before, after token, found bool) {
	for i := 0; i < len(t.text); i++ {
		switch t.text[i] {
		case separator:
			return token{t.text[:i], t.pos}, t.from(i + 1), true
		case '"':
			if end := closingQuote(t.text[i:]); end > 0 {
				i += end
			}
		}
	}
	return t, token{}, false
}

// commentText is a comment without what surrounds it.
func commentText(text string) string {
	return strings.TrimRight(strings.TrimPrefix(text, " "), " \t")
}

// CheckLine is the mistake of a line at a position that is no text: it must be UTF-8 without
// control characters but tabs. nil is none.
func CheckLine(line string, pos Pos) *Error {
	for i, c := range line {
		switch _, size := utf8.DecodeRuneInString(line[i:]); {
		case c == utf8.RuneError && size == 1:
			return &Error{Pos: token{line, pos}.at(i), Problem: fmt.Sprintf("byte 0x%02x is not UTF-8", line[i]), Remedy: "save the file as UTF-8"}
		case c != '\t' && unicode.IsControl(c):
			return &Error{Pos: token{line, pos}.at(i), Problem: fmt.Sprintf("control character %U", c), Remedy: "remove it"}
		}
	}
	return nil
}
