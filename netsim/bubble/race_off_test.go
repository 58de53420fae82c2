//go:build !race

package bubble_test

// raceDetector reports whether the race detector is on: its scheduler is random.
const raceDetector = false
