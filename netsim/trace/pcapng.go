package trace

import (
	"fmt"
	"io"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// PCAPNGOptions say what [WritePCAPNG] writes.
type PCAPNGOptions struct {
	// Host makes the file what tcpdump would have captured at this host or router;
	// "" is every link end, so that each packet is there where it left and where it
	// arrived, and Wireshark takes the second for a retransmission. Filter by
	// frame.interface_name to tell them apart.
	Host string
	// NoNotes leaves out socket calls, state changes and faults, which otherwise are
	// comments of the next packet.
	NoNotes bool
}

// WritePCAPNG writes the packets of the trace as a capture file that Wireshark and
// tshark open: an interface for each end of each link, of raw IP; times in
// nanoseconds from Header.Start (2000-01-01 UTC). A packet that was lost has a
// comment that says so, where it left; one that was damaged arrives damaged.
//
// It fails on a packet that [wire.Build] does not take, and when w does.
func WritePCAPNG(w io.Writer, t *Trace, opt PCAPNGOptions) error {
	c := &capture{trace: t, opt: opt, format: NewFormatter(&t.Header)}
	c.survey()
	if err := c.open(w); err != nil {
		return fmt.Errorf("trace: write pcapng: %w", err)
	}
	for i := range t.Events {
		if err := c.event(i, &t.Events[i]); err != nil {
			return err
		}
	}
	err := c.flush(c.notes)
	if err == nil {
		err = c.w.Flush()
	}
	if err != nil {
		return fmt.Errorf("trace: write pcapng: %w", err)
	}
	return nil
}

// linkEnd is where packets are captured: one end of a link, or no link where
// Peer is "".
type linkEnd struct{ host, peer string }

// capture writes one file.
type capture struct {
	trace  *Trace
	opt    PCAPNGOptions
	w      *pcapgo.NgWriter
	format *Formatter

	ends  []linkEnd
	index map[linkEnd]int
	fate  map[int][]string // by the index of a packet's departure: what became of it
	notes []string         // for the next packet
	held  *frame           // the last packet: it takes the notes after it if it stays the last
	data  [2][]byte        // buffers of the last packet and the next one
}

// frame is a packet ready to be written.
type frame struct {
	info    gopacket.CaptureInfo
	data    []byte
	options pcapgo.NgPacketOptions
}

// survey finds the link ends, and for each packet that is lost the event at which
// it left, which has its comment.
func (c *capture) survey() {
	c.index, c.fate = make(map[linkEnd]int), make(map[int][]string)
	left := make(map[uint64]int) // packet number to the index of its last departure
	for i := range c.trace.Events {
		e := &c.trace.Events[i]
		if !e.Kind.IsPacket() {
			continue
		}
		if e.Kind == Dropped {
			if at, ok := left[e.Number]; ok {
				c.fate[at] = append(c.fate[at], lossComment(e))
			}
			continue
		}
		if e.Kind != Delivered {
			left[e.Number] = i
		}
		if !c.captures(e.Host) {
			continue
		}
		end := linkEnd{e.Host, e.Peer}
		if _, ok := c.index[end]; !ok {
			c.index[end] = len(c.ends)
			c.ends = append(c.ends, end)
		}
	}
	if len(c.ends) == 0 { // a file needs an interface
		c.ends = []linkEnd{{}}
	}
}

// captures reports whether what happens at the host belongs in the file.
func (c *capture) captures(host string) bool {
	return c.opt.Host == "" || c.opt.Host == host
}

func lossComment(e *Event) string {
	text := "lost at " + milliseconds(e.At)
	if e.Copy != 0 {
		text = fmt.Sprintf("duplicate %d %s", e.Copy, text)
	}
	if e.Reason != "" {
		text += ": " + printable(e.Reason)
	}
	return text
}

// open writes the section header and the interfaces.
func (c *capture) open(w io.Writer) (err error) {
	h := &c.trace.Header
	section := pcapgo.NgSectionInfo{
		Application: "rstlab",
		Comment:     fmt.Sprintf("scenario %s, seed %d, trace %s", printable(h.Scenario), h.Seed, c.trace.Hash()),
	}
	for i, end := range c.ends {
		face := pcapgo.NgInterface{
			Name: end.name(), Description: end.description(),
			LinkType: layers.LinkTypeRaw, TimestampResolution: 9,
		}
		if i == 0 {
			c.w, err = pcapgo.NewNgWriterInterface(w, face, pcapgo.NgWriterOptions{SectionInfo: section})
		} else {
			_, err = c.w.AddInterface(face)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (end linkEnd) name() string {
	host := printable(end.host)
	if host == "" {
		host = "network"
	}
	if end.peer == "" {
		return host
	}
	return host + "→" + printable(end.peer)
}

func (end linkEnd) description() string {
	if end.peer == "" {
		return "packets of " + end.name() + " on no link"
	}
	return fmt.Sprintf("the end at %s of its link with %s", printable(end.host), printable(end.peer))
}

// maxComment is where a comment is cut off, in characters; a pcapng option has room
// for 65535 bytes.
const maxComment = 4000

func (c *capture) event(i int, e *Event) error {
	if e.Kind.IsPacket() {
		if !c.captures(e.Host) || e.Kind == Dropped {
			return nil
		}
		return c.packet(i, e)
	}
	if !c.opt.NoNotes && (c.captures(e.Host) || e.Host == "") {
		line := *e
		line.Seq = c.format.last + 1 // else the line would begin with its number
		c.notes = append(c.notes, truncate(string(c.format.Append(nil, &line)), maxComment))
	}
	return nil
}

// packet makes a frame and writes the one before.
func (c *capture) packet(i int, e *Event) error {
	c.data[0], c.data[1] = c.data[1], c.data[0]
	data, err := e.Packet.AppendTo(c.data[0][:0])
	if err != nil {
		return fmt.Errorf("trace: write pcapng: event %d: %w", e.Seq, err)
	}
	c.data[0] = data
	comments := append(c.notes, c.fate[i]...)
	c.notes = nil
	if e.Flip > 0 {
		bit := e.Flip - 1
		if bit/8 < len(data) {
			data[bit/8] ^= 1 << (bit % 8)
		}
		comments = append(comments, fmt.Sprintf("bit %d was flipped on the way", bit))
	}
	if e.Copy != 0 {
		comments = append(comments, fmt.Sprintf("duplicate %d", e.Copy))
	}
	if e.Kind == Injected {
		comments = append(comments, "forged")
	}
	if e.Reason != "" {
		comments = append(comments, truncate(printable(e.Reason), maxComment))
	}
	if err := c.flush(nil); err != nil {
		return fmt.Errorf("trace: write pcapng: %w", err)
	}
	direction := pcapgo.NgEpbFlagDirectionOutbound
	if e.Kind == Delivered {
		direction = pcapgo.NgEpbFlagDirectionInbound
	}
	number := e.Number
	c.held = &frame{
		info: gopacket.CaptureInfo{
			Timestamp:      c.trace.Header.start().Add(e.At),
			CaptureLength:  len(data),
			Length:         len(data),
			InterfaceIndex: c.index[linkEnd{e.Host, e.Peer}],
		},
		data: data,
		options: pcapgo.NgPacketOptions{
			Comments: comments, PacketID: &number, Flags: &pcapgo.NgEpbFlags{Direction: direction},
		},
	}
	return nil
}

// flush writes the frame that is held, with comments for what came after it.
func (c *capture) flush(after []string) error {
	f := c.held
	if f == nil {
		return nil
	}
	c.held = nil
	for _, note := range after {
		f.options.Comments = append(f.options.Comments, "afterwards: "+note)
	}
	return c.w.WritePacketWithOptions(f.info, f.data, f.options)
}
