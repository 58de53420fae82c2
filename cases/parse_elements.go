package cases

import (
	"net/netip"
	"slices"
	"strings"

	"rstlab/netsim/link"
)

func (p *parser) param(args *arguments, c Comments) {
	name, ok := args.next("NAME")
	if !ok {
		return
	}
	param := Param{Name: name.text, Comments: c, Pos: name.pos}
	if t, ok := args.next("DEFAULT"); ok {
		param.Default = p.literal(t)
	}
	if len(args.rest) > 0 {
		t, _ := args.next("")
		if strings.HasPrefix(t.text, "{") {
			param.Choices = p.choices(t)
		} else {
			param.Min, param.Max = p.span(t, p.literal)
		}
	}
	args.end()
	param.unify()
	if len(p.s.Params) == maxParams {
		p.r.add(name.pos, "split the scenario", "more than %d parameters", maxParams)
		return
	}
	p.s.Params = append(p.s.Params, param)
}

// literal reads a value of any kind but a reference.
func (p *parser) literal(t token) Value {
	v, wrong := parseLiteral(t.text)
	if wrong == nil && v.Kind == KindParam {
		wrong = &mistake{quote(t.text) + " refers to a parameter", "write a value"}
	}
	if wrong != nil {
		p.r.add(t.pos, wrong.remedy, "%s", wrong.problem)
		v = Value{}
	}
	v.Pos = t.pos
	return v
}

// span reads MIN..MAX.
func (p *parser) span(t token, read func(token) Value) (least, greatest Value) {
	i := strings.Index(t.text, "..")
	if i <= 0 || i+2 >= len(t.text) {
		p.r.add(t.pos, "write MIN..MAX or {A,B,C}", "%s is no range", quote(t.text))
		return Value{Pos: t.pos}, Value{Pos: t.pos}
	}
	return read(token{t.text[:i], t.pos}), read(t.from(i + 2))
}

// choices reads {A,B,C}.
func (p *parser) choices(t token) []Value {
	inner := token{strings.TrimSuffix(t.text, "}"), t.pos}.from(1)
	var values []Value
	for more := true; more; {
		var one token
		one, inner, more = cutUnquoted(inner, ',')
		trimmed := strings.TrimLeft(one.text, " \t")
		one = one.from(len(one.text) - len(trimmed))
		one.text = strings.TrimRight(one.text, " \t")
		values = append(values, p.literal(one))
		if more && len(values) == maxParams {
			p.r.add(inner.pos, "give a range", "more than %d choices", maxParams)
			break
		}
	}
	return values
}

// unify makes bare numbers sizes when another value of the parameter is one.
func (p *Param) unify() {
	values := []*Value{&p.Default, &p.Min, &p.Max}
	for i := range p.Choices {
		values = append(values, &p.Choices[i])
	}
	if !slices.ContainsFunc(values, func(v *Value) bool { return v.Kind == KindSize }) {
		return
	}
	for _, v := range values {
		if v.Kind == KindInt {
			v.Kind = KindSize
		}
	}
}

var stackSlot = slot{kinds: []Kind{KindWord}, choices: Stacks()}

func (p *parser) host(args *arguments, c Comments) {
	name, ok := args.next("NAME")
	if !ok {
		return
	}
	h := Host{Name: name.text, Comments: c, Pos: name.pos}
	seen := map[string]bool{}
	for _, t := range args.rest {
		key, value, ok := keyed(t)
		setting := findHostSetting(key.text)
		switch {
		case !ok || !slices.Contains(hostKeys(), key.text):
			p.unknownKey(t, key, hostKeys(), args.usage)
		case seen[key.text]:
			p.r.add(t.pos, "leave one out", "%s is given twice", key.text)
		case key.text == "stack":
			h.Stack = p.value(value, &stackSlot)
		case setting != nil:
			*setting.field(&h.HostSettings) = p.value(value, &setting.slot)
		default:
			h.Addrs = p.addrs(value)
		}
		seen[key.text] = true
	}
	p.s.Hosts = append(p.s.Hosts, h)
}

