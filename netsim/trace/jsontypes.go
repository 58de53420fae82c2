package trace

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// jsonText is a string of any bytes: a JSON string if they are UTF-8, else an
// object {"base64": "…"}.
type jsonText string

type jsonBase64 struct {
	Base64 string `json:"base64"`
}

// IsZero makes omitzero leave out the empty text.
func (t jsonText) IsZero() bool { return t == "" }

// MarshalJSON implements [json.Marshaler].
func (t jsonText) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(t)) {
		return appendJSONString(nil, string(t)), nil
	}
	return json.Marshal(jsonBase64{base64.StdEncoding.EncodeToString([]byte(t))})
}

// appendJSONString appends valid UTF-8 as a JSON string. Unlike json.Marshal it
// leaves <, > and & as they are, for payloads are full of them.
func appendJSONString(b []byte, text string) []byte {
	b = append(b, '"')
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\t':
			b = append(b, `\t`...)
		case c < ' ':
			b = append(b, `\u00`...)
			b = hex.AppendEncode(b, []byte{c})
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

// UnmarshalJSON implements [json.Unmarshaler].
func (t *jsonText) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '{' {
		var in jsonBase64
		if err := json.Unmarshal(b, &in); err != nil {
			return err
		}
		raw, err := base64.StdEncoding.DecodeString(in.Base64)
		*t = jsonText(raw)
		return err
	}
	var s string
	err := json.Unmarshal(b, &s)
	*t = jsonText(s)
	return err
}

// maxExact is the largest integer up to which every integer is a float64.
const maxExact = 1 << 53

// jsonInt is a number up to 2^53 either way, beyond that a string of digits.
type jsonInt int64

// MarshalJSON implements [json.Marshaler].
func (n jsonInt) MarshalJSON() ([]byte, error) {
	return digits(strconv.FormatInt(int64(n), 10), n <= maxExact && n >= -maxExact), nil
}

// UnmarshalJSON implements [json.Unmarshaler].
func (n *jsonInt) UnmarshalJSON(b []byte) error {
	got, err := strconv.ParseInt(unquoteDigits(b), 10, 64)
	*n = jsonInt(got)
	return err
}

// jsonUint is as jsonInt.
type jsonUint uint64

// MarshalJSON implements [json.Marshaler].
func (n jsonUint) MarshalJSON() ([]byte, error) {
	return digits(strconv.FormatUint(uint64(n), 10), n <= maxExact), nil
}

// UnmarshalJSON implements [json.Unmarshaler].
func (n *jsonUint) UnmarshalJSON(b []byte) error {
	got, err := strconv.ParseUint(unquoteDigits(b), 10, 64)
	*n = jsonUint(got)
	return err
}

func digits(text string, exact bool) []byte {
	if exact {
		return []byte(text)
	}
	return []byte(`"` + text + `"`)
}

func unquoteDigits(b []byte) string {
	if len(b) >= 2 && b[0] == '"' {
		b = b[1 : len(b)-1]
	}
	return string(b)
}
