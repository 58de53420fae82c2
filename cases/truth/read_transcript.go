package truth

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The lines of a transcript.
var (
	// "   100.5  A>B PA   seq=1 ack=1 len=100 win=63 ts arrives 110.5 (+30ms)"
	packetForm = regexp.MustCompile(`^\s*\d+\.\d\s+(A>B|B>A|INJECT>A|INJECT>B)\s+(\S+)\s+(.*?)\s*$`)
	// "          ... 21 data/ACK packets from A, 56 from B ..."
	elidedForm = regexp.MustCompile(`^\s*\.\.\. (\d+) data/ACK packets from ([AB])(?:, (\d+) from ([AB]))? \.\.\.\s*$`)
	// "    32.2    * A c.connect() = 0  [TCP_INFO ESTABLISHED]"
	returnForm = regexp.MustCompile(`^\s*\d+\.\d\s+\* ([AB]) (\w+\.\w+\(.*?\)) = (.*?)(?:\s+\[TCP_INFO \S+\])?\s*$`)
	// The others: a call that blocks, a part of a recvloop, a change of the
	// socket table, something the relay did, a line about the link.
	otherForm = regexp.MustCompile(`^\s*\d+\.\d\s+(\* [AB] \S|[AB] [a-z]|R |END )`)
)

// transcript reads a line of the transcript.
func (r *reader) transcript(line string, words []field) {
	if m := elidedForm.FindStringSubmatch(line); m != nil {
		if !r.ended {
			r.elided(m[2], m[1], words[0])
			if m[4] != "" {
				r.elided(m[4], m[3], words[0])
			}
		}
		return
	}
	at, ok := transcriptTime(words[0].text)
	if !ok {
		r.wrong(words[0], "begin with the time in ms, such as 100.5", "%q is no line of a transcript", strings.TrimSpace(line))
		return
	}
	if m := packetForm.FindStringSubmatch(line); m != nil {
		r.packet(at, m, words)
		return
	}
	if m := returnForm.FindStringSubmatch(line); m != nil {
		r.pending = append(r.pending, &event{key: m[1] + " " + m[2], result: m[3], at: at.Truncate(time.Millisecond), field: words[0]})
		return
	}
	if !otherForm.MatchString(line) {
		r.wrong(words[0], "the lines are packets (A>B PA seq=…), calls (* A c.send(10) = 10), A conn:, R, and END", "%q is no line of a transcript", strings.TrimSpace(line))
	}
	if len(words) > 1 && words[1].text == "END" {
		r.ended = true
	}
}

// transcriptTime reads "100.5", in ms.
func transcriptTime(text string) (time.Duration, bool) {
	whole, tenth, ok := strings.Cut(text, ".")
	ms, err := strconv.ParseInt(whole, 10, 40)
	if !ok || err != nil || ms < 0 || len(tenth) != 1 || tenth[0] < '0' || tenth[0] > '9' {
		return 0, false
	}
	return time.Duration(ms)*time.Millisecond + time.Duration(tenth[0]-'0')*time.Millisecond/10, true
}

func (r *reader) elided(from, count string, at field) {
	n, err := strconv.Atoi(count)
	if err != nil || n > maxLines {
		r.wrong(at, "write a number below "+strconv.Itoa(maxLines), "%q packets", count)
		return
	}
	if n > 0 {
		r.file.Packets = append(r.file.Packets, Packet{From: from, To: peerOf(from), Elided: n, Window: -1, Pos: r.pos(at)})
	}
}

func peerOf(host string) string {
	if host == "A" {
		return "B"
	}
	return "A"
}

// packet reads "A>B PA seq=1 ack=1 len=100 win=63 ts arrives 110.5 (+30ms)", or
// "INJECT>A R seq=1 len=0 win=1000 (rcv_nxt+0, window 64512)".
func (r *reader) packet(at time.Duration, m []string, words []field) {
	p := Packet{At: at, Window: -1, Pos: r.pos(words[0])}
	from, to, _ := strings.Cut(m[1], ">")
	if p.To = to; from != "INJECT" {
		p.From = from
	}
	if p.Flags = m[2]; p.Flags != "-" && !flagLetters(p.Flags) {
		r.wrong(words[2], "write letters of "+flagOrder, "%q are no flags", p.Flags)
	}
	var haveSeq, haveLen bool
	for _, w := range words[3:] {
		key, value, found := strings.Cut(w.text, "=")
		if !found {
			p.Dropped = p.Dropped || w.text == "DROPPED"
			continue
		}
		switch key {
		case "seq":
			p.Seq, p.SeqAbsolute = r.sequence(w, value)
			haveSeq = true
		case "ack":
			p.Ack, p.AckAbsolute = r.sequence(w, value)
		case "len":
			n, _ := r.number(field{value, w.line, w.col + 4}, 0, 1<<20, "length")
			p.Len, haveLen = int(n), true
		case "win":
			n, _ := r.number(field{value, w.line, w.col + 4}, 0, 1<<30, "window")
			p.Window = int(n)
		}
	}
	if !haveSeq || !haveLen {
		r.wrong(words[0], "write seq= and len=", "a packet without sequence number or length")
	}
	if !r.ended {
		r.file.Packets = append(r.file.Packets, p)
	}
}

// sequence reads a relative number, or one as on the wire: "#1000".
func (r *reader) sequence(w field, value string) (n int64, absolute bool) {
	value, absolute = strings.CutPrefix(value, "#")
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < -1<<32 || n > 1<<32 {
		r.wrong(w, "write a number", "%q is no sequence number", w.text)
	}
	return n, absolute
}