// unknownKey reports a token that is none of the key=value pairs.
func (p *parser) unknownKey(t, key token, keys []string, usage string) {
	if _, _, ok := keyed(t); !ok {
		p.r.add(t.pos, "write "+usage, "unexpected %s", quote(t.text))
		return
	}
	p.r.add(t.pos, oneOf(key.text, keys), "unknown setting %s", quote(key.text))
}

func (p *parser) addrs(t token) []netip.Addr {
	var addrs []netip.Addr
	for more := true; more; {
		var one token
		one, t, more = cutUnquoted(t, ',')
		addr, err := netip.ParseAddr(one.text)
		if err != nil || addr.Zone() != "" || addr.Is4In6() {
			p.r.add(one.pos, "write addresses such as 10.0.0.1 or fd00::1, joined by commas", "%s is no address", quote(one.text))
			continue
		}
		addrs = append(addrs, addr)
	}
	return addrs
}

func (p *parser) link(args *arguments, c Comments) {
	a, ok := args.next("A")
	if !ok {
		return
	}
	b, ok := args.next("B")
	if !ok {
		return
	}
	l := Link{A: Ref{a.text, a.pos}, B: Ref{b.text, b.pos}, Comments: c, Pos: a.pos}
	seen := map[string]bool{}
	for _, t := range args.rest {
		key, value, ok := keyed(t)
		if ok && seen[key.text] {
			p.r.add(t.pos, "leave one out", "%s is given twice", key.text)
			continue
		}
		seen[key.text] = true
		p.linkSetting(&l, t, key, value, ok, args.usage)
	}
	p.s.Links = append(p.s.Links, l)
}

func (p *parser) linkSetting(l *Link, t, key, value token, ok bool, usage string) {
	if ok && key.text == rttKey {
		l.RTT = p.value(value, &durationSlot)
		return
	}
	direction, name := 0, key.text
	for i, arrow := range arrows {
		if rest, found := strings.CutPrefix(key.text, arrow); found {
			direction, name = i, rest
		}
	}
	setting := findLinkSetting(name)
	if !ok || setting == nil {
		if ok && name == rttKey {
			p.r.add(t.pos, "write "+arrows[direction]+"delay=", "rtt has no direction")
			return
		}
		p.unknownKey(t, token{name, key.pos}, linkKeys(), usage)
		return
	}
	for i, part := range setting.parts {
		var one token
		var more bool
		one, value, more = cutUnquoted(value, ',')
		*part.field(l.settings()[direction]) = p.value(one, &part.slot)
		if !more {
			return
		}
		if i == len(setting.parts)-1 {
			p.r.add(value.pos, "write "+setting.key+"="+setting.form, "%s has too many values", setting.key)
		}
	}
}

func (p *parser) rule(args *arguments, c Comments) {
	from, to, pos, ok := args.direction("A->B")
	if !ok {
		return
	}
	r := Rule{From: from, To: to, Match: link.Match{}.String(), Comments: c, Pos: pos}
	verdict, ok := args.next("VERDICT")
	if !ok {
		return
	}
	r.Verdict = Verdict(verdict.text)
	info := findVerdict(r.Verdict)
	if info == nil {
		p.r.add(verdict.pos, oneOf(verdict.text, verdictNames()), "unknown verdict %s", quote(verdict.text))
		return
	}
	if info.takesArg() {
		t, ok := args.next(info.form)
		if !ok {
			return
		}
		if r.Arg = p.value(t, &info.slot); !r.Arg.IsSet() && len(args.rest) == 0 {
			return // the argument is missing, not the match
		}
	}
	p.match(args, &r)
	args.end()
	p.s.Rules = append(p.s.Rules, r)
}

// match reads MATCH [N|N..M|N..].
func (p *parser) match(args *arguments, r *Rule) {
	t, ok := args.next("MATCH")
	if !ok {
		return
	}
	match, err := link.ParseMatch(t.text)
	if wrong := fromLink(err); wrong != nil {
		p.r.add(t.pos, wrong.remedy, "%s", wrong.problem)
	}
	r.Match = match.String()
	if len(args.rest) > 0 {
		r.First, r.Last = p.which(args)
	}
}

