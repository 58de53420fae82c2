package link

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestValidateNamesFieldValueAndRemedy(t *testing.T) {
	for _, tc := range []struct {
		cfg  Config
		want string
	}{
		{Config{Delay: -5 * ms}, "Delay = -5ms: a packet cannot arrive before it was sent; use 0 or more"},
		{Config{Jitter: -1}, "Jitter = -1ns: a packet cannot arrive before it was sent; use 0 or more"},
		{Config{DuplicateDelay: -time.Second}, "DuplicateDelay = -1s: a packet cannot arrive before it was sent; use 0 or more"},
		{Config{Loss: Always + 1}, "Loss = 100.0001%: above 100%; use at most Always (1,000,000 parts per million)"},
		{Config{Duplicate: 2 * Always}, "Duplicate = 200%: above 100%; use at most Always (1,000,000 parts per million)"},
		{Config{Corrupt: 2 * Always}, "Corrupt = 200%: above 100%; use at most Always (1,000,000 parts per million)"},
		{Config{Burst: GilbertElliott{LossGood: 2 * Always}}, "Burst.LossGood = 200%: above 100%; use at most Always (1,000,000 parts per million)"},
		{Config{Burst: GilbertElliott{P: Percent, LossBad: Always}}, "Burst.R = 0%: the bad state would never end; use more than 0%"},
		{Config{Burst: GilbertElliott{P: Percent, R: Percent}}, "Burst.LossBad = 0%: the bad state would lose nothing; use 100% for the simple Gilbert model, or set Burst.P to 0%"},
		{Config{QueuePackets: -1}, "QueuePackets = -1: use 0 for an unlimited queue, or 1 or more"},
		{Config{QueueBytes: -1}, "QueueBytes = -1: use 0 for an unlimited queue, or 1 or more"},
		{Config{MTU: 67}, "MTU = 67: use 0 for no limit, or 68 bytes or more (RFC 791)"},
		{Config{MTU: -1}, "MTU = -1: use 0 for no limit, or 68 bytes or more (RFC 791)"},
	} {
		require.EqualError(t, tc.cfg.Validate(), tc.want)
	}
}

func TestValidateReportsEveryMistake(t *testing.T) {
	err := Config{Delay: -1, Loss: 2 * Always, MTU: 1}.Validate()
	require.EqualError(t, err, "Delay = -1ns: a packet cannot arrive before it was sent; use 0 or more\n"+
		"Loss = 200%: above 100%; use at most Always (1,000,000 parts per million)\n"+
		"MTU = 1: use 0 for no limit, or 68 bytes or more (RFC 791)")

	_, err = New("a>b", Config{MTU: 1}, 0)
	require.EqualError(t, err, `link "a>b": MTU = 1: use 0 for no limit, or 68 bytes or more (RFC 791)`)
}

func TestValidateTakesSettingsWithoutEffect(t *testing.T) {
	// A sweep of Rate, Duplicate or Burst.P may begin at zero.
	require.NoError(t, Config{QueuePackets: 1, QueueBytes: 1, DuplicateDelay: 1, Reorder: true, MTU: 68}.Validate())
	require.NoError(t, Config{Burst: GilbertElliott{R: Percent, LossBad: Always}}.Validate())
}

func TestRefusedConfigChangesNothing(t *testing.T) {
	d := direction(t, Config{Delay: ms})
	require.Error(t, d.SetConfig(Config{Delay: -1}))
	require.Equal(t, Config{Delay: ms}, d.Config())
	require.Equal(t, "client>server", d.Name())
}
