package cases

import (
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// The limits on a file, so that garbage cannot exhaust the memory.
const (
	maxFile     = 1 << 20 // bytes
	maxLine     = 64 << 10
	maxElements = 20_000 // nodes, links, rules, procs, steps, …
	maxParams   = 1000   // and the choices of one
)

// Parse reads a scenario. file names the text in messages; its last part
// without ".txt" is the scenario's name. The error is [Errors]: every mistake
// in the text, of form and of meaning, with its place and remedy.
func Parse(file string, src []byte) (*Scenario, error) {
	p := &parser{
		s:     &Scenario{Name: strings.TrimSuffix(path.Base(filepath.ToSlash(file)), ".txt")},
		pos:   Pos{File: file, Line: 1, Col: 1},
		claim: claimPossible,
	}
	if len(src) > maxFile {
		p.r.add(p.pos, "split the scenario", "the file is larger than 1 MiB")
		return nil, p.r.err()
	}
	text := strings.TrimPrefix(string(src), "\ufeff")
	for line := range strings.SplitSeq(text, "\n") {
		p.line(strings.TrimSuffix(line, "\r"))
		p.pos.Line++
		if p.r.full() {
			break
		}
	}
	p.endClaim()
	p.s.Below = p.pending
	p.convertExamples()
	p.s.validate(&p.r, Pos{File: file, Line: 1, Col: 1})
	if err := p.r.err(); err != nil {
		return nil, err
	}
	return p.s, nil
}

// ReadFile reads the scenario in a file.
func ReadFile(name string) (*Scenario, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("cases: scenario: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read from
	src, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("cases: scenario %s: %w", name, err)
	}
	return Parse(name, src)
}

// parser reads a text line by line.
type parser struct {
	r        report
	s        *Scenario
	pos      Pos // the begin of the line
	claim    claimState
	pending  []string // comments that wait for their element
	inProc   bool     // indented lines belong to the last proc
	skip     bool     // indented lines belong to a directive that is not known
	elements int
}

type claimState uint8

const (
	claimPossible claimState = iota // only blank lines so far
	claimOpen                       // within the comment block at the top
	claimClosed
)

func (p *parser) line(line string) {
	if len(line) > maxLine {
		p.r.add(p.pos, "split the line", "a line of more than 64 KiB")
		return
	}
	if bad := CheckLine(line, p.pos); bad != nil {
		p.r.add(bad.Pos, bad.Remedy, bad.Problem)
		if p.inProc {
			p.brokenStep(p.r.errs[len(p.r.errs)-1].Pos)
		}
		return
	}
	tokens, comment, commented := splitLine(line, p.pos, &p.r)
	if len(tokens) == 0 {
		p.commentLine(comment, commented)
		return
	}
	p.endClaim()
	if p.elements++; p.elements == maxElements {
		p.r.add(p.pos, "split the scenario", "more than %d elements", maxElements-1)
	}
	if p.elements >= maxElements {
		return
	}
	comments := Comments{Above: p.pending, Beside: comment}
	p.pending = nil
	if indented := line[0] == ' ' || line[0] == '\t'; indented {
		p.step(tokens, comments)
		return
	}
	p.inProc, p.skip = false, false
	p.directive(tokens, comments)
}

// commentLine takes a line without an element: the block of comments at the
// top is the claim, later ones belong to the element that follows.
func (p *parser) commentLine(comment string, commented bool) {
	switch {
	case !commented:
		if p.claim == claimOpen {
			p.endClaim()
		}
	case p.claim == claimClosed:
		p.pending = append(p.pending, comment)
	default:
		p.claim = claimOpen
		p.pending = append(p.pending, comment)
	}
}

func (p *parser) endClaim() {
	if p.claim == claimOpen {
		p.s.Claim = strings.Trim(strings.Join(p.pending, "\n"), "\n")
		p.pending = nil
	}
	p.claim = claimClosed
}

// directiveInfo describes a directive.
type directiveInfo struct{ name, form, help string }

var directiveTable = []directiveInfo{
	{"source", "DOCUMENT…", "documents that describe the situation"},
	{"rfc", "CLAUSE…", "clauses that decide it, as RFC9293-3.10.4"},
	{"param", "NAME DEFAULT [MIN..MAX | {A,B,C}]", "a parameter; a comment beside it describes it"},
	{"host", "NAME [stack=STACK] [addr=ADDRESS,…] [SETTING=VALUE…]", "a computer"},
	{"router", "NAME", "forwards packets between its links"},
	{"neighbour", "NODE missing|cached", "what a host or router knows of the link addresses of its neighbours when it is switched on; cached unless said otherwise"},
	{"firewall", "NAME outside=NODE,… [SETTING=VALUE…]", "a router that lets only flows pass that are allowed; see below"},
	{"nat", "NAME outside=NODE,… [SETTING=VALUE…]", "a router that gives those inside one address outside"},
	{"observer", "NAME", "a router that sees what passes, and forges segments"},
	{"link", "A B [SETTING=VALUE…]", "joins two hosts or routers"},
	{"rule", "A->B VERDICT MATCH [N|N..M|N..]", "decides about the packets that match, or the N-th to M-th of them; the first rule that has a say wins"},
	{"filter", "FIREWALL in|out ACTION [src=HOST|ADDRESS] [dst=HOST|ADDRESS] [sport=PORT] [dport=PORT]", "decides about SYNs that match; the first filter that does wins"},
	{"forge", "A->OBSERVER MATCH [N|N..M|N..] FLAGS [SETTING=VALUE…]", "has an observer answer packets that come from its neighbour A with forged segments"},
	{"limit", "TIME", "the virtual time at which a run ends that does not end by itself"},
	{"proc", "HOST [NAME] [begin=boot]", "a program; its steps follow, indented, one a line"},
	{"script", "NAME", "a proc on no host, with steps that need no socket of its own: an operator, whom no fault ends"},
	{"example", "[PARAM=VALUE…] STACK OUTCOME", "what must come out"},
}

func findDirective(name string) *directiveInfo {
	i := slices.IndexFunc(directiveTable, func(d directiveInfo) bool { return d.name == name })
	if i < 0 {
		return nil
	}
	return &directiveTable[i]
}

func directiveNames() []string {
	names := make([]string, len(directiveTable))
	for i, d := range directiveTable {
		names[i] = d.name
	}
	return names
}

func (d *directiveInfo) usage() string { return d.name + " " + d.form }

// directive reads a line that is not indented. A misspelt directive is read as
// the one that was meant, so that it does not cause more errors.
func (p *parser) directive(tokens []token, c Comments) {
	first := tokens[0]
	d := findDirective(first.text)
	if d == nil {
		near := nearest(first.text, directiveNames())
		if len(near) != 1 {
			p.skip = true
			p.unknownDirective(first)
			return
		}
		p.r.add(first.pos, oneOf(first.text, directiveNames()), "unknown directive %s", quote(first.text))
		d = findDirective(near[0])
	}
	args := arguments{p: p, all: tokens, rest: tokens[1:], usage: d.usage()}
	switch d.name {
	case "source":
		p.s.Source = append(p.s.Source, args.cites(c)...)
	case "rfc":
		p.s.RFC = append(p.s.RFC, args.cites(c)...)
	case "param":
		p.param(&args, c)
	case "host":
		p.host(&args, c)
	case "router":
		if name, ok := args.next("NAME"); ok {
			p.s.Routers = append(p.s.Routers, Router{Name: name.text, Comments: c, Pos: name.pos})
			args.end()
		}
	case "neighbour":
		p.neighbours(&args, c)
	case "firewall", "nat", "observer":
		p.box(BoxKind(d.name), &args, c)
	case "filter":
		p.filter(&args, c)
	case "forge":
		p.forge(&args, c)
	case "link":
		p.link(&args, c)
	case "rule":
		p.rule(&args, c)
	case "limit":
		p.limit(&args, c)
	case "proc":
		p.proc(&args, c)
	case "script":
		p.script(&args, c)
	case "example":
		p.example(&args, c)
	}
}

func (p *parser) unknownDirective(t token) {
	if v := findVerb(Verb(t.text)); v != nil {
		p.r.add(t.pos, "indent it below a proc", "%s is a step", t.text)
		return
	}
	p.r.add(t.pos, oneOf(t.text, directiveNames()), "unknown directive %s", quote(t.text))
}

// arguments are what follows the first word of a line.
type arguments struct {
	p     *parser
	all   []token // the line
	rest  []token // what was not taken yet
	usage string
}

// next takes the next argument, or reports that it is missing.
func (a *arguments) next(form string) (token, bool) {
	if len(a.rest) == 0 {
		a.p.r.add(a.all[0].pos, "write "+a.usage, "%s without %s", a.all[0].text, form)
		return token{}, false
	}
	t := a.rest[0]
	a.rest = a.rest[1:]
	return t, true
}

// end reports arguments that nobody took.
func (a *arguments) end() {
	if len(a.rest) > 0 {
		a.p.r.add(a.rest[0].pos, "write "+a.usage, "unexpected %s", quote(a.rest[0].text))
	}
}

// value reads a value. Of a wrong one only the position is left.
func (p *parser) value(t token, s *slot) Value {
	v, wrong := s.parse(t.text)
	if wrong != nil {
		p.r.add(t.pos, wrong.remedy, "%s", wrong.problem)
		v = Value{}
	}
	v.Pos = t.pos
	return v
}

func (a *arguments) cites(c Comments) []Cite {
	if len(a.rest) == 0 {
		a.p.r.add(a.all[0].pos, "write "+a.usage, "%s without anything", a.all[0].text)
	}
	cites := make([]Cite, len(a.rest))
	for i, t := range a.rest {
		cites[i] = Cite{Text: t.text, Pos: t.pos}
		if i == 0 {
			cites[i].Above = c.Above
		}
		if i == len(a.rest)-1 {
			cites[i].Beside = c.Beside
		}
	}
	return cites
}

// keyed splits "key=value".
func keyed(t token) (key, value token, ok bool) {
	key, value, ok = cutUnquoted(t, '=')
	return key, value, ok && key.text != ""
}
