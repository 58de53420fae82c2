package cases

import (
	"slices"
	"strings"
)

const stepIndent = "  "

func (p *printer) proc(proc *Proc) {
	p.blank()
	cells := []string{"proc", proc.Host.Name}
	if proc.Script {
		cells = []string{"script", proc.Name}
	} else if proc.Name != proc.Host.Name {
		cells = append(cells, proc.Name)
	}
	if proc.Begin.IsSet() {
		cells = append(cells, "begin="+proc.Begin.String())
	}
	p.rows([]row{{proc.Comments, cells}}, "", 1)
	rows := make([]row, len(proc.Steps))
	for i := range proc.Steps {
		rows[i] = row{proc.Steps[i].Comments, []string{proc.Steps[i].String()}}
	}
	p.rows(rows, stepIndent, 1)
}

// String is the step without its comments, as in the text form.
func (s *Step) String() string {
	words := []string{string(s.Verb)}
	info := findVerb(s.Verb)
	if info == nil {
		return string(s.Verb)
	}
	for i := range info.args {
		a := &info.args[i]
		var text string
		switch {
		case a.peer:
			text = s.Peer.Name + ":" + s.Port.String()
		case a.ref != nil:
			text = a.ref(s).Name
		default:
			text = a.value(s).String()
		}
		if text == "" {
			continue
		}
		if a.key != "" {
			text = a.key + "=" + text
		}
		words = append(words, text)
	}
	return strings.Join(words, " ")
}

// examples stand in columns: the settings, the stack, the outcome. When all
// examples set the same parameters, each parameter has its column.
func (p *printer) examples(s *Scenario) {
	if len(s.Examples) == 0 {
		return
	}
	p.blank()
	aligned := !slices.ContainsFunc(s.Examples, func(e Example) bool { return !sameNames(e.Set, s.Examples[0].Set) })
	widths := make([]int, len(s.Examples[0].Set))
	if aligned {
		for _, e := range s.Examples {
			for i, set := range e.Set {
				widths[i] = max(widths[i], len(set.String()))
			}
		}
	}
	rows := make([]row, len(s.Examples))
	for i, e := range s.Examples {
		settings := make([]string, len(e.Set))
		for j, set := range e.Set {
			settings[j] = set.String()
			if aligned {
				settings[j] = pad(settings[j], widths[j])
			}
		}
		cells := []string{"example", strings.Join(settings, " "), e.Stack.Name, e.Want.String()}
		if aligned && len(e.Set) == 0 {
			cells = slices.Delete(cells, 1, 2)
		}
		rows[i] = row{e.Comments, cells}
	}
	p.rows(rows, "", 2)
}

// String is "rtt=100ms".
func (s Setting) String() string { return s.Name + "=" + s.Value.literal() }

func sameNames(a, b []Setting) bool {
	return slices.EqualFunc(a, b, func(x, y Setting) bool { return x.Name == y.Name })
}
