package cases

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// ParseOutcome reads an outcome in its canonical form, with times where it has
// them. A quiet call without a time says nothing and is left out.
func ParseOutcome(text string) (Outcome, error) {
	var r report
	tokens, _, commented := splitLine(text, Pos{Line: 1, Col: 1}, &r)
	if commented {
		r.add(Pos{Line: 1, Col: 1}, "leave it out", "an outcome has no comment")
	}
	o := parseOutcome(tokens, Pos{Line: 1, Col: 1}, &r)
	if err := r.err(); err != nil {
		return Outcome{}, err
	}
	return o, nil
}

const outcomeForm = `write PROC: OP=RESULT … | PROC: ok`

func parseOutcome(tokens []token, pos Pos, r *report) Outcome {
	var o Outcome
	if len(tokens) == 0 {
		r.add(pos, outcomeForm, "no outcome")
	}
	for len(tokens) > 0 {
		end := slices.IndexFunc(tokens, func(t token) bool { return t.text == "|" })
		part, rest := tokens, []token(nil)
		if end >= 0 {
			part, rest = tokens[:end], tokens[end+1:]
			if len(part) == 0 || len(rest) == 0 {
				r.add(tokens[end].pos, outcomeForm, "nothing on one side of |")
			}
		}
		if len(part) > 0 {
			if p, ok := parseProcOutcome(part, r); ok {
				o.Procs = append(o.Procs, p)
			}
		}
		tokens = rest
	}
	return o
}

func parseProcOutcome(tokens []token, r *report) (ProcOutcome, bool) {
	name, colon := strings.CutSuffix(tokens[0].text, ":")
	if !colon {
		r.add(tokens[0].pos, outcomeForm, "%s is no proc with a colon", quote(name))
		return ProcOutcome{}, false
	}
	p := ProcOutcome{Proc: name, Pos: tokens[0].pos}
	items := tokens[1:]
	if len(items) == 0 {
		r.add(tokens[0].pos, "write "+name+": ok", "nothing after %s", quote(tokens[0].text))
		return p, false
	}
	if len(items) == 1 && items[0].text == resultOK {
		return p, true
	}
	for _, t := range items {
		if s, ok := parseSeen(t, r); ok && (!s.Quiet() || s.Timed) {
			p.Seen = append(p.Seen, s)
		}
	}
	return p, true
}

// parseSeen reads OP=RESULT[,RESULT][@TIME].
func parseSeen(t token, r *report) (Seen, bool) {
	op, rest, found := cutUnquoted(t, '=')
	if !found || op.text == "" {
		r.add(t.pos, "write OP=RESULT, or ok alone for a proc that saw nothing", "%s is no observation", quote(t.text))
		return Seen{}, false
	}
	s := Seen{Op: op.text, Pos: t.pos}
	result, at, timed := cutUnquoted(rest, '@')
	if timed {
		ns, wrong := parseDuration(at.text)
		if wrong != nil {
			r.add(at.pos, wrong.remedy, "%s", wrong.problem)
			return s, false
		}
		s.At, s.Timed = time.Duration(ns), true
	}
	var results []string
	for more := true; more; {
		var one token
		one, result, more = cutUnquoted(result, ',')
		text, wrong := parseResult(one.text)
		if wrong != nil {
			r.add(one.pos, wrong.remedy, "%s", wrong.problem)
			return s, false
		}
		results = append(results, text)
	}
	s.Result = strings.Join(results, ",")
	return s, true
}

// parseResult reads one result and gives it in canonical form.
func parseResult(text string) (string, *mistake) {
	const known = `write data in quotes, a length such as 1448B, EOF, blocked, killed, ok, or an error such as ECONNRESET`
	if strings.HasPrefix(text, `"`) {
		data, err := strconv.Unquote(text)
		switch {
		case err != nil:
			return "", &mistake{text + " is not quoted as in Go", `use \" \\ \n \t \xNN inside the quotes`}
		case data == "":
			return "", &mistake{"no data", "write EOF for the end of the stream"}
		case len(data) > maxShown:
			return "", &mistake{"data of more than 32 bytes", "write its length: " + strconv.Itoa(len(data)) + "B"}
		}
		return quote(data), nil
	}
	if text == "" {
		return "", &mistake{"no result", known}
	}
	for i := range len(text) {
		c := text[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '|' {
			return "", &mistake{quote(text) + " is no result", known}
		}
	}
	return text, nil
}
