package cases

import "slices"

// Option is a socket option: the name that set and get use.
type Option string

// The socket options; see the table in the package documentation.
const (
	OptionNoDelay      Option = "nodelay"
	OptionKeepAlive    Option = "keepalive"
	OptionKeepIdle     Option = "keepidle"
	OptionKeepInterval Option = "keepintvl"
	OptionKeepCount    Option = "keepcnt"
	OptionRcvBuf       Option = "rcvbuf"
	OptionSndBuf       Option = "sndbuf"
	OptionUserTimeout  Option = "usertimeout"
	OptionSynCount     Option = "syncnt"
	OptionLinger       Option = "linger"
	OptionDeadline     Option = "deadline"
	OptionPort         Option = "port"
	OptionError        Option = "soerr"
)

// optionInfo describes a socket option.
type optionInfo struct {
	name Option
	help string
	slot slot // what set takes; no kinds when it cannot be set
	get  bool // get reads it
}

// offSlot takes a duration, or off.
var offSlot = slot{kinds: []Kind{KindDuration, KindWord}, choices: []string{"off"}}

var optionTable = []optionInfo{
	{name: OptionNoDelay, help: "TCP_NODELAY: on sends small segments at once, off (the default) is the Nagle algorithm", slot: switchSlot},
	{name: OptionKeepAlive, help: "SO_KEEPALIVE", slot: switchSlot},
	{name: OptionKeepIdle, help: "TCP_KEEPIDLE: idle time before the first keepalive probe", slot: durationSlot},
	{name: OptionKeepInterval, help: "TCP_KEEPINTVL: time between keepalive probes", slot: durationSlot},
	{name: OptionKeepCount, help: "TCP_KEEPCNT: unanswered probes that end the connection", slot: intSlot(1, 127)},
	{name: OptionRcvBuf, help: "SO_RCVBUF", slot: bufferSlot},
	{name: OptionSndBuf, help: "SO_SNDBUF", slot: bufferSlot},
	{name: OptionUserTimeout, help: "TCP_USER_TIMEOUT: how long data may stay unacknowledged", slot: durationSlot},
	{name: OptionSynCount, help: "TCP_SYNCNT: retransmissions of a SYN", slot: intSlot(1, 127)},
	{name: OptionLinger, help: "SO_LINGER: 0s makes close an abort, more makes it wait that long, off (the default) does neither", slot: offSlot},
	{name: OptionDeadline, help: "calls on the socket time out that long from now; off ends that", slot: offSlot},
	{name: OptionPort, help: "bind to that local port, before connect: the connection has it in place of one that the stack chooses", slot: portSlot},
	{name: OptionError, help: "SO_ERROR: the pending error, which this clears; 0 for none", get: true},
}

func findOption(name string) *optionInfo {
	i := slices.IndexFunc(optionTable, func(o optionInfo) bool { return string(o.name) == name })
	if i < 0 {
		return nil
	}
	return &optionTable[i]
}

func (o *optionInfo) settable() bool { return len(o.slot.kinds) > 0 }

// optionNames are the options that can be set, or those that can be read.
func optionNames(to refKind) []string {
	var names []string
	for _, o := range optionTable {
		if to == toSettable && o.settable() || to == toGettable && o.get {
			names = append(names, string(o.name))
		}
	}
	return names
}
