package link

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestTailDropByPackets(t *testing.T) {
	d := direction(t, Config{Rate: 8 * Kbit, QueuePackets: 2}) // 1 byte a ms
	p := segment(t, ".", "")
	require.Equal(t, 100*ms, sent(t, d, 0, p, 100).At, "straight to the transmitter")
	require.Equal(t, 200*ms, sent(t, d, 0, p, 100).At, "first in the queue")
	require.Equal(t, 300*ms, sent(t, d, 0, p, 100).At, "second in the queue")
	require.Equal(t, Outcome{Dropped: "queue full"}, d.Send(0, p, 100))
	require.Equal(t, Outcome{Dropped: "queue full"}, d.Send(100*ms-1, p, 100), "the last moment at which there is no room")
	require.Equal(t, 400*ms, sent(t, d, 100*ms, p, 100).At, "the transmitter has taken one")
	require.Equal(t, Outcome{Dropped: "queue full"}, d.Send(100*ms, p, 100))
	require.Equal(t, 600*ms, sent(t, d, 500*ms, p, 100).At, "idle again since 400 ms")
}

func TestTailDropByBytes(t *testing.T) {
	d := direction(t, Config{Rate: 8 * Kbit, QueueBytes: 100})
	p := segment(t, ".", "")
	require.Equal(t, 1000*ms, sent(t, d, 0, p, 1000).At, "it does not wait, so the limit does not concern it")
	require.Equal(t, 1060*ms, sent(t, d, 0, p, 60).At)
	require.Equal(t, "queue full", d.Send(0, p, 41).Dropped, "one byte too many")
	require.Equal(t, 1100*ms, sent(t, d, 0, p, 40).At, "exactly full")
	require.Equal(t, "queue full", d.Send(0, p, 1).Dropped)
	packets, bytes := d.Queued(0)
	require.Equal(t, 2, packets)
	require.Equal(t, 100, bytes)
	packets, bytes = d.Queued(1000 * ms)
	require.Equal(t, 1, packets)
	require.Equal(t, 40, bytes)
}

func TestDropsOnTheWireTakeTheirPlaceInTheQueue(t *testing.T) {
	d := direction(t, Config{Rate: 8 * Kbit, QueuePackets: 1})
	addRule(t, d, "first two", "any", 1, 2, Verdict{Action: Drop})
	p := segment(t, ".", "")
	require.Equal(t, "rule first two", d.Send(0, p, 100).Dropped)
	require.Equal(t, "rule first two", d.Send(0, p, 100).Dropped)
	require.Equal(t, "queue full", d.Send(0, p, 100).Dropped)
	require.Equal(t, 300*ms, sent(t, d, 100*ms, p, 100).At)
}

func TestQueueKeepsItsOrderWhenItGrows(t *testing.T) {
	var q queue
	for i := range 10 {
		q.push(time.Duration(i), i)
	}
	q.advance(4) // so that it grows while its head is in the middle
	for i := 10; i < 100; i++ {
		q.push(time.Duration(i), i)
	}
	for first := 5; first < 100; first++ {
		require.Equal(t, 100-first, q.count)
		require.Equal(t, (first+99)*(100-first)/2, q.bytes)
		q.advance(time.Duration(first))
	}
	require.Zero(t, q.count)
	require.Zero(t, q.bytes)
}

func TestQueueMatchesAPlainList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		maxPackets := rapid.IntRange(0, 5).Draw(t, "QueuePackets")
		maxBytes := rapid.IntRange(0, 400).Draw(t, "QueueBytes")
		d := direction(t, Config{Rate: 8 * Mbit, QueuePackets: maxPackets, QueueBytes: maxBytes}) // 1 byte a µs

		type job struct {
			begin time.Duration
			size  int
		}
		var waiting []job
		var now, free time.Duration
		for range rapid.IntRange(1, 60).Draw(t, "packets") {
			now += time.Duration(rapid.IntRange(0, 150).Draw(t, "pause")) * time.Microsecond
			size := rapid.IntRange(0, 200).Draw(t, "size")
			var packets, bytes int
			for _, w := range waiting {
				if w.begin > now {
					packets++
					bytes += w.size
				}
			}
			gotPackets, gotBytes := d.Queued(now)
			require.Equal(t, packets, gotPackets)
			require.Equal(t, bytes, gotBytes)

			o := d.Send(now, nil, size)
			full := maxPackets > 0 && packets >= maxPackets || maxBytes > 0 && bytes+size > maxBytes
			if free > now && full {
				require.Equal(t, "queue full", o.Dropped)
				continue
			}
			begin := max(now, free)
			free = begin + time.Duration(size)*time.Microsecond
			waiting = append(waiting, job{begin, size})
			require.Equal(t, []time.Duration{free}, arrivals(o))
		}
	})
}
