package truth

import ("testing";"fmt";"path/filepath")

func TestTmp(t *testing.T) {
	files, _ := filepath.Glob("testdata/linux-6.18/*.txt")
	for _, f := range files {
		fs, err := ReadFile(f)
		if err != nil { t.Error(err); continue }
		for _, f := range fs {
			tr, err := Translate(f, "netstack")
			if err != nil { t.Error(err); continue }
			if f.ID == "9d" || f.ID == "10b" { fmt.Println(tr.Text()) }
			r, err := tr.Run()
			if err != nil { t.Error(err); continue }
			c := tr.Compare(r)
			fmt.Println(f.ID, c.Tolerated, c.NotModelled)
			for _, d := range c.Differences { fmt.Println("    ", d) }
		}
	}
}
