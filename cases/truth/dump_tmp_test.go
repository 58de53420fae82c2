package truth_test

import (
	"fmt"
	"os"
	"testing"

	"rstlab/cases/truth"
)

func TestTmpDump(t *testing.T) {
	raw, _ := os.ReadFile("testdata/linux-6.18/" + os.Getenv("TRUTH_ID") + ".txt")
	fs, _ := truth.Read("x", raw)
	tr, _ := truth.Translate(fs[0], "linux")
	r, err := tr.Run()
	fmt.Println(err)
	for _, p := range r.Packets {
		fmt.Printf("%8.1f %s>%s %s win=%d\n", float64(p.At)/1e6, p.From, p.To, p.Segment, p.Window)
	}
}
