package explore

import (
	"slices"

	"rstlab/netsim"
)

// awake are the choices that are still asleep when c has happened, and has looked
// at these deadlines.
func awake(sleep []netsim.Choice, c *netsim.Choice, looked []netsim.Choice) []netsim.Choice {
	var still []netsim.Choice
	for i := range sleep {
		if independent(&sleep[i], c) || unseen(&sleep[i], c, looked) {
			still = append(still, sleep[i])
		}
	}
	return still
}

// independent reports whether two things can happen in either order with the
// same end: they are at different hosts, and do not both spend what there is of
// drops and duplicates.
func independent(a, b *netsim.Choice) bool {
	return a.Host != "" && b.Host != "" && a.Host != b.Host && !(a.Spends() && b.Spends())
}

// unseen reports whether one of a and c, at the same host, is the end of a
// deadline at which the other does not look. c has happened and has looked at
// these; a packet that arrives looks at none. What a program does in a step of its
// own can be anything.
func unseen(a, c *netsim.Choice, looked []netsim.Choice) bool {
	if a.Host == "" || c.Host == "" {
		return false
	}
	switch c.Kind {
	case netsim.ChooseDeadline:
		return a.Kind == netsim.ChooseDeadline || packet(a)
	case netsim.ChooseDeliver, netsim.ChooseDrop, netsim.ChooseDuplicate, netsim.ChooseRetry:
		return a.Kind == netsim.ChooseDeadline && !slices.Contains(looked, *a)
	}
	return false
}

func packet(c *netsim.Choice) bool {
	return c.Kind == netsim.ChooseDeliver || c.Kind == netsim.ChooseDrop || c.Kind == netsim.ChooseDuplicate
}

// without are the choices that are not in the other list, each once.
func without(choices, other []netsim.Choice) []netsim.Choice {
	var left []netsim.Choice
	for _, c := range choices {
		if !slices.Contains(other, c) && !slices.Contains(left, c) {
			left = append(left, c)
		}
	}
	return left
}

// common are the choices that are in both lists.
func common(a, b []netsim.Choice) []netsim.Choice {
	var both []netsim.Choice
	for _, c := range a {
		if slices.Contains(b, c) {
			both = append(both, c)
		}
	}
	return both
}

// plan says what is to be tried in a state: all that can happen, when nobody has
// been there, but what is asleep. When somebody has, only what was asleep then
// and is not now; asleep while that is tried is what was then and is now.
func plan(offered, sleep []netsim.Choice, visited bool, then []netsim.Choice) (try, asleep []netsim.Choice) {
	if !visited {
		return without(offered, sleep), sleep
	}
	return common(without(offered, sleep), then), common(then, sleep)
}
