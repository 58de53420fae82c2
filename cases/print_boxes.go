package cases

import "strings"

func (p *printer) boxes(boxes []Box) {
	rows := make([]row, len(boxes))
	for i := range boxes {
		b := &boxes[i]
		var settings []string
		if len(b.Outside) > 0 {
			names := make([]string, len(b.Outside))
			for j, ref := range b.Outside {
				names[j] = ref.Name
			}
			settings = append(settings, outsideKey+"="+strings.Join(names, ","))
		}
		if b.Addr.IsValid() {
			settings = append(settings, addrKey+"="+b.Addr.String())
		}
		for _, s := range settingsOf(b.Kind) {
			settings = appendSetting(settings, s.key, *s.field(&b.BoxSettings))
		}
		cells := []string{head(string(b.Kind)), b.Name}
		if len(settings) > 0 {
			cells = append(cells, strings.Join(settings, " "))
		}
		rows[i] = row{b.Comments, cells}
	}
	p.rows(rows, "", 1)
}

// appendSetting appends key=value, if there is a value.
func appendSetting(words []string, key string, v Value) []string {
	if !v.IsSet() {
		return words
	}
	return append(words, key+"="+v.String())
}

func (p *printer) filters(filters []Filter) {
	rows := make([]row, len(filters))
	for i := range filters {
		rows[i] = row{filters[i].Comments, []string{head("filter"), filters[i].Box.Name, filters[i].text()}}
	}
	p.rows(rows, "", 1)
}

// text is the filter without its firewall: "in drop dport=80".
func (f *Filter) text() string {
	words := []string{f.Direction.String(), f.Action.String()}
	if f.Src.Name != "" {
		words = append(words, "src="+f.Src.Name)
	}
	if f.Dst.Name != "" {
		words = append(words, "dst="+f.Dst.Name)
	}
	words = appendSetting(words, "sport", f.SrcPort)
	words = appendSetting(words, "dport", f.DstPort)
	return strings.Join(words, " ")
}

func (p *printer) forges(forges []Forge) {
	rows := make([]row, len(forges))
	for i := range forges {
		f := &forges[i]
		words := []string{f.Match}
		if which := whichText(f.First, f.Last); which != "" {
			words = append(words, which)
		}
		words = append(words, f.Flags.String())
		for j := range forgeTable {
			words = appendSetting(words, forgeTable[j].key, *forgeTable[j].field(f))
		}
		rows[i] = row{f.Comments, []string{head("forge"), f.From.Name + "->" + f.Box.Name, strings.Join(words, " ")}}
	}
	p.rows(rows, "", 1)
}
