package netstack_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gvisor.dev/gvisor/pkg/tcpip"

	"rstlab/cases"
)

// bareRace does what the scenario reply-503/close-before-request does: it builds
// two stacks and passes the same segments between them.
func bareRace(tb testing.TB) (packets int) {
	client, server := newBareHost(tb, 1), newBareHost(tb, 2)
	defer client.close()
	defer server.close()
	listener := server.listen(tb, 80)
	c := client.endpoint(tb)
	err := c.Connect(tcpip.FullAddress{Addr: server.addr, Port: 80})
	require.IsType(tb, &tcpip.ErrConnectStarted{}, err)
	packets = pass(client, server)
	s, _, err := listener.Accept(nil)
	require.Nil(tb, err)
	write(tb, s, "503 busy")
	s.Close()
	write(tb, c, "GET /")
	packets += pass(client, server)
	reply, err := read(c)
	require.Nil(tb, err)
	require.Equal(tb, "503 busy", reply)
	c.Close()
	return packets + pass(client, server)
}

func raceScenario(tb testing.TB) func() *cases.Result {
	s, err := cases.Load("reply-503/close-before-request")
	require.NoError(tb, err)
	b, err := s.Bind(nil)
	require.NoError(tb, err)
	return func() *cases.Result {
		r, err := b.Run(cases.RunConfig{})
		require.NoError(tb, err)
		return r
	}
}

func TestBareRacePassesTheSegmentsOfTheScenario(t *testing.T) {
	require.EqualValues(t, bareRace(t), raceScenario(t)().Stats.Packets)
}

// BenchmarkRaceAgainstBare runs the scenario and the bare stacks in turn, and
// reports what the whole run costs against netstack's own part.
func BenchmarkRaceAgainstBare(b *testing.B) {
	run := raceScenario(b)
	var bare, sim time.Duration
	for b.Loop() {
		begin := time.Now()
		bareRace(b)
		middle := time.Now()
		run()
		bare += middle.Sub(begin)
		sim += time.Since(middle)
	}
	b.ReportMetric(float64(bare.Nanoseconds())/float64(b.N), "bare-ns/run")
	b.ReportMetric(float64(sim.Nanoseconds())/float64(b.N), "sim-ns/run")
	b.ReportMetric(float64(sim)/float64(bare), "sim/bare")
}
