package cases_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/cases"
	"rstlab/cases/casestest"
)

const bindable = `
param rtt   100ms  0s..2s
param how   write  {read,write}
param bytes 1KiB   1..64KiB
param text  "hi"
param loss  1%
host a
host b
link a b rtt=$rtt loss=$loss

proc a
  connect b:80
  shutdown $how
  send $bytes
  send $text
`

func parse(t *testing.T, text string) *cases.Scenario {
	t.Helper()
	s, err := cases.Parse("test.txt", []byte(text))
	require.NoError(t, err)
	return s
}

func TestBindReplacesEveryReference(t *testing.T) {
	s := parse(t, bindable)
	before := cases.Print(s)
	b, err := s.Bind(map[string]string{"rtt": "50ms", "how": "read", "bytes": "2000", "text": `GET "/"`})
	require.NoError(t, err)
	require.NotContains(t, cases.Print(b.Scenario)[len("param"):], "$")
	require.Equal(t, 50*time.Millisecond, b.Scenario.Links[0].RTT.Duration())
	steps := b.Scenario.Procs[0].Steps
	require.True(t, steps[1].How.Is("read"))
	require.Equal(t, 2000, steps[2].Bytes(), "a bare number is bytes")
	require.Equal(t, `GET "/"`, steps[3].Data.Text, "a text needs no quotes here")
	require.Equal(t, map[string]string{
		"rtt": "50ms", "how": "read", "bytes": "2000B", "text": `"GET \"/\""`, "loss": "1%",
	}, b.Set())
	require.Equal(t, before, cases.Print(s), "the scenario itself does not change")

	again, err := s.Bind(b.Set())
	require.NoError(t, err)
	require.Equal(t, cases.Print(b.Scenario), cases.Print(again.Scenario), "Set is what Bind takes")
}

func TestBindTakesDefaults(t *testing.T) {
	b, err := parse(t, bindable).Bind(nil)
	require.NoError(t, err)
	require.Equal(t, 100*time.Millisecond, b.Scenario.Links[0].RTT.Duration())
	require.Equal(t, 1024, b.Scenario.Procs[0].Steps[2].Bytes())
}

func TestBindNamesParameterRangeAndRemedy(t *testing.T) {
	s := parse(t, bindable)
	for _, c := range []struct{ name, value, want string }{
		{"rtt", "3s", "rtt=3s: 3s is out of range; use 0s..2s"},
		{"rtt", "5", `rtt=5: "5" needs a unit; write 5ms or 5s`},
		{"rtt", "fast", `rtt=fast: "fast" is a word; write a duration such as 5ms`},
		{"rtt", "$how", `rtt=$how: "$how" refers to a parameter; use 0s..2s`},
		{"rtt", "", `rtt=: no value; write a duration such as 5ms`},
		{"rrt", "1s", "rrt: the scenario has no such parameter; did you mean rtt?"},
		{"how", "both", `how=both: "both" is not known here; write one of read, write`},
		{"bytes", "128KiB", "bytes=128KiB: 128KiB is out of range; use 1B..64KiB"},
		{"loss", "200%", `loss=200%: probability "200%": above 100%; use 0% to 100%`},
		{"text", "", "text=: an empty text; write at least one character"},
	} {
		_, err := s.Bind(map[string]string{c.name: c.value})
		require.EqualError(t, err, c.want)
	}
}

func TestBindReportsAllMistakesByName(t *testing.T) {
	_, err := parse(t, bindable).Bind(map[string]string{"zz": "1", "rtt": "9s", "how": "no"})
	require.EqualError(t, err, `how=no: "no" is not known here; write one of read, write
rtt=9s: 9s is out of range; use 0s..2s
zz: the scenario has no such parameter; write one of bytes, how, loss, rtt, text`)
}

func TestBindChecksWhatDependsOnTwoValues(t *testing.T) {
	s := parse(t, "param n 1 1..9\nhost a\nhost b\nlink a b\nrule a->b drop any $n..3\n\nproc a\n  connect b:80\n")
	_, err := s.Bind(map[string]string{"n": "4"})
	require.EqualError(t, err, "test.txt:5:20: packets 4..3: there are none; write the smaller number first")
	_, err = s.Bind(map[string]string{"n": "3"})
	require.NoError(t, err)
}

func TestConfigsOverrideByDirection(t *testing.T) {
	b, err := parse(t, `host a
host b
link a b delay=10ms loss=1% burst=1% queue=20pkt ->loss=2% <-delay=30ms <-burst=2%,30%,90%,1% <-queue=3KB

proc a
  connect b:80
`).Bind(nil)
	require.NoError(t, err)
	ab, ba := b.Scenario.Links[0].Configs()
	require.Equal(t, 10*time.Millisecond, ab.Delay)
	require.Equal(t, 30*time.Millisecond, ba.Delay)
	require.Equal(t, "2% 1%", ab.Loss.String()+" "+ba.Loss.String())
	require.Equal(t, "1%,99%,100%,0% 2%,30%,90%,1%", ab.Burst.String()+" "+ba.Burst.String())
	require.Equal(t, []int{20, 0, 0, 3000}, []int{ab.QueuePackets, ab.QueueBytes, ba.QueuePackets, ba.QueueBytes})
}

func TestMatchRuleIsTheRule(t *testing.T) {
	b, err := parse(t, `param late 30ms
host a
host b
link a b
rule a->b drop R 2
rule a->b delay $late notdata 2..
rule a->b corrupt -1 any 1..3

proc a
  connect b:80
`).Bind(nil)
	require.NoError(t, err)
	var got []string
	for i := range b.Scenario.Rules {
		m, err := b.Scenario.Rules[i].MatchRule()
		require.NoError(t, err)
		require.NoError(t, m.Validate())
		got = append(got, m.Name, m.String())
	}
	require.Equal(t, []string{
		"drop R 2", "drop R 2",
		"delay 30ms !data 2..", "deliver +30ms !data 2-",
		"corrupt -1 any 1..3", "corrupt bit -1 any 1-3",
	}, got)
}

func TestBoundScenariosHaveNoReferences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := casestest.Scenario().Draw(t, "scenario")
		b, err := s.Bind(nil)
		require.NoError(t, err)
		for i := range b.Scenario.Rules {
			_, err := b.Scenario.Rules[i].MatchRule()
			require.NoError(t, err)
		}
		bare := *b.Scenario
		bare.Params, bare.Examples = nil, nil
		require.NoError(t, bare.Validate(), "valid without its parameters")
	})
}
