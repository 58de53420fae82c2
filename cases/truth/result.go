package truth

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// outcome is what a call gave, taken apart.
type outcome struct {
	blocked bool
	errno   string
	word    string // what poll and state say, "ok", "killed"
	number  int    // of send, outq and settings; total of a recvloop in short form
	reads   []read // of recv, peek and recvloop
	eof     bool
	form    form
}

// form is how a result is written.
type form uint8

const (
	wordForm   form = iota // "ok", "IN|OUT", "ECONNRESET", "still blocked at end"
	numberForm             // "10"
	readsForm              // `5 "ERROR", 0 (EOF)`, "0 (EOF)", `5 "ERROR"`
	totalForm              // "total 20, 0 (EOF)"
)

// read is one read: n bytes, and the first of them, where they are shown.
type read struct {
	n     int
	data  string
	shown bool
}

const eofText = "0 (EOF)"

var (
	errnoForm = regexp.MustCompile(`^E[A-Z0-9]+$`)
	wordsForm = regexp.MustCompile(`^(-|[A-Za-z][A-Za-z0-9_|-]*)$`)
)

// parseResult takes a result apart; ok is false for what is none.
func parseResult(text string) (o outcome, ok bool) {
	if text == stillBlocked {
		return outcome{blocked: true}, true
	}
	rest := text
	if total, found := strings.CutPrefix(text, "total "); found {
		o.form = totalForm
		count, end, _ := strings.Cut(total, ", ")
		n, err := strconv.Atoi(count)
		if err != nil || n < 0 || end == "" {
			return o, false
		}
		o.number, rest = n, end
	}
	for rest != "" {
		var item string
		item, rest = cutItem(rest)
		if !o.item(item, rest == "") {
			return o, false
		}
	}
	if o.form == numberForm && len(o.reads) > 0 {
		o.form = readsForm
	}
	return o, text != ""
}

// cutItem takes the first of items joined by ", "; quoted ones may contain
// commas.
func cutItem(text string) (item, rest string) {
	i := strings.Index(text, `"`)
	if comma := strings.Index(text, ", "); i < 0 || comma >= 0 && comma < i {
		item, rest, _ = strings.Cut(text, ", ")
		return item, rest
	}
	quoted, err := strconv.QuotedPrefix(text[i:])
	if err != nil {
		return text, ""
	}
	end := i + len(quoted)
	return text[:end], strings.TrimPrefix(text[end:], ", ")
}

// item takes one item of a result: a read, or how it ended.
func (o *outcome) item(item string, last bool) bool {
	count, quoted, shown := strings.Cut(item, " ")
	n, err := strconv.Atoi(count)
	switch {
	case item == eofText:
		o.eof = true
		if o.form != totalForm {
			o.form = readsForm
		}
		return last
	case err != nil && errnoForm.MatchString(item):
		o.errno = item
		return last
	case err != nil && wordsForm.MatchString(item):
		o.word = item
		return last && len(o.reads) == 0 && o.form == wordForm
	case err != nil || n < 0 || o.form == totalForm:
		return false
	case shown:
		data, err := strconv.Unquote(quoted)
		if err != nil {
			return false
		}
		o.form = readsForm
		if short := strings.TrimSuffix(strings.TrimSuffix(data, "..."), "…"); len(data) != n {
			data = short // cut short by the recorder
		}
		o.reads = append(o.reads, read{n, data, true})
		return n > 0 && len(data) <= n
	}
	if last && len(o.reads) == 0 && o.form == wordForm {
		o.form, o.number = numberForm, n
		return true
	}
	o.form = readsForm
	o.reads = append(o.reads, read{n: n})
	return true
}

// checkResult says how to write a result that is none; "" for one that is.
func checkResult(text string) string {
	if _, ok := parseResult(text); ok {
		return ""
	}
	return `write a number, ok, an errno, 5 "HELLO", 0 (EOF), total N, END, or still blocked at end`
}

// total is how many bytes were read or sent.
func (o *outcome) total() int {
	if len(o.reads) == 0 {
		return o.number
	}
	n := 0
	for _, r := range o.reads {
		n += r.n
	}
	return n
}

// data is everything that was read, as far as it is shown.
func (o *outcome) data() string {
	var b strings.Builder
	for _, r := range o.reads {
		b.WriteString(r.data)
	}
	return b.String()
}

// end is how it ended: an errno, "0 (EOF)", or nothing.
func (o *outcome) end() string {
	switch {
	case o.blocked:
		return stillBlocked
	case o.errno != "":
		return o.errno
	case o.eof:
		return eofText
	}
	return o.word
}

// text is the outcome in the form that another has, so that the two can be seen
// side by side.
func (o *outcome) text(like form) string {
	switch {
	case o.blocked, o.word != "" && len(o.reads) == 0, o.errno != "" && o.form == numberForm:
		return o.end()
	case like == totalForm && (len(o.reads) > 0 || o.form == totalForm):
		return fmt.Sprintf("total %d, %s", o.total(), o.end())
	case like == numberForm && len(o.reads) == 1 && o.end() == "":
		return strconv.Itoa(o.reads[0].n)
	case o.form == numberForm:
		return strconv.Itoa(o.number)
	}
	var items []string
	for _, r := range o.reads {
		item := strconv.Itoa(r.n)
		if r.shown && r.n <= maxData {
			item += " " + strconv.Quote(r.data)
		}
		items = append(items, item)
	}
	if end := o.end(); end != "" {
		items = append(items, end)
	}
	return strings.Join(items, ", ")
}

// maxData is how much data of a read is shown.
const maxData = 32
