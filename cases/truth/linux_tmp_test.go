package truth_test

import (
	"fmt"
	"os"
	"testing"

	"rstlab/cases/truth"
)

func TestTmpLinux(t *testing.T) {
	dir := os.Getenv("TRUTH_DIR")
	if dir == "" {
		dir = "testdata/linux-6.18"
	}
	ents, _ := os.ReadDir(dir)
	only := os.Getenv("TRUTH_ID")
	bad := 0
	for _, en := range ents {
		raw, _ := os.ReadFile(dir + "/" + en.Name())
		fs, err := truth.Read(en.Name(), raw)
		if err != nil {
			fmt.Println(err)
			continue
		}
		f := fs[0]
		if only != "" && only != f.ID {
			continue
		}
		c, err := truth.Compare(f, "linux")
		if err != nil {
			fmt.Println(f.ID, "ERROR", err)
			bad++
			continue
		}
		if len(c.Differences)+len(c.NotModelled) > 0 {
			bad++
			fmt.Println("==", f.ID, f.Title, c.NotModelled)
			for _, d := range c.Differences {
				fmt.Println("   ", d)
			}
		}
	}
	fmt.Println("bad", bad, "of", len(ents))
}
