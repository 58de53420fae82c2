package shrink_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/gen"
	"rstlab/cases/shrink"
)

const busy = `# A claim.
#
# And more of it.
source somewhere
param  rtt     137ms  1ms..1s  # of the link
param  unread  1234
host   server addr=10.1.0.1
host   client
host   other
router hub
link   client hub rtt=$rtt loss=1% ->jitter=3ms
link   server hub dup=2%,7ms
link   other  hub rate=1mbit
rule   client->hub drop rexmit 7
rule   hub->server delay 33ms F 2..3
limit  77s

proc server
  set nodelay on
  listen 80 backlog=17 as=l
  accept as=s on=l
  sleep 777ms
  get soerr
  close

proc client
  set keepalive on
  connect server:80 as=c
  send $unread or=exit
  peek 11
  recv 4711

proc other
  sleep 1s
  connect server:81
  recvloop

proc client meddler
  sleep 10s
  shutdown write on=c

example netstack  server: ok
`

func parse(t *testing.T, text string) *cases.Scenario {
	t.Helper()
	s, err := cases.Parse("test.txt", []byte(text))
	require.NoError(t, err)
	return s
}

// outcome runs a scenario.
func outcome(t *testing.T, s *cases.Scenario) string {
	t.Helper()
	b, err := s.Bind(nil)
	require.NoError(t, err)
	r, err := b.Run(cases.RunConfig{StepLimit: 100_000})
	if err != nil {
		return err.Error()
	}
	return r.Outcome.String()
}

func TestAResetIsLeftWithWhatItTakes(t *testing.T) {
	before := parse(t, busy)
	text := cases.Print(before)
	small, stats := shrink.Scenario(before, func(s *cases.Scenario) bool {
		return strings.Contains(outcome(t, s), "ECONNRESET")
	}, shrink.Config{})
	require.Equal(t, `host   server
host   client
link   server client

proc server
  listen 80
  accept
  close

proc client
  connect server:80
  send "x"
  peek
`, strings.ReplaceAll(cases.Print(small), "send 1\n", "send \"x\"\n"))
	require.Less(t, stats.Tries, 300)
	require.Equal(t, text, cases.Print(before), "the scenario itself does not change")
}

// boxes has one middlebox of each kind, between two routers.
const boxes = `host     server
host     client     stack=linux sack=off retries=7
router   near
router   far
neighbour near missing
neighbour server cached
firewall fw         outside=far established=60s transitory=5s default=reject
nat      home       outside=fw addr=192.0.2.7 ports=9
observer spy
link     client spy rtt=4ms
link     spy  near  loss=0%
link     near home
link     home fw    rtt=3ms
link     fw   far
link     far  server rtt=4ms
rule     fw->far delay 5ms F 1
filter   fw out accept dport=80
filter   fw in reject dst=server
forge    client->spy contains="knock" RA to=both count=2 stride=3

proc server
  listen 80
  accept
  recv

proc client
  connect server:80
  send "hello"
  recv
`

func TestMiddleboxesThatDoNothingAreLeftOut(t *testing.T) {
	before := parse(t, boxes)
	text := cases.Print(before)
	small, _ := shrink.Scenario(before, func(s *cases.Scenario) bool {
		return strings.Contains(outcome(t, s), `server: recv="`)
	}, shrink.Config{})
	require.Equal(t, `host   server
host   client
link   client server

proc server
  listen 80
  accept
  recv

proc client
  connect server:80
  send "x"
`, cases.Print(small))
	require.Equal(t, text, cases.Print(before), "the scenario itself does not change")
}

