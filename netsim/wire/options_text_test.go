package wire_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim/wire"
	"rstlab/netsim/wire/wiretest"
)

func TestOptionsPrintAsInTcpdumpAndParseBack(t *testing.T) {
	none := wire.Options(nil)
	for _, c := range []struct {
		options wire.Options
		text    string
	}{
		{none, ""},
		{none.AppendMSS(1460).AppendSACKPermitted().AppendTimestamps(10, 0).AppendNOP().AppendWindowScale(7), "mss 1460,sackOK,TS val 10 ecr 0,nop,wscale 7"},
		{none.AppendNOP().AppendNOP().AppendSACK(wire.SACKBlock{Left: 100, Right: 200}, wire.SACKBlock{Left: 300, Right: 4294967295}), "nop,nop,sack 2 {100:200}{300:4294967295}"},
		{none.AppendOption(wire.UserTimeout, []byte{0x80, 1}), "unknown-28 0x8001"},
		{none.AppendOption(253, nil).Pad(), "unknown-253,eol"},
		{none.AppendMSS(536).AppendWindowScale(0).Pad(), "mss 536,wscale 0,eol"},
		{wire.Options{0}, "eol 0x"},
		{wire.Options{0, 0, 0, 0}, "eol"},
		{wire.Options{0, 0, 0, 0, 0, 0, 0, 0}, "eol 0x00000000000000"},
		{wire.Options{1, 1, 1, 0}, "nop,nop,nop,eol"},
		{wire.Options{1, 0, 7, 0xff}, "nop,eol 0x07ff"},
		{wire.Options{2, 3, 9, 1}, "unknown-2 0x09,nop"},
		{wire.Options{5, 2, 8, 2}, "unknown-5,unknown-8"},
	} {
		require.Equal(t, c.text, c.options.String())
		got, err := wire.ParseOptions(c.text)
		require.NoError(t, err, c.text)
		require.Equal(t, c.options, got, c.text)
	}
}

func TestOptionsSurviveTheirText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := wiretest.Options().Draw(t, "options")
		got, err := wire.ParseOptions(o.String())
		require.NoError(t, err)
		require.Equal(t, o, got)
		require.Equal(t, "> "+o.String(), string(o.AppendText([]byte("> "))))
	})
}

// Also of lists that no segment can have for their length.
func TestAnyWellFormedListSurvivesItsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var o wire.Options
		for range rapid.IntRange(0, 20).Draw(t, "parts") {
			part := wiretest.Options().Draw(t, "part")
			for kind, data := range part.All() {
				switch kind {
				case wire.EndOfOptions:
				case wire.NoOperation:
					o = o.AppendNOP()
				default:
					o = o.AppendOption(kind, data)
				}
			}
		}
		if rapid.Bool().Draw(t, "end") {
			o = append(append(o, 0), wiretest.Bytes(9).Draw(t, "padding")...)
		}
		got, err := wire.ParseOptions(o.String())
		require.NoError(t, err)
		require.Equal(t, o, got)
	})
}

func TestParseOptionsTakesOneTextForOneList(t *testing.T) {
	for text, want := range map[string]string{
		"mss 01460":               `write it as "mss 1460"`,
		"mss  1460":               "invalid syntax",
		"mss":                     "invalid syntax",
		"mss 65536":               "value out of range",
		"mss +1":                  "invalid syntax",
		"wscale 256":              "value out of range",
		"sackOK,":                 "option 2",
		"nop 1":                   `write it as "nop"`,
		"TS val 1":                "want TS val NUMBER ecr NUMBER",
		"TS val 1 ecr 2 x":        `write it as "TS val 1 ecr 2"`,
		"TS val 1 ecr 4294967296": "overflow",
		"sack 1":                  "0 blocks",
		"sack 2 {1:2}":            `write it as "sack 1 {1:2}"`,
		"sack 1 {1:2":             "want sack COUNT",
		"sack 1 {1;2}":            "want sack COUNT",
		"eol,nop":                 "nothing can follow eol",
		"eol 0x00":                "",
		"eol 0x000000":            `write it as "eol"`,
		"eol 1":                   "want 0x",
		"unknown-1":               "no length octet",
		"unknown-0":               "no length octet",
		"unknown-256":             "value out of range",
		"unknown-":                "invalid syntax",
		"unknown-28 8001":         "want 0x",
		"unknown-28 0x8":          "odd length",
		"unknown-28 0xAB":         `write it as "unknown-28 0xab"`,
		"unknown-28 0x":           `write it as "unknown-28"`,
		"unknown-2 0x05b4":        `write it as "mss 1460"`,
		"[bad opt]":               "no such option",
		"MSS 1460":                "no such option",
		" mss 1460":               "no such option",
	} {
		o, err := wire.ParseOptions(text)
		if want == "" {
			require.NoError(t, err, text)
			continue
		}
		require.ErrorContains(t, err, want, text)
		require.ErrorContains(t, err, "wire: option ", text)
		require.Nil(t, o, text)
	}
}

func TestOptionsPrintUpToTheFirstMalformedOne(t *testing.T) {
	for text, o := range map[string]wire.Options{
		"mss 1460,[bad opt]": {2, 4, 5, 180, 3, 9, 0, 0},
		"[bad opt]":          {3, 1, 0, 0},
		"nop,[bad opt]":      {1, 4, 1, 0},
	} {
		require.Equal(t, text, o.String())
		require.ErrorIs(t, o.Validate(), wire.ErrMalformed)
	}
}

func FuzzParseOptions(f *testing.F) {
	f.Add("mss 1460,sackOK,TS val 10 ecr 0,nop,wscale 7")
	f.Add("nop,nop,sack 2 {100:200}{300:400}")
	f.Add("unknown-28 0x8001,eol 0x0102")
	f.Fuzz(func(t *testing.T, text string) {
		o, err := wire.ParseOptions(text)
		if err == nil {
			require.Equal(t, text, o.String(), "what is taken prints the same")
		}
	})
}
