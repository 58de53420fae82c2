package oracle_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
	"rstlab/tcpmodel/oracle"
)

// runs are the catalogue's examples on netstack, the first of each scenario, that
// are not too long to be followed many times.
func runs(t *testing.T) []*trace.Trace {
	t.Helper()
	var all []*trace.Trace
	for _, s := range cases.All() {
		b, err := s.BindExample(s.Examples[0])
		require.NoError(t, err)
		r, err := b.Run(cases.RunConfig{KeepTrace: true})
		require.NoError(t, err)
		if len(r.Trace.Events) < 500 && netstackOnly(r.Trace) {
			require.Empty(t, oracle.Check(r.Trace, config(b)), s.Name)
			all = append(all, r.Trace)
		}
	}
	require.Greater(t, len(all), 20)
	return all
}

func config(b cases.Bound) oracle.Config { return oracle.Config{Profiles: b.Profiles(nil)} }

func netstackOnly(t *trace.Trace) bool {
	for _, h := range t.Header.Hosts {
		if h.Engine != "" && h.Engine != "netstack" {
			return false
		}
	}
	return true
}

func runOf(t *testing.T, text string) *trace.Trace {
	t.Helper()
	tr := traceOf(t, text)
	require.Empty(t, oracle.Check(tr, oracle.Config{}), "the run itself is followed")
	return tr
}

// traceOf is the trace of a scenario's run.
func traceOf(t *testing.T, text string) *trace.Trace {
	t.Helper()
	s, err := cases.Parse("test.txt", []byte(text))
	require.NoError(t, err)
	return traceWith(t, s, cases.RunConfig{})
}

// traceWith is the trace of a run that is done so.
func traceWith(t *testing.T, s *cases.Scenario, cfg cases.RunConfig) *trace.Trace {
	t.Helper()
	b, err := s.Bind(nil)
	require.NoError(t, err)
	cfg.KeepTrace = true
	r, err := b.Run(cfg)
	require.NoError(t, err)
	return r.Trace
}

const talk = `
host   server
host   client
link   client server rtt=20ms

proc server
  listen 80
  accept
  recv
  send "answer"
  close

proc client
  connect server:80
  send "question"
  recvloop
  close
`

func TestADisagreementHasBothViewsTheClauseAndTheState(t *testing.T) {
	tr := runOf(t, talk)
	for i := range tr.Events {
		if e := &tr.Events[i]; e.Kind == trace.Return && e.Host == "server" && e.Op == "recv" {
			e.Errno, e.N, e.Data = "ECONNRESET", 0, nil
		}
	}
	found := oracle.Check(tr, oracle.Config{})
	require.Len(t, found, 1)
	d := found[0]
	require.Equal(t, "server", d.Host)
	require.Equal(t, 4, d.FD)
	require.Equal(t, wire.Established, d.State)
	require.Equal(t, tcpmodel.ReceiveText, d.Clause)
	require.Equal(t, "recv(4) = ECONNRESET", d.Did)
	require.Equal(t, "8", d.Would)
	require.Regexp(t, `^event \d+ at 30ms: server 10\.0\.0\.1:80 > 10\.0\.0\.2:\d+ \[4\] in ESTABLISHED: recv\(4\) = ECONNRESET; `+
		`the model: 8 \(RFC9293-3\.10\.3-TEXT\)$`, d.Error())
}

func TestAHostWithAnotherEngineIsNotFollowed(t *testing.T) {
	tr := runOf(t, talk)
	for i := range tr.Header.Hosts {
		tr.Header.Hosts[i].Engine = "tcpmodel/linux"
	}
	for i := range tr.Events {
		if e := &tr.Events[i]; e.Kind == trace.Return && e.Op == "recv" {
			e.Errno = "ECONNRESET"
		}
	}
	require.Empty(t, oracle.Check(tr, oracle.Config{}))
	require.NotEmpty(t, oracle.Check(tr, oracle.Config{Profiles: map[string]*tcpmodel.Profile{"server": &tcpmodel.Netstack}}))
}

func TestWhatWasFollowedIsCounted(t *testing.T) {
	tr := runOf(t, talk)
	c := oracle.New(oracle.Config{})
	for i := range tr.Events {
		require.NoError(t, c.Event(&tr.Events[i]))
	}
	require.Empty(t, c.Finish(oracle.End{}))
	s := c.Stats()
	require.Equal(t, 2, s.Connections)
	require.Zero(t, s.Unfollowed)
	require.Equal(t, "2 ends of connections followed", s.String())
	require.Greater(t, s.Segments, 5)
	require.Greater(t, s.Results, 5)
	require.True(t, s.Clauses.Has(tcpmodel.FinEstablished))
}
