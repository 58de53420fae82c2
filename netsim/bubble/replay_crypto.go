package bubble

import (
	"testing"
	"testing/cryptotest"
)

// SeedCrypto makes the randomness of crypto/rand, and with it that of crypto/tls
// and of everything else in crypto, a stream that follows from the network's
// seed, until the test ends: with it a TLS session has the same bytes in every
// run, and [SeedVariable] replays it too. Call it before the program starts,
// once in each test, or once in each run of [Check].
//
// It is [testing/cryptotest.SetGlobalRandom], which serves the whole process:
// it panics in parallel tests and those below them, so not in a [Sweep]. It
// needs a network made for a [*testing.T].
//
// All goroutines draw from the one stream in the order in which they come, so
// two handshakes that compute at one virtual instant may swap their numbers:
// set connections apart in time, or run with GOMAXPROCS=1. Certificates must be
// valid in the year 2000, when a bubble begins, or tls.Config.Time say
// otherwise.
//
// What remains out of reach are the generators that Go seeds when a process
// starts: math/rand/v2's functions and, without GODEBUG=randautoseed=0,
// math/rand's; the order of maps; and the choice of select among several ready
// cases.
func (n *Network) SeedCrypto() {
	n.t.Helper()
	t, ok := n.t.(*testing.T)
	if !ok {
		n.t.Fatalf("bubble: SeedCrypto needs a network that was made for a *testing.T, not a %T", n.t)
		return
	}
	cryptotest.SetGlobalRandom(t, n.cfg.Seed)
}
