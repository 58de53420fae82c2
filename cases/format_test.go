package cases_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/cases"
	"rstlab/cases/casestest"
)

func TestGeneratedScenariosAreValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := casestest.Scenario().Draw(t, "scenario")
		require.NoError(t, s.Validate(), cases.Print(s))
	})
}

func TestParseReadsWhatPrintWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := casestest.Scenario().Draw(t, "scenario")
		text := cases.Print(s)
		again, err := cases.Parse("drawn.txt", []byte(text))
		require.NoError(t, err, text)
		if !cases.Equal(s, again) {
			require.Equal(t, text, cases.Print(again), "the text is lossless")
			t.Fatalf("the text prints alike but reads as another value:\n%s", text)
		}
	})
}

func TestPrintIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := cases.Print(casestest.Scenario().Draw(t, "scenario"))
		again, err := cases.Parse("drawn.txt", []byte(text))
		require.NoError(t, err, text)
		require.Equal(t, text, cases.Print(again))
	})
}
