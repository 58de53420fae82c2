package cases

import (
	"slices"
	"strings"

	"rstlab/netsim/link"
)

// box reads a firewall, nat or observer.
func (p *parser) box(kind BoxKind, args *arguments, c Comments) {
	name, ok := args.next("NAME")
	if !ok {
		return
	}
	b := Box{Kind: kind, Name: name.text, Comments: c, Pos: name.pos}
	p.keyed(args, settingKeys(kind), func(key string, value token) {
		switch key {
		case outsideKey:
			for more := true; more; {
				var one token
				one, value, more = cutUnquoted(value, ',')
				b.Outside = append(b.Outside, Ref{one.text, one.pos})
			}
		case addrKey:
			if addrs := p.addrs(value); len(addrs) == 1 {
				b.Addr = addrs[0]
			} else if len(addrs) > 1 {
				p.r.add(value.pos, "leave one out", "a nat has one address")
			}
		default:
			for _, s := range settingsOf(kind) {
				if s.key == key {
					*s.field(&b.BoxSettings) = p.value(value, &s.slot)
				}
			}
		}
	})
	p.s.Boxes = append(p.s.Boxes, b)
}

// keyed reads key=value pairs, each key at most once.
func (p *parser) keyed(args *arguments, keys []string, take func(key string, value token)) {
	seen := map[string]bool{}
	for _, t := range args.rest {
		key, value, ok := keyed(t)
		switch {
		case !ok || !slices.Contains(keys, key.text):
			p.unknownKey(t, key, keys, args.usage)
		case seen[key.text]:
			p.r.add(t.pos, "leave one out", "%s is given twice", key.text)
		default:
			take(key.text, value)
		}
		seen[key.text] = true
	}
	args.rest = nil
}

func (p *parser) filter(args *arguments, c Comments) {
	box, ok := args.next("FIREWALL")
	if !ok {
		return
	}
	direction, ok := args.next("in|out")
	if !ok {
		return
	}
	action, ok := args.next("ACTION")
	if !ok {
		return
	}
	f := Filter{
		Box: Ref{box.text, box.pos}, Direction: p.value(direction, &directionSlot), Action: p.value(action, &actionSlot),
		Comments: c, Pos: box.pos,
	}
	p.keyed(args, filterKeys, func(key string, value token) {
		switch key {
		case "src":
			f.Src = Ref{value.text, value.pos}
		case "dst":
			f.Dst = Ref{value.text, value.pos}
		case "sport":
			f.SrcPort = p.value(value, &portSlot)
		case "dport":
			f.DstPort = p.value(value, &portSlot)
		}
	})
	p.s.Filters = append(p.s.Filters, f)
}

func (p *parser) forge(args *arguments, c Comments) {
	from, to, pos, ok := args.direction("A->OBSERVER")
	if !ok {
		return
	}
	f := Forge{From: from, Box: to, Comments: c, Pos: pos}
	match, ok := args.next("MATCH")
	if !ok {
		return
	}
	m, err := link.ParseMatch(match.text)
	if wrong := fromLink(err); wrong != nil {
		p.r.add(match.pos, wrong.remedy, "%s", wrong.problem)
	}
	f.Match = m.String()
	if args.hasWhich() {
		f.First, f.Last = p.which(args)
	}
	flags, ok := args.next("FLAGS")
	if !ok {
		return
	}
	f.Flags = p.value(flags, &flagsSlot)
	p.keyed(args, forgeKeys(), func(key string, value token) {
		for i := range forgeTable {
			if s := &forgeTable[i]; s.key == key {
				*s.field(&f) = p.value(value, &s.slot)
			}
		}
	})
	p.s.Forges = append(p.s.Forges, f)
}

// hasWhich reports whether numbers of packets stand before the flags of a forge.
func (a *arguments) hasWhich() bool {
	if len(a.rest) == 0 {
		return false
	}
	first := a.rest[0].text
	if literalKind(first) != KindParam || strings.Contains(first, "..") {
		return literalKind(first) != KindWord
	}
	if len(a.rest) == 1 {
		return false // it is the flags
	}
	_, _, setting := keyed(a.rest[1])
	return !setting
}

// direction takes A->B.
func (a *arguments) direction(form string) (from, to Ref, pos Pos, ok bool) {
	t, ok := a.next(form)
	if !ok {
		return Ref{}, Ref{}, Pos{}, false
	}
	i := strings.Index(t.text, "->")
	if i < 0 {
		a.p.r.add(t.pos, "write "+form+", the two ends of a link without blanks", "%s is no direction", quote(t.text))
		return Ref{}, Ref{}, t.pos, false
	}
	return Ref{t.text[:i], t.pos}, Ref{t.text[i+2:], t.at(i + 2)}, t.pos, true
}
