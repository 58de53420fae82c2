// Package casestest generates scenarios for property tests.
//
//	rapid.Check(t, func(t *rapid.T) {
//		s := casestest.Scenario().Draw(t, "scenario")
//		again, err := cases.Parse("drawn.txt", []byte(cases.Print(s)))
//		require.NoError(t, err)
//		require.True(t, cases.Equal(s, again))
//	})
//
// # Limitations
//
// The scenarios are valid but make no more sense than that: expectations are
// drawn, not true.
package casestest
