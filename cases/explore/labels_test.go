package explore

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// label is a text of a picture and the room it takes.
type label struct {
	text string
	room vg.Rectangle
}

func (l *label) overlaps(m *label) bool {
	return l.room.Min.X < m.room.Max.X && m.room.Min.X < l.room.Max.X && l.room.Min.Y < m.room.Max.Y && m.room.Min.Y < l.room.Max.Y
}

var fontSize = regexp.MustCompile(`font-size:([0-9.]+)px`)

// labelsOf are the texts of a drawing, from the lower left corner.
func labelsOf(t *testing.T, svg []byte) []label {
	t.Helper()
	var all []label
	var at vg.Point
	var size font.Length
	turned, inText := 0, false
	number := func(text string) vg.Length {
		n, err := strconv.ParseFloat(text, 64)
		require.NoError(t, err)
		return vg.Length(n)
	}
	attributes := func(e xml.StartElement) map[string]string {
		all := map[string]string{}
		for _, a := range e.Attr {
			all[a.Name.Local] = a.Value
		}
		return all
	}
	for decoder := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := decoder.Token()
		if err == io.EOF {
			return all
		}
		require.NoError(t, err)
		switch e := token.(type) {
		case xml.StartElement:
			has := attributes(e)
			switch {
			case e.Name.Local == "text":
				inText = true
				at = vg.Point{X: number(has["x"]), Y: -number(has["y"])}
				size = number(fontSize.FindStringSubmatch(has["style"])[1])
			case e.Name.Local == "g" && (turned > 0 || strings.HasPrefix(has["transform"], "rotate(90)")):
				turned++
			}
		case xml.EndElement:
			if e.Name.Local == "g" && turned > 0 {
				turned--
			}
			inText = inText && e.Name.Local != "text"
		case xml.CharData:
			if !inText {
				continue
			}
			width := textStyle(size).Width(string(e))
			room := vg.Rectangle{Min: vg.Point{X: at.X, Y: at.Y - size/5}, Max: vg.Point{X: at.X + width, Y: at.Y + size*3/4}}
			if turned > 0 {
				room = vg.Rectangle{Min: vg.Point{X: -room.Max.Y, Y: room.Min.X}, Max: vg.Point{X: -room.Min.Y, Y: room.Max.X}}
			}
			all = append(all, label{string(e), room})
		}
	}
}

func TestLabelsOfPicturesDoNotOverlapAndAreNotCut(t *testing.T) {
	files, err := filepath.Glob("pictures/*.svg")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		svg, err := os.ReadFile(file)
		require.NoError(t, err)
		height := regexp.MustCompile(`height="([0-9.]+)"`).FindSubmatch(svg)
		require.NotNil(t, height)
		most, err := strconv.ParseFloat(string(height[1]), 64)
		require.NoError(t, err)
		labels := labelsOf(t, svg)
		require.Greater(t, len(labels), 8)
		for i := range labels {
			a := &labels[i]
			require.GreaterOrEqual(t, a.room.Min.X, vg.Length(0), "%s: %q", file, a.text)
			require.GreaterOrEqual(t, a.room.Min.Y, vg.Length(0), "%s: %q", file, a.text)
			require.LessOrEqual(t, a.room.Max.X, pictureWidth, "%s: %q", file, a.text)
			require.LessOrEqual(t, a.room.Max.Y, vg.Length(most), "%s: %q", file, a.text)
			for j := range i {
				require.False(t, a.overlaps(&labels[j]), "%s: %q and %q", file, labels[j].text, a.text)
			}
		}
	}
}
