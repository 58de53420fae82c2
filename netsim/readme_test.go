package netsim_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
)

// Example_readme is the program of the README.
func Example_readme() {
	n := netsim.New(netsim.Config{Seed: 1})
	defer n.Close()
	client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
	n.Link(client, server, netsim.LinkConfig{RTT: 100 * time.Millisecond})
	server.Go("", func(p *netsim.Proc) {
		l, _ := p.Listen("tcp", ":80")
		c, _ := l.Accept()
		c.Write([]byte("503 busy"))
		c.Close() // before the request has arrived
	})
	client.Go("", func(p *netsim.Proc) {
		c, _ := p.Dial("tcp", "server:80")
		p.Sleep(10 * time.Millisecond)
		c.Write([]byte("GET /"))
		p.Sleep(200 * time.Millisecond)
		_, err := c.Write([]byte("more"))
		fmt.Println(err)
	})
	fmt.Println(n.Run(), n.Hash().Short())

	// Output:
	// write tcp 10.0.0.1:21755->10.0.0.2:80: write: broken pipe
	// <nil> 6089902b4b46794c
}

func TestReadmeHasTheProgramOfTheExample(t *testing.T) {
	source, err := os.ReadFile("readme_test.go")
	require.NoError(t, err)
	_, body, _ := strings.Cut(string(source), "func Example_readme() {\n")
	body, _, _ = strings.Cut(body, "\n\n\t// Output:")
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	_, block, found := strings.Cut(string(readme), "```go\n")
	require.True(t, found, "the README has a program")
	block, _, _ = strings.Cut(block, "\n```")
	require.Equal(t, strings.ReplaceAll("\n"+body, "\n\t", "\n"), "\n"+block)
}
