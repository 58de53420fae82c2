package cases_test

import (
	"os"
	"strings"
	"testing"

	"rstlab/cases"
)

// FuzzParse: no bytes make Parse panic, and whatever it takes prints as a text
// that is read as an equal scenario and prints alike.
func FuzzParse(f *testing.F) {
	for _, name := range cases.Names() {
		src, err := cases.Source(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	malformed, err := os.ReadFile(malformedFile)
	if err != nil {
		f.Fatal(err)
	}
	for _, block := range strings.Split(string(malformed), "\n=== ")[1:] {
		_, rest, _ := strings.Cut(block, "\n")
		src, _, _ := strings.Cut(rest, "---\n")
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := cases.Parse("fuzz.txt", src)
		if err != nil {
			return
		}
		text := cases.Print(s)
		again, err := cases.Parse("fuzz.txt", []byte(text))
		if err != nil {
			t.Fatalf("what Print wrote is not read: %v\n%s", err, text)
		}
		if !cases.Equal(s, again) {
			t.Fatalf("what Print wrote is read as another scenario:\n%s\n%s", text, cases.Print(again))
		}
		if twice := cases.Print(again); twice != text {
			t.Fatalf("Print is not idempotent:\n%s\n%s", text, twice)
		}
		if _, err := s.Bind(nil); err != nil {
			t.Fatalf("the defaults do not bind: %v\n%s", err, text)
		}
		for i := range s.Examples {
			if _, err := s.BindExample(s.Examples[i]); err != nil && !strings.Contains(err.Error(), "link ") &&
				!strings.Contains(err.Error(), "packets ") {
				t.Fatalf("an example does not bind: %v\n%s", err, text)
			}
		}
	})
}

// FuzzParseOutcome: as FuzzParse, for outcomes alone.
func FuzzParseOutcome(f *testing.F) {
	f.Add(`client: recv="503 busy" recv=EOF@127s | server: ok`)
	f.Add(`a: recvloop="x\n",blocked connect=ok@15100ms`)
	f.Fuzz(func(t *testing.T, text string) {
		o, err := cases.ParseOutcome(text)
		if err != nil {
			return
		}
		again, err := cases.ParseOutcome(o.String())
		if err != nil || again.String() != o.String() {
			t.Fatalf("%q is read as %q and that as %q: %v", text, o, again, err)
		}
	})
}
