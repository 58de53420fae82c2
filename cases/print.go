package cases

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Print writes a scenario in its canonical form: elements in a fixed order,
// columns aligned. Parse reads it as an equal scenario, and Print of that is
// the same text.
func Print(s *Scenario) string {
	p := &printer{}
	p.claim(s)
	p.cites("source", s.Source)
	p.cites("rfc", s.RFC)
	p.params(s.Params)
	p.hosts(s)
	p.boxes(s.Boxes)
	p.links(s.Links)
	p.rules(s.Rules)
	p.filters(s.Filters)
	p.forges(s.Forges)
	if s.Limit.Time.IsSet() {
		p.rows([]row{{s.Limit.Comments, []string{head("limit"), s.Limit.Time.String()}}}, "", 1)
	}
	for i := range s.Procs {
		p.proc(&s.Procs[i])
	}
	p.examples(s)
	if len(s.Below) > 0 {
		p.blank()
		p.comments("", s.Below)
	}
	return p.out.String()
}

type printer struct{ out bytes.Buffer }

// row is a line in columns.
type row struct {
	comments Comments
	cells    []string
}

// head is a directive, as wide as the widest but neighbour and example.
func head(name string) string { return pad(name, len("source")) }

func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text)))
}

// rows writes lines that stand together: their cells in columns, gap blanks
// between, and the comments beside them in one more column.
func (p *printer) rows(rows []row, indent string, gap int) {
	var widths []int
	for _, r := range rows {
		for i, cell := range r.cells {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	lines, beside := make([]string, len(rows)), 0
	for i, r := range rows {
		var b strings.Builder
		b.WriteString(indent)
		for j, cell := range r.cells {
			b.WriteString(pad(cell, widths[j]))
			switch {
			case j == len(r.cells)-1:
			case j == 0:
				b.WriteString(" ")
			default:
				b.WriteString(strings.Repeat(" ", gap))
			}
		}
		lines[i] = strings.TrimRight(b.String(), " ")
		beside = max(beside, utf8.RuneCountInString(lines[i]))
	}
	for i, r := range rows {
		p.comments(indent, r.comments.Above)
		if r.comments.Beside != "" {
			lines[i] = pad(lines[i], beside) + "  " + commentLine(r.comments.Beside)
		}
		p.out.WriteString(lines[i] + "\n")
	}
}

func (p *printer) blank() {
	if p.out.Len() > 0 && !bytes.HasSuffix(p.out.Bytes(), []byte("\n\n")) {
		p.out.WriteString("\n")
	}
}

func (p *printer) comments(indent string, lines []string) {
	for _, line := range lines {
		p.out.WriteString(strings.TrimRight(indent+commentLine(line), " ") + "\n")
	}
}

func commentLine(text string) string {
	if text == "" {
		return "#"
	}
	return "# " + text
}

// claim writes the claim. When the first element has comments of its own, a
// blank line parts the two; and where there is no claim, a lone # stands for
// it.
func (p *printer) claim(s *Scenario) {
	if s.Claim != "" {
		p.comments("", strings.Split(s.Claim, "\n"))
	}
	if len(s.firstComments()) == 0 {
		return
	}
	if s.Claim == "" {
		p.comments("", []string{""})
	}
	p.blank()
}

// firstComments are the comments above the element that is printed first.
func (s *Scenario) firstComments() []string {
	switch {
	case len(s.Source) > 0:
		return s.Source[0].Above
	case len(s.RFC) > 0:
		return s.RFC[0].Above
	case len(s.Params) > 0:
		return s.Params[0].Above
	case len(s.Hosts) > 0:
		return s.Hosts[0].Above
	case len(s.Routers) > 0:
		return s.Routers[0].Above
	case len(s.Boxes) > 0:
		return s.Boxes[0].Above
	case len(s.Knows) > 0:
		return s.Knows[0].Above
	case len(s.Links) > 0:
		return s.Links[0].Above
	case len(s.Rules) > 0:
		return s.Rules[0].Above
	case len(s.Filters) > 0:
		return s.Filters[0].Above
	case len(s.Forges) > 0:
		return s.Forges[0].Above
	case s.Limit.Time.IsSet():
		return s.Limit.Above
	case len(s.Procs) > 0:
		return s.Procs[0].Above
	case len(s.Examples) > 0:
		return s.Examples[0].Above
	}
	return s.Below
}

// cites writes as many on a line as comments allow.
func (p *printer) cites(name string, cites []Cite) {
	var rows []row
	for i, c := range cites {
		if i == 0 || len(c.Above) > 0 || cites[i-1].Beside != "" {
			rows = append(rows, row{Comments{Above: c.Above}, []string{head(name), c.Text}})
		} else {
			rows[len(rows)-1].cells[1] += " " + c.Text
		}
		rows[len(rows)-1].comments.Beside = c.Beside
	}
	p.rows(rows, "", 1)
}

func (p *printer) params(params []Param) {
	rows := make([]row, len(params))
	for i, q := range params {
		cells := []string{head("param"), q.Name, q.Default.literal()}
		if q.Min.IsSet() || q.Max.IsSet() || len(q.Choices) > 0 {
			cells = append(cells, q.Range())
		}
		rows[i] = row{q.Comments, cells}
	}
	p.rows(rows, "", 2)
}

func (p *printer) hosts(s *Scenario) {
	rows := make([]row, len(s.Hosts))
	for i, h := range s.Hosts {
		cells := []string{head("host"), h.Name}
		if h.Stack.IsSet() {
			cells = append(cells, "stack="+h.Stack.String())
		}
		if len(h.Addrs) > 0 {
			addrs := make([]string, len(h.Addrs))
			for j, a := range h.Addrs {
				addrs[j] = a.String()
			}
			cells = append(cells, "addr="+strings.Join(addrs, ","))
		}
		for j := range hostTable {
			if v := *hostTable[j].field(&h.HostSettings); v.IsSet() {
				cells = append(cells, hostTable[j].key+"="+v.String())
			}
		}
		rows[i] = row{h.Comments, cells}
	}
	p.rows(rows, "", 1)
	rows = nil
	for _, r := range s.Routers {
		rows = append(rows, row{r.Comments, []string{head("router"), r.Name}})
	}
	p.rows(rows, "", 1)
	rows = nil
	for _, k := range s.Knows {
		rows = append(rows, row{k.Comments, []string{head("neighbour"), k.Node.Name, k.State.String()}})
	}
	p.rows(rows, "", 1)
}

func (p *printer) links(links []Link) {
	rows := make([]row, len(links))
	for i := range links {
		l := &links[i]
		var settings []string
		if l.RTT.IsSet() {
			settings = append(settings, rttKey+"="+l.RTT.String())
		}
		for j, direction := range l.settings() {
			for k := range linkTable {
				if text := linkTable[k].text(arrows[j], direction); text != "" {
					settings = append(settings, text)
				}
			}
		}
		cells := []string{head("link"), l.A.Name, l.B.Name}
		if len(settings) > 0 {
			cells = append(cells, strings.Join(settings, " "))
		}
		rows[i] = row{l.Comments, cells}
	}
	p.rows(rows, "", 1)
}

func (p *printer) rules(rules []Rule) {
	rows := make([]row, len(rules))
	for i := range rules {
		r := &rules[i]
		rows[i] = row{r.Comments, []string{head("rule"), r.From.Name + "->" + r.To.Name, r.text()}}
	}
	p.rows(rows, "", 1)
}
