package explore_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/xml"
	"html"
	"io"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases/explore"
)

func TestReportIsAPageThatNeedsNothingElse(t *testing.T) {
	s := load(t, "reply-503/close-after-request")
	report := &explore.Report{Space: explore.Space{Scenario: s, Set: map[string]string{"pause": "0s"}}}
	var page bytes.Buffer
	require.NoError(t, report.Write(t.Context(), explore.Options{}, &page))
	text := html.UnescapeString(page.String())
	require.Contains(t, text, s.Name)
	require.Contains(t, text, "RFC1122-4.2.2.13")
	require.Contains(t, text, "50000001ns", "the boundary along think, where work is 50ms")
	require.Contains(t, text, "here the runs part")
	require.NotRegexp(t, `(?i)(src|href)="?(https?:)?//`, text, "nothing is loaded")

	pictures := regexp.MustCompile(`src="data:image/svg\+xml;base64,([^"]+)"`).FindAllStringSubmatch(text, -1)
	require.Len(t, pictures, 2, "a ladder, and a diagram over the two parameters that matter")
	for _, p := range pictures {
		svg, err := base64.StdEncoding.DecodeString(p[1])
		require.NoError(t, err)
		for decoder := xml.NewDecoder(bytes.NewReader(svg)); ; {
			_, err := decoder.Token()
			if err == io.EOF {
				break
			}
			require.NoError(t, err)
		}
	}
}

func TestInterruptedReportSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	report := &explore.Report{Space: explore.Space{Scenario: load(t, "reset/linger-zero")}}
	require.ErrorIs(t, report.Write(ctx, explore.Options{}, io.Discard), context.Canceled)
}
