package truth

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"rstlab/cases"
)

// sysctlInfo is what a kernel setting means for a simulated host.
type sysctlInfo struct {
	// normal is the value that it had where a file says nothing; "" is any: with
	// it there is nothing to do.
	normal string
	// apply sets it on a host; nil when no host setting stands for it.
	apply func(h *cases.HostSettings, value int64)
	// moot says why it decides nothing in these scenarios; "" when it does.
	moot string
	// model says that only a stack of package tcpmodel has the host setting.
	model bool
	// inherent is the value that netstack behaves as, and cannot be told from.
	inherent string
}

// sysctls are the settings of Linux's TCP (ip-sysctl.rst) that bear on what
// these scenarios can show. One that is not here is not modelled.
var sysctls = map[string]sysctlInfo{
	"tcp_retries2": {normal: "15", apply: func(h *cases.HostSettings, v int64) { h.Retries = cases.IntValue(int(v)) }},
	"tcp_sack":     {normal: "1", apply: func(h *cases.HostSettings, v int64) { h.SACK = onOff(v) }},
	"tcp_timestamps": {normal: "1", apply: func(h *cases.HostSettings, v int64) {
		h.Timestamps = onOff(v)
	}},
	"tcp_fin_timeout": {normal: "60", apply: func(h *cases.HostSettings, v int64) {
		h.FinTimeout = cases.DurationValue(time.Duration(v) * time.Second)
	}},
	"tcp_congestion_control": {normal: "reno"},

	// netstack drops every RST in TIME-WAIT, as RFC 1337 asks.
	"tcp_rfc1337": {normal: "0", inherent: "1", model: true, apply: func(h *cases.HostSettings, v int64) { h.RFC1337 = onOff(v) }},

	"tcp_keepalive_time":        {moot: "the call keepalive sets its own times"},
	"tcp_keepalive_intvl":       {moot: "the call keepalive sets its own times"},
	"tcp_keepalive_probes":      {moot: "the call keepalive sets its own count"},
	"tcp_ecn":                   {normal: "2", moot: "no router marks packets"},
	"tcp_fastopen":              {normal: "1", moot: "no call asks for Fast Open"},
	"tcp_mtu_probing":           {normal: "0", moot: "every packet fits the link"},
	"tcp_no_metrics_save":       {moot: "one connection at a time"},
	"tcp_max_syn_backlog":       {moot: "there are fewer connections than that"},
	"tcp_max_tw_buckets":        {moot: "there are fewer connections than that"},
	"tcp_max_orphans":           {moot: "there are fewer connections than that"},
	"tcp_slow_start_after_idle": {moot: "nothing is sent in bulk after a pause"},
	"tcp_syncookies":            {normal: "1", moot: "there are fewer connections than the backlog"},

	"tcp_syn_retries":         {normal: "6", model: true, apply: func(h *cases.HostSettings, v int64) { h.SynRetries = cases.IntValue(int(v)) }},
	"tcp_synack_retries":      {normal: "5", model: true, apply: func(h *cases.HostSettings, v int64) { h.SynAckRetries = cases.IntValue(int(v)) }},
	"tcp_syn_linear_timeouts": {normal: "4", model: true, apply: func(h *cases.HostSettings, v int64) { h.SynLinear = cases.IntValue(int(v)) }},
	"tcp_retries1":            {normal: "3"},
	"tcp_orphan_retries":      {normal: "0"},
	"tcp_abort_on_overflow":   {normal: "0"},
	"tcp_challenge_ack_limit": {normal: "2147483647"},
	"tcp_invalid_ratelimit":   {normal: "500"},
	"tcp_window_scaling":      {normal: "1"},
	"tcp_tw_reuse":            {normal: "2"},
	"tcp_dsack":               {normal: "1"},
	"tcp_recovery":            {normal: "1"},
	"tcp_early_retrans":       {normal: "3"},
	"tcp_frto":                {normal: "2"},
	"tcp_autocorking":         {normal: "1"},
	"tcp_moderate_rcvbuf":     {normal: "1"},
	"tcp_rmem":                {},
	"tcp_wmem":                {},
	"tcp_rto_min_us":          {normal: "200000"},
	"tcp_rto_max_ms":          {normal: "120000"},
	"tcp_pingpong_thresh":     {normal: "1"},
	"tcp_migrate_req":         {normal: "0"},
	"tcp_shrink_window":       {normal: "0"},
}

func onOff(v int64) cases.Value {
	if v == 0 {
		return cases.WordValue("off")
	}
	return cases.WordValue("on")
}

// NotModelled is a setting of a file that a stack cannot have. The scenario runs
// without it.
type NotModelled struct {
	Setting string // "net.ipv4.tcp_syn_retries 2", "nots"
	Why     string
}

// String is "net.ipv4.tcp_syn_retries 2: no host setting stands for it".
func (n NotModelled) String() string { return n.Setting + ": " + n.Why }

// cannot are the host settings that a stack cannot have, by stack.
func cannot(stack string, h *cases.HostSettings) (why string) {
	if stack == "netstack" && h.Timestamps.Is("off") {
		return "netstack has no switch for timestamps"
	}
	return ""
}

// settings are what the file's kernel settings mean for hosts with the stack.
func (f *File) settings(stack string) (cases.HostSettings, []NotModelled) {
	var all cases.HostSettings
	var not []NotModelled
	try := func(setting string, apply func(*cases.HostSettings)) {
		next := all
		apply(&next)
		if why := cannot(stack, &next); why != "" {
			not = append(not, NotModelled{setting, why})
			return
		}
		all = next
	}
	if f.NoTimestamps {
		try("nots", func(h *cases.HostSettings) { h.Timestamps = cases.WordValue("off") })
	}
	for _, s := range f.Sysctls {
		text := s.Name + " " + s.Value
		info, known := sysctls[strings.TrimPrefix(s.Name, "net.ipv4.")]
		value, err := strconv.ParseInt(s.Value, 10, 64)
		switch {
		case !known:
			not = append(not, NotModelled{text, "no host setting stands for it"})
		case info.normal == s.Value || info.moot != "":
		case stack == "netstack" && info.inherent == s.Value && s.Value != "":
		case info.normal == "reno" && (s.Value == "cubic" || s.Value == "reno"):
			try(text, func(h *cases.HostSettings) { h.Congestion = cases.WordValue(s.Value) })
		case info.apply == nil, info.model && stack == DefaultStack:
			not = append(not, NotModelled{text, "no host setting stands for it"})
		case err != nil || value < 0 || value > 1<<20:
			not = append(not, NotModelled{text, fmt.Sprintf("%q is no value for it", s.Value)})
		default:
			try(text, func(h *cases.HostSettings) { info.apply(h, value) })
		}
	}
	return all, not
}
