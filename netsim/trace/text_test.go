package trace

import (
	"bytes"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/wire"
)

func textOf(t *testing.T, tr *Trace) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, WriteText(&b, tr))
	return b.String()
}

func TestTextOfCloseRace(t *testing.T) {
	got := textOf(t, closeRace())
	require.Equal(t, readGolden(t, "close-race.trace", got), got)
}

func TestNDJSONOfCloseRace(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, WriteNDJSON(&b, closeRace()))
	require.Equal(t, readGolden(t, "close-race.ndjson", b.String()), b.String())
}

func TestSinksWriteWhatWritersWrite(t *testing.T) {
	want := closeRace()
	var text, ndjson, wantJSON bytes.Buffer
	r := NewRecorder(false)
	tw, err := NewTextWriter(&text, &want.Header)
	require.NoError(t, err)
	nw, err := NewNDJSONWriter(&ndjson, &want.Header)
	require.NoError(t, err)
	r.Attach(tw)
	r.Attach(nw)
	for i := range want.Events {
		e := want.Events[i]
		r.Record(&e)
	}
	require.NoError(t, r.Err())
	got, err := ParseText(&text)
	require.NoError(t, err)
	require.Equal(t, want, got, "streamed text reads back, though its columns may be narrower")
	require.NoError(t, WriteNDJSON(&wantJSON, want))
	require.Equal(t, wantJSON.String(), ndjson.String())
	require.Equal(t, want.Hash(), r.Hash())
}

func TestSinkErrorsAreKeptAndTheRunGoesOn(t *testing.T) {
	full := errors.New("disk full")
	r := NewRecorder(false)
	r.Attach(failingSink{full})
	r.Record(&Event{Kind: Fault, Fault: "one"})
	r.Record(&Event{Kind: Fault, Fault: "two"})
	require.ErrorIs(t, r.Err(), full)
	require.Equal(t, Counts{Events: 2, Faults: 2}, r.Counts())
}

type failingSink struct{ err error }

func (s failingSink) Event(*Event) error { return s.err }

// syn and data of a flow for the tests of relative numbers.
func relative(t *testing.T, s *script) []string {
	t.Helper()
	var lines []string
	for line := range strings.Lines(textOf(t, s.r.Trace())) {
		if _, from, ok := strings.Cut(line, "seq "); ok {
			from, _, _ = strings.Cut(from, ", win")
			lines = append(lines, from)
		}
	}
	return lines
}

func TestRelativeNumbersWrap(t *testing.T) {
	s := newScript("")
	s.client(0, "S", 0, 0, "")
	s.server(0, "S.", 0, 1, "")
	s.client(0, "P.", 1, 1, "across the end of the sequence space")
	s.server(0, ".", 1, 37, "")
	s.server(0, ".", 0, 37, "?")
	s.server(0, "R", 0xffffffff, 0, "")
	require.Equal(t, []string{
		"0 (isn 4294967275)", "0 (isn 305419896), ack 1", "1:37, ack 1", "1, ack 37",
		"0:1, ack 37", // a keepalive probe
		"-1",
	}, relative(t, s))
}

func TestOldDuplicateKeepsItsNumbersAfterPortReuse(t *testing.T) {
	s := newScript("")
	s.client(0, "S", 0, 0, "")
	old := s.client(1, ".", 1, 0, "old")
	s.client(2, "S", 1000, 0, "") // a new connection from the same port
	s.deliver(3, old)
	s.client(4, ".", 1001, 0, "new")
	require.Equal(t, []string{
		"0 (isn 4294967275)", "1:4, ack 305419896", "0 (isn 979)",
		"1:4, ack 305419896", "1:4, ack 305419896",
	}, relative(t, s), "acks are absolute: nothing was heard of the other flow's SYN")
}

func TestForgedSegmentsDoNotRenumberAFlow(t *testing.T) {
	s := newScript("")
	s.client(0, "S", 0, 0, "")
	forged := Event{Kind: Injected, Host: "attacker", Number: 99, Packet: tcp(true, "S", 500, 0, "")}
	s.at(1, forged)
	s.client(2, ".", 1, 0, "x")
	require.Equal(t, []string{"0 (isn 4294967275)", "500 (isn 479)", "1:2, ack 305419896"}, relative(t, s))
}

func TestFlowWithoutSYNIsAbsolute(t *testing.T) {
	s := newScript("")
	s.at(0, Event{Kind: Injected, Host: "attacker", Number: 1, Packet: tcp(false, "R.", 5, 7, "")})
	require.Equal(t, []string{"305419901, ack 4294967282"}, relative(t, s))
}

func TestTranslatedFlowKeepsItsNumbers(t *testing.T) {
	s := newScript("")
	outside := netip.MustParseAddr("192.0.2.1")
	syn := s.client(0, "S", 0, 0, "")
	translated := s.sent[syn]
	translated.Kind, translated.Host, translated.Peer = Forwarded, "nat", "server"
	translated.Packet.Src, translated.Packet.TCP.SrcPort = outside, 40000
	s.at(1, translated)
	reply := Event{Kind: Sent, Host: "server", Peer: "nat", Number: 2, Packet: tcp(false, "S.", 0, 1, "")}
	reply.Packet.Dst, reply.Packet.TCP.DstPort = outside, 40000
	s.at(2, reply)
	require.Equal(t, []string{"0 (isn 4294967275)", "0 (isn 4294967275)", "0 (isn 305419896), ack 1"}, relative(t, s),
		"the server's side of a NAT counts from the client's SYN as it came through")
}

