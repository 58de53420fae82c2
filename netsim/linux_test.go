package netsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSocketsBehaveAsOnLinux(t *testing.T) {
	scripts := readScripts(t)
	require.Greater(t, len(scripts), 60)
	for _, s := range scripts {
		t.Run(s.id, func(t *testing.T) {
			s.run(t)
			for _, c := range s.calls {
				if c.want != c.got {
					t.Errorf("%s: %-30s Linux %s, here %s @%v", s.title, c.key(), c.want, c.got, c.gotDone)
				}
			}
		})
	}
}
