package cases

import (
	"slices"
	"strings"

	"rstlab/netsim/wire"
)

// rstState is a state of the matrix, and how a connection gets there: by what
// programs do and how long segments take. Hosts are client and server, with
// 50 ms between them each way. The socket that is asked for its state is x.
type rstState struct {
	state wire.State
	reach string // how the state is reached, as a part of the claim
	// victim is the host whose connection is in the state from 5 ms before at to
	// 5 ms after it, when nothing is done.
	victim string
	at     string
	procs  string // what the programs do
	rfc    string // more clauses that decide what the programs see
	// goesOn and ends are what they see when the RST is dropped, challenged or
	// not, and when it resets; ends is "" in states that a RST cannot end.
	goesOn, ends string
	// derived is what goesOn and ends come from.
	derived string
}

const inEachState = "rst/in-each-state/"

// scenario is the name of the state's scenario.
func (s *rstState) scenario() string { return inEachState + strings.ToLower(s.state.String()) }

// rstStates are the eleven states in the order of RFC 9293 section 3.3.2.
var rstStates = []rstState{
	{
		state: wire.Closed,
		reach: "The client has ended the connection with a RST at 200 ms, the server has closed its listener, and at 300 ms another RST comes. At 400 ms the client connects again.",
		procs: `proc server
  listen 80 as=l
  accept as=x
  recv
  close on=l

proc client
  connect server:80
  at 200ms
  abort
  at 400ms
  connect server:80
`,
		victim: "server", at: "300ms", rfc: "RFC9293-3.5.2",
		goesOn:  "server: recv=ECONNRESET@250ms | client: connect=ECONNREFUSED@500ms | look: state=CLOSED",
		derived: "RFC 9293 sections 3.10.7.1 (no RST in answer to a RST) and linux-truth 6a (the first RST).",
	},
	{
		state: wire.Listen,
		reach: "The client has ended the connection with a RST at 200 ms, the server listens still, and at 300 ms another RST comes. At 400 ms the client connects again.",
		procs: `proc server
  listen 80 as=x
  accept
  recv
  close
  accept on=x

proc client
  connect server:80
  at 200ms
  abort
  at 400ms
  connect server:80
`,
		victim: "server", at: "300ms", rfc: "RFC9293-3.5.3",
		goesOn:  "server: recv=ECONNRESET@250ms accept=ok@550ms | client: connect=ok@500ms | look: state=LISTEN",
		derived: "RFC 9293 sections 3.10.7.2 and 3.5.3 and linux-truth 13b (two RSTs to a listener, and then a connection).",
	},
	{
		state: wire.SynSent,
		reach: "The client's SYN left at 0 ms, the SYN-ACK comes at 100 ms, and the RST at 75 ms.",
		procs: `proc server
  listen 80
  accept

proc client
  connect server:80 as=x
`,
		victim: "client", at: "75ms", rfc: "RFC9293-3.5.3",
		goesOn:  "client: connect=ok@100ms | look: state=SYN-SENT",
		ends:    "client: connect=ECONNREFUSED@75ms | look: state=CLOSED",
		derived: "RFC 9293 sections 3.10.7.3 and 3.5.3 and linux-truth 13a (wrong ACK, no ACK, right ACK); POSIX connect() for the errno.",
	},
	{
		state: wire.SynReceived,
		reach: "The server's SYN-ACK left at 50 ms, the ACK comes at 150 ms, and the RST at 75 ms. The server is back in LISTEN then and does not tell; the client's ACK finds no connection.",
		procs: `proc server
  listen 80 as=x
  accept
  recv

proc client
  connect server:80
  send "HELLO"
  recv
`,
		victim: "server", at: "75ms", rfc: "RFC9293-3.5.3",
		goesOn:  `server: accept=ok@150ms recv="HELLO"@150ms | client: recv=blocked | look: state=LISTEN`,
		ends:    "server: accept=blocked | client: recv=ECONNRESET@200ms | look: state=LISTEN",
		derived: "RFC 9293 section 3.10.7.4 (\"return this connection to the LISTEN state\") and linux-truth 13c and 13c2.",
	},
	{
		state: wire.Established,
		reach: "Nothing happens between 150 ms and 400 ms, when the server sends. The RST comes at 300 ms.",
		procs: `proc server
  listen 80
  accept
  at 400ms
  send "HELLO"

proc client
  connect server:80 as=x
  recv
`,
		victim: "client", at: "300ms", rfc: "RFC5961-3.2",
		goesOn:  `client: recv="HELLO"@450ms | look: state=ESTABLISHED`,
		ends:    "client: recv=ECONNRESET@300ms | look: state=CLOSED",
		derived: "RFC 9293 section 3.10.7.4 and linux-truth 12a, 12b, 12c, 12d and 12g.",
	},
	{
		state: wire.FinWait1,
		reach: "The client's FIN left at 300 ms, its ACK comes at 400 ms, and the RST at 325 ms. At 400 ms the server sends.",
		procs: `proc server
  listen 80
  accept
  at 400ms
  send "HELLO"

proc client
  connect server:80 as=x
  at 300ms
  shutdown write
  recv
`,
		victim: "client", at: "325ms", rfc: "RFC5961-3.2",
		goesOn:  `client: recv="HELLO"@450ms | look: state=FIN-WAIT-1`,
		ends:    "client: recv=ECONNRESET@325ms | look: state=CLOSED",
		derived: "RFC 9293 section 3.10.7.4, which has FIN-WAIT-1 do as ESTABLISHED, and linux-truth 12a to 12g for that.",
	},
	{
		state: wire.FinWait2,
		reach: "The client's FIN left at 200 ms, its ACK came at 300 ms, and the RST comes at 350 ms. At 400 ms the server sends.",
		procs: `proc server
  listen 80
  accept
  at 400ms
  send "HELLO"

proc client
  connect server:80 as=x
  at 200ms
  shutdown write
  recv
`,
		victim: "client", at: "350ms", rfc: "RFC5961-3.2",
		goesOn:  `client: recv="HELLO"@450ms | look: state=FIN-WAIT-2`,
		ends:    "client: recv=ECONNRESET@350ms | look: state=CLOSED",
		derived: "RFC 9293 section 3.10.7.4, which has FIN-WAIT-2 do as ESTABLISHED, and linux-truth 12a to 12g for that.",
	},
	{
		state: wire.CloseWait,
		reach: "The server's FIN came at 250 ms, and the RST comes at 350 ms. At 400 ms the client sends.",
		procs: `proc server
  listen 80
  accept
  at 200ms
  shutdown write
  recv

proc client
  connect server:80 as=x
  recv
  at 400ms
  send "HELLO"
`,
		victim: "client", at: "350ms", rfc: "RFC5961-3.2",
		goesOn:  `server: recv="HELLO"@450ms | client: recv=EOF@250ms | look: state=CLOSE-WAIT`,
		ends:    "server: recv=blocked | client: recv=EOF@250ms send=EPIPE | look: state=CLOSED",
		derived: "RFC 9293 section 3.10.7.4 and linux-truth 13f (EPIPE, because the FIN was there). Linux takes one number before RCV.NXT too in this state (linux-truth 12j).",
	},
	{
		state: wire.Closing,
		reach: "Both FINs left at 300 ms and crossed, the ACK comes at 400 ms, and the RST at 375 ms.",
		procs: `proc server
  listen 80
  accept
  at 300ms
  shutdown write

proc client
  set rcvbuf 16KiB  # no window scaling: its rounding would move the right edge when the FIN comes
  connect server:80 as=x
  at 300ms
  shutdown write

proc client later
  at 1s
  state on=x
`,
		victim: "client", at: "375ms", rfc: "RFC5961-3.2",
		goesOn:  "look: state=CLOSING | later: state=TIME-WAIT",
		ends:    "look: state=CLOSED | later: state=CLOSED",
		derived: "RFC 9293 section 3.10.7.4 (\"enter the CLOSED state, delete the TCB, and return\").",
	},
	{
		state: wire.LastAck,
		reach: "The server's FIN came at 250 ms, the client's left at 300 ms, its ACK comes at 400 ms, and the RST at 325 ms.",
		procs: `proc server
  listen 80
  accept
  at 200ms
  shutdown write

proc client
  connect server:80 as=x
  recv
  at 300ms
  shutdown write
`,
		victim: "client", at: "325ms", rfc: "RFC5961-3.2",
		goesOn:  "client: recv=EOF@250ms | look: state=LAST-ACK",
		ends:    "client: recv=EOF@250ms | look: state=CLOSED",
		derived: "RFC 9293 section 3.10.7.4 (\"enter the CLOSED state, delete the TCB, and return\") and linux-truth 13j.",
	},
	{
		state: wire.TimeWait,
		reach: "The client's FIN left at 200 ms, the server's came at 350 ms, and the RST comes at 500 ms.",
		procs: `proc server
  listen 80
  accept
  at 300ms
  shutdown write

proc client
  connect server:80 as=x
  at 200ms
  shutdown write
`,
		victim: "client", at: "500ms", rfc: "RFC1337-3",
		goesOn:  "look: state=TIME-WAIT",
		ends:    "look: state=CLOSED",
		derived: "RFC 9293 section 3.10.7.4, RFC 1337 section 3 and linux-truth 13e and 13e3.",
	},
}

// findRSTState is the state whose scenario has that name; nil when there is none.
func findRSTState(name string) *rstState {
	i := slices.IndexFunc(rstStates, func(s rstState) bool { return s.scenario() == name })
	if i < 0 {
		return nil
	}
	return &rstStates[i]
}
