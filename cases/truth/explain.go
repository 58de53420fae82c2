package truth

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Cause is why a stack differs from what was recorded: what differs, where the
// stack's code decides it, and which is right.
type Cause struct {
	ID    string // "rst-after-close"
	Title string
	What  string // what differs
	Code  string // where the stack decides it: file and function
	Right string // which is right, by which RFC
	Items []Item
	// Form is what differences of this cause look like, in recordings that Items
	// does not know; nil when they have no form of their own.
	Form *Form
}

// Form recognises differences by their three parts. Where want and got have a
// group, it is a number, and that of got is not the smaller: SEG.ACK =< SND.NXT.
type Form struct{ what, want, got *regexp.Regexp }

func newForm(what, want, got string) *Form {
	whole := func(text string) *regexp.Regexp { return regexp.MustCompile("^(?:" + text + ")$") }
	return &Form{whole(what), whole(want), whole(got)}
}

// String is its regular expressions, in Markdown.
func (f *Form) String() string {
	inside := func(r *regexp.Regexp) string { return strings.TrimSuffix(strings.TrimPrefix(r.String(), "^(?:"), ")$") }
	return "`" + inside(f.what) + "`: recorded `" + inside(f.want) + "`, here `" + inside(f.got) + "`"
}

// Matches reports whether a difference has the form.
func (f *Form) Matches(d Difference) bool {
	if f == nil || !f.what.MatchString(d.What) {
		return false
	}
	want, got := f.want.FindStringSubmatch(d.Want), f.got.FindStringSubmatch(d.Got)
	if len(want) == 0 || len(got) == 0 {
		return false
	}
	if len(want) == 1 {
		return true
	}
	from, err1 := strconv.ParseInt(want[1], 10, 64)
	to, err2 := strconv.ParseInt(got[1], 10, 64)
	return err1 == nil && err2 == nil && from <= to
}

// Item is one difference that a cause explains, exactly as the comparison finds
// it.
type Item struct {
	File string // the scenario's id
	Difference
}

// Causes are the known differences of a stack; none for one that has not been
// looked at.
func Causes(stack string) []Cause {
	switch stack {
	case DefaultStack:
		return allNetstackCauses()
	case "linux":
		return linuxCauses
	}
	return nil
}

// allNetstackCauses are netstackCauses, with the items of netstackMore and netstackBuffers,
// and netstackAcks.
var allNetstackCauses = sync.OnceValue(func() []Cause {
	all := slices.Concat(netstackCauses, netstackAcks)
	for i := range all {
		all[i].Items = slices.Concat(all[i].Items, netstackMore[all[i].ID], netstackBuffers[all[i].ID])
	}
	return all
})

// Explain is the causes of a difference of a scenario, by their IDs: those that
// list it, or, for a scenario that nobody has looked at, those whose form it has;
// none for a difference that nobody has explained.
func Explain(stack, id string, d Difference) []string {
	var ids []string
	for _, c := range Causes(stack) {
		if slices.Contains(c.Items, Item{id, d}) || !isKnown(id) && c.Form.Matches(d) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// isKnown reports whether all differences of a scenario are listed.
func isKnown(id string) bool { return slices.Contains(known, id) || slices.Contains(knownMore, id) }

// Status is what a comparison comes to.
type Status string

// The statuses.
const (
	Agrees    Status = "agrees"
	Explained Status = "differs as explained"
	Differs   Status = "differs"
	// Unmodelled is a scenario with a setting that the stack cannot have: what it
	// does without it is shown, but is no verdict.
	Unmodelled Status = "not modelled"
)

// Status says whether the run agrees with what was recorded.
func (c *Comparison) Status() Status {
	switch {
	case len(c.NotModelled) > 0:
		return Unmodelled
	case len(c.Differences) == 0:
		return Agrees
	case c.FirstUnexplained() < 0:
		return Explained
	}
	return Differs
}

// FirstUnexplained is the index of the first difference that has no known cause;
// -1 when there is none.
func (c *Comparison) FirstUnexplained() int {
	return slices.IndexFunc(c.Differences, func(d Difference) bool { return len(Explain(c.Stack, c.File.ID, d)) == 0 })
}

// Causes are the IDs of the causes of all differences, in order of first use.
func (c *Comparison) Causes() []string {
	var ids []string
	for _, d := range c.Differences {
		for _, id := range Explain(c.Stack, c.File.ID, d) {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}
