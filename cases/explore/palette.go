package explore

import (
	"fmt"
	"image/color"
	"math"
)

// palette are the colors of outcomes, the most frequent first. They are those
// of Okabe and Ito, "Color Universal Design" (2008), with a dark grey for their
// black. People with any of the common kinds of colour blindness tell them apart,
// and best those that follow each other.
var palette = []color.NRGBA{
	{0x56, 0xb4, 0xe9, 0xff}, // sky blue
	{0xd5, 0x5e, 0x00, 0xff}, // vermilion
	{0xf0, 0xe4, 0x42, 0xff}, // yellow
	{0x00, 0x72, 0xb2, 0xff}, // blue
	{0xe6, 0x9f, 0x00, 0xff}, // orange
	{0x00, 0x9e, 0x73, 0xff}, // bluish green
	{0x40, 0x40, 0x40, 0xff}, // dark grey
	{0xcc, 0x79, 0xa7, 0xff}, // reddish purple
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

// inkOn is the color of letters on a color: black or white, whichever has more
// contrast.
func inkOn(c color.NRGBA) color.NRGBA {
	black, white := color.NRGBA{A: 0xff}, colorPaper
	if contrast(black, c) >= contrast(white, c) {
		return black
	}
	return white
}

// contrast is the contrast ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b color.NRGBA) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// luminance is the relative luminance of WCAG 2.2, from 0 to 1.
func luminance(c color.NRGBA) float64 {
	return float64(0.2126*linear(c.R)) + float64(0.7152*linear(c.G)) + float64(0.0722*linear(c.B))
}

// linear is a component of a color of sRGB as an amount of light, from 0 to 1.
func linear(component uint8) float64 {
	x := float64(component) / 255
	if x <= 0.04045 {
		return x / 12.92
	}
	return math.Pow((x+0.055)/1.055, 2.4)
}

// letterOf names the i-th outcome in pictures: A to Z, then A1 and so on.
func letterOf(i int) string {
	letter := string(rune('A' + i%26))
	if i >= 26 {
		letter += fmt.Sprint(i / 26)
	}
	return letter
}
