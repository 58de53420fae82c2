package link

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/wire"
)

func TestFirstRuleThatDoesNotPassWins(t *testing.T) {
	d := direction(t, Config{Delay: 10 * ms})
	addRule(t, d, "late", "data", 0, 0, Verdict{Action: Deliver, Delay: 30 * ms})
	addRule(t, d, "gone", "data", 0, 0, Verdict{Action: Drop})
	addRule(t, d, "no resets", "R", 0, 0, Verdict{Action: Drop})
	require.Equal(t, []string{"late", "gone", "no resets"}, d.Rules())

	f := sent(t, d, 0, segment(t, "P.", "503"), 43)
	require.Equal(t, 40*ms, f.At)
	require.Equal(t, "rule late +30ms", f.Reason)
	require.Equal(t, "rule no resets", d.Send(0, segment(t, "R", ""), 40).Dropped)
	require.Equal(t, 10*ms, sent(t, d, 0, segment(t, "F.", ""), 40).At, "no rule is about it")

	require.True(t, d.RemoveRule("late"))
	require.False(t, d.RemoveRule("late"), "it is gone")
	require.Equal(t, "rule gone", d.Send(0, segment(t, "P.", "503"), 43).Dropped)
}

func TestTheNthMatchingPacket(t *testing.T) {
	for _, tc := range []struct {
		from, to int
		text     string
		want     string // which of six segments with RST are dropped
	}{
		{0, 0, "drop R", "xxxxxx"},
		{1, 0, "drop R", "xxxxxx"},
		{2, 2, "drop R 2", ".x...."},
		{0, 1, "drop R 1", "x....."},
		{0, 2, "drop R 1-2", "xx...."},
		{2, 4, "drop R 2-4", ".xxx.."},
		{3, 0, "drop R 3-", "..xxxx"},
		{9, 0, "drop R 9-", "......"},
	} {
		m := MatchRule{Match: MustMatch("R"), From: tc.from, To: tc.to, Verdict: Verdict{Action: Drop}}
		require.Equal(t, tc.text, m.String())
		d := direction(t, Config{})
		require.NoError(t, d.AddMatchRule(m))
		got := ""
		for range len(tc.want) {
			require.Empty(t, d.Send(0, segment(t, ".", ""), 40).Dropped, "only matching packets are counted")
			switch d.Send(0, segment(t, "R.", ""), 40).Dropped {
			case "":
				got += "."
			case "rule " + tc.text:
				got += "x"
			}
		}
		require.Equal(t, tc.want, got, tc.text)
	}
}

func TestRulesCountPacketsThatOthersHaveDecidedAbout(t *testing.T) {
	d := direction(t, Config{})
	addRule(t, d, "one", "data", 1, 1, Verdict{Action: Drop})
	addRule(t, d, "two", "data", 2, 2, Verdict{Action: Drop})
	addRule(t, d, "three", "data", 3, 3, Verdict{Action: Drop})
	require.Equal(t, "rule one", d.Send(0, segment(t, "P.", "a"), 41).Dropped)
	require.Equal(t, "rule two", d.Send(0, segment(t, "P.", "b"), 41).Dropped)
	require.Equal(t, "rule three", d.Send(0, segment(t, "P.", "b"), 41).Dropped)
	require.Empty(t, d.Send(0, segment(t, "P.", "c"), 41).Dropped)
}

func TestMatchRuleIsAValueAndEveryDirectionCountsForItself(t *testing.T) {
	m := MatchRule{Name: "first", Match: MustMatch("data"), From: 1, To: 1, Verdict: Verdict{Action: Drop}}
	for range 2 {
		d := direction(t, Config{})
		require.NoError(t, d.AddMatchRule(m))
		require.Equal(t, "rule first", d.Send(0, segment(t, "P.", "a"), 41).Dropped)
		require.Empty(t, d.Send(0, segment(t, "P.", "a"), 41).Dropped)
	}
}

