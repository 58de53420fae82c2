package wire

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// String prints the options as tcpdump does:
//
//	mss 1460,sackOK,TS val 10 ecr 0,nop,wscale 7
//	nop,nop,sack 2 {100:200}{300:400}
//	unknown-28 0x8001,eol
//
// An option whose length is not that of its kind prints as unknown. "eol" stands
// for an End of Option List and the zeros after it up to a multiple of 4 bytes;
// anything else that follows it is shown: "eol 0x010203". Where tcpdump gives up
// on a malformed option, so does String: "[bad opt]".
//
// Of no options it is "". [ParseOptions] is its inverse.
func (o Options) String() string { return string(o.AppendText(nil)) }

// AppendText appends what [Options.String] returns to dst.
func (o Options) AppendText(dst []byte) []byte {
	for offset := 0; offset < len(o); {
		if offset > 0 {
			dst = append(dst, ',')
		}
		kind, data, size, reason := o[offset:].first()
		switch {
		case reason != "":
			return append(dst, "[bad opt]"...)
		case kind == EndOfOptions:
			dst = appendEOL(dst, offset+1, data)
		default:
			dst = appendOption(dst, kind, data)
		}
		offset += size
	}
	return dst
}

// appendEOL prints an End of Option List, after which there are end bytes of
// options, and the padding that follows.
func appendEOL(dst []byte, end int, padding []byte) []byte {
	dst = append(dst, "eol"...)
	usual := len(padding) == -end&3
	for _, octet := range padding {
		usual = usual && octet == 0
	}
	if usual {
		return dst
	}
	return hex.AppendEncode(append(dst, " 0x"...), padding)
}

// appendOption prints an option other than End of Option List.
func appendOption(dst []byte, kind OptionKind, data []byte) []byte {
	switch {
	case kind == NoOperation:
		return append(dst, "nop"...)
	case kind == MaxSegment && len(data) == sizeMSS:
		return appendUint(append(dst, "mss "...), binary.BigEndian.Uint16(data))
	case kind == WindowScale && len(data) == sizeWindowScale:
		return appendUint(append(dst, "wscale "...), data[0])
	case kind == SACKPermitted && len(data) == 0:
		return append(dst, "sackOK"...)
	case kind == Timestamps && len(data) == sizeTimestamps:
		dst = appendUint(append(dst, "TS val "...), binary.BigEndian.Uint32(data))
		return appendUint(append(dst, " ecr "...), binary.BigEndian.Uint32(data[4:]))
	case kind == SACK && len(data) > 0 && len(data)%sizeSACKBlock == 0:
		return appendSACK(dst, data)
	}
	dst = appendUint(append(dst, "unknown-"...), kind)
	if len(data) == 0 {
		return dst
	}
	return hex.AppendEncode(append(dst, " 0x"...), data)
}

// appendSACK prints a SACK option with these blocks.
func appendSACK(dst, blocks []byte) []byte {
	dst = appendUint(append(dst, "sack "...), uint(len(blocks)/sizeSACKBlock))
	dst = append(dst, ' ')
	for ; len(blocks) > 0; blocks = blocks[sizeSACKBlock:] {
		block := sackBlock(blocks)
		dst = appendUint(append(dst, '{'), block.Left)
		dst = appendUint(append(dst, ':'), block.Right)
		dst = append(dst, '}')
	}
	return dst
}

// appendUint prints n in decimal.
func appendUint[N ~uint | ~uint8 | ~uint16 | ~uint32](dst []byte, n N) []byte {
	return strconv.AppendUint(dst, uint64(n), 10)
}

// ParseOptions is the inverse of [Options.String]: it takes exactly the texts
// that String prints of lists without a malformed option. The error says which
// option is wrong. "" gives nil.
//
// The list need not be one that fits a segment: text such as "sackOK" is taken
// though it lacks padding; [Options.Validate] tells.
func ParseOptions(text string) (Options, error) {
	if text == "" {
		return nil, nil
	}
	var o Options
	words := strings.Split(text, ",")
	for i, word := range words {
		longer, err := o.parseOption(word)
		if err != nil {
			return nil, fmt.Errorf("wire: option %d, %q: %w", i+1, word, err)
		}
		if strings.HasPrefix(word, "eol") && i < len(words)-1 {
			return nil, fmt.Errorf("wire: option %d, %q: nothing can follow eol", i+1, word)
		}
		// One text for one list: "mss 01460" and "unknown-2 0x05b4" are "mss 1460".
		if canonical := string(longer.lastText(len(o))); canonical != word {
			return nil, fmt.Errorf("wire: option %d, %q: write it as %q", i+1, word, canonical)
		}
		o = longer
	}
	return o, nil
}