// which reads N|N..M|N.. .
func (p *parser) which(args *arguments) (first, last Value) {
	t, _ := args.next("")
	count := func(t token) Value { return p.value(t, &countSlot) }
	if !strings.Contains(t.text, "..") {
		first = count(t)
		return first, first
	}
	if from, open := strings.CutSuffix(t.text, ".."); open {
		return count(token{from, t.pos}), Value{}
	}
	return p.span(t, count)
}

func (p *parser) limit(args *arguments, c Comments) {
	t, ok := args.next("TIME")
	if !ok {
		return
	}
	if p.s.Limit.Pos.Line > 0 {
		p.r.add(t.pos, "leave one out", "limit is given twice")
	}
	p.s.Limit = Limit{Time: p.value(t, &limitSlot), Comments: c, Pos: t.pos}
	args.end()
}

var limitSlot = slot{kinds: []Kind{KindDuration}, min: 1}

func (p *parser) proc(args *arguments, c Comments) {
	p.inProc = true
	host, ok := args.next("HOST")
	if !ok {
		host = token{"", args.all[0].pos}
	}
	proc := Proc{Host: Ref{host.text, host.pos}, Name: host.text, Comments: c, Pos: host.pos}
	if len(args.rest) > 0 {
		if _, _, isKey := keyed(args.rest[0]); !isKey {
			name, _ := args.next("")
			proc.Name, proc.Pos = name.text, name.pos
		}
	}
	if len(args.rest) > 0 {
		if key, value, ok := keyed(args.rest[0]); ok && key.text == "begin" {
			args.rest = args.rest[1:]
			proc.Begin = p.value(value, &beginSlot)
		}
	}
	args.end()
	p.s.Procs = append(p.s.Procs, proc)
}

// beginSlot is when a proc begins that does not at time 0.
var beginSlot = slot{kinds: []Kind{KindWord}, choices: []string{"boot"}}

func (p *parser) script(args *arguments, c Comments) {
	p.inProc = true
	name, ok := args.next("NAME")
	if !ok {
		name = token{"", args.all[0].pos}
	}
	args.end()
	p.s.Procs = append(p.s.Procs, Proc{Script: true, Name: name.text, Comments: c, Pos: name.pos})
}

func (p *parser) neighbours(args *arguments, c Comments) {
	node, ok := args.next("NODE")
	if !ok {
		return
	}
	n := Neighbours{Node: Ref{node.text, node.pos}, Comments: c, Pos: node.pos}
	state, ok := args.next("missing|cached")
	if !ok {
		return
	}
	n.State = p.value(state, &neighbourSlot)
	args.end()
	p.s.Knows = append(p.s.Knows, n)
}

func (p *parser) example(args *arguments, c Comments) {
	e := Example{Comments: c, Pos: args.all[0].pos}
	for len(args.rest) > 0 {
		key, value, ok := keyed(args.rest[0])
		if !ok {
			break
		}
		args.rest = args.rest[1:]
		e.Set = append(e.Set, Setting{Name: key.text, Value: p.literal(value), Pos: key.pos})
	}
	stack, ok := args.next("STACK")
	if !ok {
		return
	}
	e.Stack = Ref{stack.text, stack.pos}
	if strings.HasSuffix(stack.text, ":") {
		p.r.add(stack.pos, "write "+DefaultStack+" before the outcome", "example without a stack")
		args.rest = append([]token{stack}, args.rest...)
	}
	e.Want = parseOutcome(args.rest, stack.pos, &p.r)
	p.s.Examples = append(p.s.Examples, e)
}

// convertExamples gives the settings of examples the kinds of their
// parameters, which may be declared below them.
func (p *parser) convertExamples() {
	for i := range p.s.Examples {
		set := p.s.Examples[i].Set
		for j := range set {
			if q := p.s.param(set[j].Name); q != nil {
				set[j].Value = q.convert(set[j].Value)
			}
		}
	}
}