func TestRuleTakesThePlaceOfTheDiceOnly(t *testing.T) {
	d := direction(t, Config{
		Delay: 10 * ms, Rate: 8 * Kbit, QueuePackets: 1, MTU: 100,
		Loss: Always, Duplicate: Always, Corrupt: Always, Burst: GilbertElliott{P: Always, R: PPM, LossBad: Always},
	})
	addRule(t, d, "keep", "S", 0, 0, Verdict{Action: Deliver})
	require.Equal(t, Outcome{Dropped: "loss"}, d.Send(0, segment(t, ".", ""), 40))
	f := sent(t, d, 0, segment(t, "S", ""), 40)
	require.Equal(t, 90*ms, f.At, "delay, rate and queue apply")
	require.Zero(t, f.Flip)
	require.Equal(t, "rule keep", f.Reason)
	require.Equal(t, Outcome{Dropped: "queue full"}, d.Send(0, segment(t, "S", ""), 40))
	require.Equal(t, Outcome{Dropped: "mtu 100", FragNeeded: 100}, d.Send(0, segment(t, "S", ""), 101))

	addRule(t, d, "no acks", "ack", 0, 0, Verdict{Action: Drop})
	require.Equal(t, Outcome{Dropped: "rule no acks"}, d.Send(0, segment(t, ".", ""), 101), "nobody is told of a rule")
	require.Equal(t, Outcome{Dropped: "rule no acks"}, d.Send(0, segment(t, ".", ""), 40), "though the queue is full")
}

func TestRuleDelayReordersWhateverReorderSays(t *testing.T) {
	d := direction(t, Config{Delay: 50 * ms})
	addRule(t, d, "late", "dataF", 0, 0, Verdict{Action: Deliver, Delay: 30 * ms})
	require.Equal(t, 80*ms, sent(t, d, 0, segment(t, "P.", "503"), 43).At)
	require.Equal(t, 80*ms, sent(t, d, 0, segment(t, "F.", ""), 40).At)
	require.Equal(t, 60*ms, sent(t, d, 10*ms, segment(t, "R", ""), 40).At, "the RST overtakes the reply")
}

func TestRuleDuplicates(t *testing.T) {
	d := direction(t, Config{Delay: 10 * ms})
	addRule(t, d, "twice", "data", 0, 0, Verdict{Action: Duplicate, Delay: 100 * ms})
	o := d.Send(0, segment(t, "P.", "a"), 41)
	require.Equal(t, []time.Duration{10 * ms, 110 * ms}, arrivals(o))
	require.Empty(t, o.Deliveries()[0].Reason)
	require.Equal(t, "rule twice duplicate", o.Deliveries()[1].Reason)
	require.Equal(t, 1, o.Deliveries()[1].Copy)
}

func TestRuleCorruptsTheBitItNames(t *testing.T) {
	for bit, flip := range map[int]int{0: 1, 7: 8, 319: 320, 320: 1, -1: 320, -320: 1, -321: 320} {
		d := direction(t, Config{})
		addRule(t, d, "noise", "any", 0, 0, Verdict{Action: Corrupt, Bit: bit})
		f := sent(t, d, 0, segment(t, ".", ""), 40)
		require.Equal(t, flip, f.Flip, "bit %d of a datagram of 40 bytes", bit)
		require.Equal(t, "rule noise corrupt", f.Reason)
		require.Zero(t, sent(t, d, 0, segment(t, ".", ""), 0).Flip, "there is no bit to flip")
	}
}

