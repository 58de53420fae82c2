package cases

import (
	"math"
	"net/netip"
	"slices"

	"rstlab/netsim/middlebox"
)

// BoxKind is what a middlebox is: its directive.
type BoxKind string

// The kinds of middleboxes; see the tables in the package documentation.
const (
	BoxFirewall BoxKind = "firewall"
	BoxNAT      BoxKind = "nat"
	BoxObserver BoxKind = "observer"
)

// Box is a middlebox: it forwards between its links as a router does, and
// meddles with what passes.
type Box struct {
	Kind BoxKind
	Name string
	// Outside are the neighbours from which packets come from outside.
	Outside []Ref
	// Addr is the external address of a NAT; not valid means that the simulator
	// gives one.
	Addr netip.Addr
	BoxSettings
	Comments
	Pos Pos
}

// BoxSettings are the settings of a middlebox. Not set means as in the zero
// middlebox.FirewallConfig or middlebox.NATConfig.
type BoxSettings struct {
	Default, Stray          Value // words
	Established, Transitory Value // durations
	ResetIdle               Value // on or off
	Flows                   Value // a number
	Full                    Value // a word
	Kill                    Value // a duration
	Reset                   Value // a word
	Filtering, SYN          Value // words
	Ports                   Value // a number
}

// Filter is a rule of a firewall about segments that would open a flow.
type Filter struct {
	Box              Ref
	Direction        Value // in or out
	Action           Value // accept, drop, reject or prohibit
	Src, Dst         Ref   // hosts or addresses; not set is any
	SrcPort, DstPort Value // not set is any
	Comments
	Pos Pos
}

// Forge has an observer forge segments in answer to some that it sees.
type Forge struct {
	From, Box   Ref    // the neighbour that they come from, and the observer
	Match       string // in the notation of link.ParseMatch
	First, Last Value  // as in [Rule]
	Flags       Value  // a word, as of an inject
	To          Value  // receiver, sender or both; not set is receiver
	After       Value  // a duration
	Seq, Ack    Value  // as of an inject, or seen0; not set is seen0
	Count       Value  // how many segments
	Stride      Value  // how far apart
	Window      Value
	Data        Value // a text, or a size
	Comments
	Pos Pos
}

// boxSetting describes a setting of a middlebox.
type boxSetting struct {
	kinds     []BoxKind
	key, help string
	slot      slot
	field     func(*BoxSettings) *Value
}

func wordSlot(choices ...string) slot { return slot{kinds: []Kind{KindWord}, choices: choices} }

var (
	onlyFirewall = []BoxKind{BoxFirewall}
	onlyNAT      = []BoxKind{BoxNAT}
	bothBoxes    = []BoxKind{BoxFirewall, BoxNAT}
)

var boxTable = []boxSetting{
	{
		onlyFirewall, "default", "what becomes of a SYN from outside that no filter decides about (drop); from inside it passes",
		wordSlot(actionWords...), func(s *BoxSettings) *Value { return &s.Default },
	},
	{
		onlyFirewall, "stray", "what becomes of other segments of no known flow: never begun, idle for too long, killed (drop)",
		wordSlot(actionWords...), func(s *BoxSettings) *Value { return &s.Stray },
	},
	{
		onlyNAT, "stray", "the same; remap takes those from inside for a new flow, by a new port",
		wordSlot("drop", "reject", "remap"), func(s *BoxSettings) *Value { return &s.Stray },
	},
	{
		bothBoxes, "established", "how long a connection may be idle before it is forgotten (7440s)",
		durationSlot, func(s *BoxSettings) *Value { return &s.Established },
	},
	{
		bothBoxes, "transitory", "the same for one that is not yet open, or closed by both ends, or reset (240s)",
		durationSlot, func(s *BoxSettings) *Value { return &s.Transitory },
	},
	{
		onlyFirewall, "resetidle", "on sends RST to both ends of a connection that was idle for too long",
		switchSlot, func(s *BoxSettings) *Value { return &s.ResetIdle },
	},
	{
		bothBoxes, "flows", "how many flows there can be at a time (no limit)",
		countSlot, func(s *BoxSettings) *Value { return &s.Flows },
	},
	{
		onlyFirewall, "full", "what becomes of a SYN when there are that many (drop)",
		wordSlot("drop", "reject", "prohibit"), func(s *BoxSettings) *Value { return &s.Full },
	},
	{
		onlyNAT, "full", "the same; evict forgets the flow that was idle for the longest",
		wordSlot("drop", "reject", "evict"), func(s *BoxSettings) *Value { return &s.Full },
	},
	{
		onlyFirewall, "kill", "end every connection that long after its handshake",
		durationSlot, func(s *BoxSettings) *Value { return &s.Kill },
	},
	{
		onlyFirewall, "rst", "which ends a kill sends RST to (none)",
		wordSlot("none", "inside", "outside", "both"), func(s *BoxSettings) *Value { return &s.Reset },
	},
	{
		onlyNAT, "filtering", "who may connect to a mapped port: anybody (none), an address or a port that was spoken to",
		wordSlot("none", "address", "port"), func(s *BoxSettings) *Value { return &s.Filtering },
	},
	{
		onlyNAT, "syn", "the answer to a SYN that nobody inside waits for: ICMP after 6s, or drop (icmp)",
		wordSlot("icmp", "drop"), func(s *BoxSettings) *Value { return &s.SYN },
	},
	{
		onlyNAT, "ports", "how many ports it has outside, from 1024 on (64512)",
		intSlot(1, 64512), func(s *BoxSettings) *Value { return &s.Ports },
	},
}