func TestParseTextReadsWhatPeopleWrite(t *testing.T) {
	got, err := ParseText(strings.NewReader(`
# rstlab trace 1
# scenario by hand

0 client: connect(3, 10.0.0.2:80) ...
0.5   client   >  server #1   10.0.0.1.1 > 10.0.0.2.80: Flags [S], seq 0 (isn 7), win 1, length 0
`))
	require.NoError(t, err)
	require.Equal(t, "by hand", got.Header.Scenario)
	require.Len(t, got.Events, 2)
	require.Equal(t, "10.0.0.2:80", got.Events[0].Args)
	require.Equal(t, uint32(7), got.Events[1].Packet.TCP.Seq)
}

func TestParseTextSaysWhereAndWhat(t *testing.T) {
	const packet = `0.1 c > s #1 10.0.0.1.1 > 10.0.0.2.2: `
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", `line 1: no trace here; it begins with "# rstlab trace 1"`},
		{"json", `{"format":"rstlab-trace"}`, "line 1, column 1: not a text trace"},
		{"version", "# rstlab trace 9", "this program reads 1: use the version of rstlab that wrote it"},
		{"header", "# rstlab trace 1\n# sede 4", `line 2, column 3: found "sede 4", want scenario, seed, start or host`},
		{"late header", "# rstlab trace 1\n0.1 -: fault: x\n# seed 4", "line 3, column 3: a header line after the first event"},
		{"seed", "# rstlab trace 1\n# seed 99999999999999999999", "is too large for the seed"},
		{"zone", "# rstlab trace 1\n# host a fe80::1%eth0", `"fe80::1%eth0" is neither an address nor "on ENGINE"`},
		{"start in no year", "# rstlab trace 1\n# start 0000-01-01T00:00:00Z", `"0000-01-01T00:00:00Z" is not a time such as 2000-01-01T00:00:00Z`},
		{"start", "# rstlab trace 1\n# start now", `"now" is not a time such as 2000-01-01T00:00:00Z`},
		{"address", "# rstlab trace 1\n# host a 10.0.0", `line 2, column 16: "10.0.0" is neither an address nor "on ENGINE"`},
		{"time", "# rstlab trace 1\nsoon -: fault: x", `line 2, column 1: found "soon -: fault: x", want a number: the time in seconds`},
		{"decimals", "# rstlab trace 1\n0.1234567890 -: fault: x", "one to nine decimals"},
		{"far future", "# rstlab trace 1\n9999999999.0 -: fault: x", "out of range"},
		{"mark", "# rstlab trace 1\n0.1 c = s #1", `found "=" after the host, want > sent, >> forwarded`},
		{"flags", "# rstlab trace 1\n" + packet + "Flags [SYN]", `column 46: flags "SYN": want letters of FSRP.UEW`},
		{"isn", "# rstlab trace 1\n" + packet + "Flags [S], seq 5 (isn 7)", "by the flow's first SYN it is 0"},
		{"range", "# rstlab trace 1\n" + packet + `Flags [P], seq 5:7, win 1, length 1: "x"`, "1 bytes of payload do not make seq 5:7"},
		{"absolute", "# rstlab trace 1\n" + packet + `Flags [P], seq -1, win 1, length 0`, "an absolute sequence number, of a flow without SYN"},
		{"length", "# rstlab trace 1\n" + packet + `Flags [P], seq 5:6, win 1, length 1: "xy"`, "length 1, but the payload behind it has 2 bytes"},
		{"quote", "# rstlab trace 1\n" + packet + `Flags [P], seq 5:6, win 1, length 1: 'x'`, "want a Go-quoted string: the payload"},
		{"options", "# rstlab trace 1\n" + packet + `Flags [P], seq 5, win 1, options [mss], length 0`, "options: "},
		{"family", "# rstlab trace 1\n0.1 c > s #1 10.0.0.1.1 > fd00::2.2: Flags [S], seq 0 (isn 7), win 1, length 0", "line 2: event 1: Packet: addresses 10.0.0.1 and fd00::2"},
		{"state", "# rstlab trace 1\n0.1 c: [3] OPEN -> CLOSED, *.0 > *.0", `"OPEN" is not a TCP state`},
		{"call", "# rstlab trace 1\n0.1 c: recv(3)", `found ")", want ") = " here`},
		{"errno", "# rstlab trace 1\n0.1 c: recv(3) = reset", "want a number, or the name of an errno such as ECONNRESET"},
		{"eof", "# rstlab trace 1\n0.1 c: send(3) = 0 (EOF)", "belongs behind a recv that returned 0"},
		{"fault", "# rstlab trace 1\n0.1 -: fault: ", "found the end of the line"},
		{"garbage", "# rstlab trace 1\n0.1 c: recv(3) = 0 (EOF) garbage", "want the end of the line"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseText(strings.NewReader(c.text))
			var at *ParseError
			require.ErrorAs(t, err, &at)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestParseNDJSONSaysWhereAndWhat(t *testing.T) {
	const header = `{"format":"rstlab-trace","version":1,"seed":0}` + "\n"
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "line 1: no trace here"},
		{"text", "# rstlab trace 1", "line 1: not an NDJSON trace"},
		{"version", `{"format":"rstlab-trace","version":2}`, "version 2 of the format; this program reads 1"},
		{"unknown field", header + `{"kind":"fault","falt":"x"}`, `line 2, column`},
		{"two on a line", header + `{"kind":"fault"} {}`, "more than one object on a line"},
		{"kind", header + `{"kind":"snt"}`, `line 2: kind "snt": want one of [sent forwarded`},
		{"no packet", header + `{"kind":"sent"}`, "line 2: trace: event 0: Packet: address invalid IP"},
		{"proto", header + `{"kind":"sent","packet":{"src":"::1","dst":"::1"}}`, "want either tcp or icmp"},
		{"address", header + `{"kind":"sent","packet":{"src":"one","dst":"::1"}}`, `src: "one" is not an IP address`},
		{"foreign field", header + `{"kind":"sent","fault":"x","packet":{"src":"::1","dst":"::1","icmp":{}}}`, "Fault set in an event of kind sent"},
		{"state", header + `{"kind":"state","from":"OPEN","to":"CLOSED"}`, `from "OPEN", to "CLOSED": want TCP states`},
		{"port", header + `{"kind":"state","from":"CLOSED","to":"CLOSED","local":"::1"}`, "local: found"},
		{"base64", header + `{"kind":"fault","fault":{"base64":"!"}}`, "illegal base64"},
		{"number", header + `{"kind":"fault","at":"soon"}`, "soon"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseNDJSON(strings.NewReader(c.text))
			var at *ParseError
			require.ErrorAs(t, err, &at)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestReadersPassOnReadErrors(t *testing.T) {
	broken := errors.New("broken pipe")
	_, err := ParseText(iotest.ErrReader(broken))
	require.ErrorIs(t, err, broken)
	_, err = ParseNDJSON(iotest.ErrReader(broken))
	require.ErrorIs(t, err, broken)
}

func TestWritersRefuseWhatCannotBeReadBack(t *testing.T) {
	packet := tcp(true, "S", 0, 0, "")
	zone := netip.AddrPortFrom(netip.MustParseAddr("fe80::1%eth0"), 1)
	for want, e := range map[string]Event{
		"Kind: 0 is not a kind of event":                 {},
		"Kind: 77 is not":                                {Kind: 77},
		"Fault set in an event of kind call":             {Kind: Call, Fault: "x"},
		"FD set in an event of kind sent":                {Kind: Sent, Packet: packet, FD: 3},
		"Number, Copy, Packet, Flip, Peer or Reason set": {Kind: Return, Number: 1},
		"N, Errno, Data or Note set":                     {Kind: Call, N: 1},
		"address invalid IP":                             {Kind: Sent},
		"From, To: 11, 0: not TCP states":                {Kind: StateChange, From: wire.State(wire.NumStates)},
		"an address has a zone":                          {Kind: StateChange, Local: zone},
	} {
		tr := &Trace{Events: []Event{e}}
		require.ErrorContains(t, WriteText(&bytes.Buffer{}, tr), want)
		require.ErrorContains(t, WriteNDJSON(&bytes.Buffer{}, tr), want)
	}
	tr := &Trace{Header: Header{Hosts: []Host{{Name: "a", Addrs: []netip.Addr{{}}}}}}
	require.ErrorContains(t, WriteText(&bytes.Buffer{}, tr), "Hosts[0]: invalid IP")
	require.ErrorContains(t, WriteNDJSON(&bytes.Buffer{}, tr), "Hosts[0]: invalid IP")
}

func TestKindNames(t *testing.T) {
	for k := Sent; k.valid(); k++ {
		back, ok := ParseKind(k.String())
		require.True(t, ok, "%s", k)
		require.Equal(t, k, back)
	}
	_, ok := ParseKind("kind-unknown")
	require.False(t, ok)
	require.Equal(t, "kind-unknown", Kind(0).String())
	require.Equal(t, "kind-unknown", (Fault + 1).String())
}

func TestDiffShowsTheFirstDifferenceInContext(t *testing.T) {
	a, b := closeRace(), closeRace()
	require.Nil(t, Diff(a, b))
	b.Events[20].At++
	d := Diff(a, b)
	require.Equal(t, 20, d.Index)
	require.Equal(t, readGolden(t, "diff.txt", d.String()), d.String())

	short := &Trace{Header: a.Header, Events: a.Events[:7]}
	d = Diff(a, short)
	require.Equal(t, 7, d.Index)
	require.Nil(t, d.B)
	require.Contains(t, d.String(), "+ (the trace ends here)")
	require.NotNil(t, Diff(short, a).B)
}
