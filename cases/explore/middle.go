package explore

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// appendSorted appends the boxes in a defined order.
func appendSorted(done []box, open map[[2]int64]box) []box {
	keys := slices.SortedFunc(maps.Keys(open), func(a, b [2]int64) int { return cmp.Compare(a[0], b[0]) })
	for _, k := range keys {
		done = append(done, open[k])
	}
	return done
}

// middle is the point of an outcome that is farthest from any other outcome and
// from the rim, and how far that is, when the grid is drawn so wide and high. A
// chamfer distance is near enough for the place of a letter.
func (d *Diagram) middle(outcome int, width, height float64) (at cell, room float64) {
	dx, dy := width/float64(d.nx), height/float64(d.ny)
	diagonal := math.Sqrt(float64(dx*dx) + float64(dy*dy))
	far := make([]float64, len(d.at))
	get := func(x, y int64) float64 {
		if x < 0 || y < 0 || x >= d.nx || y >= d.ny {
			return 0
		}
		return far[y*d.nx+x]
	}
	for y := range d.ny {
		for x := range d.nx {
			if d.Outcome(x, y) == outcome {
				far[y*d.nx+x] = min(get(x-1, y)+dx, get(x, y-1)+dy, get(x-1, y-1)+diagonal, get(x+1, y-1)+diagonal)
			}
		}
	}
	for y := d.ny - 1; y >= 0; y-- {
		for x := d.nx - 1; x >= 0; x-- {
			i := y*d.nx + x
			if d.Outcome(x, y) != outcome {
				continue
			}
			far[i] = min(far[i], get(x+1, y)+dx, get(x, y+1)+dy, get(x+1, y+1)+diagonal, get(x-1, y+1)+diagonal)
			if far[i] > room {
				room, at = far[i], cell{x, y, x + 1, y + 1}
			}
		}
	}
	return at, room
}
