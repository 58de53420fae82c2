package link

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim/wire"
	"rstlab/netsim/wire/wiretest"
)

func TestMatchTerms(t *testing.T) {
	packets := map[string]*wire.Packet{
		"syn": segment(t, "S", ""), "synack": segment(t, "S.", ""), "ack": segment(t, ".", ""),
		"data": segment(t, "P.", "HTTP/1.1 503"), "fin": segment(t, "F.", ""), "datafin": segment(t, "FP.", "bye"),
		"rst": segment(t, "R", ""), "rstack": segment(t, "R.", ""), "bare": segment(t, "none", ""),
		"icmp": {Src: clientIP, Dst: serverIP, Proto: wire.ICMP},
	}
	for match, want := range map[string][]string{
		"any":                  {"ack", "bare", "data", "datafin", "fin", "icmp", "rst", "rstack", "syn", "synack"},
		"!any":                 nil,
		"tcp":                  {"ack", "bare", "data", "datafin", "fin", "rst", "rstack", "syn", "synack"},
		"icmp":                 {"icmp"},
		"data":                 {"data", "datafin"},
		"notdata,tcp":          {"ack", "bare", "fin", "rst", "rstack", "syn", "synack"},
		"dataF":                {"data", "datafin", "fin"},
		"ack":                  {"ack"},
		"S":                    {"syn"},
		"SA":                   {"synack"},
		"F":                    {"datafin", "fin"},
		"R":                    {"rst", "rstack"},
		"notR":                 {"ack", "bare", "data", "datafin", "fin", "icmp", "syn", "synack"},
		"!notR":                {"rst", "rstack"},
		"flags=R":              {"rst"},
		"flags=.S":             {"synack"},
		"flags=none":           {"bare"},
		"!flags=R,R":           {"rstack"},
		`contains="503"`:       {"data"},
		`!contains="503",data`: {"datafin"},
		"len=3":                {"datafin"},
		"len>3":                {"data"},
		"len>=3":               {"data", "datafin"},
		"len<3,len!=0":         nil,
		"len<=3,data":          {"datafin"},
		"data,F":               {"datafin"},
		"dport=80,S":           {"syn"},
		"sport=80":             nil,
		"win=0":                nil,
		"win=1000,SA":          {"synack"},
	} {
		m, err := ParseMatch(match)
		require.NoError(t, err)
		var got []string
		for name, p := range packets {
			if m.Matcher().Match(p) {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		require.Equal(t, want, got, match)
	}
}

func TestMatchText(t *testing.T) {
	for text, want := range map[string]string{
		"any": "any", "any,any": "any", "any,R": "R", "!any": "!any", "notR": "!R", "!notdata": "data", "notany": "!any",
		"flags=.S": "flags=S.", "len>007": "len>7", "!len!=5": "!len!=5",
		`contains="a b,c\"d"`: `contains="a\x20b,c\"d"`, "contains=\"é\"": `contains="\u00e9"`,
	} {
		m, err := ParseMatch(text)
		require.NoError(t, err)
		require.Equal(t, want, m.String())
	}
	require.Equal(t, "any", Match{}.String())
	require.Equal(t, "R,!data", MustMatch("R").And(MustMatch("!data")).String())
	require.Equal(t, "R", Match{}.And(MustMatch("R")).String())
}

const known = `; known are F, R, S, SA, ack, any, contains="TEXT", data, dataF, dport=N, flags=LETTERS, icmp, len=N, rexmit, sport=N, tcp, win=N` +
	" (with N also !=, <, <=, >, >=); put ! before a term for not"

func TestParseMatchErrors(t *testing.T) {
	const empty = "an empty term; write any for every packet, and one comma between terms"
	for text, want := range map[string]string{
		"":              `link: match "": ` + empty,
		",":             `link: match ",": ` + empty,
		"R,":            `link: match "R,": ` + empty,
		"!":             `link: match "!": unknown term "!"` + known,
		"!!R":           `link: match "!!R": unknown term "!!R"` + known,
		"RST":           `link: match "RST": unknown term "RST"` + known,
		"data, R":       `link: match "data, R": unknown term " R"` + known,
		"r":             `link: match "r": unknown term "r"` + known,
		"len":           `link: match "len": unknown term "len"` + known,
		"R=1":           `link: match "R=1": unknown term "R=1"` + known,
		"len!5":         `link: match "len!5": unknown term "len!5"` + known,
		"len=":          `link: match "len=": term "len=": "" is no number from 0 to 65535`,
		"len=>5":        `link: match "len=>5": term "len=>5": ">5" is no number from 0 to 65535`,
		"len>65536":     `link: match "len>65536": term "len>65536": "65536" is no number from 0 to 65535`,
		"dport=-1":      `link: match "dport=-1": term "dport=-1": "-1" is no number from 0 to 65535`,
		"flags=":        `link: match "flags=": term "flags=": "" are no flags; use the letters of tcpdump, each once: F S R P . (ACK) U E W, or none`,
		"flags=SA":      `link: match "flags=SA": term "flags=SA": "SA" are no flags; use the letters of tcpdump, each once: F S R P . (ACK) U E W, or none`,
		"flags!=S":      `link: match "flags!=S": term "flags!=S": flags takes only =; put ! before the term for not`,
		"contains=":     `link: match "contains=": term "contains=":  is no text; quote it as in Go: contains="HTTP/1.1\x20503"`,
		"contains=503":  `link: match "contains=503": term "contains=503": 503 is no text; quote it as in Go: contains="HTTP/1.1\x20503"`,
		`contains=""`:   `link: match "contains=\"\"": term "contains=\"\"": "" is no text; quote it as in Go: contains="HTTP/1.1\x20503"`,
		`contains='5'`:  `link: match "contains='5'": term "contains='5'": '5' is no text; quote it as in Go: contains="HTTP/1.1\x20503"`,
		`contains="a,R`: `link: match "contains=\"a,R": term "contains=\"a,R": "a,R is no text; quote it as in Go: contains="HTTP/1.1\x20503"`,
		`contains="a"b`: `link: match "contains=\"a\"b": term "contains=\"a\"b": "a"b is no text; quote it as in Go: contains="HTTP/1.1\x20503"`,
	} {
		_, err := ParseMatch(text)
		require.EqualError(t, err, want)
	}
	require.PanicsWithError(t, `link: match "len=": term "len=": "" is no number from 0 to 65535`, func() { MustMatch("len=") })
}

// match generates matches with any terms.
func match() *rapid.Generator[Match] {
	one := rapid.Custom(func(t *rapid.T) term {
		x := term{
			not:  rapid.Bool().Draw(t, "not"),
			kind: termKind(rapid.IntRange(0, len(termNames)-1).Draw(t, "kind")),
		}
		switch {
		case x.kind == isAny:
			x.not = true // a plain any is left out
		case x.kind.numeric():
			x.op = comparison(rapid.IntRange(0, len(comparisonNames)-1).Draw(t, "op"))
			x.number = rapid.Uint16().Draw(t, "number")
		case x.kind == isFlags:
			x.flags = wiretest.Flags().Draw(t, "flags")
		case x.kind == isContains:
			x.text = rapid.OneOf(
				rapid.SampledFrom([]string{`"`, `\`, `\"`, `,`, ` `, `",R,"`, "\xff", "é", "HTTP/1.1 503"}),
				rapid.StringN(1, 8, -1),
			).Draw(t, "text")
		}
		return x
	})
	return rapid.Map(rapid.SliceOfN(one, 0, 5), func(terms []term) Match {
		if len(terms) == 0 {
			terms = nil
		}
		return Match{terms: terms}
	})
}

func TestMatchTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := match().Draw(t, "match")
		text := m.String()
		require.NotContains(t, text, " ")
		got, err := ParseMatch(text)
		require.NoError(t, err)
		require.Equal(t, m, got)
	})
}

func TestNegationAndConjunction(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, p := match().Draw(t, "a"), match().Draw(t, "b"), wiretest.Packet().Draw(t, "packet")
		require.Equal(t, a.Matcher().Match(&p) && b.Matcher().Match(&p), a.And(b).Matcher().Match(&p))
		if len(a.terms) == 1 {
			negated := Match{terms: []term{a.terms[0]}}
			negated.terms[0].not = !a.terms[0].not
			require.NotEqual(t, a.Matcher().Match(&p), negated.Matcher().Match(&p))
		}
	})
}

func TestParseMatchNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`(!|not)?(any|R|len|win|flags|contains|x)?(=|!=|<|<=|>|>=)?[0-9S."\\,]*`).Draw(t, "text")
		m, err := ParseMatch(text)
		if err == nil {
			again, err := ParseMatch(m.String())
			require.NoError(t, err)
			require.Equal(t, m, again)
		}
	})
}
