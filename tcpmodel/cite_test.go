package tcpmodel_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/tcpmodel"
)

// citesIn are the files that process segments, calls and time-outs.
var citesIn = []string{
	"arrives_*.go", "open.go", "send.go", "receive.go", "close.go", "abort.go", "timeouts.go", "keepalive.go", "listener.go", "cookie.go",
}

// needsNoClause says why a way through a function cites nothing: "FUNCTION: CONDITION" is
// the one on which this is the last condition that held, "FUNCTION: end" that on which none
// did. Nothing is done on it, or another function cites that this test does not follow.
var needsNoClause = map[string]string{
	"checkReset: !s.Flags.Has(wire.RST)":                                              "the second check is of a RST: without one the next check follows, which cites",
	"checkSyn: !s.Flags.Has(wire.SYN)":                                                "the fourth check is of a SYN: likewise",
	"repeatedSyn: s.Flags&(wire.SYN|wire.ACK|wire.RST) != wire.SYN || s.Seq != e.irs": "it is no such SYN: the checks follow",
	"takeText: n == 0": "the seventh step is of text: there is none, and no FIN",
	"lateFinAck: !e.p.AckInOrderOnly || e.state != wire.FinWait1 || !e.finAcked() || ack != e.nxt": "it acknowledges no FIN that waits for that",
	"retransmitExpired: len(e.rtx) == 0":                                                                             "all was acknowledged when the timer was due: nothing is done",
	"retransmitExpired: wire.Closed":                                                                                 "no timer of text runs in these states: nothing is done",
	"retransmitExpired: wire.Established":                                                                            "the time-out of these states is what follows the switch",
	"keepAliveExpired: e.state == wire.Closed || !e.synchronized()":                                                  "the timer was due when the connection ended: nothing is done",
	"keepAliveOver: e.state == wire.Closed || !e.synchronized() && e.state != wire.TimeWait":                         "likewise",
	"overflow: c.ep.state != wire.SynReceived || c.parent == nil || !g.Flags.Has(wire.ACK) || g.Flags.Has(wire.RST)": "it completes no handshake: the connection takes the segment",
	"overflow: !s.full(c.parent) || s.p.OverflowResets && g.Ack != c.ep.iss+1":                                       "there is room: likewise",
	"takeCookie: !s.p.SynCookies":                                                                                    "the stack knows none: the listener takes the segment",
	"takeCookie: !ok":                                                                                                "the number is no cookie: likewise",
	"lateCookie: !s.p.CookieLate || e.state != wire.SynReceived || c.parent == nil || g.Flags&(wire.ACK|wire.RST) != wire.ACK || g.Ack == e.iss+1": "it can be no late cookie: the connection takes the segment",
	"lateCookie: !ok": "the number is no cookie: likewise",
	"arriveListener: g.Flags&(wire.SYN|wire.ACK|wire.RST) != wire.SYN": "arriveListen cites, through Arrive of the listener",
	"spawn: end":       "arriveListen cites, through Arrive of the connection",
	"endListener: end": "a connection that waits cites its ABORT; of the half-open ones nothing is sent",
}

// callersCite are the same ways through functions that do part of what their callers have
// cited. They do not count as citing: a caller that has not cited is found.
var callersCite = map[string]string{
	"overflow: end":                       "Stack.overflow cites AcceptQueueFull before",
	"refuseHandshake: end":                "its callers cite why",
	"refuse: end":                         "it forms the RST; its callers cite why",
	"refuseSyn: end":                      "likewise",
	"enterFinWait2: !e.orphan":            "checkAck cites AckFinWait1 before",
	"ackSyn: end":                         "it measures the round trip if it can; its callers cite what the segment is",
	"takeInOrder: end":                    "takeText cites TextInOrder before",
	"copyOut: peek":                       "receive cites ReceiveText before",
	"copyOut: end":                        "likewise",
	"queue: e.p.SendChunks && !e.follows": "send cites SendText before",
	"queue: n == 0":                       "likewise",
	"queue: end":                          "likewise",
}

