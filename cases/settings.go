package cases

import (
	"errors"
	"slices"
	"strings"

	"rstlab/netsim/link"
)

// linkSetting describes a setting of a link: key=V, or key=V,V… .
type linkSetting struct {
	key, form, help string
	parts           []linkPart // the first is required, the others may be left out from the end
}

// linkPart is one value of a setting.
type linkPart struct {
	slot  slot
	field func(*LinkSettings) *Value
}

// rttKey is the one setting of a link that has no direction.
const rttKey = "rtt"

var rttHelp = "round-trip time: half of it is added to the delay of each direction"

var linkTable = []linkSetting{
	{"delay", "DUR", "propagation delay", []linkPart{
		{durationSlot, func(s *LinkSettings) *Value { return &s.Delay }},
	}},
	{"jitter", "DUR", "added to the delay: uniform from 0 to DUR for each packet", []linkPart{
		{durationSlot, func(s *LinkSettings) *Value { return &s.Jitter }},
	}},
	{"reorder", "on|off", "on lets a packet with little jitter overtake", []linkPart{
		{switchSlot, func(s *LinkSettings) *Value { return &s.Reorder }},
	}},
	{"loss", "P", "probability that a packet is lost", []linkPart{
		{probabilitySlot, func(s *LinkSettings) *Value { return &s.Loss }},
	}},
	{"burst", "P[,R[,BAD[,GOOD]]]", "loss in bursts (Gilbert-Elliott): from good to bad, back (1-P), loss when bad (100%) and when good (0%)", []linkPart{
		{probabilitySlot, func(s *LinkSettings) *Value { return &s.BurstP }},
		{probabilitySlot, func(s *LinkSettings) *Value { return &s.BurstR }},
		{probabilitySlot, func(s *LinkSettings) *Value { return &s.BurstLossBad }},
		{probabilitySlot, func(s *LinkSettings) *Value { return &s.BurstLossGood }},
	}},
	{"dup", "P[,DUR]", "probability that a packet arrives twice, the copy DUR later", []linkPart{
		{probabilitySlot, func(s *LinkSettings) *Value { return &s.Duplicate }},
		{durationSlot, func(s *LinkSettings) *Value { return &s.DuplicateDelay }},
	}},
	{"corrupt", "P", "probability that one bit of a packet is flipped", []linkPart{
		{probabilitySlot, func(s *LinkSettings) *Value { return &s.Corrupt }},
	}},
	{"rate", "RATE", "bits per second, whole IP datagrams counted", []linkPart{
		{slot{kinds: []Kind{KindRate}}, func(s *LinkSettings) *Value { return &s.Rate }},
	}},
	{"queue", "SIZE|Npkt", "what may wait for the transmitter, in bytes or packets; more is dropped", []linkPart{
		{slot{kinds: []Kind{KindSize, KindPackets}, min: 1, max: 1 << 30}, func(s *LinkSettings) *Value { return &s.Queue }},
	}},
	{"mtu", "N", "largest datagram in bytes", []linkPart{
		{intSlot(68, 65535), func(s *LinkSettings) *Value { return &s.MTU }},
	}},
}

func findLinkSetting(key string) *linkSetting {
	i := slices.IndexFunc(linkTable, func(t linkSetting) bool { return t.key == key })
	if i < 0 {
		return nil
	}
	return &linkTable[i]
}

func linkKeys() []string {
	keys := []string{rttKey}
	for _, t := range linkTable {
		keys = append(keys, t.key)
	}
	return keys
}

// arrows are the directions of a setting: none for both, -> from the first
// node of the link to the second, <- back.
var arrows = [...]string{"", "->", "<-"}

// settings are the link's settings by direction, in the order of arrows.
func (l *Link) settings() [3]*LinkSettings {
	return [3]*LinkSettings{&l.Both, &l.AB, &l.BA}
}

// text is the setting with its values, "" when it is not set.
func (t *linkSetting) text(arrow string, s *LinkSettings) string {
	var values []string
	for _, part := range t.parts {
		if v := part.field(s); v.IsSet() {
			values = append(values, v.String())
		}
	}
	if len(values) == 0 {
		return ""
	}
	return arrow + t.key + "=" + strings.Join(values, ",")
}

// Configs are the settings of both directions, for a link without references
// (see [Scenario.Bind]). [Link.RTT] is not in them.
func (l *Link) Configs() (ab, ba link.Config) {
	return l.AB.over(&l.Both).config(), l.BA.over(&l.Both).config()
}