// lastText prints the option at offset, the last of the list.
func (o Options) lastText(offset int) []byte {
	kind, data, _, _ := o[offset:].first()
	if kind == EndOfOptions {
		return appendEOL(nil, offset+1, data)
	}
	return appendOption(nil, kind, data)
}

// parseOption adds to o the option that word says.
func (o Options) parseOption(word string) (Options, error) {
	name, rest, _ := strings.Cut(word, " ")
	switch name {
	case "nop":
		return o.AppendNOP(), nil
	case "sackOK":
		return o.AppendSACKPermitted(), nil
	case "mss":
		n, err := strconv.ParseUint(rest, 10, 16)
		return o.AppendMSS(uint16(n)), err
	case "wscale":
		n, err := strconv.ParseUint(rest, 10, 8)
		return o.AppendWindowScale(uint8(n)), err
	case "TS":
		var val, ecr uint32
		if _, err := fmt.Sscanf(rest, "val %d ecr %d", &val, &ecr); err != nil {
			return nil, fmt.Errorf("want TS val NUMBER ecr NUMBER: %w", err)
		}
		return o.AppendTimestamps(val, ecr), nil
	case "sack":
		return o.parseSACK(rest)
	case "eol":
		return o.parseEOL(rest)
	}
	if number, ok := strings.CutPrefix(name, "unknown-"); ok {
		return o.parseUnknown(number, rest)
	}
	return nil, fmt.Errorf("no such option")
}

// parseSACK adds a SACK option; text is the number of blocks and the blocks.
func (o Options) parseSACK(text string) (Options, error) {
	_, text, _ = strings.Cut(text, " ")
	var blocks []SACKBlock
	for part := range strings.SplitAfterSeq(text, "}") {
		if part == "" {
			continue
		}
		var block SACKBlock
		if _, err := fmt.Sscanf(part, "{%d:%d}", &block.Left, &block.Right); err != nil {
			return nil, fmt.Errorf("want sack COUNT {LEFT:RIGHT}...: %w", err)
		}
		blocks = append(blocks, block)
	}
	if len(blocks) == 0 || len(blocks)*sizeSACKBlock > maxOptionData {
		return nil, fmt.Errorf("%d blocks, want 1 to 31", len(blocks))
	}
	return o.AppendSACK(blocks...), nil
}

// parseEOL adds an End of Option List; text is the padding if not the usual.
func (o Options) parseEOL(text string) (Options, error) {
	o = append(o, byte(EndOfOptions))
	if text == "" {
		return o.Pad(), nil
	}
	padding, err := parseHex(text)
	return append(o, padding...), err
}

// parseUnknown adds an option of the kind with this number; text is its data.
func (o Options) parseUnknown(number, text string) (Options, error) {
	kind, err := strconv.ParseUint(number, 10, 8)
	if err != nil {
		return nil, err
	}
	if kind <= uint64(NoOperation) {
		return nil, fmt.Errorf("kind %d has no length octet: write eol or nop", kind)
	}
	var data []byte
	if text != "" {
		if data, err = parseHex(text); err != nil {
			return nil, err
		}
	}
	if len(data) > maxOptionData {
		return nil, fmt.Errorf("%d bytes of data, want at most %d", len(data), maxOptionData)
	}
	return o.AppendOption(OptionKind(kind), data), nil
}

// parseHex reads "0x0102".
func parseHex(text string) ([]byte, error) {
	digits, ok := strings.CutPrefix(text, "0x")
	if !ok {
		return nil, fmt.Errorf("want 0x and hexadecimal digits, not %q", text)
	}
	return hex.DecodeString(digits)
}