// uncited are the places in the package's files at which a way through a function that
// processes something ends, or a case does, and nothing was cited. changed are files with
// another text.
func uncited(t *testing.T, changed map[string]string) (places []string, branches int, used map[string]bool) {
	t.Helper()
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	set := token.NewFileSet()
	decls := map[string][]*ast.FuncDecl{}
	var process []*ast.FuncDecl
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := os.ReadFile(name)
		require.NoError(t, err)
		if text := changed[name]; text != "" {
			src = []byte(text)
		}
		f, err := parser.ParseFile(set, name, src, 0)
		require.NoError(t, err)
		cites := slices.ContainsFunc(citesIn, func(pattern string) bool {
			ok, err := filepath.Match(pattern, name)
			require.NoError(t, err)
			return ok
		})
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				decls[fn.Name.Name] = append(decls[fn.Name.Name], fn)
				if cites {
					process = append(process, fn)
				}
			}
		}
	}
	c := learn(set, decls, needsNoClause)
	for _, fn := range process {
		if !c.ever[fn.Name.Name] {
			continue // it answers a question
		}
		for _, x := range c.exits(fn) {
			if key := fn.Name.Name + ": " + c.text(x.branch); callersCite[key] != "" {
				c.used[key] = true
				continue
			}
			places = append(places, set.Position(x.pos).String()+": "+fn.Name.Name+": "+c.text(x.branch))
		}
		silent, all := c.silentCases(fn)
		branches += all
		for _, x := range silent {
			places = append(places, set.Position(x.Pos()).String()+": "+fn.Name.Name+": a case")
		}
	}
	return places, branches, c.used
}

// TestEveryWayThroughAnArrivalNamesItsClause demands of each function that processes
// segments, calls or time-outs that every way through it cites a clause, or calls what does,
// and of each case of its switches that it does so itself, whatever is before and behind.
func TestEveryWayThroughAnArrivalNamesItsClause(t *testing.T) {
	places, branches, used := uncited(t, nil)
	require.Empty(t, strings.Join(places, "\n"), "these cite no clause")
	require.Greater(t, branches, 60)
	exempt := slices.AppendSeq(slices.Sorted(maps.Keys(needsNoClause)), maps.Keys(callersCite))
	unused := slices.DeleteFunc(exempt, func(key string) bool { return used[key] })
	require.Empty(t, strings.Join(unused, "\n"), "there is no such way")
}

// TestABranchWithoutAClauseIsFound: a condition that ends a function, a case that cites
// where it never comes to only, and one of two citations that goes.
func TestABranchWithoutAClauseIsFound(t *testing.T) {
	for _, c := range []struct{ file, old, changed, at string }{
		{"arrives_text.go", "\tend := s.Seq + s.Len()\n", "\tif s.Window == 4711 {\n\t\treturn\n\t}\n\tend := s.Seq + s.Len()\n", "takeText: s.Window == 4711"},
		{
			"arrives_text.go", "\tcase wire.SeqLessEq(s.Seq, e.rcvNxt):\n",
			"\tcase s.Window == 4711:\n\t\tif s.Window == 0 {\n\t\t\te.cite(TextOld)\n\t\t}\n\tcase wire.SeqLessEq(s.Seq, e.rcvNxt):\n", "takeText: a case",
		},
		{"arrives_seq.go", "\tif e.limitAnswer(s) {\n\t\te.cite(AnswerLimited)\n", "\tif e.limitAnswer(s) {\n", "answerUnacceptable: e.limitAnswer(s)"},
		{"arrives_timewait.go", "\tif e.limitAnswer(s) {\n\t\te.cite(AnswerLimited)\n", "\tif e.limitAnswer(s) {\n", "answerTimeWait: e.limitAnswer(s)"},
		{"keepalive.go", "\te.cite(KeepAliveProbe)\n\te.probes++\n", "\te.probes++\n", "keepAliveExpired: end"},
		{"timeouts.go", "\t\te.cite(TimeoutR2)\n", "", "retransmitExpired: e.outOfTime("},
		{"arrives_listen.go", "\t\te.cite(ListenAck)\n", "", "arriveListen"},
	} {
		text, err := os.ReadFile(c.file)
		require.NoError(t, err)
		require.Contains(t, string(text), c.old, c.file)
		places, _, _ := uncited(t, map[string]string{c.file: strings.Replace(string(text), c.old, c.changed, 1)})
		require.NotEmpty(t, places, c.at)
		require.True(t, slices.ContainsFunc(places, func(p string) bool { return strings.Contains(p, c.at) }), "%s: %v", c.at, places)
	}
}

func TestClausesAreUniqueAndQuoted(t *testing.T) {
	seen := map[string]bool{}
	for c := tcpmodel.Clause(0); c < tcpmodel.NumClauses; c++ {
		require.Regexp(t, `^(RFC\d+|LINUX|SOCKET)-[A-Z0-9.-]+$`, c.ID())
		require.False(t, seen[c.ID()], c.ID())
		seen[c.ID()] = true
		require.Greater(t, len(c.Text()), 20, c.ID())
		back, ok := tcpmodel.ClauseByID(c.ID())
		require.True(t, ok)
		require.Equal(t, c, back)
	}
	_, ok := tcpmodel.ClauseByID("RFC0-0")
	require.False(t, ok)
	require.Equal(t, "CLAUSE-250", tcpmodel.Clause(250).ID())
	require.Empty(t, tcpmodel.Clause(250).Text())
}