// actionWords are what a firewall can do with a segment.
var actionWords = []string{"accept", "drop", "reject", "prohibit"}

// settingsOf are the settings of a kind of middlebox.
func settingsOf(kind BoxKind) []*boxSetting {
	var all []*boxSetting
	for i := range boxTable {
		if slices.Contains(boxTable[i].kinds, kind) {
			all = append(all, &boxTable[i])
		}
	}
	return all
}

// settingKeys are their keys, and those that are no values.
func settingKeys(kind BoxKind) []string {
	keys := []string{outsideKey}
	if kind == BoxNAT {
		keys = append(keys, addrKey)
	}
	for _, s := range settingsOf(kind) {
		keys = append(keys, s.key)
	}
	return keys
}

// The settings of middleboxes that are no values.
const (
	outsideKey = "outside"
	addrKey    = "addr"
)

// forgeSetting describes a setting of a forge.
type forgeSetting struct {
	key, form, help string
	slot            slot
	field           func(*Forge) *Value
}

var forgeTable = []forgeSetting{
	{
		"to", "receiver|sender|both", "the end that gets it, as if the other had sent it (receiver)",
		wordSlot("receiver", "sender", "both"), func(f *Forge) *Value { return &f.To },
	},
	{"seq", "SEQ", "sequence number (seen0)", seenSlot, func(f *Forge) *Value { return &f.Seq }},
	{"ack", "SEQ", "acknowledgment number, where FLAGS have A (seen0)", seenSlot, func(f *Forge) *Value { return &f.Ack }},
	{"after", "DUR", "how long the observer takes (0s)", durationSlot, func(f *Forge) *Value { return &f.After }},
	{"count", "N", "how many segments (1)", intSlot(1, 1<<16), func(f *Forge) *Value { return &f.Count }},
	{"stride", "N", "how much further each is than the one before (0)", intSlot(-1<<31, 1<<31), func(f *Forge) *Value { return &f.Stride }},
	{"win", "N", "window as on the wire (65535)", intSlot(1, 65535), func(f *Forge) *Value { return &f.Window }},
	{"data", "DATA", "payload", forgedDataSlot, func(f *Forge) *Value { return &f.Data }},
}

var seenSlot = slot{
	kinds: []Kind{KindInt, KindWord}, max: math.MaxUint32,
	words: numberWords("seen0 for what follows on what was seen, n0 for what the receiver expects next, wnd0 for the right edge of its window, with any offset as in seen-1",
		middlebox.Seen, middlebox.Next, middlebox.Edge),
}

func forgeKeys() []string {
	keys := make([]string, len(forgeTable))
	for i, s := range forgeTable {
		keys[i] = s.key
	}
	return keys
}

// filterKeys are the settings of a filter.
var filterKeys = []string{"src", "dst", "sport", "dport"}

var (
	directionSlot = wordSlot("in", "out")
	actionSlot    = wordSlot(actionWords...)
)
