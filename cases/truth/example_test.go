package truth_test

import (
	"fmt"
	"log"

	"rstlab/cases/truth"
)

func Example() {
	files, err := truth.ReadFile("testdata/linux-6.18/4a.txt")
	if err != nil {
		log.Fatal(err)
	}
	c, err := truth.Compare(files[0], truth.DefaultStack)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Status())
	for _, d := range c.Differences {
		fmt.Println(d)
	}
	// Output:
	// differs as explained
	// B>A 4: R seq=1 len=0 | RA seq=22 ack=1 len=0
}

func ExampleTranslate() {
	files, err := truth.Read("12b.txt", []byte("== 12b | blind RST in the window\nest\n100 R inject A R seq=n100\n"))
	if err != nil {
		log.Fatal(err)
	}
	t, err := truth.Translate(files[0], truth.DefaultStack)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(t.Text())
	// Output:
	// # blind RST in the window
	// #
	// # Recorded on a kernel that the file does not name as 12b.
	// host   A addr=10.9.0.1
	// host   B addr=10.9.0.2
	// link   A B delay=10300us
	// limit  900ms
	//
	// proc B B1
	//   listen 80 as=l
	//
	// proc A A2
	//   at 10ms
	//   connect B:80 as=c
	//
	// proc B B3
	//   at 15ms
	//   accept as=s on=l
	//
	// proc A R4
	//   at 100ms
	//   inject A R seq=n100 win=1000
}
