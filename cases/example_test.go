package cases_test

import (
	"fmt"

	"rstlab/cases"
)

func Example() {
	s, err := cases.Load("reply-503/close-after-request")
	if err != nil {
		fmt.Println(err)
		return
	}
	bound, err := s.Bind(map[string]string{"rtt": "50ms"}) // no $name is left
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(bound.Params[0], bound.Scenario.Links[0].RTT)

	// What a run of it may have seen.
	got := cases.OutcomeOf(s.Procs, []cases.Observation{
		{Proc: "client", Step: 0, Op: "connect", Done: true},
		{Proc: "client", Step: 4, Op: "recv", Done: true, N: 8, Data: []byte("503 busy")},
		{Proc: "client", Step: 5, Op: "recv", Done: true, Errno: "ECONNRESET"},
	})
	want, err := cases.ParseOutcome(`client: recv="503 busy" recv=EOF`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(got)
	fmt.Println(got.Diff(want))
	// Output:
	// rtt=50ms 50ms
	// server: ok | client: recv="503 busy" recv=ECONNRESET
	// client: want recv="503 busy" recv=EOF
	//         got  recv="503 busy" recv=ECONNRESET
}

func ExampleParse() {
	_, err := cases.Parse("mine.txt", []byte(`# A client connects to nobody.
host client
host server
link client server rtt=5

proc client
  conect server:80
`))
	fmt.Println(err)
	// Output:
	// mine.txt:4:24: "5" needs a unit; write 5ms or 5s
	// mine.txt:7:3: unknown step "conect"; did you mean connect?
}

func ExamplePrint() {
	s, err := cases.Parse("mine.txt", []byte(`# A server that does not accept.
proc server # it sleeps
	listen 80 as=l
	sleep 1m30s
param late 0.03s 0s..1s # delay of the RST
host client
host server
link client server
rule server->client delay $late R
example netstack server:  ok
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(cases.Print(s))
	// Output:
	// # A server that does not accept.
	// param  late  30ms  0s..1s  # delay of the RST
	// host   client
	// host   server
	// link   client server
	// rule   server->client delay $late R
	//
	// proc server  # it sleeps
	//   listen 80 as=l
	//   sleep 90s
	//
	// example netstack  server: ok
}
