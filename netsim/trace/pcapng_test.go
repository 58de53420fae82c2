package trace

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim/wire"
)

// captured is a packet read back from a capture file.
type captured struct {
	at       time.Duration
	face     string
	packet   wire.Packet
	comments []string
}

func readCapture(t require.TestingT, r io.Reader) (section pcapgo.NgSectionInfo, packets []captured) {
	ng, err := pcapgo.NewNgReader(r, pcapgo.NgReaderOptions{WantMixedLinkType: true})
	require.NoError(t, err)
	for {
		data, info, options, err := ng.ReadPacketDataWithOptions()
		if errors.Is(err, io.EOF) {
			return ng.SectionInfo(), packets
		}
		require.NoError(t, err)
		face, err := ng.Interface(info.InterfaceIndex)
		require.NoError(t, err)
		require.Equal(t, layers.LinkTypeRaw, face.LinkType)
		c := captured{at: info.Timestamp.Sub(Epoch), face: face.Name, comments: options.Comments}
		c.packet, _ = wire.ParseTrusted(data) // one that was damaged may be anything
		packets = append(packets, c)
	}
}

func TestCaptureHasPacketsWhereTheyLeaveAndArrive(t *testing.T) {
	var file bytes.Buffer
	require.NoError(t, WritePCAPNG(&file, closeRace(), PCAPNGOptions{}))
	section, packets := readCapture(t, &file)
	require.Equal(t, "rstlab", section.Application)
	require.Contains(t, section.Comment, "reply-503/rst-overtakes-reply")
	require.Contains(t, section.Comment, closeRaceHash)
	require.Len(t, packets, 8+7, "eight were sent, seven arrived")

	syn := packets[0]
	require.Equal(t, 10*time.Millisecond, syn.at)
	require.Equal(t, "client→server", syn.face)
	require.Equal(t, tcp(true, "S", 0, 0, ""), syn.packet)
	require.Contains(t, syn.comments, "0.010000000 client/main: connect(3, 10.0.0.2.80) ...")
	require.Equal(t, "server→client", packets[1].face, "where it arrived")

	lost := 0
	for _, p := range packets {
		if p.packet.TCP.Flags.Has(wire.FIN) {
			lost++
			require.Contains(t, p.comments, `lost at 105.000ms: rule 2 "lose the FIN"`)
		}
	}
	require.Equal(t, 1, lost)
	last := packets[len(packets)-1]
	require.Equal(t, "afterwards: 0.200000000 client/main: close(3) = 0", last.comments[len(last.comments)-1])
}

func TestCaptureAtOneHost(t *testing.T) {
	var file bytes.Buffer
	require.NoError(t, WritePCAPNG(&file, closeRace(), PCAPNGOptions{Host: "client", NoNotes: true}))
	_, packets := readCapture(t, &file)
	var order []string
	for _, p := range packets {
		require.Equal(t, "client→server", p.face)
		require.Empty(t, p.comments)
		order = append(order, p.packet.TCP.Flags.String())
	}
	require.Equal(t, []string{"S", "S.", ".", "P.", "R", "P.", "R"}, order, "the reset is seen before the reply")
}

func TestCaptureOfDamagedPacketIsDamaged(t *testing.T) {
	s := newScript("")
	n := s.client(0, "P.", 1, 1, "GET /")
	e := s.sent[n]
	e.Kind, e.Host, e.Peer = Delivered, "server", "client"
	e.Flip = 8*40 + 1 // the lowest bit of the first byte behind the headers
	s.at(1, e)
	var file bytes.Buffer
	require.NoError(t, WritePCAPNG(&file, s.r.Trace(), PCAPNGOptions{}))
	_, packets := readCapture(t, &file)
	require.Equal(t, "GET /", string(packets[0].packet.TCP.Payload))
	require.Equal(t, "FET /", string(packets[1].packet.TCP.Payload))
	require.Contains(t, packets[1].comments, "bit 320 was flipped on the way")
}

func TestCaptureOfNothingIsAFile(t *testing.T) {
	var file bytes.Buffer
	require.NoError(t, WritePCAPNG(&file, &Trace{}, PCAPNGOptions{}))
	_, packets := readCapture(t, &file)
	require.Empty(t, packets)
}

func TestCaptureTakesAnyTrace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tr := genTrace().Draw(t, "trace")
		opt := PCAPNGOptions{
			Host: rapid.SampledFrom([]string{"", "client", "nobody"}).Draw(t, "host"), NoNotes: rapid.Bool().Draw(t, "no notes"),
		}
		var once, again bytes.Buffer
		err := WritePCAPNG(&once, tr, opt)
		require.Equal(t, err, WritePCAPNG(&again, tr, opt))
		require.Equal(t, once.Bytes(), again.Bytes(), "the same trace gives the same file")
		var unbuildable *wire.BuildError
		if errors.As(err, &unbuildable) {
			return
		}
		require.NoError(t, err)
		readCapture(t, &once)
	})
}

// tshark runs it on a capture and gives what it prints.
func tshark(t *testing.T, tr *Trace, opt PCAPNGOptions, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("tshark is not installed: apt-get install tshark to have its opinion of the files")
	}
	name := filepath.Join(t.TempDir(), "capture.pcapng")
	file, err := os.Create(name)
	require.NoError(t, err)
	require.NoError(t, WritePCAPNG(file, tr, opt))
	require.NoError(t, file.Close())
	cmd := exec.Command(path, append([]string{"-n", "-r", name, "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE"}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	for line := range strings.Lines(stderr.String()) {
		require.True(t, strings.HasPrefix(line, "Running as user"), "tshark complains: %s", line)
	}
	return string(out)
}

func TestTsharkHasNoComplaints(t *testing.T) {
	for name, opt := range map[string]PCAPNGOptions{"all": {}, "client": {Host: "client"}} {
		t.Run(name, func(t *testing.T) {
			bad := "_ws.malformed || _ws.expert.severity == error || ip.checksum.status == 0 || tcp.checksum.status == 0 || frame.len != frame.cap_len"
			require.Empty(t, tshark(t, closeRace(), opt, "-Y", bad))
			all := tshark(t, closeRace(), opt, "-V")
			require.NotContains(t, all, "Malformed")
			require.NotContains(t, all, "Unreassembled")
			require.Contains(t, all, "client/main: connect(3, 10.0.0.2.80) ...", "comments are there")
		})
	}
	damaged := tshark(t, zoo(), PCAPNGOptions{}, "-Y", "tcp.checksum.status == 0", "-T", "fields", "-e", "frame.comment")
	require.Equal(t, 1, strings.Count(damaged, "flipped"), "in the zoo only the damaged packet has a bad checksum")
}

func TestTsharkSeesWhatHappened(t *testing.T) {
	got := tshark(t, closeRace(), PCAPNGOptions{Host: "client"}, "-T", "fields", "-E", "separator=|",
		"-e", "frame.time_epoch", "-e", "frame.interface_name", "-e", "tcp.flags.str", "-e", "tcp.seq", "-e", "tcp.len")
	require.Equal(t, strings.TrimSpace(`
946684800.010000000|client→server|··········S·|0|0
946684800.030000000|client→server|·······A··S·|0|0
946684800.030000000|client→server|·······A····|1|0
946684800.100000000|client→server|·······AP···|1|27
946684800.120000000|client→server|·········R··|1|0
946684800.130000500|client→server|·······AP···|1|36
946684800.130000500|client→server|·········R··|1|0`), strings.TrimSpace(got))
}
