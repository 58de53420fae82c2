package cases_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/cases"
	"rstlab/cases/casestest"
)

func TestBinderGivesWhatBindDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := casestest.Scenario().Draw(t, "scenario")
		before := cases.Print(s)
		b, err := s.Binder(nil)
		require.NoError(t, err)
		for range 3 {
			set, vary := map[string]string{}, []cases.Setting(nil)
			for _, p := range s.Params {
				v := p.Default
				if p.Min.IsSet() && p.Max.IsSet() {
					v.Num = rapid.Int64Range(p.Min.Num, p.Max.Num).Draw(t, p.Name)
				}
				vary = append(vary, cases.Setting{Name: p.Name, Value: v})
				set[p.Name] = cases.Bound{Params: vary[len(vary)-1:]}.Set()[p.Name]
			}
			want, wantErr := s.Bind(set)
			got, gotErr := b.Bind(vary)
			require.Equal(t, wantErr == nil, gotErr == nil, "%v and %v", wantErr, gotErr)
			if wantErr == nil {
				require.Equal(t, cases.Print(want.Scenario), cases.Print(got.Scenario))
				require.Equal(t, want.Set(), got.Set())
			}
		}
		require.Equal(t, before, cases.Print(s), "the scenario itself does not change")
	})
}

func TestBinderKeepsItsParametersAndForgetsTheOthers(t *testing.T) {
	b, err := parse(t, bindable).Binder(map[string]string{"bytes": "2000"})
	require.NoError(t, err)
	rtt := func(d time.Duration) []cases.Setting {
		return []cases.Setting{{Name: "rtt", Value: cases.DurationValue(d)}}
	}
	first, err := b.Bind(rtt(50 * time.Millisecond))
	require.NoError(t, err)
	require.Equal(t, []string{"50ms", "2000B"}, []string{first.Set()["rtt"], first.Set()["bytes"]})
	_, err = b.Bind(rtt(time.Hour))
	require.EqualError(t, err, "rtt: 3600s is out of range; use 0s..2s")
	second, err := b.Bind(nil)
	require.NoError(t, err)
	require.Equal(t, 100*time.Millisecond, second.Scenario.Links[0].RTT.Duration())
	require.Equal(t, 2000, second.Scenario.Procs[0].Steps[2].Bytes())
	require.Equal(t, "50ms", first.Set()["rtt"], "parameters stay")
}

func TestBinderNamesWhatIsWrong(t *testing.T) {
	_, err := parse(t, bindable).Binder(map[string]string{"rtt": "3s", "zz": "1"})
	require.EqualError(t, err, `rtt=3s: 3s is out of range; use 0s..2s
zz: the scenario has no such parameter; write one of bytes, how, loss, rtt, text`)
}
