package explore

import (
	"fmt"
	"image/color"
)

// palette are the colors of outcomes, the most frequent first. They are those
// of Okabe and Ito, "Color Universal Design" (2008), which people with any of the
// common kinds of colour blindness tell apart, in an order in which neighbours
// differ in lightness too.
var palette = []color.NRGBA{
	{0x56, 0xb4, 0xe9, 0xff}, // sky blue
	{0xd5, 0x5e, 0x00, 0xff}, // vermilion
	{0xf0, 0xe4, 0x42, 0xff}, // yellow
	{0x00, 0x72, 0xb2, 0xff}, // blue
	{0xe6, 0x9f, 0x00, 0xff}, // orange
	{0x00, 0x9e, 0x73, 0xff}, // bluish green
	{0xcc, 0x79, 0xa7, 0xff}, // reddish purple
	{0x99, 0x99, 0x99, 0xff}, // grey
}

var (
	colorInk     = color.NRGBA{0x20, 0x24, 0x28, 0xff}
	colorPaper   = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	colorFaint   = color.NRGBA{0x60, 0x68, 0x70, 0xff}
	colorUnknown = color.NRGBA{0xee, 0xee, 0xee, 0xff}
)

// colorOf is the color of the i-th outcome. Colors come again, letters do not.
func colorOf(i int) color.NRGBA {
	if i < 0 {
		return colorUnknown
	}
	return palette[i%len(palette)]
}

// inkOn is the color of letters on a color: black or white, by its lightness.
func inkOn(c color.NRGBA) color.NRGBA {
	if 299*int(c.R)+587*int(c.G)+114*int(c.B) > 128_000 {
		return colorInk
	}
	return colorPaper
}

// letterOf names the i-th outcome in pictures: A to Z, then A1 and so on.
func letterOf(i int) string {
	letter := string(rune('A' + i%26))
	if i >= 26 {
		letter += fmt.Sprint(i / 26)
	}
	return letter
}