// over is s, and base for the settings that s does not have.
func (s *LinkSettings) over(base *LinkSettings) *LinkSettings {
	if *s == (LinkSettings{}) {
		return base
	}
	both := *s
	for _, t := range linkTable {
		if t.parts[0].field(&both).IsSet() {
			continue
		}
		for _, part := range t.parts {
			*part.field(&both) = *part.field(base)
		}
	}
	return &both
}

func (s *LinkSettings) config() link.Config {
	c := link.Config{
		Delay:          s.Delay.Duration(),
		Jitter:         s.Jitter.Duration(),
		Reorder:        s.Reorder.Is("on"),
		Loss:           s.Loss.Probability(),
		Duplicate:      s.Duplicate.Probability(),
		DuplicateDelay: s.DuplicateDelay.Duration(),
		Corrupt:        s.Corrupt.Probability(),
		Rate:           s.Rate.Rate(),
		MTU:            s.MTU.Int(),
	}
	if s.Queue.Kind == KindPackets {
		c.QueuePackets = s.Queue.Int()
	} else {
		c.QueueBytes = s.Queue.Int()
	}
	if p := s.BurstP.Probability(); p > 0 {
		c.Burst = link.GilbertElliott{P: p, R: link.Always - p, LossBad: link.Always, LossGood: s.BurstLossGood.Probability()}
		if s.BurstR.IsSet() {
			c.Burst.R = s.BurstR.Probability()
		}
		if s.BurstLossBad.IsSet() {
			c.Burst.LossBad = s.BurstLossBad.Probability()
		}
	}
	return c
}

// Verdict is what a rule does to the packets it means.
type Verdict string

// The verdicts; see the table in the package documentation.
const (
	VerdictDrop    Verdict = "drop"
	VerdictDelay   Verdict = "delay"
	VerdictDup     Verdict = "dup"
	VerdictCorrupt Verdict = "corrupt"
)

// verdictInfo describes a verdict.
type verdictInfo struct {
	verdict    Verdict
	form, help string
	slot       slot // of its argument; no kinds when it has none
	action     link.Action
}

var verdictTable = []verdictInfo{
	{VerdictDrop, "", "lose the packet", slot{}, link.Drop},
	{VerdictDelay, "DUR", "deliver it that much later than the link would; it holds nothing up", durationSlot, link.Deliver},
	{VerdictDup, "DUR", "deliver it, and a copy that much later", durationSlot, link.Duplicate},
	{VerdictCorrupt, "BIT", "flip a bit: 0 is the lowest of the datagram's first byte, -1 the highest of its last", intSlot(-1<<20, 1<<20), link.Corrupt},
}

func findVerdict(v Verdict) *verdictInfo {
	i := slices.IndexFunc(verdictTable, func(info verdictInfo) bool { return info.verdict == v })
	if i < 0 {
		return nil
	}
	return &verdictTable[i]
}

func verdictNames() []string {
	names := make([]string, len(verdictTable))
	for i, v := range verdictTable {
		names[i] = string(v.verdict)
	}
	return names
}

func (v *verdictInfo) takesArg() bool { return len(v.slot.kinds) > 0 }

// MatchRule is the rule for a link, of a rule without references (see
// [Scenario.Bind]). Its name is the rule's text.
func (r *Rule) MatchRule() (link.MatchRule, error) {
	info := findVerdict(r.Verdict)
	match, err := link.ParseMatch(r.Match)
	if info == nil {
		err = errors.Join(err, errors.New("cases: rule with unknown verdict "+quote(string(r.Verdict))))
	}
	if err != nil {
		return link.MatchRule{}, err
	}
	return link.MatchRule{
		Name:  r.text(),
		Match: match,
		From:  r.First.Int(),
		To:    r.Last.Int(),
		Verdict: link.Verdict{
			Action: info.action,
			Delay:  r.Arg.Duration(),
			Bit:    int(r.Arg.num(KindInt)),
		},
	}, nil
}

// text is the rule without its direction: "delay 30ms data 2..3".
func (r *Rule) text() string {
	words := []string{string(r.Verdict)}
	if r.Arg.IsSet() {
		words = append(words, r.Arg.String())
	}
	words = append(words, r.Match)
	if which := whichText(r.First, r.Last); which != "" {
		words = append(words, which)
	}
	return strings.Join(words, " ")
}

// whichText is the numbers of the packets that are meant: "2", "2..3", "2..",
// or "" for every one.
func whichText(first, last Value) string {
	switch {
	case !first.IsSet():
		return ""
	case same(first, last):
		return first.String()
	}
	return first.String() + ".." + last.String()
}
