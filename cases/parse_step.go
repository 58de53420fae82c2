package cases

import (
	"strings"

	"rstlab/netsim/link"
)

// step reads an indented line.
func (p *parser) step(tokens []token, c Comments) {
	first := tokens[0]
	if p.skip {
		return
	}
	if !p.inProc {
		p.r.add(first.pos, "begin with proc HOST, or do not indent the line", "step outside of a proc")
		return
	}
	proc := &p.s.Procs[len(p.s.Procs)-1]
	info := findVerb(Verb(first.text))
	if info == nil {
		if findDirective(first.text) != nil {
			p.r.add(first.pos, "do not indent it", "%s is no step", first.text)
			p.brokenStep(first.pos)
			return
		}
		p.r.add(first.pos, oneOf(first.text, verbNames()), "unknown step %s", quote(first.text))
		near := nearest(first.text, verbNames())
		if len(near) != 1 {
			p.brokenStep(first.pos)
			return
		}
		info = findVerb(Verb(near[0]))
	}
	step := Step{Verb: info.verb, Comments: c, Pos: first.pos}
	args := arguments{p: p, all: tokens, usage: info.usage()}
	var options []token
	for _, t := range tokens[1:] {
		if _, _, ok := keyed(t); ok && len(info.keys()) > 0 {
			options = append(options, t)
		} else {
			args.rest = append(args.rest, t)
		}
	}
	for i := range info.args {
		if a := &info.args[i]; a.key == "" {
			p.positional(&args, a, &step)
		}
	}
	args.end()
	p.stepOptions(info, options, &step)
	proc.Steps = append(proc.Steps, step)
}

// brokenStep stands for a step that cannot be read, so that the proc is not
// said to have none; the mistake at pos is reported already.
func (p *parser) brokenStep(pos Pos) {
	proc := &p.s.Procs[len(p.s.Procs)-1]
	proc.Steps = append(proc.Steps, Step{Pos: pos})
}

// positional reads the next argument of a step.
func (p *parser) positional(args *arguments, a *argument, step *Step) {
	if a.optional && len(args.rest) == 0 {
		return
	}
	t, ok := args.next(a.form)
	if !ok {
		return
	}
	switch {
	case a.peer:
		i := strings.LastIndexByte(t.text, ':')
		if i < 0 {
			p.r.add(t.pos, "write "+t.text+":80", "%s has no port", quote(t.text))
			step.Peer, step.Port = Ref{t.text, t.pos}, Value{Pos: t.pos}
			return
		}
		step.Peer = Ref{t.text[:i], t.pos}
		step.Port = p.value(t.from(i+1), &a.slot)
	case a.to == toEvent:
		*a.ref(step) = Ref{canonicalEvent(step, t.text), t.pos}
	case a.ref != nil:
		*a.ref(step) = Ref{t.text, t.pos}
	default:
		*a.value(step) = p.value(t, step.slotFor(a))
	}
}

// canonicalEvent is what a step waits for, as Print writes it.
func canonicalEvent(step *Step, text string) string {
	if match, err := link.ParseMatch(text); err == nil && !step.Event.Is(eventEnters) {
		return match.String()
	}
	return text
}

// slotFor is the slot of an argument; that of set is its option's.
func (s *Step) slotFor(a *argument) *slot {
	if s.Verb != VerbSet || a.ref != nil {
		return &a.slot
	}
	if o := findOption(s.Option.Name); o != nil && o.settable() {
		return &o.slot
	}
	return &anySlot
}

// anySlot takes everything: for the value of an option that is not known.
var anySlot = slot{kinds: []Kind{
	KindDuration, KindInt, KindSize, KindPackets, KindProbability, KindRate, KindWord, KindText,
}, min: -1 << 62}

// stepOptions reads the key=value arguments of a step.
func (p *parser) stepOptions(info *verbInfo, options []token, step *Step) {
	seen := map[string]bool{}
	for _, t := range options {
		key, value, _ := keyed(t)
		a := info.keyed(key.text)
		switch {
		case a == nil && len(info.keys()) == 0:
			p.r.add(t.pos, "write "+info.usage(), "unexpected %s", quote(t.text))
		case a == nil:
			p.r.add(t.pos, oneOf(key.text, info.keys()), "%s has no option %s", info.verb, quote(key.text))
		case seen[key.text]:
			p.r.add(t.pos, "leave one out", "%s is given twice", key.text)
		case a.ref != nil:
			*a.ref(step) = Ref{value.text, value.pos}
		default:
			*a.value(step) = p.value(value, &a.slot)
		}
		seen[key.text] = true
	}
}

// keyed is the argument with that key; nil when there is none.
func (v *verbInfo) keyed(key string) *argument {
	for i := range v.args {
		if v.args[i].key != "" && v.args[i].key == key {
			return &v.args[i]
		}
	}
	return nil
}
