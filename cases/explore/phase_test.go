package explore_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"image/png"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases/explore"
)

// phase is the search for a diagram of a scenario of the catalogue.
func phase(t testing.TB, name, x, y string, set map[string]string) *explore.Phase {
	t.Helper()
	s := load(t, name)
	ax, err := explore.ParseRange(s, x, explore.DefaultGrid)
	require.NoError(t, err)
	ay, err := explore.ParseRange(s, y, explore.DefaultGrid)
	require.NoError(t, err)
	return &explore.Phase{Space: explore.Space{Scenario: s, Set: set}, X: ax, Y: ay}
}

// text is a diagram as a picture of letters.
func text(d *explore.Diagram) string {
	var b bytes.Buffer
	nx, ny := d.Size()
	for y := ny - 1; y >= 0; y-- {
		for x := range nx {
			b.WriteByte("?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[d.Outcome(x, y)+1])
		}
		b.WriteByte('\n')
	}
	for i, o := range d.Outcomes {
		fmt.Fprintf(&b, "%c %d %s\n", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[i], d.Counts[i], o)
	}
	return b.String()
}

func TestPhaseDiagramIsThatOfTheFullGrid(t *testing.T) {
	for _, c := range []struct {
		name, x, y string
		set        map[string]string
	}{
		{"reply-503/close-before-request", "rtt=1ms..501ms/50", "pause=0s..500ms/50", nil},
		{"reply-503/close-before-request", "think=0s..500ms/47", "pause=0s..300ms/31", nil},
		{"reply-503/close-after-request", "think=0s..200ms/50", "work=1ms..201ms/50", nil},
		{"reply-503/rst-overtakes-reply", "late=0s..500ms/20", "rtt=1ms..401ms/20", nil},
		{"reply-503/read-request-first", "gap=0s..300ms/30", "work=0s..200ms/20", nil},
		{"close-unread/blocked-reader", "think=0s..500ms/30", "wait=1ms..501ms/30", map[string]string{"rtt": "100ms"}},
		{"close-unread/drain-then-close", "read=1..15", "bytes=1..15", nil},
	} {
		p := phase(t, c.name, c.x, c.y, c.set)
		p.Base = 8
		d, err := p.Run(t.Context(), explore.Options{})
		require.NoError(t, err)
		full := &explore.Sweep{Space: p.Space}
		full.Axes = []explore.Axis{p.Y, p.X}
		nx, _ := d.Size()
		wrong := 0
		require.NoError(t, full.Run(t.Context(), explore.Options{}, func(point explore.Point) error {
			o := d.Outcome(point.Index%nx, point.Index/nx)
			if o < 0 || d.Outcomes[o] != point.Outcome {
				wrong++
			}
			return nil
		}))
		require.Zero(t, wrong, "%s: points that differ\n%s", c.name, text(d))
		t.Logf("%-32s %4d of %4d points", c.name, len(d.Points), full.Len())
	}
}

func TestWorkOfAPhaseDiagramGrowsWithItsBoundary(t *testing.T) {
	var runs []int
	for _, steps := range []int{64, 128, 256} {
		p := phase(t, "reply-503/close-before-request", fmt.Sprintf("rtt=1ms..513ms/%d", steps), fmt.Sprintf("pause=0s..512ms/%d", steps), nil)
		d, err := p.Run(t.Context(), explore.Options{})
		require.NoError(t, err)
		runs = append(runs, len(d.Points))
		require.Equal(t, int64(steps+1)*int64(steps+1), d.Counts[0]+d.Counts[1])
	}
	// With the steps the boundary doubles, the area quadruples.
	require.Less(t, runs[2]-runs[1], 5*(runs[1]-runs[0])/2)
	require.Less(t, runs[2], 257*257/20, "it runs less than a twentieth of the grid: %v", runs)
}

func TestPhaseDiagramIsTheSameWithAnyNumberOfWorkersAndShards(t *testing.T) {
	run := func(resume string, shard explore.Shard, workers int) (string, string) {
		p := phase(t, "reply-503/close-after-request", "think=0s..200ms/32", "work=1ms..201ms/32", nil)
		p.Shard = shard
		if resume != "" {
			p.Resume = opener(resume)
		}
		d, err := p.Run(t.Context(), explore.Options{Workers: workers})
		require.NoError(t, err)
		return text(d), points(t, p.Header(), d.Points)
	}
	picture, file := run("", explore.Shard{}, 1)
	again, fileAgain := run("", explore.Shard{}, 6)
	require.Equal(t, picture, again)
	require.Equal(t, file, fileAgain)

	var parts []*explore.Reader
	for i := range int64(3) {
		part, file := run("", explore.Shard{I: i + 1, N: 3}, 0)
		require.Contains(t, part, "?", "a shard knows only its cells")
		parts = append(parts, reader(t, fmt.Sprint(i), file))
	}
	again, fileAgain = run(merged(t, parts), explore.Shard{}, 0)
	require.Equal(t, picture, again)
	require.Equal(t, file, fileAgain)
}

// points is a file with points.
func points(t *testing.T, h explore.Header, all []explore.Point) string {
	t.Helper()
	var out bytes.Buffer
	w, err := explore.NewWriter(&out, h)
	require.NoError(t, err)
	for _, p := range all {
		require.NoError(t, w.Write(p))
	}
	require.NoError(t, w.Flush())
	return out.String()
}

func TestInterruptedPhaseDiagramGoesOn(t *testing.T) {
	make := func() *explore.Phase {
		return phase(t, "reply-503/close-after-request", "think=0s..200ms/32", "work=1ms..201ms/32", nil)
	}
	whole, err := make().Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	p := make()
	part, err := p.Run(ctx, explore.Options{Progress: func(done, _ int64) {
		if done == 300 {
			cancel()
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	require.GreaterOrEqual(t, len(part.Points), 300)
	require.Less(t, len(part.Points), len(whole.Points))
	p.Resume = opener(points(t, p.Header(), part.Points))
	got, err := p.Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	require.Equal(t, text(whole), text(got))
	require.Equal(t, whole.Points, got.Points)
}

func TestDiagramTooLargeForMemoryIsRefused(t *testing.T) {
	p := phase(t, "reply-503/close-after-request", "think/10000", "work/10000", nil)
	_, err := p.Run(t.Context(), explore.Options{})
	require.ErrorContains(t, err, "the grid has 100020001 points")
}

func TestPicturesAreDrawn(t *testing.T) {
	p := phase(t, "reply-503/read-request-first", "gap=0s..300ms/64", "work=0s..200ms/64", nil)
	d, err := p.Run(t.Context(), explore.Options{})
	require.NoError(t, err)

	var svg, again bytes.Buffer
	require.NoError(t, d.WriteSVG(&svg))
	require.NoError(t, d.WriteSVG(&again))
	require.Equal(t, svg.String(), again.String(), "the same diagram is the same picture")
	texts := svgTexts(t, svg.Bytes())
	require.Contains(t, texts, "gap (ms)")
	require.Contains(t, texts, "work (ms)")
	require.Contains(t, texts, "rtt=100ms")
	for i, outcome := range d.Outcomes {
		legend := slices.ContainsFunc(texts, func(text string) bool { return strings.HasPrefix(text, outcome+" – ") })
		require.True(t, legend, "the legend has %s", outcome)
		letters := 0
		for _, text := range texts {
			if text == string(rune('A'+i)) {
				letters++
			}
		}
		require.GreaterOrEqual(t, letters, 1, "in the legend, and in an area that has room")
	}

	var out bytes.Buffer
	require.NoError(t, d.WritePNG(&out))
	picture, err := png.Decode(&out)
	require.NoError(t, err)
	require.Equal(t, 1520, picture.Bounds().Dx())
}

// svgTexts are the texts of a drawing.
func svgTexts(t *testing.T, svg []byte) []string {
	t.Helper()
	var texts []string
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	inText := false
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return texts
		}
		require.NoError(t, err)
		switch x := token.(type) {
		case xml.StartElement:
			inText = x.Name.Local == "text"
		case xml.CharData:
			if inText {
				texts = append(texts, string(x))
			}
		case xml.EndElement:
			inText = false
		}
	}
}

// unpack takes data out of a page.
func unpack(t *testing.T, page, id string, to any) {
	t.Helper()
	packed := regexp.MustCompile(`id="` + id + `" type="application/octet-stream">([^<]+)</script>`).FindStringSubmatch(page)
	require.NotNil(t, packed)
	raw, err := base64.RawURLEncoding.DecodeString(packed[1])
	require.NoError(t, err)
	z, err := gzip.NewReader(bytes.NewReader(raw))
	require.NoError(t, err)
	require.NoError(t, json.NewDecoder(z).Decode(to))
}

func TestPageHoldsTheDiagramAndTheLadders(t *testing.T) {
	p := phase(t, "reply-503/read-request-first", "gap=0s..300ms/16", "work=0s..200ms/16", nil)
	d, err := p.Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	var page bytes.Buffer
	require.NoError(t, d.WriteHTML(t.Context(), explore.Options{}, &page))
	require.NotContains(t, page.String(), "http://www.w3.org/1999/html", "no other document")
	require.NotRegexp(t, `(?i)<(link|img|script)[^>]+(src|href)=`, page.String(), "nothing is loaded")

	var data struct {
		X, Y, Outcomes []string
		Rows           [][]int
		Area           [4]float64
	}
	unpack(t, page.String(), "data", &data)
	var ladders []struct {
		X, Y   int64
		Ladder string
	}
	unpack(t, page.String(), "ladders", &ladders)
	require.Equal(t, d.Outcomes, data.Outcomes)
	require.Equal(t, "300ms", data.X[16])
	require.Len(t, ladders, len(d.Points))
	for y, row := range data.Rows {
		x := int64(0)
		for i := 0; i < len(row); i += 2 {
			for range row[i+1] {
				require.Equal(t, d.Outcome(x, int64(y)), row[i])
				x++
			}
		}
		require.Equal(t, int64(17), x)
	}
	for _, l := range ladders {
		require.Contains(t, l.Ladder, "recv(4096)")
	}
}

func TestPictureHasRoomForOneOutcomeAndForMany(t *testing.T) {
	for _, c := range []struct{ name, x, y string }{
		{"reply-503/close-before-request", "rtt=600ms..2s/16", "pause=0s..500ms/16"},
		{"close-unread/drain-then-close", "read=1..20", "bytes=1..20"},
	} {
		d, err := phase(t, c.name, c.x, c.y, nil).Run(t.Context(), explore.Options{})
		require.NoError(t, err)
		var svg bytes.Buffer
		require.NoError(t, d.WriteSVG(&svg))
		texts := svgTexts(t, svg.Bytes())
		require.Less(t, len(texts), 60, "%q", texts)
	}
}