func TestMiddleboxesThatMatterAreLeftWithWhatItTakes(t *testing.T) {
	reset := strings.Replace(boxes, `contains="knock"`, "data", 1)
	small, _ := shrink.Scenario(parse(t, reset), func(s *cases.Scenario) bool {
		return strings.Contains(outcome(t, s), "client: recv=ECONNRESET") && len(s.Procs[0].Steps) == 3
	}, shrink.Config{})
	require.Equal(t, `host   server
host   client
observer spy
link   client spy
link   spy    server
forge  client->spy data RA to=both

proc server
  listen 80
  accept
  recv

proc client
  connect server:80
  send "x"
  recv
`, cases.Print(small))

	refused := strings.Replace(boxes, "filter   fw out accept", "filter   fw out reject", 1)
	small, _ = shrink.Scenario(parse(t, refused), func(s *cases.Scenario) bool {
		return strings.HasPrefix(outcome(t, s), "server: accept=blocked | client: connect=ECONNREFUSED") && s.Procs[0].Steps[0].Port.Num == s.Procs[1].Steps[0].Port.Num
	}, shrink.Config{})
	require.Equal(t, `host   server
host   client
firewall fw outside=server
link   client fw
link   fw     server
filter fw out reject

proc server
  listen 80
  accept

proc client
  connect server:80
`, cases.Print(small))
}

func TestOnlyValidScenariosAreTried(t *testing.T) {
	_, stats := shrink.Scenario(parse(t, busy), func(s *cases.Scenario) bool {
		require.NoError(t, s.Validate())
		return len(s.Procs) == 2
	}, shrink.Config{})
	require.Positive(t, stats.Smaller)
}

func TestWhatShowsNothingStaysAsItIs(t *testing.T) {
	s := parse(t, busy)
	small, stats := shrink.Scenario(s, func(*cases.Scenario) bool { return false }, shrink.Config{})
	require.Same(t, s, small)
	require.Zero(t, stats.Smaller)
}

func TestTriesAreLimited(t *testing.T) {
	tries := 0
	_, stats := shrink.Scenario(parse(t, busy), func(*cases.Scenario) bool { tries++; return true }, shrink.Config{MaxTries: 7})
	require.Equal(t, 7, tries)
	require.Equal(t, 7, stats.Tries)

	stopped := false
	_, stats = shrink.Scenario(parse(t, busy), func(*cases.Scenario) bool { stopped = true; return true },
		shrink.Config{Stop: func() bool { return stopped }})
	require.Equal(t, 1, stats.Tries)
}

func TestValuesBecomeRound(t *testing.T) {
	for want, least := range map[string]time.Duration{
		"0s": 0, "1s": time.Millisecond, "10s": 1001 * time.Millisecond, "60s": 12 * time.Second, "3600s": 2 * time.Minute,
		"4750s": 4745 * time.Second, "4753s": 4752999 * time.Millisecond,
	} {
		s := parse(t, "#\nhost a\n\nproc a\n  sleep 4753001ms\n")
		small, _ := shrink.Scenario(s, func(s *cases.Scenario) bool {
			return s.Procs[0].Steps[0].Time.Duration() >= least
		}, shrink.Config{})
		require.Equal(t, want, small.Procs[0].Steps[0].Time.String(), "at least %v", least)
	}
}

// TestTheResultIsAMinimumAndAlwaysTheSame: another round finds nothing.
func TestTheResultIsAMinimumAndAlwaysTheSame(t *testing.T) {
	done := 0
	for seed := uint64(0); done < 10; seed++ {
		s := gen.Scenario(gen.Random(seed), gen.Config{})
		shows := func(s *cases.Scenario) bool { return strings.Contains(outcome(t, s), "EPIPE") }
		if !shows(s) {
			continue
		}
		done++
		small, _ := shrink.Scenario(s, shows, shrink.Config{})
		again, _ := shrink.Scenario(s, shows, shrink.Config{})
		require.Equal(t, cases.Print(small), cases.Print(again))
		fixed, stats := shrink.Scenario(small, shows, shrink.Config{})
		require.Equal(t, cases.Print(small), cases.Print(fixed))
		require.LessOrEqual(t, stats.Smaller, 1, "but for what is bound and dropped first")
		require.Less(t, len(cases.Print(small)), 400, cases.Print(small))
	}
}
