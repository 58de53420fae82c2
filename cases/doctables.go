package cases

import (
	"fmt"
	"strings"
)

// Entry is a line of the reference: a directive, verb, option or setting.
type Entry struct {
	Name  string // "listen"
	Usage string // "listen PORT [backlog=N] [as=NAME]"
	Help  string
	Since string // the version that brought it; "" for the first
}

// Directives are the directives of the text form, in the order in which Print
// writes them.
func Directives() []Entry {
	var entries []Entry
	for _, d := range directiveTable {
		entries = append(entries, Entry{Name: d.name, Usage: d.usage(), Help: d.help})
	}
	return entries
}

// Verbs are the steps that a proc can do.
func Verbs() []Entry {
	var entries []Entry
	for i := range verbTable {
		v := &verbTable[i]
		entries = append(entries, Entry{Name: string(v.verb), Usage: v.usage(), Help: v.help, Since: v.since})
	}
	return entries
}

// SocketOptions are the options of set and get.
func SocketOptions() []Entry {
	var entries []Entry
	for i := range optionTable {
		o := &optionTable[i]
		usage := "get " + string(o.name)
		if o.settable() {
			usage = "set " + string(o.name) + " " + o.slot.short()
		}
		entries = append(entries, Entry{Name: string(o.name), Usage: usage, Help: o.help})
	}
	return entries
}

// HostOptions are the settings of a host's TCP.
func HostOptions() []Entry {
	var entries []Entry
	for _, t := range hostTable {
		entries = append(entries, Entry{Name: t.key, Usage: t.key + "=" + t.form, Help: t.help})
	}
	return entries
}

// LinkOptions are the settings of links.
func LinkOptions() []Entry {
	entries := []Entry{{Name: rttKey, Usage: rttKey + "=DUR", Help: rttHelp}}
	for _, t := range linkTable {
		entries = append(entries, Entry{Name: t.key, Usage: t.key + "=" + t.form, Help: t.help})
	}
	return entries
}

// BoxOptions are the settings of middleboxes, with the kind of which they are.
func BoxOptions() []Entry {
	var entries []Entry
	for _, kind := range []BoxKind{BoxFirewall, BoxNAT} {
		for _, s := range settingsOf(kind) {
			usage := string(kind) + " " + s.key + "=" + s.slot.short()
			entries = append(entries, Entry{Name: string(kind) + " " + s.key, Usage: usage, Help: s.help})
		}
	}
	return entries
}

// ForgeOptions are the settings of a forge.
func ForgeOptions() []Entry {
	var entries []Entry
	for _, s := range forgeTable {
		entries = append(entries, Entry{Name: s.key, Usage: s.key + "=" + s.form, Help: s.help})
	}
	return entries
}

// Verdicts are the verdicts of rules.
func Verdicts() []Entry {
	var entries []Entry
	for _, v := range verdictTable {
		usage := strings.TrimSpace(string(v.verdict) + " " + v.form)
		entries = append(entries, Entry{Name: string(v.verdict), Usage: usage, Help: v.help})
	}
	return entries
}

// shortForms are the kinds as usage shows them.
var shortForms = map[Kind]string{
	KindDuration: "DUR", KindInt: "N", KindSize: "SIZE", KindPackets: "Npkt",
	KindProbability: "P", KindRate: "RATE", KindText: `"TEXT"`,
}

// short is what the slot takes, as usage shows it: "DUR|off".
func (s *slot) short() string {
	var forms []string
	for _, k := range s.kinds {
		if k == KindWord {
			forms = append(forms, s.choices...)
		} else {
			forms = append(forms, shortForms[k])
		}
	}
	return strings.Join(forms, "|")
}

// usageWidth is the widest usage, in runes, that has its help beside it.
const usageWidth = 60

// Table writes entries in two columns, each line after indent. The help of an
// entry whose usage is too wide for that stands below it.
func Table(entries []Entry, indent string) string {
	width := 0
	for _, e := range entries {
		if n := len([]rune(e.Usage)); n <= usageWidth {
			width = max(width, n)
		}
	}
	var b strings.Builder
	for _, e := range entries {
		if len([]rune(e.Usage)) <= usageWidth {
			fmt.Fprintf(&b, "%s%s  %s\n", indent, pad(e.Usage, width), e.Help)
			continue
		}
		below := indent + strings.Repeat(" ", 8)
		fmt.Fprintf(&b, "%s%s\n%s%s\n", indent, e.Usage, below, e.Help)
	}
	return b.String()
}