func TestRuleFunc(t *testing.T) {
	d := direction(t, Config{})
	verdicts := []Verdict{
		{Action: Deliver, Delay: 5 * ms},
		{Action: Deliver, Delay: 7 * ms},
		{Action: Deliver, Delay: -7 * ms},
		{Action: Action(99)},
		{},
	}
	require.NoError(t, d.AddRule("script", RuleFunc(func(time.Duration, *wire.Packet) Verdict {
		v := verdicts[0]
		verdicts = verdicts[1:]
		return v
	})))
	for _, want := range []struct {
		at     time.Duration
		reason string
	}{
		{5 * ms, "rule script +5ms"},
		{7 * ms, "rule script +7ms"},
		{0, "rule script"}, // less than 0 counts as 0
		{0, ""},            // an unknown action passes
		{0, ""},
	} {
		f := sent(t, d, 0, segment(t, ".", ""), 40)
		require.Equal(t, want.at, f.At)
		require.Equal(t, want.reason, f.Reason)
	}
}

func TestAddRuleErrors(t *testing.T) {
	d := direction(t, Config{})
	pass := RuleFunc(func(time.Duration, *wire.Packet) Verdict { return Verdict{} })
	require.NoError(t, d.AddRule("x", pass))
	require.EqualError(t, d.AddRule("x", pass), `link "client>server": rule "x": there is a rule of this name; remove it first or choose another name`)
	require.EqualError(t, d.AddRule("", pass), `link "client>server": a rule without name; give it one, traces show it`)
	require.EqualError(t, d.AddRule("y", nil), `link "client>server": rule "y": no rule`)
	require.Equal(t, []string{"x"}, d.Rules())
}

func TestMatchRuleErrors(t *testing.T) {
	drop := Verdict{Action: Drop}
	for _, tc := range []struct {
		rule MatchRule
		want string
	}{
		{MatchRule{Name: "x"}, `rule "x": Verdict.Action = pass: the rule would do nothing; use Drop, Deliver, Duplicate or Corrupt`},
		{MatchRule{Name: "x", Verdict: Verdict{Action: 9}}, `rule "x": Verdict.Action = action 9: the rule would do nothing; use Drop, Deliver, Duplicate or Corrupt`},
		{MatchRule{Name: "x", From: -1, Verdict: drop}, `rule "x": From = -1: packets are counted from 1; use 0 for the first`},
		{MatchRule{Name: "x", To: -1, Verdict: drop}, `rule "x": To = -1: packets are counted from 1; use 0 for no end`},
		{MatchRule{Name: "x", From: 3, To: 2, Verdict: drop}, `rule "x": To = 2: before From = 3; use 3 or more, or 0 for no end`},
		{MatchRule{Name: "x", Verdict: Verdict{Action: Deliver, Delay: -1}}, `rule "x": Verdict.Delay = -1ns: a rule cannot make a packet faster; use 0 or more`},
		{MatchRule{Name: "x", Verdict: Verdict{Action: Corrupt, Delay: 1}}, `rule "x": Verdict.Delay = 1ns: corrupt has no delay; use 0, or the action Deliver`},
		{MatchRule{Name: "x", Verdict: Verdict{Action: Drop, Bit: 1}}, `rule "x": Verdict.Bit = 1: drop flips no bit; use 0, or the action Corrupt`},
		{MatchRule{From: -1, To: -2, Verdict: drop}, "rule \"drop any\": From = -1: packets are counted from 1; use 0 for the first\n" +
			`rule "drop any": To = -2: packets are counted from 1; use 0 for no end`},
	} {
		d := direction(t, Config{})
		require.EqualError(t, d.AddMatchRule(tc.rule), `link "client>server": `+tc.want)
		require.Empty(t, d.Rules())
	}
}

func TestMatchRuleText(t *testing.T) {
	for want, m := range map[string]MatchRule{
		"drop any":              {Verdict: Verdict{Action: Drop}},
		"deliver +30ms dataF":   {Match: MustMatch("dataF"), Verdict: Verdict{Action: Deliver, Delay: 30 * ms}},
		"duplicate +0s SA 1":    {Match: MustMatch("SA"), To: 1, Verdict: Verdict{Action: Duplicate}},
		"corrupt bit -1 data 3": {Match: MustMatch("data"), From: 3, To: 3, Verdict: Verdict{Action: Corrupt, Bit: -1}},
	} {
		require.Equal(t, want, m.String())
	}
}
