package netsim

// stream derives the seed of a named random stream: FNV-1a over the name,
// begun with the run's seed and finished as splitmix64 does. Streams have
// names, so that a new one does not move the others.
func stream(seed uint64, name string) uint64 {
	h := seed ^ 0xcbf29ce484222325
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 0x100000001b3
	}
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
